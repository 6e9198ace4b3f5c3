use super::*;
use crate::ingest::encoding::native_decoder;
use crate::ingest::record::Rows;
use crate::ingest::source::{Layout, Shape, SourceReader};

fn source() -> Source {
    Source { origin: Origin::Xlsx, bytes: 1234, sha256: "ab".repeat(32) }
}

fn written(rows: &[(u32, &str, &[&str])], columns: &[&str], lines: u32, blank: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = |piece: &[u8]| bytes.extend_from_slice(piece);
    let mut writer = RecordWriter::new(&source(), 1 << 30, &mut out);
    if !columns.is_empty() {
        writer.columns(&columns.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>());
    }
    for (row, raw, cells) in rows {
        let text = cells.concat();
        let mut at = 0;
        let spans: Vec<Span> = cells
            .iter()
            .map(|cell| {
                let from = at;
                at += cell.len();
                (to_u32(from), to_u32(at))
            })
            .collect();
        let _ = writer.record(&Record::new(*row, 0, raw, &text, &spans));
    }
    writer.diagnostic(Diagnostic {
        code: "ingest/error-cell",
        row: Some(2),
        message: "a\tb".to_owned(),
    });
    writer.finish(Counts { records: 0, blank, lines }).unwrap();
    bytes
}

fn read(bytes: &[u8], piece: usize) -> (Rows, Counts, u64) {
    let mut rows = Rows::default();
    let mut reader = SourceReader::new("book.xlsx#Sheet", native_decoder);
    for piece in bytes.chunks(piece) {
        assert!(reader.push(piece, &mut rows).unwrap().is_continue());
    }
    assert!(reader.finish(&mut rows).unwrap().is_continue());
    (rows, reader.counts(), reader.bytes())
}

#[test]
fn what_is_written_is_read_however_it_is_cut() {
    let nasty = "tab\t esc\u{1c} gs\u{1d} rs\u{1e} us\u{1f} nul\0 \"quoted\", 金额\n\r\u{feff}";
    let rows: &[(u32, &str, &[&str])] = &[
        (2, "", &["id", "amount", ""]),
        (3, "as it stood", &["1", nasty, "x"]),
        (7, "", &[nasty]),
        (9, "", &["", "", ""]),
    ];
    for columns in [&[][..], &["id", "a\tb", nasty][..]] {
        let bytes = written(rows, columns, 9, 5);
        for piece in [1, 2, 3, 7, bytes.len()] {
            let (found, counts, size) = read(&bytes, piece);
            assert_eq!(found.columns, columns);
            for (row, (number, raw, cells)) in found.rows.iter().zip(rows) {
                assert_eq!((row.row, row.cells.as_slice()), (*number, &cells.map_str()[..]));
                let joined = cells.join("\t");
                assert_eq!(row.raw, if raw.is_empty() { joined.as_str() } else { raw });
            }
            assert_eq!(found.diagnostics.len(), 1);
            assert_eq!(found.diagnostics[0].code, "ingest/error-cell");
            assert_eq!(found.diagnostics[0].message, "a\tb");
            assert_eq!(counts, Counts { records: 4, blank: 5, lines: 9 });
            assert_eq!(size, 1234, "the size of what it was made from");
        }
    }
}

trait MapStr {
    fn map_str(&self) -> Vec<String>;
}

impl MapStr for &[&str] {
    fn map_str(&self) -> Vec<String> {
        self.iter().map(|cell| (*cell).to_owned()).collect()
    }
}

#[test]
fn the_head_says_what_it_is() {
    let bytes = written(&[(1, "", &["a"])], &[], 1, 0);
    assert_eq!(Source::of(&bytes), Some(source()));
    let layout = Layout::detect("x", &bytes, true, native_decoder).unwrap();
    assert_eq!(layout.shape, Shape::Prepared(Origin::Xlsx));
    for other in ["a,b\n1,2\n", "", MAGIC, "\u{1c}crossfoot-records-1\u{1f}doc\u{1f}1\u{1f}\u{1e}"]
    {
        assert_eq!(Source::of(other.as_bytes()), None);
    }
}

#[test]
fn a_cut_or_damaged_stream_is_refused() {
    let bytes = written(&[(1, "", &["a", "b"]), (2, "", &["1", "2"])], &[], 2, 0);
    let end = bytes.windows(2).rposition(|pair| pair == b"\x1eE").unwrap();
    for bytes in [&bytes[..end + 1], &bytes[..end - 1], &[&bytes[..end], b"\x1eX\x1e"].concat()] {
        let mut rows = Rows::default();
        let mut reader = SourceReader::new("book.xlsx#Sheet", native_decoder);
        let result = reader.push(bytes, &mut rows).and_then(|_| reader.finish(&mut rows));
        assert_eq!(result.unwrap_err().code(), "ingest/cut-off");
    }
}

#[test]
fn too_much_is_refused() {
    let mut out = |_: &[u8]| {};
    let mut writer = RecordWriter::new(&source(), 1 << 20, &mut out);
    let cell = "x".repeat(1000);
    let spans = [(0, 1000)];
    let mut row = 0;
    while writer.record(&Record::new(row, 0, "", &cell, &spans)).is_continue() {
        row += 1;
    }
    assert!(row < 1_400, "{row}");
    assert_eq!(writer.finish(Counts::default()).unwrap_err().code(), "limit/unpacked");

    let mut writer = RecordWriter::new(&source(), 1 << 30, &mut out);
    let wide = vec![(0, 0); limits::COLUMNS + 1];
    assert!(writer.record(&Record::new(1, 0, "", "", &wide)).is_break());
    assert_eq!(writer.finish(Counts::default()).unwrap_err().code(), "limit/columns");
}
