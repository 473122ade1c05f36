//! Values that several kinds share.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ident::Ident;

/// SQL text of an expression, a query or a clause, with the canonical key that decides equality.
///
/// `sql` is what a plan writes; `key` is what is compared. Both are the deparsed parse tree at first; `canon` rewrites
/// the key where no server made the two sides alike.
#[derive(Clone, Serialize, Deserialize)]
pub struct Expr {
    /// Text that is valid in a statement, names qualified unless they are PostgreSQL's own.
    pub sql: String,
    /// The same with lists of column names behind aliases by column, where there are any: they are written by place, and places are no
    /// difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by_column: Option<Box<str>>,
    /// Found anew where it is wanted: what is stored or fingerprinted does not depend on how this version finds it.
    #[serde(skip)]
    key: Option<Arc<str>>,
}

impl Expr {
    /// Text as the one parser has given it back.
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), by_column: None, key: None }
    }

    /// What decides equality.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or_else(|| self.placeless())
    }

    /// The text, but for the places of columns.
    pub fn placeless(&self) -> &str {
        self.by_column.as_deref().unwrap_or(&self.sql)
    }

    /// Whether it names columns by their places.
    pub const fn has_places(&self) -> bool {
        self.by_column.is_some()
    }

    /// The same, where it names columns by their places with how it reads without these; another text of what has been compared already.
    pub fn placed(self, by_column: Option<String>, former: &Self) -> Self {
        match by_column {
            Some(by_column) => {
                let key = former.key.clone().filter(|_| former.has_places());
                Self { by_column: Some(by_column.into_boxed_str()), key, ..self }
            }
            None => self,
        }
    }

    /// Itself without places of columns.
    pub fn without_places(&mut self) {
        if let Some(by_column) = self.by_column.take() {
            self.sql = by_column.into_string();
        }
    }

    /// Sets the canonical form.
    pub fn set_key(&mut self, key: impl Into<Arc<str>>) {
        self.key = Some(key.into()).filter(|key| **key != *self.placeless());
    }

    /// Makes it another one than the same text in another catalog.
    pub fn tell_apart(&mut self, otherwise: Otherwise) {
        self.set_key(format!("{}{}", self.key(), otherwise.mark()));
    }

    /// Whether it is [set apart](Self::tell_apart) so.
    pub fn is_told_apart(&self, otherwise: Otherwise) -> bool {
        self.key().ends_with(otherwise.mark())
    }
}

/// Whether a text means something else than it does in another catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// It does.
    Surely,
    /// Types do not tell.
    Possibly,
}

impl Otherwise {
    /// What the canonical form has behind it then.
    const fn mark(self) -> &'static str {
        match self {
            Self::Surely => " /* means another */",
            Self::Possibly => " /* may mean another */",
        }
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Expr {}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.key())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)
    }
}

/// A type with its modifiers as `format_type` spells it under an empty search_path: `character varying(50)`, `public.mood[]`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TypeName(pub String);

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `a, "B"`: names as lists of columns have them.
pub fn name_list<'a>(names: impl IntoIterator<Item = &'a Ident>) -> String {
    names.into_iter().map(Ident::quoted).collect::<Vec<_>>().join(", ")
}

/// Maps as lists of pairs, for keys that are not strings in JSON.
pub mod pairs {
    use std::hash::Hash;

    use indexmap::IndexMap;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes the pairs, sorted: maps are equal whatever their order is.
    ///
    /// # Errors
    /// As the serializer.
    pub fn serialize<K: Serialize + Ord, V: Serialize, S: Serializer>(map: &IndexMap<K, V>, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pairs: Vec<(&K, &V)> = map.iter().collect();
        pairs.sort_by_key(|(key, _)| *key);
        serializer.collect_seq(pairs)
    }

    /// Reads the pairs.
    ///
    /// # Errors
    /// As the deserializer.
    pub fn deserialize<'de, K: Deserialize<'de> + Eq + Hash, V: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<IndexMap<K, V>, D::Error> {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}
