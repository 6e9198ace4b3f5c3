//! Small files that would be huge: each is refused, or read, within a bounded growth of memory, which
//! the allocator of this program counts. The public corpus of odd workbooks is held to the same.

#![cfg(all(feature = "unpack", not(target_arch = "wasm32")))]
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a counting allocator and helpers of tests"
)]

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::table::read_table;
use crossfoot::ingest::unpack::{Options, parts};
use support::bombs::bombs;

/// Bytes in use, and the most that were.
static USED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call is handed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let used = USED.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(used, Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One measurement at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// What a file becomes: how many tables, the codes of its problems, and how far memory grew.
fn outcome(name: &str, bytes: &[u8]) -> (usize, Vec<String>, usize) {
    let before = USED.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let mut tables = 0;
    let codes: Vec<String> =
        match parts(name, bytes, Options { password: None, decoder: native_decoder }) {
            Err(error) => vec![error.code().to_owned()],
            Ok(parts) => parts
                .into_iter()
                .filter_map(|part| match part.problem {
                    Some(problem) => Some(problem),
                    None => read_table(&part.name, &part.bytes, native_decoder)
                        .map(|_| tables += 1)
                        .err(),
                })
                .map(|problem| problem.code().to_owned())
                .collect(),
        };
    (tables, codes, PEAK.load(Ordering::Relaxed) - before)
}

#[test]
fn bombs_are_refused_within_64_mb() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for bomb in bombs() {
        let (tables, codes, growth) = outcome(bomb.file, &bomb.bytes);
        println!("{}: {} bytes, {codes:?}, grew by {growth}", bomb.name, bomb.bytes.len());
        let expected: &[&str] = if bomb.code.is_empty() { &[] } else { &[bomb.code] };
        assert_eq!(codes, expected, "{}", bomb.name);
        assert_eq!(tables, usize::from(bomb.code.is_empty()), "{}", bomb.name);
        assert!(growth <= 64 << 20, "{} grew by {growth} bytes", bomb.name);
        assert!(bomb.bytes.len() < 6 << 20, "{} is no bomb", bomb.name);
    }
}

/// Every file of the corpus is a table or a typed error, and memory grows by no more than 256 MB.
#[test]
fn odd_workbooks_are_tables_or_typed_errors() {
    let Some(folder) = std::env::var_os("CROSSFOOT_TORTURE") else { return };
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut files: Vec<PathBuf> = std::fs::read_dir(PathBuf::from(folder).join("calamine"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() > 100, "{} files", files.len());
    let (mut tables, mut refused, mut most) = (0, 0, 0);
    for path in &files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let (found, codes, growth) = outcome(name, &std::fs::read(path).unwrap());
        assert!(growth <= 256 << 20, "{name} grew by {growth} bytes");
        most = most.max(growth);
        assert!(found > 0 || !codes.is_empty(), "{name} is neither a table nor an error");
        if found > 0 { tables += 1 } else { refused += 1 }
    }
    println!("{tables} tables, {refused} with typed errors, growth {most} at most");
    assert!(tables >= 106, "{tables} of {} are tables", files.len());
}
