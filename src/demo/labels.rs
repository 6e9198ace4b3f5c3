//! Decides what can be planted on a row: its labels, and the codes that must name it.

/// What was done to an order and its lines; the words are those of `truth.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Label {
    Exact,
    FeeOvercharge,
    FxDeviation,
    AmountDifference,
    Unit,
    DuplicateLine,
    DuplicateOrder,
    MissingInSettlement,
    MissingInOrders,
    NotDue,
    Late,
    CutoffShift,
    PartialRefund,
    FullRefund,
    Reversal,
    Chargeback,
    StatusMismatch,
    SplitPayment,
    SeveralOrders,
    WrongReference,
    NotPaid,
    FailedAttempt,
    Preauthorisation,
    Payout,
    ProviderFee,
}

impl Label {
    pub(super) fn text(self) -> &'static str {
        match self {
            Label::Exact => "exact",
            Label::FeeOvercharge => "fee overcharge",
            Label::FxDeviation => "FX deviation",
            Label::AmountDifference => "amount difference",
            Label::Unit => "unit ×100",
            Label::DuplicateLine => "duplicate line",
            Label::DuplicateOrder => "duplicate order",
            Label::MissingInSettlement => "missing in settlement",
            Label::MissingInOrders => "missing in orders",
            Label::NotDue => "not due",
            Label::Late => "late",
            Label::CutoffShift => "UTC/UTC+8 cut-off shift",
            Label::PartialRefund => "partial refund",
            Label::FullRefund => "full refund",
            Label::Reversal => "reversal",
            Label::Chargeback => "chargeback",
            Label::StatusMismatch => "status mismatch",
            Label::SplitPayment => "split payment",
            Label::SeveralOrders => "one line for several orders",
            Label::WrongReference => "reference with wrong case or prefix",
            Label::NotPaid => "not paid",
            Label::FailedAttempt => "failed attempt",
            Label::Preauthorisation => "preauthorisation",
            Label::Payout => "payout",
            Label::ProviderFee => "provider fee",
        }
    }
}

/// One label, or two that make sense together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Labels {
    pub(super) first: Label,
    pub(super) second: Option<Label>,
}

impl Labels {
    pub(super) const fn one(first: Label) -> Labels {
        Labels { first, second: None }
    }

    pub(super) const fn two(first: Label, second: Label) -> Labels {
        Labels { first, second: Some(second) }
    }

    pub(super) fn has(self, label: Label) -> bool {
        self.first == label || self.second == Some(label)
    }

    pub(super) fn has_any(self, labels: &[Label]) -> bool {
        labels.iter().any(|&label| self.has(label))
    }

    /// Two labels are joined by " + ".
    pub(super) fn text(self) -> String {
        match self.second {
            None => self.first.text().to_owned(),
            Some(second) => format!("{} + {}", self.first.text(), second.text()),
        }
    }
}

/// The codes that the month plants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    AmountOver,
    AmountUnder,
    Chargeback,
    CutoffShift,
    DuplicateInOrders,
    DuplicateInSettlement,
    FeeOvercharge,
    FxRateVariance,
    LateSettlement,
    MissingInOrders,
    MissingInSettlement,
    PartialSettlement,
    StatusMismatch,
    UnitMismatch,
}

/// Every code with its word, in the order of the words.
const CODES: [(Code, &str); 14] = [
    (Code::AmountOver, "AMOUNT_OVER"),
    (Code::AmountUnder, "AMOUNT_UNDER"),
    (Code::Chargeback, "CHARGEBACK"),
    (Code::CutoffShift, "CUTOFF_SHIFT"),
    (Code::DuplicateInOrders, "DUPLICATE_IN_ORDERS"),
    (Code::DuplicateInSettlement, "DUPLICATE_IN_SETTLEMENT"),
    (Code::FeeOvercharge, "FEE_OVERCHARGE"),
    (Code::FxRateVariance, "FX_RATE_VARIANCE"),
    (Code::LateSettlement, "LATE_SETTLEMENT"),
    (Code::MissingInOrders, "MISSING_IN_ORDERS"),
    (Code::MissingInSettlement, "MISSING_IN_SETTLEMENT"),
    (Code::PartialSettlement, "PARTIAL_SETTLEMENT"),
    (Code::StatusMismatch, "STATUS_MISMATCH"),
    (Code::UnitMismatch, "UNIT_MISMATCH"),
];

/// A set of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Codes(u32);

impl Codes {
    pub(super) fn of(code: Code) -> Codes {
        let mut codes = Codes::default();
        codes.add(code);
        codes
    }

    pub(super) fn add(&mut self, code: Code) {
        self.0 |= 1 << code as u32;
    }

    /// The words, sorted.
    pub(super) fn words(self) -> impl Iterator<Item = &'static str> {
        CODES
            .iter()
            .filter(move |(code, _)| self.0 & (1 << *code as u32) != 0)
            .map(|(_, word)| *word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_sorted_and_once() {
        let mut codes = Codes::of(Code::UnitMismatch);
        codes.add(Code::AmountOver);
        codes.add(Code::UnitMismatch);
        assert_eq!(codes.words().collect::<Vec<_>>(), ["AMOUNT_OVER", "UNIT_MISMATCH"]);
        assert!(CODES.is_sorted_by_key(|(_, word)| *word));
    }
}
