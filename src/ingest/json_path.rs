//! Decides which value of a JSON text stands at a line and column, as a path such as
//! `fields.amount.unit` or `also[1].kind`: that is how a mistake in a mapping is named.

/// The path of the value that is being read at this place (both from 1); empty for the whole text.
///
/// The text is JSON up to there; what follows does not matter.
#[must_use]
pub(super) fn path_at(json: &str, line: usize, column: usize) -> String {
    let mut walk = Walk::default();
    let before = json.lines().take(line.saturating_sub(1)).map(|line| line.len().saturating_add(1));
    let end = before.sum::<usize>().saturating_add(column).min(json.len());
    for (at, letter) in json.char_indices().take_while(|(at, _)| *at < end) {
        walk.step(at, letter, json);
    }
    walk.path()
}

/// An object or a list that is open.
enum Open {
    /// The key whose value is being read, and whether that key is over.
    Object(String),
    /// The index of the element that is being read.
    List(usize),
}

#[derive(Default)]
struct Walk {
    open: Vec<Open>,
    /// Where the text in quotes began that is being read.
    quote: Option<usize>,
    is_escaped: bool,
    /// The last text in quotes: a key, if a colon follows.
    last: String,
}

impl Walk {
    fn step(&mut self, at: usize, letter: char, json: &str) {
        if let Some(start) = self.quote {
            if self.is_escaped {
                self.is_escaped = false;
            } else if letter == '\\' {
                self.is_escaped = true;
            } else if letter == '"' {
                self.quote = None;
                self.last = json.get(start..at).unwrap_or_default().to_owned();
            }
            return;
        }
        match letter {
            '"' => self.quote = Some(at.saturating_add(1)),
            '{' => self.open.push(Open::Object(String::new())),
            '[' => self.open.push(Open::List(0)),
            // The end of an object is still about it: something is missing in there.
            '}' | ']' => drop(self.open.pop()),
            ':' => {
                if let Some(Open::Object(key)) = self.open.last_mut() {
                    *key = std::mem::take(&mut self.last);
                }
            }
            ',' => match self.open.last_mut() {
                Some(Open::Object(key)) => key.clear(),
                Some(Open::List(index)) => *index = index.saturating_add(1),
                None => {}
            },
            _ => {}
        }
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for open in &self.open {
            match open {
                Open::Object(key) if key.is_empty() => {}
                Open::Object(key) if path.is_empty() => path.push_str(key),
                Open::Object(key) => {
                    path.push('.');
                    path.push_str(key);
                }
                Open::List(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_leads_to_a_path() {
        let json = "{\"side\":\"x\",\n \"fields\":{\"amount\":{\"columns\":[\"a\",\"b:,{\"],\"unit\":\"cents\"}},\n\"also\":[{\"part\":\"fee\"},{\"kind\":5}]}";
        for (until, path) in [
            ("\"x\"", "side"),
            ("\"b:,{\"", "fields.amount.columns[1]"),
            ("\"cents\"", "fields.amount.unit"),
            ("\"fee\"", "also[0].part"),
            (":5", "also[1].kind"),
            ("{\"side\"", ""),
        ] {
            let end = json.find(until).unwrap() + until.len();
            let line = json[..end].matches('\n').count() + 1;
            let column = end - json[..end].rfind('\n').map_or(0, |at| at + 1);
            assert_eq!(path_at(json, line, column), path, "{until}");
        }
        assert_eq!(path_at("", 1, 1), "");
    }
}
