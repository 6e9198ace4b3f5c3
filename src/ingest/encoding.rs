//! The encoding: how the bytes of a source become text.
//!
//! UTF-8 is checked by the standard library. The rarer encodings go through a [`TextDecoder`] that
//! the caller brings: natively `encoding_rs`, in a browser its own decoder, which follows the same
//! standard and costs no download.

use std::fmt;

use super::record::Flow;
use crate::error::Error;
use crate::limits;

/// The encodings that are recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, which includes ASCII. Where the head of a source is ASCII only, what follows its first
    /// other character may still turn out to be GB18030.
    Utf8,
    /// UTF-16, low byte first ("Unicode text" of Excel on Windows).
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// GB18030, which includes GBK and GB2312.
    Gb18030,
}

impl Encoding {
    /// The label by which the WHATWG encoding standard knows it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::Gb18030 => "gb18030",
        }
    }

    /// The byte order mark that a text in this encoding may start with.
    #[must_use]
    pub fn mark(self) -> &'static [u8] {
        match self {
            Encoding::Utf8 => b"\xef\xbb\xbf",
            Encoding::Utf16Le => b"\xff\xfe",
            Encoding::Utf16Be => b"\xfe\xff",
            Encoding::Gb18030 => b"\x84\x31\x95\x33",
        }
    }

    /// Decides by the first bytes of a source; `complete` if these are all.
    ///
    /// Byte order mark, then NUL parity for UTF-16, then strict UTF-8, then GB18030 by evidence.
    ///
    /// # Errors
    /// `ingest/bad-encoding` with the line and offset of the first byte that is not UTF-8.
    pub fn detect(head: &[u8], complete: bool) -> Result<Encoding, Error> {
        let marked = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030];
        if let Some(encoding) = marked.into_iter().find(|e| head.starts_with(e.mark())) {
            return Ok(encoding);
        }
        if let Some(encoding) = utf16_by_parity(head) {
            return Ok(encoding);
        }
        decide(head, complete).map_err(|at| {
            let before = head.get(..at).unwrap_or_default();
            let lines = before.iter().filter(|&&b| b == b'\n').count();
            bad_encoding(at as u64).at_line(u32::try_from(lines).unwrap_or(u32::MAX - 1) + 1)
        })
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Gb18030 => "GB18030",
        })
    }
}

/// Decodes one text in one encoding, in chunks cut anywhere; never replaces a character.
pub trait TextDecoder {
    /// Appends the text of `bytes` to `out`; `last` with the end of the text. An incomplete
    /// character at the end of a chunk waits for the next.
    ///
    /// # Errors
    /// [`Malformed`] at the first bytes that are no character; `out` has what was before, if known.
    fn decode(&mut self, bytes: &[u8], last: bool, out: &mut String) -> Result<(), Malformed>;
}

/// Bytes that are no character of the encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// Makes a decoder for an encoding without its byte order mark; `None` where there is none.
pub type OpenDecoder = fn(Encoding) -> Option<Box<dyn TextDecoder>>;

/// Turns the bytes of one source into text, piece by piece.
pub(super) struct Text {
    mode: Mode,
    open: OpenDecoder,
    /// Bytes of the source in front of `held`.
    offset: u64,
    /// Bytes that wait: for the rest of a character, or for enough evidence.
    held: Vec<u8>,
    scratch: String,
}

enum Mode {
    /// Nothing but ASCII so far.
    Ascii,
    /// From the first other character on, until it is clear what it is.
    Undecided,
    Utf8,
    Other(Encoding, Box<dyn TextDecoder>),
}

/// What takes the pieces of text.
type Take<'t> = dyn FnMut(&str) -> Result<Flow, Error> + 't;

impl Text {
    /// A text that starts `offset` bytes into its source, behind its byte order mark.
    pub(super) fn new(encoding: Encoding, offset: u64, open: OpenDecoder) -> Result<Self, Error> {
        let mut text =
            Text { mode: Mode::Ascii, open, offset, held: Vec::new(), scratch: String::new() };
        if encoding != Encoding::Utf8 {
            text.switch(encoding)?;
        }
        Ok(text)
    }

    /// What the text has turned out to be so far.
    pub(super) fn encoding(&self) -> Encoding {
        match self.mode {
            Mode::Other(encoding, _) => encoding,
            Mode::Ascii | Mode::Undecided | Mode::Utf8 => Encoding::Utf8,
        }
    }

