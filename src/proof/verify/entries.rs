//! Checks one entry: its fields, its identity, its place in the order, and where it says it ended.

use std::borrow::Cow;

use sha2::Digest;

use crate::entry::{Disposition, Identity, Kind, NewEntry, Reason, Side, Status, hash_of};
use crate::money::Currency;
use crate::time::Date;

use super::Verifier;
use super::cursor::{Cursor, Read};
use super::ledger::{Index, Ledger, MatchName, Named, Record};
use super::links::Keys;
use super::values;
use super::verdict::CheckName;

/// The texts of an entry, in the order of the document.
#[derive(Default)]
struct Texts<'a> {
    reference: Cow<'a, str>,
    transaction_id: Cow<'a, str>,
    order_number: Cow<'a, str>,
    batch: Cow<'a, str>,
    method: Cow<'a, str>,
    country: Cow<'a, str>,
    memo: Cow<'a, str>,
}

/// Where an entry says that it ended.
struct Ending {
    disposition: Disposition,
    reason: Reason,
    group: Option<MatchName>,
}

impl Verifier<'_> {
    /// One entry.
    pub(super) fn entry(&mut self, line: &str) -> Read<()> {
        let mut c = Cursor::new(line);
        c.literal("{")?;
        let name = c.text("row")?;
        let (source, row, part) = self
            .ledger
            .row_of(&name.value)
            .ok_or_else(|| c.wrong("the row is of no source", &name.value))?;
        let side = c.word("side", Side::from_name)?;
        let identity = c.word("identity", Identity::parse)?;
        let kind = c.word("kind", Kind::from_name)?;
        let status = status(&mut c)?;
        let mut texts = Texts {
            reference: c.optional("reference")?,
            transaction_id: c.optional("transaction_id")?,
            order_number: c.optional("order_number")?,
            ..Texts::default()
        };
        let damaged = c.has("damaged_id");
        if damaged {
            c.literal("true")?;
        }
        let mut new = NewEntry { part, status, ..NewEntry::new(row, kind, any_currency()) };
        money(&mut c, side, &mut new)?;
        times(&mut c, &mut new)?;
        texts.batch = c.optional("batch")?;
        texts.method = c.optional("method")?;
        texts.country = c.optional("country")?;
        texts.memo = c.optional("memo")?;
        let ending = ending(&mut c)?;
        c.literal("}")?;
        c.end()?;

        let new = NewEntry {
            reference: &texts.reference,
            transaction_id: &texts.transaction_id,
            order_number: &texts.order_number,
            batch: &texts.batch,
            method: &texts.method,
            country: &texts.country,
            memo: &texts.memo,
            ..new
        };
        let computed = hash_of(&mut self.fields, side, &new);
        if computed != identity.hash {
            let computed = Identity { hash: computed, ..identity };
            let what = "the identity is not the hash of what the row says";
            let shown = (identity, computed);
            self.findings.differs(CheckName::Identities, what, || name.value.to_string(), shown);
        }
        self.check_row(source, side, (&new, damaged), &name.value);
        let ids = [&texts.reference, &texts.transaction_id, &texts.order_number, &texts.batch];
        if damaged && ids.iter().all(|id| !id.is_empty()) {
            let what = "an entry with a damaged id has no key in its place";
            self.findings.differs(CheckName::Fields, what, || name.value.to_string(), ("", ""));
        }
        let record = Record { damaged, ..record(&new, identity, source, side, &ending) };
        self.charges.entry(self.ledger.len(), &record, &new);
        self.payouts.entry(&self.sources, self.ledger.len(), &record, &new);
        let index = self.keep(record, &new);
        self.keep_core(side, &new, index);
        self.sums.entry(&self.ledger, index, new.tax);
        if side == Side::Webhook {
            self.events.note_name(index, &texts.memo);
        }
        self.check_ending(index);
        self.seal_entry(line, source, index, name.range);
        Ok(())
    }

    /// Checks the order, and keeps the entry.
    fn keep(&mut self, record: Record, new: &NewEntry<'_>) -> Index {
        let place = self.ledger.last().map(order_key);
        let (key, hash) = (order_key(&record), record.identity.hash);
        let follows = place.is_none_or(|last| last < key);
        let ordinal = match self.ledger.last() {
            Some(last) if last.identity.hash == hash => last.identity.ordinal.saturating_add(1),
            _ => 0,
        };
        let stated = record.identity.ordinal;
        let source = self.sources.get(usize::from(record.source));
        let side = source.map_or(record.side, |source| source.side);
        let own = record.side;
        let index = self.ledger.push(record, [new.amount, new.fee, new.net]);
        self.ledger.set_tax(index, new.tax);
        if let Some((amount, currency)) = new.original {
            self.ledger.set_original(index, amount, currency);
        }
        if let Some(rate) = new.fx_rate {
            self.ledger.set_rate(index, rate);
        }
        let place = |ledger: &Ledger| ledger.name(index);
        if !follows {
            let what = "entries are not sorted by side, instant and identity";
            self.findings.differs(CheckName::Order, what, || place(&self.ledger), ("", ""));
        }
        let what = "the ordinal among equal rows";
        let shown = (stated, ordinal);
        self.findings.equal(CheckName::Identities, what, || place(&self.ledger), shown);
        let what = "the side of an entry is not that of its source";
        let shown = (own.name(), side.name());
        self.findings.equal(CheckName::Fields, what, || place(&self.ledger), shown);
        index
    }

    /// Adds the line to the certificate of its source and to the checksum of the section.
    fn seal_entry(&mut self, line: &str, source: u16, index: Index, range: std::ops::Range<usize>) {
        if let Some(source) = self.sources.get_mut(usize::from(source)) {
            source.certificate.update(line.as_bytes());
            source.certificate.update(b"\n");
        }
        self.seal(line, &[Named { range, index: Some(index) }]);
    }

    /// Makes the rows findable, after the last entry.
    pub(super) fn close_entries(&mut self) {
        for index in self.ledger.index_rows() {
            let name = self.ledger.name(index);
            let what = "two entries have the same row name";
            self.findings.differs(CheckName::Names, what, || name.clone(), (&name, ""));
        }
        self.close_sources();
        self.close_carried();
        self.close_rows();
    }
}

