//! Names for what is there for a while: the old version of something while the new one is made, or the other way round.

use sha2::{Digest as _, Sha256};

use crate::model::ident::MAX_IDENT_BYTES;
use crate::model::{Ident, QName, hex};

/// What stands behind the name of an old version.
pub const OLD: &str = "__trueup_old";
/// What stands behind the name of a new version that cannot have its own yet.
pub const NEW: &str = "__trueup_new";

/// A name with a suffix that nothing has. One that has to be cut is told from others that begin alike, which may be put aside as well.
pub fn free(name: &QName, suffix: &str, taken: impl Fn(&QName) -> bool) -> QName {
    let is_whole = name.name.as_str().len() + suffix.len() <= MAX_IDENT_BYTES;
    let suffix = if is_whole { suffix.to_owned() } else { format!("_{}{suffix}", mark(name.name.as_str())) };
    let candidate = |suffix: &str| QName { schema: name.schema.clone(), name: shortened(&name.name, suffix) };
    let first = candidate(&suffix);
    if !taken(&first) {
        return first;
    }
    (1_u32..).map(|number| candidate(&format!("{suffix}{number}"))).find(|name| !taken(name)).unwrap_or(first)
}

/// Some digits that are a name's own.
fn mark(name: &str) -> String {
    let mut digits = hex(&Sha256::digest(name));
    digits.truncate(8);
    digits
}

/// A name with a suffix, the name cut so that both fit (`makeObjectName` in src/backend/commands/indexcmds.c).
pub fn shortened(name: &Ident, suffix: &str) -> Ident {
    let mut end = name.as_str().len().min(MAX_IDENT_BYTES.saturating_sub(suffix.len()));
    while !name.as_str().is_char_boundary(end) {
        end -= 1;
    }
    Ident::new(&format!("{}{suffix}", &name.as_str()[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_free_and_fit() {
        let name = QName::new("s", "mood");
        assert_eq!(free(&name, OLD, |_| false).name.as_str(), "mood__trueup_old");
        assert_eq!(free(&name, OLD, |name| !name.name.as_str().ends_with('2')).name.as_str(), "mood__trueup_old2");
        let long = |end: &str| free(&QName::new("s", format!("{}{end}", "x".repeat(60)).as_str()), OLD, |_| false);
        assert!(long("a") != long("b") && long("a").name.as_str().len() == MAX_IDENT_BYTES);
        assert_eq!(shortened(&Ident::new(&"é".repeat(31)), OLD).as_str(), format!("{}{OLD}", "é".repeat(25)));
    }
}
