use super::*;
use crate::ingest::record::Rows;

fn rows(text: &str) -> Result<Rows, Error> {
    let mut rows = Rows::default();
    read(text, 0, &mut rows).map(|_| rows)
}

/// `columns; row@offset:cell|cell; …`
fn shown(text: &str) -> String {
    let rows = rows(text).unwrap();
    let mut parts = vec![rows.columns.join("|")];
    let show =
        |r: &crate::ingest::record::Row| format!("{}@{}:{}", r.row, r.offset, r.cells.join("|"));
    parts.extend(rows.rows.iter().map(show));
    parts.join("; ")
}

#[test]
fn shapes_that_hold_a_table() {
    let cases = [
        ("[]", ""),
        (r#"[{"a":1,"b":"x"}]"#, "a|b; 1@1:1|x"),
        (r#"{"data":[{"a":1}]}"#, "a; 1@9:1"),
        (r#"{"status":"ok","meta":{"n":2},"results":[{"a":1},{"a":2}]}"#, "a; 1@41:1; 2@49:2"),
        (r#"{"data":{"page":1,"transactions":[{"a":1}]}}"#, "a; 1@34:1"),
        (r#"{"data":{"items":[]}}"#, ""),
        (r#"{"data":[1,2],"items":[{"a":1}]}"#, "a; 1@23:1"),
        (r#"{"settlements":[{"a":1}]}"#, "a; 1@16:1"),
        (r#"{"id":7,"line_items":[{"a":1}]}"#, r#"id|line_items; 1@0:7|[{"a":1}]"#),
        ("{\"a\":1}\n{\"a\":2}\n", "a; 1@0:1; 2@8:2"),
        ("{\"a\":1}\n\n{\n\"b\":2}", "a|b; 1@0:1|; 2@9:|2"),
        // Pages of one API put together, as a list and line by line.
        (r#"[{"data":[{"a":1}],"page":1},{"data":[{"a":2}],"page":2}]"#, "a; 1@10:1; 2@38:2"),
        (
            "{\"items\":[{\"a\":1}],\"next_cursor\":\"x\"}\n{\"items\":[],\"has_more\":false}\n",
            "a; 1@10:1",
        ),
        (r#"[{"id":1,"items":[{"a":1}]}]"#, r#"id|items; 1@1:1|[{"a":1}]"#),
        // An answer about one thing, and what only looks like one.
        (
            r#"{"code":0,"message":"ok","data":{"balance":"5","as_of":"x"}}"#,
            "balance|as_of; 1@32:5|x",
        ),
        (r#"{"id":"evt_1","data":{"b":1}}"#, "id|data.b; 1@0:evt_1|1"),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn cells_keep_what_is_written() {
    let cases = [
        (r#"{"n":1.50}"#, "n; 1@0:1.50"),
        (r#"{"n":12345678901234567890123456789.10}"#, "n; 1@0:12345678901234567890123456789.10"),
        (r#"{"n":-1.0E+2}"#, "n; 1@0:-1.0E+2"),
        (r#"{"t":true,"n":null,"e":""}"#, "t|n|e; 1@0:true||"),
        (r#"{"s":"a\"b\\é\u00e9\ud83d\ude00\n"}"#, "s; 1@0:a\"b\\éé😀\n"),
        (
            r#"{"c":{"name":"N","a":{"b":1}},"d":[1, {"x":2}],"e":{}}"#,
            "c.name|c.a.b|d; 1@0:N|1|[1, {\"x\":2}]",
        ),
        (r#"[{"a":1},{"b":2,"a":3},{"a":4,"c":5}]"#, "a|b|c; 1@1:1||; 2@9:3|2|; 3@23:4||5"),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn one_bad_element_costs_itself_only() {
    let cases = [
        (r#"[{"a":1},7,{"a":2}]"#, vec![(2, "ingest/bad-element")]),
        (r#"[{"a":1},{"a":"\ud800"},{"a":2}]"#, vec![(2, "ingest/bad-element")]),
        ("{\"a\":1}\n{\"a\":\n{\"a\":2}\n", vec![(2, "ingest/bad-element")]),
    ];
    for (text, expected) in cases {
        let rows = rows(text).unwrap();
        let found: Vec<_> = rows.diagnostics.iter().map(|d| (d.row.unwrap(), d.code)).collect();
        assert_eq!(found, expected, "{text}");
        let cells: Vec<_> = rows.rows.iter().map(|r| r.cells.join("|")).collect();
        assert_eq!(cells, ["1", "", "2"], "{text}");
        assert!(rows.rows[1].cells.is_empty() && !rows.rows[1].raw.is_empty());
    }
    let rows = rows(r#"[{"a":1,"b":{"c":2},"a":3,"b.c":4}]"#).unwrap();
    assert_eq!(rows.rows[0].cells, ["3", "4"]);
    assert_eq!(rows.diagnostics[0].code, "ingest/repeated-key");
}

#[test]
fn errors_have_a_code_and_a_place() {
    let deep = "[".repeat(100_000);
    let cases = [
        ("", "ingest/empty", None),
        (" \n", "ingest/empty", None),
        ("1", "ingest/no-table", None),
        ("\"x\"", "ingest/no-table", None),
        ("[1,2]", "ingest/no-table", None),
        ("[[1],[2]]", "ingest/no-table", None),
        ("{}", "ingest/no-table", None),
        ("[{\"a\":1},\n{\"a\":01}]", "ingest/bad-json", Some((2, 7))),
        ("[{\"a\":1}", "ingest/bad-json", Some((1, 8))),
        ("{\"a\":1}}", "ingest/bad-json", Some((1, 8))),
        ("{\"a\":1}{\"a\":1}", "ingest/bad-json", Some((1, 8))),
        ("[{\"a\":1,}]", "ingest/bad-json", Some((1, 9))),
        ("[{'a':1}]", "ingest/bad-json", Some((1, 3))),
        ("[{\"a\":NaN}]", "ingest/bad-json", Some((1, 7))),
        ("[{\"a\":\"x\ty\"}]", "ingest/bad-json", Some((1, 8))),
        (deep.as_str(), "limit/nesting", Some((1, 65))),
    ];
    for (text, code, place) in cases {
        let shown = &text[..text.len().min(40)];
        let error = rows(text).unwrap_err();
        assert_eq!(error.code(), code, "{shown}");
        let found = error.place().and_then(|p| match p.column {
            Some(Column::Number(column)) => Some((p.line?, column)),
            _ => None,
        });
        assert_eq!(found, place, "{shown}: {error}");
        assert!(!error.remedy().is_empty());
    }
}

#[test]
fn too_many_keys_are_an_error() {
    let object: Vec<_> = (0..=limits::COLUMNS).map(|i| format!("\"k{i}\":1")).collect();
    let text = format!("[{{{}}}]", object.join(","));
    assert_eq!(rows(&text).unwrap_err().code(), "limit/columns");
}

#[test]
fn json_is_told_by_name_or_start() {
    let cases = [
        ("a.json", "", true),
        ("A.NDJSON", "x", true),
        ("a.txt", " {\"a\":1}", true),
        ("a.txt", "[\n{}]", true),
        ("-", "{}", true),
        ("a.csv", "[Section]\na,b", false),
        ("a.csv", "{a,b}", false),
        ("json", "a,b", false),
        ("a.csv", "id,{\"a\":1}", false),
    ];
    for (name, head, expected) in cases {
        assert_eq!(is_json(name, head), expected, "{name} {head}");
    }
}
