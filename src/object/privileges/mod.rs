//! Privileges. Key: `Key::Of(target)`; parent: the target.

mod delegation;
mod interpret;
mod ownership;
pub mod spots;
mod transfer;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use delegation::{Rests, rests};
pub use interpret::{Transferring, apply, holders, interpret_grant};
pub use ownership::{hand_over, settle_owners};
pub use transfer::{owner_object, steps_between, transfers};

use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Expr, Ident, ObjectId, Pair, Step};

/// Who holds a privilege.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grantee {
    /// Whoever owns the object.
    Owner,
    /// Everybody.
    Public,
    /// A role.
    Role(Ident),
}

/// Privileges by holder: the privilege in SQL's words, and whether it is held WITH GRANT OPTION. Holders stand in the order of the access
/// control list; that means nothing and makes no difference, but pg_dump grants in that order, and so do dumps here.
pub type Grants = IndexMap<Grantee, BTreeMap<String, bool>>;

/// Privileges that others than the owner granted, by their grant option: who granted, who holds, what.
pub type Delegated = IndexMap<(Ident, Grantee), BTreeMap<String, bool>>;

/// All privileges on an object, the owner's own and PUBLIC's built-in ones included. There is such an object only where
/// they are not what `acldefault` gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privileges {
    /// What the owner granted.
    #[serde(with = "crate::model::value::pairs")]
    pub grants: Grants,
    /// What others granted.
    #[serde(with = "crate::model::value::pairs", default, skip_serializing_if = "IndexMap::is_empty")]
    pub delegated: Delegated,
}

impl From<Grants> for Privileges {
    fn from(grants: Grants) -> Self {
        Self { grants, delegated: Delegated::new() }
    }
}

/// Every privilege that there is on a kind of object (docs: "Privileges", table 5.2).
pub const fn every_privilege(kind: Kind, major: u32) -> &'static [&'static str] {
    match kind {
        Kind::Table | Kind::View | Kind::MaterializedView if major >= 17 => {
            &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"]
        }
        Kind::Table | Kind::View | Kind::MaterializedView => &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"],
        Kind::Column | Kind::ViewColumn => &["SELECT", "INSERT", "UPDATE", "REFERENCES"],
        Kind::Sequence => &["USAGE", "SELECT", "UPDATE"],
        Kind::Schema => &["USAGE", "CREATE"],
        Kind::Database => &["CREATE", "TEMPORARY", "CONNECT"],
        Kind::Function | Kind::Procedure | Kind::Aggregate => &["EXECUTE"],
        Kind::Enum | Kind::Composite | Kind::Domain | Kind::Range | Kind::BaseType => &["USAGE"],
        Kind::Language | Kind::ForeignDataWrapper | Kind::Server => &["USAGE"],
        _ => &[],
    }
}

/// What `acldefault` gives (src/backend/utils/adt/acl.c).
pub fn built_in(kind: Kind, major: u32) -> Grants {
    let mut grants = Grants::new();
    if matches!(kind, Kind::Column | Kind::ViewColumn) {
        return grants;
    }
    let every = every_privilege(kind, major).iter().map(|privilege| ((*privilege).to_owned(), false)).collect::<BTreeMap<_, _>>();
    if matches!(kind, Kind::Function | Kind::Procedure | Kind::Aggregate | Kind::Language | Kind::Enum | Kind::Composite | Kind::Domain | Kind::Range | Kind::BaseType) {
        grants.insert(Grantee::Public, every.clone());
    }
    if kind == Kind::Database {
        grants.insert(Grantee::Public, ["TEMPORARY", "CONNECT"].map(|privilege| (privilege.to_owned(), false)).into());
    }
    grants.insert(Grantee::Owner, every);
    grants
}

/// Reads the privilege, `true` or `false`, and `o`, `p` or `r<role>`, as the catalog queries put them together.
pub fn grants_of(entries: &[String]) -> Grants {
    let mut grants = Grants::new();
    for entry in entries {
        let mut parts = entry.splitn(3, '\t');
        let (Some(privilege), Some(grantable), Some(holder)) = (parts.next(), parts.next(), parts.next()) else { continue };
        *grants.entry(holder_of(holder)).or_default().entry(privilege.to_owned()).or_default() |= grantable == "true";
    }
    grants
}

fn holder_of(text: &str) -> Grantee {
    match text.split_at_checked(1) {
        Some(("o", _)) => Grantee::Owner,
        Some(("r", role)) => Grantee::Role(Ident::new(role)),
        _ => Grantee::Public,
    }
}

