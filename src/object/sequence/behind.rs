//! Sequences behind identity columns. They are parts of their columns and no objects of their own, but comments, privileges and security
//! labels can hang on them.

use crate::model::{Catalog, Ident, Key, ObjectId, QName};
use crate::object::{Kind, Object};

fn has(id: &ObjectId, name: &QName, catalog: &Catalog) -> bool {
    catalog.object(id).and_then(Object::sequence_behind).is_some_and(|behind| behind.qname() == Some(name))
}

/// The identity column that has a sequence of that name.
pub fn column_of(name: &QName, catalog: &Catalog) -> Option<ObjectId> {
    let columns = || catalog.of_kind(Kind::Column).map(|(id, _)| id);
    usual_column_of(name, catalog).or_else(|| columns().find(|id| has(id, name, catalog)).cloned())
}

/// The identity column that has a sequence of that name, where it is the one that PostgreSQL gives: table_column_seq. That saves a look at
/// every column.
pub fn usual_column_of(name: &QName, catalog: &Catalog) -> Option<ObjectId> {
    let text = name.name.as_str().strip_suffix("_seq").unwrap_or_default();
    let usual = text.match_indices('_').map(|(at, _)| {
        let table = QName { schema: name.schema.clone(), name: Ident::new(&text[..at]) };
        ObjectId::on(Kind::Column, table, &text[at + 1..])
    });
    usual.into_iter().find(|id| has(id, name, catalog))
}

/// The satellites of the sequence behind a column.
pub fn satellites(column: &ObjectId, sequence: &ObjectId, catalog: &Catalog) -> Vec<ObjectId> {
    let hangs = |id: &&ObjectId| match &id.key {
        Key::Of(target) | Key::OfNamed(target, _) => target == sequence,
        _ => false,
    };
    catalog.children(column).filter(hangs).cloned().collect()
}

impl Object {
    /// The sequence behind it, if it is an identity column.
    pub fn sequence_behind(&self) -> Option<ObjectId> {
        match self {
            Self::Column(column) => column.identity.as_ref().map(|identity| ObjectId::in_schema(Kind::Sequence, identity.sequence.clone())),
            _ => None,
        }
    }
}
