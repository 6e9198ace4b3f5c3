//! OLE2 compound files, the containers of old workbooks: reads their streams, and writes one.
//!
//! The reader of old workbooks follows the chains of a damaged file out of its bounds. So it gets a
//! file of our own, which holds the one stream that was checked.

use super::super::bytes::{u16_at, u32_at};
use super::sheet::bad_workbook;
use crate::error::Error;

/// An OLE2 compound file: sectors, chained.
pub(super) struct Compound<'b> {
    bytes: &'b [u8],
    shift: u32,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    /// Where the mini sectors lie in the file.
    mini: Stream<'b>,
    entries: Vec<DirectoryEntry>,
}

pub(super) struct DirectoryEntry {
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
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Error> {
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

    pub(super) fn find(&self, name: &str) -> Option<&DirectoryEntry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream.
    pub(super) fn stream(&self, entry: &DirectoryEntry) -> Result<Vec<u8>, Error> {
        let mut bytes = self.pieces(entry)?.bytes;
        bytes.truncate(usize::try_from(entry.size).unwrap_or(usize::MAX));
        Ok(bytes)
    }

    fn pieces(&self, entry: &DirectoryEntry) -> Result<Stream<'b>, Error> {
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

/// A file with one stream, in sectors of 4 KiB.
pub(super) fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 4_096;
    const END: u32 = 0xffff_fffe;
    const FREE: u32 = 0xffff_ffff;
    const PER_SECTOR: usize = SECTOR / 4;
    let number = |count: usize| u32::try_from(count).unwrap_or(FREE);
    // Streams that are smaller lie elsewhere.
    let size = stream.len().max(SECTOR);
    let sectors = size.div_ceil(SECTOR);
    // The directory, the stream, and then the table that chains their sectors.
    let table = (1 + sectors).div_ceil(PER_SECTOR - 1);
    let mut out = Vec::with_capacity((2 + sectors + table) * SECTOR);
    out.extend([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    out.resize(24, 0);
    for word in [0x3e_u16, 4, 0xfffe, 12, 6] {
        out.extend(word.to_le_bytes());
    }
    out.resize(40, 0);
    for word in [1, number(table), 0, 0, 4_096, END, 0, END, 0] {
        out.extend(word.to_le_bytes());
    }
    for at in 0..109 {
        let sector = if at < table { number(1 + sectors + at) } else { FREE };
        out.extend(sector.to_le_bytes());
    }
    out.resize(SECTOR, 0);
    out.extend(entry("Root Entry", 5, 0, 0));
    out.extend(entry(name, 2, 1, size as u64));
    out.resize(2 * SECTOR, 0);
    out.extend_from_slice(stream);
    out.resize((2 + sectors) * SECTOR, 0);
    out.extend(END.to_le_bytes());
    for sector in 1..=sectors {
        let next = if sector == sectors { END } else { number(sector + 1) };
        out.extend(next.to_le_bytes());
    }
    (0..table).for_each(|_| out.extend(0xffff_fffd_u32.to_le_bytes()));
    out.resize((2 + sectors + table) * SECTOR, 0xff);
    out
}

/// An entry of the directory.
fn entry(name: &str, kind: u8, start: u32, size: u64) -> Vec<u8> {
    let mut out: Vec<u8> = name.encode_utf16().take(31).flat_map(u16::to_le_bytes).collect();
    let length = u16::try_from(out.len() + 2).unwrap_or_default();
    out.resize(64, 0);
    out.extend(length.to_le_bytes());
    out.extend([kind, 1]);
    // No entry beside it; the root has one below.
    let below = if kind == 5 { 1 } else { u32::MAX };
    for word in [u32::MAX, u32::MAX, below] {
        out.extend(word.to_le_bytes());
    }
    out.resize(116, 0);
    out.extend(start.to_le_bytes());
    out.extend(size.to_le_bytes());
    out
}

fn cut_off() -> Error {
    bad_workbook("it is cut off")
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|word| u32_at(word, 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for size in [0, 1, 4_095, 4_096, 4_097, 5_000_000] {
            let stream: Vec<u8> = (0..size).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let bytes = compound("Workbook", &stream);
            let file = Compound::open(&bytes).unwrap();
            let read = file.stream(file.find("WORKBOOK").unwrap()).unwrap();
            assert_eq!(read.len(), size.max(4_096), "{size}");
            assert!(read.starts_with(&stream), "{size}");
            assert!(file.find("Book").is_none());
        }
    }
}
