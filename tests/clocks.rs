//! On which clock a file was written, and when its day ends, is found by the events that another file has
//! too: in every zone, and never by too few of them or by some that contradict each other.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests")]

mod support;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use crossfoot::report::Run;
use crossfoot::time::{Date, Instant};
use support::{Source, assert_proven, document, elements, json, run};

const MINUTE: i64 = 60_000_000;

/// A month of events, on all times of day.
fn events(count: i64) -> Vec<Instant> {
    let start = Instant::from_utc_date(Date::from_iso("2026-02-02").unwrap()).0;
    let step = 28 * 86_400 / count / 2 * 2 + 1;
    (0..count).map(|n| Instant(start + n * step * 1_000_000)).collect()
}

/// What a clock so many minutes ahead of UTC shows.
fn shown(at: Instant, minutes: i64) -> String {
    let text = Instant(at.0 + minutes * MINUTE).to_string();
    text.trim_end_matches('Z').replace('T', " ")
}

fn orders(events: &[Instant]) -> String {
    let row = |(n, at): (usize, &Instant)| format!("A{n},{at},{}.00,USD\n", 10 + n % 7);
    let rows: String = events.iter().enumerate().map(row).collect();
    format!("Order ID,Date,Total,Currency\n{rows}")
}

/// Lines of the same events, each with the date that is given for it.
fn lines(events: &[Instant], date: impl Fn(usize, Instant) -> String) -> String {
    let row = |(n, at): (usize, &Instant)| {
        let amount = 10 + n % 7;
        format!("A{n},{},{amount}.00,0.00,{amount}.00,USD\n", date(n, *at))
    };
    let rows: String = events.iter().enumerate().map(row).collect();
    format!("Order ID,Date,Amount,Fee,Net,Currency\n{rows}")
}

fn reconciled(orders: &str, lines: &str, rules: Option<&str>) -> Run {
    let sources = [
        Source::new("orders.csv", Side::Orders, orders),
        Source::new("psp.csv", Side::Settlement, lines),
    ];
    let settings = Settings { rules: rules.map(str::to_owned), ..Settings::default() };
    run(&settings, &sources).unwrap_or_else(|error| panic!("{error}"))
}

/// What is assumed of the settlement, by name: the value, and whether it is a question.
fn assumed(run: &Run, what: &str) -> Option<(String, bool)> {
    let found = run.sources[1].assumptions.iter().find(|one| one.what == what)?;
    Some((found.value.clone(), found.question.is_some()))
}

fn why(run: &Run, what: &str) -> String {
    run.sources[1].assumptions.iter().find(|one| one.what == what).unwrap().why.clone()
}

fn zone_name(minutes: i64) -> String {
    if minutes == 0 {
        return "UTC".to_owned();
    }
    let (sign, ahead) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
    format!("{sign}{:02}:{:02}", ahead / 60, ahead % 60)
}

/// Every whole and half hour, and the quarters that clocks have.
fn offsets() -> impl Iterator<Item = i64> {
    (-12 * 60..=14 * 60).step_by(30).chain([-225, 345, 525, 765, 825])
}

#[test]
fn times_in_every_zone_are_put_on_their_clock() {
    let events = events(60);
    let orders = orders(&events);
    for minutes in offsets() {
        let lines = lines(&events, |n, at| {
            shown(Instant(at.0 + i64::try_from(n % 5).unwrap() * MINUTE), minutes)
        });
        let run = reconciled(&orders, &lines, None);
        assert_eq!(assumed(&run, "time zone"), Some((zone_name(minutes), false)), "{minutes}");
        let text = document(&run);
        assert_proven(&text, "a file on another clock");
        let document = json(&text);
        for entry in elements(&document, "entries").iter().filter(|e| e["side"] == "settlement") {
            let ahead = entry["offset_minutes"].as_i64().unwrap_or(0);
            assert_eq!(ahead, minutes);
        }
        assert_eq!(document["summary"]["counts"]["matches"], 60);
    }
}

#[test]
fn days_in_every_zone_are_put_on_their_calendar() {
    let events = events(401);
    let orders = orders(&events);
    for minutes in offsets() {
        let lines = lines(&events, |_, at| shown(at, minutes)[..10].to_owned());
        let run = reconciled(&orders, &lines, None);
        assert_eq!(assumed(&run, "time zone"), Some((zone_name(minutes), false)), "{minutes}");
        assert_proven(&document(&run), "a file of days");
    }
}

