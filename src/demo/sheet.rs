//! Decides how a CSV file is written: commas, quotes where they are needed, line feeds.

/// A CSV file in the making; knows the physical line that it is on.
#[derive(Debug)]
pub(super) struct Sheet {
    text: String,
    /// 1-based line of the record being written.
    line: usize,
    cells: usize,
    columns: usize,
}

impl Sheet {
    pub(super) fn new(header: &[&str]) -> Sheet {
        let mut sheet = Sheet { text: String::new(), line: 1, cells: 0, columns: header.len() };
        header.iter().for_each(|name| sheet.cell(name));
        sheet.end_row();
        sheet
    }

    /// The physical line of the record that the next cell belongs to.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    pub(super) fn cell(&mut self, value: &str) {
        let quoted = value.contains(['"', ',']);
        self.with(|text| {
            if quoted {
                text.push('"');
                text.push_str(&value.replace('"', "\"\""));
                text.push('"');
            } else {
                text.push_str(value);
            }
        });
    }

    /// A cell that a function writes; it must not need quotes.
    pub(super) fn with(&mut self, write: impl FnOnce(&mut String)) {
        if self.cells > 0 {
            self.text.push(',');
        }
        self.cells += 1;
        write(&mut self.text);
    }

    pub(super) fn blanks(&mut self, count: usize) {
        (0..count).for_each(|_| self.cell(""));
    }

    pub(super) fn end_row(&mut self) {
        debug_assert_eq!(self.cells, self.columns, "line {}", self.line);
        self.text.push('\n');
        self.line += 1;
        self.cells = 0;
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_only_where_they_must_be() {
        let mut sheet = Sheet::new(&["a", "b"]);
        sheet.cell("1,5");
        assert_eq!(sheet.line(), 2);
        sheet.cell("2\" pipe");
        sheet.end_row();
        assert_eq!(sheet.into_bytes(), b"a,b\n\"1,5\",\"2\"\" pipe\"\n");
    }
}
