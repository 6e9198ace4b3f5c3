//! Forged matches: groups, rows, rules, classes, and matches made up or taken apart.

use super::*;

pub(super) fn group(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (one, other) = two(paper, dice, "entries", |a, b| {
        let groups = [a.text("group"), b.text("group")];
        groups.iter().all(|group| !group.is_empty()) && groups[0] != groups[1]
    })?;
    let group = paper.elements("entries")[other].text("group").to_owned();
    paper.section("entries")[one].set("group", &group);
    Some(())
}

pub(super) fn row_moved(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn swap_lines(
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

pub(super) fn lines_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    swap_lines(paper, dice, |_, _| true)
}

pub(super) fn equal_lines_swapped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    swap_lines(paper, dice, |a, b| {
        same(a, b, &["amount", "fee", "net", "currency", "net_currency"])
    })
}

pub(super) fn match_dropped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "matches", |_| true)?;
    without_match(paper, at);
    Some(())
}

pub(super) fn match_doubled(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "matches", |_| true)?;
    let copy = paper.elements("matches")[at].clone();
    paper.section("matches").insert(at, copy);
    Some(())
}

pub(super) fn match_dissolved(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let (at, rows) = pair(paper, dice)?;
    without_match(paper, at);
    rows.into_iter().for_each(|row| open(paper, row));
    Some(())
}

pub(super) fn match_made_up(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn matches_merged(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn rule(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    const RULES: [&str; 10] =
        ["M010", "M020", "M030", "M040", "M050", "M055", "M060", "M070", "M080", "M100"];
    let at = one(paper, dice, "matches", |_| true)?;
    paper.section("matches")[at].set("rule", RULES[dice.below(RULES.len())]);
    Some(())
}

pub(super) fn class(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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