#[test]
fn it_is_asked_below_fifty_events_and_nothing_is_claimed_below_twenty() {
    for (count, zone, asked) in [
        (60, ("+08:00", false), None),
        (50, ("+08:00", false), None),
        (49, ("UTC", true), Some(("+08:00", true))),
        (20, ("UTC", true), Some(("+08:00", true))),
        (19, ("UTC", true), None),
    ] {
        let events = events(count);
        let lines = lines(&events, |_, at| shown(at, 480));
        let run = reconciled(&orders(&events), &lines, None);
        let owned = |found: (&str, bool)| (found.0.to_owned(), found.1);
        assert_eq!(assumed(&run, "time zone"), Some(owned(zone)), "{count}");
        assert_eq!(assumed(&run, "time zone by its events"), asked.map(owned), "{count}");
    }
    let events = events(49);
    let lines = lines(&events, |_, at| shown(at, 480));
    let run = reconciled(&orders(&events), &lines, None);
    assert_eq!(
        why(&run, "time zone by its events"),
        "49 of 49 events that orders.csv has too agree on it, and none on another; confirm it as the \
         zone in the file's mapping, or in a [[clock]] of the rules"
    );
}

#[test]
fn events_that_contradict_each_other_claim_nothing() {
    let events = events(200);
    for (wrong, zone, asked) in [
        (0, ("+08:00", false), None),
        // One in ten is three hours later: likely, and asked.
        (20, ("UTC", true), Some("+08:00")),
        (21, ("UTC", true), None),
        (100, ("UTC", true), None),
    ] {
        let lines = lines(&events, |n, at| shown(at, if n < wrong { 660 } else { 480 }));
        let run = reconciled(&orders(&events), &lines, None);
        assert_eq!(assumed(&run, "time zone"), Some((zone.0.to_owned(), zone.1)), "{wrong}");
        let found = assumed(&run, "time zone by its events").map(|(value, _)| value);
        assert_eq!(found.as_deref(), asked, "{wrong}");
        if wrong == 20 {
            let why = why(&run, "time zone by its events");
            assert!(why.starts_with(
                "180 of 200 events that orders.csv has too agree on it, and 20 on the next best, +11:00;"
            ));
        }
    }
}

#[test]
fn a_zone_that_the_user_states_is_not_inferred() {
    let events = events(60);
    let lines = lines(&events, |_, at| shown(at, 480));
    let rules = "[[clock]]\nfile = \"psp.csv\"\nzone = \"Asia/Shanghai\"\n";
    let run = reconciled(&orders(&events), &lines, Some(rules));
    assert_eq!(assumed(&run, "time zone"), Some(("Asia/Shanghai".to_owned(), false)));
    // Both files without a zone: nobody knows which of them is right.
    let without = orders(&events).replace('Z', "");
    let run = reconciled(&without, &lines, None);
    assert_eq!(assumed(&run, "time zone"), Some(("UTC".to_owned(), true)));
    let run = reconciled(&without, &lines, Some("[[clock]]\nfile = \"other.csv\"\n"));
    let first = &run.sources[0].assumptions;
    assert!(first.iter().any(|one| one.what == "clock of the rules" && one.value == "other.csv"));
}

#[test]
fn a_cut_off_is_found_and_its_shifts_are_noted() {
    let events = events(1_201);
    // The zone is stated, and the day ends at 23:00.
    let rules = "[[clock]]\nfile = \"psp.csv\"\nzone = \"Asia/Shanghai\"\n";
    let lines = lines(&events, |_, at| shown(at, 480 + 60)[..10].to_owned());
    let run = reconciled(&orders(&events), &lines, Some(rules));
    let found = run.sources[1].assumptions.iter().filter(|one| one.what == "accounting cut-off");
    let found: Vec<&str> = found.map(|one| one.value.as_str()).collect();
    assert_eq!(found, ["23:00"]);
    let text = document(&run);
    assert_proven(&text, "a file with a cut-off");
    // Orders between 15:00 and 24:00 UTC are of the next day: nine of 24 hours.
    let notes = json(&text)["summary"]["counts"]["notes"].as_u64().unwrap();
    let behind = events.iter().filter(|at| at.0.rem_euclid(1440 * MINUTE) >= 900 * MINUTE).count();
    assert_eq!(notes, u64::try_from(behind).unwrap());
    assert_eq!(json(&text)["summary"]["counts"]["open"], 0, "no row is missing");
}
