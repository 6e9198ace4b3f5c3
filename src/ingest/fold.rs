//! Decides when two spellings of a column name or word are the same one.
//!
//! `Order ID`, `order_id`, `ORDER-ID ` and `Ｏｒｄｅｒ ＩＤ` fold to `orderid`; `商家实收（元）` and
//! `商家实收(元)` fold to `商家实收元`; `Montant réglé` folds to `montantregle`.

/// The folded spelling: full-width to ASCII, lower case, no accents, letters and digits only.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Appends the folded spelling of `text`.
pub fn fold_into(text: &str, folded: &mut String) {
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            folded.push(letter.to_ascii_lowercase());
        } else if !letter.is_ascii() {
            fold_wide(letter, folded);
        }
    }
}

/// Whether folding a text would leave it as it is, as far as that is seen at a glance.
#[must_use]
pub fn is_folded(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn fold_wide(letter: char, folded: &mut String) {
    let letter = half_width(letter);
    if letter.is_ascii() {
        if letter.is_ascii_alphanumeric() {
            folded.push(letter.to_ascii_lowercase());
        }
        return;
    }
    match without_accent(letter) {
        Some(plain) => folded.push_str(plain),
        None if letter.is_alphanumeric() => folded.extend(letter.to_lowercase()),
        None => {}
    }
}

/// The ASCII twin of a full-width character (U+FF01 to U+FF5E).
#[must_use]
pub fn half_width(letter: char) -> char {
    match u32::from(letter) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(letter),
        _ => letter,
    }
}

/// The accents of French, Spanish and Portuguese headers, and their neighbours.
fn without_accent(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => "a",
        'ç' | 'Ç' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => "i",
        'ñ' | 'Ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' => "o",
        'ù' | 'ú' | 'û' | 'ü' | 'Ù' | 'Ú' | 'Û' | 'Ü' => "u",
        'œ' | 'Œ' => "oe",
        'ß' => "ss",
        'º' | '°' => "",
        _ => return None,
    })
}

/// How far apart two words are: the number of letters to insert, drop or change (Levenshtein).
#[must_use]
pub fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index.saturating_add(1);
        let mut next = Vec::with_capacity(row.len());
        next.push(left);
        for (target, above) in other.iter().zip(row.iter().skip(1)) {
            let change = diagonal.saturating_add(usize::from(letter != *target));
            left = change.min(above.saturating_add(1)).min(left.saturating_add(1));
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// Up to three of `names` that may have been meant by `word`, the nearest first.
#[must_use]
pub fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let word = fold(word);
    let mut ranked: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let folded = fold(name);
            let contained = !word.is_empty()
                && !folded.is_empty()
                && (folded.contains(&word) || word.contains(&folded));
            let far = distance(&word, &folded);
            let longest = word.chars().count().max(folded.chars().count());
            (contained || far.saturating_mul(2) <= longest).then_some((far, name))
        })
        .collect();
    crate::sort::sort(&mut ranked);
    ranked.dedup();
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_fold_to_one() {
        for (text, folded) in [
            ("Order ID", "orderid"),
            (" order_id\u{a0}", "orderid"),
            ("\u{feff}ORDER-ID", "orderid"),
            ("Ｏｒｄｅｒ　ＩＤ", "orderid"),
            ("商家实收（元）", "商家实收元"),
            ("商家实收(元)", "商家实收元"),
            ("Montant réglé", "montantregle"),
            ("Nº do pedido", "ndopedido"),
            ("№ 5", "5"),
            ("ÉTAT", "etat"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
        }
        assert_ne!(fold("Gross Debit (GC)"), fold("Gross Credit (GC)"));
        assert_ne!(fold("Net"), fold("Netto"));
    }

    #[test]
    fn distance_counts_single_letter_edits() {
        for (one, other, far) in [
            ("", "", 0),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("金额", "金", 1),
            ("a", "b", 1),
        ] {
            assert_eq!(distance(one, other), far, "{one} {other}");
            assert_eq!(distance(other, one), far, "{other} {one}");
        }
    }

    #[test]
    fn nearest_names_come_first_and_far_ones_not_at_all() {
        let names = ["order_no", "amount", "order_number", "ccy"];
        assert_eq!(nearest("orderno", names.into_iter()), ["order_no", "order_number"]);
        assert_eq!(nearest("Amnt", names.into_iter()), ["amount"]);
        assert!(nearest("zzzzz", names.into_iter()).is_empty());
    }
}
