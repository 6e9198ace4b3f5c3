//! Decides whose books each source is a part of: those of one provider in one scope.
//!
//! A provider writes payouts in one report and their lines in another; both are named after it
//! (`checkout-payouts`, `checkout-settlement`). Batch 380 of one provider is not that of another.

use crate::ingest::report::SourceReport;
use crate::matching::Book;
use crate::report::provider_of;
use crate::sort;

/// The book of each source, in their order; numbered by provider and scope.
pub(crate) fn of_sources<'r>(sources: impl Iterator<Item = &'r SourceReport>) -> Vec<Book> {
    let named: Vec<(&str, &str, bool)> = sources
        .map(|one| {
            // Of what was carried only the open rows are here.
            let short = one.rows.rejected > 0 || one.carried.is_some();
            (provider_of(&one.profile), one.scope.as_str(), short)
        })
        .collect();
    let mut names: Vec<(&str, &str)> =
        named.iter().map(|(name, scope, _)| (*name, *scope)).collect();
    sort::sort(&mut names);
    names.dedup();
    let book = |(name, scope, _): &(&str, &str, bool)| {
        let number = names.iter().position(|known| *known == (*name, *scope)).unwrap_or(0);
        let mut all = named.iter().filter(|other| (other.0, other.1) == (*name, *scope));
        let short = all.any(|(_, _, rejected)| *rejected);
        Book { number: u16::try_from(number).unwrap_or(u16::MAX), short }
    };
    named.iter().map(book).collect()
}
