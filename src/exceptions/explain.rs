//! Says in a sentence what is wrong, for a seller: in English and in Chinese.
//!
//! One sentence for each fact, the headline first. Row names stand beside the sentence and never
//! in it, so that the words of a result do not depend on what a file is called.

use crate::codes::{Code, Family};
use crate::entry::{Entries, Kind, Side, Status};
use crate::exceptions::{Exception, Fact, Value};
use crate::money::{Amount, Currency};

/// One text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: String,
    /// 简体中文.
    pub zh: String,
}

/// The sentences of all facts of an exception.
pub fn explain(entries: &Entries, exception: &Exception) -> Words {
    let mut all = Words::default();
    for fact in &exception.facts {
        let words = sentence(entries, fact);
        if !all.en.is_empty() {
            all.en.push(' ');
        }
        all.en.push_str(&words.en);
        all.zh.push_str(&words.zh);
    }
    all
}

/// The sentence of one fact.
pub fn sentence(entries: &Entries, fact: &Fact) -> Words {
    if let Some(words) = words_of_claim(entries, fact) {
        return words;
    }
    let currency = fact.currency.or_else(|| fact.rows.first().map(|id| entries.currency(*id)));
    let going_back = template_of_bank(entries, fact)
        .or_else(|| template_of_payout(entries, fact))
        .or_else(|| template_of_event(entries, fact))
        .or_else(|| template_of_choice(fact))
        .or_else(|| template_of_tax(entries, fact))
        .or_else(|| template_of_going_back(fact));
    // The words say which way the money went, so the figures need no sign.
    let signed = going_back.is_none() && fact.code.family() != Family::Fees;
    let figure = |value: Option<Value>| match value {
        Some(Value::Amount(amount)) if !signed => Some(Value::Amount(amount.abs())),
        other => other,
    };
    let expected = words_of(figure(fact.expected), currency);
    let actual = words_of(figure(fact.actual), currency);
    let amount = words_of(fact.amount.map(|amount| Value::Amount(amount.abs())), currency);
    let (en, zh) = going_back.unwrap_or_else(|| template(fact.code));
    Words {
        en: fill(en, [&expected.en, &actual.en, &amount.en]),
        zh: fill(zh, [&expected.zh, &actual.zh, &amount.zh]),
    }
}

/// What is said of a payment that claims a row which an earlier run has closed. That row stands in
/// no file of this run, so that it is named here.
fn words_of_claim(entries: &Entries, fact: &Fact) -> Option<Words> {
    let id = *fact.rows.first().filter(|_| fact.code == Code::DoubleClaim)?;
    let earlier = entries.earlier(id)?;
    let money = |amount: Amount, currency: Currency| {
        format!("{} {}", currency.code(), amount.abs().format(currency))
    };
    let own = money(entries.amount(id), entries.currency(id));
    let (row, on) = (&earlier.row, earlier.closed_on);
    let before = money(earlier.amount, earlier.currency);
    Some(match (entries.side(id), earlier.side) {
        (Side::Orders, Side::Orders) => Words {
            en: format!(
                "{own} is claimed by an order that was closed before: {row} over {before}, in the run as of {on}."
            ),
            zh: format!("该订单 {own} 已核销过：{row}，金额 {before}，核销于截至 {on} 的一期。"),
        },
        (Side::Orders, _) => Words {
            en: format!(
                "This order claims {own} from a payment that was closed before: {row} over {before}, in the run as of {on}."
            ),
            zh: format!(
                "该订单 {own} 对应的付款已核销过：{row}，金额 {before}，核销于截至 {on} 的一期。"
            ),
        },
        (_, Side::Orders) => Words {
            en: format!(
                "{own} came in for an order that was paid and closed before: {row} over {before}, in the run as of {on}."
            ),
            zh: format!(
                "渠道入账 {own} 对应的订单已收款并核销：{row}，金额 {before}，核销于截至 {on} 的一期。"
            ),
        },
        _ => Words {
            en: format!(
                "{own} came in under the number of a payment that was closed before: {row} over {before}, in the run as of {on}."
            ),
            zh: format!(
                "渠道入账 {own} 的单号与已核销的付款相同：{row}，金额 {before}，核销于截至 {on} 的一期。"
            ),
        },
    })
}

fn fill(template: &str, [expected, actual, amount]: [&str; 3]) -> String {
    template.replace("{expected}", expected).replace("{actual}", actual).replace("{amount}", amount)
}

