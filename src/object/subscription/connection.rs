//! The connection of a subscription: a libpq connection string, of which passwords are neither compared nor written.

use serde::{Deserialize, Serialize};

use crate::object::foreign_options::is_secret;

/// A connection string without its secrets.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Connection {
    /// `None` where the server does not tell. Such a one is like any other.
    text: Option<String>,
    #[serde(skip)]
    secret: bool,
}

impl PartialEq for Connection {
    fn eq(&self, other: &Self) -> bool {
        match (&self.text, &other.text) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        }
    }
}

impl Eq for Connection {}

impl Connection {
    /// Takes the secrets out of a connection string.
    pub fn new(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self { text: None, secret: false } };
        let bare = if text.starts_with("postgres://") || text.starts_with("postgresql://") { of_uri(text) } else { of_keywords(text) };
        Self { secret: bare != text.trim(), text: Some(bare) }
    }

    /// The string, as far as it is known.
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// Whether there was a secret in it.
    pub const fn has_secret(&self) -> bool {
        self.secret
    }
}

/// `postgresql://user:password@host/db?password=..`.
fn of_uri(text: &str) -> String {
    let (head, query) = text.split_once('?').map_or((text, None), |(head, query)| (head, Some(query)));
    let (scheme, rest) = head.split_once("://").unwrap_or(("", head));
    let rest = match rest.split_once('@') {
        Some((user, place)) if !user.contains('/') => format!("{}@{place}", user.split(':').next().unwrap_or_default()),
        _ => rest.to_owned(),
    };
    let kept: Vec<&str> = query.into_iter().flat_map(|query| query.split('&')).filter(|pair| !is_secret(key(pair))).collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    format!("{scheme}://{rest}{query}")
}

fn key(pair: &str) -> &str {
    pair.split('=').next().unwrap_or_default().trim()
}

/// `keyword = 'value' ..` (`conninfo_parse` in src/interfaces/libpq/fe-connect.c).
fn of_keywords(text: &str) -> String {
    let mut kept = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = pair_end(rest);
        let (pair, next) = rest.split_at(end);
        if !is_secret(key(pair)) {
            kept.push(pair.trim_end());
        }
        rest = next.trim_start();
    }
    kept.join(" ")
}

/// Where the first pair ends: behind its value, which is quoted or goes on to the next blank.
fn pair_end(text: &str) -> usize {
    let Some(equals) = text.find('=') else { return text.len() };
    let value = equals + 1 + text.get(equals + 1..).map_or(0, |rest| rest.len() - rest.trim_start().len());
    let Some(rest) = text.get(value..) else { return text.len() };
    let quoted = rest.starts_with('\'');
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' if quoted && at > 0 => return value + at + 1,
            c if !quoted && c.is_whitespace() => return value + at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_left_out() {
        for (text, bare) in [
            ("host=h password=x dbname=d", "host=h dbname=d"),
            ("host = 'a b' password = 'it\\'s  x' user=u", "host = 'a b' user=u"),
            ("password=x", ""),
            ("host=h  port=1", "host=h port=1"),
            ("postgresql://u:p@h:1/d?sslmode=require&password=q", "postgresql://u@h:1/d?sslmode=require"),
            ("postgres://h/d", "postgres://h/d"),
            ("", ""),
        ] {
            assert_eq!(Connection::new(Some(text)).text(), bare);
        }
        assert!(Connection::new(Some("password=x")).has_secret() && !Connection::new(Some("host=h")).has_secret());
        assert_eq!(Connection::new(Some("host=h password=x")), Connection::new(Some("host=h")));
        assert_eq!(Connection::new(None), Connection::new(Some("host=h")));
    }
}