/// Entries stand by side, then the oldest first; those without an instant come last.
fn order_key(record: &Record) -> (Side, bool, i64, Identity) {
    let instant = record.occurred_at;
    (record.side, instant.is_none(), instant.map_or(0, |instant| instant.0), record.identity)
}

fn record(
    new: &NewEntry<'_>,
    identity: Identity,
    source: u16,
    side: Side,
    ending: &Ending,
) -> Record {
    Record {
        identity,
        row: new.row,
        source,
        part: new.part,
        side,
        kind: new.kind,
        status: new.status,
        disposition: ending.disposition,
        reason: ending.reason,
        group: ending.group,
        currency: new.currency,
        net_currency: new.net_currency,
        occurred_at: new.occurred_at,
        offset_minutes: new.offset_minutes,
        has_time: new.has_time,
        settled_on: new.settled_on,
        keys: Keys::of([new.reference, new.transaction_id, new.order_number]),
        damaged: false,
        held: 0,
    }
}

/// Stands for a currency until it is read.
fn any_currency() -> Currency {
    Currency::from_index(0).expect("invariant: there is a first currency")
}

fn status(c: &mut Cursor<'_>) -> Read<Status> {
    let text = c.optional("status")?;
    if text.is_empty() {
        return Ok(Status::Unstated);
    }
    let known = Status::from_name(&text).filter(|status| *status != Status::Unstated);
    known.ok_or_else(|| c.wrong("unknown `status`", &text))
}