fn words_of(value: Option<Value>, currency: Option<Currency>) -> Words {
    let same = |text: String| Words { en: text.clone(), zh: text };
    match (value, currency) {
        (Some(Value::Amount(amount)), Some(currency)) => {
            same(format!("{} {}", currency.code(), amount.format(currency)))
        }
        (Some(Value::Rate(rate)), _) => same(rate.normalize().to_string()),
        (Some(Value::Date(date)), _) => same(date.to_string()),
        (Some(Value::Currency(currency)), _) => same(currency.code().to_owned()),
        (Some(Value::Count(count)), _) => same(count.to_string()),
        (Some(Value::Status(status)), _) => {
            let (en, zh) = status_words(status);
            Words { en: en.to_owned(), zh: zh.to_owned() }
        }
        _ => same("?".to_owned()),
    }
}

fn status_words(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Unstated => ("nothing", "未注明"),
        Status::Paid => ("paid", "已支付"),
        Status::Pending => ("pending", "待支付"),
        Status::Authorized => ("authorised only", "仅预授权"),
        Status::Failed => ("failed", "失败"),
        Status::Voided => ("cancelled", "已取消"),
        Status::Refunded => ("refunded", "已退款"),
        Status::PartiallyRefunded => ("partly refunded", "部分退款"),
    }
}

/// The sentence about a payout that did not arrive.
fn template_of_payout(entries: &Entries, fact: &Fact) -> Option<(&'static str, &'static str)> {
    let row = fact.rows.first()?;
    let late = fact.code == Code::LateSettlement && entries.kind(*row) == Kind::Payout;
    late.then_some((
        "{amount} was paid out and should have arrived by {expected}; the bank statements, looked at on {actual}, have no deposit of it. Ask the provider where the money is.",
        "渠道打款 {amount} 最迟应于 {expected} 到账；截至 {actual}，银行流水中没有对应入账。请向渠道查询该笔款项。",
    ))
}

/// The sentence about a movement of a bank account that no settlement speaks of.
fn template_of_bank(entries: &Entries, fact: &Fact) -> Option<(&'static str, &'static str)> {
    let row = fact.rows.first().filter(|row| entries.side(**row) == Side::Bank)?;
    match fact.code {
        Code::PayoutTotalMismatch => {
            return Some((
                "{actual} arrived in the bank account for payouts of {expected}: {amount} apart.",
                "银行账户收入 {actual}，对应的打款合计 {expected}，相差 {amount}。",
            ));
        }
        Code::AmbiguousPair => {
            return Some((
                "Of {amount} there are payouts ({expected}) and deposits ({actual}) that could belong together in several ways; please choose.",
                "金额同为 {amount} 的打款（{expected} 笔）与银行入账（{actual} 笔）有多种对应方式，请人工确认。",
            ));
        }
        _ => {}
    }
    if fact.code != Code::MissingInSettlement {
        return None;
    }
    Some(if entries.amount(*row).is_negative() {
        (
            "{amount} left the bank account, and no settlement speaks of it.",
            "银行账户支出 {amount}，渠道账单中没有对应记录。",
        )
    } else {
        (
            "{amount} arrived in the bank account, and no payout of a settlement is known for it.",
            "银行账户收入 {amount}，渠道账单中没有对应的打款。",
        )
    })
}

/// The sentence about an event that the provider pushed and its settlement does not confirm.
fn template_of_event(entries: &Entries, fact: &Fact) -> Option<(&'static str, &'static str)> {
    let row = fact.rows.first().filter(|row| entries.side(**row) == Side::Webhook)?;
    let back = entries.amount(*row).is_negative();
    match fact.code {
        Code::AmountOver | Code::AmountUnder => Some((
            "The provider announced {expected} by an event and settled {actual}: {amount} apart.",
            "渠道事件通知金额为 {expected}，结算金额为 {actual}，相差 {amount}。",
        )),
        Code::MissingInSettlement if back => Some((
            "The provider announced by an event that {amount} goes back, and no line of the settlement has it.",
            "渠道事件通知退回 {amount}，但结算文件中没有对应记录。",
        )),
        Code::MissingInSettlement => Some((
            "The provider announced {amount} by an event, and no line of the settlement has it.",
            "渠道事件通知收款 {amount}，但结算文件中没有对应记录。",
        )),
        _ => None,
    }
}

