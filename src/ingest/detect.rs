//! Decides which profile fits a file, by the names of its columns.
//!
//! A profile is certain where a header has all columns of one of its signatures, on whichever line
//! it stands. Otherwise the dictionary of the generic profiles may map enough columns for a guess,
//! which is never applied without being said. What fits nothing is an error that names the header
//! found and how to map it.

use super::fields::Field;
use super::headless;
use super::layout::{Header, mapped};
use super::profile::{Format, Profile};
use super::record::Rows;
use super::shipped::{generic, profiles};
use crate::entry::Side;
use crate::error::Error;
use crate::sort;

/// A profile that may fit a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The name of the profile.
    pub profile: &'static str,
    /// The side that it gives.
    pub side: Side,
    /// Whether a signature was found; otherwise columns were mapped by their names.
    pub certain: bool,
    /// What speaks for it.
    pub why: String,
    /// The row of the header; `None` where records name their own columns (JSON).
    pub header_row: Option<u32>,
}

/// The profiles that fit, the surest first; none if the columns say nothing.
#[must_use]
pub fn detect(name: &str, head: &Rows) -> Vec<Guess> {
    let found = by_signature(head);
    if !found.is_empty() {
        return found;
    }
    by_synonyms(name, head).or_else(|| by_values(head, Side::Bank)).into_iter().collect()
}

/// The guess that reads this file as one of `side` (any side if `None`).
///
/// # Errors
/// `ingest/wrong-side` if the layout is certain and of the other side; `ingest/unknown-layout` if
/// no profile fits.
pub fn choose(name: &str, head: &Rows, side: Option<Side>) -> Result<Guess, Error> {
    let guesses = detect(name, head);
    let fits = |guess: &&Guess| side.is_none_or(|side| guess.side == side);
    if let Some(guess) = guesses.iter().find(fits) {
        return Ok(guess.clone());
    }
    match (guesses.first(), side) {
        (Some(guess), Some(side)) if guess.certain => Err(wrong_side(name, guess, side)),
        (Some(_), Some(side)) => {
            let found = synonyms_of_side(head, side).or_else(|| by_values(head, side));
            found.ok_or_else(|| unknown_layout(name, head))
        }
        _ => Err(unknown_layout(name, head)),
    }
}

/// A table without a header, by what its columns hold.
fn by_values(head: &Rows, side: Side) -> Option<Guess> {
    let header = headless::header(head);
    let fields = headless::fields(head)?;
    let named =
        |(field, column): &(Field, usize)| format!("{} = {}", field.name(), header.name(*column));
    let columns: Vec<String> = fields.iter().map(named).collect();
    Some(Guess {
        profile: &generic(side).name,
        side,
        certain: false,
        why: format!("no header; by their values: {}", columns.join(", ")),
        header_row: Some(headless::NO_HEADER),
    })
}

impl Guess {
    /// Which columns of its header each field would be read from.
    #[must_use]
    pub fn fields(&self, head: &Rows) -> Vec<(Field, usize)> {
        if self.header_row == Some(headless::NO_HEADER) {
            return headless::fields(head).unwrap_or_default();
        }
        let known = super::shipped::profile(self.profile);
        known.map(|profile| mapped(profile, &self.header(head))).unwrap_or_default()
    }

    /// The header that it speaks of.
    #[must_use]
    pub fn header(&self, head: &Rows) -> Header {
        if self.header_row == Some(headless::NO_HEADER) {
            return headless::header(head);
        }
        let found = head.rows.iter().find(|row| Some(row.row) == self.header_row);
        let cells = found.map_or(&head.columns, |row| &row.cells);
        Header::new(cells.iter().map(String::as_str))
    }
}

