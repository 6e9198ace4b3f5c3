//! Contracts that no clean line of a file tells from its true one: of the same form, hardly less usual,
//! and with the fee of every clean line. Where the file has a line by mistake whose amount and day the
//! two charge differently, nothing in it says what that fee should have been.

use crate::contract::{Round, Row, Terms};
use crate::world::{FIRST, MONTHS};

/// How far from a bound others are looked for, in steps of their last digit.
const STEPS: i64 = 200;

/// Whether there is one that gives a line of these another fee.
pub(crate) fn exists(terms: &Terms, rows: &[&Row]) -> bool {
    let is_rival = |other: &Terms| fits(terms, other, rows) && differs(terms, other, rows);
    is_rival(&terms.rounded(Round::HalfEven))
        || is_rival(&other_side(terms))
        || bounds(terms, rows).iter().any(is_rival)
        || days(terms, rows).iter().any(is_rival)
}

fn fits(terms: &Terms, other: &Terms, rows: &[&Row]) -> bool {
    rows.iter().filter(|row| row.clean).all(|row| terms.fee(row) == other.fee(row))
}

fn differs(terms: &Terms, other: &Terms, rows: &[&Row]) -> bool {
    rows.iter().any(|row| terms.fee(row) != other.fee(row))
}

/// What belongs to what is above a bound in place of below it, or the other way round.
fn other_side(terms: &Terms) -> Terms {
    let (bounds, below) = terms.bounds();
    let by = if below { -1 } else { 1 };
    terms.with_bounds(&bounds.iter().map(|bound| bound + by).collect::<Vec<_>>())
}

/// Bounds elsewhere that have at most one digit more, as far as clean lines allow.
fn bounds(terms: &Terms, rows: &[&Row]) -> Vec<Terms> {
    let (bounds, below) = terms.bounds();
    let other_side = if below { -1 } else { 1 };
    let mut found = Vec::new();
    for at in 0..bounds.len() {
        let step = last_digit(bounds[at]);
        for way in [-1, 1] {
            for steps in 1..=STEPS {
                let place = bounds[at] + way * steps * step;
                let with = |place: i64| {
                    let mut moved = bounds.clone();
                    moved[at] = place;
                    terms.with_bounds(&moved)
                };
                let both = [place, place + other_side].map(with);
                let fitting = both.into_iter().filter(|other| fits(terms, other, rows));
                let before = found.len();
                found.extend(fitting);
                if found.len() == before {
                    break;
                }
            }
        }
    }
    found
}

/// The step of numbers with one digit more than this one has.
fn last_digit(number: i64) -> i64 {
    let mut step = 1;
    while number % (step * 10) == 0 {
        step *= 10;
    }
    (step / 10).max(1)
}

/// Other days of a change within months, as far as clean lines allow.
fn days(terms: &Terms, rows: &[&Row]) -> Vec<Terms> {
    let days = terms.days();
    let mut found = Vec::new();
    for at in 0..days.len() {
        if MONTHS.contains(&(days[at] - FIRST)) {
            continue;
        }
        for way in [-1, 1] {
            for by in 1..=30 {
                let mut moved = days.clone();
                moved[at] += way * by;
                let other = terms.with_days(&moved);
                if !fits(terms, &other, rows) {
                    break;
                }
                found.push(other);
            }
        }
    }
    found
}
