//! Forged totals, summaries and counts.

use super::*;

pub(super) fn total_figure(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn total_moved(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn total_dropped(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "totals", |_| true)?;
    paper.section("totals").remove(at);
    Some(())
}

pub(super) fn total_doubled(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "totals", |_| true)?;
    let copy = paper.elements("totals")[at].clone();
    paper.section("totals").insert(at, copy);
    Some(())
}

pub(super) fn summary_figure(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let at = one(paper, dice, "summary", |_| true)?;
    let account = &mut paper.section("summary")[at];
    let field = ["expected", "received", "difference", "unexplained"][dice.below(4)];
    let (amount, currency) = (number(account, field), account.text("currency").to_owned());
    let amount = nudged(dice, amount);
    write(account, field, amount, &currency)
}

pub(super) fn summary_moved(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
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

pub(super) fn count(paper: &mut Paper, dice: &mut Dice) -> Option<()> {
    let mut leaves = paper.counts.leaves();
    let at = pick(dice, &leaves)?;
    let value = &mut leaves[at].1;
    let number: u64 = value.parse().ok()?;
    **value = (number + 1 + dice.below(9) as u64).to_string();
    Some(())
}

pub(super) fn balance(paper: &mut Paper, _: &mut Dice) -> Option<()> {
    let line = paper.balance();
    *line = line.replace("\"balanced\":true", "\"balanced\":false");
    Some(())
}
