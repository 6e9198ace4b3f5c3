//! Decides how entries are kept and asked for: each field a column, each answer a type of the
//! vocabulary.

mod clock;
mod damage;
mod earlier;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::entry::column::Column;
use crate::entry::damaged::DamagedId;
use crate::entry::full::EntriesFull;
use crate::entry::identity::{Identity, IdentityFields, hash_of};
use crate::entry::scope::Scopes;
use crate::entry::text::{Names, TextRef, Texts};
use crate::entry::totals::{InputTotals, TotalKey};
use crate::entry::{Disposition, Earlier, Kind, Part, Reason, Side, Status};
use crate::ids::{EntryId, MatchId, SourceId};
use crate::money::{Amount, Currency};
use crate::time::{Date, Instant};

/// A record on its way into the columns. Texts are borrowed from the row that was read.
///
/// Amounts are signed as the merchant sees them: sale +, refund −, fee and tax − when charged.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry<'a> {
    /// The physical row: the 1-based line on which the record starts, or the 1-based element.
    pub row: u32,
    /// Which of the row's entries this is.
    pub part: Part,
    /// Where the row starts in the source, in bytes.
    pub offset: u32,
    /// What it does to the money.
    pub kind: Kind,
    /// What the source says about its state.
    pub status: Status,
    /// Gross, in `currency`.
    pub amount: Amount,
    /// Fee, in `currency`; − when charged.
    pub fee: Amount,
    /// Tax, in `currency`; − when charged.
    pub tax: Amount,
    /// What reaches the merchant, in `net_currency`.
    pub net: Amount,
    /// The currency of amount, fee and tax.
    pub currency: Currency,
    /// The currency of the net; mostly `currency`.
    pub net_currency: Currency,
    /// The amount in the order's currency where the line was converted before its fees.
    pub original: Option<(Amount, Currency)>,
    /// Units of settlement currency for one unit of the order's currency.
    pub fx_rate: Option<Decimal>,
    /// When it happened; of a date without a time, the start of that day.
    pub occurred_at: Option<Instant>,
    /// Whether the source gave a time of day.
    pub has_time: bool,
    /// Minutes east of UTC of the zone in which the source writes.
    pub offset_minutes: i16,
    /// The local date on which the money was, or will be, paid out.
    pub settled_on: Option<Date>,
    /// The provider's name for the transaction.
    pub transaction_id: &'a str,
    /// The reference that both sides know; on orders, the order number.
    pub reference: &'a str,
    /// A second name for the order.
    pub order_number: &'a str,
    /// The payout or batch.
    pub batch: &'a str,
    /// The operator or payment method.
    pub method: &'a str,
    /// The country, as the source writes it.
    pub country: &'a str,
    /// Free text.
    pub memo: &'a str,
}

impl NewEntry<'_> {
    /// An entry that says nothing but its row and currency; fill in what the source states.
    pub fn new(row: u32, kind: Kind, currency: Currency) -> Self {
        Self {
            row,
            part: Part::Row,
            offset: 0,
            kind,
            status: Status::Unstated,
            amount: Amount::ZERO,
            fee: Amount::ZERO,
            tax: Amount::ZERO,
            net: Amount::ZERO,
            currency,
            net_currency: currency,
            original: None,
            fx_rate: None,
            occurred_at: None,
            has_time: false,
            offset_minutes: 0,
            settled_on: None,
            transaction_id: "",
            reference: "",
            order_number: "",
            batch: "",
            method: "",
            country: "",
            memo: "",
        }
    }
}

/// What is asked of an entry together is kept together: one place in memory and not eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    kind: u8,
    status: u8,
    part: u8,
    disposition: u8,
    reason: u8,
    has_time: bool,
    currency: u16,
}

/// Amount, fee and net in minor units; [`BESIDE`] where the amount stands beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Figures {
    amount: i64,
    fee: i64,
    net: i64,
}

/// When it happened, on which clock, and when it was paid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct When {
    occurred_at: i64,
    settled_on: i32,
    offset_minutes: i16,
}

