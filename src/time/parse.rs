//! Which day or instant a cell of a file states: exactly, or not at all.
//!
//! The order of day and month is the column's (see [`DateVotes`](super::DateVotes)); everything
//! else is read as it stands: separators, month names, times, offsets, zone abbreviations.

use super::instant::{MINUTE, SECOND};
use super::zone::parse_offset;
use super::{Date, DateError, DateFormat, Instant, Stamp, Zone};
use crate::limits::AMOUNT_BYTES;

/// Reads one cell; `zone` is the clock of cells that state no offset themselves.
///
/// # Errors
/// A [`DateError`] that says why the cell is no date in this format.
#[inline]
pub fn parse_stamp(text: &str, format: &DateFormat, zone: &Zone) -> Result<Stamp, DateError> {
    // Year first is the same in every format with an order of its own.
    if format.reads_iso()
        && let Some((date, time, offset)) = parse_iso(text.as_bytes())
    {
        return stamp(date, time, offset, zone);
    }
    parse_any(text, format, zone)
}

/// Micros since midnight, if the cell has a time; minutes of offset, if it states one.
type Parts = (Date, Option<i64>, Option<i16>);

fn stamp(
    date: Date,
    time: Option<i64>,
    offset: Option<i16>,
    zone: &Zone,
) -> Result<Stamp, DateError> {
    let zone = match offset {
        Some(minutes) => &Zone::fixed(minutes).ok_or(DateError::UnknownZone)?,
        None => zone,
    };
    let (instant, offset_minutes) =
        zone.resolve(date, time.unwrap_or(0)).ok_or(DateError::OutOfRange)?;
    let has_time = time.is_some();
    // A day stays the day that is written, also where its midnight was skipped.
    Ok(Stamp { instant: has_time.then_some(instant), date, offset_minutes, has_time })
}

/// The fast path: `YYYY-MM-DD`, alone or with `[T ]HH:MM:SS`, up to six decimals, and
/// `Z`, `±hh:mm` or ` ±hhmm`. `None` means "look closer", never "wrong".
#[inline]
fn parse_iso(bytes: &[u8]) -> Option<Parts> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, ref rest @ ..] = bytes else { return None };
    let year = pair(y1, y2)? * 100 + pair(y3, y4)?;
    let date = Date::from_ymd(i32::try_from(year).ok()?, pair(m1, m2)?, pair(d1, d2)?)?;
    let &[b'T' | b' ', h1, h2, b':', n1, n2, b':', s1, s2, ref rest @ ..] = rest else {
        return rest.is_empty().then_some((date, None, None));
    };
    let (hour, minute, second) = (pair(h1, h2)?, pair(n1, n2)?, pair(s1, s2)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut micros = i64::from((hour * 60 + minute) * 60 + second) * SECOND;
    let rest = match rest {
        [b'.', fraction @ ..] => {
            let mut unit = SECOND / 10;
            let mut rest = fraction;
            while let [digit @ b'0'..=b'9', after @ ..] = rest {
                micros += i64::from(digit & 0x0f) * unit;
                (unit, rest) = (unit / 10, after);
            }
            if rest.len() == fraction.len() || fraction.len() - rest.len() > 6 {
                return None;
            }
            rest
        }
        rest => rest,
    };
    let offset = match *rest {
        [] => None,
        [b'Z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2]
        | [b' ', sign @ (b'+' | b'-'), h1, h2, m1, m2]
        | [sign @ (b'+' | b'-'), h1, h2, m1, m2] => {
            let (hours, minutes) = (pair(h1, h2)?, pair(m1, m2)?);
            if hours > 18 || minutes > 59 {
                return None;
            }
            let total = i16::try_from(hours * 60 + minutes).ok()?;
            Some(if sign == b'-' { -total } else { total })
        }
        _ => return None,
    };
    Some((date, Some(micros), offset))
}

#[inline]
fn pair(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| u32::from(tens * 10 + ones))
}

