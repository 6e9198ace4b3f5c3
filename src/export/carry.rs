//! Writes what the next run takes up (结转): the entries that this one left open, and the rows that are
//! closed for good. [`crate::decisions::carry`] says what each line means.
//!
//! Open are entries that are open or in transit, orders that were never paid or cancelled (a late
//! payment may still name them), reservations that nobody has collected, and, where there is a bank
//! file, payouts that have not arrived. Closed is what was matched, and what was left out though it
//! moved money. What moved none is neither: a further file says what became of it.

use std::collections::BTreeSet;
use std::ops::Deref;

use sha2::{Digest, Sha256};

use crate::decisions::carry::{KIND, SCHEMA};
use crate::entry::{Disposition, Entries, IdentityFields, Reason, Side, Status};
use crate::error::Error;
use crate::ids::EntryId;
use crate::matching::waiting;
use crate::report::{Lines, Naming, Object, Run, hex};

/// Where an entry stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Open,
    Closed,
}

/// What the writer does next.
#[derive(Clone, Copy, Debug)]
enum Stage {
    Head,
    Open(u32),
    Earlier(usize),
    Closed(u32),
    Seal,
    Done,
}

/// The carry-forward file of a run, chunk by chunk.
#[derive(Debug)]
pub struct CarryExport<R> {
    run: R,
    stage: Stage,
    has_bank: bool,
    /// Reservations that nobody has collected.
    waiting: BTreeSet<EntryId>,
    seal: Sha256,
    /// Lines that are written.
    lines: u32,
    /// The physical row whose entries are being written, and the line of its first.
    row: Option<(EntryId, u32)>,
    fields: IdentityFields,
}

impl<R: Deref<Target = Run>> CarryExport<R> {
    /// A file that has not begun.
    ///
    /// # Errors
    /// `carry/no-date` where the run is as of no day: no later run could tell that it is later.
    pub fn new(run: R) -> Result<Self, Error> {
        if run.as_of.is_none() {
            return Err(Error::new("carry/no-date", "no row has a date, so that the run has none")
                .remedy_is("say with --as-of up to which day it looks"));
        }
        let has_bank = run.entries.ids_on(Side::Bank).next().is_some();
        let waiting = waiting(&run.entries).into_iter().collect();
        let (seal, fields) = (Sha256::new(), IdentityFields::default());
        Ok(Self { run, stage: Stage::Head, has_bank, waiting, seal, lines: 0, row: None, fields })
    }

