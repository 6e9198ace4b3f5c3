//! Decides, once per source, which columns each field is read from and how: a profile met a header.

use super::cells::Source;
use super::conditions::Condition;
use super::fields::Field;
use super::fold::fold;
use super::layout::{Claims, Header, rule_of};
use super::profile::{Numbers, Profile, RowRule, Tested};
use super::record::Record;
use super::rule::{FieldRule, Sign};
use crate::entry::{Kind, Part, Side, Status};
use crate::error::Error;
use crate::money::{Currency, NumberFormat, Scale, Unit};
use crate::sort;
use crate::time::{DateFormat, Zone};

/// How the rows under one header are read.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) header: Header,
    /// Cells that a whole row has.
    pub(super) width: usize,
    pub(super) side: Side,
    /// Whether the columns were found by synonyms, or mapped by a user.
    pub(super) is_generic: bool,
    pub(super) reference: Source,
    pub(super) transaction_id: Source,
    pub(super) order_number: Source,
    pub(super) batch: Source,
    pub(super) method: Source,
    pub(super) country: Source,
    pub(super) memo: Source,
    pub(super) kind: WordPlan<Kind>,
    pub(super) status: WordPlan<Status>,
    /// What rows are, whatever their words say; the first that fits counts.
    pub(super) rows: Vec<RowPlan>,
    pub(super) currency: Source,
    pub(super) net_currency: Source,
    pub(super) original_currency: Source,
    pub(super) amount: MoneyPlan,
    pub(super) fee: MoneyPlan,
    pub(super) tax: MoneyPlan,
    pub(super) net: MoneyPlan,
    pub(super) original: MoneyPlan,
    pub(super) fx_rate: Source,
    /// Whether the rate is the other way round.
    pub(super) fx_inverse: bool,
    /// Decimals of minor units by currency (none: every other), where they are not those of ISO 4217.
    pub(super) minor_units: Vec<(Option<Currency>, u32)>,
    pub(super) occurred_at: DatePlan,
    pub(super) settled_at: DatePlan,
    pub(super) also: Vec<AlsoPlan>,
    /// Columns that are all empty in rows that continue an order; none: no such rows.
    pub(super) continuation: Vec<usize>,
    pub(super) items: Option<ItemsPlan>,
    /// The column of the balance after each row.
    pub(super) balance: Option<usize>,
    /// How the numbers of each column are written.
    pub(super) formats: Vec<NumberFormat>,
    /// Columns whose long ids lost their last digits.
    pub(super) cut_ids: Vec<usize>,
    /// The column of quantities, where no amount is derived from it.
    pub(super) quantity: Option<usize>,
    /// Whether the profile says how numbers are written.
    pub(super) numbers_stated: bool,
}

/// What the rows are that a condition fits.
#[derive(Debug)]
pub(super) struct RowPlan {
    condition: Condition,
    pub(super) kind: Option<Kind>,
    pub(super) status: Option<Status>,
    pub(super) is_structural: bool,
}

/// How a vocabulary column is read.
#[derive(Debug)]
pub(super) struct WordPlan<T> {
    pub(super) source: Source,
    /// Folded words and what they mean.
    pub(super) words: Vec<(String, T)>,
    /// Folded beginnings of words and what they mean, the longest first.
    pub(super) prefixes: Vec<(String, T)>,
    /// What an empty or absent cell means.
    pub(super) default: Option<T>,
    /// What a row is whose amount is negative, where it would be a sale.
    pub(super) negative: Option<T>,
}

/// How an amount is read.
#[derive(Clone, Debug, Default)]
pub(super) struct MoneyPlan {
    pub(super) from: From,
    /// Whether the columns are one of credits and one of debits.
    is_pair: bool,
    pub(super) unit: Unit,
    pub(super) scale: Scale,
    pub(super) sign: Sign,
    /// Rows in which the number is negative; in all others it is positive. Empty: as it is signed.
    pub(super) negative: Condition,
    /// What ends the number, in cells that say more.
    pub(super) until: Option<String>,
    /// Plans that replace this one on rows of a kind.
    pub(super) on: Vec<(Kind, MoneyPlan)>,
}

