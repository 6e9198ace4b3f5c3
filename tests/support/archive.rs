//! Writes zip archives byte by byte, so that tests can write ones that lie.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

/// One entry, with all that its headers say of it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: Vec<u8>,
    pub(crate) flags: u16,
    pub(crate) method: u16,
    pub(crate) crc: u32,
    /// The size that is stated.
    pub(crate) size: u32,
    pub(crate) data: Vec<u8>,
}

impl Entry {
    /// An entry that is stored as it is.
    pub(crate) fn stored(name: impl AsRef<[u8]>, content: &[u8]) -> Self {
        let size = u32::try_from(content.len()).unwrap();
        let name = name.as_ref().to_vec();
        Self { name, flags: 0, method: 0, crc: crc(content), size, data: content.to_vec() }
    }

    /// An entry that is deflated.
    pub(crate) fn deflated(name: impl AsRef<[u8]>, content: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(9));
        encoder.write_all(content).unwrap();
        Self { method: 8, data: encoder.finish().unwrap(), ..Self::stored(name, content) }
    }

    /// The same with the traditional encryption of zip.
    pub(crate) fn locked(mut self, password: &[u8]) -> Self {
        let mut keys = Keys::new(password);
        let mut header = [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, (self.crc >> 24) as u8];
        header.iter_mut().chain(&mut self.data).for_each(|byte| *byte = keys.encrypt(*byte));
        self.data.splice(0..0, header);
        self.flags |= 1;
        self
    }
}

fn crc(content: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(content);
    crc.sum()
}

/// The key stream of the traditional encryption.
struct Keys([u32; 3]);

impl Keys {
    fn new(password: &[u8]) -> Self {
        let mut keys = Self([0x1234_5678, 0x2345_6789, 0x3456_7890]);
        password.iter().for_each(|byte| keys.update(*byte));
        keys
    }

    fn update(&mut self, byte: u8) {
        let [a, b, c] = &mut self.0;
        *a = step(*a, byte);
        *b = b.wrapping_add(*a & 0xff).wrapping_mul(134_775_813).wrapping_add(1);
        *c = step(*c, (*b >> 24) as u8);
    }

    fn encrypt(&mut self, plain: u8) -> u8 {
        let t = u16::try_from(self.0[2] & 0xffff).unwrap() | 2;
        let key = (t.wrapping_mul(t ^ 1) >> 8) as u8;
        self.update(plain);
        plain ^ key
    }
}

/// One byte of CRC-32.
fn step(crc: u32, byte: u8) -> u32 {
    let mut crc = crc ^ u32::from(byte);
    for _ in 0..8 {
        crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    }
    crc
}

/// An archive of these entries.
pub(crate) fn zip(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let start = u32::try_from(out.len()).unwrap();
        out.extend(b"PK\x03\x04");
        out.extend(common(entry));
        out.extend([0, 0]);
        out.extend(&entry.name);
        out.extend(&entry.data);
        directory.extend(described(entry, start));
    }
    let start = out.len();
    out.extend(&directory);
    out.extend(end(entries.len(), directory.len(), start));
    out
}

/// An entry of the directory, for data whose header stands at `start`.
pub(crate) fn described(entry: &Entry, start: u32) -> Vec<u8> {
    let mut out = b"PK\x01\x02\x14\0".to_vec();
    out.extend(common(entry));
    out.extend([0; 12]);
    out.extend(start.to_le_bytes());
    out.extend(&entry.name);
    out
}

fn common(entry: &Entry) -> Vec<u8> {
    let mut out = vec![20, 0];
    out.extend(entry.flags.to_le_bytes());
    out.extend(entry.method.to_le_bytes());
    out.extend([0, 0, 0x21, 0x54]);
    out.extend(entry.crc.to_le_bytes());
    out.extend(u32::try_from(entry.data.len()).unwrap().to_le_bytes());
    out.extend(entry.size.to_le_bytes());
    out.extend(u16::try_from(entry.name.len()).unwrap().to_le_bytes());
    out
}

/// The end of a directory of `size` bytes at `start`.
pub(crate) fn end(entries: usize, size: usize, start: usize) -> Vec<u8> {
    let mut out = b"PK\x05\x06\0\0\0\0".to_vec();
    let count = u16::try_from(entries).unwrap_or(u16::MAX).to_le_bytes();
    out.extend(count);
    out.extend(count);
    out.extend(u32::try_from(size).unwrap().to_le_bytes());
    out.extend(u32::try_from(start).unwrap().to_le_bytes());
    out.extend([0, 0]);
    out
}

/// A gzip file.
pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(9));
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}
