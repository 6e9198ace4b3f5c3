//! Decides what can be wrong with a row: every exception code, with its family, its rank as a
//! headline, and its short Chinese name.
//!
//! A row keeps all its facts; the rank only picks which of them is the headline.

use crate::entry::named;

named! {
    /// What may be wrong with a row or a match. The written name never changes within a schema.
    Code {
        /// The order was paid and is due, and the provider has no line for it.
        ///
        /// 订单已付款且已到期，渠道账单中没有对应记录。
        MissingInSettlement = "MISSING_IN_SETTLEMENT",
        /// The provider has a line for an order that nobody knows.
        ///
        /// 渠道有入账，但没有人知道对应的订单。
        MissingInOrders = "MISSING_IN_ORDERS",
        /// The provider states the same money again.
        ///
        /// 渠道把同一笔钱又记了一次。
        DuplicateInSettlement = "DUPLICATE_IN_SETTLEMENT",
        /// The orders state the same order again.
        ///
        /// 订单文件把同一订单又列了一次。
        DuplicateInOrders = "DUPLICATE_IN_ORDERS",
        /// The row was already closed in an earlier run.
        ///
        /// 该行在以前的对账中已经核销。
        DoubleClaim = "DOUBLE_CLAIM",
        /// A page or a day of the file is missing.
        ///
        /// 文件缺了一页或一天。
        FileGap = "FILE_GAP",

        /// More was received than expected (长款).
        ///
        /// 实收多于应收（长款）。
        AmountOver = "AMOUNT_OVER",
        /// Less was received than expected (短款).
        ///
        /// 实收少于应收（短款）。
        AmountUnder = "AMOUNT_UNDER",
        /// The amounts differ by no more than the tolerance; the difference stays visible.
        ///
        /// 金额差异不超过容差；差额仍然显示。
        WithinTolerance = "WITHIN_TOLERANCE",
        /// Several lines pay one order, and a part is still to come.
        ///
        /// 一笔订单由多笔入账支付，还有一部分未到。
        PartialSettlement = "PARTIAL_SETTLEMENT",
        /// At most one minor unit for each line.
        ///
        /// 每行至多相差一个最小货币单位。
        Rounding = "ROUNDING",
        /// The same amount with the other sign.
        ///
        /// 金额相同而方向相反。
        SignMismatch = "SIGN_MISMATCH",

        /// The same reference in two currencies, and no conversion is stated.
        ///
        /// 同一单号出现两种币种，且没有说明换汇。
        CurrencyMismatch = "CURRENCY_MISMATCH",
        /// The rate is further from the reference rate than the contract allows.
        ///
        /// 汇率与参考汇率的偏差超过合同允许的范围。
        FxRateVariance = "FX_RATE_VARIANCE",
        /// The rate is the one of the opposite direction.
        ///
        /// 汇率方向颠倒：写成了反向的汇率。
        FxRateInverted = "FX_RATE_INVERTED",
        /// The rate is a hundred times too large or too small: per 100 units, or cents for units.
        ///
        /// 汇率相差 100 倍：按百单位报价，或把分当成元。
        FxRatePerHundred = "FX_RATE_PER_HUNDRED",
        /// The two amounts of a conversion stand with each other's currency.
        ///
        /// 换汇的两个金额与币种对调了。
        FxCurrencySwapped = "FX_CURRENCY_SWAPPED",
        /// There is no reference rate to check a conversion with.
        ///
        /// 没有可以核对换汇的参考汇率。
        FxRateMissing = "FX_RATE_MISSING",
        /// An amount with more decimals than its currency has; the row is not read.
        ///
        /// 金额的小数位数多于该币种的规定；该行不予读取。
        PrecisionError = "PRECISION_ERROR",
        /// One side is exactly 100 times the other: cents read as whole units, or the reverse.
        ///
        /// 一方恰好是另一方的 100 倍：分被当成元，或相反。
        UnitMismatch = "UNIT_MISMATCH",

        /// The provider charged more than the contract says.
        ///
        /// 渠道收取的费用多于合同约定。
        FeeOvercharge = "FEE_OVERCHARGE",
        /// The provider charged less than the contract says.
        ///
        /// 渠道收取的费用少于合同约定。
        FeeUndercharge = "FEE_UNDERCHARGE",
        /// The contract has a fee and the line has none.
        ///
        /// 合同约定有费用，而该行没有。
        FeeMissing = "FEE_MISSING",
        /// A fee of a type that the contract does not know.
        ///
        /// 合同中没有这一类费用。
        FeeUnknownType = "FEE_UNKNOWN_TYPE",
        /// The fee of another volume tier was charged.
        ///
        /// 按错误的交易量阶梯收费。
        TierMisapplied = "TIER_MISAPPLIED",
        /// The payment was refunded, and its fee was not given back as the contract says.
        ///
        /// 付款已退，但手续费没有按合同退还。
        FeeNotRefunded = "FEE_NOT_REFUNDED",

        /// The two sides disagree about what happened to the payment.
        ///
        /// 双方对这笔付款的状态说法不一。
        StatusMismatch = "STATUS_MISMATCH",
        /// A refund whose payment is unknown.
        ///
        /// 找不到这笔退款的原付款。
        RefundUnmatched = "REFUND_UNMATCHED",
        /// More was refunded than was paid.
        ///
        /// 退款金额多于原付款。
        RefundOverOriginal = "REFUND_OVER_ORIGINAL",
        /// A reversal (冲正) whose payment is unknown.
        ///
        /// 找不到这笔冲正的原付款。
        ReversalUnmatched = "REVERSAL_UNMATCHED",
        /// The buyer's bank took the payment back.
        ///
        /// 买家的银行把付款追回。
        Chargeback = "CHARGEBACK",
        /// A reservation that was never collected.
        ///
        /// 预授权一直没有请款。
        PreauthNotCaptured = "PREAUTH_NOT_CAPTURED",
        /// A payment that was reversed and settled all the same.
        ///
        /// 付款已冲正，却仍被结算。
        SettledAfterReversal = "SETTLED_AFTER_REVERSAL",

        /// The same moment on another accounting day (日切).
        ///
        /// 同一时刻落在不同的会计日（日切）。
        CutoffShift = "CUTOFF_SHIFT",
        /// Settled later than the contract's cycle.
        ///
        /// 晚于合同结算周期到账。
        LateSettlement = "LATE_SETTLEMENT",
        /// Settled earlier than the contract's cycle.
        ///
        /// 早于合同结算周期到账。
        EarlySettlement = "EARLY_SETTLEMENT",
        /// The clocks of the two sides seem to differ by a zone.
        ///
        /// 双方的时钟似乎相差一个时区。
        TimezoneSuspect = "TIMEZONE_SUSPECT",

        /// The lines of a payout do not add up to it.
        ///
        /// 打款的明细之和不等于打款金额。
        PayoutTotalMismatch = "PAYOUT_TOTAL_MISMATCH",
        /// The shares of a split payment (分账) are not those of the rule.
        ///
        /// 分账的各份与规则不符。
        SplitMismatch = "SPLIT_MISMATCH",
        /// A share of a split payment is missing.
        ///
        /// 分账缺少其中一份。
        SplitIncomplete = "SPLIT_INCOMPLETE",
        /// The provider holds money back.
        ///
        /// 渠道暂扣资金。
        ReserveHeld = "RESERVE_HELD",
        /// The provider released money that it held back.
        ///
        /// 渠道释放先前暂扣的资金。
        ReserveReleased = "RESERVE_RELEASED",
        /// A total that the file prints is not the sum of its rows.
        ///
        /// 文件印出的汇总不等于各行之和。
        ControlTotalMismatch = "CONTROL_TOTAL_MISMATCH",
        /// A line's gross, fee and tax do not add up to its net.
        ///
        /// 一行的总额、手续费与税相加不等于净额。
        LineIdentityBroken = "LINE_IDENTITY_BROKEN",

        /// Several pairings fit equally well, and they differ in money or rows.
        ///
        /// 有几种同样合理的配对，而它们的金额或行不同。
        AmbiguousPair = "AMBIGUOUS_PAIR",
        /// Several sets of rows add up to the same amount.
        ///
        /// 有几组行相加得到同一金额。
        AmbiguousSubset = "AMBIGUOUS_SUBSET",
        /// The search ended at its limit before it was complete.
        ///
        /// 搜索在完成之前到达上限。
        SearchBudgetReached = "SEARCH_BUDGET_REACHED",
        /// Only weak evidence (a name, a memo) speaks for the pair.
        ///
        /// 只有较弱的证据（姓名、备注、金额与时间）支持这一配对。
        LowEvidence = "LOW_EVIDENCE",
        /// Amount and time agree, the references do not.
        ///
        /// 金额与时间一致，而单号不一致。
        ReferenceMismatch = "REFERENCE_MISMATCH",

        /// A row that could not be read for another reason: it is kept with its reason and its text.
        ///
        /// 因其他原因无法读取的一行；连同原因与原文一并保留。
        Unparseable = "UNPARSEABLE",
        /// An open order or payment without any reference, order number or transaction id.
        ///
        /// 没有任何单号的未平订单或入账。
        MissingKey = "MISSING_KEY",
        /// A date or time that cannot be one; the row is not read.
        ///
        /// 日期或时间无法成立；该行不予读取。
        BadDate = "BAD_DATE",
        /// A column that the format of the file reads is gone, and one that it does not know seems to
        /// hold the same: it is not read.
        ///
        /// 格式所读的某一列已不存在，而另一未知的列似乎含有相同内容；该列未被读取。
        SchemaDrift = "SCHEMA_DRIFT",
        /// An id that a spreadsheet destroyed: a rounded number, a date or an error stands in its place.
        ///
        /// 单号被电子表格破坏：变成了近似数字、日期或错误值。
        ScientificNotationId = "SCIENTIFIC_NOTATION_ID",
        /// A pushed event whose signature is not the provider's.
        ///
        /// 推送事件的签名不是渠道的签名。
        SignatureInvalid = "SIGNATURE_INVALID",
    }
}

