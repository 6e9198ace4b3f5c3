//! Adds up the entries and matches of the document, and holds its totals and summary against that.

use std::collections::BTreeMap;

use crate::entry::{Disposition, Kind, Side};
use crate::money::{Amount, Currency};

use super::cursor::{Cursor, Read};
use super::insights::{self, Insights};
use super::ledger::{Figure, Index, Ledger, Record};
use super::values;
use super::verdict::{CheckName, Findings};

/// Which amount a total adds up; the order is that of the totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Measure {
    Amount,
    Fee,
    Tax,
    Net,
}

impl Measure {
    const ALL: [Self; 4] = [Self::Amount, Self::Fee, Self::Tax, Self::Net];

    fn name(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Fee => "fee",
            Self::Tax => "tax",
            Self::Net => "net",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }
}

/// The parts by which a difference is explained.
pub(super) const PARTS: &[&str] = &[
    "adjustment",
    "fee",
    "fx_in",
    "fx_out",
    "fx_spread",
    "reserve",
    "rounding",
    "tax",
    "tolerance",
    "transfer",
];

/// The rest of a difference, which no part explains.
pub(super) const UNEXPLAINED: &str = "unexplained";

/// The places where money ends, in the order of the totals' fields.
const PLACES: [Disposition; 5] = [
    Disposition::Matched,
    Disposition::Open,
    Disposition::InTransit,
    Disposition::Excluded,
    Disposition::ClosedBefore,
];

/// A sum that remembers when it left the range of exact numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sum(Option<Amount>);

impl Default for Sum {
    fn default() -> Self {
        Self(Some(Amount::ZERO))
    }
}

impl Sum {
    pub(super) fn of(amount: Amount) -> Self {
        Self(Some(amount))
    }

    pub(super) fn add(&mut self, amount: Amount) {
        self.0 = self.0.and_then(|sum| sum.checked_add(amount));
    }

    pub(super) fn add_sum(&mut self, other: Self) {
        self.0 = self.0.zip(other.0).and_then(|(sum, amount)| sum.checked_add(amount));
    }

    pub(super) fn subtract(&mut self, amount: Amount) {
        self.0 = self.0.and_then(|sum| sum.checked_sub(amount));
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.zip(other.0).and_then(|(a, b)| a.checked_add(b)))
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(self.0.zip(other.0).and_then(|(a, b)| a.checked_sub(b)))
    }

    pub(super) fn is_zero(self) -> bool {
        self.0.is_some_and(Amount::is_zero)
    }

    pub(super) fn is_negative(self) -> bool {
        self.0.is_some_and(Amount::is_negative)
    }

    /// A sum beyond exact range equals nothing, not even itself.
    pub(super) fn equals(self, other: Self) -> bool {
        self.0.is_some() && self == other
    }

    pub(super) fn show(self, currency: Currency) -> String {
        self.0.map_or_else(|| "beyond 28 digits".to_owned(), |amount| amount.format(currency))
    }
}

/// A total is about one of these.
type Key = (Side, Kind, Currency, Measure);

/// One line of the totals.
#[derive(Clone, Copy, Debug, Default)]
struct Total {
    rows: u64,
    input: Sum,
    places: [Sum; 5],
}

impl Total {
    fn is_zero(&self) -> bool {
        self.input.is_zero() && self.places.iter().all(|sum| sum.is_zero())
    }
}

/// The summary of one currency.
#[derive(Clone, Debug, Default)]
struct Account {
    expected: Sum,
    received: Sum,
    parts: BTreeMap<String, Sum>,
    /// What no part explains, added up from the matches and open entries.
    unexplained: Sum,
    /// Only of a stated account.
    difference: Sum,
    /// Orders that are open or in transit: stated, or counted.
    insights: Insights,
}

/// What the entries and matches add up to, and what the document says they do.
#[derive(Debug, Default)]
pub(super) struct Sums {
    totals: BTreeMap<Key, Total>,
    stated_totals: BTreeMap<Key, Total>,
    last_total: Option<Key>,
    accounts: BTreeMap<Currency, Account>,
    stated_accounts: BTreeMap<Currency, Account>,
}

impl Sums {
    /// Adds an entry; the tax is given, since no later check needs it.
    pub(super) fn entry(&mut self, ledger: &Ledger, index: Index, tax: Amount) {
        let Some(record) = ledger.get(index) else { return };
        let (amount, fee, net) = (
            ledger.figure(index, Figure::Amount),
            ledger.figure(index, Figure::Fee),
            ledger.figure(index, Figure::Net),
        );
        let (own, paid) = (record.currency, record.net_currency);
        for (measure, currency, amount) in [
            (Measure::Amount, own, amount),
            (Measure::Fee, own, fee),
            (Measure::Tax, own, tax),
            (Measure::Net, paid, net),
        ] {
            let key = (record.side, record.kind, currency, measure);
            let total = self.totals.entry(key).or_default();
            total.rows = total.rows.saturating_add(1);
            total.input.add(amount);
            let place = PLACES.iter().position(|place| *place == record.disposition);
            if let Some(sum) = place.and_then(|place| total.places.get_mut(place)) {
                sum.add(amount);
            }
        }
        match record.side {
            Side::Orders => self.order(record, amount),
            Side::Settlement => self.line(record, net),
            Side::Bank | Side::Webhook => {}
        }
    }