    /// The next bytes, of about `rows` entries; `None` after the last. A chunk may be empty.
    pub fn next_chunk(&mut self, rows: usize) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let all = self.run.entries.len();
        let budget = u32::try_from(rows).unwrap_or(u32::MAX).max(1);
        self.stage = match self.stage {
            Stage::Head => {
                self.head(&mut out);
                Stage::Open(0)
            }
            Stage::Open(from) => {
                let end = from.saturating_add(budget).min(all);
                (from..end).for_each(|id| self.entry(&mut out, EntryId(id), Place::Open));
                if end < all { Stage::Open(end) } else { Stage::Earlier(0) }
            }
            Stage::Earlier(from) => {
                let lines = self.run.carried.iter().flat_map(|carried| carried.closed_lines());
                let mut count = 0_usize;
                for line in lines.skip(from).take(rows.max(1)) {
                    out.extend_from_slice(line.as_bytes());
                    out.push(b'\n');
                    count = count.saturating_add(1);
                }
                if count > 0 {
                    Stage::Earlier(from.saturating_add(count))
                } else {
                    Stage::Closed(0)
                }
            }
            Stage::Closed(from) => {
                let end = from.saturating_add(budget).min(all);
                (from..end).for_each(|id| self.entry(&mut out, EntryId(id), Place::Closed));
                if end < all { Stage::Closed(end) } else { Stage::Seal }
            }
            Stage::Seal => {
                let digest = hex(std::mem::take(&mut self.seal));
                let mut object = Object::open(&mut out);
                object.text("sha256", &digest);
                object.close();
                out.push(b'\n');
                Stage::Done
            }
            Stage::Done => return None,
        };
        self.seal.update(&out);
        Some(out)
    }

    fn head(&mut self, out: &mut Vec<u8>) {
        let run = &*self.run;
        let (mut open, mut closed) = (0_u64, 0_u64);
        for id in run.entries.ids() {
            match self.place(id) {
                Some(Place::Open) => open = open.saturating_add(1),
                Some(Place::Closed) => closed = closed.saturating_add(1),
                None => {}
            }
        }
        let earlier = run.carried.as_ref().map_or(0, |carried| carried.closed_count());
        let mut object = Object::open(out);
        object.text("crossfoot", KIND);
        object.number("schema", SCHEMA);
        let mut engine = Object::open(object.field("engine"));
        engine.text("name", "crossfoot");
        engine.text("version", env!("CARGO_PKG_VERSION"));
        engine.close();
        object.text("as_of", &run.as_of.map_or_else(String::new, |as_of| as_of.to_string()));
        object.text("timezone", &run.timezone);
        if let Some(carried) = &run.carried {
            let mut previous = Object::open(object.field("previous"));
            previous.text("as_of", &carried.as_of.to_string());
            previous.text("sha256", &carried.sha256);
            previous.close();
        }
        object.number("open", open);
        object.number("closed", closed.saturating_add(earlier as u64));
        object.close();
        out.push(b'\n');
        self.lines = 1;
    }

    /// Where an entry goes, if anywhere.
    fn place(&self, id: EntryId) -> Option<Place> {
        let entries: &Entries = &self.run.entries;
        if entries.side(id) == Side::Webhook {
            return None;
        }
        match (entries.disposition(id), entries.reason(id)) {
            (Disposition::Open | Disposition::InTransit, _)
            | (Disposition::Excluded, Reason::NotPaid | Reason::Voided) => Some(Place::Open),
            (Disposition::Matched, _)
            | (Disposition::Excluded, Reason::ProviderFee | Reason::OwnBalance) => {
                Some(Place::Closed)
            }
            (Disposition::Excluded, Reason::Payout) => {
                let went = !matches!(entries.status(id), Status::Failed | Status::Voided);
                let place = if self.has_bank { Place::Open } else { Place::Closed };
                went.then_some(place)
            }
            (Disposition::Excluded, Reason::Authorisation) => {
                self.waiting.contains(&id).then_some(Place::Open)
            }
            _ => None,
        }
    }

    fn entry(&mut self, out: &mut Vec<u8>, id: EntryId, wanted: Place) {
        if self.place(id) != Some(wanted) {
            return;
        }
        self.lines = self.lines.saturating_add(1);
        let run = &*self.run;
        let row = |id: EntryId| (run.entries.source(id), run.entries.row(id));
        // The entries of one row stay together: they are told by the line of the first.
        let line = self.row.filter(|(first, _)| wanted == Place::Open && row(*first) == row(id));
        let (_, line) = *self.row.insert(line.unwrap_or((id, self.lines)));
        let source = run.sources.get(usize::from(run.entries.source(id).0));
        let mut object = Object::open(out);
        match wanted {
            Place::Open => object.number("open", u64::from(line)),
            Place::Closed => {
                let as_of = run.as_of.map_or_else(String::new, |as_of| as_of.to_string());
                object.text("closed", &as_of);
            }
        }
        object.some_text("scope", source.map_or("", |source| &source.scope));
        if wanted == Place::Closed {
            let found = run.entries.match_of(id);
            object.some_text("rule", found.map_or("", |found| run.matches.rule(found).name()));
            append_closed(run, object.field("entry"), id);
            let core = run.entries.core(id, &mut self.fields);
            object.text("core", &format!("{core:032x}"));
        } else {
            Lines { run, naming: Naming::Rows }.entry(object.field("entry"), id);
        }
        object.close();
        out.push(b'\n');
    }
}

/// What names a closed row, and says what it was.
fn append_closed(run: &Run, out: &mut Vec<u8>, id: EntryId) {
    let entries = &run.entries;
    let mut object = Object::open(out);
    object.text("row", &run.row_name(id));
    object.text("side", entries.side(id).name());
    object.text("identity", &entries.identity(id).to_string());
    object.text("kind", entries.kind(id).name());
    object.some_text("reference", entries.reference(id));
    object.some_text("transaction_id", entries.transaction_id(id));
    object.some_text("order_number", entries.order_number(id));
    object.amount("amount", entries.amount(id), entries.currency(id));
    object.text("currency", entries.currency(id).code());
    if let Some((original, currency)) = entries.original(id) {
        object.amount("original_amount", original, currency);
        object.text("original_currency", currency.code());
    }
    object.close();
}
