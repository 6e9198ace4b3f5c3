//! Decides which entries a row becomes, or why it becomes none.

use std::borrow::Cow;

use super::assumed::Assumed;
use super::cells::{Source, is_hidden, key, tidy};
use super::components::Components;
use super::controls::Controls;
use super::damage::{Damage, is_cut};
use super::figures::{Context, Fault, Figures, also_amount};
use super::fold::fold;
use super::plan::Plan;
use super::record::Record;
use super::rejection::Rejection;
use super::words::Reader;
use crate::entry::{Entries, EntriesFull, Kind, NewEntry};
use crate::ids::EntryId;
use crate::money::{Amount, Currency};
use crate::time::{DateFormat, Instant, Stamp};

/// Turns rows into entries under one plan.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) plan: Plan,
    pub(super) reader: Reader,
    components: Option<Components>,
    /// Currencies that entries have.
    pub(super) currencies: Vec<Currency>,
    /// Entries whose figures do not add up.
    pub(super) broken: Vec<EntryId>,
    /// Rows whose line identity could be checked, and of these the ones that hold.
    pub(super) identity: [u64; 2],
}

/// Why a row becomes no entry.
#[derive(Debug)]
pub(super) enum Refusal {
    /// What is wrong in the row, and what to do.
    Row(Rejection),
    /// A limit of the columns was reached.
    Full(EntriesFull),
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::Row(rejection)
    }
}

impl From<EntriesFull> for Refusal {
    fn from(full: EntriesFull) -> Self {
        Self::Full(full)
    }
}

impl Builder {
    pub(super) fn new(plan: Plan, components: Option<Components>) -> Self {
        Self {
            plan,
            components,
            reader: Reader::new(),
            currencies: Vec::new(),
            broken: Vec::new(),
            identity: [0; 2],
        }
    }

    /// Pushes the entries of a row: all of them or, with the reason, none.
    pub(super) fn build(
        &mut self,
        record: &Record<'_>,
        controls: &mut Controls,
        entries: &mut Entries,
    ) -> Result<(), Refusal> {
        let Self { plan, reader, components, identity, .. } = self;
        check_width(plan, record)?;
        let mut row = reader.context(plan, record)?;
        let waits = components.as_ref().is_some_and(|components| components.waits(record));
        let figures = match Figures::of(plan, record, &row) {
            Err(Fault::NoAmount) if waits => Ok(Figures::NOTHING),
            figures => figures.map_err(|fault| explain(plan, record, fault)),
        };
        let mut figures = figures?;
        row.kind = reader.kind_by_sign(plan, row.kind, figures.amount, record);
        let keys = Keys::of(plan, record, &mut reader.assumed);
        if let Some(components) = components.as_ref().filter(|_| waits) {
            components.place(&mut figures, record);
        }
        let mut entry = NewEntry::new(record.row(), row.kind, row.currency);
        fill(&mut entry, plan, reader, record, &row, &figures, &keys)?;
        if let Some(components) = components.as_mut().filter(|_| waits) {
            controls.add_row(plan, record, row.kind, row.currency);
            let checks = controls.holds(plan, record, &row);
            let is_broken = !adds_up(&figures, &row, identity) || !checks;
            reader.note_taken(&figures, &row, record);
            let added = components.add(record, &entry, figures.stated_net, is_broken);
            return added.ok_or_else(|| explain(plan, record, Fault::OutOfRange));
        }
        let also = also(plan, record, &row, figures.amount)?;
        let id = entries.push(&entry)?;
        for (also, amount) in plan.also.iter().zip(also) {
            let Some(amount) = amount.filter(|amount| !amount.is_zero()) else { continue };
            entries.push(&NewEntry {
                part: also.part,
                kind: also.kind,
                amount,
                fee: Amount::ZERO,
                tax: Amount::ZERO,
                net: amount,
                net_currency: entry.currency,
                original: None,
                fx_rate: None,
                ..entry.clone()
            })?;
        }
        reader.note_taken(&figures, &row, record);
        controls.add_row(plan, record, row.kind, row.currency);
        controls.add(&entry, figures.stated_net);
        controls.follow(plan, record, &entry);
        let holds = controls.holds(plan, record, &row);
        if !adds_up(&figures, &row, identity) || !holds {
            self.broken.push(id);
        }
        self.see(row.currency);
        self.see(row.net_currency);
        Ok(())
    }