/// Amounts and currencies. The amounts come first, so they are read as texts and parsed after.
fn money(c: &mut Cursor<'_>, side: Side, new: &mut NewEntry<'_>) -> Read<()> {
    let amount = c.text("amount")?.value;
    let fee = c.optional("fee")?;
    let tax = c.optional("tax")?;
    let net = c.optional("net")?;
    new.currency = c.word("currency", Currency::from_code)?;
    new.net_currency = new.currency;
    if c.has("net_currency") {
        let text = c.string()?.value;
        let currency = Currency::from_code(&text).filter(|other| *other != new.currency);
        new.net_currency = currency.ok_or_else(|| c.wrong("unknown `net_currency`", &text))?;
    }
    let parse = |text: &str, currency| {
        let what = "not an amount with the digits of its currency";
        values::amount(text, currency).ok_or_else(|| c.wrong(what, text))
    };
    new.amount = parse(&amount, new.currency)?;
    for (text, into, currency) in [
        (&fee, &mut new.fee, new.currency),
        (&tax, &mut new.tax, new.currency),
        (&net, &mut new.net, new.net_currency),
    ] {
        if !text.is_empty() {
            *into = parse(text, currency)?;
        }
    }
    if (!fee.is_empty() && new.fee.is_zero()) || (!tax.is_empty() && new.tax.is_zero()) {
        return Err(c.wrong("a fee or tax of nothing is left out", "0"));
    }
    let wants_net = side != Side::Orders || !new.net.is_zero();
    if wants_net == net.is_empty() {
        return Err(c.wrong("`net` is left out on orders if it is zero, and only there", &net));
    }
    if c.has("original_amount") {
        let text = c.string()?.value;
        let currency = c.word("original_currency", Currency::from_code)?;
        let what = "not an amount with the digits of its currency";
        let amount = values::amount(&text, currency).ok_or_else(|| c.wrong(what, &text))?;
        new.original = Some((amount, currency));
    }
    if c.has("fx_rate") {
        let text = c.string()?.value;
        let rate = values::rate(&text).ok_or_else(|| c.wrong("not a rate", &text))?;
        new.fx_rate = Some(rate);
    }
    Ok(())
}

fn times(c: &mut Cursor<'_>, new: &mut NewEntry<'_>) -> Read<()> {
    if c.has("occurred_at") {
        let text = c.string()?.value;
        let instant = values::instant(&text).ok_or_else(|| c.wrong("not an instant", &text))?;
        new.occurred_at = Some(instant);
        new.has_time = true;
        if c.has("offset_minutes") {
            let west = c.skip("-");
            let minutes = i16::try_from(c.number()?).ok().filter(|minutes| *minutes > 0);
            let minutes = minutes.ok_or_else(|| c.wrong("not an offset", ""))?;
            new.offset_minutes = if west { minutes.saturating_neg() } else { minutes };
        }
        if c.has("date_only") {
            c.literal("true")?;
            new.has_time = false;
        }
    }
    if c.has("settled_on") {
        let text = c.string()?.value;
        let date = Date::from_iso(&text).ok_or_else(|| c.wrong("not a date", &text))?;
        new.settled_on = Some(date);
    }
    Ok(())
}

fn ending(c: &mut Cursor<'_>) -> Read<Ending> {
    let disposition = c.word("disposition", Disposition::from_name)?;
    let mut ending = Ending { disposition, reason: Reason::None, group: None };
    if disposition == Disposition::Excluded {
        let known = |text: &str| Reason::from_name(text).filter(|reason| *reason != Reason::None);
        ending.reason = c.word("reason", known)?;
    }
    if disposition == Disposition::Matched {
        ending.group = Some(c.word("group", MatchName::parse)?);
    }
    Ok(ending)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Amount;

    #[test]
    fn an_identity_is_read_in_one_way_only() {
        let text = "000000000000000000000000000000ab-2";
        assert_eq!(Identity::parse(text), Some(Identity { hash: 0xab, ordinal: 2 }));
        for near in
            ["ab-2", "000000000000000000000000000000AB-2", "000000000000000000000000000000ab-02"]
        {
            assert_eq!(Identity::parse(near), None, "{near}");
        }
    }

    #[test]
    fn of_no_amount_only_the_zeros_that_are_stated_stay() {
        let read = |side, line: &str| {
            let mut c = Cursor::new(line);
            let mut new = NewEntry::new(1, Kind::Sale, any_currency());
            c.literal("{").expect("opens");
            money(&mut c, side, &mut new).map(|()| new.net).map_err(|broken| broken.what)
        };
        let order = r#"{"amount":"0.00","currency":"KES"}"#;
        assert_eq!(read(Side::Orders, order), Ok(Amount::ZERO));
        assert!(read(Side::Settlement, order).is_err(), "a line states its net");
        let line = r#"{"amount":"5.00","fee":"0.00","net":"5.00","currency":"KES"}"#;
        assert!(read(Side::Settlement, line).is_err(), "a fee of nothing");
        let line = r#"{"amount":"5.00","net":"5","currency":"KES","net_currency":"UGX"}"#;
        assert_eq!(read(Side::Settlement, line), Ok(Amount::from_minor(5)));
        let line = r#"{"amount":"5.00","net":"5.00","currency":"KES","net_currency":"KES"}"#;
        assert!(read(Side::Settlement, line).is_err(), "the same currency again");
    }
}
