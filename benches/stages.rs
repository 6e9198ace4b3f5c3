//! How long each stage of a native run takes:
//! `cargo bench --bench stages -- ORDERS SETTLEMENT`, best of three runs.
//!
//! The run is measured a second time with a contract that has tiers by the running volume, each line
//! split where it crosses one; what that takes is said on a line of its own.
//!
//! Bytes are read into memory first, so that the disk is not measured. Writing the document is
//! timed apart and not in the sum; the hashes of the sources are not part of a run.
#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use crossfoot::engine::{Config, Job, Pass, Phase, Settings};
use crossfoot::entry::Side;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::reader::SourceSpec;
use crossfoot::report::DocumentWriter;
use std::error::Error;
use std::time::{Duration, Instant};

const CHECKING: &str = "checking";
const CHUNK: usize = 1 << 20;
const BUDGET: u32 = 20_000;
const RUNS: usize = 3;
const ROWS_PER_CHUNK: usize = 10_000;

/// Charges what the lines of the pair state, so that they stay clean, in tiers that most of them
/// would not meet with the same rate.
const TIERS: &str = r#"
    schema = 1
    [[fee]]
    currency = "KES"
    rounding = "down"
    tier_by = "this_month"
    tier_mode = "marginal"
    tiers = [
        { up_to = 100000000, percent = "1.5" },
        { up_to = 1000000000, percent = "1.5" },
        { up_to = 5000000000, percent = "1.5" },
        { percent = "1.5" },
    ]
    [[volume]]
    month = "2026-01"
    currency = "KES"
    amount = 0
"#;

/// Times by the name of the stage, in the order in which the stages began.
#[derive(Default)]
struct Stages(Vec<(&'static str, Duration)>);

impl Stages {
    fn add(&mut self, name: &'static str, since: Instant) {
        let time = since.elapsed();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += time,
            None => self.0.push((name, time)),
        }
    }

    fn of(&self, name: &str) -> Duration {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map_or(Duration::ZERO, |(_, time)| *time)
    }

    fn total(&self) -> Duration {
        self.0.iter().map(|(_, time)| *time).sum()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`; without files there is nothing to measure, and that is no failure.
    let paths: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [orders, settlement] = paths.as_slice() else {
        println!("usage: cargo bench --bench stages -- ORDERS SETTLEMENT");
        return Ok(());
    };
    let files =
        [(Side::Orders, std::fs::read(orders)?), (Side::Settlement, std::fs::read(settlement)?)];
    let plain = best_of(&files, None)?;
    for (name, time) in &plain.0 {
        println!("{name:<24}{:>9} ms", time.as_millis());
    }
    println!("{:<24}{:>9} ms", "all", plain.total().as_millis());
    let tiers = best_of(&files, Some(TIERS))?;
    let (with, without) = (tiers.of(CHECKING), plain.of(CHECKING));
    println!(
        "checking against a contract with tiers: {} ms, of which {} ms are the contract's",
        with.as_millis(),
        with.saturating_sub(without).as_millis(),
    );
    Ok(())
}

/// The run whose checking was shortest, or which was shortest as a whole where there is no contract.
fn best_of(files: &[(Side, Vec<u8>); 2], contract: Option<&str>) -> Result<Stages, Box<dyn Error>> {
    let mut best: Option<Stages> = None;
    let time = |stages: &Stages| match contract {
        Some(_) => stages.of(CHECKING),
        None => stages.total(),
    };
    for _ in 0..RUNS {
        let stages = measure(files, contract)?;
        if best.as_ref().is_none_or(|best| time(&stages) < time(best)) {
            best = Some(stages);
        }
    }
    Ok(best.unwrap_or_default())
}

fn measure(files: &[(Side, Vec<u8>); 2], contract: Option<&str>) -> Result<Stages, Box<dyn Error>> {
    let mut stages = Stages::default();
    let settings = Settings { contract: contract.map(str::to_owned), ..Settings::default() };
    let mut job = Job::new(Config::new(&settings)?, native_decoder);
    for (side, bytes) in files {
        job.add_source(spec(*side), Some(bytes.len() as u64));
    }
    while let Some(want) = job.wants() {
        let since = Instant::now();
        let (side, bytes) = files.get(want.source).ok_or("a source that was never added")?;
        for chunk in bytes.chunks(CHUNK) {
            job.push(chunk)?;
        }
        job.end()?;
        stages.add(reading(want.pass, *side), since);
    }
    loop {
        let phase = job.progress().phase;
        let since = Instant::now();
        let more = job.step(BUDGET);
        stages.add(name(phase), since);
        if !more {
            break;
        }
    }
    let run = job.finish().ok_or("the run ended before its proof")?;
    let (entries, matches) = (run.entries.len(), run.matches.len());
    if contract.is_some() {
        println!("{} exceptions by the contract", run.exceptions.items.len());
        return Ok(stages);
    }
    let since = Instant::now();
    let mut document = DocumentWriter::new(&run);
    let mut written = 0;
    while let Some(chunk) = document.next_chunk(ROWS_PER_CHUNK) {
        written += chunk.len();
    }
    println!(
        "{entries} entries, {matches} matches; writing a document of {written} bytes took {} ms",
        since.elapsed().as_millis(),
    );
    Ok(stages)
}

fn spec(side: Side) -> SourceSpec {
    SourceSpec { side: Some(side), ..SourceSpec::new(format!("{}.csv", side.name())) }
}

fn reading(pass: Pass, side: Side) -> &'static str {
    match (pass, side) {
        (Pass::Evidence, Side::Orders) => "orders, first pass",
        (Pass::Evidence, _) => "settlement, first pass",
        (Pass::Read, Side::Orders) => "orders, second pass",
        (Pass::Read, _) => "settlement, second pass",
    }
}

fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::Reading | Phase::Matching => "matching",
        Phase::Checking => CHECKING,
        Phase::Proving | Phase::Done => "proving",
    }
}
