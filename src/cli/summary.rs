//! The answer for people: what was expected, what came, and why they differ.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crossfoot::codes::Code;
use crossfoot::entry::Side;
use crossfoot::ingest::stated::What;
use crossfoot::money::{Amount, Currency};
use crossfoot::report::Run;

/// The summary of a run.
pub(crate) fn summary(run: &Run) -> String {
    let mut text = String::new();
    let as_of = run.as_of.map_or_else(|| "no date".to_owned(), |date| date.to_string());
    let _ = writeln!(text, "As of {as_of}, {}\n", run.timezone);
    sources(&mut text, run);
    currencies(&mut text, run);
    payouts(&mut text, run);
    exceptions(&mut text, run);
    let proof = if run.balanced() {
        "Proof: holds. Every row has one place, and every currency ties."
    } else {
        "Proof: DOES NOT HOLD. Do not use this result; please report it."
    };
    let _ = writeln!(text, "\n{proof}");
    text
}

fn sources(text: &mut String, run: &Run) {
    for source in &run.sources {
        let rows = source.rows;
        if let Some(carried) = &source.carried {
            let _ = writeln!(
                text,
                "{}  {}, carried forward from {}: {} rows left open, {} rows closed on all sides",
                source.file,
                source.side.name(),
                carried.as_of,
                rows.read,
                carried.closed,
            );
            continue;
        }
        let _ = writeln!(
            text,
            "{}  {}, {}: {} rows read = {} entries + {} structural + {} rejected",
            source.file,
            source.side.name(),
            source.profile,
            rows.read,
            rows.entries,
            rows.structural,
            rows.rejected,
        );
        for row in source.rejected.iter().take(10) {
            let code = row.code.name();
            let _ = writeln!(text, "    {}:{}: {code}: {}", source.file, row.row, row.reason);
        }
        if source.rejected.len() > 10 {
            let _ = writeln!(text, "    and {} more: see the result", source.rejected.len() - 10);
        }
        for control in source.controls.iter().filter(|control| !control.ok) {
            let _ = writeln!(
                text,
                "    CONTROL_TOTAL_MISMATCH: {}: stated {}, computed {}",
                control.name, control.stated, control.computed
            );
        }
        if let Some(drift) = &source.drift {
            let (missing, unknown) = (drift.missing.join(", "), drift.unknown.join(", "));
            let _ = writeln!(
                text,
                "    SCHEMA_DRIFT: no column {missing}; not read, though it seems to be the same: {unknown}"
            );
        }
        for (account, balance) in source.balances().filter(|(_, b)| b.what == What::Frozen) {
            let held = balance.amount.format(account.currency);
            let _ = writeln!(
                text,
                "    frozen funds: {} {} {held}",
                account.account,
                account.currency.code()
            );
        }
        for assumption in &source.assumptions {
            let _ = writeln!(
                text,
                "    assumed {}: {} ({})",
                assumption.what, assumption.value, assumption.why
            );
        }
    }
}

fn currencies(text: &mut String, run: &Run) {
    for summary in run.per_currency() {
        let code = summary.currency.code();
        let money = |amount: Amount| amount.format(summary.currency);
        let _ = writeln!(
            text,
            "\n{code}  expected {}, received {}, difference {}",
            money(summary.expected),
            money(summary.received),
            money(summary.difference)
        );
        for (part, amount) in &summary.explained {
            let _ = writeln!(text, "     {:<12} {:>18}", part.name(), money(*amount));
        }
        let _ = writeln!(text, "     {:<12} {:>18}", "unexplained", money(summary.unexplained));
        due_later(text, run, summary.currency);
    }
}

/// What is on its way: orders that are not due yet, and settled money that is paid out later.
fn due_later(text: &mut String, run: &Run, currency: Currency) {
    for (side, what) in [(Side::Orders, "not due yet"), (Side::Settlement, "paid later")] {
        let days = run.exceptions.insights.forecast(currency).filter(|due| due.side == side);
        let days: Vec<_> = days.collect();
        let (Some(first), Some(last)) = (days.first(), days.last()) else { continue };
        let sum = days.iter().try_fold(Amount::ZERO, |sum, due| sum.checked_add(due.amount));
        let Some(sum) = sum else { continue };
        let rows = days.iter().fold(0_u64, |rows, due| rows.saturating_add(due.rows));
        let _ = writeln!(
            text,
            "     {what:<12} {:>18}  {rows} rows, from {} to {}",
            sum.format(currency),
            first.on,
            last.on
        );
    }
}

/// Whether lines add up to payouts, and whether these arrived.
fn payouts(text: &mut String, run: &Run) {
    let mut links: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for payout in &run.payouts.all {
        *links.entry((payout.link.name(), payout.arrived().name())).or_default() += 1;
    }
    if links.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{} payouts", run.payouts.all.len());
    for ((lines, bank), count) in links {
        let _ = writeln!(text, "  {count:>6}  lines: {lines:<14} bank: {bank}");
    }
}

fn exceptions(text: &mut String, run: &Run) {
    let counts = run.counts();
    let ends: Vec<String> =
        counts.ends.iter().map(|(end, count)| format!("{count} {}", end.name())).collect();
    let items = run.exceptions.items.len();
    let _ = writeln!(
        text,
        "\n{} matches; entries: {}; {items} exceptions",
        run.matches.len(),
        ends.join(", ")
    );
    let mut by_code: BTreeMap<&str, (Code, u64, BTreeMap<Currency, Amount>)> = BTreeMap::new();
    for exception in &run.exceptions.items {
        let Some(code) = exception.code() else { continue };
        let line = by_code.entry(code.name()).or_insert((code, 0, BTreeMap::new()));
        line.1 += 1;
        let sum = line.2.entry(exception.currency).or_default();
        *sum = sum.checked_add(exception.amount).unwrap_or(*sum);
    }
    for (name, (code, count, sums)) in by_code {
        let sums: Vec<String> = sums
            .iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(currency, amount)| format!("{} {}", currency.code(), amount.format(*currency)))
            .collect();
        let _ = writeln!(text, "  {count:>6}  {name:<24} {:<32} {}", code.title(), sums.join(", "));
    }
}
