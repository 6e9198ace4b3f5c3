//! A guess: which encoding bytes that are not UTF-8 are written in, and what speaks for it.
//!
//! Only bytes above ASCII speak. They must be well formed in an encoding, and most of them must be
//! characters that people of its languages write in the places where they stand.

use super::encoding::Encoding;
use crate::limits;

/// What was guessed, with the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The encoding that most characters are plausible in.
    pub encoding: Encoding,
    /// Characters above ASCII that are plausible in it, of all.
    pub plausible: (usize, usize),
    /// The next best encoding, if any is possible.
    pub runner_up: Option<Encoding>,
}

impl Guess {
    /// The guess by the head of a source, if it is neither UTF-8 nor UTF-16; `whole` if it is all.
    #[must_use]
    pub fn of_head(head: &[u8], whole: bool) -> Option<Self> {
        let short = head.get(..limits::HEAD_BYTES).unwrap_or(head);
        let whole = whole && short.len() == head.len();
        let cut = |error: &std::str::Utf8Error| error.error_len().is_none() && !whole;
        let is_utf8 = std::str::from_utf8(short).map_or_else(|error| cut(&error), |_| true);
        if is_utf8 { None } else { guess(short, whole) }
    }

    /// Whether there is nothing to ask: text of several bytes a character does not come out well
    /// formed by chance.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        let (fits, all) = self.plausible;
        // Bytes of UTF-8 that are broken are named where they stand.
        self.encoding == Encoding::Utf8
            || (self.encoding == Encoding::Gb18030 && fits * 100 >= all * 95 && all >= 4)
    }

    /// The evidence in a sentence.
    #[must_use]
    pub fn why(&self) -> String {
        let (fits, all) = self.plausible;
        let next =
            self.runner_up.map_or_else(String::new, |next| format!("; the next best is {next}"));
        format!(
            "{fits} of {all} characters above ASCII fit it{next}; if text looks wrong, save the file \
             as UTF-8"
        )
    }
}

/// Shares of plausible characters under which nothing is believed, in percent.
const LEAST: usize = 70;

/// Guesses by the head of a text that is not UTF-8; `complete` if it is all of it.
pub(super) fn guess(bytes: &[u8], complete: bool) -> Option<Guess> {
    let candidates = [
        (Encoding::Utf8, damaged_utf8(bytes)),
        (Encoding::Gb18030, chinese(bytes, complete)),
        (Encoding::ShiftJis, japanese(bytes, complete)),
        (Encoding::Windows1251, cyrillic(bytes)),
        (Encoding::Windows1252, best_language(bytes, &WESTERN)),
        (Encoding::Windows1250, best_language(bytes, &CENTRAL)),
    ];
    let mut found: Option<Guess> = None;
    for (encoding, plausible) in candidates {
        let Some((fits, all)) =
            plausible.filter(|(fits, all)| *all > 0 && fits * 100 >= all * LEAST)
        else {
            continue;
        };
        match &mut found {
            // Of equals the earlier is the more particular one.
            Some(best) if fits * best.plausible.1 <= best.plausible.0 * all => {
                best.runner_up.get_or_insert(encoding);
            }
            other => {
                let runner_up = other.map(|best| best.encoding);
                *other = Some(Guess { encoding, plausible: (fits, all), runner_up });
            }
        }
        // Multi-byte text hardly ever comes out well formed by chance.
        let certain = matches!(encoding, Encoding::Utf8 | Encoding::Gb18030 | Encoding::ShiftJis);
        if certain && fits * 100 >= all * 90 {
            break;
        }
    }
    found
}

/// UTF-8 in which a few bytes are broken: well-formed characters, of these and the broken places.
fn damaged_utf8(bytes: &[u8]) -> Option<(usize, usize)> {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    // A cut character at the end of the head is one broken place, too.
    (good >= 8 * bad.saturating_sub(1) && good > 0).then_some((good, good + bad))
}

/// Characters of GB18030; plausible are those of GB 2312's first level, over 99 % of running text,
/// and its punctuation.
///
/// Letters such as `ÇÃ` in Latin-1 also look like one such character; but it stands alone between
/// ASCII letters, and such ones do not count.
fn chinese(bytes: &[u8], complete: bool) -> Option<(usize, usize)> {
    let plausible =
        |lead: u8, trail: u8| matches!((lead, trail), (0xb0..=0xd7 | 0xa1..=0xa3, 0xa1..=0xfe));
    count(bytes, complete, gb18030_length, plausible)
}

/// The length of the well-formed sequence that `bytes` start with.
fn gb18030_length(bytes: &[u8]) -> Option<usize> {
    match *bytes {
        [0x81..=0xfe, 0x40..=0x7e | 0x80..=0xfe, ..] => Some(2),
        [0x81..=0xfe, 0x30..=0x39, 0x81..=0xfe, 0x30..=0x39, ..] => Some(4),
        _ => None,
    }
}

