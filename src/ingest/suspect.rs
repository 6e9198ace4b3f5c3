//! Suspect characters: which rows hold some that show that the text is damaged.
//!
//! NUL characters and text that was decoded in the wrong way once are reported once, with the first
//! row; a character that is lost is reported for every row that has one.

use memchr::{memchr, memchr_iter};

use super::diagnostic::Diagnostic;
use super::record::{Record, RecordSink};
use crate::limits;

/// The character that stands where one could not be decoded.
const LOST: char = '\u{fffd}';

/// What UTF-8 becomes where it was taken for windows-1252 or GBK and saved again, and what GBK makes
/// of lost characters: common letters, signs and words of payment files.
const GARBLED: [&str; 21] = [
    "Ã©",
    "Ã¨",
    "Ã¼",
    "Ã¶",
    "Ã¤",
    "Ã±",
    "Ã§",
    "Ã£",
    "Ã³",
    "â‚¬",
    "â€™",
    "â€œ",
    "Â£",
    "ï»¿",
    "锟斤拷",
    "鍟嗘埛",
    "璁㈠崟",
    "浜ゆ槗",
    "閲戦",
    "鏃堕棿",
    "鏃ユ湡",
];

/// Looks for suspect characters in pieces of text and finds the records that have them.
#[derive(Debug, Default)]
pub(super) struct Suspect {
    nul: State,
    garbled: State,
    lost: bool,
}

/// What is reported once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Unseen,
    Expected,
    Reported,
}

impl Suspect {
    /// Looks at a piece that starts `offset` bytes into the source; `is_open` if a record continues.
    pub(super) fn look(&mut self, piece: &str, offset: u64, is_open: bool) {
        let bytes = piece.as_bytes();
        if self.nul == State::Unseen && memchr(0, bytes).is_some() {
            self.nul = State::Expected;
        }
        self.lost &= is_open;
        if bytes.is_ascii() {
            return;
        }
        self.lost |= memchr_iter(0xbd, bytes).any(|at| {
            at.checked_sub(2).and_then(|from| bytes.get(from..=at)) == Some(b"\xef\xbf\xbd")
        });
        // A file that was saved again is garbled from its beginning.
        if self.garbled == State::Unseen && offset < limits::HEAD_BYTES as u64 {
            let head = piece.get(..piece.floor_char_boundary(limits::HEAD_BYTES)).unwrap_or(piece);
            if GARBLED.iter().any(|garbled| head.contains(garbled)) {
                self.garbled = State::Expected;
            }
        }
    }

    /// Reports what the record holds, if what was looked at holds anything.
    #[inline]
    pub(super) fn report(&mut self, record: &Record<'_>, sink: &mut dyn RecordSink) {
        if self.lost || self.nul == State::Expected || self.garbled == State::Expected {
            self.search(record, sink);
        }
    }

    #[cold]
    fn search(&mut self, record: &Record<'_>, sink: &mut dyn RecordSink) {
        let mut say = |code, message| {
            sink.diagnostic(Diagnostic { code, row: Some(record.row()), message });
        };
        if self.nul == State::Expected && record.raw().contains('\0') {
            self.nul = State::Reported;
            let message = "the line holds NUL characters; they are kept as they are";
            say("ingest/nul", message.to_owned());
        }
        if self.lost && record.raw().contains(LOST) {
            let column =
                record.cells().position(|cell| cell.contains(LOST)).unwrap_or_default() + 1;
            let message = format!(
                "column {column} holds a character that is lost: its bytes are none of the encoding, \
                 or it was lost when the file was saved; export the file again"
            );
            say("ingest/lost-character", message);
        }
        if self.garbled == State::Expected {
            let garbled = |cell: &str| GARBLED.iter().find(|garbled| cell.contains(**garbled));
            if let Some((column, text)) =
                record.cells().enumerate().find_map(|(at, cell)| Some((at + 1, garbled(cell)?)))
            {
                self.garbled = State::Reported;
                let message = format!(
                    "column {column} holds “{text}”: the file was opened in a wrong encoding and \
                     saved again; export it again, and open it as UTF-8"
                );
                say("ingest/garbled", message);
            }
        }
    }
}
