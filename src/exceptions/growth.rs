//! Twice the rows cost at most 2.6 times the looks at entries, whatever the rows are: the shapes that
//! turn a careless loop into a square.

use crate::entry::LOOKS;
use crate::exceptions::why_not::Search;
use crate::exceptions::{self, Classifier};
use crate::matching::tests::{read, terms};
use crate::matching::{Due, Matcher, Terms, Tolerance};

/// Rows of a shape, by how many there are on each side.
type Shape = fn(i64) -> Vec<String>;

/// An order and a line for each number below `rows`.
fn both(rows: i64, order: impl Fn(i64) -> String, line: impl Fn(i64) -> String) -> Vec<String> {
    (0..rows).flat_map(|i| [format!("o {}", order(i)), format!("s {}", line(i))]).collect()
}

/// Numbers that go up and down, as far apart however many there are.
fn mixed(i: i64) -> i64 {
    1 + i * 7_919 % 1_000_003
}

/// Lines that are two orders each, so many minutes apart.
fn sums(rows: i64, apart: i64) -> Vec<String> {
    let three = |i: i64| {
        let at = apart * i;
        let whole = format!("s - {} at={at}", 2 * mixed(i) + 1);
        let part = |k: i64| format!("o KE-{i}-{k} {} at={at}", mixed(i) + k);
        [whole, part(0), part(1)]
    };
    (0..rows).flat_map(three).collect()
}

const SHAPES: [(&str, Shape); 19] = [
    ("one key, one amount", |n| both(n, |_| "KE-1 500".into(), |_| "KE-1 500".into())),
    ("one key, all amounts differ", |n| {
        both(n, |i| format!("KE-1 {}", mixed(i)), |i| format!("KE-1 {}", mixed(n - i - 1)))
    }),
    ("one key, no amount fits", |n| {
        both(n, |i| format!("KE-1 {}", 2 * mixed(i)), |i| format!("KE-1 {}", 2 * mixed(i) + 1))
    }),
    ("one key, two currencies", |n| {
        both(n, |i| format!("KE-1 {} cur=USD", mixed(i)), |i| format!("KE-1 {}", mixed(i)))
    }),
    ("one order, many lines", |n| {
        (0..n).map(|i| format!("s KE-1 {}", mixed(i))).chain(["o KE-1 5".to_owned()]).collect()
    }),
    ("one line, many orders", |n| {
        (0..n).map(|i| format!("o KE-1 {}", mixed(i))).chain(["s KE-1 5".to_owned()]).collect()
    }),
    ("one transaction again and again", |n| {
        both(n, |i| format!("KE-1 {}", mixed(i)), |_| "KE-1 77 id=T1".into())
    }),
    ("refunds of one order", |n| {
        let refund = |i: i64| format!("s KE-1 -{} refund id=R{i}", mixed(i));
        let mut rows: Vec<String> = (0..n).map(refund).collect();
        rows.extend(["o KE-1 500".to_owned(), "s KE-1 500".to_owned()]);
        rows
    }),
    ("chargebacks of one order, half of them won", |n| {
        let back = |i: i64| match i % 2 {
            0 => format!("s KE-1 -{} chargeback id=R{i}", mixed(i)),
            _ => format!("s KE-1 {} chargeback_reversal id=R{i}", mixed(i - 1)),
        };
        let mut rows: Vec<String> = (0..n).map(back).collect();
        rows.extend(["o KE-1 500".to_owned(), "s KE-1 500".to_owned()]);
        rows
    }),
    ("one number in many spellings", |n| {
        both(
            n,
            |i| format!("KE-{}7 5", "-".repeat(usize::try_from(i % 9).unwrap())),
            |_| "ke7 6".into(),
        )
    }),
    ("all amounts equal on one day, no reference", |n| {
        both(n, |i| format!("KE-{i} 999 at={}", i % 60), |i| format!("- 999 at={}", i % 60))
    }),
    ("a dense window, no reference", |n| {
        both(n, |i| format!("KE-{i} 999 at={i}"), |i| format!("- 999 at={i}"))
    }),
    ("one day, all amounts differ, no reference", |n| {
        both(n, |i| format!("KE-{i} {} at=0", mixed(i)), |i| format!("- {} at=9", mixed(i + 3)))
    }),
    ("amounts within the tolerance of each other, no reference", |n| {
        both(n, |i| format!("KE-{i} {} at=0", 1_000 + i), |i| format!("- {} at=9", 1_000 + i))
    }),
    ("two orders for each line, all in one minute", |n| sums(n, 0)),
    ("two orders for each line, seventy lines a day", |n| sums(n, 20)),
    ("two orders for each line, months apart", |n| sums(n, 6 * 60)),
    ("every reference mistyped", |n| {
        both(
            n,
            |i| format!("KE-{:06} {} at=0", 2 * i, mixed(i)),
            |i| format!("KF-{:06} {} at=9", 2 * i, mixed(i)),
        )
    }),
    ("lines that name two orders each", |n| {
        both(
            n,
            |i| format!("KE-{:06} {}", i, mixed(i)),
            |i| format!("KE-{:06},KE-{:06} {}", i, (i + 1) % n, mixed(i)),
        )
    }),
];

/// Looks that the matching and the checking of a month take.
fn looks(rows: &[String], terms: Terms) -> u64 {
    let mut entries = read(rows, 1_000);
    let before = LOOKS.get();
    let without_reference = terms.without_reference;
    let mut matcher = Matcher::new(terms);
    while matcher.step(&mut entries, 1_000) {}
    let matches = matcher.finish();
    let checked = exceptions::Terms {
        without_reference,
        contract: None,
        counted: exceptions::Counted::default(),
        rates: None,
        tolerance: Tolerance::default(),
        due: Due { cycle: None, as_of: None },
        day_ends: Vec::new(),
        splits: Vec::new(),
    };
    let mut classifier = Classifier::new();
    while classifier.step(&entries, &matches, &checked, 1_000) {}
    let exceptions = classifier.finish();
    let mut search = Search::new(&entries, &matches, &exceptions, &checked);
    while search.step(&entries, &exceptions, 1_000) {}
    let _ = search.finish();
    LOOKS.get() - before
}

#[test]
fn twice_the_rows_cost_about_twice_the_looks() {
    for (what, shape) in SHAPES {
        for automatic in [false, true] {
            let sizes = [400, 800, 1_600];
            let counted = sizes.map(|rows| looks(&shape(rows), terms(automatic, 5)));
            for (less, more) in counted.iter().zip(counted.iter().skip(1)) {
                let what = format!("{what}, automatic: {automatic}");
                assert!(10 * more <= 26 * less, "{what}: {sizes:?} rows took {counted:?} looks");
            }
        }
    }
}
