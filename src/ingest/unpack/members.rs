//! The members of an archive: each is a text as it is, or is unpacked once more if it is a workbook
//! or a statement; archives inside archives are not.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::directory::{Directory, Entry};
use super::workbook::Book;
use super::{Packed, Task, container};
use crate::error::Error;
use crate::ingest::encoding::{Encoding, OpenDecoder};
use crate::ingest::prepared::too_much;
use crate::limits;

/// Bytes that are inflated at a time.
const CHUNK: usize = 64 << 10;

/// One member of an archive.
pub(super) struct Member {
    /// Its full name.
    pub(super) name: String,
    /// Its size, where the archive states it.
    pub(super) size: Option<u64>,
    /// The most that it may have.
    pub(super) most: u64,
}

impl Task<'_> {
    /// Unpacks a zip archive, which may be a workbook.
    pub(super) fn zip(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let directory = Directory::read(bytes, self.left)?;
        let mut archive = directory.open(bytes)?;
        if let Some(book) = Book::of(&directory) {
            return self.book(name, bytes, book, &directory, &mut archive);
        }
        if self.depth > 0 {
            return Err(nested());
        }
        let files = directory.entries.iter().enumerate().filter(|(_, entry)| !entry.is_folder());
        let files: Vec<(usize, &Entry<'_>)> = files.collect();
        if files.is_empty() {
            return Err(Error::new("ingest/empty", "there is no file in the archive")
                .remedy_is("export it again, or leave it out"));
        }
        let locked = files.iter().any(|(_, entry)| entry.is_locked());
        if locked && self.options.password.is_none() {
            return Err(password_needed("the archive"));
        }
        for (index, entry) in files {
            let inner = entry_name(entry, &mut archive, index, self.options.decoder);
            self.zipped(&mut archive, index, entry, format!("{name}!{inner}"))?;
        }
        Ok(())
    }

    fn zipped(
        &mut self,
        archive: &mut ZipArchive<Cursor<&[u8]>>,
        index: usize,
        entry: &Entry<'_>,
        name: String,
    ) -> Result<(), Error> {
        if !entry.is_readable() {
            return self.whole_part(&name, &[], Err(unsupported()));
        }
        let opened = match self.options.password {
            Some(password) if entry.is_locked() => {
                archive.by_index_decrypt(index, password.as_bytes())
            }
            _ => archive.by_index(index),
        };
        let member = Member { name, size: Some(entry.size), most: self.left };
        match opened {
            Ok(mut reader) => {
                let done = self.member(&member, &mut reader);
                // One byte of 256 wrong passwords passes the first check and fails the last one.
                done.map_err(|error| if entry.is_locked() { wrong_password() } else { error })
            }
            Err(ZipError::InvalidPassword) => Err(wrong_password()),
            Err(error) => Err(bad_archive(&error.to_string())),
        }
    }

    /// Reads one member: what it is decides its head.
    ///
    /// # Errors
    /// `limit/…` and `ingest/bad-archive`; anything else is said of the part.
    pub(super) fn member(&mut self, member: &Member, reader: &mut dyn Read) -> Result<(), Error> {
        let mut inflated = Inflated::new(member, reader);
        let mut head = Vec::new();
        let complete = inflated.up_to(limits::HEAD_BYTES, &mut head)?;
        let name = member.name.as_str();
        match Packed::of(&head) {
            Some(Packed::Gzip) => self.whole_part(name, &[], Err(nested())),
            Some(_) => {
                let most = usize::try_from(member.most).unwrap_or(usize::MAX);
                inflated.up_to(most, &mut head)?;
                self.left = self.left.saturating_sub(inflated.read);
                self.inside(name, &head)
            }
            None => {
                self.sink.begin(name, false);
                let mut outcome = container::refuse(&head, complete);
                if outcome.is_ok() {
                    self.sink.bytes(&head);
                    outcome = inflated.rest(&mut |piece| self.sink.bytes(piece));
                }
                self.left = self.left.saturating_sub(inflated.read);
                let fatal = outcome.as_ref().err().filter(|error| is_of_archive(error)).cloned();
                self.sink.end(outcome.map_err(|error| error.in_file(name)));
                fatal.map_or(Ok(()), Err)
            }
        }
    }

    /// A member that has to be unpacked itself; what is wrong with it is said of it alone.
    fn inside(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.depth = self.depth.saturating_add(1);
        let done = self.file(name, bytes);
        self.depth = self.depth.saturating_sub(1);
        match done {
            Err(error) if !error.code().starts_with("limit/") => {
                self.whole_part(name, &[], Err(error))
            }
            done => done,
        }
    }
}