/// The sentence of a fact about a choice between rows that nothing but amount and time tells apart.
fn template_of_choice(fact: &Fact) -> Option<(&'static str, &'static str)> {
    let counted = matches!(fact.expected, Some(Value::Count(_)));
    match fact.code {
        Code::MissingInSettlement if counted => Some((
            "{actual} of {expected} equal orders over {amount} are settled; this one is left over.",
            "{expected} 笔金额同为 {amount} 的订单中已结算 {actual} 笔，本笔未结算。",
        )),
        Code::MissingInOrders if counted => Some((
            "{actual} of {expected} equal payments over {amount} have an order; this one is left over.",
            "{expected} 笔金额同为 {amount} 的付款中 {actual} 笔有对应订单，本笔没有。",
        )),
        Code::FxCurrencySwapped if matches!(fact.expected, Some(Value::Currency(_))) => Some((
            "The line has the order's figure in {actual} and converts it into {expected}, the order's currency: the two are swapped.",
            "账单把订单的金额记为 {actual}，并兑换成订单币种 {expected}：两个币种对调了。",
        )),
        Code::AmbiguousPair if counted => Some((
            "Over {amount} there are orders ({expected}) and payments ({actual}) that could belong together in several ways that differ in money; please choose.",
            "金额同为 {amount} 的订单（{expected} 笔）与付款（{actual} 笔）有多种配对方式且资金结果不同，请人工确认。",
        )),
        Code::AmbiguousSubset if fact.expected == Some(Value::Count(1)) => Some((
            "Of the {actual} open rows that it could consist of one set adds up to {amount}, which may be a coincidence; please choose.",
            "在可能组成它的 {actual} 笔未结记录中，仅有一种组合相加等于 {amount}，但可能是巧合，请人工确认。",
        )),
        Code::AmbiguousSubset if counted => Some((
            "{expected} sets of the {actual} open rows that it could consist of add up to {amount}; that is no proof, so please choose.",
            "在可能组成它的 {actual} 笔未结记录中，有 {expected} 种组合相加等于 {amount}；不足以认定，请人工确认。",
        )),
        Code::LowEvidence if fact.expected == Some(Value::Count(1)) => Some((
            "Only {actual} open rows add up to {amount}, but no reference says so; your rules leave such sums to you.",
            "仅有这 {actual} 笔未结记录相加等于 {amount}，但没有单号佐证；按您的规则由人工确认。",
        )),
        Code::LowEvidence if counted => Some((
            "It is one of {expected} open rows that alone add up to one on the other side, but no reference says so; your rules leave such sums to you.",
            "本笔与其他未结记录共 {expected} 笔，是唯一能与对方一笔相加相符的组合，但没有单号佐证；按您的规则由人工确认。",
        )),
        Code::LowEvidence if matches!(fact.expected, Some(Value::Date(_))) => Some((
            "Nothing tells them apart: the open one may be any from {expected} to {actual}.",
            "各笔无从区分：未结的可能是 {expected} 至 {actual} 中的任意一笔。",
        )),
        Code::ScientificNotationId if counted => Some((
            "A spreadsheet turned an id of this row into a rounded number: {actual} of its {expected} digits are left. Export the file again and add it without opening it before.",
            "该行的单号被电子表格改写为近似数字：{expected} 位中仅余 {actual} 位。请重新导出文件，不要先用电子表格打开。",
        )),
        Code::LowEvidence if counted => Some((
            "An id was destroyed by a spreadsheet: {actual} of its {expected} digits are left, and they fit, as does the amount; please compare.",
            "单号已被电子表格破坏：{expected} 位中仅余 {actual} 位，且与金额均相符，请人工核对。",
        )),
        _ => None,
    }
}

/// The sentence of a fact about the tax on a fee, which stands in a column of its own.
fn template_of_tax(entries: &Entries, fact: &Fact) -> Option<(&'static str, &'static str)> {
    let (Some(Value::Amount(actual)), [row]) = (fact.actual, fact.rows.as_slice()) else {
        return None;
    };
    let of_tax = fact.code.family() == Family::Fees
        && actual != entries.fee(*row)
        && actual == entries.tax(*row)
        && entries.kind(*row) != Kind::Fee;
    match fact.code {
        _ if !of_tax => None,
        Code::FeeOvercharge => Some((
            "By the contract the tax on the fee is {expected}, charged were {actual}: {amount} too much.",
            "按合同手续费的税为 {expected}，实扣 {actual}，多扣 {amount}。",
        )),
        Code::FeeUndercharge => Some((
            "By the contract the tax on the fee is {expected}, charged were {actual}: {amount} too little.",
            "按合同手续费的税为 {expected}，实扣 {actual}，少扣 {amount}。",
        )),
        _ => None,
    }
}

