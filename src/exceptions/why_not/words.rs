//! Says in sentences why an open row is in no match, for a seller: in English and in Chinese.

use super::{Change, WhyNot};
use crate::exceptions::Words;
use crate::limits::{WHY_NOT_DAYS, WHY_NOT_PERCENT};

/// The sentences about one open row; row names stand beside them and never in them.
pub fn words(why: &WhyNot) -> Words {
    let mut said = Words::default();
    if why.nearest.is_none() {
        let figures =
            [("{days}", WHY_NOT_DAYS.to_string()), ("{part}", WHY_NOT_PERCENT.to_string())];
        say(
            &mut said,
            (
                "No open row of the other side has this amount within {days} days of when it could be, and none in time comes within {part} % of it.",
                "对方文件中，前后 {days} 天内没有同金额的未匹配记录，时间相符的记录金额相差也都超过 {part}%。",
            ),
            &figures,
        );
        return said;
    }
    gates(&mut said, why);
    match &why.change {
        Some(change) => of_change(&mut said, change),
        None if why.other_number => say(
            &mut said,
            (
                "No rule joins rows that name different numbers: please compare the two.",
                "单号不同的记录不会自动匹配，请人工核对。",
            ),
            &[],
        ),
        None => {}
    }
    said
}

fn gates(said: &mut Words, why: &WhyNot) {
    if why.other_number {
        say(
            said,
            (
                "The nearest row has the same amount and another number.",
                "最接近的记录金额相同，但单号不同。",
            ),
            &[],
        );
    }
    if let Some((difference, currency)) = why.difference {
        let amount = format!("{} {}", currency.code(), difference.abs().format(currency));
        let words = match difference.is_negative() {
            true => (
                "The nearest amount in time: the line has {amount} less than the order.",
                "时间相符的记录中金额最接近的一笔：账单比订单少 {amount}。",
            ),
            false => (
                "The nearest amount in time: the line has {amount} more than the order.",
                "时间相符的记录中金额最接近的一笔：账单比订单多 {amount}。",
            ),
        };
        say(said, words, &[("{amount}", amount)]);
    }
    if let Some(days) = why.days {
        let words = match days < 0 {
            true => (
                "The line of this amount is dated {days} days before the order, which is outside the window.",
                "同金额的账单记录早于订单 {days} 天，超出时间窗口。",
            ),
            false => (
                "The line of this amount is dated {days} days after the order, which is outside the window.",
                "同金额的账单记录晚于订单 {days} 天，超出时间窗口。",
            ),
        };
        say(said, words, &[("{days}", days.unsigned_abs().to_string())]);
    }
    if why.suggested && why.difference.is_none() && why.days.is_none() {
        let words = (
            "A row of this amount is in time, but it names no number, and such pairs are only suggested.",
            "有一笔金额相同、时间相符的记录，但没有单号；按当前规则此类匹配只作建议。",
        );
        say(said, words, &[]);
    }
    if why.rivals > 0 {
        let words = match why.rivals {
            1 => (
                "{rivals} other row would fit as well, so that no rule can know the pair.",
                "另有 {rivals} 笔记录同样符合，规则无法确定是哪一笔。",
            ),
            _ => (
                "{rivals} other rows would fit as well, so that no rule can know the pair.",
                "另有 {rivals} 笔记录同样符合，规则无法确定是哪一笔。",
            ),
        };
        say(said, words, &[("{rivals}", why.rivals.to_string())]);
    }
}

fn of_change(said: &mut Words, change: &Change) {
    let settings: Vec<String> = change
        .settings()
        .into_iter()
        .map(|(setting, value)| format!("{setting} = {value}"))
        .collect();
    let figures = [
        ("{settings}", settings.join(", ")),
        ("{touches}", change.touches.to_string()),
        ("{currency}", change.currency.code().to_owned()),
    ];
    say(
        said,
        (
            "With {settings} in the rules the two would be matched;",
            "若在规则中设置 {settings}，两者即可匹配；",
        ),
        &figures,
    );
    let words = match change.touches {
        0 => ("nothing else in {currency} would change.", "其他 {currency} 记录不受影响。"),
        1 => (
            "{touches} other row in {currency} could be matched in another way too.",
            "另有 {touches} 笔 {currency} 记录的匹配也可能改变。",
        ),
        _ => (
            "{touches} other rows in {currency} could be matched in another way too.",
            "另有 {touches} 笔 {currency} 记录的匹配也可能改变。",
        ),
    };
    say(said, words, &figures);
}

fn say(said: &mut Words, (en, zh): (&str, &str), figures: &[(&str, String)]) {
    let fill = |template: &str| {
        figures.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value))
    };
    if !said.en.is_empty() {
        said.en.push(' ');
    }
    said.en.push_str(&fill(en));
    said.zh.push_str(&fill(zh));
}
