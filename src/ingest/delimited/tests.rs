use proptest::prelude::*;

use super::*;
use crate::ingest::record::{Row, Rows};

const OFF: Dialect = Dialect::new(b',', Quoting::Off);

fn read_in(chunks: &[&str], dialect: Dialect) -> (Rows, Counts) {
    let mut rows = Rows::default();
    let mut reader = DelimitedReader::new(dialect, 0);
    for chunk in chunks {
        assert!(reader.push(chunk, &mut rows).unwrap().is_continue());
    }
    assert!(reader.finish(&mut rows).unwrap().is_continue());
    (rows, reader.counts())
}

fn read(text: &str, dialect: Dialect) -> (Rows, Counts) {
    read_in(&[text], dialect)
}

/// Rows as `line@offset:cell|cell`.
fn shown(rows: &Rows) -> Vec<String> {
    let show = |r: &Row| format!("{}@{}:{}", r.row, r.offset, r.cells.join("|"));
    rows.rows.iter().map(show).collect()
}

#[test]
fn lines_offsets_and_cells() {
    let csv = Dialect::CSV;
    let tick = Dialect::BACK_TICK;
    let cases: &[(&str, Dialect, &[&str])] = &[
        ("", csv, &[]),
        ("a,b", csv, &["1@0:a|b"]),
        ("a,b\n", csv, &["1@0:a|b"]),
        ("a,b\nc,d\n", csv, &["1@0:a|b", "2@4:c|d"]),
        ("a\r\nb\rc\nd", csv, &["1@0:a", "2@3:b", "3@5:c", "4@7:d"]),
        ("a\n\n\r\n\r\rb", csv, &["1@0:a", "6@7:b"]),
        (",\n,,\n", csv, &["1@0:|", "2@2:||"]),
        ("\"a,b\",c\n", csv, &["1@0:a,b|c"]),
        ("\"a\nb\",c\nd\n", csv, &["1@0:a\nb|c", "3@8:d"]),
        ("\"a\r\nb\rc\nd\"\ne\n", csv, &["1@0:a\r\nb\rc\nd", "5@11:e"]),
        ("\"a\"\"b\"\nc\n", csv, &["1@0:a\"b", "2@7:c"]),
        ("\"\"\n\"\",\"\"\n", csv, &["1@0:", "2@3:|"]),
        ("5\" pipe,x\n", csv, &["1@0:5\" pipe|x"]),
        ("\"a\"b,c\n", csv, &["1@0:\"a\"b|c"]),
        (" \"a\",b\n", csv, &["1@0: \"a\"|b"]),
        ("a\0b\n", csv, &["1@0:a\0b"]),
        ("é,字\n", csv, &["1@0:é|字"]),
        ("a;b\tc|d", Dialect { delimiter: b';', ..csv }, &["1@0:a|b\tc|d"]),
        ("a\tb\n", Dialect::TSV, &["1@0:a|b"]),
        ("\"a,b\",c\n\"\n", OFF, &["1@0:\"a|b\"|c", "2@8:\""]),
        ("h,i\n`a,b,`{\"x\":1},`\n", tick, &["1@0:h|i", "2@4:a,b|{\"x\":1}|"]),
        ("`\n`,`\n", tick, &["1@0:", "2@2:|"]),
    ];
    for (text, dialect, expected) in cases {
        assert_eq!(shown(&read(text, *dialect).0), *expected, "{text:?}");
    }
}

#[test]
fn raw_is_the_line_as_written() {
    let (rows, _) = read("\"a\"\"b\",c\r\n\"x\",y\r\n", Dialect::CSV);
    let raws: Vec<_> = rows.rows.iter().map(|r| r.raw.as_str()).collect();
    assert_eq!(raws, ["\"a\"\"b\",c", "\"x\",y"]);
}

#[test]
fn blank_lines_are_counted_and_are_no_records() {
    let cases = [
        ("a\n\nb\n", Counts { records: 2, blank: 1, lines: 3 }),
        ("\r\n\r\na", Counts { records: 1, blank: 2, lines: 3 }),
        (" \n,\n", Counts { records: 2, blank: 0, lines: 2 }),
        ("\"a\nb\"\n\n", Counts { records: 1, blank: 1, lines: 3 }),
        ("\n", Counts { records: 0, blank: 1, lines: 1 }),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text, Dialect::CSV).1, expected, "{text:?}");
    }
}

#[test]
fn an_unclosed_quote_costs_its_own_line_only() {
    let cases: &[(&str, &[&str], &[u32])] = &[
        ("a,b\nc,\"d\ne,f\n", &["1@0:a|b", "2@4:c|\"d", "3@9:e|f"], &[2]),
        ("\"a", &["1@0:\"a"], &[1]),
        ("\"a\"\"", &["1@0:\"a\"\""], &[1]),
        ("x\r\n\"a\r\n\r\nb\r\n", &["1@0:x", "2@3:\"a", "4@9:b"], &[2]),
        ("\"a\nb\",\"c\nd\n", &["1@0:\"a", "2@3:b\"|\"c", "3@9:d"], &[1, 2]),
    ];
    for (text, expected, lines) in cases {
        let (rows, _) = read(text, Dialect::CSV);
        assert_eq!(shown(&rows), *expected, "{text:?}");
        let reported: Vec<_> = rows.diagnostics.iter().filter_map(|d| d.row).collect();
        assert_eq!(reported, *lines, "{text:?}");
    }
}