/// The row of the header that a profile reads; `None` in JSON.
///
/// # Errors
/// `ingest/unknown-layout` if no row has enough of the profile's columns.
pub fn header_for(name: &str, profile: &Profile, head: &Rows) -> Result<Option<u32>, Error> {
    if !head.columns.is_empty() {
        return Ok(None);
    }
    if profile.codes.as_ref().is_some_and(|codes| !codes.columns.is_empty()) {
        let row = marked(profile, head).map(|(row, _)| row);
        return row.map(Some).ok_or_else(|| unknown_layout(name, head));
    }
    let signed = headers(head).find(|(_, header)| signature(profile, header).is_some());
    let best = || {
        headers(head)
            .map(|(row, header)| (mapped(profile, &header).len(), row))
            .filter(|(fields, _)| *fields > 0)
            .max_by_key(|(fields, row)| (*fields, std::cmp::Reverse(*row)))
    };
    match signed.map(|(row, _)| row).or_else(|| best().map(|(_, row)| row)) {
        Some(row) => Ok(Some(row)),
        None => Err(unknown_layout(name, head)),
    }
}

/// The possible headers of a text: rows whose cells are names, not numbers.
fn headers(head: &Rows) -> impl Iterator<Item = (u32, Header)> {
    let named = head.rows.iter().filter(|row| {
        let filled = row.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        let numbers = filled.clone().filter(|cell| cell.starts_with(|c: char| c.is_ascii_digit()));
        let (numbers, filled) = (numbers.count(), filled.count());
        numbers == 0 || numbers.saturating_mul(2) < filled
    });
    named.map(|row| (row.row, Header::new(row.cells.iter().map(String::as_str))))
}

/// The header of JSON records.
fn json_header(head: &Rows) -> Option<Header> {
    (!head.columns.is_empty()).then(|| Header::new(head.columns.iter().map(String::as_str)))
}

/// The longest signature of a profile that the header has.
fn signature<'p>(profile: &'p Profile, header: &Header) -> Option<&'p [String]> {
    profile
        .signature
        .iter()
        .filter(|columns| header.has_all(columns))
        .max_by_key(|columns| columns.len())
        .map(Vec::as_slice)
}

/// The first record of a file without a header, by its first cells.
fn marked<'p>(profile: &'p Profile, head: &Rows) -> Option<(u32, &'p [String])> {
    let first =
        head.rows.iter().find(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()))?;
    let is = |mark: &&Vec<String>| {
        first.cells.len() >= mark.len()
            && mark.iter().zip(&first.cells).all(|(mark, cell)| mark == cell.trim())
    };
    profile.signature.iter().find(is).map(|mark| (first.row, mark.as_slice()))
}

/// Whether the ids under a header look as the profile says, and there are any.
fn values_fit(profile: &Profile, header: &Header, row: Option<u32>, head: &Rows) -> bool {
    if profile.values.is_empty() {
        return true;
    }
    let mut seen = false;
    for (name, shape) in &profile.values {
        let Some(column) = header.find(name) else { continue };
        let below = head.rows.iter().filter(|found| Some(found.row) > row);
        let cells = below.filter_map(|found| found.cells.get(column)).map(|cell| cell.trim());
        for cell in cells.filter(|cell| !cell.is_empty()) {
            if !looks_like(cell, shape) {
                return false;
            }
            seen = true;
        }
    }
    seen
}

/// Whether a cell has a shape: `#` is a digit, `@` a letter, `*` at the end anything.
fn looks_like(cell: &str, shape: &str) -> bool {
    let mut letters = cell.chars();
    for wanted in shape.chars() {
        if wanted == '*' {
            return true;
        }
        let fits = letters.next().is_some_and(|letter| match wanted {
            '#' => letter.is_ascii_digit(),
            '@' => letter.is_ascii_alphabetic(),
            other => letter == other,
        });
        if !fits {
            return false;
        }
    }
    letters.next().is_none()
}

