//! Decides what a file is called in a run: its own name, or `name~2` where that is taken.

/// The name of a further file, unique among `taken`.
pub(crate) fn unique_name<'a>(name: &str, taken: impl Iterator<Item = &'a str> + Clone) -> String {
    let free = |candidate: &str| !taken.clone().any(|other| other == candidate);
    if free(name) {
        return name.to_owned();
    }
    let mut number = 2_u32;
    loop {
        let candidate = format!("{name}~{number}");
        if free(&candidate) {
            return candidate;
        }
        number = number.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_numbered() {
        let taken = ["a.csv", "a.csv~2", "b.csv"];
        assert_eq!(unique_name("a.csv", taken.into_iter()), "a.csv~3");
        assert_eq!(unique_name("b.csv", taken.into_iter()), "b.csv~2");
        assert_eq!(unique_name("c.csv", taken.into_iter()), "c.csv");
    }
}
