//! Decides which sides, kinds, states and places an entry can have, and how each is written.
//!
//! The written names are the ones of the result document; they never change within a schema.

/// Defines an enum whose variants have a stable written name and a stable number.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            /// Every variant, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name as it is written in documents and mappings.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The variant with this written name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }

            /// The variant with this number.
            #[allow(dead_code, reason = "not every set of names is kept as a column")]
            pub(crate) fn from_u8(number: u8) -> Option<Self> {
                Self::ALL.get(usize::from(number)).copied()
            }
        }
    };
}
pub(crate) use named;

named! {
    /// Whose view of the money a source gives.
    Side {
        /// What the seller expects.
        Orders = "orders",
        /// What the payment provider says.
        Settlement = "settlement",
        /// What arrived in the bank account.
        Bank = "bank",
        /// Events that the provider pushed.
        Webhook = "webhook",
    }
}

named! {
    /// What an entry does to the merchant's money.
    Kind {
        /// A payment for an order; positive.
        Sale = "sale",
        /// Money given back to the buyer; negative.
        Refund = "refund",
        /// A payment undone by the provider (冲正); negative.
        Reversal = "reversal",
        /// A payment that the buyer's bank took back; negative.
        Chargeback = "chargeback",
        /// A chargeback that was won; positive.
        ChargebackReversal = "chargeback_reversal",
        /// Money reserved on the buyer's account; moves nothing.
        Preauth = "preauth",
        /// A preauthorisation that was collected; positive.
        Capture = "capture",
        /// An order or authorisation that was cancelled; negative in the orders, moves nothing else.
        Void = "void",
        /// Settled money sent to the bank; negative in the settlement, positive in the bank.
        Payout = "payout",
        /// A fee with a line of its own; negative.
        Fee = "fee",
        /// A correction by the provider; either sign.
        Adjustment = "adjustment",
        /// Money held back by the provider; negative.
        Reserve = "reserve",
        /// Held money that was released; positive.
        Release = "release",
        /// Money moved between the merchant's own balances; either sign.
        Transfer = "transfer",
        /// A type that the profile does not know.
        Other = "other",
    }
}

impl Kind {
    /// Whether this is money that a buyer paid.
    pub fn is_payment(self) -> bool {
        matches!(self, Self::Sale | Self::Capture)
    }

    /// Whether this undoes a payment, in part or in whole.
    pub fn is_return(self) -> bool {
        matches!(self, Self::Refund | Self::Reversal | Self::Chargeback | Self::Void)
    }
}

named! {
    /// What the source says about the state of a row.
    Status {
        /// The source says nothing about it.
        Unstated = "unstated",
        /// Paid or settled.
        Paid = "paid",
        /// Not decided yet.
        Pending = "pending",
        /// Reserved, not collected.
        Authorized = "authorized",
        /// Refused or failed: no money moved.
        Failed = "failed",
        /// Cancelled: no money moved.
        Voided = "voided",
        /// Paid and given back in full.
        Refunded = "refunded",
        /// Paid and given back in part.
        PartiallyRefunded = "partially_refunded",
    }
}

impl Status {
    /// Whether the row says that money was paid (or says nothing against it).
    pub fn is_paid(self) -> bool {
        matches!(
            self,
            Self::Unstated | Self::Paid | Self::Refunded | Self::PartiallyRefunded | Self::Voided
        )
    }
}

named! {
    /// Which of the entries of one physical row this is; it ends the row's name.
    Part {
        /// The row itself.
        Row = "",
        /// The row's fee as an entry of its own.
        Fee = "/fee",
        /// The row's tax as an entry of its own.
        Tax = "/tax",
        /// The refund that an order row records.
        Refund = "/refund",
        /// The cancellation that an order row records.
        Void = "/void",
        /// What the row shares out to others (分账).
        Split = "/split",
    }
}

named! {
    /// Where an entry ends. Every entry has exactly one.
    Disposition {
        /// Neither matched nor explained yet.
        Open = "open",
        /// In a match.
        Matched = "matched",
        /// Not due yet by the calendar (在途).
        InTransit = "in_transit",
        /// Left out, with a reason.
        Excluded = "excluded",
        /// Closed in an earlier run.
        ClosedBefore = "closed_before",
    }
}

named! {
    /// Why an entry is left out of the matching.
    Reason {
        /// Not left out.
        None = "",
        /// The order was never paid, and no line says otherwise.
        NotPaid = "not_paid",
        /// The order was cancelled, and no line says otherwise.
        Voided = "voided",
        /// The provider says that it failed: no money moved.
        Failed = "failed",
        /// The provider has not decided yet: no money moved.
        Pending = "pending",
        /// Reserved on the buyer's account only: no money moved.
        Authorisation = "authorisation",
        /// Money on its way to the bank: compared with the bank, never with orders.
        Payout = "payout",
        /// A fee of the provider that belongs to no order.
        ProviderFee = "provider_fee",
        /// Money moved between the merchant's own balances, or held back and released.
        OwnBalance = "own_balance",
        /// An event that a line of the settlement confirms.
        Confirmed = "confirmed",
        /// The same event, delivered again.
        Redelivered = "redelivered",
        /// Another event of a payment that is announced already.
        SamePayment = "same_payment",
        /// An open row of an earlier run that a file of this run has again: it is counted there.
        Repeated = "repeated",
    }
}

impl Reason {
    /// Whether a settlement line that is left out for this reason still moved the merchant's money.
    pub fn moves_money(self) -> bool {
        !matches!(
            self,
            Self::Failed | Self::Pending | Self::Authorisation | Self::Payout | Self::Repeated
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_round_trip() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), Some(*kind));
            assert_eq!(Kind::from_u8(*kind as u8), Some(*kind));
        }
        assert_eq!(Kind::from_name("Sale"), None, "names are exact");
        assert_eq!(Kind::from_u8(200), None);
    }
}
