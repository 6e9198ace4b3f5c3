//! A JSON value that comes out as it went in.

use std::collections::BTreeMap;

use Leaf::{List, Object, Plain, Text};

/// A JSON value whose fields stay in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    /// What stands between the quotes.
    Text(String),
    /// A number or a truth value.
    Plain(String),
    List(Vec<Leaf>),
    Object(Vec<(String, Leaf)>),
}

/// A text value.
pub(crate) fn text(value: impl Into<String>) -> Leaf {
    Text(value.into())
}

/// A number.
pub(crate) fn plain(value: impl ToString) -> Leaf {
    Plain(value.to_string())
}

/// An object.
pub(crate) fn object(fields: &[(&str, Leaf)]) -> Leaf {
    Object(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

impl Leaf {
    pub(crate) fn parse(line: &str) -> Self {
        let mut at = 0;
        let leaf = Self::value(line, &mut at);
        assert_eq!(at, line.len(), "{line}");
        leaf
    }

    fn value(line: &str, at: &mut usize) -> Self {
        let bytes = line.as_bytes();
        let closed = |at: &mut usize, close: u8| {
            let done = bytes[*at] == close;
            *at += usize::from(done || bytes[*at] == b',');
            done
        };
        match bytes[*at] {
            b'"' => Text(Self::string(line, at)),
            b'[' => {
                *at += 1;
                let mut list = Vec::new();
                while !closed(at, b']') {
                    list.push(Self::value(line, at));
                }
                List(list)
            }
            b'{' => {
                *at += 1;
                let mut fields = Vec::new();
                while !closed(at, b'}') {
                    let name = Self::string(line, at);
                    *at += 1;
                    fields.push((name, Self::value(line, at)));
                }
                Object(fields)
            }
            _ => {
                let length = line[*at..].find([',', ']', '}']).unwrap_or(line.len() - *at);
                *at += length;
                Plain(line[*at - length..*at].to_owned())
            }
        }
    }

    fn string(line: &str, at: &mut usize) -> String {
        let start = *at + 1;
        let mut end = start;
        while line.as_bytes()[end] != b'"' {
            end += 1 + usize::from(line.as_bytes()[end] == b'\\');
        }
        *at = end + 1;
        line[start..end].to_owned()
    }

    pub(crate) fn render(&self) -> String {
        let join = |parts: Vec<String>| parts.join(",");
        match self {
            Text(text) => format!("\"{text}\""),
            Plain(text) => text.clone(),
            List(list) => format!("[{}]", join(list.iter().map(Self::render).collect())),
            Object(fields) => {
                let field =
                    |(name, value): &(String, Self)| format!("\"{name}\":{}", value.render());
                format!("{{{}}}", join(fields.iter().map(field).collect()))
            }
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let Object(fields) = self else { return None };
        fields.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        let Object(fields) = self else { return None };
        fields.iter_mut().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The text of a field; empty if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Text(text) | Plain(text)) => text,
            _ => "",
        }
    }

    /// The texts of a list.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let Some(List(list)) = self.get(name) else { return Vec::new() };
        let of = |leaf: &Self| match leaf {
            Text(text) => text.clone(),
            other => other.render(),
        };
        list.iter().map(of).collect()
    }

    pub(crate) fn list_mut(&mut self, name: &str) -> Option<&mut Vec<Self>> {
        match self.get_mut(name) {
            Some(List(list)) => Some(list),
            _ => None,
        }
    }

    /// Writes a text into a field that is there.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        if let Some(Text(text) | Plain(text)) = self.get_mut(name) {
            value.clone_into(text);
        }
    }

    /// Writes a text into a field; a new one stands last.
    pub(crate) fn put(&mut self, name: &str, value: &str) {
        if self.get(name).is_some() {
            self.set(name, value);
        } else if let Object(fields) = self {
            fields.push((name.to_owned(), text(value)));
        }
    }

    pub(crate) fn remove(&mut self, name: &str) {
        if let Object(fields) = self {
            fields.retain(|(own, _)| own != name);
        }
    }

    /// Every text and number in it, with the names of the fields in which it stands.
    pub(crate) fn leaves(&mut self) -> Vec<(String, &mut String)> {
        let mut all = Vec::new();
        self.collect("", &mut all);
        all
    }

    fn collect<'l>(&'l mut self, path: &str, all: &mut Vec<(String, &'l mut String)>) {
        match self {
            Text(value) | Plain(value) => all.push((path.to_owned(), value)),
            List(list) => list.iter_mut().for_each(|leaf| leaf.collect(path, all)),
            Object(fields) => {
                for (name, leaf) in fields {
                    leaf.collect(&format!("{path}.{name}"), all);
                }
            }
        }
    }

    /// Puts other texts in place of texts.
    pub(crate) fn rename(&mut self, names: &BTreeMap<String, String>) {
        for (_, value) in self.leaves() {
            if let Some(new) = names.get(value) {
                value.clone_from(new);
            }
        }
    }
}
