//! Ways to change what a result document says: one figure, word or place at a time, or several that
//! hide each other.

use crossfoot::codes::Code;
use crossfoot::money::Currency;
use rust_decimal::Decimal;

use super::Dice;
use super::paper::{Leaf, List, Object, Paper, Plain, Text, number, object, text, written};

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Amount,
    Code,
    Disposition,
    Group,
    Total,
    Match,
    /// Anything else: words, evidence, dates, sources, the order of elements.
    Other,
}

/// A way to change a document; `None` where it does not fit this one.
type Change = fn(&mut Paper, &mut Dice) -> Option<()>;

/// A kind of forgery.
#[derive(Clone, Copy)]
pub(crate) struct Forgery {
    pub(crate) name: &'static str,
    pub(crate) subject: Subject,
    pub(crate) change: Change,
}

const fn forgery(subject: Subject, name: &'static str, change: Change) -> Forgery {
    Forgery { name, subject, change }
}

/// All of them.
pub(crate) const ALL: &[Forgery] = &[
    forgery(Subject::Amount, "an amount of an entry", entry_amount),
    forgery(Subject::Amount, "money moved between entries", amount_moved),
    forgery(Subject::Amount, "the amounts of two entries swapped", amounts_swapped),
    forgery(Subject::Amount, "a part of a difference", part_changed),
    forgery(Subject::Amount, "money moved between parts", part_moved),
    forgery(Subject::Amount, "a part moved between matches", part_between_matches),
    forgery(Subject::Amount, "the amount of an exception", exception_amount),
    forgery(Subject::Amount, "a figure of a fact", fact_figure),
    forgery(Subject::Amount, "both figures of a fact", fact_figures),
    forgery(Subject::Code, "a code of a fact", code_replaced),
    forgery(Subject::Code, "the codes of two facts swapped", codes_swapped),
    forgery(Subject::Code, "the headline", headline),
    forgery(Subject::Code, "a fact left out", fact_dropped),
    forgery(Subject::Code, "a fact made up", fact_added),
    forgery(Subject::Code, "a note left out", note_dropped),
    forgery(Subject::Code, "a note made up", note_added),
    forgery(Subject::Code, "an exception left out", exception_dropped),
    forgery(Subject::Disposition, "a disposition", disposition),
    forgery(Subject::Disposition, "an open entry put aside", open_put_aside),
    forgery(Subject::Disposition, "an entry that was put aside opened", put_aside_opened),
    forgery(Subject::Disposition, "a reason", reason),
    forgery(Subject::Disposition, "the places of two entries swapped", places_swapped),
    forgery(Subject::Disposition, "a pair put aside", pair_put_aside),
    forgery(Subject::Group, "the group of an entry", group),
    forgery(Subject::Group, "a row moved to another match", row_moved),
    forgery(Subject::Match, "two lines swapped between matches", lines_swapped),
    forgery(Subject::Match, "equal lines swapped between matches", equal_lines_swapped),
    forgery(Subject::Match, "a match left out", match_dropped),
    forgery(Subject::Match, "a match twice", match_doubled),
    forgery(Subject::Match, "a match taken apart", match_dissolved),
    forgery(Subject::Match, "a match made up", match_made_up),
    forgery(Subject::Match, "two matches made one", matches_merged),
    forgery(Subject::Match, "a rule", rule),
    forgery(Subject::Match, "a class", class),
    forgery(Subject::Total, "a figure of a total", total_figure),
    forgery(Subject::Total, "money moved between the places of a total", total_moved),
    forgery(Subject::Total, "a total left out", total_dropped),
    forgery(Subject::Total, "a total twice", total_doubled),
    forgery(Subject::Total, "a figure of the summary", summary_figure),
    forgery(Subject::Total, "explained in place of unexplained", summary_moved),
    forgery(Subject::Total, "a count", count),
    forgery(Subject::Total, "whether it balances", balance),
    forgery(Subject::Other, "evidence", evidence),
    forgery(Subject::Other, "any field of an entry", entry_field),
    forgery(Subject::Other, "an entry left out", entry_dropped),
    forgery(Subject::Other, "an entry twice", entry_doubled),
    forgery(Subject::Other, "the names of two rows swapped", names_swapped),
    forgery(Subject::Other, "two elements in the other order", elements_swapped),
    forgery(Subject::Other, "a due date", due),
    forgery(Subject::Other, "an explanation of another row", explanation),
    forgery(Subject::Other, "a candidate", candidate),
    forgery(Subject::Other, "what is said of a source", source),
    forgery(Subject::Other, "what is said of the run", head),
    forgery(Subject::Other, "any text or number", anything),
];

