//! How long each stage of a native run takes:
//! `cargo bench --bench stages -- ORDERS SETTLEMENT`, best of three runs.
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

const CHUNK: usize = 1 << 20;
const BUDGET: u32 = 20_000;
const RUNS: usize = 3;
const ROWS_PER_CHUNK: usize = 10_000;

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
    let mut best: Option<Stages> = None;
    for _ in 0..RUNS {
        let stages = measure(&files)?;
        if best.as_ref().is_none_or(|best| stages.total() < best.total()) {
            best = Some(stages);
        }
    }
    let best = best.unwrap_or_default();
    for (name, time) in &best.0 {
        println!("{name:<24}{:>9} ms", time.as_millis());
    }
    println!("{:<24}{:>9} ms", "all", best.total().as_millis());
    Ok(())
}

fn measure(files: &[(Side, Vec<u8>); 2]) -> Result<Stages, Box<dyn Error>> {
    let mut stages = Stages::default();
    let mut job = Job::new(Config::new(&Settings::default())?, native_decoder);
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
        Phase::Checking => "checking",
        Phase::Proving | Phase::Done => "proving",
    }
}