/// Whether an error is about the archive as a whole, and not about one part.
fn is_of_archive(error: &Error) -> bool {
    error.code().starts_with("limit/") || error.code() == BAD_ARCHIVE
}

/// The bytes of a member, no more than it may have.
pub(super) struct Inflated<'m> {
    member: &'m Member,
    reader: &'m mut dyn Read,
    read: u64,
}

impl<'m> Inflated<'m> {
    pub(super) fn new(member: &'m Member, reader: &'m mut dyn Read) -> Self {
        Self { member, reader, read: 0 }
    }

    /// Reads until `out` has `most` bytes; whether the member ends there.
    pub(super) fn up_to(&mut self, most: usize, out: &mut Vec<u8>) -> Result<bool, Error> {
        let mut chunk = [0; CHUNK];
        while out.len() < most {
            let wanted = (most - out.len()).min(CHUNK);
            let piece = self.next(chunk.get_mut(..wanted).unwrap_or_default())?;
            if piece.is_empty() {
                return Ok(true);
            }
            out.extend_from_slice(piece);
        }
        Ok(false)
    }

    fn rest(&mut self, take: &mut dyn FnMut(&[u8])) -> Result<(), Error> {
        let mut chunk = [0; CHUNK];
        loop {
            let piece = self.next(&mut chunk)?;
            if piece.is_empty() {
                return Ok(());
            }
            take(piece);
        }
    }

    /// The next bytes; none at the end. No header is believed: what is inflated is counted.
    fn next<'c>(&mut self, chunk: &'c mut [u8]) -> Result<&'c [u8], Error> {
        let failed = |error: std::io::Error| bad_archive(&error.to_string());
        let count = self.reader.read(chunk).map_err(failed)?;
        self.read = self.read.saturating_add(count as u64);
        if self.member.size.is_some_and(|size| self.read > size) {
            return Err(bad_archive("a file in it is larger than its directory says"));
        }
        if self.read > self.member.most {
            return Err(too_much());
        }
        Ok(chunk.get(..count).unwrap_or_default())
    }
}

/// The name of an entry: UTF-8 where it is that, GB18030 as Chinese systems write it without
/// saying so, else what the flags say. Control characters would break row names.
fn entry_name(
    entry: &Entry<'_>,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    open: OpenDecoder,
) -> String {
    let utf8 = std::str::from_utf8(entry.name).ok().map(str::to_owned);
    let chinese = || {
        let mut name = String::new();
        let mut decoder = open(Encoding::Gb18030)?;
        decoder.decode(entry.name, true, &mut name);
        Some(name).filter(|name| !name.contains('\u{fffd}'))
    };
    let stated = || {
        let file = archive.by_index_raw(index).ok()?;
        file.name().ok().map(|name| name.into_owned())
    };
    let name = utf8.or_else(chinese).or_else(stated).unwrap_or_else(|| format!("entry {index}"));
    name.chars().map(|c| if c.is_control() { '_' } else { c }).collect()
}

const BAD_ARCHIVE: &str = "ingest/bad-archive";

/// An archive that cannot be what it says.
pub(super) fn bad_archive(why: &str) -> Error {
    Error::new(BAD_ARCHIVE, format!("the archive is damaged: {why}"))
        .remedy_is("download it again; if it is damaged there too, ask for the files in it")
        .arg("why", why)
}

fn nested() -> Error {
    Error::new("ingest/nested-archive", "this is an archive inside an archive")
        .remedy_is("unpack the outer one and add what it holds")
}

fn unsupported() -> Error {
    let what = "a file that is compressed in a rare way";
    Error::new("ingest/unsupported-container", format!("this is {what}, not a text table"))
        .remedy_is("unpack it yourself and add the files that it holds")
        .arg("what", what)
}

/// What is asked for where a password is needed.
pub(super) fn password_needed(what: &str) -> Error {
    Error::new("ingest/password-needed", format!("{what} is protected with a password"))
        .remedy_is("state the password; it stays on this machine")
        .arg("what", what)
}

/// A workbook with a password of its own, which is not decrypted here.
pub(super) fn locked_workbook() -> Error {
    Error::new("ingest/locked-workbook", "the workbook is protected with a password").remedy_is(
        "open it, take the password away (File, Info, Protect Workbook), save it and add it again",
    )
}

fn wrong_password() -> Error {
    Error::new("ingest/wrong-password", "this is not the password of the archive")
        .remedy_is("check capitals and blanks; bills of WeChat and Alipay name it in their message")
}
