//! Decides what a row says that speaks for the rows under it: what they come to, and what they
//! leave out because it is the same for all.

use super::cells::tidy;
use super::controls::Controls;
use super::figures::stated;
use super::layout::Header;
use super::plan::Plan;
use super::profile::Lead;
use super::record::Record;
use super::rejection::Rejection;
use super::synonyms;

/// The columns of such a row.
#[derive(Debug)]
pub(super) struct LeadPlan {
    filled: usize,
    gives: Vec<usize>,
}

impl LeadPlan {
    /// `None` if the header lacks the column by which the row is known.
    pub(super) fn new(lead: &Lead, header: &Header) -> Option<Self> {
        Some(Self { filled: header.find(&lead.filled)?, gives: header.all(&lead.gives) })
    }

    /// Whether the row is one that speaks for others.
    pub(super) fn is_lead(&self, record: &Record<'_>) -> bool {
        !tidy(record.get(self.filled).unwrap_or_default()).is_empty()
    }

    /// Remembers what it says.
    ///
    /// # Errors
    /// What is wrong in the row, and what to do.
    pub(super) fn read(
        &self,
        plan: &mut Plan,
        controls: &mut Controls,
        record: &Record<'_>,
    ) -> Result<(), Rejection> {
        let text = tidy(record.get(self.filled).unwrap_or_default());
        let code = plan.currency.text(record);
        let name = plan.header.name(self.filled);
        let currency = synonyms::currency(code).ok_or_else(|| {
            Rejection::unreadable(format!(
                "the row has a {name}, but “{code}” is no currency: export the file again"
            ))
        })?;
        let total = stated(text, plan, currency).ok_or_else(|| {
            Rejection::unreadable(format!(
                "column {name}: “{text}” is no amount: export the file again"
            ))
        })?;
        controls.lead(plan.batch.text(record), currency, total);
        let dates = [&mut plan.occurred_at.source, &mut plan.settled_at.source];
        let sources = [&mut plan.currency, &mut plan.net_currency, &mut plan.batch];
        for source in sources.into_iter().chain(dates) {
            if let Some(column) = source.column.filter(|column| self.gives.contains(column)) {
                source.set_constant(tidy(record.get(column).unwrap_or_default()));
            }
        }
        Ok(())
    }
}
