//! Paths into JSON, as `jsonpath_out` writes them.

/// A path with its keys and variables quoted and without spaces that say nothing. What is no part of a path stays as it is.
pub fn spelled(path: &str) -> String {
    let mut out = String::new();
    let path = path.trim();
    // Lax is what goes without saying.
    let path = path.strip_prefix("lax").filter(|rest| rest.starts_with(|c: char| c.is_whitespace())).map_or(path, str::trim_start);
    let mut chars = path.chars().peekable();
    while let Some(c) = chars.next() {
        let word_follows = chars.peek().is_some_and(|next| next.is_alphabetic() || *next == '_');
        match c {
            '"' => {
                out.push(c);
                while let Some(inner) = chars.next() {
                    out.push(inner);
                    match inner {
                        '\\' => out.extend(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '.' | '$' if word_follows => {
                let mut word = String::new();
                while let Some(next) = chars.next_if(|next| next.is_alphanumeric() || *next == '_') {
                    word.push(next);
                }
                // A method, and no key.
                let method = c == '.' && chars.peek() == Some(&'(');
                let quote = if method { "" } else { "\"" };
                out.extend([c.to_string().as_str(), quote, word.as_str(), quote]);
            }
            '?' => {
                out.truncate(out.trim_end().len());
                out.push(c);
                while chars.next_if(|next| next.is_whitespace()).is_some() {}
            }
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    unwrapped(&out).to_owned()
}

/// A condition without the parentheses around it.
fn unwrapped(path: &str) -> &str {
    let Some(inner) = path.strip_prefix('(').and_then(|path| path.strip_suffix(')')) else { return path };
    let mut depth = 0;
    let closes = inner.chars().any(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth < 0
    });
    if closes || inner.contains('"') && inner.contains("\\") { path } else { inner }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_spelling() {
        for (path, spelling) in [
            ("$.a", "$.\"a\""),
            ("$.a[*] ? (@ > $x)", "$.\"a\"[*]?(@ > $\"x\")"),
            ("strict $.\"a b\".c", "strict $.\"a b\".\"c\""),
            ("($.\"a\" > 1)", "$.\"a\" > 1"),
            ("$.a.size()", "$.\"a\".size()"),
            ("lax $.a", "$.\"a\""),
            ("strict $", "strict $"),
            ("($.a) + ($.b)", "($.\"a\") + ($.\"b\")"),
        ] {
            assert_eq!(spelled(path), spelling);
        }
    }
}
