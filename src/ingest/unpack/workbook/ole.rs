//! The guard of old workbooks (.xls): walks the records of their stream and decides whether the
//! reader may have them, before it reserves anything.
//!
//! The reader holds every sheet as a full rectangle, so that two cells in far corners would cost
//! half a gigabyte, and believes the stated size of a sheet. Here the rectangles are measured, and
//! the stated sizes are blanked out.

use super::sheet::bad_workbook;
use super::texts;
use crate::error::Error;
use crate::limits;

/// What an OLE2 document is.
#[derive(Debug)]
pub(super) enum Document {
    /// A workbook that may be read, with its stated sizes blanked out.
    Workbook(Vec<u8>),
    /// A workbook with a password, of either kind.
    Locked,
    /// No workbook at all, such as a Word document or a mail.
    Other,
}

/// Looks at a document.
///
/// # Errors
/// `ingest/bad-workbook`, `limit/cells`.
pub(super) fn check(bytes: &[u8]) -> Result<Document, Error> {
    let file = Compound::open(bytes)?;
    if file.find("EncryptedPackage").is_some() {
        return Ok(Document::Locked);
    }
    let Some(entry) = file.find("Workbook").or_else(|| file.find("Book")) else {
        return Ok(Document::Other);
    };
    let stream = file.stream(entry)?;
    let mut copy = bytes.to_vec();
    let mut walk = Walk {
        stream: &stream,
        copy: &mut copy,
        cells: 0,
        walked: 0,
        texts: Vec::new(),
        copied: 0,
    };
    if walk.workbook()? { Ok(Document::Workbook(copy)) } else { Ok(Document::Locked) }
}

/// An OLE2 compound file: sectors, chained.
struct Compound<'b> {
    bytes: &'b [u8],
    shift: u32,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    /// Where the mini sectors lie in the file.
    mini: Stream<'b>,
    entries: Vec<DirectoryEntry>,
}

struct DirectoryEntry {
    name: String,
    is_root: bool,
    start: u32,
    size: u64,
}

/// The pieces of a stream, in order, with their places in the file.
#[derive(Default)]
struct Stream<'b> {
    pieces: Vec<(usize, &'b [u8])>,
    bytes: Vec<u8>,
    /// Length of every piece but the last.
    step: usize,
}

const NO_SECTOR: u32 = 0xffff_fff0;
/// Streams below this size lie in mini sectors of 64 bytes.
const MINI_STREAM: u64 = 4_096;

impl<'b> Compound<'b> {
    fn open(bytes: &'b [u8]) -> Result<Self, Error> {
        let shift = u32::from(u16_at(bytes, 30));
        if !(7..=16).contains(&shift) {
            return Err(bad_workbook("its header is no header"));
        }
        let mut file = Self {
            bytes,
            shift,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Stream::default(),
            entries: Vec::new(),
        };
        file.fat = file.read_fat()?;
        let directory = file.chain(u32_at(bytes, 48))?;
        for entry in directory.bytes.chunks_exact(128) {
            file.entries.extend(DirectoryEntry::of(entry));
        }
        file.mini_fat = words(&file.chain(u32_at(bytes, 60))?.bytes);
        if let Some(root) = file.entries.iter().find(|entry| entry.is_root) {
            file.mini = file.chain(root.start)?;
        }
        Ok(file)
    }

    fn sector(&self, index: u32) -> Option<(usize, &'b [u8])> {
        let size = 1_usize << self.shift;
        let at = (index as usize).checked_add(1)?.checked_mul(size)?;
        let rest = self.bytes.get(at..)?;
        // The last sector of a file may be short.
        Some((at, rest.get(..size).unwrap_or(rest))).filter(|(_, bytes)| !bytes.is_empty())
    }

    fn sectors(&self) -> usize {
        self.bytes.len() >> self.shift
    }

    /// The sectors that say which sector follows which.
    fn read_fat(&self) -> Result<Vec<u32>, Error> {
        let mut list = words(self.bytes.get(76..512).unwrap_or_default());
        let mut next = u32_at(self.bytes, 68);
        let per_sector = (1_usize << self.shift) / 4 - 1;
        for _ in 0..self.sectors() {
            let Some((_, bytes)) =
                Some(next).filter(|n| *n < NO_SECTOR).and_then(|n| self.sector(n))
            else {
                break;
            };
            let more = words(bytes);
            next = more.get(per_sector).copied().unwrap_or(u32::MAX);
            list.extend(more.iter().take(per_sector));
        }
        let mut fat = Vec::new();
        for index in list.into_iter().filter(|index| *index < NO_SECTOR) {
            let (_, bytes) = self.sector(index).ok_or_else(cut_off)?;
            fat.extend(words(bytes));
            if fat.len() > self.sectors().saturating_add(1 << self.shift).saturating_mul(2) {
                return Err(cut_off());
            }
        }
        Ok(fat)
    }

