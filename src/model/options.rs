//! Storage parameters and the like in SQL: `WITH (..)`, `SET (..)`, `RESET (..)`.

use super::ident::{quote_ident, quote_literal};
use super::pair::Pair;
use super::value::Options;

/// `name = value, ..`: what stands in the parentheses of WITH and SET.
pub fn spell_options(options: &Options) -> String {
    let spelled: Vec<String> = options.iter().map(|(name, value)| format!("{} = {}", option_name(name), option_value(value))).collect();
    spelled.join(", ")
}

/// What stands in the parentheses of SET, and in those of RESET, to make one set of options of another.
pub fn option_changes(pair: Pair<&Options>) -> (Option<String>, Option<String>) {
    let set: Options =
        pair.to.iter().filter(|(name, value)| pair.from.get(*name) != Some(*value)).map(|(n, v)| (n.clone(), v.clone())).collect();
    let reset: Vec<String> = pair.from.keys().filter(|name| !pair.to.contains_key(*name)).map(|name| option_name(name)).collect();
    ((!set.is_empty()).then(|| spell_options(&set)), (!reset.is_empty()).then(|| reset.join(", ")))
}

/// A name, its namespace (`toast.`) apart, as `flatten_reloptions` of ruleutils.c and pg_dump quote it.
fn option_name(name: &str) -> String {
    name.split('.').map(quote_ident).collect::<Vec<_>>().join(".")
}

/// A value as `flatten_reloptions` of ruleutils.c writes it: an identifier bare, all else as a literal. Numbers go bare too, for the
/// reader's sake.
fn option_value(value: &str) -> String {
    let number = value.bytes().any(|c| c.is_ascii_digit()) && value.bytes().all(|c| c.is_ascii_digit() || c == b'.');
    let bare = (number && value.parse::<f64>().is_ok()) || matches!(value, "true" | "false") || quote_ident(value) == value;
    if bare { value.to_owned() } else { quote_literal(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(texts: &[(&str, &str)]) -> Options {
        texts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn spells_namespaces_and_values() {
        let all = options(&[("fillfactor", "70"), ("toast.autovacuum_enabled", "false"), ("x", "a b"), ("y", "-1"), ("buffering", "auto")]);
        assert_eq!(spell_options(&all), "buffering = auto, fillfactor = 70, toast.autovacuum_enabled = false, x = 'a b', y = '-1'");
    }

    #[test]
    fn sets_what_differs_and_resets_what_is_gone() {
        let (from, to) = (options(&[("a", "1"), ("b", "2"), ("c", "3")]), options(&[("a", "1"), ("b", "4"), ("d", "5")]));
        assert_eq!(option_changes(Pair::new(&from, &to)), (Some("b = 4, d = 5".to_owned()), Some("c".to_owned())));
        assert_eq!(option_changes(Pair::new(&from, &from)), (None, None));
    }
}