/// The slow twin: every way of writing a date that real files have.
fn parse_any(text: &str, format: &DateFormat, zone: &Zone) -> Result<Stamp, DateError> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.is_empty() || text.len() > AMOUNT_BYTES {
        return Err(DateError::NotADate);
    }
    let text: String = text.chars().map(plain).collect();
    let (date, time, offset) = match format {
        DateFormat::UnixSeconds => return unix(&text, SECOND, zone),
        DateFormat::UnixMillis => return unix(&text, SECOND / 1000, zone),
        DateFormat::Pattern(pattern) => pattern.read(&text)?,
        DateFormat::Iso => read_free(&text, Order::Ymd)?,
        DateFormat::DayFirst => read_free(&text, Order::Dmy)?,
        DateFormat::MonthFirst => read_free(&text, Order::Mdy)?,
    };
    stamp(date, time, offset, zone)
}

/// Full-width digits, colons and blanks as ASCII.
fn plain(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        '\u{a0}' | '\u{202f}' | '\u{3000}' => ' ',
        '\u{2212}' | '\u{2010}' | '\u{2011}' | '\u{2013}' => '-',
        other => other,
    }
}

/// A number of seconds or milliseconds since 1970, with a fraction of zeros at most below a
/// microsecond.
fn unix(text: &str, unit: i64, zone: &Zone) -> Result<Stamp, DateError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if digits.is_empty() || !all_digits(digits) || !all_digits(fraction) {
        return Err(DateError::NotADate);
    }
    let number: i64 = whole.parse().map_err(|_| DateError::OutOfRange)?;
    let mut micros = number.checked_mul(unit).ok_or(DateError::OutOfRange)?;
    let mut part = unit / 10;
    for digit in fraction.bytes() {
        let step = i64::from(digit & 0x0f) * part;
        micros = if whole.starts_with('-') {
            micros.checked_sub(step)
        } else {
            micros.checked_add(step)
        }
        .ok_or(DateError::OutOfRange)?;
        part /= 10;
    }
    let instant = Instant(micros);
    if !(1..=9999).contains(&instant.utc_date().ymd().0) {
        return Err(DateError::OutOfRange);
    }
    let offset_minutes = zone.offset_at(instant);
    let date = instant.date_at(offset_minutes);
    Ok(Stamp { instant: Some(instant), date, offset_minutes, has_time: true })
}

/// Which of the two short numbers comes first where no year leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Ymd,
    Dmy,
    Mdy,
}

/// Reads text from the front.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    pub(super) rest: &'a str,
}

impl<'a> Reader<'a> {
    /// The next run of at most `most` digits: its number and how many there were.
    pub(super) fn number(&mut self, most: usize) -> Option<(u32, usize)> {
        let digits = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (text, rest) = self.rest.split_at_checked(digits)?;
        let number = text.parse().ok()?;
        self.rest = rest;
        Some((number, digits))
    }