/// Where an amount comes from.
#[derive(Clone, Debug, Default)]
pub(super) enum From {
    /// Nowhere.
    #[default]
    Nothing,
    /// One cell.
    Cell(Source),
    /// The sum of the first columns less that of the second.
    Columns(Vec<usize>, Vec<usize>),
}

/// How a date is read.
#[derive(Clone, Debug)]
pub(super) struct DatePlan {
    pub(super) source: Source,
    /// `None` until the column's format is decided.
    pub(super) format: Option<DateFormat>,
    /// The clock of cells that state no offset.
    pub(super) zone: Zone,
    /// Whether the profile or mapping names that clock.
    pub(super) zone_stated: bool,
    /// The column that names it row by row.
    pub(super) zone_column: Option<usize>,
    /// The column with the time of day.
    pub(super) time: Option<usize>,
    /// What that column calls zones, folded.
    pub(super) zones: Vec<(String, Zone)>,
}

/// A further entry of a row.
#[derive(Debug)]
pub(super) struct AlsoPlan {
    pub(super) part: Part,
    pub(super) kind: Kind,
    /// Its amount, or the status in which it undoes the whole row.
    pub(super) amount: Result<MoneyPlan, Status>,
    /// The rows that have it.
    pub(super) condition: Condition,
    /// Whether the net that the row states has it in it.
    pub(super) within_net: bool,
}

/// How an order's amount is derived from its line items.
#[derive(Debug)]
pub(super) struct ItemsPlan {
    pub(super) quantity: usize,
    pub(super) price: usize,
    pub(super) discount: Option<usize>,
    pub(super) plus: Vec<usize>,
    pub(super) minus: Vec<usize>,
}

/// What the caller adds to a profile.
#[derive(Clone, Debug)]
pub(super) struct Defaults<'a> {
    pub(super) side: Side,
    pub(super) zone: Zone,
    /// The currency that the lines above the header name.
    pub(super) preamble: Option<&'a str>,
    /// The currency of rows that state none.
    pub(super) currency: Option<&'a str>,
}

