//! What is fuzzed: each target takes any bytes and must neither panic nor hang nor lose a row.
//!
//! The same functions replay the committed corpus in the ordinary tests (`tests/fuzz.rs`).

use crossfoot::entry::{Entries, Side};
use crossfoot::ingest::encoding::{Encoding, native_decoder};
use crossfoot::ingest::mapping::parse_mapping;
use crossfoot::ingest::prepared::Source;
use crossfoot::ingest::reader::{Mapping, SourceSpec, read_whole};
use crossfoot::ingest::record::{Counts, RecordSink, Rows};
use crossfoot::ingest::source::SourceReader;
use crossfoot::ingest::statement::{bai2, camt, mt940, ofx};
use crossfoot::ingest::unpack::{Options, parts};
use crossfoot::money::{Currency, NumberFormat, Scale, Unit, parse_amount};
use crossfoot::time::{DateFormat, Zone, parse_stamp};

#[path = "files.rs"]
pub mod files;

/// Takes what the fuzzer made up.
pub type Target = fn(&[u8]);

/// Every target with its name.
pub const TARGETS: [(&str, Target); 13] = [
    ("amounts", amounts),
    ("bai2", bai2),
    ("camt", camt),
    ("csv", csv),
    ("encoding", encoding),
    ("json", json),
    ("markup", markup),
    ("mt940", mt940),
    ("ofx", ofx),
    ("profiles", profiles),
    ("webhook", webhook),
    ("xls", xls),
    ("xlsx", xlsx),
];

/// A text table: its records do not depend on where the bytes are cut, and every row has a place.
fn csv(data: &[u8]) {
    cut_anywhere("fuzz.csv", data);
    read("fuzz.csv", data, None);
}

/// JSON and JSON Lines.
fn json(data: &[u8]) {
    cut_anywhere("fuzz.json", data);
    read("fuzz.json", data, None);
}

/// An old workbook: the bytes as they are, and as the stream of a sound container.
fn xls(data: &[u8]) {
    unpacked("fuzz.xls", data);
    let stream = data.get(..48 << 10).unwrap_or(data);
    unpacked("fuzz.xls", &files::compound(stream));
}

/// An archive or a workbook: the bytes as they are, and as the parts of a sound archive, so that
/// changes reach the readers and not only the checksums.
fn xlsx(data: &[u8]) {
    unpacked("fuzz.xlsx", data);
    unpacked("fuzz.xlsx", &files::workbook(data));
}

/// The characters of a text, in whichever encoding it is found to be, do not depend on where its
/// bytes are cut.
fn encoding(data: &[u8]) {
    let Ok(found) = Encoding::detect(data, true) else { return };
    let mut text = b"id,text\n1,".to_vec();
    text.splice(0..0, found.mark().iter().copied());
    cut_anywhere("fuzz.csv", data);
    text.extend(data);
    cut_anywhere("fuzz.csv", &text);
}

/// Amounts and dates: whatever is read can be written and read again.
fn amounts(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let [usd, jpy] = ["USD", "JPY"].map(|code| Currency::from_code(code).expect("a currency"));
    for (format, unit, currency, scale) in [
        (NumberFormat::POINT, Unit::Major, usd, Scale::Exact),
        (NumberFormat::POINT, Unit::Minor, jpy, Scale::Exact),
        (NumberFormat::POINT, Unit::Major, usd, Scale::Finer(8)),
    ] {
        if let Ok(Some(amount)) = parse_amount(text, &format, unit, currency, scale) {
            let written = amount.format(currency);
            let again = parse_amount(
                &written,
                &NumberFormat::POINT,
                Unit::Major,
                currency,
                Scale::Finer(12),
            );
            assert_eq!(again.ok().flatten(), Some(amount), "{text:?} {written}");
        }
    }
    if let Some(format) = NumberFormat::parse(text) {
        let _ = parse_amount(text, &format, Unit::Major, usd, Scale::Exact);
    }
    let (pattern, cell) = text.split_once('\n').unwrap_or(("iso", text));
    for format in [DateFormat::parse(pattern), Some(DateFormat::Iso), Some(DateFormat::UnixMillis)]
    {
        let Some(format) = format else { continue };
        if let Ok(stamp) = parse_stamp(cell, &format, &Zone::UTC) {
            assert!(stamp.instant.is_some() || !stamp.has_time, "{cell:?}");
        }
    }
    let _ = Zone::parse(text);
}

