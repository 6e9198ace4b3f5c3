//! The one error that reaches a person: what happened, where, and what to do about it.

use std::fmt;

/// A failure with a stable code, a plain sentence, a place and a remedy.
///
/// One word wide, so that `Result<T, Error>` stays cheap on the hot path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    code: &'static str,
    message: String,
    remedy: String,
    place: Option<Place>,
    args: Vec<(&'static str, String)>,
}

/// Where something went wrong; each part only as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file's name as the user gave it.
    pub file: String,
    /// The physical line, counted from 1 (text), or the element, counted from 1 (JSON rows).
    pub line: Option<u32>,
    /// The column on that line.
    pub column: Option<Column>,
}

/// A column of a [`Place`]: by its header where there is one, else by its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// Characters (JSON) or cells (tables) from 1.
    Number(u32),
    /// The header of the column, as it is written in the file.
    Name(String),
}

impl Error {
    /// An error with a stable code such as `"ingest/bad-encoding"` and one plain English sentence.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Error(Box::new(Inner {
            code,
            message: message.into(),
            remedy: String::new(),
            place: None,
            args: Vec::new(),
        }))
    }

    /// Adds what the user can do about it.
    #[must_use]
    pub fn remedy_is(mut self, remedy: impl Into<String>) -> Self {
        self.0.remedy = remedy.into();
        self
    }

    /// Adds a named value of the message, so that a translation of the code can be filled in.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.0.args.push((name, value.to_string()));
        self
    }

    /// Sets the file; a file that is already known stays.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        let place = self.0.place.get_or_insert_default();
        if place.file.is_empty() {
            place.file = file.to_owned();
        }
        self
    }

    /// Sets the line (from 1).
    #[must_use]
    pub fn at_line(mut self, line: u32) -> Self {
        self.0.place.get_or_insert_default().line = Some(line);
        self
    }

    /// Sets the column.
    #[must_use]
    pub fn at_column(mut self, column: Column) -> Self {
        self.0.place.get_or_insert_default().column = Some(column);
        self
    }

    /// The stable code, `area/what`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// What happened, in one English sentence without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do, in English; empty where there is nothing to say.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.0.remedy
    }

    /// Where it happened.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// The named values of the message, in the order in which they were added.
    #[must_use]
    pub fn args(&self) -> &[(&'static str, String)] {
        &self.0.args
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    /// `file:line:column: message; remedy`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.0.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.0.message)?;
        if !self.0.remedy.is_empty() {
            write!(f, "; {}", self.0.remedy)?;
        }
        Ok(())
    }
}

impl fmt::Display for Place {
    /// `file:line:column`; without a file, `line N, column N`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.file.is_empty() {
            return self.fmt_in_words(f);
        }
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        match &self.column {
            Some(Column::Number(number)) => write!(f, ":{number}"),
            Some(Column::Name(name)) => write!(f, ":{name}"),
            None => Ok(()),
        }
    }
}

impl Place {
    fn fmt_in_words(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}")?;
        }
        let between = if self.line.is_some() { ", " } else { "" };
        match &self.column {
            Some(Column::Number(number)) => write!(f, "{between}column {number}"),
            Some(Column::Name(name)) => write!(f, "{between}column {name}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_place_message_and_remedy() {
        let bare = Error::new("ingest/empty", "the file is empty");
        let cases = [
            (bare.clone(), "the file is empty"),
            (bare.clone().in_file("a.csv"), "a.csv: the file is empty"),
            (bare.clone().in_file("a.csv").in_file("b.csv"), "a.csv: the file is empty"),
            (bare.clone().in_file("a.csv").at_line(3), "a.csv:3: the file is empty"),
            (
                bare.clone().at_line(3).at_column(Column::Number(7)),
                "line 3, column 7: the file is empty",
            ),
            (bare.clone().at_column(Column::Number(7)), "column 7: the file is empty"),
            (
                bare.in_file("a.csv")
                    .at_line(3)
                    .at_column(Column::Name("Amount".into()))
                    .remedy_is("export it again"),
                "a.csv:3:Amount: the file is empty; export it again",
            ),
        ];
        for (error, shown) in cases {
            assert_eq!(error.to_string(), shown);
        }
    }
}
