//! Forged amounts: of entries, parts of differences, facts and exceptions.

use super::*;

pub(super) fn entry_amount(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let field = ["amount", "fee", "tax", "net"][dice.below(4)];
    let at = one(paper, dice, "entries", |entry| entry.get(field).is_some())?;
    let entry = &mut paper.section("entries")[at];
    let (amount, currency) = (number(entry, field), currency_of(entry, field));
    let amount = nudged(dice, amount);
    write(entry, field, amount, &currency)
}

pub(super) const ALIKE: [&str; 4] = ["side", "kind", "currency", "net_currency"];

pub(super) fn amount_moved(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn amounts_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn parts(found: &Leaf) -> &[Leaf] {
    match found.get("difference") {
        Some(List(parts)) => parts,
        _ => &[],
    }
}

pub(super) fn part_changed(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "matches", |found| !parts(found).is_empty())?;
    let parts = paper.section("matches")[at].list_mut("difference")?;
    let part = pick(dice, parts)?;
    let (amount, currency) =
        (number(&parts[part], "amount"), parts[part].text("currency").to_owned());
    let amount = nudged(dice, amount);
    write(&mut parts[part], "amount", amount, &currency)
}

pub(super) fn part_moved(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn part_between_matches(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn exception_amount(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "exceptions", |exception| exception.get("amount").is_some())?;
    let exception = &mut paper.section("exceptions")[at];
    let (amount, currency) = (number(exception, "amount"), exception.text("currency").to_owned());
    let amount = nudged(dice, amount);
    write(exception, "amount", amount, &currency)
}

/// A fact of an exception or a note of a match that fits: its section, element and place.
pub(super) fn fact(
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

pub(super) fn list_of(section: &str) -> &'static str {
    if section == "matches" { "notes" } else { "facts" }
}

/// Writes another figure into a fact, and into the words about it.
pub(super) fn refigure(
    element: &mut Leaf,
    list: &str,
    at: usize,
    field: &str,
    new: &str,
) -> Option<()> {
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

pub(super) fn fact_figure(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn fact_figures(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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