/// The row of the header by which a file is one of this profile; `Some(None)` in JSON, `None` if
/// the file has none of the profile's signatures.
#[must_use]
pub fn recognise(profile: &Profile, head: &Rows) -> Option<Option<u32>> {
    if profile.codes.as_ref().is_some_and(|codes| !codes.columns.is_empty()) {
        return marked(profile, head).map(|(row, _)| Some(row));
    }
    let signed = |header: &Header| signature(profile, header).is_some();
    match json_header(head) {
        Some(_) if profile.format == Format::Text => None,
        Some(header) => signed(&header).then_some(None),
        None if profile.format == Format::Json => None,
        None => headers(head)
            .find(|(row, header)| signed(header) && values_fit(profile, header, Some(*row), head))
            .map(|(row, _)| Some(row)),
    }
}

fn by_signature(head: &Rows) -> Vec<Guess> {
    let json = json_header(head);
    let candidates: Vec<(Option<u32>, Header)> = match json {
        Some(header) => vec![(None, header)],
        None => headers(head).map(|(row, header)| (Some(row), header)).collect(),
    };
    let mut found: Vec<(usize, Guess)> = Vec::new();
    for profile in profiles() {
        let fits = match profile.format {
            Format::Any => true,
            Format::Json | Format::Statement => !head.columns.is_empty(),
            Format::Text => head.columns.is_empty(),
        };
        let hit = if profile.codes.as_ref().is_some_and(|codes| !codes.columns.is_empty()) {
            marked(profile, head).map(|(row, mark)| (Some(row), mark))
        } else {
            candidates
                .iter()
                .filter(|_| fits)
                .filter(|(row, header)| values_fit(profile, header, *row, head))
                .find_map(|(row, header)| Some((*row, signature(profile, header)?)))
        };
        if let Some((header_row, columns)) = hit
            && let Some(side) = profile.side.as_deref().and_then(Side::from_name)
        {
            let why = format!("has the columns {}", columns.join(", "));
            let guess = Guess { profile: &profile.name, side, certain: true, why, header_row };
            found.push((columns.len(), guess));
        }
    }
    sort::sort_by_key(&mut found, |(columns, guess)| (std::cmp::Reverse(*columns), guess.profile));
    found.into_iter().map(|(_, guess)| guess).collect()
}

/// Reads the header with the dictionaries and takes the side that the columns speak for.
fn by_synonyms(name: &str, head: &Rows) -> Option<Guess> {
    if let Some(bank) = synonyms_of_side(head, Side::Bank)
        && header_at(head, bank.header_row).is_some_and(|header| speaks_for_bank(name, &header))
    {
        return Some(bank);
    }
    let settlement = synonyms_of_side(head, Side::Settlement);
    let orders = synonyms_of_side(head, Side::Orders);
    let row = settlement.as_ref().or(orders.as_ref())?.header_row;
    let header = header_at(head, row)?;
    if speaks_for_settlement(name, &header) { settlement.or(orders) } else { orders.or(settlement) }
}

fn header_at(head: &Rows, row: Option<u32>) -> Option<Header> {
    match row {
        None => json_header(head),
        Some(row) => headers(head).find(|(at, _)| *at == row).map(|(_, header)| header),
    }
}

/// Columns that an account statement has, and none that a provider's file has.
fn speaks_for_bank(name: &str, header: &Header) -> bool {
    const ACCOUNT: [&str; 12] = [
        "bank account",
        "account number",
        "account no",
        "iban",
        "对方账户",
        "对方账号",
        "对方开户行",
        "账号",
        "compte",
        "cuenta",
        "conta",
        "nomor rekening",
    ];
    let settled = [Field::Fee, Field::Net, Field::Batch, Field::TransactionId];
    let lines = mapped(generic(Side::Settlement), header);
    let provider = lines.iter().filter(|(field, _)| settled.contains(field)).count();
    let balance = header.first(&generic(Side::Bank).balance).is_some();
    let account = ACCOUNT.iter().any(|name| header.find(name).is_some());
    let named = ["bank", "银行"].iter().any(|word| name.to_lowercase().contains(word));
    let amounts = mapped(generic(Side::Bank), header);
    let pair = amounts.iter().filter(|(field, _)| *field == Field::Amount).count() == 2;
    (balance || account || named || pair) && provider == 0
}

