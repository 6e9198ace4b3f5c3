//! The boundary to JavaScript: what is refused, and in which shape things come out. Everything else
//! is tested natively.

#![cfg(all(target_arch = "wasm32", not(feature = "unpack")))]
#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests"
)]

use crossfoot::demo::{Files, Options, generate};
use crossfoot::proof::verify::verify;
use crossfoot::wasm::{Hasher, Session, detect, inspect, memory_bytes, profiles, versions};
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

fn json(text: &str) -> JsValue {
    JSON::parse(text).unwrap()
}

/// The value at a path such as `rows.0.amount`.
fn at(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, key| Reflect::get(&value, &key.into()).unwrap())
}

fn text_at(value: &JsValue, path: &str) -> String {
    at(value, path).as_string().unwrap_or_else(|| panic!("{path} is no text in {value:?}"))
}

fn number_at(value: &JsValue, path: &str) -> f64 {
    at(value, path).as_f64().unwrap_or_else(|| panic!("{path} is no number in {value:?}"))
}

/// The code and path of what was thrown.
fn refused<T: std::fmt::Debug>(result: Result<T, JsValue>) -> (String, Option<String>) {
    let thrown = result.unwrap_err();
    (text_at(&thrown, "code"), at(&thrown, "path").as_string())
}

