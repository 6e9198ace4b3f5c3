//! Files in files: what an archive unpacks to, which names its rows have, what is asked, and what is
//! refused.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::unpack::{Options, Part, parts};
use support::archive::{Entry, gzip, zip};
use support::{json, sha256};
use zip::AesMode;
use zip::write::SimpleFileOptions;

const ORDERS: &[u8] = b"order number,date,amount,currency\nA-1,2026-02-01,10.00,USD\n";
const LINES: &[u8] = b"transaction id,order number,date,amount,fee,net,currency\n\
    t1,A-1,2026-02-02,10.00,-0.30,9.70,USD\n";

fn options(password: Option<&str>) -> Options<'_> {
    Options { password, decoder: native_decoder }
}

fn of(name: &str, bytes: &[u8]) -> Vec<Part> {
    parts(name, bytes, options(None)).expect("an archive")
}

fn code_of(name: &str, bytes: &[u8], password: Option<&str>) -> &'static str {
    parts(name, bytes, options(password)).expect_err("refused").code()
}

/// Names of parts with what is wrong with them.
fn outcomes(parts: &[Part]) -> Vec<(&str, &str)> {
    let code = |part: &Part| part.problem.as_ref().map_or("", |problem| problem.code());
    parts.iter().map(|part| (part.name.as_str(), code(part))).collect()
}

