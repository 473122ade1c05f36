//! Words and names on one line, whatever is in them.

use crate::model::{Ident, Lock, LockMode, QName};

/// A text on one line: backslash escapes for what would end it or be lost at its ends.
pub(super) fn escape(text: &str) -> String {
    let last = text.chars().count().saturating_sub(1);
    let mut line = String::with_capacity(text.len());
    for (at, c) in text.chars().enumerate() {
        match c {
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            ' ' if at == 0 || at == last => line.push_str("\\s"),
            c if c.is_control() || (c.is_whitespace() && c != ' ') => line.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => line.push(c),
        }
    }
    line
}

/// What [`escape`] made a line of; `None` where it is no such line.
pub(super) fn unescape(line: &str) -> Option<String> {
    let mut text = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        text.push(match chars.next()? {
            '\\' => '\\',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            's' => ' ',
            'u' => {
                let (code, rest) = chars.as_str().strip_prefix('{')?.split_once('}')?;
                chars = rest.chars();
                char::from_u32(u32::from_str_radix(code, 16).ok()?)?
            }
            _ => return None,
        });
    }
    Some(text)
}

/// Names and locks, separated by commas.
pub(super) fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

/// A lock as `mode relation`.
pub(super) fn lock(lock: &Lock) -> String {
    format!("{} {}", lock.mode, lock.relation)
}

/// The names of a [`list`].
pub(super) fn qnames(text: &str) -> Option<Vec<QName>> {
    items(text, qname)
}

/// The locks of a [`list`].
pub(super) fn locks(text: &str) -> Option<Vec<Lock>> {
    items(text, |rest| {
        let (mode, after) = rest.split_once(' ')?;
        let mode = LockMode::from_name(mode)?;
        let (relation, after) = qname(after)?;
        Some((Lock { relation, mode }, after))
    })
}

fn items<T>(text: &str, item: impl Fn(&str) -> Option<(T, &str)>) -> Option<Vec<T>> {
    let mut all = Vec::new();
    let mut rest = text;
    loop {
        let (one, after) = item(rest)?;
        all.push(one);
        if after.is_empty() {
            return Some(all);
        }
        rest = after.strip_prefix(", ")?;
    }
}

fn qname(text: &str) -> Option<(QName, &str)> {
    let (schema, rest) = ident(text)?;
    let (name, rest) = ident(rest.strip_prefix('.')?)?;
    Some((QName { schema, name }, rest))
}

fn ident(text: &str) -> Option<(Ident, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
        return (end > 0).then(|| (Ident::new(&text[..end]), &text[end..]));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_once('"')?;
        name.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return Some((Ident::new(&name), after)),
        }
    }
}