    /// The next run of letters.
    pub(super) fn word(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// Skips one of the marks, with blanks around it; or only blanks.
    pub(super) fn skip(&mut self, marks: &[char]) -> bool {
        let before = self.rest.len();
        let rest = self.rest.trim_start_matches(' ');
        let rest = rest.strip_prefix(marks).map_or(rest, |rest| rest.trim_start_matches(' '));
        self.rest = rest;
        rest.len() < before
    }

    fn take(&mut self, mark: char) -> bool {
        let after = self.rest.strip_prefix(mark);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The month of an English name or its first three letters (`Sept` too).
pub(super) fn month_of(word: &str) -> Option<u32> {
    const FULL: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    let found = MONTHS.iter().position(|month| *month == word);
    let found = found.or_else(|| FULL.iter().position(|month| *month == word));
    let found = found.or_else(|| (word == "sept").then_some(8))?;
    u32::try_from(found).ok()?.checked_add(1)
}

fn is_weekday(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    super::Weekday::ALL.iter().any(|day| day.name() == word || day.name().get(..3) == Some(&word))
}

/// Day, then time, then zone, with any of the usual separators.
fn read_free(text: &str, order: Order) -> Result<Parts, DateError> {
    let mut reader = Reader { rest: text };
    let word = reader.word();
    if is_weekday(word) {
        reader.skip(&[',', '.']);
    } else {
        reader.rest = text;
    }
    let date = read_date(&mut reader, order)?;
    let separated = reader.skip(&[',', 'T', 't']);
    if reader.rest.is_empty() && !separated {
        return Ok((date, None, None));
    }
    if !separated && !reader.rest.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(DateError::NotADate);
    }
    let time = read_time(&mut reader)?;
    let offset = read_zone(&mut reader)?;
    Ok((date, Some(time), offset))
}

fn read_date(reader: &mut Reader<'_>, order: Order) -> Result<Date, DateError> {
    let separators = &['-', '/', '.', ',', '年', '月'];
    let digits = reader.rest.bytes().take_while(u8::is_ascii_digit).count();
    let no = DateError::NotADate;
    if matches!(digits, 8 | 14) {
        return read_compact(reader);
    }
    let (year, month, day) = if digits == 4 {
        let (year, _) = reader.number(4).ok_or(no)?;
        let month = separated(reader, separators).and_then(read_month).ok_or(no)?;
        // Two digits at most, so that a time may follow without a blank (`2014-11-1016:33:45`).
        let (day, _) = separated(reader, separators).and_then(|r| r.number(2)).ok_or(no)?;
        (year, month, day)
    } else {
        let named = reader.rest.starts_with(|c: char| c.is_ascii_alphabetic());
        let first = if named { read_month(reader) } else { reader.number(2).map(|(n, _)| n) };
        separated(reader, separators);
        let second_named = reader.rest.starts_with(|c: char| c.is_ascii_alphabetic());
        let second = read_month(reader);
        let (first, second) = (first.ok_or(no)?, second.ok_or(no)?);
        let year = separated(reader, separators).and_then(read_year).ok_or(no)?;
        match (named, second_named, order) {
            (true, true, _) | (false, false, Order::Ymd) => return Err(no),
            (true, ..) | (_, false, Order::Mdy) => (year, first, second),
            _ => (year, second, first),
        }
    };
    reader.take('日');
    let signed = i32::try_from(year).map_err(|_| no)?;
    Date::from_ymd(signed, month, day).ok_or(DateError::NoSuchDay { year: signed, month, day })
}

/// `20260203`, followed by nothing or by `040506`.
fn read_compact(reader: &mut Reader<'_>) -> Result<Date, DateError> {
    let mut next = |most| reader.number(most).map(|(number, _)| number).ok_or(DateError::NotADate);
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    let signed = i32::try_from(year).map_err(|_| DateError::NotADate)?;
    Date::from_ymd(signed, month, day).ok_or(DateError::NoSuchDay { year: signed, month, day })
}

fn separated<'r, 'a>(reader: &'r mut Reader<'a>, marks: &[char]) -> Option<&'r mut Reader<'a>> {
    reader.skip(marks).then_some(reader)
}

/// A month by name, or any short number: which of them is the day is the order's business.
fn read_month(reader: &mut Reader<'_>) -> Option<u32> {
    if reader.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return month_of(reader.word());
    }
    reader.number(2).map(|(number, _)| number)
}

/// Four digits, or two for this century.
fn read_year(reader: &mut Reader<'_>) -> Option<u32> {
    match reader.number(4)? {
        (year, 4) => Some(year),
        (year, 2) => year.checked_add(2000),
        _ => None,
    }
}

/// `HH:MM`, `HH:MM:SS`, `HHMMSS`, a fraction (kept to the microsecond), `AM` or `PM`.
fn read_time(reader: &mut Reader<'_>) -> Result<i64, DateError> {
    let no = DateError::NotADate;
    let compact = reader.rest.bytes().take_while(u8::is_ascii_digit).count() == 6;
    let next = |reader: &mut Reader<'_>, colon: bool| {
        if colon && !compact && !reader.take(':') {
            return None;
        }
        reader.number(2).map(|(number, _)| number)
    };
    let hour = next(reader, false).ok_or(no)?;
    let minute = next(reader, true).ok_or(no)?;
    let seconds_follow = compact || reader.rest.starts_with(':');
    let second = if seconds_follow { next(reader, true).ok_or(no)? } else { 0 };
    let mut micros = 0;
    if seconds_follow && (reader.take('.') || reader.take(',')) {
        let mut unit = SECOND / 10;
        let digits = reader.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (fraction, rest) = reader.rest.split_at_checked(digits).ok_or(no)?;
        if fraction.is_empty() {
            return Err(no);
        }
        for digit in fraction.bytes() {
            micros += i64::from(digit & 0x0f) * unit;
            unit /= 10;
        }
        reader.rest = rest;
    }
    let hour = read_half_of_day(reader, hour)?;
    if hour > 23 || minute > 59 || second > 59 {
        return Err(DateError::NoSuchTime);
    }
    Ok(i64::from((hour * 60 + minute) * 60 + second) * SECOND + micros)
}

