//! Forged places: dispositions, reasons, and entries that change places.

use super::*;

pub(super) const ENDS: [&str; 5] = ["matched", "open", "in_transit", "excluded", "closed_before"];
pub(super) const REASONS: [&str; 11] = [
    "not_paid",
    "failed",
    "pending",
    "authorisation",
    "payout",
    "provider_fee",
    "own_balance",
    "voided",
    "confirmed",
    "redelivered",
    "same_payment",
];

/// Writes where an entry ends.
pub(crate) fn end(entry: &mut Leaf, end: &str, reason: Option<&str>, group: Option<&str>) {
    for field in ["reason", "group"] {
        entry.remove(field);
    }
    entry.set("disposition", end);
    if let Some(reason) = reason {
        entry.put("reason", reason);
    }
    if let Some(group) = group {
        entry.put("group", group);
    }
}

pub(super) fn disposition(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "entries", |_| true)?;
    let groups: Vec<String> =
        paper.elements("matches").iter().map(|m| m.text("id").to_owned()).collect();
    let new = ENDS[dice.below(ENDS.len())];
    let entry = &mut paper.section("entries")[at];
    if entry.text("disposition") == new {
        return None;
    }
    let group = pick(dice, &groups).map(|at| groups[at].as_str());
    let reason = REASONS[dice.below(REASONS.len())];
    end(entry, new, (new == "excluded").then_some(reason), group.filter(|_| new == "matched"));
    Some(())
}

/// Takes away the exception of an open row.
pub(crate) fn without_exception(paper: &mut Paper, row: &str) {
    let is_of = |exception: &Leaf| {
        exception.get("match").is_none()
            && exception.texts("rows").first().is_some_and(|own| own == row)
    };
    paper.section("exceptions").retain(|exception| !is_of(exception));
}

pub(super) fn aside(paper: &mut Paper, dice: &mut Dice, at: usize) {
    let row = paper.elements("entries")[at].text("row").to_owned();
    let new = ["excluded", "in_transit", "closed_before", "excluded"][dice.below(4)];
    let reason = REASONS[dice.below(REASONS.len())];
    end(&mut paper.section("entries")[at], new, (new == "excluded").then_some(reason), None);
    without_exception(paper, &row);
    if new == "in_transit" {
        let due = paper
            .elements("in_transit")
            .first()
            .map_or("2026-12-31".to_owned(), |e| e.text("due").to_owned());
        paper.section("in_transit").push(object(&[("row", text(row)), ("due", text(due))]));
    }
}

pub(super) fn open_put_aside(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "entries", |entry| entry.text("disposition") == "open")?;
    aside(paper, dice, at);
    Some(())
}

/// The exception that an open row would have.
pub(super) fn exception_for(entry: &Leaf) -> Leaf {
    let side = entry.text("side");
    let code = match (side, entry.text("kind")) {
        ("orders", _) => "MISSING_IN_SETTLEMENT",
        (_, "refund") => "REFUND_UNMATCHED",
        (_, "reversal") => "REVERSAL_UNMATCHED",
        (_, "chargeback") => "CHARGEBACK",
        _ => "MISSING_IN_ORDERS",
    };
    let (row, currency, amount) = (entry.text("row"), entry.text("currency"), entry.text("amount"));
    let rows = List(vec![text(row)]);
    let rest = match side {
        "orders" if amount.starts_with('-') => amount.trim_start_matches('-').to_owned(),
        "orders" => format!("-{amount}"),
        _ => entry.text("net").to_owned(),
    };
    let paid = if side == "orders" { currency.to_owned() } else { currency_of(entry, "net") };
    let fact = [
        ("code", text(code)),
        ("rows", rows.clone()),
        ("amount", text(amount)),
        ("currency", text(currency)),
    ];
    let words = format!("{currency} {}", amount.trim_start_matches('-'));
    object(&[
        ("id", text(format!("x{}-0", &entry.text("identity")[..16]))),
        ("code", text(code)),
        ("state", text("open")),
        ("rows", rows),
        ("amount", text(rest)),
        ("currency", text(paid)),
        ("facts", List(vec![object(&fact)])),
        ("explanation", object(&[("en", text(&*words)), ("zh-Hans", text(&*words))])),
        ("candidates", List(Vec::new())),
    ])
}

/// Opens an entry, with all that an open entry has.
pub(super) fn open(paper: &mut Paper, at: usize) {
    let entry = &mut paper.section("entries")[at];
    end(entry, "open", None, None);
    let (exception, row) = (exception_for(entry), entry.text("row").to_owned());
    paper.section("in_transit").retain(|element| element.text("row") != row);
    paper.section("exceptions").push(exception);
}

pub(super) fn put_aside_opened(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let fits = |entry: &Leaf| matches!(entry.text("disposition"), "excluded" | "in_transit");
    let at = one(paper, dice, "entries", fits)?;
    open(paper, at);
    Some(())
}

pub(super) fn reason(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "entries", |entry| entry.text("disposition") == "excluded")?;
    let entry = &mut paper.section("entries")[at];
    entry.set("reason", REASONS[dice.below(REASONS.len())]);
    Some(())
}

/// Lets two entries change places everywhere.
pub(super) fn exchange(paper: &mut Paper, one: usize, other: usize) {
    let rows = [one, other].map(|at| paper.elements("entries")[at].text("row").to_owned());
    let swap = |text: &mut String| {
        if *text == rows[0] {
            text.clone_from(&rows[1]);
        } else if *text == rows[1] {
            text.clone_from(&rows[0]);
        }
    };
    for section in ["matches", "exceptions", "in_transit"] {
        for element in paper.section(section) {
            element.leaves().into_iter().for_each(|(_, text)| swap(text));
        }
    }
    let ends = [one, other].map(|at| {
        let entry = &paper.elements("entries")[at];
        ["disposition", "reason", "group"].map(|field| entry.text(field).to_owned())
    });
    for (at, [disposition, reason, group]) in [(one, &ends[1]), (other, &ends[0])] {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (reason, group) = (given(reason), given(group));
        end(&mut paper.section("entries")[at], disposition, reason.as_deref(), group.as_deref());
    }
}

pub(super) fn places_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let fits = |a: &Leaf, b: &Leaf| {
        a.text("side") == b.text("side") && a.text("disposition") != b.text("disposition")
    };
    let (one, other) = two(paper, dice, "entries", fits)?;
    exchange(paper, one, other);
    Some(())
}

/// A match of two rows: its place, and those of the rows.
pub(super) fn pair(paper: &Paper, dice: &mut Dice) -> Option<(usize, [usize; 2])> {
    let is_pair =
        |found: &Leaf| found.texts("orders").len() == 1 && found.texts("settlement").len() == 1;
    let at = one(paper, dice, "matches", is_pair)?;
    let found = &paper.elements("matches")[at];
    let rows = [found.texts("orders").remove(0), found.texts("settlement").remove(0)];
    let [order, line] = rows.map(|row| paper.entry(&row));
    Some((at, [order?, line?]))
}

/// Takes a match and its exception away.
pub(super) fn without_match(paper: &mut Paper, at: usize) {
    let id = paper.section("matches").remove(at).text("id").to_owned();
    paper.section("exceptions").retain(|exception| exception.text("match") != id);
}

pub(super) fn pair_put_aside(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (at, rows) = pair(paper, dice)?;
    without_match(paper, at);
    rows.into_iter().for_each(|row| aside(paper, dice, row));
    Some(())
}
