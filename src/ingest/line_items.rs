//! Decides what an order comes to where no column states it: the sum of its line items.
//!
//! Exactly Σ (quantity × price − discount) plus what the order adds once (shipping, taxes) and less
//! what it takes off once. Columns that the file lacks count nothing, which is said.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::builder::{Builder, Keys, Refusal, check_width, explain, fill};
use super::cells::tidy;
use super::figures::{Fault, Figures};
use super::plan::ItemsPlan;
use super::record::Record;
use crate::entry::{Entries, Kind, NewEntry, Status};
use crate::money::{Amount, Currency, Scale, Unit, parse_amount};
use crate::time::{Date, Instant};

/// The orders of a file, in the order in which they begin.
#[derive(Debug, Default)]
pub(super) struct Orders {
    by_reference: BTreeMap<String, usize>,
    orders: Vec<Order>,
    /// The order to which a row without a reference belongs.
    last: Option<usize>,
}

#[derive(Debug)]
struct Order {
    row: u32,
    offset: u32,
    kind: Kind,
    status: Status,
    currency: Currency,
    occurred_at: Option<Instant>,
    has_time: bool,
    offset_minutes: i16,
    settled_on: Option<Date>,
    texts: [String; 7],
    amount: Amount,
    /// Which of the order's own columns were counted already.
    counted: Vec<usize>,
}

impl Orders {
    /// Adds a row; `true` if it is the first of its order.
    pub(super) fn add(
        &mut self,
        builder: &mut Builder,
        items: &ItemsPlan,
        record: &Record<'_>,
    ) -> Result<bool, Refusal> {
        check_width(&builder.plan, record)?;
        let reference = builder.plan.reference.text(record).to_owned();
        let known = if reference.is_empty() {
            self.last
        } else {
            self.by_reference.get(&reference).copied()
        };
        let currency = known.and_then(|at| self.orders.get(at)).map(|order| order.currency);
        let currency = match currency {
            Some(currency) => currency,
            None => builder.reader.context(&builder.plan, record)?.currency,
        };
        let line = line_total(builder, items, record, currency)
            .map_err(|fault| explain(&builder.plan, record, fault))?;
        // Whatever is wrong with the row shows before an order is begun for it.
        for &column in items.plus.iter().chain(&items.minus) {
            cell(builder, record, column, currency)
                .map_err(|fault| explain(&builder.plan, record, fault))?;
        }
        let (at, is_first) = match known {
            Some(at) => (at, false),
            None => (self.begin(builder, record, reference)?, true),
        };
        self.last = Some(at);
        let Some(order) = self.orders.get_mut(at) else { return Ok(is_first) };
        let sum = order.amount.checked_add(line).ok_or(Fault::OutOfRange);
        let sum = sum.and_then(|sum| order.add_own_columns(builder, items, record, sum));
        order.amount = sum.map_err(|fault| explain(&builder.plan, record, fault))?;
        Ok(is_first)
    }

    fn begin(
        &mut self,
        builder: &mut Builder,
        record: &Record<'_>,
        reference: String,
    ) -> Result<usize, Refusal> {
        let Builder { plan, reader, .. } = builder;
        let row = reader.context(plan, record)?;
        let keys = Keys::of(plan, record, &mut reader.assumed);
        let mut new = NewEntry::new(record.row(), row.kind, row.currency);
        fill(&mut new, plan, reader, record, &row, &Figures::NOTHING, &keys)?;
        let texts = [
            new.transaction_id,
            new.reference,
            new.order_number,
            new.batch,
            new.method,
            new.country,
            new.memo,
        ];
        self.orders.push(Order {
            row: new.row,
            offset: new.offset,
            kind: new.kind,
            status: new.status,
            currency: new.currency,
            occurred_at: new.occurred_at,
            has_time: new.has_time,
            offset_minutes: new.offset_minutes,
            settled_on: new.settled_on,
            texts: texts.map(str::to_owned),
            amount: Amount::ZERO,
            counted: Vec::new(),
        });
        let at = self.orders.len().saturating_sub(1);
        if !reference.is_empty() {
            self.by_reference.insert(reference, at);
        }
        Ok(at)
    }

