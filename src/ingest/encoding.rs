//! The encoding: how the bytes of a source become text.
//!
//! UTF-8 is checked by the standard library. The rarer encodings go through a [`TextDecoder`] that
//! the caller brings: natively `encoding_rs`, in a browser its own decoder, which follows the same
//! standard and costs no download.

use std::fmt;

use super::guess::{Guess, guess};
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
    /// Shift_JIS, with the extensions of Windows.
    ShiftJis,
    /// Windows for Western Europe; Latin-1 is read as this.
    Windows1252,
    /// Windows for Central Europe.
    Windows1250,
    /// Windows for Cyrillic.
    Windows1251,
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
            Encoding::ShiftJis => "shift_jis",
            Encoding::Windows1252 => "windows-1252",
            Encoding::Windows1250 => "windows-1250",
            Encoding::Windows1251 => "windows-1251",
        }
    }

    /// The byte order mark that a text in this encoding may start with; empty where there is none.
    #[must_use]
    pub fn mark(self) -> &'static [u8] {
        match self {
            Encoding::Utf8 => b"\xef\xbb\xbf",
            Encoding::Utf16Le => b"\xff\xfe",
            Encoding::Utf16Be => b"\xfe\xff",
            Encoding::Gb18030 => b"\x84\x31\x95\x33",
            Encoding::ShiftJis
            | Encoding::Windows1252
            | Encoding::Windows1250
            | Encoding::Windows1251 => b"",
        }
    }

    /// Decides by the first bytes of a source; `complete` if these are all.
    ///
    /// Byte order mark, then NUL parity for UTF-16, then strict UTF-8, then the evidence of
    /// [`super::guess`].
    ///
    /// # Errors
    /// `ingest/bad-encoding` with the line and offset of the first byte that is not UTF-8, where
    /// there is no evidence for another encoding either.
    pub fn detect(head: &[u8], complete: bool) -> Result<Encoding, Error> {
        let marked = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030];
        if let Some(encoding) = marked.into_iter().find(|e| head.starts_with(e.mark())) {
            return Ok(encoding);
        }
        if let Some(encoding) = utf16_by_parity(head) {
            return Ok(encoding);
        }
        match decide(head, complete) {
            Ok(guess) => Ok(guess.map_or(Encoding::Utf8, |guess| guess.encoding)),
            Err(at) => {
                let before = head.get(..at).unwrap_or_default();
                let lines = before.iter().filter(|&&b| b == b'\n').count();
                let line = u32::try_from(lines).unwrap_or(u32::MAX - 1) + 1;
                Err(bad_encoding(at as u64).at_line(line))
            }
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Gb18030 => "GB18030",
            Encoding::ShiftJis => "Shift_JIS",
            Encoding::Windows1252 => "windows-1252",
            Encoding::Windows1250 => "windows-1250",
            Encoding::Windows1251 => "windows-1251",
        })
    }
}