    fn order(&mut self, record: &Record, amount: Amount) {
        let account = self.accounts.entry(record.currency).or_default();
        if matches!(record.disposition, Disposition::Matched | Disposition::Open) {
            account.expected.add(amount);
        }
        if record.disposition == Disposition::Open {
            account.unexplained.subtract(amount);
        }
        let awaited = record.disposition == Disposition::InTransit;
        let aged = awaited || record.disposition == Disposition::Open;
        let Insights { ageing, awaited: sum } = &mut account.insights;
        for (list, counts) in [(ageing, aged), (sum, awaited)] {
            let (rows, sum) = list.get_or_insert_default();
            if counts {
                *rows = rows.saturating_add(1);
                sum.add(amount);
            }
        }
    }

    fn line(&mut self, record: &Record, net: Amount) {
        let account = self.accounts.entry(record.net_currency).or_default();
        if record.kind == Kind::Payout {
            return;
        }
        match record.disposition {
            Disposition::Matched => account.received.add(net),
            Disposition::Open => {
                account.received.add(net);
                account.unexplained.add(net);
            }
            Disposition::Excluded => {
                let moved = !matches!(
                    record.reason.name(),
                    "failed" | "pending" | "authorisation" | "payout" | "repeated"
                );
                if moved {
                    account.received.add(net);
                }
                let part = match (record.reason.name(), record.kind) {
                    ("provider_fee", _) => "fee",
                    ("own_balance", Kind::Reserve | Kind::Release) => "reserve",
                    ("own_balance", _) => "transfer",
                    _ => return,
                };
                account.parts.entry(part.to_owned()).or_default().add(net);
            }
            Disposition::InTransit | Disposition::ClosedBefore => {}
        }
    }

    /// Adds a part of a match's difference.
    pub(super) fn part(&mut self, part: &str, currency: Currency, amount: Amount) {
        let account = self.accounts.entry(currency).or_default();
        if part == UNEXPLAINED {
            account.unexplained.add(amount);
        } else {
            account.parts.entry(part.to_owned()).or_default().add(amount);
        }
    }

    /// Reads what the summary says about a currency.
    pub(super) fn read_account(&mut self, c: &mut Cursor<'_>) -> Read<()> {
        c.literal("{")?;
        let currency = c.word("currency", Currency::from_code)?;
        let mut account = Account {
            expected: stated(c, "expected", currency)?,
            received: stated(c, "received", currency)?,
            difference: stated(c, "difference", currency)?,
            ..Account::default()
        };
        c.field("explained")?;
        c.list(|c| {
            c.literal("{")?;
            let part = c.text("part")?.value;
            if !PARTS.contains(&&*part) {
                return Err(c.wrong("unknown part of a difference", &part));
            }
            if account.parts.keys().next_back().is_some_and(|last| **last >= *part) {
                return Err(c.wrong("the parts are not sorted by name", &part));
            }
            account.parts.insert(part.into_owned(), stated(c, "amount", currency)?);
            c.literal("}")
        })?;
        account.unexplained = stated(c, "unexplained", currency)?;
        account.insights = insights::read(c, currency)?;
        c.literal("}")?;
        c.end()?;
        if self.stated_accounts.keys().next_back().is_some_and(|last| *last >= currency) {
            return Err(c.wrong("the currencies are not sorted by code", currency.code()));
        }
        self.stated_accounts.insert(currency, account);
        Ok(())
    }

    /// Reads a line of the totals.
    pub(super) fn read_total(&mut self, c: &mut Cursor<'_>) -> Read<()> {
        c.literal("{")?;
        let side = c.word("side", Side::from_name)?;
        let kind = c.word("kind", Kind::from_name)?;
        let currency = c.word("currency", Currency::from_code)?;
        let measure = c.word("measure", Measure::from_name)?;
        let mut total = Total {
            rows: c.count("rows")?,
            input: stated(c, "input", currency)?,
            ..Total::default()
        };
        for (place, sum) in PLACES.iter().zip(&mut total.places) {
            *sum = stated(c, place.name(), currency)?;
        }
        c.literal("}")?;
        c.end()?;
        let key = (side, kind, currency, measure);
        if self.last_total.is_some_and(|last| last >= key) {
            return Err(c.wrong("the totals are not sorted", &place_of(&key)));
        }
        self.last_total = Some(key);
        self.stated_totals.insert(key, total);
        Ok(())
    }

