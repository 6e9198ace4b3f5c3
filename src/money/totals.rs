//! Sums of money per currency: each currency adds up alone.

use std::collections::BTreeMap;

use super::{Amount, Currency, Money, MoneyError};

/// One exact total per currency, listed by currency code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(BTreeMap<Currency, Amount>);

impl Totals {
    /// No totals.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds to the total of the money's currency.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] if the total would be too large; it then stays as it was.
    pub fn add(&mut self, money: Money) -> Result<(), MoneyError> {
        let total = self.0.entry(money.currency).or_default();
        *total = total.checked_add(money.amount).ok_or(MoneyError::OutOfRange)?;
        Ok(())
    }

    /// Adds every total of `other`.
    ///
    /// # Errors
    /// As [`add`](Self::add); the totals before the one that failed are then already added.
    pub fn merge(&mut self, other: &Self) -> Result<(), MoneyError> {
        other.iter().try_for_each(|money| self.add(money))
    }

    /// The total of a currency; zero where nothing was added.
    #[must_use]
    pub fn get(&self, currency: Currency) -> Amount {
        self.0.get(&currency).copied().unwrap_or_default()
    }

    /// The totals, by currency code, zero totals included.
    pub fn iter(&self) -> impl Iterator<Item = Money> + '_ {
        self.0.iter().map(|(&currency, &amount)| Money { amount, currency })
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(Amount::from_minor(minor), Currency::from_code(code).unwrap())
    }

    #[test]
    fn every_currency_adds_up_alone_and_is_listed_by_code() {
        let mut totals = Totals::new();
        for one in [money(5, "USD"), money(7, "KES"), money(-5, "USD"), money(1, "KES")] {
            totals.add(one).unwrap();
        }
        assert_eq!(totals.iter().collect::<Vec<_>>(), [money(8, "KES"), money(0, "USD")]);
        assert_eq!(totals.get(Currency::from_code("EUR").unwrap()), Amount::ZERO);

        let mut twice = totals.clone();
        twice.merge(&totals).unwrap();
        assert_eq!(twice.iter().collect::<Vec<_>>(), [money(16, "KES"), money(0, "USD")]);
    }
}