/// Decodes one text in one encoding, in chunks cut anywhere.
pub trait TextDecoder {
    /// Appends the text of `bytes` to `out`, with U+FFFD for bytes that are no character; `last`
    /// with the end of the text. An incomplete character at the end of a chunk waits for the next.
    fn decode(&mut self, bytes: &[u8], last: bool, out: &mut String);
}

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
    /// What the encoding was guessed by, where it was.
    guess: Option<Guess>,
    /// Offset of the first bytes that are no character.
    first_bad: Option<u64>,
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
        let mut text = Text {
            mode: Mode::Ascii,
            open,
            offset,
            held: Vec::new(),
            scratch: String::new(),
            guess: None,
            first_bad: None,
        };
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

    /// What the encoding was guessed by, where the text itself did not say.
    pub(super) fn guess(&self) -> Option<Guess> {
        self.guess
    }

    /// Where the first bytes are that are no character of the encoding; they became U+FFFD.
    pub(super) fn first_bad(&self) -> Option<u64> {
        self.first_bad
    }

    /// Takes bytes, cut anywhere.
    ///
    /// # Errors
    /// `ingest/bad-encoding` where nothing says what the bytes are; the text before has been given out.
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
            _ => {
                self.held.clear();
                self.replace(1, take)
            }
        }
    }

    /// Gives out U+FFFD for `bytes` bytes that are no character.
    fn replace(&mut self, bytes: usize, take: &mut Take<'_>) -> Result<Flow, Error> {
        self.first_bad.get_or_insert(self.offset);
        self.offset += bytes as u64;
        take("\u{fffd}")
    }

    /// Decides what the held bytes are.
    fn settle(&mut self, complete: bool) -> Result<(), Error> {
        let head = self.held.get(..limits::HEAD_BYTES).unwrap_or(&self.held);
        let complete = complete && head.len() == self.held.len();
        match decide(head, complete) {
            Ok(None) => self.mode = Mode::Utf8,
            Ok(Some(guess)) => {
                self.guess = Some(guess);
                match guess.encoding {
                    Encoding::Utf8 => self.mode = Mode::Utf8,
                    encoding => self.switch(encoding)?,
                }
            }
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
            self.held.push(next);
            match std::str::from_utf8(&self.held) {
                Ok(character) => {
                    bytes = rest;
                    let flow = take(character)?;
                    self.offset += self.held.len() as u64;
                    self.held.clear();
                    if flow.is_break() {
                        return Ok(flow);
                    }
                }
                Err(error) if error.error_len().is_none() => bytes = rest,
                Err(_) => {
                    // The new byte is no part of it and is looked at by itself.
                    let broken = self.held.len() - 1;
                    self.held.clear();
                    if self.replace(broken, take)?.is_break() {
                        return Ok(Flow::Break(()));
                    }
                }
            }
        }
        loop {
            let (text, bad) = match std::str::from_utf8(bytes) {
                Ok(text) => (text, None),
                Err(error) => {
                    let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                    (std::str::from_utf8(valid).unwrap_or_default(), Some(error))
                }
            };
            let flow = take(text)?;
            self.offset += text.len() as u64;
            bytes = bytes.get(text.len()..).unwrap_or_default();
            match bad {
                _ if flow.is_break() => return Ok(flow),
                None => return Ok(flow),
                Some(error) => match error.error_len() {
                    Some(broken) => {
                        bytes = bytes.get(broken..).unwrap_or_default();
                        if self.replace(broken, take)?.is_break() {
                            return Ok(Flow::Break(()));
                        }
                    }
                    None => {
                        self.held.extend_from_slice(bytes);
                        return Ok(flow);
                    }
                },
            }
        }
    }

    fn push_other(&mut self, bytes: &[u8], last: bool, take: &mut Take<'_>) -> Result<Flow, Error> {
        let Mode::Other(_, decoder) = &mut self.mode else {
            return Ok(Flow::Continue(()));
        };
        self.scratch.clear();
        decoder.decode(bytes, last, &mut self.scratch);
        if self.first_bad.is_none() && self.scratch.contains('\u{fffd}') {
            self.first_bad = Some(self.offset);
        }
        let flow = take(&self.scratch)?;
        self.offset += bytes.len() as u64;
        Ok(flow)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text").field("encoding", &self.encoding()).finish_non_exhaustive()
    }
}

const SAVE_AS_UTF8: &str =
    "open it in a spreadsheet or an editor and save it as UTF-8 (in Excel: CSV UTF-8)";

pub(super) fn bad_encoding(offset: u64) -> Error {
    Error::new(
        "ingest/bad-encoding",
        format!(
            "byte {offset} is not UTF-8, and the text does not look like GB18030 (GBK), Shift_JIS or \
             windows-125x either"
        ),
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

/// UTF-8 (none) or a guess; else the position of the first byte that is not UTF-8.
fn decide(bytes: &[u8], complete: bool) -> Result<Option<Guess>, usize> {
    match std::str::from_utf8(bytes) {
        Ok(_) => Ok(None),
        Err(error) if error.error_len().is_none() && !complete => Ok(None),
        Err(error) => guess(bytes, complete).map(Some).ok_or(error.valid_up_to()),
    }
}

/// The decoders of a native build.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn native_decoder(encoding: Encoding) -> Option<Box<dyn TextDecoder>> {
    struct Native(encoding_rs::Decoder);

    impl TextDecoder for Native {
        fn decode(&mut self, bytes: &[u8], last: bool, out: &mut String) {
            let mut rest = bytes;
            loop {
                out.reserve(rest.len() * 2 + 16);
                let (result, read, _) = self.0.decode_to_string(rest, out, last);
                rest = rest.get(read..).unwrap_or_default();
                if result == encoding_rs::CoderResult::InputEmpty {
                    return;
                }
            }
        }
    }

    let encoding = encoding_rs::Encoding::for_label(encoding.label().as_bytes())?;
    Some(Box::new(Native(encoding.new_decoder_without_bom_handling())))
}

#[cfg(test)]
mod tests;