    /// The sectors from `start` on.
    fn chain(&self, start: u32) -> Result<Stream<'b>, Error> {
        let mut stream = Stream { step: 1 << self.shift, ..Stream::default() };
        let mut next = start;
        while next < NO_SECTOR {
            if stream.pieces.len() > self.sectors() {
                return Err(bad_workbook("its sectors run in a circle"));
            }
            // What lies behind the end of the file is not there.
            let Some((at, bytes)) = self.sector(next) else { break };
            stream.pieces.push((at, bytes));
            stream.bytes.extend_from_slice(bytes);
            next = self.fat.get(next as usize).copied().unwrap_or(u32::MAX);
        }
        Ok(stream)
    }

    fn find(&self, name: &str) -> Option<&DirectoryEntry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn stream(&self, entry: &DirectoryEntry) -> Result<Stream<'b>, Error> {
        if entry.size >= MINI_STREAM {
            return self.chain(entry.start);
        }
        let mut stream = Stream { step: 64, ..Stream::default() };
        let mut next = entry.start;
        while next < NO_SECTOR {
            if stream.pieces.len() > self.mini_fat.len() {
                return Err(bad_workbook("its sectors run in a circle"));
            }
            let from = (next as usize).saturating_mul(64);
            let Some(at) = self.mini.place(from) else { break };
            let bytes = self.bytes.get(at..at + 64).ok_or_else(cut_off)?;
            stream.pieces.push((at, bytes));
            stream.bytes.extend_from_slice(bytes);
            next = self.mini_fat.get(next as usize).copied().unwrap_or(u32::MAX);
        }
        Ok(stream)
    }
}

impl Stream<'_> {
    /// Where a byte of the stream lies in the file.
    fn place(&self, offset: usize) -> Option<usize> {
        let (at, bytes) = self.pieces.get(offset.checked_div(self.step)?)?;
        let within = offset % self.step;
        (within < bytes.len()).then_some(at + within)
    }
}

impl DirectoryEntry {
    fn of(bytes: &[u8]) -> Option<Self> {
        let kind = bytes.get(66).copied()?;
        let length = usize::from(u16_at(bytes, 64)).min(64).saturating_sub(2);
        let units: Vec<u16> = bytes.get(..length)?.chunks_exact(2).map(|c| u16_at(c, 0)).collect();
        let size = u64::from(u32_at(bytes, 120));
        let name = String::from_utf16_lossy(&units);
        (kind != 0).then(|| Self { name, is_root: kind == 5, start: u32_at(bytes, 116), size })
    }
}

/// The walk over the records of a workbook's stream.
struct Walk<'w, 'b> {
    stream: &'w Stream<'b>,
    /// The file in which stated sizes are blanked out.
    copy: &'w mut [u8],
    cells: u64,
    walked: u64,
    /// Lengths of the shared texts, and what their copies take.
    texts: Vec<u64>,
    copied: u64,
}

/// A record: its kind, its data, and where the next one starts.
type Found<'s> = (u16, &'s [u8], usize);

/// The rectangle around cells.
#[derive(Clone, Copy, Default)]
struct Area(Option<(u16, u16, u16, u16)>);

impl Area {
    fn add(&mut self, row: u16, first: u16, last: u16) {
        let (top, left, bottom, right) = self.0.unwrap_or((row, first, row, last));
        self.0 = Some((top.min(row), left.min(first), bottom.max(row), right.max(last)));
    }

    fn cells(self) -> u64 {
        self.0.map_or(0, |(top, left, bottom, right)| {
            (u64::from(bottom - top) + 1) * (u64::from(right.saturating_sub(left)) + 1)
        })
    }
}

