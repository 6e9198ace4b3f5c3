use proptest::prelude::*;

use super::*;

fn encoded(label: &str, text: &str) -> Vec<u8> {
    match label {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => {
            encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
        }
    }
}

/// The whole text, or the code and offset of the error with the text before it.
fn read(chunks: &[&[u8]], encoding: Encoding) -> (String, Encoding, Option<Error>) {
    let mut out = String::new();
    let mut text = Text::new(encoding, 0, native_decoder).unwrap();
    let mut take = |piece: &str| {
        out.push_str(piece);
        Ok(Flow::Continue(()))
    };
    let result = chunks
        .iter()
        .try_for_each(|chunk| text.push(chunk, &mut take).map(|_| ()))
        .and_then(|()| text.finish(&mut take).map(|_| ()));
    (out, text.encoding(), result.err())
}

#[test]
fn detection_by_the_head() {
    let chinese = "交易时间,商户订单号\n2026-01-02,订单1\n";
    let cases: &[(&[u8], Result<Encoding, u32>)] = &[
        (b"a,b\n1,2\n", Ok(Encoding::Utf8)),
        (b"\xef\xbb\xbfa", Ok(Encoding::Utf8)),
        (b"\xff\xfea\0", Ok(Encoding::Utf16Le)),
        (b"\xfe\xff\0a", Ok(Encoding::Utf16Be)),
        (&encoded("utf-16le", "id,amount\n"), Ok(Encoding::Utf16Le)),
        (&encoded("utf-16be", "id,amount\n"), Ok(Encoding::Utf16Be)),
        (&encoded("utf-16le", chinese), Ok(Encoding::Utf16Le)),
        (b"id,na\0me,amount,status\n1,a\0b,2,ok\n", Ok(Encoding::Utf8)),
        (chinese.as_bytes(), Ok(Encoding::Utf8)),
        (&encoded("gb18030", chinese), Ok(Encoding::Gb18030)),
        (&encoded("gb18030", "金额（元）,备注\n1.00,𠮷\n"), Ok(Encoding::Gb18030)),
        (&encoded("windows-1252", "id,caf\u{e9},x\n"), Err(1)),
        (&encoded("windows-1252", "id\nDESCRI\u{c7}\u{c3}O,SITUA\u{c7}\u{c3}O\n"), Err(2)),
        (&encoded("windows-1252", "id\n\n\u{a3}5.00\n"), Err(3)),
        (&encoded("shift_jis", "取引日時,お支払い金額\nクレジットカード"), Err(1)),
        (&encoded("big5", "交易日期,訂單編號,金額,備註,退款狀態"), Err(1)),
        (b"a\n\xff\xff\xff", Err(2)),
    ];
    for (head, expected) in cases {
        let found = Encoding::detect(head, true);
        let found = found.map_err(|e| e.place().unwrap().line.unwrap());
        assert_eq!(found, *expected, "{}", String::from_utf8_lossy(head));
    }
}

#[test]
fn a_cut_character_at_the_end_of_the_head_is_no_error() {
    for (label, encoding) in [("utf-8", Encoding::Utf8), ("gb18030", Encoding::Gb18030)] {
        let bytes = encoded(label, "商户订单号");
        let head = &bytes[..bytes.len() - 1];
        assert_eq!(Encoding::detect(head, false), Ok(encoding));
        assert!(Encoding::detect(head, true).is_err());
    }
}

#[test]
fn a_bad_byte_is_named_by_its_offset() {
    let cases: &[(&[u8], &str, u64)] =
        &[(b"caf\xe9,x\n", "caf", 3), ("é\u{fffd}".as_bytes().split_last().unwrap().1, "é", 2)];
    for (bytes, before, offset) in cases {
        let (_, _, error) = read(&[bytes], Encoding::Utf8);
        let error = error.unwrap();
        assert_eq!(error.code(), "ingest/bad-encoding", "{before}");
        assert_eq!(error.args(), [("offset", offset.to_string())]);
    }
    // Behind the window of evidence the text before the bad byte has been read.
    let mut long = "é".repeat(limits::HEAD_BYTES).into_bytes();
    let good = long.len();
    long.extend(b"ab\xffcd");
    let (text, _, error) = read(&[&long], Encoding::Utf8);
    assert_eq!(text.len(), good + 2);
    assert_eq!(error.unwrap().args(), [("offset", (good + 2).to_string())]);
}

#[test]
fn malformed_gb18030_is_an_error() {
    let mut bytes = encoded("gb18030", "商户订单号");
    bytes.push(0xff);
    let (text, _, error) = read(&[&bytes], Encoding::Gb18030);
    assert_eq!((text.as_str(), error.unwrap().code()), ("商户订单号", "ingest/bad-encoding"));
}

#[test]
fn ascii_says_nothing_about_what_follows() {
    let ascii = "id,amount\n".repeat(20_000);
    for (label, encoding) in [("utf-8", Encoding::Utf8), ("gb18030", Encoding::Gb18030)] {
        let text = format!("{ascii}备注,退款\n{ascii}");
        let bytes = encoded(label, &text);
        let (read, found, error) = read(&bytes.chunks(9_999).collect::<Vec<_>>(), Encoding::Utf8);
        assert_eq!((found, error), (encoding, None));
        assert!(read == text);
    }
}

proptest! {
    #[test]
    fn chunks_do_not_matter(
        text in "[a-z,\n0-9é商户订单号备注𠮷€]{0,60}",
        label in prop_oneof![Just("utf-8"), Just("gb18030"), Just("utf-16le"), Just("utf-16be")],
        size in 1usize..12,
    ) {
        let encoding = match label {
            "utf-8" => Encoding::Utf8,
            "gb18030" => Encoding::Gb18030,
            "utf-16le" => Encoding::Utf16Le,
            _ => Encoding::Utf16Be,
        };
        let bytes = encoded(label, &text);
        let (read, _, error) = read(&bytes.chunks(size).collect::<Vec<_>>(), encoding);
        prop_assert_eq!(error, None);
        prop_assert_eq!(read, text);
    }

    #[test]
    fn any_bytes_are_text_or_an_error(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        size in 1usize..50,
    ) {
        let whole = read(&[&bytes], Encoding::Utf8);
        let parts = read(&bytes.chunks(size).collect::<Vec<_>>(), Encoding::Utf8);
        prop_assert_eq!(whole, parts);
    }
}
