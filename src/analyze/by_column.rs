//! Lists of column names behind an alias, by column: what they say wherever the columns stand.

/// What stands for the nth column of its name, with what it is called behind it: `b#0=`.
fn mark<T: AsRef<str>>(plain: &[T], at: usize) -> String {
    let name = plain.get(at).map(AsRef::as_ref).unwrap_or_default();
    let nth = plain.iter().take(at).filter(|other| other.as_ref() == name).count();
    format!("{name}#{nth}=")
}

/// A list by column of one by place, for columns that are called so without it: of those that it calls otherwise.
pub fn by_column<T: AsRef<str>, G: AsRef<str>>(plain: &[T], given: impl IntoIterator<Item = G>) -> Vec<String> {
    let pairs = plain.iter().zip(given).enumerate();
    let renamed = pairs.filter(|(_, (plain, given))| plain.as_ref() != given.as_ref());
    let mut called: Vec<String> = renamed.map(|(at, (_, given))| mark(plain, at) + given.as_ref()).collect();
    called.sort_unstable();
    called
}

/// A list by place of one by column, for columns that stand so; of columns that are gone nothing is said.
pub fn by_place<T: AsRef<str>>(plain: &[T], called: &[String]) -> Vec<String> {
    let name = |at: usize| {
        let mark = mark(plain, at);
        called.iter().find_map(|called| called.strip_prefix(mark.as_str())).map(str::to_owned)
    };
    let mut names: Vec<Option<String>> = (0..plain.len()).map(name).collect();
    names.truncate(names.iter().rposition(Option::is_some).map_or(0, |last| last + 1));
    names.into_iter().zip(plain).map(|(name, plain)| name.unwrap_or_else(|| plain.as_ref().to_owned())).collect()
}

/// Whether a column of a join is called as the server calls it, where one before has its name (`set_join_column_names` of
/// src/backend/utils/adt/ruleutils.c): `b#1=b_1`.
pub fn is_made_unique(called: &str) -> bool {
    let parts = called.rsplit_once('=').and_then(|(column, given)| Some((column.rsplit_once('#')?, given)));
    parts.is_some_and(|((name, nth), given)| {
        let number = given.strip_prefix(name).and_then(|rest| rest.strip_prefix('_'));
        nth != "0" && number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}