    /// Pushes the entries whose rows were components of them.
    pub(super) fn finish(
        &mut self,
        controls: &mut Controls,
        entries: &mut Entries,
    ) -> Result<(), EntriesFull> {
        let Some(components) = self.components.take() else { return Ok(()) };
        for (entry, stated_net, is_broken) in components.finish() {
            let id = entries.push(&entry)?;
            if is_broken {
                self.broken.push(id);
            }
            controls.add(&entry, stated_net);
            self.see(entry.currency);
            self.see(entry.net_currency);
        }
        Ok(())
    }

    /// Remembers a currency.
    #[inline]
    pub(super) fn see(&mut self, currency: Currency) {
        if !self.currencies.contains(&currency) {
            self.currencies.push(currency);
        }
    }
}

/// Counts whether the row's own figures add up; they do where nothing can be compared.
fn adds_up(figures: &Figures, row: &Context, [checked, held]: &mut [u64; 2]) -> bool {
    let moves = row.status.is_paid() && row.kind != Kind::Preauth;
    let Some(holds) = figures.holds.filter(|_| moves) else { return true };
    *checked = checked.saturating_add(1);
    *held = held.saturating_add(u64::from(holds));
    holds
}

/// Rows with too few cells are torn, rows with too many have a stray separator: in both cases cells
/// may stand under the wrong name.
pub(super) fn check_width(plan: &Plan, record: &Record<'_>) -> Result<(), Refusal> {
    let (cells, width) = (record.len(), plan.width);
    if cells == width {
        return Ok(());
    }
    if cells < width {
        return Err(unreadable(format!(
            "the row has {cells} cells, but the header has {width} columns; “{}” and what follows \
             is missing: complete the row, or export the file again",
            plan.header.name(cells)
        )));
    }
    let stray = (width..cells).any(|at| !tidy(record.get(at).unwrap_or_default()).is_empty());
    if stray {
        return Err(unreadable(format!(
            "the row has {cells} cells, but the header has {width} columns: put the cell that holds \
             a separator in quotes, or export the file again"
        )));
    }
    Ok(())
}

/// The keys of a row, which may have to be cleaned.
#[derive(Debug)]
pub(super) struct Keys<'r> {
    reference: Cow<'r, str>,
    transaction_id: Cow<'r, str>,
    order_number: Cow<'r, str>,
    batch: Cow<'r, str>,
}

impl<'r> Keys<'r> {
    #[inline]
    pub(super) fn of(plan: &'r Plan, record: &Record<'r>, assumed: &mut Assumed) -> Self {
        let mut of = |source| key_of(plan, source, record, assumed);
        Self {
            reference: of(&plan.reference),
            transaction_id: of(&plan.transaction_id),
            order_number: of(&plan.order_number),
            batch: of(&plan.batch),
        }
    }
}

/// One key without hidden characters; empty if a spreadsheet has destroyed it.
#[inline]
fn key_of<'r>(
    plan: &'r Plan,
    source: &'r Source,
    record: &Record<'r>,
    assumed: &mut Assumed,
) -> Cow<'r, str> {
    let key = key(source.text(record));
    let Some(column) = source.column else { return key };
    let cell = record.get(column).unwrap_or_default();
    if key.len() != cell.len() && !cell.is_ascii() && cell.contains(is_hidden) {
        let why = "characters that nobody sees (zero-width, direction marks, non-breaking blanks) \
                   were taken out of the key";
        assumed.note("hidden characters", plan.header.name(column), why, record.row());
    }
    let cut = || plan.cut_ids.contains(&column) && is_cut(&key);
    let Some(damage) = Damage::of(&key).or_else(|| cut().then_some(Damage::Truncated)) else {
        return key;
    };
    let what = format!("damaged id in {}", plan.header.name(column));
    assumed.note(&what, &key, damage.why(), record.row());
    if damage.is_by_spreadsheet() {
        assumed.keep_damaged(record.row(), damage.left(&key));
    }
    Cow::Borrowed("")
}