/// As [`grants_of`], with `<n>:<role>` before the holder: the name of who granted, of `n` characters; of none where the owner did.
pub fn privileges_of(entries: &[String]) -> Privileges {
    let mut privileges = Privileges::default();
    for entry in entries {
        let mut parts = entry.splitn(3, '\t');
        let (Some(privilege), Some(grantable), Some(roles)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let Some((count, roles)) = roles.split_once(':') else { continue };
        let end = count.parse().ok().and_then(|count| roles.char_indices().nth(count)).map_or(roles.len(), |(at, _)| at);
        let (grantor, holder) = roles.split_at(end);
        let held = if grantor.is_empty() {
            privileges.grants.entry(holder_of(holder)).or_default()
        } else {
            privileges.delegated.entry((Ident::new(grantor), holder_of(holder))).or_default()
        };
        *held.entry(privilege.to_owned()).or_default() |= grantable == "true";
    }
    privileges
}

/// What a new object has before anybody grants anything: built-in privileges and the default privileges that are in force
/// before the plan (`ALTER DEFAULT PRIVILEGES` comes last in a plan).
pub fn at_birth(target: &ObjectId, shall_have: &Grants, cx: &Cx<'_>) -> Grants {
    super::default_privileges::at_birth(target, shall_have, cx.from, cx.major())
}

/// The columns of a relation on which there are privileges. System columns are no objects, so that their privileges are parts of the table.
pub(super) fn on_columns(relation: &ObjectId, catalog: &Catalog) -> Vec<ObjectId> {
    let of = |id: &ObjectId| id.target().filter(|_| id.kind == Kind::Privileges).filter(|target| target.kind.is_dotted()).cloned();
    let own = catalog.children(relation).filter(|part| part.kind.is_dotted() && catalog.contains(&ObjectId::of(Kind::Privileges, (*part).clone())));
    own.cloned().chain(catalog.children(relation).filter_map(of)).collect()
}

impl Object {
    /// The statements that take from what is made or changed what default privileges give it, where it shall have the built-in
    /// privileges alone; for that, no object of the catalog stands.
    pub fn undone_births(id: &ObjectId, cx: &Cx<'_>) -> Vec<(ObjectId, Vec<Step>)> {
        let behind = |catalog: &Catalog| catalog.object(id).and_then(Object::sequence_behind);
        let sequence = behind(cx.to).filter(|sequence| !cx.stays(id) || behind(cx.from).as_ref() != Some(sequence));
        let made = Some(id.clone()).filter(|id| !cx.stays(id));
        made.into_iter().chain(sequence).filter_map(|target| Self::undone_birth(&target, cx)).collect()
    }

    /// `None` where there is nothing to take.
    fn undone_birth(target: &ObjectId, cx: &Cx<'_>) -> Option<(ObjectId, Vec<Step>)> {
        let id = ObjectId::of(Kind::Privileges, target.clone());
        let wanted = built_in(target.kind, cx.major());
        if wanted.is_empty() || cx.to.contains(&id) {
            return None;
        }
        let steps = transfer::steps(&id, &at_birth(target, &wanted, cx).into(), &wanted.into(), cx);
        (!steps.is_empty()).then_some((id, steps))
    }
}

impl ObjectDef for Privileges {
    const KIND: Kind = Kind::Privileges;
    const QUERY: &'static str = include_str!("privileges.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let privileges = privileges_of(&row.get::<Vec<String>>("grants")?);
        if privileges == grants_of(&row.get::<Vec<String>>("built_in")?).into() {
            return Ok(None);
        }
        Found::satellite(Kind::Privileges, privileges, row).map(Some)
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Some(target) = id.target() else { return Vec::new() };
        if transfer::was_there(target, cx) {
            return transfer::steps(id, &built_in(target.kind, cx.major()).into(), self, cx);
        }
        let options = super::default_privileges::options_at_birth(target, &self.grants, cx.from);
        let mut without = options.clone();
        without.values_mut().flat_map(BTreeMap::values_mut).for_each(|option| *option = false);
        let mut steps = steps_between(target, &options.into(), &without.into(), cx);
        steps.extend(transfer::steps(id, &at_birth(target, &self.grants, cx).into(), self, cx));
        steps
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let Some(target) = id.target() else { return Vec::new() };
        transfer::steps(id, self, &built_in(target.kind, cx.major()).into(), cx)
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        Change::InPlace(transfer::steps(id, pair.from, pair.to, cx))
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        true
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        Vec::new()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        Vec::new()
    }
}
