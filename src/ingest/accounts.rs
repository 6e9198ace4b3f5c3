//! Decides whether the balances that a bank source states follow from its movements: within each
//! statement, and for sources of one account that state balances apart from movements.

use std::collections::BTreeMap;

use super::cells::tidy;
use super::conditions::Condition;
use super::layout::Header;
use super::plan::Plan;
use super::profile::{Profile, StatementRule};
use super::record::Record;
use super::rejection::Rejection;
use super::report::{Assumption, Control};
use super::stated::{Stated, What};
use crate::codes::Code;
use crate::entry::NewEntry;
use crate::money::{Amount, Currency, parse_amount};
use crate::time::{Date, Instant};

/// What one account is said to hold, and what moved on it.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The account, as the source writes it; empty where it names none.
    pub account: String,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// What the source states, in the order of its rows.
    pub figures: Vec<Figure>,
    /// What moved, summed up by instant; entries without one are under `None`.
    pub moved: BTreeMap<Option<Instant>, Amount>,
    /// Whether its balances stand apart from statements, which prove themselves.
    pub apart: bool,
}

/// One stated balance.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it is.
    pub what: What,
    /// How much.
    pub amount: Amount,
    /// Up to which instant it holds.
    pub at: Option<Instant>,
    /// The same as a local date, for people.
    pub on: Option<Date>,
}

/// The accounts of one source.
#[derive(Debug)]
pub(super) struct Accounts {
    columns: Columns,
    /// By span, account and currency.
    spans: BTreeMap<(String, String, Currency), Span>,
    controls: Vec<Control>,
    /// Spans in the order of the file.
    order: Vec<(String, String, Currency)>,
}

/// Where rows say what they are.
#[derive(Debug)]
struct Columns {
    movements: Condition,
    balances_only: bool,
    account: Option<usize>,
    statement: Option<usize>,
    spans: Vec<usize>,
    figures: Option<usize>,
    plain: Vec<(What, usize)>,
}

/// What a statement states, and what its movements add up to; `None` once a sum left the exact
/// range.
#[derive(Debug)]
struct Span {
    statement: String,
    figures: Vec<Said>,
    credits: (Option<Amount>, u64),
    debits: (Option<Amount>, u64),
    moved: BTreeMap<Option<Instant>, Amount>,
}

/// One figure of a span.
#[derive(Debug)]
struct Said {
    what: What,
    amount: Amount,
    count: Option<u64>,
    at: Option<Instant>,
    on: Option<Date>,
    row: u32,
}

impl Accounts {
    /// The accounts of a file with this header, if its profile says that it states any.
    pub(super) fn new(profile: &Profile, header: &Header) -> Option<Self> {
        let rule: &StatementRule = profile.statement.as_ref()?;
        let names = [
            (What::Opening, &rule.opening),
            (What::Closing, &rule.closing),
            (What::Balance, &rule.balance),
            (What::Available, &rule.available),
            (What::Frozen, &rule.frozen),
        ];
        let columns = Columns {
            movements: Condition::new(&rule.movements, header),
            balances_only: rule.balances_only,
            account: header.first(&rule.account),
            statement: header.first(&rule.statement),
            spans: header.all(&rule.spans),
            figures: header.first(&rule.figures),
            plain: names
                .into_iter()
                .filter_map(|(what, names)| Some((what, header.first(names)?)))
                .collect(),
        };
        Some(Self { columns, spans: BTreeMap::new(), controls: Vec::new(), order: Vec::new() })
    }

    /// Whether a row moves money; all others are structure.
    pub(super) fn is_movement(&self, record: &Record<'_>) -> bool {
        let columns = &self.columns;
        !columns.balances_only && (columns.movements.is_empty() || columns.movements.fits(record))
    }

