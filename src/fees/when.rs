//! Which lines a fee is for: what must be true of a line, and what is not known of it.

use crate::calendar::{Calendar, Cycle};
use crate::entry::{Kind, named};
use crate::money::{Amount, Currency};
use crate::time::Date;

/// What a contract looks at in a line.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// What it does to the money.
    pub kind: Kind,
    /// The currency of its amount and fee.
    pub currency: Currency,
    /// Gross, of either sign.
    pub amount: Amount,
    /// The day on which it happened, as its source writes it.
    pub date: Option<Date>,
    /// The day on which it was paid out.
    pub settled_on: Option<Date>,
    /// The operator or payment method; empty, as all texts, where the source gives none.
    pub method: &'a str,
    /// The country.
    pub country: &'a str,
    /// Where the card comes from.
    pub card_origin: &'a str,
    /// The shop or terminal.
    pub store: &'a str,
    /// How the payment was taken.
    pub channel: &'a str,
    /// The kind of goods.
    pub category: &'a str,
    /// Free text.
    pub memo: &'a str,
    /// The order's currency and the settlement's, where they differ.
    pub pair: Option<(Currency, Currency)>,
    /// Interchange and scheme fees as the source states them, positive.
    pub passed_through: Option<Amount>,
    /// The volume of the month before this line, for tiers by the running volume.
    pub volume_before: Option<Amount>,
    /// Of a refund, the payment that it gives back.
    pub payment: Option<&'a Line<'a>>,
    /// Asks what the fee would be on this band or tier, whatever the amount or volume says.
    pub on_step: Option<usize>,
}

impl Line<'_> {
    /// A line that says nothing but its kind and its money; fill in what else is known.
    #[must_use]
    pub fn new(kind: Kind, currency: Currency, amount: Amount) -> Self {
        Self {
            kind,
            currency,
            amount,
            date: None,
            settled_on: None,
            method: "",
            country: "",
            card_origin: "",
            store: "",
            channel: "",
            category: "",
            memo: "",
            pair: None,
            passed_through: None,
            volume_before: None,
            payment: None,
            on_step: None,
        }
    }
}

named! {
    /// What a contract needs to know of a line, and the line does not say.
    Gap {
        /// The operator or payment method.
        Method = "method",
        /// The country.
        Country = "country",
        /// Where the card comes from.
        CardOrigin = "card_origin",
        /// The shop or terminal.
        Store = "store",
        /// How the payment was taken.
        Channel = "channel",
        /// The kind of goods.
        Category = "category",
        /// Free text.
        Memo = "memo",
        /// The day on which it happened.
        Date = "date",
        /// The day on which it was paid out.
        SettledOn = "settled_on",
        /// Interchange and scheme fees.
        PassedThrough = "passed_through",
        /// The volume of a month that the files do not hold whole.
        Volume = "volume",
        /// The payment that a refund gives back.
        Payment = "payment",
        /// A rate: the amount or volume is above the last step of the table.
        Rate = "rate",
        /// An exact fee: the amount is too large.
        Exact = "exact",
    }
}

named! {
    /// A text of a line that a condition can look at.
    TextField {
        /// The operator or payment method.
        Method = "method",
        /// The country.
        Country = "country",
        /// Where the card comes from.
        CardOrigin = "card_origin",
        /// The shop or terminal.
        Store = "store",
        /// How the payment was taken.
        Channel = "channel",
        /// The kind of goods.
        Category = "category",
        /// Free text.
        Memo = "memo",
    }
}

impl TextField {
    fn of<'a>(self, line: &Line<'a>) -> &'a str {
        match self {
            Self::Method => line.method,
            Self::Country => line.country,
            Self::CardOrigin => line.card_origin,
            Self::Store => line.store,
            Self::Channel => line.channel,
            Self::Category => line.category,
            Self::Memo => line.memo,
        }
    }

    fn gap(self) -> Gap {
        match self {
            Self::Method => Gap::Method,
            Self::Country => Gap::Country,
            Self::CardOrigin => Gap::CardOrigin,
            Self::Store => Gap::Store,
            Self::Channel => Gap::Channel,
            Self::Category => Gap::Category,
            Self::Memo => Gap::Memo,
        }
    }
}

/// What must be true of a line; everything that is stated must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// Texts, each with the patterns of which one must fit.
    pub texts: Vec<(TextField, Vec<Pattern>)>,
    /// Order currency and settlement currency, any of them.
    pub pairs: Vec<(Currency, Currency)>,
    /// Whether the two currencies differ.
    pub converted: Option<bool>,
    /// The smallest amount.
    pub amount_from: Option<Amount>,
    /// The largest amount.
    pub amount_to: Option<Amount>,
    /// How long the settlement took, any of them.
    pub cycles: Vec<Cycle>,
}

/// What of a line a contract asks for, beside its kind and its money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// One of its texts.
    pub texts: bool,
    /// The day on which it happened.
    pub date: bool,
    /// The day on which it was paid out.
    pub settled_on: bool,
    /// Whether it was converted.
    pub pair: bool,
    /// Of a refund, its payment.
    pub payment: bool,
}

impl Needs {
    /// Adds what a condition asks for.
    pub(super) fn add(&mut self, when: &When, dated: bool) {
        self.texts |= !when.texts.is_empty();
        self.date |= dated || !when.cycles.is_empty();
        self.settled_on |= !when.cycles.is_empty();
        self.pair |= !when.pairs.is_empty() || when.converted.is_some();
    }
}

/// Whether a line is one that is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fits {
    Yes,
    No,
    Unknown(Gap),
}

/// What a condition may look up beside the line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms<'c> {
    pub(super) home: &'c [String],
    pub(super) calendar: Option<&'c Calendar>,
}

