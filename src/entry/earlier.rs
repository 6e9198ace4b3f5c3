//! A row that an earlier run has closed, as far as a later run has to name it.

use crate::entry::{Identity, Side};
use crate::money::{Amount, Currency};
use crate::time::Date;

/// A row that was closed in an earlier run, and that a row of this run names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its name in the run that closed it.
    pub row: String,
    /// Its side.
    pub side: Side,
    /// Its identity in that run.
    pub identity: Identity,
    /// The last day of that run.
    pub closed_on: Date,
    /// The provider's name for the transaction.
    pub transaction_id: String,
    /// The reference that both sides know.
    pub reference: String,
    /// A second name for the order.
    pub order_number: String,
    /// What it claimed, in the currency of the order.
    pub amount: Amount,
    /// That currency.
    pub currency: Currency,
}
