//! Says in a sentence what a cause is and what to do, for a seller: in English and in Chinese.

use crate::causes::{Card, Cause};
use crate::codes::Code;
use crate::exceptions::{Exceptions, Words};

/// The sentence of a card.
pub fn title(card: &Card, exceptions: &Exceptions) -> Words {
    let has = |code: Code| {
        let first = card.exceptions.first().and_then(|at| exceptions.items.get(*at as usize));
        first.is_some_and(|item| item.facts.iter().any(|fact| fact.code == code))
    };
    let (en, zh) = match card.cause {
        Cause::Gap if has(Code::MissingInOrders) => (
            "A piece of the order file seems to be missing: {rows} payments in a row, from {from} to {to}, have no order. Export that time again and add it.",
            "订单文件似乎缺了一段：{from} 至 {to} 连续 {rows} 笔入账没有对应订单。请重新导出该时段并添加。",
        ),
        Cause::Gap => (
            "A page or day of the settlement seems to be missing: {rows} orders in a row, from {from} to {to}, have no line. Download that time again and add it.",
            "渠道账单似乎缺页或缺日：{from} 至 {to} 连续 {rows} 笔订单没有对应记录。请重新下载该时段并添加。",
        ),
        Cause::Unit => (
            "One file counts {currency} in cents and the other in whole units: {rows} rows are exactly 100 times apart. Set the unit of the column.",
            "一方文件的 {currency} 以分为单位，另一方以元为单位：{rows} 笔恰好相差 100 倍。请设置该列的单位。",
        ),
        Cause::Store => (
            "{rows} payments whose number begins with “{store}” have no order, and no order begins so: the orders of that shop seem to be missing. Add its order file.",
            "{rows} 笔单号以“{store}”开头的入账没有对应订单，订单中也没有这样的单号：似乎缺少该店铺的订单文件，请添加。",
        ),
        Cause::FeeChange if has(Code::FeeUndercharge) => (
            "Since {from} the provider charges less in {currency} than your contract says, in {rows} rows: the contract seems to be out of date.",
            "自 {from} 起，渠道的 {currency} 手续费低于合同约定，共 {rows} 笔：合同似乎已过时。",
        ),
        Cause::FeeChange => (
            "Since {from} the provider charges more in {currency} than your contract says, in {rows} rows. Ask it for the difference, or add the new rate to the contract.",
            "自 {from} 起，渠道的 {currency} 手续费高于合同约定，共 {rows} 笔。请向渠道追讨差额，或把新费率加入合同。",
        ),
    };
    Words { en: filled(en, card), zh: filled(zh, card) }
}

fn filled(template: &str, card: &Card) -> String {
    let day = |date: Option<crate::time::Date>| date.map_or_else(String::new, |d| d.to_string());
    template
        .replace("{rows}", &card.exceptions.len().to_string())
        .replace("{from}", &day(card.from))
        .replace("{to}", &day(card.to))
        .replace("{currency}", card.currency.map_or("", |currency| currency.code()))
        .replace("{store}", &card.store)
}