    /// Takes bytes, cut anywhere. The error has the offset of the bad byte; the text before it has
    /// been given out.
    pub(super) fn push(&mut self, bytes: &[u8], take: &mut Take<'_>) -> Result<Flow, Error> {
        match &mut self.mode {
            Mode::Ascii => {
                // A fold, unlike a search, is done on 16 bytes at a time in wasm.
                let is_ascii = bytes.iter().fold(0, |all, byte| all | byte).is_ascii();
                let end = if is_ascii { None } else { bytes.iter().position(|b| !b.is_ascii()) };
                let end = end.unwrap_or(bytes.len());
                let (ascii, rest) = bytes.split_at(end);
                self.offset += end as u64;
                let flow = take(std::str::from_utf8(ascii).unwrap_or_default())?;
                if rest.is_empty() || flow.is_break() {
                    return Ok(flow);
                }
                self.mode = Mode::Undecided;
                self.push(rest, take)
            }
            Mode::Undecided => {
                self.held.extend_from_slice(bytes);
                if self.held.len() < limits::HEAD_BYTES {
                    return Ok(Flow::Continue(()));
                }
                self.settle(false)?;
                let held = std::mem::take(&mut self.held);
                self.push(&held, take)
            }
            Mode::Utf8 => self.push_utf8(bytes, take),
            Mode::Other(..) => self.push_other(bytes, false, take),
        }
    }

    /// Ends the text.
    pub(super) fn finish(&mut self, take: &mut Take<'_>) -> Result<Flow, Error> {
        if matches!(self.mode, Mode::Undecided) {
            self.settle(true)?;
            let held = std::mem::take(&mut self.held);
            let flow = self.push(&held, take)?;
            if flow.is_break() {
                return Ok(flow);
            }
        }
        match self.mode {
            Mode::Other(..) => self.push_other(&[], true, take),
            _ if self.held.is_empty() => Ok(Flow::Continue(())),
            _ => Err(bad_encoding(self.offset)),
        }
    }

    /// Decides what the held bytes are.
    fn settle(&mut self, complete: bool) -> Result<(), Error> {
        let head = self.held.get(..limits::HEAD_BYTES).unwrap_or(&self.held);
        let complete = complete && head.len() == self.held.len();
        match decide(head, complete) {
            Ok(Encoding::Utf8) => self.mode = Mode::Utf8,
            Ok(encoding) => self.switch(encoding)?,
            Err(at) => return Err(bad_encoding(self.offset + at as u64)),
        }
        Ok(())
    }

    fn switch(&mut self, encoding: Encoding) -> Result<(), Error> {
        let decoder = (self.open)(encoding).ok_or_else(|| {
            Error::new(
                "ingest/bad-encoding",
                format!("the file is {encoding}, which cannot be read here"),
            )
            .remedy_is(SAVE_AS_UTF8)
            .arg("encoding", encoding)
        })?;
        self.mode = Mode::Other(encoding, decoder);
        Ok(())
    }

    fn push_utf8(&mut self, mut bytes: &[u8], take: &mut Take<'_>) -> Result<Flow, Error> {
        while !self.held.is_empty() {
            let Some((&next, rest)) = bytes.split_first() else { return Ok(Flow::Continue(())) };
            bytes = rest;
            self.held.push(next);
            match std::str::from_utf8(&self.held) {
                Ok(character) => {
                    let flow = take(character)?;
                    self.offset += self.held.len() as u64;
                    self.held.clear();
                    if flow.is_break() {
                        return Ok(flow);
                    }
                }
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(bad_encoding(self.offset)),
            }
        }
        let (text, bad) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                (std::str::from_utf8(valid).unwrap_or_default(), Some(error))
            }
        };
        let flow = take(text)?;
        self.offset += text.len() as u64;
        match bad {
            Some(error) if error.error_len().is_some() => Err(bad_encoding(self.offset)),
            Some(error) => {
                self.held.extend(bytes.get(error.valid_up_to()..).unwrap_or_default());
                Ok(flow)
            }
            None => Ok(flow),
        }
    }

    fn push_other(&mut self, bytes: &[u8], last: bool, take: &mut Take<'_>) -> Result<Flow, Error> {
        let Mode::Other(encoding, decoder) = &mut self.mode else {
            return Ok(Flow::Continue(()));
        };
        self.scratch.clear();
        let decoded = decoder.decode(bytes, last, &mut self.scratch);
        let flow = take(&self.scratch)?;
        self.offset += bytes.len() as u64;
        match decoded {
            Ok(()) => Ok(flow),
            Err(Malformed) => Err(Error::new(
                "ingest/bad-encoding",
                format!("the file looked like {encoding}, but here is a byte that is none of it"),
            )
            .remedy_is(SAVE_AS_UTF8)
            .arg("encoding", *encoding)),
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text").field("encoding", &self.encoding()).finish_non_exhaustive()
    }
}

const SAVE_AS_UTF8: &str =
    "open it in a spreadsheet or an editor and save it as UTF-8 (in Excel: CSV UTF-8)";