/// The hour from 0 to 23, with `AM` or `PM` where the cell has one.
fn read_half_of_day(reader: &mut Reader<'_>, hour: u32) -> Result<u32, DateError> {
    let mut ahead = *reader;
    ahead.skip(&[]);
    let afternoon = match ahead.word().to_ascii_lowercase().as_str() {
        "am" => false,
        "pm" => true,
        _ => return Ok(hour),
    };
    *reader = ahead;
    match (hour, afternoon) {
        (12, afternoon) => Ok(if afternoon { 12 } else { 0 }),
        (1..=11, afternoon) => Ok(if afternoon { hour + 12 } else { hour }),
        _ => Err(DateError::NoSuchTime),
    }
}

/// The rest of a cell after its time: nothing, an offset or an abbreviation.
pub(super) fn read_zone(reader: &mut Reader<'_>) -> Result<Option<i16>, DateError> {
    let text = reader.rest.trim();
    let text = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text);
    if text.is_empty() {
        return Ok(None);
    }
    if text.eq_ignore_ascii_case("z") {
        return Ok(Some(0));
    }
    let offset = text.strip_prefix("UTC").or_else(|| text.strip_prefix("GMT")).unwrap_or(text);
    if let Some(minutes) = parse_offset(offset) {
        return Ok(Some(minutes));
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(DateError::NotADate);
    }
    let zone = Zone::from_abbreviation(text).ok_or(DateError::UnknownZone)?;
    Ok(Some(zone.offset_at(Instant(0))))
}