/// Writes everything that a row says beside its kind and currency.
pub(super) fn fill<'r>(
    new: &mut NewEntry<'r>,
    plan: &'r Plan,
    reader: &mut Reader,
    record: &Record<'r>,
    row: &Context,
    figures: &Figures,
    keys: &'r Keys<'r>,
) -> Result<(), Refusal> {
    let occurred = reader.stamp(plan, &plan.occurred_at, record)?;
    let settled = reader.stamp(plan, &plan.settled_at, record)?;
    if let Some(stamp) = &occurred {
        note_zone(plan, reader, record, stamp);
    }
    new.offset = u32::try_from(record.offset()).unwrap_or(u32::MAX);
    new.status = row.status;
    new.amount = figures.amount;
    new.fee = figures.fee;
    new.tax = figures.tax;
    new.net = figures.net;
    new.net_currency = row.net_currency;
    new.original = figures.original;
    let is_converted = row.currency != row.net_currency || figures.original.is_some();
    new.fx_rate = row.rate.filter(|_| is_converted);
    if let Some(stamp) = occurred {
        new.occurred_at = stamp.instant.or_else(|| start_of_day(&stamp));
        new.has_time = stamp.has_time;
        new.offset_minutes = stamp.offset_minutes;
    }
    new.settled_on = settled.map(|stamp| stamp.date);
    new.memo = plan.memo.text(record);
    new.batch = &keys.batch;
    new.method = plan.method.text(record);
    new.country = plan.country.text(record);
    new.reference = &keys.reference;
    new.transaction_id = &keys.transaction_id;
    new.order_number = &keys.order_number;
    Ok(())
}

fn start_of_day(stamp: &Stamp) -> Option<Instant> {
    let midnight = Instant::from_utc_date(stamp.date).0;
    let ahead = i64::from(stamp.offset_minutes).checked_mul(60_000_000)?;
    midnight.checked_sub(ahead).map(Instant)
}

/// A time without an offset, in a file whose zone nobody states, is read in the zone of the run.
fn note_zone(plan: &Plan, reader: &mut Reader, record: &Record<'_>, stamp: &Stamp) {
    let date = &plan.occurred_at;
    if reader.zone_noted || date.zone_stated || date.zone_column.is_some() {
        return;
    }
    let absolute = matches!(date.format, Some(DateFormat::UnixSeconds | DateFormat::UnixMillis));
    let text = date.source.text(record);
    let own_offset = stamp.has_time
        && (text.bytes().skip(10).any(|byte| matches!(byte, b'+' | b'-')) || names_zone(text));
    if !absolute && !own_offset {
        reader.zone_noted = true;
        let zone = date.zone.to_string();
        let why = "neither the file nor its profile says in which zone its times are";
        reader.assumed.once("time zone", &zone, why);
        reader.assumed.ask("time zone", &zone, "zone".to_owned(), &[]);
    }
}

/// Whether a time ends with the name of its zone, such as `PST` or `Z`.
fn names_zone(text: &str) -> bool {
    let letters = text.trim_end().bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let word = text.trim_end().get(text.trim_end().len().saturating_sub(letters)..);
    word.is_some_and(|word| !word.is_empty() && !["am", "pm"].contains(&fold(word).as_str()))
}

/// The refund or cancellation that an order row records, by its place in the plan.
fn also(
    plan: &Plan,
    record: &Record<'_>,
    row: &Context,
    whole: Amount,
) -> Result<[Option<Amount>; 4], Refusal> {
    let mut amounts = [None; 4];
    for (slot, also) in amounts.iter_mut().zip(&plan.also) {
        if !also.condition.fits(record) {
            continue;
        }
        *slot = match &also.amount {
            Ok(money) => also_amount(also, money, plan, record, row)
                .map_err(|fault| explain(plan, record, fault))?,
            Err(status) if *status == row.status => whole.checked_neg(),
            Err(_) => None,
        };
    }
    Ok(amounts)
}

/// The reason of a row that is rejected for neither a date nor decimals.
fn unreadable(reason: String) -> Refusal {
    Refusal::Row(Rejection::unreadable(reason))
}

/// What is wrong with the money of a row, where, and what to do.
pub(super) fn explain(plan: &Plan, record: &Record<'_>, fault: Fault) -> Refusal {
    unreadable(match fault {
        Fault::Cell(column, error) => {
            let place = format!("column {}", plan.header.name(column));
            let text = tidy(record.get(column).unwrap_or_default());
            return Refusal::Row(Rejection::of_amount(&place, error, text));
        }
        Fault::NoAmount => {
            let columns = plan.amount_columns();
            let names: Vec<&str> =
                columns.iter().take(3).map(|column| plan.header.name(*column)).collect();
            let empty = if names.len() == 1 { "is empty" } else { "are empty" };
            format!(
                "nothing says how much: {} {empty}; fill in the amount, or remove the row",
                names.join(", ")
            )
        }
        Fault::NoNet => {
            "the net is empty and no exchange rate leads to it: fill in the net or the \
                         rate"
                .to_owned()
        }
        Fault::OutOfRange => {
            "the amounts have more than 28 digits: check that the right columns are mapped"
                .to_owned()
        }
    })
}
