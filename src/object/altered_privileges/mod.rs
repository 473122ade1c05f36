//! Privileges on members of extensions and on PostgreSQL's own objects, as far as they are not what CREATE EXTENSION or initdb left:
//! what pg_dump tells of these, and all that it does. Key: `Key::Of(target)`; the target is no object of the catalog.

mod interpret;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use interpret::{belonging, change};

use super::plain::stands_alone;
use super::privileges::spots::{Spots, gathered, spots};
use super::privileges::{Privileges, privileges_of, steps_between};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Key, ObjectId, Pair, QName, Step};

/// What was altered of the initial privileges. Roles stand by their names, the owner too: extensions belong to whoever made them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlteredPrivileges {
    /// What is held no more, or in another way.
    pub before: Privileges,
    /// What is held instead, or beside.
    pub after: Privileges,
}

impl AlteredPrivileges {
    /// What differs; `None` where nothing does.
    fn between(initial: &Privileges, present: &Privileges) -> Option<Self> {
        let (initial, present) = (spots(initial), spots(present));
        let only = |one: &Spots, other: &Spots| gathered(one.iter().filter(|(spot, option)| other.get(*spot) != Some(option)).map(|(spot, option)| (spot.clone(), *option)));
        let found = Self { before: only(&initial, &present), after: only(&present, &initial) };
        (found != Self::default()).then_some(found)
    }

    /// The statements from one to the other: what one of them knows nothing of is as the other one says that it was initially.
    fn steps(id: &ObjectId, from: &Self, to: &Self, cx: &Cx<'_>) -> Vec<Step> {
        let Some(target) = id.target() else { return Vec::new() };
        steps_between(target, &from.held_beside(to), &to.held_beside(from), cx)
    }

    /// What is held of what either of two is about.
    fn held_beside(&self, other: &Self) -> Privileges {
        let (before, mut held) = (spots(&self.before), spots(&self.after));
        for (spot, option) in spots(&other.before) {
            if !before.contains_key(&spot) {
                held.entry(spot).or_insert(option);
            }
        }
        gathered(held)
    }
}

/// The identity of a target that is no object: by how GRANT names it, not by what it is.
fn target(row: &CatalogRow<'_>) -> Result<ObjectId, ReadError> {
    let (word, name) = (row.get::<String>("target")?, row.ident("name")?);
    let kind = match word.as_str() {
        "relation" => Kind::Table,
        "sequence" => Kind::Sequence,
        "column" => Kind::Column,
        "procedure" => Kind::Procedure,
        "function" => Kind::Function,
        "type" => Kind::BaseType,
        "schema" => Kind::Schema,
        "language" => Kind::Language,
        "wrapper" => Kind::ForeignDataWrapper,
        "server" => Kind::Server,
        other => return Err(ReadError::Unknown { object: name.to_string(), column: "target", value: other.to_owned() }),
    };
    let Some(schema) = row.opt_ident("nspname")? else { return Ok(ObjectId::global(kind, name)) };
    let qname = QName { schema, name };
    Ok(match (row.opt_ident("part")?, row.get::<Option<Vec<String>>>("arguments")?) {
        (Some(part), _) => ObjectId::on(kind, qname, part),
        (None, Some(arguments)) => ObjectId::new(kind, Key::Routine(qname, arguments)),
        (None, None) => ObjectId::in_schema(kind, qname),
    })
}

impl ObjectDef for AlteredPrivileges {
    const KIND: Kind = Kind::AlteredPrivileges;
    const QUERY: &'static str = include_str!("altered_privileges.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let initial = privileges_of(&row.get::<Vec<String>>("initial")?);
        let Some(altered) = Self::between(&initial, &privileges_of(&row.get::<Vec<String>>("present")?)) else { return Ok(None) };
        let mut found = Found::new(ObjectId::of(Kind::AlteredPrivileges, target(row)?), altered);
        // PL/pgSQL is in every database, and no object.
        found.needs.extend(row.opt_ident("extname")?.filter(|name| name.as_str() != "plpgsql").map(|name| ObjectId::global(Kind::Extension, name)));
        Ok(Some(found))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        Self::steps(id, &Self::default(), self, cx)
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        Self::steps(id, self, &Self::default(), cx)
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        Change::InPlace(Self::steps(id, pair.from, pair.to, cx))
    }

    stands_alone!(keeping drop);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Catalog, Ident};
    use crate::object::privileges::Grantee;

    fn privileges(held: &[(Grantee, &str, bool)]) -> Privileges {
        gathered(held.iter().map(|(holder, privilege, option)| ((None, holder.clone(), (*privilege).to_owned()), *option)))
    }

    #[test]
    fn what_one_side_says_nothing_of_is_as_it_was_initially() {
        let joe = || Grantee::Role(Ident::new("joe"));
        let one = AlteredPrivileges { before: privileges(&[(Grantee::Public, "EXECUTE", false)]), after: Privileges::default() };
        let other = AlteredPrivileges { before: Privileges::default(), after: privileges(&[(joe(), "EXECUTE", true)]) };
        let (catalog, created) = (Catalog::empty(17), BTreeSet::new());
        let cx = Cx { from: &catalog, to: &catalog, online: false, created: &created };
        let function = ObjectId::new(Kind::Function, Key::Routine(QName::new("s", "f"), Vec::new()));
        let id = ObjectId::of(Kind::AlteredPrivileges, function);
        let sql = |from: &AlteredPrivileges, to: &AlteredPrivileges| {
            AlteredPrivileges::steps(&id, from, to, &cx).into_iter().map(|step| step.sql).collect::<Vec<_>>()
        };
        assert_eq!(sql(&one, &other), ["GRANT ALL ON FUNCTION s.f() TO joe WITH GRANT OPTION", "GRANT ALL ON FUNCTION s.f() TO PUBLIC"]);
        assert_eq!(sql(&other, &one), ["REVOKE ALL ON FUNCTION s.f() FROM joe", "REVOKE ALL ON FUNCTION s.f() FROM PUBLIC"]);
    }
}