/// Columns that only a provider's file has, or else the name of the file.
fn speaks_for_settlement(name: &str, header: &Header) -> bool {
    let settled = [Field::Fee, Field::Net, Field::Batch, Field::SettledAt, Field::NetCurrency];
    let fields = mapped(generic(Side::Settlement), header);
    if fields.iter().any(|(field, _)| settled.contains(field)) {
        return true;
    }
    let name = name.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if says(&["order", "订单", "commande", "pedido", "sales"]) {
        return false;
    }
    if says(&[
        "settle",
        "payout",
        "transaction",
        "psp",
        "payment",
        "statement",
        "结算",
        "流水",
        "账单",
    ]) {
        return true;
    }
    let has = |wanted: Field| fields.iter().any(|(field, _)| *field == wanted);
    has(Field::TransactionId) && has(Field::Type)
}

/// The row whose names the side's dictionary knows best, if it is enough to read money from.
fn synonyms_of_side(head: &Rows, side: Side) -> Option<Guess> {
    let profile = generic(side);
    let guess = |row: Option<u32>, header: &Header| {
        let fields = mapped(profile, header);
        let has = |wanted: &[Field]| fields.iter().any(|(field, _)| wanted.contains(field));
        let items = profile.line_items.as_ref().is_some_and(|items| {
            header.first(&items.quantity).is_some() && header.first(&items.price).is_some()
        });
        let money = has(&[Field::Amount, Field::Net]) || items;
        let names = [Field::Reference, Field::TransactionId, Field::OrderNumber];
        let enough = money && (has(&names) || has(&[Field::OccurredAt]));
        let why = fields
            .iter()
            .map(|(field, column)| format!("{} = {}", field.name(), header.name(*column)))
            .collect::<Vec<_>>();
        enough.then(|| {
            let found = Guess {
                profile: &profile.name,
                side,
                certain: false,
                why: format!("column names: {}", why.join(", ")),
                header_row: row,
            };
            (why.len(), found)
        })
    };
    if let Some(header) = json_header(head) {
        return guess(None, &header).map(|(_, found)| found);
    }
    // A preamble may look like a header of few columns, but the header is not far below it.
    let mut best: Option<(usize, Guess)> = None;
    let mut rows_left = usize::MAX;
    for (row, header) in headers(head) {
        if rows_left == 0 {
            break;
        }
        rows_left = rows_left.saturating_sub(1);
        if let Some((fields, found)) = guess(Some(row), &header)
            && best.as_ref().is_none_or(|(most, _)| fields > *most)
        {
            best = Some((fields, found));
            rows_left = 30;
        }
    }
    best.map(|(_, found)| found)
}

fn wrong_side(name: &str, guess: &Guess, side: Side) -> Error {
    let (is, given) = (guess.side.name(), side.name());
    Error::new(
        "ingest/wrong-side",
        format!(
            "this is a file of the side {is} ({}: {}), but it was given as {given}",
            guess.profile, guess.why
        ),
    )
    .remedy_is(format!("give it as {is}, or map its columns yourself with --columns"))
    .in_file(name)
    .arg("profile", guess.profile)
    .arg("is", is)
    .arg("given", given)
}