    /// Takes a row that is no movement; `moment` is when its balances hold.
    ///
    /// # Errors
    /// What is wrong with a figure, for people.
    pub(super) fn state(
        &mut self,
        plan: &Plan,
        record: &Record<'_>,
        currency: Option<Currency>,
        moment: (Option<Instant>, Option<Date>),
    ) -> Result<(), Rejection> {
        let cell = |column: Option<usize>| {
            tidy(column.and_then(|column| record.get(column)).unwrap_or_default())
        };
        let listed = Stated::parse(cell(self.columns.figures));
        let plain = self.columns.plain.iter().map(|(what, column)| {
            (Stated::new(*what, cell(Some(*column))), plan.header.name(*column))
        });
        let figures: Vec<(Stated<'_>, &str)> = listed
            .map(|figure| (figure, figure.what.name()))
            .chain(plain.filter(|(figure, _)| !figure.value.is_empty()))
            .collect();
        for (figure, name) in figures {
            if figure.what == What::Check {
                self.controls.push(check(&figure));
                continue;
            }
            let currency = currency.ok_or_else(|| Rejection::unreadable(no_currency(name)))?;
            let format = plan.format(plan.amount_columns().first().copied().unwrap_or_default());
            let money = &plan.amount;
            let amount = parse_amount(figure.value, &format, money.unit, currency, money.scale);
            let amount = amount.map_err(|error| Rejection::of_amount(name, error, figure.value))?;
            let empty = || Rejection::unreadable(format!("{name} is empty: export the file again"));
            let amount = amount.ok_or_else(empty)?;
            let on = figure.on.and_then(Date::from_iso).or(moment.1);
            if figure.on.is_some_and(|day| Date::from_iso(day).is_none()) {
                let day = figure.on.unwrap_or_default();
                let reason = format!("{name}: “{day}” is no date: export the file again");
                return Err(Rejection { code: Code::BadDate, reason });
            }
            let count = figure.count.and_then(|count| count.parse().ok());
            let said =
                Said { what: figure.what, amount, count, at: moment.0, on, row: record.row() };
            self.span(record, currency).figures.push(said);
        }
        Ok(())
    }

    /// Takes a movement that became an entry.
    pub(super) fn add(&mut self, record: &Record<'_>, entry: &NewEntry<'_>) {
        if !entry.status.is_paid() {
            return;
        }
        let keeps_times = self.columns.spans.is_empty();
        let span = self.span(record, entry.net_currency);
        let (sum, count) =
            if entry.net.is_negative() { &mut span.debits } else { &mut span.credits };
        *sum = sum.and_then(|sum| sum.checked_add(entry.net.abs()));
        if !entry.net.is_zero() {
            *count = count.saturating_add(1);
        }
        if keeps_times {
            let at = span.moved.entry(entry.occurred_at).or_default();
            *at = at.checked_add(entry.net).unwrap_or(*at);
        }
    }

    fn span(&mut self, record: &Record<'_>, currency: Currency) -> &mut Span {
        let cell = |column: usize| tidy(record.get(column).unwrap_or_default());
        let part: Vec<&str> = self.columns.spans.iter().map(|column| cell(*column)).collect();
        let account = self.columns.account.map_or("", cell).to_owned();
        let key = (part.join(" "), account, currency);
        let statement = self.columns.statement.map_or("", cell);
        if !self.spans.contains_key(&key) {
            self.order.push(key.clone());
        }
        self.spans.entry(key).or_insert_with(|| Span::new(statement))
    }

    /// All totals, what could not be proven, and the accounts for [`prove`].
    pub(super) fn finish(self) -> (Vec<Control>, Vec<Assumption>, Vec<Ledger>) {
        let mut controls = Vec::new();
        let mut notes = Notes::default();
        let mut ledgers = Vec::new();
        let mut last: BTreeMap<(String, Currency), (Amount, String)> = BTreeMap::new();
        let stands_alone = self.columns.spans.is_empty();
        for key in &self.order {
            let Some(span) = self.spans.get(key) else { continue };
            let (_, account, currency) = key;
            let label = span.label(account, *currency);
            if !stands_alone {
                span.prove(&label, *currency, &mut controls, &mut notes);
                let chain = last.entry((account.clone(), *currency));
                let chain = chain.or_insert_with(|| (Amount::ZERO, String::new()));
                span.follow(&label, *currency, chain, &mut notes);
            }
            span.totals(&label, *currency, &mut controls);
            ledgers.push(span.ledger(account, *currency, stands_alone));
        }
        controls.extend(self.controls);
        (controls, notes.into_list(), ledgers)
    }
}

impl Span {
    fn new(statement: &str) -> Self {
        Self {
            statement: statement.to_owned(),
            figures: Vec::new(),
            credits: (Some(Amount::ZERO), 0),
            debits: (Some(Amount::ZERO), 0),
            moved: BTreeMap::new(),
        }
    }

    fn find(&self, what: What) -> Option<&Said> {
        self.figures.iter().find(|said| said.what == what)
    }

    fn label(&self, account: &str, currency: Currency) -> String {
        let mut label = String::new();
        if !account.is_empty() {
            label.push_str(account);
            label.push_str(", ");
        }
        if !self.statement.is_empty() {
            label.push_str(&format!("statement {}, ", self.statement));
        }
        let day = self.find(What::Closing).or_else(|| self.find(What::Opening));
        if let Some(day) = day.and_then(|said| said.on) {
            label.push_str(&format!("{day}, "));
        }
        label.push_str(currency.code());
        label
    }

    /// Opening + movements = closing.
    fn prove(
        &self,
        label: &str,
        currency: Currency,
        controls: &mut Vec<Control>,
        notes: &mut Notes,
    ) {
        let opening = self.find(What::Opening).map(|said| said.amount);
        let closing = self.find(What::Closing).map(|said| said.amount);
        match (opening, closing) {
            (Some(opening), Some(closing)) => {
                let computed = self.net().and_then(|net| opening.checked_add(net));
                let name = format!("{label}: opening + movements = closing");
                controls.push(compared(name, closing, computed, currency));
            }
            (None, Some(_)) => notes.opening.push(label.to_owned()),
            (Some(_), None) => notes.closing.push(label.to_owned()),
            (None, None) => {}
        }
    }