#[test]
fn files_in_an_archive_are_parts_under_their_own_names() {
    let archive = zip(&[
        Entry::stored("2026/", b""),
        Entry::deflated("2026/orders.csv", ORDERS),
        Entry::stored("lines.csv", LINES),
        Entry::stored("empty.csv", b""),
        Entry::stored("logo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        Entry::deflated("inner.zip", &zip(&[Entry::stored("a.csv", ORDERS)])),
        Entry::deflated("inner.gz", &gzip(ORDERS)),
    ]);
    let parts = of("month.zip", &archive);
    assert_eq!(
        outcomes(&parts),
        [
            ("month.zip!2026/orders.csv", ""),
            ("month.zip!lines.csv", ""),
            ("month.zip!empty.csv", "ingest/empty"),
            ("month.zip!logo.png", "ingest/not-a-table"),
            ("month.zip!inner.zip", "ingest/nested-archive"),
            ("month.zip!inner.gz", "ingest/nested-archive"),
        ]
    );
    assert_eq!((parts[0].bytes.as_slice(), parts[1].bytes.as_slice()), (ORDERS, LINES));
}

#[test]
fn a_gzip_file_has_one_part() {
    assert_eq!(outcomes(&of("a.csv.gz", &gzip(ORDERS))), [("a.csv.gz!a.csv", "")]);
    assert_eq!(outcomes(&of("bill", &gzip(ORDERS))), [("bill!content", "")]);
    let twice = [gzip(b"order number,"), gzip(b"amount\n")].concat();
    assert_eq!(of("a.csv.gz", &twice)[0].bytes, b"order number,amount\n");
    let archive = zip(&[Entry::stored("a.csv", ORDERS)]);
    assert_eq!(outcomes(&of("a.zip.gz", &gzip(&archive)))[0].1, "ingest/nested-archive");
}

#[test]
fn a_text_is_its_own_only_part() {
    let parts = of("orders.csv", ORDERS);
    assert_eq!(outcomes(&parts), [("orders.csv", "")]);
    assert_eq!(parts[0].bytes, ORDERS);
}

#[test]
fn chinese_names_are_read_with_and_without_the_flag() {
    let name = "2026年2月业务明细.csv";
    let (gbk, _, _) = encoding_rs::GBK.encode(name);
    let flagged = Entry { flags: 0x800, ..Entry::stored(name, ORDERS) };
    for entry in [Entry::stored(&gbk, ORDERS), Entry::stored(name, ORDERS), flagged] {
        let parts = of("bill.zip", &zip(&[entry]));
        assert_eq!(parts[0].name, format!("bill.zip!{name}"));
    }
    let odd = of("bill.zip", &zip(&[Entry::stored("a\nb\t.csv", ORDERS)]));
    assert_eq!(odd[0].name, "bill.zip!a_b_.csv", "a name never breaks the line of a row");
}

#[test]
fn a_password_is_asked_for_and_both_encryptions_are_read() {
    let traditional = zip(&[
        Entry::deflated("orders.csv", ORDERS).locked(b"123456"),
        Entry::stored("readme.txt", b"hello, world\n"),
    ]);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let aes = SimpleFileOptions::default().with_aes_encryption(AesMode::Aes256, "123456");
    writer.start_file("orders.csv", aes).unwrap();
    writer.write_all(ORDERS).unwrap();
    let aes = writer.finish().unwrap().into_inner();
    for archive in [traditional, aes] {
        assert_eq!(code_of("bill.zip", &archive, None), "ingest/password-needed");
        for wrong in ["", "12345", "1234567", "654321"] {
            assert_eq!(code_of("bill.zip", &archive, Some(wrong)), "ingest/wrong-password");
        }
        let parts = parts("bill.zip", &archive, options(Some("123456"))).unwrap();
        assert_eq!((parts[0].name.as_str(), &parts[0].bytes[..]), ("bill.zip!orders.csv", ORDERS));
    }
}

#[test]
fn a_damaged_archive_says_so() {
    let archive = zip(&[Entry::deflated("orders.csv", ORDERS), Entry::stored("b.csv", LINES)]);
    for cut in [4, 20, 100, archive.len() - 40, archive.len() - 1] {
        assert_eq!(code_of("a.zip", &archive[..cut], None), "ingest/bad-archive", "{cut}");
    }
    let mut flipped = archive.clone();
    flipped[45] ^= 0xff;
    assert_eq!(code_of("a.zip", &flipped, None), "ingest/bad-archive", "a checksum");
    assert_eq!(code_of("a.zip", &zip(&[]), None), "ingest/empty");
    let strange = Entry { method: 14, ..Entry::stored("orders.csv", ORDERS) };
    let strange = of("a.zip", &zip(&[strange]));
    assert_eq!(outcomes(&strange), [("a.zip!orders.csv", "ingest/unsupported-container")]);
    assert_eq!(code_of("a.gz", &gzip(ORDERS)[..30], None), "ingest/bad-archive");
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unpack").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the command; exit status, standard output, standard error.
fn crossfoot(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_crossfoot")).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[test]
fn the_command_reads_archives_wherever_it_reads_files() {
    let folder = folder("command");
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    let others = [Entry::stored("notes.txt", b"nothing here\n"), Entry::deflated("o.csv", ORDERS)];
    write("orders.zip", &zip(&others));
    write("lines.csv.gz", &gzip(LINES));
    write("locked.zip", &zip(&[Entry::deflated("o.csv", ORDERS).locked(b"pw")]));

    let result = at("result.json");
    let run = |orders: &str, more: &[&str]| {
        let mut arguments = vec!["reconcile", "--orders", orders, "--settlement"];
        let lines = at("lines.csv.gz");
        arguments.extend([lines.as_str(), "--out", &result, "--quiet"]);
        arguments.extend(more);
        let (status, _, errors) = crossfoot(&arguments);
        (status, errors)
    };
    let (status, errors) = run(&at("orders.zip"), &[]);
    assert_eq!(status, 0, "{errors}");
    let document = json(&std::fs::read_to_string(&result).unwrap());
    let sources = document["sources"].as_array().unwrap();
    assert_eq!(sources[0]["file"], "orders.zip!o.csv");
    assert_eq!(sources[0]["sha256"], sha256(ORDERS), "of the file inside");
    assert_eq!(sources[1]["file"], "lines.csv.gz!lines.csv");
    assert_eq!(document["entries"][0]["row"], "orders.zip!o.csv:2");
    let left_out = &sources[0]["assumptions"].as_array().unwrap()[..];
    let left_out = left_out.iter().find(|one| one["what"] == "left out").expect("said");
    assert_eq!(left_out["value"], "orders.zip!notes.txt");

    let (status, errors) = run(&format!("{}!o.csv", at("orders.zip")), &[]);
    assert_eq!(status, 0, "{errors}");
    let (status, errors) = run(&format!("{}!x.csv", at("orders.zip")), &[]);
    assert_eq!(status, 2);
    assert!(errors.contains("there is no orders.zip!x.csv; it has"), "{errors}");
    let (status, errors) = run(&at("locked.zip"), &[]);
    assert_eq!(status, 2);
    assert!(errors.contains("locked.zip: the archive is protected with a password"), "{errors}");
    let (status, errors) = run(&at("locked.zip"), &["--password", "pw"]);
    assert_eq!(status, 0, "{errors}");

    // It takes no room on the disk, and is refused before it is read.
    let large = std::fs::File::create(folder.join("large.zip")).unwrap();
    (&large).write_all(b"PK\x03\x04").unwrap();
    large.set_len(20 << 30).unwrap();
    let (status, errors) = run(&at("large.zip"), &[]);
    assert_eq!(status, 2);
    assert!(errors.contains("large.zip: the file is larger than 256 MB"), "{errors}");

    let (status, out, _) = crossfoot(&["table", &at("lines.csv.gz")]);
    assert_eq!((status, &json(&out)["header"]["cells"][0]), (0, &"transaction id".into()));
    let (status, out, _) = crossfoot(&["table", &at("orders.zip")]);
    let both = json(&out);
    assert_eq!((status, &both["parts"][1]["name"]), (0, &"orders.zip!o.csv".into()));
    assert_eq!(both["parts"][1]["table"]["rows"][0]["cells"][0], "A-1");
    let (status, out, errors) = crossfoot(&["detect", &at("lines.csv.gz")]);
    assert_eq!(status, 0, "{errors}");
    assert!(out.starts_with("lines.csv.gz!lines.csv: UTF-8"), "{out}");
}
