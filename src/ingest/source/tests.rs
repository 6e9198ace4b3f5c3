use proptest::prelude::*;

use super::*;
use crate::ingest::encoding::native_decoder;
use crate::ingest::record::Row;

fn read(name: &str, bytes: &[u8], chunk: usize) -> Result<(Rows, SourceReader), Error> {
    let mut rows = Rows::default();
    let mut reader = SourceReader::new(name, native_decoder);
    for part in bytes.chunks(chunk) {
        let _ = reader.push(part, &mut rows)?;
    }
    let _ = reader.finish(&mut rows)?;
    Ok((rows, reader))
}

/// `encoding dialect; row@offset:cell|cell; …`
fn shown(name: &str, bytes: &[u8]) -> String {
    let (rows, reader) = read(name, bytes, bytes.len().max(1)).unwrap();
    let layout = reader.layout().unwrap();
    let shape = match layout.shape {
        Shape::Json => "JSON".to_owned(),
        Shape::Prepared(origin) => origin.name().to_owned(),
        Shape::FixedWidth(_) => "fixed widths".to_owned(),
        Shape::Delimited(dialect) => format!("{:?}", char::from(dialect.delimiter)),
    };
    let show = |r: &Row| format!("{}@{}:{}", r.row, r.offset, r.cells.join("|"));
    let mut parts = vec![format!("{} {shape}", layout.encoding)];
    parts.extend(rows.rows.iter().map(show));
    parts.join("; ")
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

#[test]
fn bytes_become_records() {
    let utf16: Vec<u8> =
        "\u{feff}id\tname\r\n1\t商户\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: &[(&str, &[u8], &str)] = &[
        ("a.csv", b"a,b\n1,2\n", "UTF-8 ','; 1@0:a|b; 2@4:1|2"),
        ("a.csv", b"\xef\xbb\xbfa;b\n1;2\n", "UTF-8 ';'; 1@3:a|b; 2@7:1|2"),
        ("a.csv", &gb18030("订单,金额\n一,1.00\n"), "GB18030 ','; 1@0:订单|金额; 2@14:一|1.00"),
        ("a.txt", &utf16, "UTF-16LE '\\t'; 1@2:id|name; 2@11:1|商户"),
        ("a.json", b"\xef\xbb\xbf[{\"a\":1}]", "UTF-8 JSON; 1@4:1"),
        ("-", b"{\"data\":[{\"a\":1},{\"a\":2}]}", "UTF-8 JSON; 1@9:1; 2@17:2"),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(shown(name, bytes), *expected);
    }
}

#[test]
fn bad_files_are_refused_by_code_and_place() {
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let workbook = b"PK\x03\x04\x14\0\x06\0xl/workbook.xml";
    let late = [b"a,b\n".repeat(100_000), b"1,\xff\xff\xff\n".to_vec()].concat();
    let cases: &[(&str, &[u8], &str, &str)] = &[
        ("a.csv", b"", "ingest/empty", "a.csv: the file is empty"),
        ("a.csv", picture, "ingest/not-a-table", "a.csv: this is a PNG picture"),
        (
            "a.csv",
            workbook,
            "ingest/unsupported-container",
            "a.csv: this is an Excel workbook (.xlsx)",
        ),
        ("a.csv", b"a\n\xff\xff\xff,\n", "ingest/bad-encoding", "a.csv:2: byte 2 is not UTF-8"),
        ("a.csv", &late, "ingest/bad-encoding", "a.csv:100001: byte 400002 is not UTF-8"),
        ("a.json", b"[{\"a\":\"caf\xe9\"}]", "ingest/bad-encoding", "a.json:1: byte 10 is not"),
        (
            "a.json",
            b"[{\"a\":1},\n{\"a\":]",
            "ingest/bad-json",
            "a.json:2:6: this is not valid JSON",
        ),
        ("a.json", b"[\n\n\"\xff\"]", "ingest/bad-encoding", "a.json:3: byte 4 is not UTF-8"),
        ("a.json", b"[1]", "ingest/no-table", "a.json: the JSON holds no list"),
    ];
    for (name, bytes, code, message) in cases {
        let error = read(name, bytes, 1000).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), *code);
        assert!(error.to_string().starts_with(message), "{error}");
        assert!(!error.remedy().is_empty(), "{code}");
    }
}

#[test]
fn a_sample_leaves_out_what_the_head_cuts() {
    let head = b"a,b\n1,2\n3,";
    let layout = Layout::detect("a.csv", head, false, native_decoder).unwrap();
    let rows = |complete, limit| {
        let sample = sample("a.csv", head, complete, layout, limit, native_decoder).unwrap();
        sample.rows.iter().map(|r| r.cells.join("|")).collect::<Vec<_>>()
    };
    assert_eq!(rows(false, 9), ["a|b", "1|2"]);
    assert_eq!(rows(true, 9), ["a|b", "1|2", "3|"]);
    assert_eq!(rows(true, 1), ["a|b"]);
}

#[test]
fn a_known_layout_is_used_as_it_is() {
    let layout = Layout { encoding: Encoding::Utf8, shape: Shape::Delimited(Dialect::TSV) };
    let mut rows = Rows::default();
    let mut reader = SourceReader::with_layout("a", layout, native_decoder);
    let _ = reader.push(b"\xef\xbb\xbfa,b\tc\n\n", &mut rows).unwrap();
    let _ = reader.finish(&mut rows).unwrap();
    assert_eq!(rows.rows[0].cells, ["a,b", "c"]);
    assert_eq!(reader.counts(), Counts { records: 1, blank: 1, lines: 2 });
    assert_eq!(reader.bytes(), 10);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn chunks_do_not_matter(
        ascii_lines in 0usize..9000,
        text in "[a-c,\"\n商户é]{0,200}",
        gbk in any::<bool>(),
        chunk in 1usize..70_000,
    ) {
        let text = "0123456,9\n".repeat(ascii_lines) + &text;
        let bytes = if gbk { gb18030(&text) } else { text.into_bytes() };
        let chunk = chunk.max(bytes.len() / 2000 + 1);
        let whole = read("a.csv", &bytes, bytes.len().max(1)).map(|(rows, reader)| {
            (rows.rows, rows.diagnostics, reader.layout(), reader.counts())
        });
        let parts = read("a.csv", &bytes, chunk).map(|(rows, reader)| {
            (rows.rows, rows.diagnostics, reader.layout(), reader.counts())
        });
        prop_assert!(whole == parts);
    }
}