fn bad_encoding(offset: u64) -> Error {
    Error::new(
        "ingest/bad-encoding",
        format!("byte {offset} is not UTF-8, and the text is not GB18030 (GBK) either"),
    )
    .remedy_is(SAVE_AS_UTF8)
    .arg("offset", offset)
}

/// Whether the head of a source shows UTF-16, by its mark or by NUL parity.
pub(super) fn is_utf16(head: &[u8]) -> bool {
    [Encoding::Utf16Le, Encoding::Utf16Be].iter().any(|e| head.starts_with(e.mark()))
        || utf16_by_parity(head).is_some()
}

/// UTF-16 without a mark: delimiters, digits and line ends have a NUL in the same half of each unit.
fn utf16_by_parity(head: &[u8]) -> Option<Encoding> {
    let (units, _) = head.as_chunks::<2>();
    let high_zero = units.iter().filter(|[high, low]| *high == 0 && *low != 0).count();
    let low_zero = units.iter().filter(|[low, high]| *high == 0 && *low != 0).count();
    let many = |zeros: usize, others: usize| zeros * 5 >= units.len() && others * 20 <= zeros;
    if units.len() < 4 {
        None
    } else if many(low_zero, high_zero) {
        Some(Encoding::Utf16Le)
    } else if many(high_zero, low_zero) {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// UTF-8 or GB18030; else the position of the first byte that is not UTF-8.
fn decide(bytes: &[u8], complete: bool) -> Result<Encoding, usize> {
    match std::str::from_utf8(bytes) {
        Ok(_) => Ok(Encoding::Utf8),
        Err(error) if error.error_len().is_none() && !complete => Ok(Encoding::Utf8),
        Err(_) if is_chinese(bytes, complete) => Ok(Encoding::Gb18030),
        Err(error) => Err(error.valid_up_to()),
    }
}

/// Whether the bytes are well-formed GB18030 and most of it is everyday Chinese: the characters of
/// GB 2312's first level, which make up over 99 % of running text, and its punctuation.
///
/// Letters such as `ÇÃ` in Latin-1 also look like one such character; but it stands alone between
/// ASCII letters, and such ones do not count.
fn is_chinese(bytes: &[u8], complete: bool) -> bool {
    let (mut all, mut common) = (0usize, 0usize);
    let mut at = 0;
    let mut letter_before = false;
    while let Some(&lead) = bytes.get(at) {
        if lead.is_ascii() {
            letter_before = lead.is_ascii_alphabetic();
            at += 1;
            continue;
        }
        let Some(length) = gb18030_length(bytes.get(at..).unwrap_or_default()) else {
            return !complete && bytes.len() - at < 4 && is_mostly(common, all);
        };
        let level_one =
            matches!((lead, bytes.get(at + 1)), (0xb0..=0xd7 | 0xa1..=0xa3, Some(0xa1..=0xfe)));
        at += length;
        let letter_behind = bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
        all += 1;
        common += usize::from(level_one && !(letter_before && letter_behind));
        letter_before = false;
    }
    is_mostly(common, all)
}

fn is_mostly(common: usize, all: usize) -> bool {
    all > 0 && common * 10 >= all * 7
}

/// The length of the well-formed sequence that `bytes` start with.
fn gb18030_length(bytes: &[u8]) -> Option<usize> {
    match *bytes {
        [0x81..=0xfe, 0x40..=0x7e | 0x80..=0xfe, ..] => Some(2),
        [0x81..=0xfe, 0x30..=0x39, 0x81..=0xfe, 0x30..=0x39, ..] => Some(4),
        _ => None,
    }
}

/// The decoders of a native build.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn native_decoder(encoding: Encoding) -> Option<Box<dyn TextDecoder>> {
    struct Native(encoding_rs::Decoder);

    impl TextDecoder for Native {
        fn decode(&mut self, bytes: &[u8], last: bool, out: &mut String) -> Result<(), Malformed> {
            use encoding_rs::DecoderResult::{InputEmpty, Malformed as Bad, OutputFull};
            let mut rest = bytes;
            loop {
                out.reserve(rest.len() * 2 + 16);
                let (result, read) = self.0.decode_to_string_without_replacement(rest, out, last);
                rest = rest.get(read..).unwrap_or_default();
                match result {
                    InputEmpty => return Ok(()),
                    OutputFull => {}
                    Bad(..) => return Err(Malformed),
                }
            }
        }
    }

    let encoding = encoding_rs::Encoding::for_label(encoding.label().as_bytes())?;
    Some(Box::new(Native(encoding.new_decoder_without_bom_handling())))
}

#[cfg(test)]
mod tests;
