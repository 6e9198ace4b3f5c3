//! Everything else that can be forged: evidence, names, order, words, sources.

use super::*;

pub(super) fn evidence(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn entry_field(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn entry_dropped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let fits =
        |entry: &Leaf| matches!(entry.text("disposition"), "open" | "excluded" | "in_transit");
    let at = one(paper, dice, "entries", fits)?;
    let row = paper.section("entries").remove(at).text("row").to_owned();
    without_exception(paper, &row);
    paper.section("in_transit").retain(|element| element.text("row") != row);
    Some(())
}

pub(super) fn entry_doubled(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "entries", |entry| entry.text("disposition") == "excluded")?;
    let mut copy = paper.elements("entries")[at].clone();
    let row = altered(dice, copy.text("row"));
    copy.set("row", &row);
    paper.section("entries").insert(at + 1, copy);
    Some(())
}

pub(super) fn names_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (one, other) = two(paper, dice, "entries", |a, b| a.text("side") == b.text("side"))?;
    let rows = [one, other].map(|at| paper.elements("entries")[at].text("row").to_owned());
    let names = [(rows[0].clone(), rows[1].clone()), (rows[1].clone(), rows[0].clone())].into();
    for section in ["entries", "matches", "exceptions", "in_transit"] {
        paper.section(section).iter_mut().for_each(|element| element.rename(&names));
    }
    Some(())
}

pub(super) fn elements_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let section =
        ["entries", "matches", "exceptions", "in_transit", "totals", "sources"][dice.below(6)];
    let list = paper.section(section);
    let (one, other) = (pick(dice, list)?, pick(dice, list)?);
    list.swap(one, other);
    Some(())
}

pub(super) fn due(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "in_transit", |_| true)?;
    let element = &mut paper.section("in_transit")[at];
    let day = format!("2026-{:02}-{:02}", 1 + dice.below(12), 1 + dice.below(28));
    element.set("due", &day);
    Some(())
}

pub(super) fn explanation(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (one, other) = two(paper, dice, "exceptions", |_, _| true)?;
    let words = paper.elements("exceptions")[other].get("explanation")?.clone();
    *paper.section("exceptions")[one].get_mut("explanation")? = words;
    Some(())
}

pub(super) fn candidate(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn source(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "sources", |_| true)?;
    change_leaf(&mut paper.section("sources")[at], dice)
}

pub(super) fn head(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = paper.head.find("\"ruleset\"")?;
    let (before, after) = paper.head.split_at(at);
    paper.head = format!("{before}{}", altered(dice, after));
    Some(())
}

pub(super) fn change_leaf(element: &mut Leaf, dice: &mut Dice) -> Option<()> {
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

pub(super) fn anything(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let section = dice.below(paper.sections.len());
    let at = pick(dice, &paper.sections[section])?;
    let element = &mut paper.sections[section][at];
    debug_assert!(!matches!(element, Plain(_)), "elements are objects");
    change_leaf(element, dice)
}