    /// Pushes the orders.
    pub(super) fn finish(
        self,
        builder: &mut Builder,
        items: &ItemsPlan,
        entries: &mut Entries,
    ) -> Result<(), Refusal> {
        if self.orders.is_empty() {
            return Ok(());
        }
        let header = &builder.plan.header;
        let own = items.plus.iter().map(|column| format!(" + {}", header.name(*column)));
        let off = items.minus.iter().map(|column| format!(" − {}", header.name(*column)));
        let discount =
            items.discount.map(|at| format!(" − {}", header.name(at))).unwrap_or_default();
        let value = format!(
            "Σ ({} × {}{discount}){}",
            header.name(items.quantity),
            header.name(items.price),
            own.chain(off).collect::<String>()
        );
        let why = "no column states the order's total; what the file leaves out, such as shipping, \
                   is not in it";
        builder.reader.assumed.once("amount of an order", &value, why);
        for order in &self.orders {
            builder.see(order.currency);
            entries.push(&order.entry())?;
        }
        Ok(())
    }
}

impl Order {
    /// Adds the order's own columns, each from the first row that fills it.
    fn add_own_columns(
        &mut self,
        builder: &Builder,
        items: &ItemsPlan,
        record: &Record<'_>,
        sum: Amount,
    ) -> Result<Amount, Fault> {
        let mut sum = sum;
        let plus = items.plus.iter().map(|column| (*column, true));
        for (column, adds) in plus.chain(items.minus.iter().map(|column| (*column, false))) {
            if self.counted.contains(&column) {
                continue;
            }
            let Some(amount) = cell(builder, record, column, self.currency)? else { continue };
            self.counted.push(column);
            let next = if adds { sum.checked_add(amount) } else { sum.checked_sub(amount.abs()) };
            sum = next.ok_or(Fault::OutOfRange)?;
        }
        Ok(sum)
    }

    fn entry(&self) -> NewEntry<'_> {
        let [transaction_id, reference, order_number, batch, method, country, memo] = &self.texts;
        NewEntry {
            offset: self.offset,
            status: self.status,
            amount: self.amount,
            net: self.amount,
            occurred_at: self.occurred_at,
            has_time: self.has_time,
            offset_minutes: self.offset_minutes,
            settled_on: self.settled_on,
            transaction_id,
            reference,
            order_number,
            batch,
            method,
            country,
            memo,
            ..NewEntry::new(self.row, self.kind, self.currency)
        }
    }
}

fn cell(
    builder: &Builder,
    record: &Record<'_>,
    column: usize,
    currency: Currency,
) -> Result<Option<Amount>, Fault> {
    let text = tidy(record.get(column).unwrap_or_default());
    parse_amount(text, &builder.plan.format(column), Unit::Major, currency, Scale::Exact)
        .map_err(|error| Fault::Cell(column, error))
}

/// quantity × price − discount of one row; an empty quantity is one piece.
fn line_total(
    builder: &Builder,
    items: &ItemsPlan,
    record: &Record<'_>,
    currency: Currency,
) -> Result<Amount, Fault> {
    let price = cell(builder, record, items.price, currency)?.unwrap_or_default();
    let text = tidy(record.get(items.quantity).unwrap_or_default());
    let quantity = if text.is_empty() {
        Decimal::ONE
    } else {
        let number = Decimal::from_str_exact(text).ok();
        let error = crate::money::AmountError::NotANumber;
        number.ok_or(Fault::Cell(items.quantity, error))?
    };
    let total = price.minor_decimal().checked_mul(quantity).ok_or(Fault::OutOfRange)?;
    let total = Amount::from_minor_decimal(total).map_err(|_| Fault::OutOfRange)?;
    let discount = match items.discount {
        Some(column) => cell(builder, record, column, currency)?.unwrap_or_default().abs(),
        None => Amount::ZERO,
    };
    total.checked_sub(discount).ok_or(Fault::OutOfRange)
}
