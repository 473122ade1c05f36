//! Operator classes. Key: `Key::Routine` with the access method in place of types.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::operator_family::identity;
use super::operator_member::{self, Member};
use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Key, ObjectId, Pair, QName, Step, TypeName};

/// An operator class with the members that go with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorClass {
    /// FOR TYPE.
    pub type_name: TypeName,
    /// DEFAULT.
    pub default: bool,
    /// FAMILY.
    pub family: QName,
    /// STORAGE, where it is another type.
    pub storage: Option<TypeName>,
    /// In their own order.
    pub members: Vec<Member>,
}

impl ObjectDef for OperatorClass {
    const KIND: Kind = Kind::OperatorClass;
    const QUERY: &'static str = include_str!("operator_class.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_opclass", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = identity(Kind::OperatorClass, row.qname("nspname", "opcname")?, &row.ident("amname")?);
        let object = Self {
            type_name: row.type_name("type_name")?,
            default: row.get("opcdefault")?,
            family: row.qname("family_schema", "family_name")?,
            storage: row.get::<Option<String>>("storage")?.map(TypeName),
            members: operator_member::read(row, &id)?,
        };
        Ok(Some(Found::new(id, object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { type_name, default, family, storage, members } = self;
        let Key::Routine(name, method) = &id.key else { return Vec::new() };
        let default = if *default { " DEFAULT" } else { "" };
        let mut items: Vec<String> = members.iter().map(Member::clause).collect();
        // The list must not be empty; STORAGE of the type itself says nothing.
        if storage.is_some() || items.is_empty() {
            items.push(format!("STORAGE {}", storage.as_ref().unwrap_or(type_name)));
        }
        let head = format!("CREATE OPERATOR CLASS {name}{default} FOR TYPE {type_name} USING {}", method.join(""));
        plain::create(id, format!("{head} FAMILY {family} AS\n    {}", items.join(",\n    ")))
    }

    fn alter(_: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        // Its members are changed through the family, which then has them.
        let Self { type_name: _, default: _, family: _, storage: _, members: _ } = pair.to;
        Change::Replace
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        if let (Kind::OperatorFamily, Some(old), Some(new)) = (from.kind, from.qname(), to.qname())
            && self.family == *old
        {
            self.family = new.clone();
        }
        self.members.iter_mut().for_each(|member| member.renamed(from, to));
    }

    stands_alone!();
}