    /// Compares what is stated with what was added up; gives whether the statement balances.
    pub(super) fn compare(&self, findings: &mut Findings) -> bool {
        let totals = self.compare_totals(findings);
        let accounts = self.compare_accounts(findings);
        totals && accounts
    }

    fn compare_totals(&self, findings: &mut Findings) -> bool {
        const CHECK: CheckName = CheckName::Totals;
        let mut balanced = true;
        for (key, computed) in &self.totals {
            let place = || place_of(key);
            let Some(stated) = self.stated_totals.get(key) else {
                if key.3 == Measure::Amount || !computed.is_zero() {
                    let input = computed.input.show(key.2);
                    findings.differs(CHECK, "this total is missing", place, ("", input));
                }
                continue;
            };
            let rows = (stated.rows, computed.rows);
            findings.equal(CHECK, "rows of a total", place, rows);
            let names = PLACES.iter().map(|place| place.name());
            let of = |total: &Total| {
                let [a, b, c, d, e] = total.places;
                [total.input, a, b, c, d, e]
            };
            for (name, (said, sum)) in
                ["input"].into_iter().chain(names).zip(of(stated).into_iter().zip(of(computed)))
            {
                if !said.equals(sum) {
                    let what = format!("`{name}` of a total is not the sum of its entries");
                    findings.differs(CHECK, &what, place, (said.show(key.2), sum.show(key.2)));
                }
            }
            let ended = stated.places.iter().fold(Sum::default(), |sum, place| sum.plus(*place));
            balanced &= ended.equals(stated.input);
        }
        for (key, stated) in &self.stated_totals {
            let place = || place_of(key);
            let input = stated.input.show(key.2);
            if !self.totals.contains_key(key) {
                findings.differs(CHECK, "no entry belongs to this total", place, (input, ""));
            } else if key.3 != Measure::Amount && stated.is_zero() {
                findings.differs(CHECK, "a total of nothing is left out", place, (input, ""));
            }
        }
        balanced
    }

    fn compare_accounts(&self, findings: &mut Findings) -> bool {
        let none = Account::default();
        let mut balanced = true;
        for (currency, computed) in &self.accounts {
            let stated = self.stated_accounts.get(currency).unwrap_or(&none);
            compare_account(*currency, stated, computed, findings);
            let explained = stated.parts.values().fold(stated.unexplained, |sum, p| sum.plus(*p));
            let difference = stated.received.minus(stated.expected);
            balanced &= difference.equals(stated.difference) && explained.equals(difference);
        }
        for currency in self.stated_accounts.keys() {
            if !self.accounts.contains_key(currency) {
                let place = || currency.code().to_owned();
                let what = "no entry is in this currency";
                findings.differs(CheckName::Summary, what, place, ("", ""));
            }
        }
        balanced
    }
}

/// Compares the summary of a currency, and computes its unexplained rest both ways.
fn compare_account(
    currency: Currency,
    stated: &Account,
    computed: &Account,
    findings: &mut Findings,
) {
    let place = || currency.code().to_owned();
    let difference = computed.received.minus(computed.expected);
    let explained = computed.parts.values().fold(Sum::default(), |sum, part| sum.plus(*part));
    for (what, said, sum) in [
        ("expected", stated.expected, computed.expected),
        ("received", stated.received, computed.received),
        ("difference", stated.difference, difference),
        ("unexplained", stated.unexplained, computed.unexplained),
        ("difference less its explained parts", stated.unexplained, difference.minus(explained)),
    ] {
        if !said.equals(sum) {
            let shown = (said.show(currency), sum.show(currency));
            findings.differs(CheckName::Summary, what, place, shown);
        }
    }
    for (what, said, own) in [
        ("ageing", stated.insights.ageing, computed.insights.ageing),
        ("forecast", stated.insights.awaited, computed.insights.awaited),
    ] {
        let (Some(said), own) = (said, own.unwrap_or_default()) else { continue };
        if said.0 != own.0 || !said.1.equals(own.1) {
            let show = |(rows, sum): (u64, Sum)| format!("{rows} rows, {}", sum.show(currency));
            let what = format!("`{what}` is not that of the open orders");
            findings.differs(CheckName::Summary, &what, place, (show(said), show(own)));
        }
    }
    for part in PARTS {
        let said = stated.parts.get(*part).copied().unwrap_or_default();
        let sum = computed.parts.get(*part).copied().unwrap_or_default();
        if !said.equals(sum) {
            let what = format!("explained as `{part}`");
            let shown = (said.show(currency), sum.show(currency));
            findings.differs(CheckName::Summary, &what, place, shown);
        }
    }
}

fn stated(c: &mut Cursor<'_>, name: &str, currency: Currency) -> Read<Sum> {
    c.word(name, |text| values::amount(text, currency)).map(Sum::of)
}

fn place_of((side, kind, currency, measure): &Key) -> String {
    format!("{} {} {currency} {}", side.name(), kind.name(), measure.name())
}
