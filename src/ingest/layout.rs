//! Decides which columns of a header a profile's fields are read from.

use super::fields::Field;
use super::fold::{fold, is_folded};
use super::profile::{Profile, Tested};
use super::rule::FieldRule;

/// A header, with the folded spelling of its names.
#[derive(Clone, Debug, Default)]
pub struct Header {
    names: Vec<String>,
    folded: Vec<String>,
}

impl Header {
    /// A header of these cells.
    pub fn new<'c>(cells: impl Iterator<Item = &'c str>) -> Self {
        let names: Vec<String> = cells.map(|cell| cell.trim().to_owned()).collect();
        let folded = names.iter().map(|name| fold(name)).collect();
        Self { names, folded }
    }

    /// The number of columns up to the last one that has a name.
    #[must_use]
    pub fn width(&self) -> usize {
        self.names
            .iter()
            .rposition(|name| !name.is_empty())
            .map_or(0, |last| last.saturating_add(1))
    }

    /// The name of a column, as it is written.
    #[must_use]
    pub fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// The folded name of a column.
    #[must_use]
    pub fn folded(&self, column: usize) -> &str {
        self.folded.get(column).map_or("", String::as_str)
    }

    /// All names, as they are written.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.names.iter().map(String::as_str)
    }

    /// The first column of this name, in any spelling; `payment_metadata[*` is the first one that
    /// begins so.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        let position = |wanted: &str| self.folded.iter().position(|folded| folded == wanted);
        if name.ends_with('*') {
            return self.beginning(name).next();
        }
        if name.is_empty() {
            None
        } else if is_folded(name) {
            position(name)
        } else {
            Some(fold(name)).filter(|wanted| !wanted.is_empty()).and_then(|name| position(&name))
        }
    }

    /// The columns whose name begins like `name`, which ends with `*`.
    fn beginning(&self, name: &str) -> impl Iterator<Item = usize> {
        let start = fold(name);
        let begins = move |folded: &str| !start.is_empty() && folded.starts_with(&start);
        self.folded.iter().enumerate().filter(move |(_, name)| begins(name)).map(|(at, _)| at)
    }

    /// The first of `names` that the header has.
    #[must_use]
    pub fn first(&self, names: &[String]) -> Option<usize> {
        names.iter().find_map(|name| self.find(name))
    }

    /// Those of `names` that the header has, in the order of `names`, each column once.
    #[must_use]
    pub fn all(&self, names: &[String]) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut add = |column: usize| {
            if !found.contains(&column) {
                found.push(column);
            }
        };
        for name in names {
            if name.ends_with('*') {
                self.beginning(name).for_each(&mut add);
            } else {
                self.find(name).into_iter().for_each(&mut add);
            }
        }
        found
    }

    /// The folded names, one after the other: what files of one layout have in common.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.folded.get(..self.width()).unwrap_or_default().join(",")
    }

    /// Whether it has all of these names.
    #[must_use]
    pub fn has_all(&self, names: &[String]) -> bool {
        names.iter().all(|name| self.find(name).is_some())
    }
}

/// The columns that a generic profile finds, each column for one field only.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    taken: Vec<usize>,
    exclusive: bool,
}

impl Claims {
    /// No column is taken yet; in profiles of a known layout columns may serve two fields.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self { taken: Vec::new(), exclusive: profile.status == Tested::Generic }
    }

    /// The first of `names` that the header has and that no other field has taken; a column that a
    /// person mapped (`given`) is free for all.
    pub fn first(&mut self, header: &Header, names: &[String], given: bool) -> Option<usize> {
        let free = |column: &usize| given || !self.exclusive || !self.taken.contains(column);
        let found = names.iter().filter_map(|name| header.find(name)).find(free)?;
        self.taken.push(found);
        Some(found)
    }
}

/// Which columns each field of a profile would be read from; fields without a column are left out.
/// A field has several where they are added up, or where debits stand apart from credits.
#[must_use]
pub fn mapped(profile: &Profile, header: &Header) -> Vec<(Field, usize)> {
    let mut claims = Claims::of(profile);
    let mut found = Vec::new();
    for &field in Field::ALL {
        let Some(rule) = rule_of(profile, field) else { continue };
        if let Some(column) = claims.first(header, &rule.columns, rule.is_given) {
            found.push((field, column));
            continue;
        }
        let sum = header.all(&rule.sum);
        let pair =
            [&rule.credit, &rule.debit].map(|names| claims.first(header, names, rule.is_given));
        found.extend(sum.into_iter().chain(pair.into_iter().flatten()).map(|at| (field, at)));
    }
    found
}

/// The rule of a field.
#[must_use]
pub fn rule_of(profile: &Profile, field: Field) -> Option<&FieldRule> {
    profile.fields.iter().find(|(name, _)| Field::parse(name) == Some(field)).map(|(_, rule)| rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Side;
    use crate::ingest::shipped::generic;

    fn fields(side: Side, header: &str) -> String {
        let header = Header::new(header.split(','));
        let found = mapped(generic(side), &header);
        let found: Vec<String> = found
            .into_iter()
            .map(|(field, column)| format!("{}={}", field.name(), header.name(column)))
            .collect();
        found.join(" ")
    }

    #[test]
    fn orders_in_five_languages_are_mapped() {
        for (header, expected) in [
            (
                "Order ID,Date,Total,Currency",
                "reference=Order ID amount=Total currency=Currency occurred_at=Date",
            ),
            (
                "订单编号,下单时间,实付金额（元）,币种,订单状态",
                "reference=订单编号 status=订单状态 amount=实付金额（元） currency=币种 occurred_at=下单时间",
            ),
            (
                "Numéro de commande;Date de commande;Montant TTC;Devise".replace(';', ",").as_str(),
                "reference=Numéro de commande amount=Montant TTC currency=Devise occurred_at=Date de commande",
            ),
            (
                "Número de pedido,Fecha,Importe total,Moneda",
                "reference=Número de pedido amount=Importe total currency=Moneda occurred_at=Fecha",
            ),
            (
                "Número do pedido,Data,Valor total,Moeda",
                "reference=Número do pedido amount=Valor total currency=Moeda occurred_at=Data",
            ),
            ("Colour,Size", ""),
        ] {
            assert_eq!(fields(Side::Orders, header), expected);
        }
    }

    #[test]
    fn a_column_serves_one_field_and_the_surest_name_wins() {
        assert_eq!(
            fields(
                Side::Settlement,
                "Amount,Fee,Net,Order No,Transaction ID,Reference,Payout Date"
            ),
            "reference=Order No transaction_id=Transaction ID amount=Amount fee=Fee net=Net \
             settled_at=Payout Date"
        );
        assert_eq!(fields(Side::Orders, "id,amount"), "reference=id amount=amount");
    }
}