    /// The closing balance of the statement before is the opening balance of this one.
    fn follow(
        &self,
        label: &str,
        currency: Currency,
        last: &mut (Amount, String),
        notes: &mut Notes,
    ) {
        if let Some(opening) = self.find(What::Opening)
            && !last.1.is_empty()
            && opening.amount != last.0
        {
            notes.gaps.push(format!(
                "{label} opens with {}, and the one before closed with {}",
                opening.amount.format(currency),
                last.0.format(currency)
            ));
        }
        if let Some(closing) = self.find(What::Closing) {
            *last = (closing.amount, label.to_owned());
        }
    }

    fn net(&self) -> Option<Amount> {
        self.credits.0?.checked_sub(self.debits.0?)
    }

    /// Stated sums and numbers, and the parts of a balance.
    fn totals(&self, label: &str, currency: Currency, controls: &mut Vec<Control>) {
        for Said { what, amount, count, .. } in &self.figures {
            let (name, computed, counted) = match what {
                What::Credits => {
                    ("credits", self.credits.0, Some(("number of credits", self.credits.1)))
                }
                What::Debits => {
                    ("debits", self.debits.0, Some(("number of debits", self.debits.1)))
                }
                What::Net => ("net of the movements", self.net(), None),
                _ => continue,
            };
            let stated = if *what == What::Debits { amount.abs() } else { *amount };
            controls.push(compared(format!("{label}: {name}"), stated, computed, currency));
            if let (Some(stated), Some((name, counted))) = (count, counted) {
                controls.push(Control {
                    name: format!("{label}: {name}"),
                    stated: stated.to_string(),
                    computed: counted.to_string(),
                    ok: *stated == counted,
                    of_rows: false,
                });
            }
        }
        self.frozen(label, currency, controls);
    }

    /// What is frozen is the rest of the balance of the same row behind what can be spent.
    fn frozen(&self, label: &str, currency: Currency, controls: &mut Vec<Control>) {
        let stated = || self.figures.iter().filter(|said| said.what == What::Frozen);
        let several = stated().count() > 1;
        for frozen in stated() {
            let of_row = |what: What| {
                let mut same = self.figures.iter().filter(|said| said.row == frozen.row);
                same.find(|said| said.what == what).map(|said| said.amount)
            };
            let balance = of_row(What::Balance).or_else(|| of_row(What::Closing));
            let (Some(balance), Some(available)) = (balance, of_row(What::Available)) else {
                continue;
            };
            let name = match frozen.on {
                Some(on) if several => format!("{label}, {on}: frozen funds"),
                _ => format!("{label}: frozen funds"),
            };
            let rest = balance.checked_sub(available);
            controls.push(compared(name, frozen.amount, rest, currency));
        }
    }

    fn ledger(&self, account: &str, currency: Currency, stands_alone: bool) -> Ledger {
        let figures = self.figures.iter();
        let figures =
            figures.filter(|said| !matches!(said.what, What::Credits | What::Debits | What::Net));
        Ledger {
            account: account.to_owned(),
            currency,
            figures: figures
                .map(|said| Figure {
                    what: said.what,
                    amount: said.amount,
                    at: said.at.filter(|_| stands_alone),
                    on: said.on,
                })
                .collect(),
            moved: self.moved.clone(),
            apart: stands_alone,
        }
    }
}

/// What could not be proven, and where.
#[derive(Debug, Default)]
struct Notes {
    opening: Vec<String>,
    closing: Vec<String>,
    gaps: Vec<String>,
}

impl Notes {
    fn into_list(self) -> Vec<Assumption> {
        let note = |what: &str, value: &str, why: &str, places: &[String]| {
            let (first, more) = places.split_first()?;
            let rest = match more.len() {
                0 => String::new(),
                more => format!(" (and {more} more)"),
            };
            Some(Assumption {
                what: what.to_owned(),
                value: value.to_owned(),
                why: format!("{why}{first}{rest}"),
                code: None,
                question: None,
            })
        };
        let opening = note(
            "opening balance",
            "not stated",
            "the movements cannot be proven against the closing balance of ",
            &self.opening,
        );
        let closing = note(
            "closing balance",
            "not stated",
            "the file may be cut off: there is none for ",
            &self.closing,
        );
        let gaps = note("statements", "do not follow", "a statement may be missing: ", &self.gaps);
        [opening, closing, gaps].into_iter().flatten().collect()
    }
}

fn check(figure: &Stated<'_>) -> Control {
    let found = figure.found.unwrap_or_default();
    Control {
        name: figure.name.to_owned(),
        stated: figure.value.to_owned(),
        computed: found.to_owned(),
        ok: figure.value == found,
        of_rows: false,
    }
}

fn compared(name: String, stated: Amount, computed: Option<Amount>, currency: Currency) -> Control {
    let shown = |sum: Amount| sum.format(currency);
    Control {
        name,
        stated: shown(stated),
        computed: computed.map_or_else(|| "too large".to_owned(), shown),
        ok: computed == Some(stated),
        of_rows: false,
    }
}

fn no_currency(name: &str) -> String {
    format!(
        "{name} has no currency of ISO 4217: state it with --currency, or export the file again"
    )
}