/// The sentence of a fact about money that goes back to the buyer or the provider, where the usual
/// one would speak of a payment.
fn template_of_going_back(fact: &Fact) -> Option<(&'static str, &'static str)> {
    let negative = |value| matches!(value, Some(Value::Amount(amount)) if amount.is_negative());
    match fact.code {
        Code::AmountOver if negative(fact.expected) => Some((
            "Your orders record {expected} given back, the provider gave back {actual}: {amount} less.",
            "订单记录退款 {expected}，渠道实退 {actual}，少退 {amount}。",
        )),
        Code::AmountUnder if negative(fact.expected) => Some((
            "Your orders record {expected} given back, the provider gave back {actual}: {amount} more.",
            "订单记录退款 {expected}，渠道实退 {actual}，多退 {amount}。",
        )),
        Code::MissingInSettlement if negative(fact.amount.map(Value::Amount)) => Some((
            "Your orders record {amount} given back, and the provider has no line for it.",
            "订单记录退款 {amount}，但渠道账单中没有对应记录。",
        )),
        Code::MissingInOrders if negative(fact.amount.map(Value::Amount)) => Some((
            "The provider took {amount} for a reference that no paid order has.",
            "渠道扣款 {amount}，但没有已收款的订单对应该单号。",
        )),
        _ => None,
    }
}