/// What a code is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// A: whether both sides have it.
    Presence,
    /// B: how much.
    Amount,
    /// C: currency and exchange rate.
    Currency,
    /// D: fees.
    Fees,
    /// E: status and lifecycle.
    Lifecycle,
    /// F: when.
    Time,
    /// G: totals and shares.
    Aggregation,
    /// H: decisions that a person must take.
    Decision,
    /// I: the quality of the data.
    DataQuality,
}

impl Family {
    /// The letter by which the rule book sorts.
    pub fn letter(self) -> char {
        match self {
            Self::Presence => 'A',
            Self::Amount => 'B',
            Self::Currency => 'C',
            Self::Fees => 'D',
            Self::Lifecycle => 'E',
            Self::Time => 'F',
            Self::Aggregation => 'G',
            Self::Decision => 'H',
            Self::DataQuality => 'I',
        }
    }
}

impl Code {
    /// What the code is about.
    pub fn family(self) -> Family {
        use Code as C;
        match self {
            C::MissingInSettlement
            | C::MissingInOrders
            | C::DuplicateInSettlement
            | C::DuplicateInOrders
            | C::DoubleClaim
            | C::FileGap => Family::Presence,
            C::AmountOver
            | C::AmountUnder
            | C::WithinTolerance
            | C::PartialSettlement
            | C::Rounding
            | C::SignMismatch => Family::Amount,
            C::CurrencyMismatch
            | C::FxRateVariance
            | C::FxRateInverted
            | C::FxRatePerHundred
            | C::FxCurrencySwapped
            | C::FxRateMissing
            | C::PrecisionError
            | C::UnitMismatch => Family::Currency,
            C::FeeOvercharge
            | C::FeeUndercharge
            | C::FeeMissing
            | C::FeeUnknownType
            | C::TierMisapplied
            | C::FeeNotRefunded => Family::Fees,
            C::StatusMismatch
            | C::RefundUnmatched
            | C::RefundOverOriginal
            | C::ReversalUnmatched
            | C::Chargeback
            | C::PreauthNotCaptured
            | C::SettledAfterReversal => Family::Lifecycle,
            C::CutoffShift | C::LateSettlement | C::EarlySettlement | C::TimezoneSuspect => {
                Family::Time
            }
            C::PayoutTotalMismatch
            | C::SplitMismatch
            | C::SplitIncomplete
            | C::ReserveHeld
            | C::ReserveReleased
            | C::ControlTotalMismatch
            | C::LineIdentityBroken => Family::Aggregation,
            C::AmbiguousPair
            | C::AmbiguousSubset
            | C::SearchBudgetReached
            | C::LowEvidence
            | C::ReferenceMismatch => Family::Decision,
            C::Unparseable
            | C::MissingKey
            | C::BadDate
            | C::SchemaDrift
            | C::ScientificNotationId
            | C::SignatureInvalid => Family::DataQuality,
        }
    }

