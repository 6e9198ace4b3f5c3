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
        (&encoded("windows-1252", "id,caf\u{e9},x\n"), Ok(Encoding::Windows1252)),
        (&encoded("windows-1252", "id\n\n\u{a3}5.00\n"), Ok(Encoding::Windows1252)),
        (&encoded("windows-1251", "Номер,Сумма\n"), Ok(Encoding::Windows1251)),
        (&encoded("shift_jis", "取引日時,お支払い金額\nクレジットカード"), Ok(Encoding::ShiftJis)),
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
    }
}

#[test]
fn bytes_that_are_no_character_are_replaced() {
    // Behind the window of evidence, and in its midst.
    let mut late = "é".repeat(limits::HEAD_BYTES).into_bytes();
    let good = late.len();
    late.extend(b"ab\xffcd\xe5\x95");
    let mut early = "商户订单号,备注".repeat(9).into_bytes();
    early.splice(3..4, [0xfe]);
    let mut chinese = encoded("gb18030", "商户订单号");
    chinese.push(0xff);
    let cases: [(&[u8], Encoding, &str, u64); 3] = [
        (&late, Encoding::Utf8, "éab\u{fffd}cd\u{fffd}", good as u64 + 2),
        (&early, Encoding::Utf8, "备注", 3),
        (&chinese, Encoding::Gb18030, "商户订单号\u{fffd}", 0),
    ];
    for (bytes, encoding, end, first) in cases {
        let mut out = String::new();
        let start = if encoding == Encoding::Utf8 { Encoding::Utf8 } else { encoding };
        let mut text = Text::new(start, 0, native_decoder).unwrap();
        let mut take = |piece: &str| {
            out.push_str(piece);
            Ok(Flow::Continue(()))
        };
        let _ = text.push(bytes, &mut take).unwrap();
        let _ = text.finish(&mut take).unwrap();
        assert_eq!((text.encoding(), text.first_bad()), (encoding, Some(first)));
        assert!(out.ends_with(end) && out.contains('\u{fffd}'), "{end}");
    }
}

#[test]
fn bytes_without_any_evidence_are_an_error() {
    let (text, _, error) = read(&[b"ab\n\xff\xff\xff"], Encoding::Utf8);
    let error = error.unwrap();
    assert_eq!((text.as_str(), error.code()), ("ab\n", "ingest/bad-encoding"));
    assert_eq!(error.args(), [("offset", "3".to_owned())]);
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