fn pick<T>(dice: &mut Dice, list: &[T]) -> Option<usize> {
    (!list.is_empty()).then(|| dice.below(list.len()))
}

/// One of the elements of a section that fit.
fn one(
    paper: &Paper,
    dice: &mut Dice,
    section: &str,
    fits: impl Fn(&Leaf) -> bool,
) -> Option<usize> {
    let all: Vec<usize> =
        (0..).zip(paper.elements(section)).filter(|(_, e)| fits(e)).map(|(at, _)| at).collect();
    pick(dice, &all).map(|at| all[at])
}

/// Two different elements of a section, the second of which fits the first.
fn two(
    paper: &Paper,
    dice: &mut Dice,
    section: &str,
    fits: impl Fn(&Leaf, &Leaf) -> bool,
) -> Option<(usize, usize)> {
    let list = paper.elements(section);
    let start = pick(dice, list)?;
    (0..list.len()).map(|n| (start + n) % list.len()).find_map(|first| {
        let others: Vec<usize> =
            (0..list.len()).filter(|at| *at != first && fits(&list[first], &list[*at])).collect();
        pick(dice, &others).map(|at| (first, others[at]))
    })
}

fn same(one: &Leaf, other: &Leaf, fields: &[&str]) -> bool {
    fields.iter().all(|field| one.text(field) == other.text(field))
}

/// An amount that is near another one, by the ways in which people and programs err.
fn nudged(dice: &mut Dice, amount: Decimal) -> Decimal {
    let unit = Decimal::new(1, amount.scale());
    match dice.below(6) {
        0 => amount + unit,
        1 => amount - unit,
        2 => amount * Decimal::TEN,
        3 => -amount,
        4 => amount + unit * Decimal::from(9 * (1 + dice.below(99))),
        _ => amount * Decimal::ONE_HUNDRED,
    }
}

/// A text with another digit, or another letter where it has none.
fn altered(dice: &mut Dice, value: &str) -> String {
    let digits: Vec<usize> =
        value.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(at, _)| at).collect();
    match pick(dice, &digits) {
        Some(at) => {
            let mut bytes = value.as_bytes().to_vec();
            let digit = &mut bytes[digits[at]];
            *digit = b'0' + (*digit - b'0' + 1 + u8::try_from(dice.below(9)).unwrap()) % 10;
            String::from_utf8(bytes).unwrap()
        }
        None => format!("{value}x"),
    }
}

/// Writes an amount as the currency of an element wants it.
fn write(element: &mut Leaf, field: &str, amount: Decimal, currency: &str) -> Option<()> {
    let currency = Currency::from_code(currency)?;
    let written = written(amount, currency);
    (element.text(field) != written).then(|| element.set(field, &written))
}

/// The currency of an entry's field.
fn currency_of(entry: &Leaf, field: &str) -> String {
    match (field, entry.text("net_currency")) {
        ("net", paid) if !paid.is_empty() => paid.to_owned(),
        _ => entry.text("currency").to_owned(),
    }
}

// Amounts.

fn entry_amount(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let field = ["amount", "fee", "tax", "net"][dice.below(4)];
    let at = one(paper, dice, "entries", |entry| entry.get(field).is_some())?;
    let entry = &mut paper.section("entries")[at];
    let (amount, currency) = (number(entry, field), currency_of(entry, field));
    let amount = nudged(dice, amount);
    write(entry, field, amount, &currency)
}

const ALIKE: [&str; 4] = ["side", "kind", "currency", "net_currency"];

fn amount_moved(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (from, to) = two(paper, dice, "entries", |a, b| same(a, b, &ALIKE))?;
    let moved = Decimal::from(1 + dice.below(50));
    for (at, moved) in [(from, -moved), (to, moved)] {
        let entry = &mut paper.section("entries")[at];
        for field in ["amount", "net"] {
            if entry.get(field).is_some() {
                let (amount, currency) = (number(entry, field), currency_of(entry, field));
                write(entry, field, amount + moved, &currency)?;
            }
        }
    }
    Some(())
}