/// Characters of Shift_JIS; plausible are kana, punctuation, full-width letters and digits, and the
/// kanji of its first level.
fn japanese(bytes: &[u8], complete: bool) -> Option<(usize, usize)> {
    let length = |bytes: &[u8]| match *bytes {
        [0x81..=0x9f | 0xe0..=0xfc, 0x40..=0x7e | 0x80..=0xfc, ..] => Some(2),
        [0xa1..=0xdf, ..] => Some(1),
        _ => None,
    };
    let plausible = |lead: u8, trail: u8| match lead {
        0x81 | 0x89..=0x97 => true,
        0x82 => trail >= 0x4f,
        0x83 => trail <= 0x96,
        0x88 => trail >= 0x9f,
        0x98 => trail <= 0x72,
        _ => false,
    };
    count(bytes, complete, length, plausible)
}

/// Counts the characters of two or more bytes; none if more than a few sequences are not well formed.
fn count(
    bytes: &[u8],
    complete: bool,
    length: impl Fn(&[u8]) -> Option<usize>,
    plausible: impl Fn(u8, u8) -> bool,
) -> Option<(usize, usize)> {
    let (mut fits, mut all, mut at, mut broken) = (0usize, 0usize, 0usize, 0usize);
    let mut letter_before = false;
    while let Some(&lead) = bytes.get(at) {
        if lead.is_ascii() {
            letter_before = lead.is_ascii_alphabetic();
            at += 1;
            continue;
        }
        let Some(length) = length(bytes.get(at..).unwrap_or_default()) else {
            if !complete && bytes.len() - at < 4 {
                break;
            }
            broken += 1;
            all += 1;
            at += 1;
            continue;
        };
        let trail = bytes.get(at + 1).copied().unwrap_or_default();
        at += length;
        let letter_behind = bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
        all += 1;
        // An apostrophe of windows-1252 and the letter behind it look like a kanji.
        let in_word = letter_before && (letter_behind || trail.is_ascii_alphabetic());
        fits += usize::from(length == 2 && plausible(lead, trail) && !in_word);
        letter_before = false;
    }
    (broken * 8 <= all).then_some((fits, all))
}

/// Letters of windows-1251; plausible are those that have another one beside them, if vowels are
/// among them as in words.
fn cyrillic(bytes: &[u8]) -> Option<(usize, usize)> {
    let is_letter = |byte: Option<&u8>| matches!(byte, Some(0xc0..=0xff | 0xa8 | 0xb8));
    let (mut fits, mut all, mut vowels) = (0usize, 0usize, 0usize);
    for (at, &byte) in bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
        all += 1;
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let beside = is_letter(before) || is_letter(bytes.get(at + 1));
        // The sign for a number, dashes and quotes.
        let is_sign = matches!(byte, 0xb9 | 0x96 | 0x97 | 0xab | 0xbb | 0xa0 | 0x93 | 0x94);
        fits += usize::from(is_sign || (is_letter(Some(&byte)) && beside));
        vowels += usize::from(
            b"\xe0\xe5\xe8\xee\xf3\xfb\xfd\xfe\xff\xb8\xc0\xc5\xc8\xce\xd3\xdb\xdd\xde\xdf"
                .contains(&byte),
        );
    }
    (vowels * 100 >= all * 25 && vowels * 100 <= all * 65).then_some((fits, all))
}

/// Lower-case letters of the languages of windows-1252; upper case is 0x20 below.
const WESTERN: [&[u8]; 6] = [
    // French, Spanish and Catalan, Portuguese, Italian, German, the North.
    b"\xe9\xe8\xea\xeb\xe0\xe2\xe7\xf4\xfb\xf9\xee\xef\x9c\xfc",
    b"\xe1\xe9\xed\xf3\xfa\xf1\xfc\xe7\xe0\xe8\xf2\xef\xbf\xa1",
    b"\xe1\xe0\xe2\xe3\xe7\xe9\xea\xed\xf3\xf4\xf5\xfa",
    b"\xe0\xe8\xe9\xec\xf2\xf9",
    b"\xe4\xf6\xfc\xdf",
    b"\xe5\xe4\xf6\xe6\xf8\xe9\xf0\xfe\xe1\xed\xf3\xfa\xfd",
];

/// Letters of the languages of windows-1250, both cases.
const CENTRAL: [&[u8]; 4] = [
    // Polish, Czech and Slovak, Hungarian, Romanian.
    b"\xb9\xea\xb3\x9c\xbf\x9f\xe6\xf1\xf3\xa5\xca\xa3\x8c\xaf\x8f\xc6\xd1\xd3",
    b"\xec\x9a\xe8\xf8\x9e\xfd\xe1\xed\xe9\xf9\xf2\x9d\xef\xfa\xf3\xbe\xf4\xe4\xe5\xe0\
      \xcc\x8a\xc8\xd8\x8e\xdd\xc1\xcd\xc9\xd9\xd2\x8d\xcf\xda\xd3\xbc\xd4\xc4\xc5\xc0",
    b"\xe1\xe9\xed\xf3\xf6\xf5\xfa\xfc\xfb\xc1\xc9\xcd\xd3\xd6\xd5\xda\xdc\xdb",
    b"\xe3\xe2\xee\xba\xfe\xc3\xc2\xce\xaa\xde",
];