/// The match of an entry, and the next entry of that match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Link {
    in_match: u32,
    next: u32,
}

/// Marks an amount that is no whole 64-bit number of minor units: it stands beside.
const BESIDE: i64 = i64::MIN;

/// The rare amounts that stand beside, by entry and figure.
type Beside = BTreeMap<(u32, Figure), Amount>;

/// Which figure of an entry an amount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Figure {
    Amount,
    Fee,
    Tax,
    Net,
    Original,
}

const NO_INSTANT: i64 = i64::MIN;
const NO_DATE: i32 = i32::MIN;
const NO_MATCH: u32 = u32::MAX;
/// Ends the chain of a match's entries.
const END: u32 = u32::MAX;

/// All entries of a run.
#[derive(Debug)]
pub struct Entries {
    len: u32,
    /// First entry and side of each source, in reading order.
    sources: Vec<(u32, Side)>,
    scopes: Scopes,
    /// What is left of ids that are damaged, in reading order.
    damaged: Vec<(EntryId, DamagedId)>,
    /// Entries with an id that a spreadsheet has destroyed, in reading order.
    spoiled: Vec<EntryId>,
    /// Rows of earlier runs that entries of this one name, in reading order.
    earlier: Vec<(EntryId, Earlier)>,
    /// The first entry that was carried forward: those behind it are, too.
    first_carried: Option<EntryId>,
    row: Column<u32>,
    offset: Column<u32>,
    head: Column<Head>,
    figures: Column<Figures>,
    tax: Column<i64>,
    original: Column<i64>,
    beside: Beside,
    net_currency: Column<u16>,
    original_currency: Column<u16>,
    fx_rate: Column<Decimal>,
    when: Column<When>,
    transaction_id: Column<TextRef>,
    reference: Column<TextRef>,
    order_number: Column<TextRef>,
    memo: Column<TextRef>,
    batch: Column<u32>,
    method: Column<u32>,
    country: Column<u32>,
    identity: Column<u128>,
    ordinal: Column<u32>,
    link: Column<Link>,
    texts: Texts,
    batches: Names,
    methods: Names,
    countries: Names,
    totals: InputTotals,
    fields: IdentityFields,
}

impl Default for Entries {
    fn default() -> Self {
        let none = u16::MAX;
        Self {
            len: 0,
            sources: Vec::new(),
            scopes: Scopes::default(),
            damaged: Vec::new(),
            spoiled: Vec::new(),
            earlier: Vec::new(),
            first_carried: None,
            row: Column::new(0),
            offset: Column::new(0),
            head: Column::new(Head {
                kind: 0,
                status: 0,
                part: 0,
                disposition: Disposition::Open as u8,
                reason: Reason::None as u8,
                has_time: false,
                currency: 0,
            }),
            figures: Column::new(Figures { amount: 0, fee: 0, net: 0 }),
            tax: Column::new(0),
            original: Column::new(0),
            beside: Beside::new(),
            net_currency: Column::new(none),
            original_currency: Column::new(none),
            fx_rate: Column::new(Decimal::ZERO),
            when: Column::new(When {
                occurred_at: NO_INSTANT,
                settled_on: NO_DATE,
                offset_minutes: 0,
            }),
            transaction_id: Column::new(TextRef::NONE),
            reference: Column::new(TextRef::NONE),
            order_number: Column::new(TextRef::NONE),
            memo: Column::new(TextRef::NONE),
            batch: Column::new(0),
            method: Column::new(0),
            country: Column::new(0),
            identity: Column::new(0),
            ordinal: Column::new(0),
            link: Column::new(Link { in_match: NO_MATCH, next: END }),
            texts: Texts::default(),
            batches: Names::default(),
            methods: Names::default(),
            countries: Names::default(),
            totals: InputTotals::default(),
            fields: IdentityFields::default(),
        }
    }
}

/// Counts a look at an entry, where tests ask how the work grows.
#[inline]
fn look() {
    #[cfg(test)]
    LOOKS.set(LOOKS.get() + 1);
}