impl Plan {
    /// Meets a profile with a header.
    ///
    /// # Errors
    /// `ingest/no-amount` if nothing says how much.
    pub(super) fn new(
        profile: &Profile,
        header: Header,
        defaults: &Defaults<'_>,
    ) -> Result<Self, Error> {
        let mut finder = Finder { profile, header: &header, claims: Claims::of(profile) };
        // In the order of the fields: a generic column serves the first that asks for it.
        let reference = finder.source(Field::Reference);
        let transaction_id = finder.source(Field::TransactionId);
        let order_number = finder.source(Field::OrderNumber);
        let kind = finder.words(Field::Type, Kind::ALL, Kind::name, Kind::from_name);
        let status = finder.words(Field::Status, Status::ALL, Status::name, Status::from_name);
        let amount = finder.money(Field::Amount);
        let fee = finder.money(Field::Fee);
        let tax = finder.money(Field::Tax);
        let net = finder.money(Field::Net);
        let mut currency = finder.source(Field::Currency);
        let rule = rule_of(profile, Field::Currency);
        let assumed = rule.and_then(|rule| rule.assumed.as_deref());
        for default in [defaults.preamble, defaults.currency, assumed].into_iter().flatten() {
            currency.fall_back_to(default);
        }
        let net_currency = finder.source(Field::NetCurrency);
        let original = finder.money(Field::OriginalAmount);
        let original_currency = finder.source(Field::OriginalCurrency);
        let fx_rate = finder.source(Field::FxRate);
        let occurred_at = finder.date(Field::OccurredAt, defaults.zone);
        let settled_at = finder.date(Field::SettledAt, defaults.zone);
        let batch = finder.source(Field::Batch);
        let method = finder.source(Field::Method);
        let country = finder.source(Field::Country);
        let memo = finder.source(Field::Memo);
        let also = finder.also();
        let rows = finder.rows();
        // A price of one piece beside a quantity is no total.
        let is_price = finder.items().is_some_and(|items| amount.is_column(items.price));
        let amount = if is_price { MoneyPlan::default() } else { amount };
        let items = finder.items().filter(|_| !amount.is_given() && !net.is_given());
        let quantity = profile.line_items.as_ref().and_then(|rule| header.first(&rule.quantity));
        let continuation =
            profile.continuation.as_ref().map_or_else(Vec::new, |rows| header.all(&rows.empty));
        let format = match profile.numbers {
            Numbers::Comma => NumberFormat::COMMA,
            Numbers::Auto | Numbers::Point => NumberFormat::POINT,
        };
        if !amount.is_given() && !net.is_given() && !original.is_given() && items.is_none() {
            return Err(no_amount(&header));
        }
        Ok(Self {
            width: header.width(),
            side: defaults.side,
            is_generic: matches!(profile.status, Tested::Generic | Tested::Mapping),
            cut_ids: Vec::new(),
            formats: vec![format; header.names().count()],
            numbers_stated: profile.numbers != Numbers::Auto,
            reference,
            transaction_id,
            order_number,
            batch,
            method,
            country,
            memo,
            kind,
            status,
            rows,
            currency,
            net_currency,
            original_currency,
            amount,
            fee,
            tax,
            net,
            original,
            fx_rate,
            fx_inverse: rule_of(profile, Field::FxRate).is_some_and(|rule| rule.inverse),
            minor_units: minor_units(profile),
            occurred_at,
            settled_at,
            also,
            continuation,
            quantity: quantity.filter(|_| items.is_none()),
            items,
            balance: header.first(&profile.balance),
            header,
        })
    }

    /// The first rule that speaks of a row.
    #[inline]
    pub(super) fn row_rule(&self, record: &Record<'_>) -> Option<&RowPlan> {
        self.rows.iter().find(|rule| rule.condition.fits(record))
    }

    /// The columns of all amounts and rates, each once.
    pub(super) fn number_columns(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = Vec::new();
        for plan in [&self.amount, &self.fee, &self.tax, &self.net, &self.original] {
            plan.add_columns(&mut columns);
        }
        for also in &self.also {
            if let Ok(plan) = &also.amount {
                plan.add_columns(&mut columns);
            }
        }
        columns.extend(self.fx_rate.columns());
        columns.extend(self.balance);
        if let Some(items) = &self.items {
            columns.extend([items.quantity, items.price]);
            columns.extend(items.discount);
            columns.extend(&items.plus);
            columns.extend(&items.minus);
        }
        sort::sort(&mut columns);
        columns.dedup();
        columns
    }

    /// The columns that say how much a row is about.
    pub(super) fn amount_columns(&self) -> Vec<usize> {
        let mut columns = Vec::new();
        for plan in [&self.amount, &self.original, &self.net] {
            plan.add_columns(&mut columns);
        }
        columns
    }

    /// How the numbers of a column are written.
    #[inline]
    pub(super) fn format(&self, column: usize) -> NumberFormat {
        self.formats.get(column).copied().unwrap_or(NumberFormat::POINT)
    }
}

impl MoneyPlan {
    pub(super) fn is_given(&self) -> bool {
        match &self.from {
            From::Nothing => false,
            From::Cell(source) => source.is_given(),
            From::Columns(plus, minus) => !plus.is_empty() || !minus.is_empty(),
        }
    }

    /// Whether it is read from this column.
    fn is_column(&self, column: usize) -> bool {
        matches!(&self.from, From::Cell(source) if source.column == Some(column))
    }