/// Micros of a time of day; `None` if no clock shows it.
pub(super) fn micros_of(hour: u32, minute: u32, second: u32) -> Option<i64> {
    (hour < 24 && minute < 60 && second < 60).then(|| {
        i64::from(hour) * 60 * MINUTE + i64::from(minute) * MINUTE + i64::from(second) * SECOND
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn show(result: Result<Stamp, DateError>) -> String {
        match result {
            Ok(Stamp { instant: Some(instant), date, offset_minutes, has_time: true }) => {
                assert_eq!(instant.date_at(offset_minutes), date);
                format!("{instant} {date}")
            }
            Ok(Stamp { instant: None, date, has_time: false, .. }) => date.to_string(),
            Ok(stamp) => panic!("{stamp:?}"),
            Err(error) => format!("{error:?}"),
        }
    }

    fn read(text: &str, format: &str, zone: &str) -> String {
        let format = DateFormat::parse(format).unwrap();
        show(parse_stamp(text, &format, &Zone::parse(zone).unwrap()))
    }

    #[test]
    fn dates_of_real_files_are_read() {
        for (text, format, zone, expected) in [
            ("2026-02-03", "iso", "Asia/Shanghai", "2026-02-03"),
            ("2026-02-03T04:05:06Z", "iso", "+08:00", "2026-02-03T04:05:06Z 2026-02-03"),
            ("2026-02-03 04:05:06", "iso", "+08:00", "2026-02-02T20:05:06Z 2026-02-03"),
            ("2026-02-03 04:05:06", "iso", "Asia/Shanghai", "2026-02-02T20:05:06Z 2026-02-03"),
            ("2026-02-03T04:05:06+08:00", "iso", "UTC", "2026-02-02T20:05:06Z 2026-02-03"),
            ("2026-02-03T04:05:06.789+0800", "iso", "UTC", "2026-02-02T20:05:06.789Z 2026-02-03"),
            ("2026-04-28 13:34:05 -0500", "iso", "UTC", "2026-04-28T18:34:05Z 2026-04-28"),
            ("2020-01-15T13:26:24.000Z", "iso", "UTC", "2020-01-15T13:26:24Z 2020-01-15"),
            ("2026-02-03 04:05", "iso", "UTC", "2026-02-03T04:05:00Z 2026-02-03"),
            ("2026/6/12", "iso", "UTC", "2026-06-12"),
            ("2026/6/12 9:05:00", "iso", "UTC", "2026-06-12T09:05:00Z 2026-06-12"),
            ("2026.06.12", "dmy", "UTC", "2026-06-12"),
            ("2026年6月12日 09:05", "iso", "UTC", "2026-06-12T09:05:00Z 2026-06-12"),
            ("2014-11-1016：33：45", "iso", "+08:00", "2014-11-10T08:33:45Z 2014-11-10"),
            ("20260203", "iso", "UTC", "2026-02-03"),
            ("20260203040506", "iso", "UTC", "2026-02-03T04:05:06Z 2026-02-03"),
            ("31/12/2025", "dmy", "UTC", "2025-12-31"),
            ("12/31/2025", "mdy", "UTC", "2025-12-31"),
            ("03/04/2026", "dmy", "UTC", "2026-04-03"),
            ("03/04/2026", "mdy", "UTC", "2026-03-04"),
            ("3/4/26", "mdy", "UTC", "2026-03-04"),
            ("31-12-2025 23:59:58", "dmy", "UTC", "2025-12-31T23:59:58Z 2025-12-31"),
            ("01.07.2022 03:21:54 UTC", "dmy", "+08:00", "2022-07-01T03:21:54Z 2022-07-01"),
            ("Jul 1, 2022 3:21:54 AM PDT", "mdy", "UTC", "2022-07-01T10:21:54Z 2022-07-01"),
            ("1 July 2022", "iso", "UTC", "2022-07-01"),
            ("01-Sep-22 12:00 PM", "iso", "UTC", "2022-09-01T12:00:00Z 2022-09-01"),
            ("Tue, 12 May 2026 10:00:00 +0000", "iso", "UTC", "2026-05-12T10:00:00Z 2026-05-12"),
            ("2026-10-17 07:41:24 CEST", "iso", "UTC", "2026-10-17T05:41:24Z 2026-10-17"),
            ("2026-02-03 12:00:00 GMT+8", "iso", "UTC", "2026-02-03T04:00:00Z 2026-02-03"),
            (" 2026-02-03 ", "iso", "UTC", "2026-02-03"),
            ("12/31/2025 12:00 AM", "mdy", "UTC", "2025-12-31T00:00:00Z 2025-12-31"),
            ("1770091506", "unix_s", "+08:00", "2026-02-03T04:05:06Z 2026-02-03"),
            ("1770091506.25", "unix_s", "UTC", "2026-02-03T04:05:06.25Z 2026-02-03"),
            ("1770091506789", "unix_ms", "UTC", "2026-02-03T04:05:06.789Z 2026-02-03"),
            ("03/02/2026 04:05", "%d/%m/%Y %H:%M", "UTC", "2026-02-03T04:05:00Z 2026-02-03"),
            ("3 Feb 26 4:05 PM", "%e %b %y %I:%M %p", "UTC", "2026-02-03T16:05:00Z 2026-02-03"),
            (
                "2026-02-03T04:05:06.5 +0800",
                "%Y-%m-%dT%H:%M:%S.%f %z",
                "UTC",
                "2026-02-02T20:05:06.5Z 2026-02-03",
            ),
            ("20260203", "%Y%m%d", "UTC", "2026-02-03"),
        ] {
            assert_eq!(read(text, format, zone), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_says_why() {
        for (text, format, expected) in [
            ("31/02/2026", "dmy", "NoSuchDay { year: 2026, month: 2, day: 31 }"),
            ("31/02/2026", "%d/%m/%Y", "NoSuchDay { year: 2026, month: 2, day: 31 }"),
            ("2026-02-29", "iso", "NoSuchDay { year: 2026, month: 2, day: 29 }"),
            ("2026-02-29T00:00:00Z", "iso", "NoSuchDay { year: 2026, month: 2, day: 29 }"),
            ("20260230", "iso", "NoSuchDay { year: 2026, month: 2, day: 30 }"),
            ("12/31/2025", "dmy", "NoSuchDay { year: 2025, month: 31, day: 12 }"),
            ("03/04/2026", "iso", "NotADate"),
            ("2026-02-03T24:00:00Z", "iso", "NoSuchTime"),
            ("2026-02-03 12:60", "iso", "NoSuchTime"),
            ("2026-02-03 13:00 PM", "iso", "NoSuchTime"),
            ("2026-02-03 12:00:00 CST", "iso", "UnknownZone"),
            ("2026-02-03 12:00:00 +25:00", "iso", "NotADate"),
            ("2026-02-03 12::00", "iso", "NotADate"),
            ("2026--02-03", "iso", "NotADate"),
            ("2026-02-03X", "iso", "NotADate"),
            ("2026-02-03T", "iso", "NotADate"),
            ("2026-02", "iso", "NotADate"),
            ("12 Foo 2026", "iso", "NotADate"),
            ("12/12/026", "dmy", "NotADate"),
            ("45123.5", "iso", "NotADate"),
            ("", "iso", "NotADate"),
            ("n/a", "iso", "NotADate"),
            ("1770091506x", "unix_s", "NotADate"),
            ("1770091506789000", "unix_s", "OutOfRange"),
            ("99999999999999999999", "unix_ms", "OutOfRange"),
            ("03/02/2026 extra", "%d/%m/%Y", "NotADate"),
        ] {
            assert_eq!(read(text, format, "UTC"), expected, "{text}");
        }
    }

    #[test]
    fn the_explanation_names_value_reason_and_remedy() {
        let error = DateError::NoSuchDay { year: 2026, month: 2, day: 31 }.explain("31/02/2026");
        assert_eq!(
            error.to_string(),
            "“31/02/2026” is not a date: there is no day 31 in month 2 of 2026; correct the cell, \
             or state the column's date format in the mapping"
        );
    }

    #[test]
    fn patterns_need_a_whole_date_and_known_fields() {
        for pattern in ["%d/%m", "%Y-%m-%d %Q", "%Y-%m-%d %", "%z %Y-%m-%d", "", "dd/mm/yyyy"] {
            assert_eq!(DateFormat::parse(pattern), None, "{pattern}");
        }
        for name in ["iso", "dmy", "mdy", "unix_s", "unix_ms", "%d/%m/%Y"] {
            assert_eq!(DateFormat::parse(name).unwrap().to_string(), name);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(1_000)))]

        #[test]
        fn the_fast_path_agrees_with_the_slow_one(
            text in "20[0-9]{2}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,7})?(Z| ?[+-][01][0-9]:?[0-6][0-9])?)?",
        ) {
            let zone = Zone::parse("America/New_York").unwrap();
            if let Some((date, time, offset)) = parse_iso(text.as_bytes()) {
                let slow = parse_any(&text, &DateFormat::Iso, &zone);
                prop_assert_eq!(stamp(date, time, offset, &zone), slow, "{}", text);
            }
        }

        #[test]
        fn instants_are_written_and_read_again(micros in -62_135_596_800_000_000..253_402_300_800_000_000_i64) {
            let text = Instant(micros).to_string();
            let stamp = parse_stamp(&text, &DateFormat::Iso, &Zone::UTC).unwrap();
            prop_assert_eq!(stamp.instant, Some(Instant(micros)));
            prop_assert!(parse_iso(text.as_bytes()).is_some());
        }

        #[test]
        fn no_text_breaks_the_parser(text in "\\PC{0,30}|[0-9TZ:/+. -]{0,24}") {
            for format in ["iso", "dmy", "mdy", "unix_s", "unix_ms", "%d/%m/%y %H:%M:%S.%f %z"] {
                let _ = parse_stamp(&text, &DateFormat::parse(format).unwrap(), &Zone::UTC);
            }
        }
    }
}