/// A mapping as JSON: a whole one for the text behind a line `---`, or one of a few columns for a
/// small table.
fn profiles(data: &[u8]) {
    const TABLE: &[u8] =
        b"id,amount,fee,currency,date,type\n1,5.00,-0.10,USD,2026-01-01,payment\n2,x,,,,\n";
    let own = files::cut(data, b"\n---\n");
    let (mapping, table) = own.unwrap_or((data, TABLE));
    let Ok(text) = std::str::from_utf8(mapping) else { return };
    let Ok(profile) = parse_mapping(text) else { return };
    read("fuzz.csv", table, Some(Mapping { profile, completes: own.is_none() }));
}

/// A log of deliveries, with a secret and without one.
fn webhook(data: &[u8]) {
    for secret in ["", "44782DEF"] {
        let mut spec = SourceSpec::new("fuzz.ndjson");
        spec.side = Some(Side::Webhook);
        spec.secrets.add(secret);
        let mut entries = Entries::default();
        entries.begin_source(Side::Webhook);
        if let Ok(report) = crossfoot::ingest::webhook::read(&spec, data, &mut entries) {
            assert!(report.rows.ties(), "{:?}", report.rows);
        }
    }
}

/// A web page or an XML document that is no statement.
fn markup(data: &[u8]) {
    unpacked("fuzz.xml", data);
}

fn mt940(data: &[u8]) {
    statement(data, mt940::read);
}

fn bai2(data: &[u8]) {
    statement(data, bai2::read);
}

fn ofx(data: &[u8]) {
    statement(data, ofx::read);
}

fn camt(data: &[u8]) {
    statement(data, camt::read);
}

type ReadText = fn(&str, &mut dyn RecordSink) -> Result<Counts, crossfoot::error::Error>;

/// A statement: its reader on any text, and the whole way to entries where it is recognised. It is
/// read by the profile of its format: which profile fits is what `csv` is for, and to find that out
/// for everything that is no statement any more would be nearly all that this target does.
fn statement(data: &[u8], reader: ReadText) {
    if let Ok(text) = std::str::from_utf8(data) {
        let mut rows = Rows::default();
        if let Ok(counts) = reader(text, &mut rows) {
            assert_eq!(counts.records as usize, rows.rows.len());
            let apart = rows.rows.windows(2).all(|pair| pair[0].row < pair[1].row);
            assert!(apart, "two rows have one name");
        }
    }
    let options = Options { password: None, decoder: native_decoder };
    let Ok(parts) = parts("fuzz.sta", data, options) else { return };
    for part in parts.iter().filter(|part| part.problem.is_none()).take(4) {
        let Some(source) = Source::of(&part.bytes) else { continue };
        let mut spec = SourceSpec::new(&part.name);
        spec.profile = Some(source.origin.name().to_owned());
        read_as(spec, &part.bytes);
    }
}

/// Reads the parts of a file as sources.
fn unpacked(name: &str, data: &[u8]) {
    let options = Options { password: None, decoder: native_decoder };
    let Ok(parts) = parts(name, data, options) else { return };
    for part in parts.iter().filter(|part| part.problem.is_none()).take(4) {
        read(&part.name, &part.bytes, None);
    }
}

/// Reads a source as each side, and asks that every row has a place.
fn read(name: &str, data: &[u8], mapping: Option<Mapping>) {
    for side in sides(data) {
        let mut spec = SourceSpec::new(name);
        spec.side = *side;
        spec.mapping.clone_from(&mapping);
        read_as(spec, data);
    }
}

fn read_as(mut spec: SourceSpec, data: &[u8]) {
    spec.currency = Currency::from_code("USD");
    let mut entries = Entries::default();
    if let Ok(report) = read_whole(spec, data, native_decoder, &mut entries) {
        assert!(report.rows.ties(), "{:?}", report.rows);
    }
}

/// As which sides a source is read: all of them where an input is replayed; while new ones are made
/// up, one that depends on the input, since three times as many inputs find more.
fn sides(data: &[u8]) -> &'static [Option<Side>] {
    const ALL: [Option<Side>; 3] = [None, Some(Side::Settlement), Some(Side::Bank)];
    let at = data.len() % ALL.len();
    if cfg!(fuzzing) { &ALL[at..=at] } else { &ALL }
}

/// Records are the same in one push and in two.
fn cut_anywhere(name: &str, data: &[u8]) {
    let table = |pieces: &[&[u8]]| {
        let mut rows = Rows::up_to(1_000);
        let mut reader = SourceReader::new(name, native_decoder);
        for piece in pieces {
            if reader.push(piece, &mut rows).map_err(|error| error.code())?.is_break() {
                return Ok(rows.rows);
            }
        }
        let _ = reader.finish(&mut rows).map_err(|error| error.code())?;
        Ok::<_, &str>(rows.rows)
    };
    let at = data.first().map_or(0, |byte| usize::from(*byte)).min(data.len());
    let (one, two) = data.split_at(at);
    assert_eq!(table(&[data]), table(&[one, two]));
}
