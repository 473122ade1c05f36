//! Hints: what people tell trueup in comments that begin with `-- trueup:`.

use super::scan::{Comment, Scan};
use super::{ParseError, parse_qualified_name};

/// A hint and where its comment begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What it says.
    pub kind: HintKind,
    /// Byte offset of the comment in the file: a hint inside a column list is about the column that follows it.
    pub position: usize,
}

/// What a hint can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HintKind {
    /// `renamed from NAME`: the object under the comment had another name.
    RenamedFrom {
        /// The schema it was in, where given.
        schema: Option<String>,
        /// The old name, folded as PostgreSQL folds it.
        name: String,
    },
    /// `allow(RULE) REASON`: silences a lint rule for one statement.
    Allow {
        /// The rule.
        rule: String,
        /// Why; may be empty.
        reason: String,
    },
}

/// All hints of a file, in order.
pub fn hints(scan: &Scan<'_>) -> Result<Vec<Hint>, ParseError> {
    let mut hints = Vec::new();
    for comment in &scan.comments {
        if let Some((body, position)) = body(comment)? {
            for kind in parse(body).map_err(|message| ParseError::at(position, message))? {
                hints.push(Hint { kind, position: comment.span.start });
            }
        }
    }
    Ok(hints)
}

/// What stands behind `trueup:`, with its offset in the file.
fn body<'a>(comment: &Comment<'a>) -> Result<Option<(&'a str, usize)>, ParseError> {
    let inner = comment.text[2..].trim_start();
    let Some(rest) = inner.get(..6).filter(|word| word.eq_ignore_ascii_case("trueup")).map(|_| &inner[6..]) else { return Ok(None) };
    let Some(rest) = rest.trim_start().strip_prefix(':') else { return Ok(None) };
    if comment.line().is_none() {
        return Err(ParseError::at(comment.span.start, "a hint is a line comment: -- trueup: ..."));
    }
    let said = rest.trim();
    let offset = comment.text.len() - rest.trim_start().len();
    Ok(Some((said, comment.span.start + offset)))
}

fn parse(said: &str) -> Result<Vec<HintKind>, String> {
    if let Some(name) = after_words(said, &["renamed", "from"]) {
        let mut parts = parse_qualified_name(name).ok_or_else(|| format!("{name:?} is not a name; say renamed from NAME"))?;
        let Some(name) = parts.pop().filter(|_| parts.len() < 2) else {
            return Err(format!("{name:?} has too many parts; say renamed from NAME or SCHEMA.NAME"));
        };
        return Ok(vec![HintKind::RenamedFrom { schema: parts.pop(), name }]);
    }
    if let Some((rules, reason)) =
        after_words(said, &["allow"]).and_then(|rest| rest.strip_prefix('(')).and_then(|rest| rest.split_once(')'))
    {
        let rules: Vec<&str> = rules.split(',').map(str::trim).collect();
        if rules.iter().all(|rule| !rule.is_empty() && rule.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))) {
            let reason = reason.trim().trim_start_matches(':').trim();
            return Ok(rules.iter().map(|rule| HintKind::Allow { rule: (*rule).to_owned(), reason: reason.to_owned() }).collect());
        }
    }
    Err(format!("trueup does not understand {said:?}; hints are: renamed from NAME, allow(RULE) REASON"))
}

/// What follows the given words.
fn after_words<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    words.iter().try_fold(text, |rest, word| {
        let (head, tail) = rest.split_at_checked(word.len())?;
        let ends = tail.starts_with(|c: char| !c.is_alphanumeric() && c != '_');
        (head.eq_ignore_ascii_case(word) && ends).then(|| tail.trim_start())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<HintKind>, ParseError> {
        Ok(hints(&Scan::of(text)?)?.into_iter().map(|hint| hint.kind).collect())
    }

    fn renamed(schema: Option<&str>, name: &str) -> Vec<HintKind> {
        vec![HintKind::RenamedFrom { schema: schema.map(str::to_owned), name: name.to_owned() }]
    }

    #[test]
    fn understands_renames() {
        assert_eq!(read("-- trueup: renamed from Old_Name"), Ok(renamed(None, "old_name")));
        assert_eq!(read("--trueup:renamed  from  s.\"Old \"\"x\"\r\n"), Ok(renamed(Some("s"), "Old \"x")));
    }

    #[test]
    fn understands_allowances() {
        let allow = |rule: &str, reason: &str| HintKind::Allow { rule: rule.to_owned(), reason: reason.to_owned() };
        assert_eq!(read("-- trueup: allow(drop-column) nobody reads it"), Ok(vec![allow("drop-column", "nobody reads it")]));
        assert_eq!(read("-- trueup: allow(a, b)"), Ok(vec![allow("a", ""), allow("b", "")]));
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        for (text, position) in [
            ("x\n-- trueup: rename from y", 13),
            ("-- trueup: renamed from", 11),
            ("-- trueup: renamed from a.b.c", 11),
            ("-- trueup: renamed from a b", 11),
            ("-- trueup: allow() x", 11),
            ("/* trueup: renamed from a */", 0),
        ] {
            assert_eq!(read(text).map_err(|error| error.position), Err(Some(position)), "{text}");
        }
        assert_eq!(read("-- trueup brings it true"), Ok(vec![]));
    }
}