impl When {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
            && self.pairs.is_empty()
            && self.cycles.is_empty()
            && self.converted.is_none()
            && self.amount_from.is_none()
            && self.amount_to.is_none()
    }

    /// What is known to be false decides, before what is not known.
    pub(super) fn fits(&self, line: &Line<'_>, terms: Terms<'_>) -> Fits {
        let mut unknown = None;
        let mut holds = |held: Option<bool>, gap: Gap| {
            if held.is_none() {
                unknown = unknown.or(Some(gap));
            }
            held != Some(false)
        };
        let amount = line.amount.abs();
        let within = self.amount_from.is_none_or(|from| from <= amount)
            && self.amount_to.is_none_or(|to| amount <= to);
        let all = within
            && self.converted.is_none_or(|wanted| wanted == line.pair.is_some())
            && (self.pairs.is_empty() || line.pair.is_some_and(|pair| self.pairs.contains(&pair)))
            && self
                .texts
                .iter()
                .all(|(field, patterns)| holds(text(*field, patterns, line, terms), field.gap()))
            && (self.cycles.is_empty() || holds(self.cycle(line, terms), cycle_gap(line)));
        match (all, unknown) {
            (false, _) => Fits::No,
            (true, Some(gap)) => Fits::Unknown(gap),
            (true, None) => Fits::Yes,
        }
    }

    fn cycle(&self, line: &Line<'_>, terms: Terms<'_>) -> Option<bool> {
        let (date, settled) = (line.date?, line.settled_on?);
        let usual = Calendar::default();
        let calendar = terms.calendar.unwrap_or(&usual);
        Some(self.cycles.iter().any(|cycle| cycle.due(date, calendar) == settled))
    }
}

fn cycle_gap(line: &Line<'_>) -> Gap {
    if line.date.is_none() { Gap::Date } else { Gap::SettledOn }
}

/// Whether a text fits; `None` where the line has none.
fn text(field: TextField, patterns: &[Pattern], line: &Line<'_>, terms: Terms<'_>) -> Option<bool> {
    let own = field.of(line);
    if !own.is_empty() {
        return Some(patterns.iter().any(|pattern| pattern.fits(own)));
    }
    if field != TextField::CardOrigin || line.country.is_empty() || terms.home.is_empty() {
        return None;
    }
    let domestic = terms.home.iter().any(|home| home.eq_ignore_ascii_case(line.country));
    let origin = if domestic { "domestic" } else { "international" };
    Some(patterns.iter().any(|pattern| pattern.fits(origin)))
}

/// A text in which `*` stands for anything; capitals are as small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(pub(super) Vec<String>);

impl Pattern {
    /// The pattern of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_lowercase().split('*').map(str::to_owned).collect())
    }

    /// Whether a text fits.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        let [first, middle @ ..] = self.0.as_slice() else { return false };
        if middle.is_empty() && text.is_ascii() {
            return text.eq_ignore_ascii_case(first);
        }
        let lower = text.to_lowercase();
        let Some(mut rest) = lower.strip_prefix(first.as_str()) else { return false };
        let Some((last, middle)) = middle.split_last() else { return rest.is_empty() };
        for part in middle {
            let Some(at) = rest.find(part.as_str()) else { return false };
            rest = rest.get(at.saturating_add(part.len())..).unwrap_or_default();
        }
        rest.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("visa", "Visa", true),
            ("visa", "visa debit", false),
            ("visa*", "Visa debit", true),
            ("*debit", "Visa debit", true),
            ("*debit", "Visa debits", false),
            ("v*a*t", "visa debit", true),
            ("v*z*t", "visa debit", false),
            ("*", "", true),
            ("微信*", "微信支付", true),
            ("ab*b", "ab", false),
        ] {
            assert_eq!(Pattern::new(pattern).fits(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_false_is_false_whatever_else_is_not_known() {
        let kes = Currency::from_code("KES").unwrap();
        let when = When {
            texts: vec![(TextField::Method, vec![Pattern::new("card")])],
            amount_from: Some(Amount::from_minor(100)),
            ..When::default()
        };
        let terms = Terms { home: &[], calendar: None };
        let line = |minor| Line::new(Kind::Sale, kes, Amount::from_minor(minor));
        assert_eq!(when.fits(&line(99), terms), Fits::No);
        assert_eq!(when.fits(&line(100), terms), Fits::Unknown(Gap::Method));
        assert_eq!(when.fits(&Line { method: "Card", ..line(100) }, terms), Fits::Yes);
        assert_eq!(when.fits(&Line { method: "bank", ..line(-100) }, terms), Fits::No);
    }

    #[test]
    fn a_card_is_domestic_where_its_country_is_at_home() {
        let usd = Currency::from_code("USD").unwrap();
        let patterns = vec![Pattern::new("international")];
        let when = When { texts: vec![(TextField::CardOrigin, patterns)], ..When::default() };
        let line = Line::new(Kind::Sale, usd, Amount::from_minor(100));
        let home = ["US".to_owned()];
        let at_home = Terms { home: &home, calendar: None };
        let nowhere = Terms { home: &[], calendar: None };
        for (country, card_origin, terms, expected) in [
            ("US", "", at_home, Fits::No),
            ("us", "", at_home, Fits::No),
            ("DE", "", at_home, Fits::Yes),
            ("", "", at_home, Fits::Unknown(Gap::CardOrigin)),
            ("DE", "", nowhere, Fits::Unknown(Gap::CardOrigin)),
            ("US", "International", at_home, Fits::Yes),
        ] {
            let line = Line { country, card_origin, ..line };
            assert_eq!(when.fits(&line, terms), expected, "{country} {card_origin}");
        }
    }
}