    /// The column that it is read from, if it is one column.
    pub(super) fn only_column(&self) -> Option<usize> {
        match &self.from {
            From::Cell(source) if source.or.is_empty() => source.column,
            _ => None,
        }
    }

    /// The plan for rows of a kind.
    #[inline]
    pub(super) fn on(&self, kind: Kind) -> &Self {
        if self.on.is_empty() {
            return self;
        }
        self.on.iter().find(|(on, _)| *on == kind).map_or(self, |(_, plan)| plan)
    }

    /// Whether it has a column of debits of which nobody says how they are signed.
    pub(super) fn open_debit(&self) -> Option<usize> {
        match &self.from {
            From::Columns(_, debits) if self.is_pair && self.sign == Sign::Auto => {
                debits.first().copied()
            }
            _ => None,
        }
    }

    /// The column of debits holds negative numbers: what is to be taken off is added.
    pub(super) fn debits_are_negative(&mut self) {
        if let From::Columns(credits, debits) = &mut self.from {
            credits.append(debits);
        }
    }

    /// The columns that it reads itself.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> {
        let mut columns = Vec::new();
        self.own_columns(&mut columns);
        columns.into_iter()
    }

    fn add_columns(&self, columns: &mut Vec<usize>) {
        self.own_columns(columns);
        self.on.iter().for_each(|(_, plan)| plan.add_columns(columns));
    }

    fn own_columns(&self, columns: &mut Vec<usize>) {
        match &self.from {
            From::Nothing => {}
            From::Cell(source) => columns.extend(source.columns()),
            From::Columns(plus, minus) => columns.extend(plus.iter().chain(minus)),
        }
    }
}

/// Finds the columns of one profile in one header.
struct Finder<'p> {
    profile: &'p Profile,
    header: &'p Header,
    claims: Claims,
}

