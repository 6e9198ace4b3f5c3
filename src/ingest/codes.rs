//! Decides what a record is by the code in its first cell, in files that hold records of several
//! layouts, and puts the cells of its rows under one header.

use super::cells::tidy;
use super::layout::Header;
use super::profile;
use super::record::{Record, Span};

/// The codes of one source.
#[derive(Clone, Debug)]
pub(super) struct Codes {
    rows: Vec<(String, Cells)>,
    structure: Vec<String>,
    sections: Vec<String>,
}

/// Where the cells of a row stand.
#[derive(Clone, Debug)]
enum Cells {
    /// As in the header of the file.
    AsTheyStand,
    /// By column of the header: the cell, if the code has one for it; and how many cells there are.
    At(Vec<Option<usize>>, usize),
}

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// A row, as it stands or as it was put under the header.
    Row,
    /// No row; it may print totals.
    Structure,
    /// No row, and a section begins with it.
    Section,
    /// Nobody knows.
    Unknown,
    /// A row with too few or too many cells for its code.
    Torn(usize),
}

impl Codes {
    pub(super) fn new(codes: &profile::Codes, header: &Header) -> Self {
        let rows = codes.data.iter().map(|code| {
            let cells = codes.columns.get(code).map_or(Cells::AsTheyStand, |own| {
                let own = Header::new(own.iter().map(String::as_str));
                Cells::At(header.names().map(|name| own.find(name)).collect(), own.width())
            });
            (code.clone(), cells)
        });
        Self {
            rows: rows.collect(),
            structure: codes.structure.clone(),
            sections: codes.section.clone(),
        }
    }

    /// What a record is; the cells of a row are put into `spans` in the header's order.
    pub(super) fn view(&self, record: &Record<'_>, spans: &mut Vec<Span>) -> View {
        spans.clear();
        let code = tidy(record.get(0).unwrap_or_default());
        let Some((_, cells)) = self.rows.iter().find(|(known, _)| known == code) else {
            let has = |codes: &[String]| codes.iter().any(|known| known == code);
            return match (has(&self.sections), has(&self.structure), code.is_empty()) {
                (true, ..) => View::Section,
                (_, true, _) => View::Structure,
                // A line of nothing but separators is no record.
                (.., true) if record.cells().all(|cell| tidy(cell).is_empty()) => View::Structure,
                _ => View::Unknown,
            };
        };
        let Cells::At(order, width) = cells else {
            record.spans_into(spans);
            return View::Row;
        };
        if record.len() < *width || (*width..record.len()).any(|at| is_filled(record, at)) {
            return View::Torn(*width);
        }
        record.order_into(order, spans);
        View::Row
    }
}

fn is_filled(record: &Record<'_>, at: usize) -> bool {
    !tidy(record.get(at).unwrap_or_default()).is_empty()
}

impl profile::Codes {
    /// The names of all cells of all codes, each once: the header of a file that has none.
    pub(super) fn header(&self) -> Option<Header> {
        if self.columns.is_empty() {
            return None;
        }
        let mut names: Vec<&str> = Vec::new();
        for name in self.columns.values().flatten() {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        Some(Header::new(names.into_iter()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(columns: &str) -> (Codes, Header) {
        let text = format!(
            "data = [\"T\", \"P\"]\nstructure = [\"H\", \"E\"]\nsection = [\"S\"]\n{columns}"
        );
        let codes: profile::Codes = toml::from_str(&text).unwrap();
        let header = codes.header().unwrap_or_else(|| Header::new(["code", "id"].into_iter()));
        (Codes::new(&codes, &header), header)
    }

    fn view(codes: &Codes, line: &str) -> (View, Vec<String>) {
        let mut at = 0;
        let spans: Vec<Span> = line
            .split(',')
            .map(|cell| {
                let start = at;
                at += u32::try_from(cell.len()).unwrap() + 1;
                (start, at - 1)
            })
            .collect();
        let record = Record::new(1, 0, line, line, &spans);
        let mut found = Vec::new();
        let view = codes.view(&record, &mut found);
        let row = Record::new(1, 0, line, line, &found);
        (view, row.cells().map(str::to_owned).collect())
    }

    #[test]
    fn the_first_cell_says_what_a_record_is() {
        let (codes, _) = codes("");
        for (line, is) in [
            ("T,1", View::Row),
            ("H,1", View::Structure),
            ("S,1", View::Section),
            ("X,1", View::Unknown),
            (",1", View::Unknown),
            (",", View::Structure),
        ] {
            assert_eq!(view(&codes, line).0, is, "{line}");
        }
        assert_eq!(view(&codes, "T,1,2").1, ["T", "1", "2"]);
    }

    #[test]
    fn the_cells_of_every_code_come_under_one_header() {
        let (codes, header) =
            codes("[columns]\nT = [\"code\", \"id\", \"sum\"]\nP = [\"code\", \"sum\", \"day\"]");
        assert_eq!(header.names().collect::<Vec<_>>(), ["code", "sum", "day", "id"]);
        assert_eq!(
            view(&codes, "T,7,9.5"),
            (View::Row, vec!["T".into(), "9.5".into(), String::new(), "7".into()])
        );
        assert_eq!(view(&codes, "P,9.5,May,").1, ["P", "9.5", "May", ""]);
        assert_eq!(view(&codes, "P,9.5").0, View::Torn(3));
        assert_eq!(view(&codes, "P,9.5,May,x").0, View::Torn(3));
    }
}