/// The error for a file that no profile fits: what was found, and how to map it.
#[must_use]
pub fn unknown_layout(name: &str, head: &Rows) -> Error {
    let best = headers(head).max_by_key(|(row, header)| {
        let names = header.names().filter(|name| name.contains(char::is_alphabetic)).count();
        (names, std::cmp::Reverse(*row))
    });
    let (row, header) = match (json_header(head), best) {
        (Some(header), _) => (None, header),
        (None, Some((row, header))) => (Some(row), header),
        (None, None) => (None, Header::default()),
    };
    let mut shown: Vec<&str> = header.names().filter(|name| !name.is_empty()).take(12).collect();
    if header.names().filter(|name| !name.is_empty()).count() > shown.len() {
        shown.push("…");
    }
    let found = if shown.is_empty() { "no columns".to_owned() } else { shown.join(", ") };
    let first = |index: usize| shown.get(index).copied().unwrap_or("its column");
    let error = Error::new(
        "ingest/unknown-layout",
        format!("no known layout, and too few columns with a known name; found: {found}"),
    )
    .remedy_is(format!(
        "say which column is which, for instance --columns '{name}: reference=\"{}\", amount=\"{}\", currency=\"USD\"'",
        first(0),
        first(1)
    ))
    .in_file(name)
    .arg("found", &found);
    match row {
        Some(row) => error.at_line(row),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(rows: &[&str]) -> Rows {
        Rows::of_lines(rows, ',')
    }

    #[test]
    fn a_signature_is_found_on_any_line_and_in_any_spelling() {
        let found = detect(
            "x.csv",
            &head(&["# preamble", "", "psp_reference,GROSS DEBIT GC,Net Credit (NC)"]),
        );
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].profile, found[0].header_row), ("adyen-settlement-detail", Some(3)));
        assert!(found[0].certain);
    }

    #[test]
    fn ids_have_a_shape() {
        for (cell, shape, fits) in [
            ("PP260114.1432.C12345", "@@######.####.@#####*", true),
            ("PP260114.1432.C123456", "@@######.####.@#####*", true),
            ("PP260114.1432.C123456", "@@######.####.@#####", false),
            ("PP26011.1432.C12345", "@@######.####.@#####*", false),
            ("pi_1", "@@_#", true),
            ("", "#", false),
        ] {
            assert_eq!(looks_like(cell, shape), fits, "{cell}");
        }
        let known = |id: &str| {
            detect(
                "x.csv",
                &head(&["Transaction ID,Fee,Amount,Date", &format!("{id},0,5.00,2026-01-01")]),
            )
        };
        assert_eq!(known("PP260114.1432.C12345")[0].profile, "airtel-money-transactions");
        assert_eq!(known("12345")[0].profile, "generic-settlement");
    }

    #[test]
    fn without_a_signature_the_names_of_the_columns_decide_the_side() {
        for (name, header, side, profile) in [
            ("a.csv", "Order ID,Date,Total,Currency", Side::Orders, "generic-orders"),
            ("a.csv", "Order ID,Date,Amount,Fee,Net", Side::Settlement, "generic-settlement"),
            ("payouts.csv", "Reference,Date,Amount", Side::Settlement, "generic-settlement"),
            ("orders.csv", "Reference,Date,Amount", Side::Orders, "generic-orders"),
        ] {
            let found = detect(name, &head(&[header, "1,2026-01-01,5.00,USD"]));
            assert_eq!(found.len(), 1, "{header}");
            assert_eq!((found[0].side, found[0].profile), (side, profile), "{header}");
            assert!(!found[0].certain);
        }
    }

    #[test]
    fn the_side_that_was_asked_for_wins_unless_the_layout_is_certain() {
        let orders = head(&["Order ID,Date,Total,Currency"]);
        assert_eq!(
            choose("a.csv", &orders, Some(Side::Settlement)).unwrap().profile,
            "generic-settlement"
        );
        let shopify = head(&["Name,Financial Status,Total,Lineitem name"]);
        let error = choose("a.csv", &shopify, Some(Side::Settlement)).unwrap_err();
        assert_eq!(error.code(), "ingest/wrong-side");
        assert!(error.to_string().contains("shopify-orders"), "{error}");
    }

    #[test]
    fn what_fits_nothing_names_the_header_and_a_remedy() {
        let error = choose("odd.csv", &head(&["Colour,Size", "red,5"]), None).unwrap_err();
        assert_eq!(error.code(), "ingest/unknown-layout");
        let text = error.to_string();
        assert!(text.starts_with("odd.csv:1: ") && text.contains("found: Colour, Size"), "{text}");
        assert!(text.contains("--columns 'odd.csv: reference=\"Colour\""), "{text}");
    }
}
