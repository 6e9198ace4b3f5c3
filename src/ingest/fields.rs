//! Decides which fields of an entry a profile, a mapping or `--columns` can fill.

use crate::entry::named;

named! {
    /// A field of an entry that columns can be mapped to.
    Field {
        /// The reference that both sides know; on orders, the order number.
        Reference = "reference",
        /// The provider's name for the transaction.
        TransactionId = "transaction_id",
        /// A second name for the order.
        OrderNumber = "order_number",
        /// What the row does to the money, such as `payment` or `refund`.
        Type = "type",
        /// The state of the row, such as `paid` or `failed`.
        Status = "status",
        /// Gross.
        Amount = "amount",
        /// Fee.
        Fee = "fee",
        /// Tax on the fee, or withheld.
        Tax = "tax",
        /// What reaches the merchant.
        Net = "net",
        /// The currency of amount, fee and tax.
        Currency = "currency",
        /// The currency of the net, where it is another.
        NetCurrency = "net_currency",
        /// The amount before conversion, as the order states it.
        OriginalAmount = "original_amount",
        /// The currency of the order, where the line was converted before its fees.
        OriginalCurrency = "original_currency",
        /// Units of settlement currency for one unit of the order's.
        FxRate = "fx_rate",
        /// When it happened.
        OccurredAt = "occurred_at",
        /// When the money was, or will be, paid out.
        SettledAt = "settled_at",
        /// The payout or batch.
        Batch = "batch",
        /// The operator or payment method.
        Method = "method",
        /// The country.
        Country = "country",
        /// Free text.
        Memo = "memo",
    }
}

/// What kind of cell a field takes, and so which hints make sense for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A text that is kept as it is written.
    Text,
    /// A word of a vocabulary.
    Word,
    /// An amount of money.
    Money,
    /// An ISO 4217 code.
    Currency,
    /// An exchange rate.
    Rate,
    /// A date, with or without a time.
    Date,
}

impl Field {
    /// What kind of cell the field takes.
    #[must_use]
    pub fn shape(self) -> Shape {
        match self {
            Self::Reference
            | Self::TransactionId
            | Self::OrderNumber
            | Self::Batch
            | Self::Method
            | Self::Country
            | Self::Memo => Shape::Text,
            Self::Type | Self::Status => Shape::Word,
            Self::Amount | Self::Fee | Self::Tax | Self::Net | Self::OriginalAmount => Shape::Money,
            Self::Currency | Self::NetCurrency | Self::OriginalCurrency => Shape::Currency,
            Self::FxRate => Shape::Rate,
            Self::OccurredAt | Self::SettledAt => Shape::Date,
        }
    }

    /// What the field holds, in one line for the command's help.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::Reference => "what both sides know; on orders the order number",
            Self::TransactionId => "the provider's name for the transaction",
            Self::OrderNumber => "a second name for the order",
            Self::Type => "payment, refund, chargeback, payout, fee, …",
            Self::Status => "paid, pending, failed, …",
            Self::Amount => "gross",
            Self::Fee => "fee of the provider",
            Self::Tax => "tax on the fee, or withheld",
            Self::Net => "what reaches the merchant",
            Self::Currency => "ISO code of amount, fee and tax",
            Self::NetCurrency => "ISO code of the net, if it is another",
            Self::OriginalAmount => "amount before conversion, as the order states it",
            Self::OriginalCurrency => "ISO code of the original amount",
            Self::FxRate => "settlement currency for one unit of the order's",
            Self::OccurredAt => "when it happened",
            Self::SettledAt => "when it was paid out",
            Self::Batch => "payout or batch",
            Self::Method => "operator or payment method",
            Self::Country => "country",
            Self::Memo => "free text",
        }
    }
}

impl Field {
    /// The field with this written name; `settled_on` and `kind` are understood too.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "settled_on" => Some(Self::SettledAt),
            "kind" => Some(Self::Type),
            _ => Self::from_name(name),
        }
    }
}
