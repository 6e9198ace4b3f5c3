//! Keeps what one element says: the texts of its leaves by their paths, and its details apart.

/// A balance, a booking, a payment of a booking, or a summary.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) from: usize,
    pub(super) to: usize,
    /// How many elements are around it.
    pub(super) depth: usize,
    leaves: Vec<(String, String)>,
    pub(super) details: Vec<Element>,
    in_detail: bool,
}

impl Element {
    pub(super) fn new(name: String, from: usize, depth: usize) -> Self {
        Self { name, from, to: from, depth, ..Self::default() }
    }

    /// One payment of the booking begins.
    pub(super) fn begin_detail(&mut self, from: usize, depth: usize) {
        if !self.in_detail {
            self.in_detail = true;
            self.details.push(Element::new("TxDtls".to_owned(), from, depth));
        }
    }

    pub(super) fn end_detail(&mut self, to: usize) {
        self.in_detail = false;
        if let Some(detail) = self.details.last_mut() {
            detail.to = to;
        }
    }

    /// Adds a text below the open elements `path`: the content of `name`, or with `mark` one of its
    /// attributes.
    pub(super) fn add(&mut self, path: &[String], name: &str, mark: &str, text: &str) {
        if self.in_detail
            && let Some(detail) = self.details.last_mut()
        {
            return detail.add(path, name, mark, text);
        }
        let mut leaf = String::new();
        for part in path.iter().skip(self.depth.saturating_add(1)) {
            leaf.push_str(part);
            leaf.push('/');
        }
        leaf.push_str(name);
        leaf.push_str(mark);
        self.leaves.push((leaf, text.to_owned()));
    }

    /// The first text at a path.
    pub(super) fn get(&self, path: &str) -> Option<&str> {
        self.all(path).next()
    }

    /// The first text at any of these paths, in their order.
    pub(super) fn first(&self, paths: &[&str]) -> Option<&str> {
        paths.iter().find_map(|path| self.get(path))
    }

    /// All texts at a path.
    pub(super) fn all(&self, path: &str) -> impl Iterator<Item = &str> {
        let at = move |leaf: &&(String, String)| leaf.0 == path;
        self.leaves.iter().filter(at).map(|(_, text)| text.as_str())
    }
}