#[cfg(test)]
thread_local! {
    /// Looks of this thread at kinds, amounts, references and matches of entries.
    pub(crate) static LOOKS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

impl Entries {
    /// Begins a source; the entries pushed from now on are its own.
    pub fn begin_source(&mut self, side: Side) -> SourceId {
        let id = u16::try_from(self.sources.len()).unwrap_or(u16::MAX);
        self.sources.push((self.len, side));
        SourceId(id)
    }

    /// Appends an entry to the source begun last.
    ///
    /// # Errors
    /// When a limit of the columns is reached; nothing of the entry is kept then but its place.
    pub fn push(&mut self, new: &NewEntry<'_>) -> Result<EntryId, EntriesFull> {
        let id = self.len;
        self.len = id.checked_add(1).filter(|n| *n < END).ok_or(EntriesFull::Entries)?;
        let side = self.sources.last().map_or(Side::Orders, |(_, side)| *side);
        self.push_figures(id, new);
        self.push_times(new);
        self.push_texts(new)?;
        let hash = hash_of(&mut self.fields, side, new);
        self.identity.push(hash);
        self.ordinal.push(0);
        self.link.push(Link { in_match: NO_MATCH, next: END });
        let key = TotalKey {
            side,
            kind: new.kind,
            currency: new.currency,
            net_currency: new.net_currency,
        };
        let total = self.totals.entry(key);
        total.add(new.amount, new.fee, new.tax, new.net).ok_or(EntriesFull::Totals)?;
        Ok(EntryId(id))
    }

    fn push_figures(&mut self, id: u32, new: &NewEntry<'_>) {
        self.row.push(new.row);
        self.offset.push(new.offset);
        self.head.push(Head {
            kind: new.kind as u8,
            status: new.status as u8,
            part: new.part as u8,
            disposition: Disposition::Open as u8,
            reason: Reason::None as u8,
            has_time: new.has_time,
            currency: new.currency.index(),
        });
        let figures = Figures {
            amount: self.minor_or_beside(id, Figure::Amount, new.amount),
            fee: self.minor_or_beside(id, Figure::Fee, new.fee),
            net: self.minor_or_beside(id, Figure::Net, new.net),
        };
        self.figures.push(figures);
        let tax = self.minor_or_beside(id, Figure::Tax, new.tax);
        self.tax.push(tax);
        let same = new.currency == new.net_currency;
        self.net_currency.push(if same { u16::MAX } else { new.net_currency.index() });
        let (original, currency) = new.original.unwrap_or((Amount::ZERO, new.currency));
        let original = self.minor_or_beside(id, Figure::Original, original);
        self.original.push(original);
        let none = new.original.is_none();
        self.original_currency.push(if none { u16::MAX } else { currency.index() });
        self.fx_rate.push(new.fx_rate.unwrap_or_default());
    }

    /// What a column keeps of an amount.
    fn minor_or_beside(&mut self, id: u32, figure: Figure, amount: Amount) -> i64 {
        match amount.as_minor() {
            Some(minor) if minor != BESIDE => minor,
            _ => {
                self.beside.insert((id, figure), amount);
                BESIDE
            }
        }
    }

    /// The amount of which a column keeps `minor`.
    #[inline]
    fn amount_of(&self, id: EntryId, figure: Figure, minor: i64) -> Amount {
        if minor == BESIDE {
            return self.beside.get(&(id.0, figure)).copied().unwrap_or_default();
        }
        Amount::from_minor(minor)
    }

    fn push_times(&mut self, new: &NewEntry<'_>) {
        self.when.push(When {
            occurred_at: new.occurred_at.map_or(NO_INSTANT, |i| i.0),
            settled_on: new.settled_on.map_or(NO_DATE, |d| d.0),
            offset_minutes: new.offset_minutes,
        });
    }

    fn push_texts(&mut self, new: &NewEntry<'_>) -> Result<(), EntriesFull> {
        let texts = &mut self.texts;
        let mut keep = |text: &str| texts.add(text).ok_or(EntriesFull::Texts);
        self.transaction_id.push(keep(new.transaction_id)?);
        self.reference.push(keep(new.reference)?);
        self.order_number.push(keep(new.order_number)?);
        self.memo.push(keep(new.memo)?);
        self.batch.push(self.batches.number(new.batch));
        self.method.push(self.methods.number(new.method));
        self.country.push(self.countries.number(new.country));
        Ok(())
    }

    /// The number of entries.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Every entry, in reading order.
    pub fn ids(&self) -> impl Iterator<Item = EntryId> + use<> {
        (0..self.len).map(EntryId)
    }

    /// The entries of one source.
    pub fn ids_of(&self, source: SourceId) -> impl Iterator<Item = EntryId> + use<> {
        let at = usize::from(source.0);
        let start = self.sources.get(at).map_or(self.len, |s| s.0);
        let end = self.sources.get(at.saturating_add(1)).map_or(self.len, |s| s.0);
        (start..end).map(EntryId)
    }

    /// The entries of one side, in reading order.
    pub(crate) fn ids_on(&self, side: Side) -> impl Iterator<Item = EntryId> + '_ {
        let ends = self.sources.iter().skip(1).map(|(start, _)| *start).chain([self.len]);
        let sources = self.sources.iter().zip(ends).filter(move |((_, of), _)| *of == side);
        sources.flat_map(|((start, _), end)| (*start..end).map(EntryId))
    }

    /// The source of an entry.
    pub fn source(&self, id: EntryId) -> SourceId {
        let after = self.sources.partition_point(|(start, _)| *start <= id.0);
        SourceId::at(after.saturating_sub(1))
    }

    /// The side of an entry.
    pub fn side(&self, id: EntryId) -> Side {
        let source = usize::from(self.source(id).0);
        self.sources.get(source).map_or(Side::Orders, |(_, side)| *side)
    }

    /// States the scope of each source.
    pub fn set_scopes(&mut self, scopes: Scopes) {
        self.scopes = scopes;
    }

    /// The scope that an entry's source states; 0: none.
    pub(crate) fn stated_scope(&self, id: EntryId) -> u16 {
        if self.scopes.is_empty() { 0 } else { self.scopes.stated(self.source(id)) }
    }

    /// The scope within which an entry is matched; 0: with all that have none.
    #[inline]
    pub fn scope(&self, id: EntryId) -> u16 {
        if self.scopes.is_empty() { 0 } else { self.scopes.shared(self.source(id)) }
    }

    /// Makes a key one of the entry's scope; an empty key is none and stays so.
    #[inline]
    pub fn add_scope(&self, id: EntryId, key: &mut Vec<u8>) {
        match self.scope(id) {
            0 => {}
            _ if key.is_empty() => {}
            // No key has this byte: texts are UTF-8, and keys of amounts have one length.
            scope => {
                key.push(0xff);
                key.extend_from_slice(&scope.to_le_bytes());
            }
        }
    }

    /// The physical row.
    pub fn row(&self, id: EntryId) -> u32 {
        self.row.get(id.0 as usize)
    }

    /// Where the row starts in its source, in bytes.
    pub fn offset(&self, id: EntryId) -> u32 {
        self.offset.get(id.0 as usize)
    }

    /// Which of the row's entries it is.
    pub fn part(&self, id: EntryId) -> Part {
        Part::from_u8(self.head.get(id.0 as usize).part).unwrap_or(Part::Row)
    }

    /// What it does to the money.
    pub fn kind(&self, id: EntryId) -> Kind {
        look();
        Kind::from_u8(self.head.get(id.0 as usize).kind).unwrap_or(Kind::Other)
    }

    /// What its source says about its state.
    pub fn status(&self, id: EntryId) -> Status {
        Status::from_u8(self.head.get(id.0 as usize).status).unwrap_or(Status::Unstated)
    }

    /// Gross, in [`Entries::currency`].
    pub fn amount(&self, id: EntryId) -> Amount {
        look();
        self.amount_of(id, Figure::Amount, self.figures.get(id.0 as usize).amount)
    }

    /// Fee, in [`Entries::currency`].
    pub fn fee(&self, id: EntryId) -> Amount {
        self.amount_of(id, Figure::Fee, self.figures.get(id.0 as usize).fee)
    }

    /// Tax, in [`Entries::currency`].
    pub fn tax(&self, id: EntryId) -> Amount {
        self.amount_of(id, Figure::Tax, self.tax.get(id.0 as usize))
    }

    /// Net, in [`Entries::net_currency`].
    pub fn net(&self, id: EntryId) -> Amount {
        self.amount_of(id, Figure::Net, self.figures.get(id.0 as usize).net)
    }

    /// The currency of amount, fee and tax.
    pub fn currency(&self, id: EntryId) -> Currency {
        Currency::from_index(self.head.get(id.0 as usize).currency)
            .expect("invariant: only indexes of currencies are pushed")
    }

    /// The currency of the net.
    pub fn net_currency(&self, id: EntryId) -> Currency {
        Currency::from_index(self.net_currency.get(id.0 as usize))
            .unwrap_or_else(|| self.currency(id))
    }

    /// The amount before conversion, in the order's currency.
    pub fn original(&self, id: EntryId) -> Option<(Amount, Currency)> {
        let currency = Currency::from_index(self.original_currency.get(id.0 as usize))?;
        let minor = self.original.get(id.0 as usize);
        Some((self.amount_of(id, Figure::Original, minor), currency))
    }

    /// The rate that the source states.
    pub fn fx_rate(&self, id: EntryId) -> Option<Decimal> {
        let rate = self.fx_rate.get(id.0 as usize);
        (!rate.is_zero()).then_some(rate)
    }

    /// When it happened.
    pub fn occurred_at(&self, id: EntryId) -> Option<Instant> {
        let instant = self.when.get(id.0 as usize).occurred_at;
        (instant != NO_INSTANT).then_some(Instant(instant))
    }

    /// Whether the source gave a time of day.
    pub fn has_time(&self, id: EntryId) -> bool {
        self.head.get(id.0 as usize).has_time
    }

    /// Minutes east of UTC in which the source writes this row.
    pub fn offset_minutes(&self, id: EntryId) -> i16 {
        self.when.get(id.0 as usize).offset_minutes
    }

    /// The date of the event as its source writes it.
    pub fn local_date(&self, id: EntryId) -> Option<Date> {
        let instant = self.occurred_at(id)?;
        let offset = i64::from(self.offset_minutes(id)).checked_mul(60_000_000)?;
        let day = instant.0.checked_add(offset)?.div_euclid(86_400_000_000);
        i32::try_from(day).ok().map(Date)
    }

    /// The date on which the money was, or will be, paid out.
    pub fn settled_on(&self, id: EntryId) -> Option<Date> {
        let date = self.when.get(id.0 as usize).settled_on;
        (date != NO_DATE).then_some(Date(date))
    }

    /// The provider's name for the transaction; empty if the source gives none.
    pub fn transaction_id(&self, id: EntryId) -> &str {
        self.texts.get(self.transaction_id.get(id.0 as usize))
    }

    /// The reference that both sides know.
    pub fn reference(&self, id: EntryId) -> &str {
        self.texts.get(self.reference.get(id.0 as usize))
    }

    /// A second name for the order.
    pub fn order_number(&self, id: EntryId) -> &str {
        self.texts.get(self.order_number.get(id.0 as usize))
    }

    /// The bytes of the transaction id, for hashing and comparing.
    pub(crate) fn transaction_id_bytes(&self, id: EntryId) -> &[u8] {
        self.texts.bytes(self.transaction_id.get(id.0 as usize))
    }

    /// The bytes of the reference, for hashing and comparing.
    pub(crate) fn reference_bytes(&self, id: EntryId) -> &[u8] {
        look();
        self.texts.bytes(self.reference.get(id.0 as usize))
    }

    /// The bytes of the second order number, for hashing and comparing.
    pub(crate) fn order_number_bytes(&self, id: EntryId) -> &[u8] {
        self.texts.bytes(self.order_number.get(id.0 as usize))
    }

    /// Free text.
    pub fn memo(&self, id: EntryId) -> &str {
        self.texts.get(self.memo.get(id.0 as usize))
    }

    /// The payout or batch; empty if the source gives none.
    pub fn batch(&self, id: EntryId) -> &str {
        self.batches.get(self.batch.get(id.0 as usize))
    }

    /// The operator or payment method.
    pub fn method(&self, id: EntryId) -> &str {
        self.methods.get(self.method.get(id.0 as usize))
    }

    /// The number of the payout or batch among those of the run; 0 is none.
    pub(crate) fn batch_number(&self, id: EntryId) -> u32 {
        self.batch.get(id.0 as usize)
    }

    /// The number of the method among those of the run; 0 is none.
    pub(crate) fn method_number(&self, id: EntryId) -> u32 {
        self.method.get(id.0 as usize)
    }

    /// The country, as the source writes it.
    pub fn country(&self, id: EntryId) -> &str {
        self.countries.get(self.country.get(id.0 as usize))
    }

    /// The stable name. Ordinals are right once equal rows were numbered.
    pub fn identity(&self, id: EntryId) -> Identity {
        let at = id.0 as usize;
        Identity { hash: self.identity.get(at), ordinal: self.ordinal.get(at) }
    }

    /// Orders entries by (instant, identity); one without an instant comes last.
    pub fn age_key(&self, id: EntryId) -> (i64, Identity) {
        let instant = self.when.get(id.0 as usize).occurred_at;
        let instant = if instant == NO_INSTANT { i64::MAX } else { instant };
        (instant, self.identity(id))
    }

    /// Sorts entries by side, age and identity: the order of everything that is written.
    ///
    /// One function for all lists: each further sort would be 10 KB of WebAssembly.
    pub fn sort(&self, ids: &mut [EntryId]) {
        ids.sort_unstable_by_key(|id| (self.side(*id), self.age_key(*id), *id));
    }

    /// Says which of several equal rows an entry is.
    pub(crate) fn set_ordinal(&mut self, id: EntryId, ordinal: u32) {
        self.ordinal.set(id.0 as usize, ordinal);
    }

    /// Where the entry ends.
    pub fn disposition(&self, id: EntryId) -> Disposition {
        Disposition::from_u8(self.head.get(id.0 as usize).disposition).unwrap_or(Disposition::Open)
    }

    /// Why the entry is left out, if it is.
    pub fn reason(&self, id: EntryId) -> Reason {
        Reason::from_u8(self.head.get(id.0 as usize).reason).unwrap_or(Reason::None)
    }

    /// Decides where an entry ends.
    pub(crate) fn dispose(&mut self, id: EntryId, disposition: Disposition, reason: Reason) {
        let mut head = self.head.get(id.0 as usize);
        head.disposition = disposition as u8;
        head.reason = reason as u8;
        self.head.set(id.0 as usize, head);
    }

    /// The match that an entry is in.
    pub fn match_of(&self, id: EntryId) -> Option<MatchId> {
        look();
        let found = self.link.get(id.0 as usize).in_match;
        (found != NO_MATCH).then_some(MatchId(found))
    }

    /// Puts an entry into a match, before `next` in its chain.
    pub(crate) fn put_in_match(&mut self, id: EntryId, to: MatchId, next: Option<EntryId>) {
        let link = Link { in_match: to.0, next: next.map_or(END, |n| n.0) };
        self.link.set(id.0 as usize, link);
        self.dispose(id, Disposition::Matched, Reason::None);
    }

    /// The next entry of the same match.
    pub(crate) fn next_in_match(&self, id: EntryId) -> Option<EntryId> {
        let next = self.link.get(id.0 as usize).next;
        (next != END).then_some(EntryId(next))
    }

    /// What came in, counted while reading.
    pub fn input_totals(&self) -> &InputTotals {
        &self.totals
    }
}