fn amounts_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let fits = |a: &Leaf, b: &Leaf| same(a, b, &ALIKE) && a.text("amount") != b.text("amount");
    let (from, to) = two(paper, dice, "entries", fits)?;
    for field in ["amount", "fee", "net"] {
        let values = [from, to].map(|at| paper.elements("entries")[at].text(field).to_owned());
        if values.iter().all(|value| !value.is_empty()) {
            paper.section("entries")[from].set(field, &values[1]);
            paper.section("entries")[to].set(field, &values[0]);
        }
    }
    Some(())
}

fn parts(found: &Leaf) -> &[Leaf] {
    match found.get("difference") {
        Some(List(parts)) => parts,
        _ => &[],
    }
}

fn part_changed(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "matches", |found| !parts(found).is_empty())?;
    let parts = paper.section("matches")[at].list_mut("difference")?;
    let part = pick(dice, parts)?;
    let (amount, currency) =
        (number(&parts[part], "amount"), parts[part].text("currency").to_owned());
    let amount = nudged(dice, amount);
    write(&mut parts[part], "amount", amount, &currency)
}

fn part_moved(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "matches", |found| !parts(found).is_empty())?;
    let parts = paper.section("matches")[at].list_mut("difference")?;
    let part = pick(dice, parts)?;
    let (amount, currency) =
        (number(&parts[part], "amount"), parts[part].text("currency").to_owned());
    let moved = amount - amount.trunc() + Decimal::ONE;
    write(&mut parts[part], "amount", amount - moved, &currency)?;
    let name = if parts[part].text("part") == "unexplained" { "fee" } else { "unexplained" };
    match parts
        .iter_mut()
        .find(|other| other.text("part") == name && other.text("currency") == currency)
    {
        Some(other) => {
            let sum = number(other, "amount") + moved;
            write(other, "amount", sum, &currency)
        }
        None => {
            let moved = written(moved, Currency::from_code(&currency)?);
            let at = if name == "fee" { 0 } else { parts.len() };
            let fields =
                [("part", text(name)), ("amount", text(moved)), ("currency", text(currency))];
            parts.insert(at, object(&fields));
            Some(())
        }
    }
}

fn part_between_matches(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let key = |found: &Leaf| {
        parts(found)
            .first()
            .map(|part| (part.text("part").to_owned(), part.text("currency").to_owned()))
    };
    let (from, to) = two(paper, dice, "matches", |a, b| key(a).is_some() && key(a) == key(b))?;
    let moved = Decimal::from(1 + dice.below(20));
    for (at, moved) in [(from, -moved), (to, moved)] {
        let part = &mut paper.section("matches")[at].list_mut("difference")?[0];
        let (amount, currency) = (number(part, "amount") + moved, part.text("currency").to_owned());
        write(part, "amount", amount, &currency)?;
    }
    Some(())
}

fn exception_amount(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "exceptions", |exception| exception.get("amount").is_some())?;
    let exception = &mut paper.section("exceptions")[at];
    let (amount, currency) = (number(exception, "amount"), exception.text("currency").to_owned());
    let amount = nudged(dice, amount);
    write(exception, "amount", amount, &currency)
}

/// A fact of an exception or a note of a match that fits: its section, element and place.
fn fact(
    paper: &Paper,
    dice: &mut Dice,
    fits: impl Fn(&Leaf) -> bool,
) -> Option<(&'static str, usize, usize)> {
    let mut all = Vec::new();
    for (section, list) in [("exceptions", "facts"), ("matches", "notes")] {
        for (at, element) in paper.elements(section).iter().enumerate() {
            if let Some(List(facts)) = element.get(list) {
                let fitting = facts.iter().enumerate().filter(|(_, fact)| fits(fact));
                all.extend(fitting.map(|(n, _)| (section, at, n)));
            }
        }
    }
    pick(dice, &all).map(|at| all[at])
}

fn list_of(section: &str) -> &'static str {
    if section == "matches" { "notes" } else { "facts" }
}

/// Writes another figure into a fact, and into the words about it.
fn refigure(element: &mut Leaf, list: &str, at: usize, field: &str, new: &str) -> Option<()> {
    let fact = element.list_mut(list)?.get_mut(at)?;
    let old = fact.text(field).to_owned();
    fact.set(field, new);
    let plain = |text: &str| text.trim_start_matches('-').to_owned();
    if let Some(words) = element.get_mut("explanation") {
        for (_, words) in words.leaves() {
            *words = words.replace(&plain(&old), &plain(new));
        }
    }
    (old != new).then_some(())
}

