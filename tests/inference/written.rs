//! What is written down is what was found: the contract gives each line the fee that the plan does.

use crossfoot::entry::Kind;
use crossfoot::fees::{Contract, Line as Charged, Volumes};
use crossfoot::infer::{FIELDS, Finding, Group, Line, contract_text, infer};
use crossfoot::money::{Amount, Currency};
use crossfoot::time::Date;

use crate::contract::{Charge, Row};
use crate::world::{Shape, World};

fn group(shape: Shape, rows: &[&Row]) -> Group {
    let method = |row: &Row| if shape == Shape::ByCategory { row.category } else { row.method };
    let line = |(id, row): (usize, &&Row)| Line {
        amount: row.amount,
        fee: row.fee - row.passed,
        day: row.day,
        volume: row.running,
        values: vec![method(row) as u16, row.country as u16, 0, 0],
        id: id as u32,
    };
    let names = |kind: char| (0..10).map(|n| format!("{kind}{n}")).collect();
    Group {
        currency: Currency::from_code("USD").unwrap(),
        kind: Kind::Sale,
        returned: false,
        lines: rows.iter().enumerate().map(line).collect(),
        taxes: Vec::new(),
        values: vec![names('m'), names('c'), vec![String::new()], vec![String::new()]],
        left_out: 0,
    }
}

#[test]
fn the_written_contract_gives_the_fees_that_were_found() {
    let mut written = 0;
    // Each way to write a fee down once.
    let said = [
        Shape::SurchargeAlone,
        Shape::Waiver,
        Shape::ByMethod,
        Shape::Bands,
        Shape::Marginal,
        Shape::VatOnRounded,
        Shape::VatHalfEven,
        Shape::VatUp,
        Shape::VatDown,
        Shape::VatAndCap,
        Shape::Steps,
        Shape::MinimumAndCap,
        Shape::Down,
        Shape::Dated,
    ];
    for (shape, name) in Shape::ALL.into_iter().filter(|(shape, _)| said.contains(shape)) {
        written += held(name, shape, &World::draw(shape, 1, 300)).1;
    }
    assert!(written > 2_400, "{written}");
}

/// Writes the contract of the first group of a file down and holds it against what was found: the
/// text, and how many lines have the fee of the plan.
fn held(name: &str, shape: Shape, world: &World) -> (String, usize) {
    let rows: Vec<&Row> = world.rows.iter().filter(|row| row.group == 0).collect();
    let group = group(shape, &rows);
    let segments = infer(&group.lines, FIELDS.len());
    let findings = [Finding { group: &group, segments, tax: None }];
    let text = contract_text(name, &findings);
    let contract = Contract::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
    let mut volumes = Volumes::of(&contract);
    volumes.see(Date(rows.iter().map(|row| row.day).min().unwrap()));
    let [finding] = &findings;
    let mut written = 0;
    for line in &group.lines {
        let of = |segment: &&crossfoot::infer::Segment<'_>| segment.lines.contains(&line);
        let segment = finding.segments.iter().find(of).unwrap();
        let fee = segment.plan.as_ref().ok().and_then(|plan| plan.determined(line));
        let mut charged = Charged::new(group.kind, group.currency, Amount::from_minor(line.amount));
        charged.date = Some(Date(line.day));
        charged.method = &group.values[0][usize::from(line.values[0])];
        charged.country = &group.values[1][usize::from(line.values[1])];
        charged.volume_before = volumes.count(&contract, &charged);
        let Some(fee) = fee else { continue };
        let got = contract.charge(&charged, &volumes);
        let got = got.charge().unwrap_or_else(|| panic!("{name}: {charged:?}\n{text}"));
        assert_eq!(got.fee.as_minor(), Some(fee), "{name}: {line:?}\n{text}");
        written += 1;
    }
    (text, written)
}

#[test]
fn tiers_by_the_month_before_are_written_as_such_where_fees_come_back() {
    let (mut tiers, mut dated) = (0, 0);
    for seed in 0..12 {
        let shape = Shape::WholePrevious;
        let world = World::draw(shape, seed, 300);
        let (text, written) = held("volume", shape, &world);
        let is_tiered = text.contains("tier_by = \"previous_month\"");
        // A fee that was replaced and is charged again, and one that only changed.
        let bound = match &world.terms[0].charge {
            Charge::Whole { up_to, .. } => up_to[0],
            _ => 0,
        };
        let mut above: Vec<bool> = world.rows.iter().map(|row| row.previous > bound).collect();
        above.dedup();
        if is_tiered {
            assert!(above.len() > 2, "seed {seed}\n{text}");
            assert!(written > 290, "seed {seed}: {written}\n{text}");
            tiers += 1;
        } else {
            dated += usize::from(text.contains("from = "));
        }
    }
    assert!(tiers > 0 && dated > 0, "{tiers} {dated}");
}