impl Finder<'_> {
    fn rule(&self, field: Field) -> Option<FieldRule> {
        rule_of(self.profile, field).cloned()
    }

    fn source(&mut self, field: Field) -> Source {
        self.rule(field).map_or_else(Source::default, |rule| {
            let column = self.claims.first(self.header, &rule.columns, rule.is_given);
            Source::new(&rule, self.header, column)
        })
    }

    fn words<T: Copy + 'static>(
        &mut self,
        field: Field,
        all: &[T],
        name: fn(T) -> &'static str,
        from_name: fn(&str) -> Option<T>,
    ) -> WordPlan<T> {
        let rule = self.rule(field).unwrap_or_default();
        let meaning = |(word, name): (&String, &String)| Some((word.clone(), from_name(name)?));
        let mut words: Vec<(String, T)> = rule.words.iter().filter_map(meaning).collect();
        for value in all {
            let own = super::fold::fold(name(*value));
            if !words.iter().any(|(word, _)| *word == own) {
                words.push((own, *value));
            }
        }
        // Longer beginnings come later in the map's order: they are asked first.
        let mut prefixes: Vec<(String, T)> = rule.prefixes.iter().filter_map(meaning).collect();
        prefixes.reverse();
        let default = rule.default.as_deref().and_then(from_name);
        let negative = rule.negative.as_deref().and_then(from_name);
        WordPlan { source: self.source(field), words, prefixes, default, negative }
    }

    fn money(&mut self, field: Field) -> MoneyPlan {
        self.rule(field).map_or_else(MoneyPlan::default, |rule| self.money_of(&rule))
    }

    fn money_of(&mut self, rule: &FieldRule) -> MoneyPlan {
        let is_pair = !rule.credit.is_empty() || !rule.debit.is_empty();
        let column = self.claims.first(self.header, &rule.columns, rule.is_given);
        let from = if !rule.sum.is_empty() {
            From::Columns(self.header.all(&rule.sum), self.header.all(&rule.minus))
        } else if is_pair && column.is_none() {
            let mut first =
                |names| self.claims.first(self.header, names, rule.is_given).into_iter().collect();
            From::Columns(first(&rule.credit), first(&rule.debit))
        } else {
            From::Cell(Source::new(rule, self.header, column))
        };
        let on = rule
            .on
            .iter()
            .filter_map(|(kind, rule)| Some((Kind::from_name(kind)?, self.money_of(rule))))
            .collect();
        MoneyPlan {
            is_pair: is_pair && matches!(from, From::Columns(..)),
            from,
            unit: rule.unit.into(),
            scale: rule.decimals.map_or(Scale::Exact, Scale::Finer),
            sign: rule.sign,
            negative: Condition::if_any(&rule.negative_where, self.header),
            until: rule.until.clone(),
            on,
        }
    }

    fn date(&mut self, field: Field, default: Zone) -> DatePlan {
        let rule = self.rule(field).unwrap_or_default();
        let source = self.source(field);
        // A column that is named after UTC is in it, whatever else the file or the run says.
        let in_utc =
            source.column.is_some_and(|column| self.header.folded(column).ends_with("utc"));
        let named = rule.zone.as_ref().or(self.profile.zone.as_ref());
        let zone = named.and_then(|zone| Zone::parse(zone));
        let zone = zone.or_else(|| in_utc.then_some(Zone::UTC));
        DatePlan {
            source,
            format: rule.format.as_deref().and_then(DateFormat::parse),
            zone: zone.unwrap_or(default),
            zone_stated: zone.is_some(),
            zone_column: self.header.first(&rule.zone_column),
            time: self.header.first(&rule.time_columns),
            zones: rule
                .zones
                .iter()
                .filter_map(|(label, zone)| Some((fold(label), Zone::parse(zone)?)))
                .collect(),
        }
    }

    fn rows(&self) -> Vec<RowPlan> {
        let rule = |rule: &RowRule| RowPlan {
            condition: Condition::new(&rule.condition, self.header),
            kind: rule.kind.as_deref().and_then(Kind::from_name),
            status: rule.status.as_deref().and_then(Status::from_name),
            is_structural: rule.structural,
        };
        self.profile.rows.iter().map(rule).collect()
    }

    fn also(&mut self) -> Vec<AlsoPlan> {
        let mut plans = Vec::new();
        for also in &self.profile.also {
            let part = Part::from_name(&format!("/{}", also.part));
            let (Some(part), Some(kind)) = (part, Kind::from_name(&also.kind)) else { continue };
            let amount = match &also.amount {
                Some(rule) => Ok(self.money_of(rule)),
                None => match also.undoes_status.as_deref().and_then(Status::from_name) {
                    Some(status) => Err(status),
                    None => continue,
                },
            };
            if amount.as_ref().map_or(true, MoneyPlan::is_given) {
                let condition = Condition::new(&also.condition, self.header);
                plans.push(AlsoPlan { part, kind, amount, condition, within_net: also.within_net });
            }
        }
        plans
    }

    fn items(&self) -> Option<ItemsPlan> {
        let rule = self.profile.line_items.as_ref()?;
        Some(ItemsPlan {
            quantity: self.header.first(&rule.quantity)?,
            price: self.header.first(&rule.price)?,
            discount: self.header.first(&rule.discount),
            plus: self.header.all(&rule.plus),
            minus: self.header.all(&rule.minus),
        })
    }
}

fn minor_units(profile: &Profile) -> Vec<(Option<Currency>, u32)> {
    let units = profile.minor_units.iter();
    units.map(|(code, decimals)| (Currency::from_code(code), *decimals)).collect()
}

fn no_amount(header: &Header) -> Error {
    let names: Vec<&str> = header.names().filter(|name| !name.is_empty()).take(20).collect();
    Error::new(
        "ingest/no-amount",
        format!("no column says how much; the columns are {}", names.join(", ")),
    )
    .remedy_is("map one with --columns 'FILE: amount=COLUMN'")
}