fn fact_figure(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let field = ["expected", "actual", "amount"][dice.below(3)];
    let (section, at, n) = fact(paper, dice, |fact| fact.get(field).is_some())?;
    let list = list_of(section);
    let element = &mut paper.section(section)[at];
    let own = &element.list_mut(list)?[n];
    let new = match (own.text(field).parse::<Decimal>(), Currency::from_code(own.text("currency")))
    {
        (Ok(amount), Some(currency)) => written(nudged(dice, amount), currency),
        _ => altered(dice, own.text(field)),
    };
    refigure(element, list, n, field, &new)
}

fn fact_figures(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let amounts = |fact: &Leaf| {
        ["expected", "actual"].iter().all(|name| fact.text(name).parse::<Decimal>().is_ok())
    };
    let (section, at, n) =
        fact(paper, dice, |fact| amounts(fact) && fact.get("currency").is_some())?;
    let list = list_of(section);
    let moved = Decimal::from(1 + dice.below(9));
    let element = &mut paper.section(section)[at];
    for field in ["expected", "actual"] {
        let own = &element.list_mut(list)?[n];
        let new = written(number(own, field) + moved, Currency::from_code(own.text("currency"))?);
        refigure(element, list, n, field, &new)?;
    }
    Some(())
}

// Codes.

/// Sorts the facts by precedence, and makes the headline fit.
fn headlined(exception: &mut Leaf) -> Option<()> {
    let facts = exception.list_mut("facts")?;
    facts.sort_by_key(|fact| Code::from_name(fact.text("code")).map(Code::headline_key));
    let code = facts.first()?.text("code").to_owned();
    exception.set("code", &code);
    Some(())
}

fn code_replaced(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (section, at, n) = fact(paper, dice, |_| true)?;
    let codes: Vec<&Code> =
        Code::ALL.iter().filter(|code| code.is_info() == (section == "matches")).collect();
    let code = codes[dice.below(codes.len())].name();
    let element = &mut paper.section(section)[at];
    let own = &mut element.list_mut(list_of(section))?[n];
    if own.text("code") == code {
        return None;
    }
    own.set("code", code);
    if section == "exceptions" { headlined(element) } else { Some(()) }
}

fn codes_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (one, other) = two(paper, dice, "exceptions", |a, b| {
        a.text("code") != b.text("code") && a.get("match").is_some() == b.get("match").is_some()
    })?;
    let codes = [one, other].map(|at| paper.elements("exceptions")[at].text("code").to_owned());
    for (at, code) in [(one, &codes[1]), (other, &codes[0])] {
        let exception = &mut paper.section("exceptions")[at];
        exception.list_mut("facts")?[0].set("code", code);
        headlined(exception)?;
    }
    Some(())
}

fn headline(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "exceptions", |_| true)?;
    let code = Code::ALL[dice.below(Code::ALL.len())].name();
    let exception = &mut paper.section("exceptions")[at];
    exception.set("code", code);
    Some(())
}

/// The rows that the facts of an exception name, in their order.
fn rows_of_facts(exception: &mut Leaf) {
    let Some(List(facts)) = exception.get("facts") else { return };
    let mut rows: Vec<String> = Vec::new();
    for row in facts.iter().flat_map(|fact| fact.texts("rows")) {
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    if let Some(list) = exception.list_mut("rows") {
        *list = rows.into_iter().map(Text).collect();
    }
}

fn fact_dropped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let many =
        |exception: &Leaf| matches!(exception.get("facts"), Some(List(facts)) if facts.len() > 1);
    let at = one(paper, dice, "exceptions", many)?;
    let exception = &mut paper.section("exceptions")[at];
    let facts = exception.list_mut("facts")?;
    let gone = dice.below(facts.len());
    facts.remove(gone);
    rows_of_facts(exception);
    headlined(exception)
}

fn fact_added(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "exceptions", |_| true)?;
    let exception = &mut paper.section("exceptions")[at];
    let facts = exception.list_mut("facts")?;
    let mut copy = facts[dice.below(facts.len())].clone();
    let codes: Vec<&Code> = Code::ALL.iter().filter(|code| !code.is_info()).collect();
    copy.set("code", codes[dice.below(codes.len())].name());
    facts.push(copy);
    headlined(exception)
}

