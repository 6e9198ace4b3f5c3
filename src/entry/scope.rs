//! Decides which sources may speak of the same orders: those of one scope (a shop, a marketplace, an
//! account), where both sides have it.
//!
//! Several exports of one side are one side. An order number says which order is meant only within
//! its scope: #1001 of one shop is not #1001 of another.

use crate::entry::Side;
use crate::ids::SourceId;
use crate::sort;

/// The scope of each source, by its place; empty if no source has one.
#[derive(Debug, Default)]
pub struct Scopes {
    /// As it was stated: equal numbers are equal names, 0 is none.
    stated: Vec<u16>,
    /// The same, and 0 where no source of the other side has the scope.
    shared: Vec<u16>,
}

impl Scopes {
    /// The scopes of sources in their order; an empty name is none.
    #[must_use]
    pub fn of(sources: &[(Side, &str)]) -> Self {
        let mut names: Vec<&str> =
            sources.iter().map(|(_, name)| *name).filter(|name| !name.is_empty()).collect();
        if names.is_empty() {
            return Self::default();
        }
        sort::sort(&mut names);
        names.dedup();
        let number = |name: &str| {
            let place = names.iter().position(|known| *known == name);
            place.map_or(0, |place| u16::try_from(place.saturating_add(1)).unwrap_or(u16::MAX))
        };
        let stated = sources.iter().map(|(_, name)| number(name)).collect();
        let shared = |(side, name): &(Side, &str)| {
            let is_other = *side != Side::Orders;
            // Events are no rows of either side: they change nothing about the others.
            let other = |(side, other): &(Side, &str)| {
                other == name && *side != Side::Webhook && (*side == Side::Orders) == is_other
            };
            if sources.iter().any(other) { number(name) } else { 0 }
        };
        Self { stated, shared: sources.iter().map(shared).collect() }
    }

    /// Whether no source has a scope.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.stated.is_empty()
    }

    /// The scope by which the entries of a source are matched; 0: with all that have none.
    pub(super) fn shared(&self, source: SourceId) -> u16 {
        self.shared.get(usize::from(source.0)).copied().unwrap_or_default()
    }

    /// The scope that was stated for a source; 0: none.
    pub(super) fn stated(&self, source: SourceId) -> u16 {
        self.stated.get(usize::from(source.0)).copied().unwrap_or_default()
    }

    /// Whether a source has a scope that no source of the other side has.
    #[must_use]
    pub fn stands_alone(&self, source: usize) -> bool {
        let at = |list: &[u16]| list.get(source).copied().unwrap_or_default();
        at(&self.stated) != at(&self.shared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_counts_where_both_sides_have_it() {
        use Side::{Orders, Settlement};
        let sources = [
            (Orders, "shop b"),
            (Orders, "shop a"),
            (Orders, ""),
            (Settlement, "shop a"),
            (Settlement, ""),
            (Settlement, "shop c"),
            (Side::Webhook, "shop b"),
        ];
        let scopes = Scopes::of(&sources);
        let all = || (0..7_u16).map(SourceId);
        assert_eq!(all().map(|id| scopes.shared(id)).collect::<Vec<_>>(), [0, 1, 0, 1, 0, 0, 2]);
        assert_eq!(all().map(|id| scopes.stated(id)).collect::<Vec<_>>(), [2, 1, 0, 1, 0, 3, 2]);
        let alone: Vec<usize> = (0..6).filter(|at| scopes.stands_alone(*at)).collect();
        assert_eq!(alone, [0, 5]);
        assert!(Scopes::of(&[(Orders, ""), (Settlement, "")]).is_empty());
    }
}