/// Signs that stand at the same place in both: the euro, quotes, dashes, the degree, the section.
const SIGNS: &[u8] =
    b"\x80\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa7\xa9\xab\xae\xb0\xb1\xb4\xb5\xb7\xbb";

/// The letters that fit the language that most of them fit, of all; other signs only outside words.
fn best_language(bytes: &[u8], languages: &[&[u8]]) -> Option<(usize, usize)> {
    let western = languages.len() == WESTERN.len();
    let of = |language: &&[u8]| {
        let (mut fits, mut all) = (0, 0);
        for (at, &byte) in bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
            all += 1;
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            let in_word = before.is_some_and(u8::is_ascii_alphabetic)
                || bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
            let lower = if western && matches!(byte, 0xc0..=0xde) { byte + 0x20 } else { byte };
            let is_sign = SIGNS.contains(&byte)
                || (western
                    && !in_word
                    && matches!(byte, 0xa2..=0xa5 | 0xaa | 0xb2 | 0xb3 | 0xba | 0xbc..=0xbe));
            let is_letter = language.contains(&lower) || language.contains(&byte);
            fits += usize::from(is_letter || is_sign);
        }
        (fits, all)
    };
    languages.iter().map(of).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(label: &str, text: &str) -> Vec<u8> {
        encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
    }

    #[test]
    fn languages_are_told_apart() {
        use Encoding::{Gb18030, ShiftJis, Windows1250, Windows1251, Windows1252};
        let cases = [
            (
                "windows-1252",
                "Date;Libellé;Débit;Crédit\n01/02;Reçu de Hélène à Nîmes;1,00;\n",
                Windows1252,
            ),
            (
                "windows-1252",
                "DESCRIÇÃO;SITUAÇÃO\npagamento não concluído;há três dias\n",
                Windows1252,
            ),
            ("windows-1252", "Währung;Gebühr\nGröße, Straße;ÜBERWEISUNG für Müller\n", Windows1252),
            ("windows-1252", "beløb;måned;gebyr på køb\n", Windows1252),
            ("windows-1252", "importación;año;cuánto\n¿Qué?;señor\n", Windows1252),
            ("windows-1252", "id,price\n1,£5.00\n2,€7.00\n", Windows1252),
            ("windows-1252", "note\nit’s the seller’s\nthey’re ok\n", Windows1252),
            ("windows-1252", "id,caf\u{e9},x\n", Windows1252),
            (
                "windows-1250",
                "Zamówienie;Płatność;Łączna wartość\nŻółć;gęśla;źdźbło\n",
                Windows1250,
            ),
            (
                "windows-1250",
                "Číslo objednávky;Částka;Měna\nPříjem;žluťoučký kůň;Děkujeme\n",
                Windows1250,
            ),
            ("windows-1250", "Megrendelés;Összeg;Fizetés\nfőösszeg;külső könyvelő\n", Windows1250),
            (
                "windows-1251",
                "Дата;Номер заказа;Сумма\n01.02;Оплата по счёту № 5;10,00\n",
                Windows1251,
            ),
            ("windows-1251", "ДАТА;ЗАКАЗ;СУММА;ВАЛЮТА\n", Windows1251),
            ("shift_jis", "取引日時,お支払い金額\nクレジットカード,手数料\n", ShiftJis),
            ("shift_jis", "注文番号,取引日,金額,手数料,振込\n", ShiftJis),
            ("gb18030", "交易时间,商户订单号\n2026-01-02,订单1\n", Gb18030),
            ("gb18030", "金额（元）,备注\n1.00,𠮷\n", Gb18030),
        ];
        for (label, text, expected) in cases {
            let found = guess(&encoded(label, text), true);
            assert_eq!(found.map(|guess| guess.encoding), Some(expected), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_fits_nothing_is_not_guessed() {
        let big5 = encoded("big5", "交易日期,訂單編號,金額,備註,退款狀態");
        let cases: [&[u8]; 4] =
            [b"a\n\xff\xff\xff", b"\xc0\xaf\n\x90\x81", &big5, b"x\x81\x8d\x8f"];
        for bytes in cases {
            assert_eq!(guess(bytes, true), None, "{bytes:x?}");
        }
    }

    #[test]
    fn a_few_broken_bytes_leave_utf8() {
        let mut bytes = "交易时间,商户订单号,备注\n".repeat(3).into_bytes();
        bytes.splice(10..11, [0xff]);
        let found = guess(&bytes, true).unwrap();
        assert_eq!(found.encoding, Encoding::Utf8);
        assert!(found.plausible.0 < found.plausible.1, "{found:?}");
    }
}