impl Walk<'_, '_> {
    /// Walks the globals and every sheet; false if the workbook is encrypted.
    fn workbook(&mut self) -> Result<bool, Error> {
        let mut sheets = Vec::new();
        let (mut at, mut texts) = (0, Vec::new());
        // Whether the record before belongs to the list of texts.
        let mut listing = false;
        let stream = self.stream;
        while let Some((kind, _, next)) = self.record(at)? {
            let data = stream.bytes.get(at + 4..next).unwrap_or_default();
            match kind {
                0x00fc => texts = vec![data],
                0x003c if listing => texts.push(data),
                0x002f if u16_at(data, 0) != 0 => return Ok(false),
                0x0085 => sheets.push(u32_at(data, 0) as usize),
                0x000a => break,
                _ => {}
            }
            listing = kind == 0x00fc || (listing && kind == 0x003c);
            at = next;
        }
        self.texts = texts::lengths(&texts);
        if sheets.len() > limits::SHEETS {
            let message = format!("the workbook has more than {} sheets", limits::SHEETS);
            return Err(Error::new("limit/sheets", message)
                .remedy_is("copy the sheets that you need into a workbook of their own")
                .arg("sheets", limits::SHEETS));
        }
        sheets.into_iter().try_for_each(|start| self.sheet(start))?;
        Ok(true)
    }

    fn sheet(&mut self, start: usize) -> Result<(), Error> {
        let (mut cells, mut formulas) = (Area::default(), Area::default());
        let (mut at, mut depth, mut copied) = (start, 0_u32, 0_u64);
        while let Some((kind, data, next)) = self.record(at)? {
            let (row, column) = (u16_at(data, 0), u16_at(data, 2));
            match kind {
                0x0809 => depth = depth.saturating_add(1),
                0x000a if depth <= 1 => break,
                0x000a => depth -= 1,
                0x0200 => self.blank(at + 4, next),
                0x0006 => {
                    cells.add(row, column, column);
                    formulas.add(row, column, column);
                }
                0x00bd => {
                    let last = u16_at(data, data.len().saturating_sub(2));
                    cells.add(row, column, last.max(column));
                }
                0x00fd => {
                    let text = u32_at(data, 6) as usize;
                    cells.add(row, column, column);
                    copied += self.texts.get(text).copied().unwrap_or(0);
                }
                0x0203 | 0x0204 | 0x0205 | 0x00d6 | 0x027e => cells.add(row, column, column),
                _ => {}
            }
            at = next;
        }
        self.copied = self.copied.saturating_add(copied);
        if self.copied > limits::SHARED_STRINGS_BYTES {
            let megabytes = limits::SHARED_STRINGS_BYTES >> 20;
            let message = format!("the texts of the workbook have more than {megabytes} MB");
            return Err(Error::new("limit/cells", message)
                .remedy_is("save it as .xlsx or as CSV")
                .arg("megabytes", megabytes));
        }
        self.cells = self.cells.saturating_add(cells.cells()).saturating_add(formulas.cells());
        if self.cells > limits::HELD_CELLS {
            let message = format!(
                "the sheets of this old workbook span more than {} cells",
                limits::HELD_CELLS
            );
            return Err(Error::new("limit/cells", message)
                .remedy_is("save it as .xlsx or as CSV")
                .arg("cells", limits::HELD_CELLS));
        }
        Ok(())
    }

    /// The record at `at`.
    fn record(&mut self, at: usize) -> Result<Option<Found<'_>>, Error> {
        let stream = &self.stream.bytes;
        let Some(head) = stream.get(at..at.saturating_add(4)) else { return Ok(None) };
        let (kind, size) = (u16_at(head, 0), usize::from(u16_at(head, 2)));
        let next = at + 4 + size;
        self.walked += 4 + size as u64;
        // Sheets that share their records would be read again and again.
        if self.walked > (stream.len() as u64).saturating_mul(4) {
            return Err(bad_workbook("its sheets overlap"));
        }
        Ok(stream.get(at + 4..next).map(|data| (kind, data, next)))
    }

    /// Writes zeros over a part of the stream, in the copy of the file.
    fn blank(&mut self, from: usize, to: usize) {
        for offset in from..to {
            let place = self.stream.place(offset);
            if let Some(byte) = place.and_then(|place| self.copy.get_mut(place)) {
                *byte = 0;
            }
        }
    }
}

fn cut_off() -> Error {
    bad_workbook("it is cut off")
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|word| u32_at(word, 0)).collect()
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let field = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>());
    field.map_or(0, |field| u16::from_le_bytes(*field))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let field = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    field.map_or(0, |field| u32::from_le_bytes(*field))
}