fn note_dropped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(
        paper,
        dice,
        "matches",
        |found| matches!(found.get("notes"), Some(List(notes)) if !notes.is_empty()),
    )?;
    let notes = paper.section("matches")[at].list_mut("notes")?;
    notes.remove(dice.below(notes.len()));
    Some(())
}

fn note_added(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(
        paper,
        dice,
        "matches",
        |found| matches!(found.get("notes"), Some(List(notes)) if notes.is_empty()),
    )?;
    let found = &mut paper.section("matches")[at];
    let rows = [found.texts("orders").first()?.clone(), found.texts("settlement").first()?.clone()];
    let code = ["CUTOFF_SHIFT", "WITHIN_TOLERANCE", "ROUNDING"][dice.below(3)];
    let note = object(&[
        ("code", text(code)),
        ("rows", List(rows.into_iter().map(Text).collect())),
        ("expected", text("2026-02-03")),
        ("actual", text("2026-02-04")),
    ]);
    found.list_mut("notes")?.push(note);
    Some(())
}

fn exception_dropped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let quiet = |exception: &Leaf| {
        exception.get("match").is_some() && number(exception, "amount").is_zero()
    };
    let at = match dice.below(2) {
        0 => one(paper, dice, "exceptions", |_| true)?,
        _ => one(paper, dice, "exceptions", quiet)?,
    };
    paper.section("exceptions").remove(at);
    Some(())
}

// Dispositions.

const ENDS: [&str; 5] = ["matched", "open", "in_transit", "excluded", "closed_before"];
const REASONS: [&str; 8] = [
    "not_paid",
    "failed",
    "pending",
    "authorisation",
    "payout",
    "provider_fee",
    "own_balance",
    "voided",
];

/// Writes where an entry ends.
fn end(entry: &mut Leaf, end: &str, reason: Option<&str>, group: Option<&str>) {
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

fn disposition(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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
fn without_exception(paper: &mut Paper, row: &str) {
    let is_of = |exception: &Leaf| {
        exception.get("match").is_none()
            && exception.texts("rows").first().is_some_and(|own| own == row)
    };
    paper.section("exceptions").retain(|exception| !is_of(exception));
}

fn aside(paper: &mut Paper, dice: &mut Dice, at: usize) {
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

fn open_put_aside(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "entries", |entry| entry.text("disposition") == "open")?;
    aside(paper, dice, at);
    Some(())
}

/// The exception that an open row would have.
fn exception_for(entry: &Leaf) -> Leaf {
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
fn open(paper: &mut Paper, at: usize) {
    let entry = &mut paper.section("entries")[at];
    end(entry, "open", None, None);
    let (exception, row) = (exception_for(entry), entry.text("row").to_owned());
    paper.section("in_transit").retain(|element| element.text("row") != row);
    paper.section("exceptions").push(exception);
}

fn put_aside_opened(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let fits = |entry: &Leaf| matches!(entry.text("disposition"), "excluded" | "in_transit");
    let at = one(paper, dice, "entries", fits)?;
    open(paper, at);
    Some(())
}

fn reason(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "entries", |entry| entry.text("disposition") == "excluded")?;
    let entry = &mut paper.section("entries")[at];
    entry.set("reason", REASONS[dice.below(REASONS.len())]);
    Some(())
}

/// Lets two entries change places everywhere.
fn exchange(paper: &mut Paper, one: usize, other: usize) {
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

fn places_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let fits = |a: &Leaf, b: &Leaf| {
        a.text("side") == b.text("side") && a.text("disposition") != b.text("disposition")
    };
    let (one, other) = two(paper, dice, "entries", fits)?;
    exchange(paper, one, other);
    Some(())
}

/// A match of two rows: its place, and those of the rows.
fn pair(paper: &Paper, dice: &mut Dice) -> Option<(usize, [usize; 2])> {
    let is_pair =
        |found: &Leaf| found.texts("orders").len() == 1 && found.texts("settlement").len() == 1;
    let at = one(paper, dice, "matches", is_pair)?;
    let found = &paper.elements("matches")[at];
    let rows = [found.texts("orders").remove(0), found.texts("settlement").remove(0)];
    let [order, line] = rows.map(|row| paper.entry(&row));
    Some((at, [order?, line?]))
}

/// Takes a match and its exception away.
fn without_match(paper: &mut Paper, at: usize) {
    let id = paper.section("matches").remove(at).text("id").to_owned();
    paper.section("exceptions").retain(|exception| exception.text("match") != id);
}

fn pair_put_aside(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (at, rows) = pair(paper, dice)?;
    without_match(paper, at);
    rows.into_iter().for_each(|row| aside(paper, dice, row));
    Some(())
}

// Groups and matches.

fn group(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (one, other) = two(paper, dice, "entries", |a, b| {
        let groups = [a.text("group"), b.text("group")];
        groups.iter().all(|group| !group.is_empty()) && groups[0] != groups[1]
    })?;
    let group = paper.elements("entries")[other].text("group").to_owned();
    paper.section("entries")[one].set("group", &group);
    Some(())
}

fn row_moved(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (from, to) = two(paper, dice, "matches", |a, _| {
        a.texts("orders").len() + a.texts("settlement").len() > 1
    })?;
    let side = if paper.elements("matches")[from].texts("settlement").len() > 1 {
        "settlement"
    } else {
        "orders"
    };
    let list = paper.section("matches")[from].list_mut(side)?;
    let at = pick(dice, list)?;
    let row = list.remove(at);
    let found = &mut paper.section("matches")[to];
    found.list_mut(side)?.push(row.clone());
    let id = found.text("id").to_owned();
    let Text(row) = row else { return None };
    let entry = paper.entry(&row)?;
    paper.section("entries")[entry].set("group", &id);
    Some(())
}

fn swap_lines(
    paper: &mut Paper,
    dice: &mut Dice,
    fits: impl Fn(&Leaf, &Leaf) -> bool,
) -> Option<()> {
    let matched =
        |entry: &Leaf| entry.text("side") == "settlement" && entry.text("disposition") == "matched";
    let (one, other) = two(paper, dice, "entries", |a, b| {
        matched(a) && matched(b) && a.text("group") != b.text("group") && fits(a, b)
    })?;
    exchange(paper, one, other);
    Some(())
}

fn lines_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    swap_lines(paper, dice, |_, _| true)
}

fn equal_lines_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    swap_lines(paper, dice, |a, b| {
        same(a, b, &["amount", "fee", "net", "currency", "net_currency"])
    })
}

