//! How long files take that are written in awkward ways, compared with a clean UTF-8 file of the
//! same size: `cargo bench --bench readers -- [MEGABYTES]`, best of three runs.
//!
//! Entries are made of all rows; the bytes are in memory, so that the disk is not measured.
#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use std::error::Error;
use std::time::{Duration, Instant};

use crossfoot::entry::{Entries, Side};
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::reader::{EntryReader, SourceSpec};

const CHUNK: usize = 1 << 20;
const HEAD: usize = 64 << 10;
const RUNS: usize = 3;

/// How a file is written.
struct Way {
    name: &'static str,
    quote: &'static str,
    note: &'static str,
    /// The ends of its lines, in turn.
    ends: &'static [&'static str],
    gb18030: bool,
}

const CLEAN: Way = Way {
    name: "clean UTF-8",
    quote: "",
    note: "parts of an order",
    ends: &["\n"],
    gb18030: false,
};

const CHINESE: Way =
    Way { name: "Chinese in UTF-8", note: "订单的一部分，已付款", ..CLEAN };

const WAYS: [Way; 6] = [
    CLEAN,
    Way { name: "every cell quoted", quote: "\"", note: "parts, of an order", ..CLEAN },
    Way { name: "doubled quotes", quote: "\"", note: "a 5\"\" part of an order", ..CLEAN },
    Way { name: "mixed line ends", ends: &["\n", "\r\n", "\r\n"], ..CLEAN },
    CHINESE,
    Way { name: "GB18030", gb18030: true, ..CHINESE },
];

fn row(way: &Way, n: usize) -> String {
    let (q, note) = (way.quote, way.note);
    let end = way.ends.get(n % way.ends.len()).copied().unwrap_or("\n");
    let (day, minute, cents) = (n % 28 + 1, n % 60, n % 100);
    format!(
        "{q}T{n:09}{q},{q}A-{n:08}{q},{q}2026-02-{day:02} 08:{minute:02}:00{q},{q}{}.{cents:02}{q},\
         {q}0.{cents:02}{q},{q}CNY{q},{q}{note}{q}{end}",
        n % 90_000 + 1
    )
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).filter(|word| word != "--bench");
    let megabytes: usize = arguments.next_back().map_or(Ok(100), |word| word.parse())?;
    let mut clean = None;
    for way in &WAYS {
        let bytes = file(way, megabytes << 20)?;
        let mut best = Duration::MAX;
        let mut rows = 0;
        for _ in 0..RUNS {
            let since = Instant::now();
            rows = read(&bytes)?;
            best = best.min(since.elapsed());
        }
        let clean = *clean.get_or_insert(best);
        println!(
            "{:<20}{:>6} MB{rows:>10} rows{:>7} ms, {:>4} % of clean",
            way.name,
            bytes.len() >> 20,
            best.as_millis(),
            best.as_millis() * 100 / clean.as_millis().max(1),
        );
    }
    Ok(())
}

fn file(way: &Way, size: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut text = String::from("transaction_id,order_id,date,amount,fee,currency,note\n");
    let mut bytes = Vec::with_capacity(size + (1 << 20));
    let encoding = encoding_rs::Encoding::for_label(b"gb18030").ok_or("no such encoding")?;
    for n in 0.. {
        text.push_str(&row(way, n));
        if text.len() > CHUNK {
            if way.gb18030 {
                bytes.extend_from_slice(&encoding.encode(&text).0);
            } else {
                bytes.extend_from_slice(text.as_bytes());
            }
            text.clear();
            if bytes.len() >= size {
                break;
            }
        }
    }
    Ok(bytes)
}

/// Reads a file as a run does; the number of its entries.
fn read(bytes: &[u8]) -> Result<u32, Box<dyn Error>> {
    let mut spec = SourceSpec::new("lines.csv");
    spec.side = Some(Side::Settlement);
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let mut reader = EntryReader::open(spec, head, head.len() == bytes.len(), native_decoder)?;
    if reader.needs_evidence() {
        for chunk in bytes.chunks(CHUNK) {
            reader.observe(chunk)?;
        }
        reader.end_evidence()?;
    }
    let mut entries = Entries::default();
    entries.begin_source(reader.side());
    for chunk in bytes.chunks(CHUNK) {
        reader.push(chunk, &mut entries)?;
    }
    let report = reader.finish(&mut entries)?;
    if report.rows.rejected > 0 {
        return Err(format!("{} rows were rejected", report.rows.rejected).into());
    }
    Ok(entries.len())
}