    /// The rank as a headline, from 0, the first to be named. Codes of one rank are named in the
    /// order of their names.
    pub fn precedence(self) -> u8 {
        match (self, self.family()) {
            (_, Family::DataQuality) => 0,
            (Self::FileGap | Self::ControlTotalMismatch, _) => 1,
            (Self::DoubleClaim | Self::DuplicateInSettlement | Self::DuplicateInOrders, _) => 2,
            (_, Family::Lifecycle) => 3,
            (Self::FxRateVariance, _) => 7,
            (_, Family::Currency) => 4,
            (_, Family::Aggregation) => 5,
            (_, Family::Amount) => 6,
            (_, Family::Fees) => 8,
            (_, Family::Time) => 9,
            (_, Family::Presence) => 10,
            (_, Family::Decision) => 11,
        }
    }

    /// Sorts the facts of an exception: the first of them is its headline.
    pub fn headline_key(self) -> (u8, &'static str) {
        (self.precedence(), self.name())
    }

    /// Whether it is only noted on a match: never open, never a reason to act.
    pub fn is_info(self) -> bool {
        matches!(
            self,
            Self::WithinTolerance
                | Self::Rounding
                | Self::CutoffShift
                | Self::ReserveHeld
                | Self::ReserveReleased
        )
    }