fn match_dropped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "matches", |_| true)?;
    without_match(paper, at);
    Some(())
}

fn match_doubled(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "matches", |_| true)?;
    let copy = paper.elements("matches")[at].clone();
    paper.section("matches").insert(at, copy);
    Some(())
}

fn match_dissolved(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (at, rows) = pair(paper, dice)?;
    without_match(paper, at);
    rows.into_iter().for_each(|row| open(paper, row));
    Some(())
}

fn match_made_up(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let open = |paper: &Paper, dice: &mut Dice, side: &str| {
        one(paper, dice, "entries", |entry| {
            entry.text("disposition") == "open" && entry.text("side") == side
        })
    };
    let (order, line) = (open(paper, dice, "orders")?, open(paper, dice, "settlement")?);
    let entries = [order, line].map(|at| paper.elements("entries")[at].clone());
    let [order_row, line_row] = [0, 1].map(|at: usize| entries[at].text("row").to_owned());
    let (currency, id) =
        (currency_of(&entries[1], "net"), format!("m{}-0", &entries[0].text("identity")[..16]));
    let rest = number(&entries[1], "net") - number(&entries[0], "amount");
    let part = [
        ("part", text("fee")),
        ("amount", text(written(rest, Currency::from_code(&currency)?))),
        ("currency", text(currency)),
    ];
    let key = [("kind", text("reference")), ("value", text(entries[1].text("reference")))];
    let found = object(&[
        ("id", text(&*id)),
        ("rule", text("M020")),
        ("class", text("forced")),
        ("orders", List(vec![text(&*order_row)])),
        ("settlement", List(vec![text(&*line_row)])),
        ("bank", List(Vec::new())),
        ("difference", List(vec![object(&part)])),
        ("evidence", List(vec![object(&key)])),
        ("notes", List(Vec::new())),
    ]);
    paper.section("matches").push(found);
    for (at, row) in [(order, order_row), (line, line_row)] {
        end(&mut paper.section("entries")[at], "matched", None, Some(&id));
        without_exception(paper, &row);
    }
    Some(())
}