/// The sentence of a code, with places for what it should be, what it is, and the money.
fn template(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::MissingInSettlement => (
            "{amount} is due for this order, and the provider has no line for it.",
            "该订单应收 {amount}，但渠道账单中没有对应记录。",
        ),
        Code::MissingInOrders => (
            "The provider credited {amount} for a reference that no unpaid order has.",
            "渠道入账 {amount}，但没有待收款的订单对应该单号。",
        ),
        Code::FileGap => (
            "It is one of many in a row, from {expected} to {actual}, without a counterpart: a page or a day of the other file seems to be missing.",
            "{expected} 至 {actual} 连续多笔没有对应记录，本笔是其中之一：对方文件似乎缺页或缺日。",
        ),
        Code::DuplicateInSettlement => (
            "The provider lists {amount} for this order a second time.",
            "渠道对该订单重复列示了 {amount}。",
        ),
        Code::DuplicateInOrders => (
            "This order over {amount} stands in the order file a second time.",
            "订单文件中重复出现该订单，金额 {amount}。",
        ),
        Code::AmountOver => (
            "Ordered {expected}, credited {actual}: {amount} too much.",
            "订单金额 {expected}，入账 {actual}，多收 {amount}。",
        ),
        Code::AmountUnder => (
            "Ordered {expected}, credited {actual}: {amount} too little.",
            "订单金额 {expected}，入账 {actual}，少收 {amount}。",
        ),
        Code::WithinTolerance => (
            "Ordered {expected}, credited {actual}: the difference of {amount} is within your tolerance.",
            "订单金额 {expected}，入账 {actual}，差额 {amount} 在容差之内。",
        ),
        Code::PartialSettlement => (
            "Ordered {expected}, credited {actual} in several lines: {amount} is still missing.",
            "订单金额 {expected}，分笔入账合计 {actual}，尚缺 {amount}。",
        ),
        Code::SignMismatch => (
            "Ordered {expected}, but the line says {actual}: the sign is reversed.",
            "订单金额 {expected}，账单金额 {actual}，借贷方向相反。",
        ),
        Code::UnitMismatch => (
            "Ordered {expected}, credited {actual}: one is exactly 100 times the other, so one file counts in cents.",
            "订单金额 {expected}，入账 {actual}，恰好相差 100 倍，其中一方可能以分为单位。",
        ),
        Code::CurrencyMismatch => (
            "The order is in {expected}, the line with its number is in {actual}, and no conversion is stated.",
            "订单币种为 {expected}，同单号账单币种为 {actual}，且未注明换汇。",
        ),
        Code::FxRateVariance => (
            "Converted at {actual}, the reference rate is {expected}: {amount} of difference.",
            "实际汇率 {actual}，参考汇率 {expected}，相差 {amount}。",
        ),
        Code::FxCurrencySwapped => (
            "Ordered {expected}; the line has that figure in its other currency and {actual} in this one: the two are swapped.",
            "订单为 {expected}；账单把该数字记在另一币种下，而本币种为 {actual}：两个金额对调了。",
        ),
        Code::FxRateInverted => (
            "It says {actual} where {expected} is meant: that is the rate of the opposite direction, {amount} of difference.",
            "实际为 {actual}，应为 {expected}：汇率方向颠倒，相差 {amount}。",
        ),
        Code::FxRatePerHundred => (
            "It says {actual} where {expected} is meant: 100 times too much or too little, {amount} of difference.",
            "实际为 {actual}，应为 {expected}：恰好相差 100 倍，差额 {amount}。",
        ),
        Code::FxRateMissing => (
            "There is no reference rate for the day and currencies of this line, so its conversion is not checked.",
            "缺少当日该币种对的参考汇率，无法核对换汇。",
        ),
        Code::FeeOvercharge => (
            "The contract's fee is {expected}, charged were {actual}: {amount} too much.",
            "合同手续费 {expected}，实扣 {actual}，多扣 {amount}。",
        ),
        Code::FeeUndercharge => (
            "The contract's fee is {expected}, charged were {actual}: {amount} too little.",
            "合同手续费 {expected}，实扣 {actual}，少扣 {amount}。",
        ),
        Code::FeeMissing => (
            "The contract's fee is {expected}, and the line shows none.",
            "合同手续费 {expected}，账单未列手续费。",
        ),
        Code::FeeNotRefunded => (
            "By the contract {expected} of the fee comes back with this refund, and {actual} did: {amount} too little.",
            "按合同本次退款应退还手续费 {expected}，实退 {actual}，少退 {amount}。",
        ),
        Code::TierMisapplied => (
            "{actual} is the fee of another tier or band; by the contract it is {expected}.",
            "{actual} 是其他阶梯或档位的手续费；按合同应为 {expected}。",
        ),
        Code::FeeUnknownType => (
            "A fee of {amount} of a type that the contract does not have.",
            "合同中没有这一类费用：{amount}。",
        ),
        Code::StatusMismatch => (
            "Your orders say {expected}, the provider says {actual}.",
            "订单状态为{expected}，渠道状态为{actual}。",
        ),
        Code::RefundUnmatched => (
            "A refund of {amount} whose payment is not in the files.",
            "退款 {amount}，找不到原交易。",
        ),
        Code::ReversalUnmatched => (
            "A reversal of {amount} whose payment is not in the files.",
            "冲正 {amount}，找不到原交易。",
        ),
        Code::RefundOverOriginal => (
            "{expected} was paid, and {actual} was given back: {amount} more than was paid.",
            "该订单付款 {expected}，已退回 {actual}，超出原付款 {amount}。",
        ),
        Code::SettledAfterReversal => (
            "The payment of {amount} was reversed, and then credited again under the same transaction.",
            "该笔付款 {amount} 已冲正，之后又以同一交易入账。",
        ),
        Code::PreauthNotCaptured => (
            "{amount} was reserved on the buyer's account on {expected} and never collected; a reservation lapses.",
            "{amount} 于 {expected} 预授权，至今未请款；预授权会失效。",
        ),
        Code::Rounding => (
            "{expected} was expected and {actual} credited in several lines: no more apart than rounding each line explains.",
            "应收 {expected}，分多笔入账合计 {actual}，差额在逐笔舍入范围内。",
        ),
        Code::Chargeback => {
            ("The buyer's bank took {amount} back.", "买家银行拒付，扣回 {amount}。")
        }
        Code::CutoffShift => (
            "One payment on two days: {expected} in your orders, {actual} at the provider.",
            "同一笔交易跨日：订单为 {expected}，渠道为 {actual}。",
        ),
        Code::LateSettlement => (
            "Due on {expected}, paid out on {actual}.",
            "应于 {expected} 结算，实际 {actual} 结算。",
        ),
        Code::EarlySettlement => (
            "Due on {expected}, paid out on {actual} already.",
            "应于 {expected} 结算，实际提前于 {actual} 结算。",
        ),
        Code::LineIdentityBroken => (
            "Gross, fee and tax of this line give {expected}, but its net says {actual}.",
            "该行金额、手续费与税合计应为 {expected}，净额却为 {actual}。",
        ),
        Code::PayoutTotalMismatch => (
            "The lines of this payout add up to {expected}, and {actual} was paid out: {amount} apart, which no line explains.",
            "该笔打款的明细合计 {expected}，实际打款 {actual}，相差 {amount}，没有明细可以说明。",
        ),
        Code::SplitMismatch => (
            "By your rule {expected} of this payment goes to a recipient, and {actual} was shared out: {amount} apart.",
            "按规则应分账 {expected}，实际分账 {actual}，相差 {amount}。",
        ),
        Code::SplitIncomplete => (
            "By your rule {expected} of this payment goes to a recipient, and no line shares it out.",
            "按规则应分账 {expected}，但没有对应的分账记录。",
        ),
        Code::ReserveHeld => {
            ("The provider holds {amount} of this payout back.", "渠道从该笔打款中暂扣 {amount}。")
        }
        Code::ReserveReleased => (
            "The provider released {amount} that it had held back.",
            "渠道释放先前暂扣的 {amount}。",
        ),
        Code::AmbiguousPair => (
            "Several orders could be meant by this reference; please choose.",
            "该单号可能对应多个订单，请人工确认。",
        ),
        Code::ReferenceMismatch => (
            "One row on the other side has exactly {amount} in the same days, under another number; please compare.",
            "对方有一笔金额恰为 {amount}、日期相近而单号不同的记录，请人工核对。",
        ),
        Code::LowEvidence => (
            "Amount and time fit, but no reference says so; your rules leave such pairs to you.",
            "金额与时间相符，但没有单号佐证；按您的规则由人工确认。",
        ),
        Code::SearchBudgetReached => (
            "There were more possible pairs or sums than the search tries, so a better one may have been missed.",
            "可能的配对或组合过多，未能全部比较，可能存在更合适的结果。",
        ),
        Code::ScientificNotationId => (
            "A spreadsheet destroyed an id of this row, so it cannot be compared. Export the file again and add it without opening it before.",
            "该行的单号被电子表格破坏，无法比对。请重新导出文件，不要先用电子表格打开。",
        ),
        Code::MissingKey => (
            "This row has no order number, reference or transaction id: only its amount and time can be compared.",
            "该行没有订单号、商户单号或交易号，只能按金额和时间比对。",
        ),
        other => (other.title(), other.zh()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::NewEntry;
    use crate::ids::EntryId;
    use crate::money::Amount;

    #[test]
    fn figures_stand_in_both_languages() {
        let usd = Currency::from_code("USD").expect("active");
        let mut entries = Entries::default();
        entries.begin_source(Side::Settlement);
        entries.push(&NewEntry::new(2, Kind::Sale, usd)).expect("room");
        let minor = |m| Value::Amount(Amount::from_minor(m));
        let fact = Fact::new(Code::FeeOvercharge, vec![EntryId(0)])
            .values(minor(-150), minor(-200))
            .money(Amount::from_minor(-50), usd);
        let words = sentence(&entries, &fact);
        assert_eq!(
            words.en,
            "The contract's fee is USD 1.50, charged were USD 2.00: USD 0.50 too much."
        );
        assert_eq!(words.zh, "合同手续费 USD 1.50，实扣 USD 2.00，多扣 USD 0.50。");
        let refund = Fact::new(Code::AmountUnder, vec![EntryId(0)])
            .values(minor(-300), minor(-350))
            .money(Amount::from_minor(-50), usd);
        assert_eq!(
            sentence(&entries, &refund).en,
            "Your orders record USD 3.00 given back, the provider gave back USD 3.50: USD 0.50 more."
        );
        let wrong_way = Fact::new(Code::SignMismatch, vec![EntryId(0)])
            .values(minor(150), minor(-150))
            .money(Amount::from_minor(-300), usd);
        assert_eq!(
            sentence(&entries, &wrong_way).en,
            "Ordered USD 1.50, but the line says USD -1.50: the sign is reversed."
        );
    }

    #[test]
    fn no_sentence_leaves_a_place_unfilled() {
        let entries = Entries::default();
        for code in Code::ALL {
            let words = sentence(&entries, &Fact::new(*code, Vec::new()));
            assert!(!words.en.is_empty() && !words.zh.is_empty(), "{}", code.name());
            assert!(!words.en.contains('{') && !words.zh.contains('{'), "{}", code.name());
        }
    }
}