fn spec(name: &str, side: &str) -> JsValue {
    json(&format!(r#"{{"name": "{name}", "side": "{side}"}}"#))
}

/// Runs the sources, each pushed in pieces of `piece` bytes, and gives the session and its summary.
fn reconcile(
    config: JsValue,
    sources: &[(&str, &str, Vec<u8>)],
    piece: usize,
) -> (Session, JsValue) {
    let mut session = Session::new();
    session.start(config).unwrap();
    for (name, side, bytes) in sources {
        session.add_source(spec(name, side), bytes.len() as f64).unwrap();
    }
    loop {
        let want = session.wants().unwrap();
        if want.is_undefined() {
            break;
        }
        let bytes = &sources[number_at(&want, "source") as usize].2;
        bytes.chunks(piece).for_each(|piece| session.push(piece).unwrap());
        session.end().unwrap();
    }
    while !at(&session.step(1_000).unwrap(), "done").is_truthy() {}
    let summary = session.finish().unwrap();
    (session, summary)
}

fn month(seed: u64) -> Files {
    generate(&Options { seed, orders: 300 })
}

/// The settings that go with a month.
fn settings_of(month: &Files) -> JsValue {
    let settings = Object::new();
    let values = [
        ("as_of", &month.as_of),
        ("timezone", &month.timezone),
        ("contract", &month.fees_toml),
        ("rates", &month.fx_csv),
    ];
    for (key, value) in values {
        Reflect::set(&settings, &key.into(), &value.to_string().into()).unwrap();
    }
    settings.into()
}

fn demo() -> (Session, JsValue) {
    let month = month(7);
    let sources = [
        ("orders.csv", "orders", month.orders_csv.clone()),
        ("mfs.csv", "settlement", month.settlement_csv.clone()),
    ];
    reconcile(settings_of(&month), &sources, 1 << 16)
}

#[wasm_bindgen_test]
fn settings_are_refused_with_their_path() {
    for (config, code, path) in [
        (r#"{"timezon": "UTC"}"#, "config/invalid", Some("timezon")),
        (r#"{"as_of": "31/02/2026"}"#, "config/bad-date", Some("as_of")),
        (r#"{"timezone": "Mars/Base"}"#, "config/unknown-zone", Some("timezone")),
        (r#"{"currency": 7}"#, "config/invalid", None),
    ] {
        let thrown = refused(Session::new().start(json(config)));
        assert_eq!(thrown, (code.to_owned(), path.map(str::to_owned)), "{config}");
    }
    assert!(Session::new().start(json("{}")).is_ok());
}

#[wasm_bindgen_test]
fn sources_are_refused_before_they_are_read() {
    let mut session = Session::new();
    session.start(json("{}")).unwrap();
    let mut add = |given: &str| refused(session.add_source(json(given), 1.0)).0;
    assert_eq!(add(r#"{"name": "a.csv", "side": "left"}"#), "config/unknown-side");
    assert_eq!(add(r#"{"name": "a.csv", "mapping": "{"}"#), "ingest/bad-mapping");
    assert_eq!(add(r#"{"name": "a.csv", "columns": "nonsense"}"#), "args/bad-columns");
    assert_eq!(add(r#"{"nam": "a.csv"}"#), "config/invalid");
}

#[wasm_bindgen_test]
fn calls_in_another_order_are_refused() {
    let mut session = Session::new();
    assert_eq!(refused(session.wants()).0, "engine/order");
    assert_eq!(refused(session.page("lines", json("{}"))).0, "engine/order");
    session.start(json("{}")).unwrap();
    assert_eq!(refused(session.finish()).0, "engine/order");
}

#[wasm_bindgen_test]
fn queries_are_refused() {
    let (mut session, _) = demo();
    for (view, query, code) in [
        ("lines", r#"{"limit": 501}"#, "query/limit"),
        ("lines", r#"{"limit": 0}"#, "query/limit"),
        ("lines", r#"{"offset": 1.5}"#, "query/invalid"),
        ("lines", r#"{"offset": -1}"#, "query/invalid"),
        ("lines", r#"{"sort": {"by": "size"}}"#, "query/invalid"),
        ("lines", r#"{"filter": {"side": "left"}}"#, "query/unknown-value"),
        ("rows", "{}", "query/unknown-value"),
        ("matches", r#"{"filter": {"kind": "sale"}}"#, "query/unused-filter"),
    ] {
        assert_eq!(refused(session.page(view, json(query))).0, code, "{view} {query}");
    }
    assert_eq!(refused(session.explain("nothing.csv:1".into())).0, "query/unknown-row");
    assert_eq!(refused(session.explain(1e6.into())).0, "query/unknown-row");
}

#[wasm_bindgen_test]
fn rows_come_out_as_plain_objects_with_money_as_text() {
    let (mut session, summary) = demo();
    let lines = session.page("lines", json(r#"{"offset": 3, "limit": 2}"#)).unwrap();
    let total = ["counts.orders", "counts.settlement"].map(|path| number_at(&summary, path) as u64);
    assert_eq!(number_at(&lines, "total") as u64, total.iter().sum::<u64>());
    assert_eq!(at(&lines, "rows").unchecked_into::<Array>().length(), 2);
    let row = at(&lines, "rows.0");
    assert_eq!(Object::get_prototype_of(&row), Object::get_prototype_of(&Object::new()));
    assert_eq!(number_at(&row, "index"), 3.0);
    for money in ["amount", "fee", "tax", "net"] {
        assert!(text_at(&row, money).parse::<rust_decimal::Decimal>().is_ok());
    }
    // What does not apply is not there, rather than null.
    assert!(at(&row, "net_currency").is_undefined());
    let same = session.explain(text_at(&row, "row").into()).unwrap();
    assert_eq!(JSON::stringify(&at(&same, "line")).unwrap(), JSON::stringify(&row).unwrap());
}

#[wasm_bindgen_test]
fn an_index_names_the_rows_of_the_pages() {
    let (mut session, _) = demo();
    let query =
        r#"{"filter": {"side": "settlement"}, "sort": {"by": "amount", "descending": true}}"#;
    let index = session.index("lines", json(query)).unwrap();
    let page = session.page("lines", json(query)).unwrap();
    assert_eq!(number_at(&page, "total"), index.len() as f64);
    assert_eq!(number_at(&page, "rows.7.index"), f64::from(index[7]));
    assert_eq!(text_at(&page, "rows.7.side"), "settlement");
}

#[wasm_bindgen_test]
fn the_document_is_streamed_and_holds() {
    let (mut session, _) = demo();
    let sha256 = "0".repeat(64);
    session.begin_export("json", vec![sha256.clone(), sha256]).unwrap();
    let document: Vec<u8> = std::iter::from_fn(|| session.next_chunk()).flatten().collect();
    assert!(verify(document.as_slice()).unwrap().holds);
    // The run can still be asked, and written once more.
    assert!(session.page("sources", json("{}")).is_ok());
    session.begin_export("csv", Vec::new()).unwrap();
    let table: Vec<u8> = std::iter::from_fn(|| session.next_chunk()).flatten().collect();
    assert!(table.starts_with("\u{feff}row,side,kind".as_bytes()));
}

/// `订单号,金额,币种,下单时间,备注` and one order, in GBK.
const GBK: &[u8] = b"\xb6\xa9\xb5\xa5\xba\xc5,\xbd\xf0\xb6\xee,\xb1\xd2\xd6\xd6,\xcf\xc2\xb5\xa5\
    \xca\xb1\xbc\xe4,\xb1\xb8\xd7\xa2\nA1,12.50,CNY,2026-02-01 10:00:00,\xb2\xe8\xd2\xb6\n";

#[wasm_bindgen_test]
fn the_platform_decodes_what_is_not_utf_8() {
    for piece in [1, 7, 1 << 16] {
        let (mut session, summary) =
            reconcile(json("{}"), &[("a.csv", "orders", GBK.to_vec())], piece);
        assert_eq!(text_at(&summary, "sources.0.encoding"), "gb18030");
        let found = session.page("lines", json(r#"{"filter": {"text": "茶"}}"#)).unwrap();
        assert_eq!(text_at(&found, "rows.0.amount"), "12.50", "in pieces of {piece} bytes");
    }
    let utf16: Vec<u8> = "\u{feff}order_id,amount,currency\nA1,5.00,USD\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let (_, summary) = reconcile(json("{}"), &[("b.csv", "orders", utf16)], 3);
    assert_eq!(text_at(&summary, "sources.0.encoding"), "utf-16le");
    assert_eq!(number_at(&summary, "counts.orders"), 1.0);
}

#[wasm_bindgen_test]
fn the_platform_decodes_as_native_code_does() {
    // What the native decoder makes of the same bytes, a broken character at a line end among them.
    let cases: [(&[u8], &str, &str); 4] = [
        (b"Re\xe7u \xe0 N\xeemes", "windows-1252", "Reçu à Nîmes"),
        (b"\x83\x4e\x83\x8c\x83\x57\x83\x62\x83\x67", "shift_jis", "クレジット"),
        (b"\xce\xef\xeb\xe0\xf2\xe0 \xe7\xe0\xea\xe0\xe7\xe0", "windows-1251", "Оплата заказа"),
        (
            b"\xb2\xe8\xd2\xb6\xb6\xa9\xb5\xa5\xbd\xf0\xb6\xee\xb1\xd2\xd6\xd6\xb2",
            "gb18030",
            "茶叶订单金额币种\u{fffd}",
        ),
    ];
    for (note, label, text) in cases {
        let mut file = b"order_id,amount,currency,description\nA1,5.00,USD,".to_vec();
        file.extend_from_slice(note);
        file.extend_from_slice(b"\nA2,6.00,USD,x\n");
        for piece in [1, 5, 1 << 16] {
            let sources = [("a.csv", "orders", file.clone())];
            let (mut session, summary) = reconcile(json("{}"), &sources, piece);
            assert_eq!(text_at(&summary, "sources.0.encoding"), label);
            assert_eq!(number_at(&summary, "counts.orders"), 2.0, "{label}");
            let query = format!(r#"{{"filter": {{"text": "{text}"}}}}"#);
            let found = session.page("lines", json(&query)).unwrap();
            assert_eq!(number_at(&found, "total"), 1.0, "{label} in {piece} bytes");
        }
    }
}

#[wasm_bindgen_test]
fn a_file_is_described_before_it_is_read() {
    let found = detect("a.csv", GBK, true, None, None, None, Vec::new()).unwrap();
    assert_eq!(text_at(&found, "columns.0.name"), "订单号");
    assert_eq!(text_at(&found, "columns.4.samples.0"), "茶叶");
    let picture =
        detect("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", true, None, None, None, Vec::new())
            .unwrap();
    assert_eq!(text_at(&picture, "problems.0.code"), "ingest/not-a-table");

    let inspected = inspect(json(r#"{"name": "a.csv"}"#), GBK, true).unwrap();
    assert_eq!(text_at(&inspected, "side"), "orders");
    assert_eq!(text_at(&inspected, "profile"), "generic-orders");
    let unknown = inspect(json(r#"{"name": "a.csv", "profile": "none"}"#), GBK, true);
    assert_eq!(refused(unknown).0, "ingest/unknown-profile");
}

#[wasm_bindgen_test]
fn says_what_it_is() {
    assert_eq!(text_at(&versions().unwrap(), "package"), env!("CARGO_PKG_VERSION"));
    assert_eq!(number_at(&versions().unwrap(), "schema"), 1.0);
    assert!(profiles().unwrap().unchecked_into::<Array>().length() >= 10);
    assert!(memory_bytes() >= 65_536.0);
    let mut hash = Hasher::new();
    hash.update(b"a");
    hash.update(b"bc");
    assert_eq!(hash.finish(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