fn matches_merged(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (into, from) = two(paper, dice, "matches", |a, b| a.text("rule") == b.text("rule"))?;
    let gone = paper.elements("matches")[from].clone();
    let (old, new) =
        (gone.text("id").to_owned(), paper.elements("matches")[into].text("id").to_owned());
    for list in ["orders", "settlement", "difference", "notes"] {
        let more = match gone.get(list) {
            Some(List(more)) => more.clone(),
            _ => Vec::new(),
        };
        paper.section("matches")[into].list_mut(list)?.extend(more);
    }
    paper.section("matches").remove(from);
    paper.section("exceptions").retain(|exception| exception.text("match") != old);
    for entry in paper.section("entries") {
        if entry.text("group") == old {
            entry.set("group", &new);
        }
    }
    Some(())
}

fn rule(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    const RULES: [&str; 10] =
        ["M010", "M020", "M030", "M040", "M050", "M055", "M060", "M070", "M080", "M100"];
    let at = one(paper, dice, "matches", |_| true)?;
    paper.section("matches")[at].set("rule", RULES[dice.below(RULES.len())]);
    Some(())
}

fn class(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = match dice.below(2) {
        0 => one(paper, dice, "matches", |_| true)?,
        _ => one(paper, dice, "matches", |found| {
            matches!(found.text("rule"), "M055" | "M060" | "M070" | "M080")
        })?,
    };
    let class = ["forced", "interchangeable", "ambiguous"][dice.below(3)];
    paper.section("matches")[at].set("class", class);
    Some(())
}

// Totals.

fn total_figure(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let fields = ["rows", "input", "matched", "open", "in_transit", "excluded", "closed_before"];
    let at = one(paper, dice, "totals", |_| true)?;
    let total = &mut paper.section("totals")[at];
    let field = fields[dice.below(fields.len())];
    if field == "rows" {
        let rows = altered(dice, total.text("rows"));
        total.set("rows", &rows);
        return Some(());
    }
    let (amount, currency) = (number(total, field), total.text("currency").to_owned());
    let amount = nudged(dice, amount);
    write(total, field, amount, &currency)
}

fn total_moved(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "totals", |_| true)?;
    let total = &mut paper.section("totals")[at];
    let (from, to) = (dice.below(ENDS.len()), dice.below(ENDS.len()));
    let currency = total.text("currency").to_owned();
    let moved = Decimal::from(1 + dice.below(99));
    let (less, more) = (number(total, ENDS[from]) - moved, number(total, ENDS[to]) + moved);
    if from == to {
        return None;
    }
    write(total, ENDS[from], less, &currency)?;
    write(total, ENDS[to], more, &currency)
}

fn total_dropped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "totals", |_| true)?;
    paper.section("totals").remove(at);
    Some(())
}

fn total_doubled(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "totals", |_| true)?;
    let copy = paper.elements("totals")[at].clone();
    paper.section("totals").insert(at, copy);
    Some(())
}

fn summary_figure(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "summary", |_| true)?;
    let account = &mut paper.section("summary")[at];
    let field = ["expected", "received", "difference", "unexplained"][dice.below(4)];
    let (amount, currency) = (number(account, field), account.text("currency").to_owned());
    let amount = nudged(dice, amount);
    write(account, field, amount, &currency)
}

fn summary_moved(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(
        paper,
        dice,
        "summary",
        |account| matches!(account.get("explained"), Some(List(parts)) if !parts.is_empty()),
    )?;
    let account = &mut paper.section("summary")[at];
    let currency = account.text("currency").to_owned();
    let moved = Decimal::from(1 + dice.below(999));
    let rest = number(account, "unexplained") - moved;
    write(account, "unexplained", rest, &currency)?;
    let part = &mut account.list_mut("explained")?[0];
    let sum = number(part, "amount") + moved;
    write(part, "amount", sum, &currency)
}

fn count(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let mut leaves = paper.counts.leaves();
    let at = pick(dice, &leaves)?;
    let value = &mut leaves[at].1;
    let number: u64 = value.parse().ok()?;
    **value = (number + 1 + dice.below(9) as u64).to_string();
    Some(())
}

fn balance(paper: &mut Paper, _: &mut Dice) -> Option<()> {
    let line = paper.balance();
    *line = line.replace("\"balanced\":true", "\"balanced\":false");
    Some(())
}

// Everything else.

fn evidence(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "matches", |_| true)?;
    let reasons = paper.section("matches")[at].list_mut("evidence")?;
    if dice.below(4) == 0 {
        reasons.pop()?;
        return Some(());
    }
    let mut leaves: Vec<_> = reasons.iter_mut().flat_map(Leaf::leaves).collect();
    let at = pick(dice, &leaves)?;
    let value = &mut leaves[at].1;
    **value = altered(dice, value);
    Some(())
}

