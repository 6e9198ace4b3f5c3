//! Forged codes: of facts, notes and headlines, and exceptions left out.

use super::*;

/// Sorts the facts by precedence, and makes the headline fit.
pub(super) fn headlined(exception: &mut Leaf) -> Option<()> {
    let facts = exception.list_mut("facts")?;
    facts.sort_by_key(|fact| Code::from_name(fact.text("code")).map(Code::headline_key));
    let code = facts.first()?.text("code").to_owned();
    exception.set("code", &code);
    Some(())
}

pub(super) fn code_replaced(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn codes_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn headline(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "exceptions", |_| true)?;
    let code = Code::ALL[dice.below(Code::ALL.len())].name();
    let exception = &mut paper.section("exceptions")[at];
    exception.set("code", code);
    Some(())
}

/// The rows that the facts of an exception name, in their order.
pub(super) fn rows_of_facts(exception: &mut Leaf) {
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

pub(super) fn fact_dropped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn fact_added(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "exceptions", |_| true)?;
    let exception = &mut paper.section("exceptions")[at];
    let facts = exception.list_mut("facts")?;
    let mut copy = facts[dice.below(facts.len())].clone();
    let codes: Vec<&Code> = Code::ALL.iter().filter(|code| !code.is_info()).collect();
    copy.set("code", codes[dice.below(codes.len())].name());
    facts.push(copy);
    headlined(exception)
}

pub(super) fn note_dropped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn note_added(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn exception_dropped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

/// One of the elements of a list of any source.
fn of_source(
    paper: &Paper,
    dice: &mut Dice,
    name: &str,
    fits: impl Fn(&Leaf) -> bool,
) -> Option<(usize, usize)> {
    let mut all = Vec::new();
    for (at, source) in paper.elements("sources").iter().enumerate() {
        let Some(List(list)) = source.get(name) else { continue };
        all.extend((0..list.len()).filter(|n| fits(&list[*n])).map(|n| (at, n)));
    }
    pick(dice, &all).map(|at| all[at])
}

pub(super) fn rejected_code(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (at, n) = of_source(paper, dice, "rejected", |_| true)?;
    let source = &mut paper.section("sources")[at];
    let rejected = source.list_mut("rejected")?;
    let code = ["UNPARSEABLE", "BAD_DATE", "PRECISION_ERROR"][dice.below(3)];
    rejected[n].set("code", code);
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for row in rejected {
        *counts.entry(row.text("code").to_owned()).or_default() += 1;
    }
    let counts = counts.into_iter().map(|(code, n)| (code, super::super::paper::plain(n)));
    *source.get_mut("rejected_by_code")? = Object(counts.collect());
    Some(())
}

pub(super) fn control_code(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (at, n) = of_source(paper, dice, "controls", |control| control.get("code").is_some())?;
    let control = &mut paper.section("sources")[at].list_mut("controls")?[n];
    match dice.below(3) {
        0 => control.remove("code"),
        1 => control.set("code", "BAD_DATE"),
        _ => {
            control.set("ok", "true");
            control.remove("code");
        }
    }
    Some(())
}
