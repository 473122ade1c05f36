//! What is not managed: patterns of names, by kind.

use crate::object::Kind;

/// A pattern of `[ignore]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// Objects of this kind; `None` for every kind.
    pub kind: Option<Kind>,
    /// `*` stands for any characters, `?` for one. Without a dot it is held against the last part of a name.
    pub pattern: String,
}

impl Ignore {
    /// Whether it lets an object be that is of a kind which is not managed, by the words of `pg_describe_object`.
    pub fn tolerates(&self, description: &str) -> bool {
        self.kind.is_none() && glob(self.pattern.as_bytes(), description.as_bytes())
    }

    /// Whether it says to leave an object alone. The name is the dotted, unquoted one.
    pub fn matches(&self, kind: Kind, name: &str) -> bool {
        if self.kind.is_some_and(|wanted| wanted != kind) {
            return false;
        }
        let name = if self.pattern.contains('.') { name } else { name.rsplit('.').next().unwrap_or(name) };
        glob(self.pattern.as_bytes(), name.as_bytes())
    }
}

/// Greedy matching with one point to come back to, so that no pattern takes exponential time.
fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                back = Some((p + 1, n));
                p += 1;
            }
            // One character, whatever its length in UTF-8.
            Some(b'?') => {
                p += 1;
                n += 1;
                while name.get(n).is_some_and(|byte| byte & 0xC0 == 0x80) {
                    n += 1;
                }
            }
            Some(byte) if *byte == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match back {
                Some((after, from)) => {
                    back = Some((after, from + 1));
                    (p, n) = (after, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_names() {
        let ignore = |pattern: &str| Ignore { kind: Some(Kind::Table), pattern: pattern.to_owned() };
        assert!(ignore("tmp_*").matches(Kind::Table, "public.tmp_x"));
        assert!(!ignore("tmp_*").matches(Kind::View, "public.tmp_x"));
        assert!(ignore("public.*").matches(Kind::Table, "public.a"));
        assert!(!ignore("public.*").matches(Kind::Table, "other.a"));
        assert!(ignore("a?c").matches(Kind::Table, "public.aéc"));
        assert!(ignore("*a*b*").matches(Kind::Table, "public.xxaxxbxx"));
        assert!(!ignore("*a*b").matches(Kind::Table, "public.xxaxxbxx"));
    }
}