    /// The short name in English.
    pub fn title(self) -> &'static str {
        match self {
            Self::MissingInSettlement => "not in the settlement",
            Self::MissingInOrders => "not in the orders",
            Self::DuplicateInSettlement => "twice in the settlement",
            Self::DuplicateInOrders => "twice in the orders",
            Self::DoubleClaim => "closed in an earlier run",
            Self::FileGap => "a page or day is missing",
            Self::AmountOver => "too much credited",
            Self::AmountUnder => "too little credited",
            Self::WithinTolerance => "within the tolerance",
            Self::PartialSettlement => "settled in part",
            Self::Rounding => "rounding",
            Self::SignMismatch => "sign reversed",
            Self::CurrencyMismatch => "another currency",
            Self::FxRateVariance => "exchange rate off",
            Self::FxRateInverted => "exchange rate inverted",
            Self::FxRatePerHundred => "exchange rate per hundred",
            Self::FxCurrencySwapped => "currencies swapped",
            Self::FxRateMissing => "no reference rate",
            Self::PrecisionError => "wrong number of decimals",
            Self::UnitMismatch => "cents read as units",
            Self::FeeOvercharge => "fee too high",
            Self::FeeUndercharge => "fee too low",
            Self::FeeMissing => "no fee charged",
            Self::FeeUnknownType => "unknown fee",
            Self::TierMisapplied => "wrong fee tier",
            Self::FeeNotRefunded => "fee not given back",
            Self::StatusMismatch => "states disagree",
            Self::RefundUnmatched => "refund of an unknown order",
            Self::RefundOverOriginal => "refunded more than paid",
            Self::ReversalUnmatched => "reversal of an unknown order",
            Self::Chargeback => "chargeback",
            Self::PreauthNotCaptured => "authorised, not collected",
            Self::SettledAfterReversal => "settled after a reversal",
            Self::CutoffShift => "on another accounting day",
            Self::LateSettlement => "paid out late",
            Self::EarlySettlement => "paid out early",
            Self::TimezoneSuspect => "time zone in doubt",
            Self::PayoutTotalMismatch => "payout total off",
            Self::SplitMismatch => "split off",
            Self::SplitIncomplete => "a share is missing",
            Self::ReserveHeld => "held in reserve",
            Self::ReserveReleased => "released from reserve",
            Self::ControlTotalMismatch => "control total off",
            Self::LineIdentityBroken => "line does not add up",
            Self::AmbiguousPair => "several could be meant",
            Self::AmbiguousSubset => "several sets add up",
            Self::SearchBudgetReached => "search limit reached",
            Self::LowEvidence => "little evidence",
            Self::ReferenceMismatch => "references differ",
            Self::Unparseable => "unreadable",
            Self::MissingKey => "no reference",
            Self::BadDate => "impossible date",
            Self::SchemaDrift => "columns changed",
            Self::ScientificNotationId => "reference damaged by Excel",
            Self::SignatureInvalid => "signature invalid",
        }
    }

    /// The short name in Simplified Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::MissingInSettlement => "渠道无单",
            Self::MissingInOrders => "平台漏单",
            Self::DuplicateInSettlement => "渠道重复",
            Self::DuplicateInOrders => "订单重复",
            Self::DoubleClaim => "重复核销",
            Self::FileGap => "账单缺页缺日",
            Self::AmountOver => "长款·金额",
            Self::AmountUnder => "短款·金额",
            Self::WithinTolerance => "容差内",
            Self::PartialSettlement => "部分结算",
            Self::Rounding => "舍入差",
            Self::SignMismatch => "借贷方向不符",
            Self::CurrencyMismatch => "币种不符",
            Self::FxRateVariance => "汇率差异",
            Self::FxRateInverted => "汇率倒置",
            Self::FxRatePerHundred => "汇率单位不符",
            Self::FxCurrencySwapped => "币种对调",
            Self::FxRateMissing => "缺汇率",
            Self::PrecisionError => "精度错误",
            Self::UnitMismatch => "单位不符",
            Self::FeeOvercharge => "多扣费",
            Self::FeeUndercharge => "少扣费",
            Self::FeeMissing => "缺手续费",
            Self::FeeUnknownType => "未知费用",
            Self::TierMisapplied => "阶梯错档",
            Self::FeeNotRefunded => "退款未退费",
            Self::StatusMismatch => "状态不符",
            Self::RefundUnmatched => "退款无原单",
            Self::RefundOverOriginal => "超额退款",
            Self::ReversalUnmatched => "冲正无原单",
            Self::Chargeback => "拒付",
            Self::PreauthNotCaptured => "预授权未完成",
            Self::SettledAfterReversal => "冲正后仍结算",
            Self::CutoffShift => "跨日(日切)",
            Self::LateSettlement => "结算逾期",
            Self::EarlySettlement => "提前结算",
            Self::TimezoneSuspect => "时区疑似",
            Self::PayoutTotalMismatch => "打款总额不符",
            Self::SplitMismatch => "分账不符",
            Self::SplitIncomplete => "分账缺项",
            Self::ReserveHeld => "保证金冻结",
            Self::ReserveReleased => "保证金释放",
            Self::ControlTotalMismatch => "汇总不符",
            Self::LineIdentityBroken => "行内勾稽不平",
            Self::AmbiguousPair => "多义匹配",
            Self::AmbiguousSubset => "组合不唯一",
            Self::SearchBudgetReached => "搜索上限",
            Self::LowEvidence => "证据不足",
            Self::ReferenceMismatch => "单号不符",
            Self::Unparseable => "解析失败",
            Self::MissingKey => "缺单号",
            Self::BadDate => "日期无效",
            Self::SchemaDrift => "列结构变化",
            Self::ScientificNotationId => "单号被Excel改写",
            Self::SignatureInvalid => "验签失败",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One code or more of every rank, the headline first.
    #[test]
    fn the_headline_is_the_cause_rather_than_its_effects() {
        let ranked = [
            Code::SignatureInvalid,
            Code::FileGap,
            Code::DuplicateInSettlement,
            Code::Chargeback,
            Code::UnitMismatch,
            Code::LineIdentityBroken,
            Code::AmountUnder,
            Code::FxRateVariance,
            Code::FeeOvercharge,
            Code::LateSettlement,
            Code::MissingInSettlement,
            Code::AmbiguousPair,
        ];
        for (rank, code) in ranked.iter().enumerate() {
            assert_eq!(usize::from(code.precedence()), rank, "{}", code.name());
        }
        assert_eq!(Code::ControlTotalMismatch.precedence(), 1, "not with the other totals");
        assert_eq!(Code::FxRateMissing.precedence(), 4, "not with the rate that deviates");
        assert_eq!(Code::DuplicateInOrders.precedence(), 2, "not with the missing ones");
    }

    #[test]
    fn names_and_their_translations_are_distinct() {
        let mut zh: Vec<&str> = Code::ALL.iter().map(|code| code.zh()).collect();
        zh.sort_unstable();
        zh.dedup();
        assert_eq!(zh.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.name()), Some(*code));
        }
    }

    #[test]
    fn only_notes_are_info() {
        let info: Vec<&str> = Code::ALL.iter().filter(|c| c.is_info()).map(|c| c.name()).collect();
        assert_eq!(
            info,
            ["WITHIN_TOLERANCE", "ROUNDING", "CUTOFF_SHIFT", "RESERVE_HELD", "RESERVE_RELEASED"]
        );
        assert!(!Code::LateSettlement.is_info());
    }
}