fn entry_field(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "entries", |_| true)?;
    let Object(fields) = &paper.elements("entries")[at] else { return None };
    let fields: Vec<String> = fields.iter().map(|(name, _)| name.clone()).collect();
    let field = &fields[dice.below(fields.len())];
    let others: Vec<String> = paper
        .elements("entries")
        .iter()
        .map(|entry| entry.text(field).to_owned())
        .filter(|text| !text.is_empty())
        .collect();
    let entry = &mut paper.section("entries")[at];
    let new = match dice.below(2) {
        0 => others[dice.below(others.len())].clone(),
        _ => altered(dice, entry.text(field)),
    };
    entry.set(field, &new);
    Some(())
}

fn entry_dropped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let fits =
        |entry: &Leaf| matches!(entry.text("disposition"), "open" | "excluded" | "in_transit");
    let at = one(paper, dice, "entries", fits)?;
    let row = paper.section("entries").remove(at).text("row").to_owned();
    without_exception(paper, &row);
    paper.section("in_transit").retain(|element| element.text("row") != row);
    Some(())
}

fn entry_doubled(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "entries", |entry| entry.text("disposition") == "excluded")?;
    let mut copy = paper.elements("entries")[at].clone();
    let row = altered(dice, copy.text("row"));
    copy.set("row", &row);
    paper.section("entries").insert(at + 1, copy);
    Some(())
}

fn names_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (one, other) = two(paper, dice, "entries", |a, b| a.text("side") == b.text("side"))?;
    let rows = [one, other].map(|at| paper.elements("entries")[at].text("row").to_owned());
    let names = [(rows[0].clone(), rows[1].clone()), (rows[1].clone(), rows[0].clone())].into();
    for section in ["entries", "matches", "exceptions", "in_transit"] {
        paper.section(section).iter_mut().for_each(|element| element.rename(&names));
    }
    Some(())
}

fn elements_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let section =
        ["entries", "matches", "exceptions", "in_transit", "totals", "sources"][dice.below(6)];
    let list = paper.section(section);
    let (one, other) = (pick(dice, list)?, pick(dice, list)?);
    list.swap(one, other);
    Some(())
}

fn due(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "in_transit", |_| true)?;
    let element = &mut paper.section("in_transit")[at];
    let day = format!("2026-{:02}-{:02}", 1 + dice.below(12), 1 + dice.below(28));
    element.set("due", &day);
    Some(())
}

fn explanation(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (one, other) = two(paper, dice, "exceptions", |_, _| true)?;
    let words = paper.elements("exceptions")[other].get("explanation")?.clone();
    *paper.section("exceptions")[one].get_mut("explanation")? = words;
    Some(())
}

fn candidate(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "exceptions", |_| true)?;
    let entries = paper.elements("entries");
    let row = entries[dice.below(entries.len())].text("row").to_owned();
    let candidates = paper.section("exceptions")[at].list_mut("candidates")?;
    match pick(dice, candidates) {
        Some(at) if dice.below(2) == 0 => drop(candidates.remove(at)),
        Some(at) => candidates[at].set("row", &row),
        None => candidates.push(object(&[("row", text(row))])),
    }
    Some(())
}

fn source(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "sources", |_| true)?;
    change_leaf(&mut paper.section("sources")[at], dice)
}

fn head(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = paper.head.find("\"ruleset\"")?;
    let (before, after) = paper.head.split_at(at);
    paper.head = format!("{before}{}", altered(dice, after));
    Some(())
}

fn change_leaf(element: &mut Leaf, dice: &mut Dice) -> Option<()> {
    let mut leaves = element.leaves();
    leaves.retain(|(path, _)| !path.ends_with(".certificate"));
    let at = pick(dice, &leaves)?;
    let value = &mut leaves[at].1;
    **value = match value.as_str() {
        "true" => "false".to_owned(),
        "false" => "true".to_owned(),
        text => altered(dice, text),
    };
    Some(())
}

fn anything(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let section = dice.below(paper.sections.len());
    let at = pick(dice, &paper.sections[section])?;
    let element = &mut paper.sections[section][at];
    debug_assert!(!matches!(element, Plain(_)), "elements are objects");
    change_leaf(element, dice)
}