#[test]
fn an_unclosed_quote_in_a_long_file_is_noticed_at_the_record_limit() {
    let line = "0123456789,abcdefghijklmnopqrstuvwxyz\n";
    let count = limits::RECORD_BYTES / line.len() + 100;
    let text = format!("a,\"b\n{}", line.repeat(count));
    let (rows, counts) = read(&text, Dialect::CSV);
    assert_eq!(rows.rows.len(), count + 1);
    assert_eq!(rows.rows[0].cells, ["a", "\"b"]);
    assert_eq!(rows.rows[count].row as usize, count + 1);
    assert_eq!(counts.records as usize, count + 1);
    let chunks: Vec<&str> =
        text.as_bytes().chunks(77_777).map(|c| std::str::from_utf8(c).unwrap()).collect();
    assert_eq!(read_in(&chunks, Dialect::CSV).0.rows, rows.rows);
}

#[test]
fn a_file_full_of_unclosed_quotes_ends_with_quotes_off() {
    // Every line closes the quote of the line before and opens the next.
    let count = 400_000;
    let text = "a\",\"\n".repeat(count);
    let (rows, _) = read(&text, Dialect::CSV);
    assert_eq!(rows.rows.len(), count);
    assert_eq!(rows.rows[count - 1].cells, ["a\"", "\""]);
    let codes: Vec<_> = rows.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes.len(), limits::QUOTE_RECOVERIES as usize + 1);
    assert_eq!(codes.last(), Some(&"ingest/quotes-ignored"));
}

#[test]
fn limits_are_errors_with_a_line() {
    let wide = ",".repeat(limits::COLUMNS);
    let long = "x".repeat(limits::RECORD_BYTES + 1);
    let cases = [
        (format!("a\n{wide}\n"), "limit/columns"),
        (format!("a\n\"{wide}"), "limit/columns"),
        (format!("a\n{long}\n"), "limit/record"),
        (format!("a\n{long}"), "limit/record"),
        (format!("a\n\"{long}\"\n"), "limit/record"),
    ];
    for (text, code) in cases {
        let mut reader = DelimitedReader::new(Dialect::CSV, 0);
        let mut rows = Rows::default();
        let result = reader.push(&text, &mut rows);
        let error = result.and_then(|_| reader.finish(&mut rows)).unwrap_err();
        assert_eq!(error.code(), code);
        assert_eq!(error.place().and_then(|p| p.line), Some(2));
    }
    let fits = format!("{}\n{}", &wide[1..], &long[1..]);
    assert_eq!(read(&fits, Dialect::CSV).0.rows.len(), 2);
}

#[test]
fn nul_is_kept_and_reported_once() {
    let (rows, _) = read("a\nb\0\nc\0\n", Dialect::CSV);
    assert_eq!(rows.rows[1].cells, ["b\0"]);
    let rows: Vec<_> = rows.diagnostics.iter().map(|d| (d.code, d.row)).collect();
    assert_eq!(rows, [("ingest/nul", Some(2))]);
}

#[test]
fn the_sink_can_stop_the_reader() {
    for text in ["a\nb\nc\n", "\"a\"\"\"\n\"b\"\"\"\n\"c\"\"\"\n", "\"a\nb\nc\n"] {
        let mut rows = Rows::up_to(2);
        let mut reader = DelimitedReader::new(Dialect::CSV, 0);
        let flow = reader.push(text, &mut rows).unwrap();
        let flow = if flow.is_break() { flow } else { reader.finish(&mut rows).unwrap() };
        assert!(flow.is_break());
        assert_eq!(rows.rows.len(), 2);
    }
}

/// The cells as `csv-core` alone cuts them.
fn oracle(text: &str) -> Vec<Vec<String>> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(format!("x\n{text}").as_bytes())
        .records()
        .skip(1)
        .map(|r| r.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn messy() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => Just("a"), 4 => Just(","), 3 => Just("\""), 2 => Just("\n"), 1 => Just("\r"),
        1 => Just("\r\n"), 1 => Just("é"), 1 => Just("\u{feff}"), 1 => Just(" "),
        1 => Just("\0"), 1 => Just("0123456789012345678901234567890"), 1 => Just("\"b\",")
    ];
    proptest::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_fast_path_cuts_as_csv_core_does(text in messy()) {
        let (rows, counts) = read(&text, Dialect::CSV);
        if rows.diagnostics.iter().all(|d| !d.code.ends_with("-quote")) {
            let cells: Vec<_> = rows.rows.iter().map(|r| r.cells.clone()).collect();
            prop_assert_eq!(cells, oracle(&text));
        }
        prop_assert_eq!(counts.records as usize, rows.rows.len());
        let open_end = !text.is_empty() && !text.ends_with(['\r', '\n']);
        prop_assert_eq!(
            counts.lines,
            open_record::count_line_ends(&text) + u32::from(open_end)
        );
        for row in &rows.rows {
            let at = usize::try_from(row.offset).unwrap();
            prop_assert_eq!(text.get(at..at + row.raw.len()), Some(row.raw.as_str()));
            prop_assert_eq!(open_record::count_line_ends(&text[..at]) + 1, row.row);
        }
    }

    #[test]
    fn chunks_do_not_matter(text in messy(), cuts in proptest::collection::vec(0usize..200, 0..8)) {
        for dialect in [Dialect::CSV, OFF, Dialect::BACK_TICK] {
            let text = if dialect == Dialect::BACK_TICK { text.replace('a', "`") } else { text.clone() };
            let mut cuts: Vec<_> = cuts.iter().map(|&c| text.floor_char_boundary(c)).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let chunks: Vec<_> = cuts.windows(2).map(|w| &text[w[0]..w[1]]).collect();
            let (whole, counts) = read(&text, dialect);
            let (parts, part_counts) = read_in(&chunks, dialect);
            prop_assert_eq!(&parts.rows, &whole.rows);
            prop_assert_eq!(&parts.diagnostics, &whole.diagnostics);
            prop_assert_eq!(part_counts, counts);
        }
    }
}
