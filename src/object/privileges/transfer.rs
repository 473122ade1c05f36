//! From privileges to privileges: GRANT and REVOKE.

use std::collections::BTreeMap;

use super::super::comment::address_in_words;
use super::super::database::{block, whatever_its_name};
use super::spots::{in_turn, of_part};
use super::{Cx, Grantee, Grants, Kind, Object, Privileges, every_privilege, on_columns};
use crate::model::{Catalog, Ident, Key, ObjectId, Step};

/// One GRANT or REVOKE, without what stands before and behind its object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Whether it gives or takes.
    pub grants: bool,
    /// Only the grant option.
    pub option: bool,
    /// Which privileges.
    pub privileges: Vec<String>,
    /// To or from whom.
    pub holder: Grantee,
}

/// What makes `to` of `from`.
pub fn transfers(from: &Grants, to: &Grants) -> Vec<Transfer> {
    let none = BTreeMap::new();
    let mut found = Vec::new();
    for grants in [false, true] {
        for holder in if grants { to } else { from }.keys() {
            let (before, after) = (from.get(holder).unwrap_or(&none), to.get(holder).unwrap_or(&none));
            let mut add = |option: bool, privileges: Vec<String>| {
                if !privileges.is_empty() {
                    found.push(Transfer { grants, option, privileges, holder: holder.clone() });
                }
            };
            let names = |map: &BTreeMap<String, bool>, keep: &dyn Fn(&str, bool) -> bool| -> Vec<String> {
                map.iter().filter(|(name, option)| keep(name, **option)).map(|(name, _)| name.clone()).collect()
            };
            if grants {
                add(false, names(after, &|name, option| !option && !before.contains_key(name)));
                add(true, names(after, &|name, option| option && before.get(name) != Some(&true)));
            } else {
                add(false, names(before, &|name, _| !after.contains_key(name)));
                add(true, names(before, &|name, option| option && after.get(name) == Some(&false)));
            }
        }
    }
    found
}

/// What says who owns an object, or what it is a part of or belongs to, as far as the catalog says.
pub fn owner_object(catalog: &Catalog, target: &ObjectId) -> Option<ObjectId> {
    let mut at = target.clone();
    loop {
        let owner = at.owner();
        if catalog.contains(&owner) {
            return Some(owner);
        }
        // What stands behind another object has no place of its own.
        let entry = catalog.get(&at).or_else(|| catalog.get(&ObjectId::of(Kind::Privileges, at.clone())))?;
        at = entry.auto.clone().or_else(|| entry.parent.clone())?;
    }
}

/// The role that does.
pub(super) fn owner_in<'a>(catalog: &'a Catalog, target: &ObjectId) -> Option<&'a Ident> {
    match catalog.object(&owner_object(catalog, target)?) {
        Some(Object::Owner(owner)) => Some(&owner.role),
        _ => None,
    }
}

/// The same as far as either side says; `CURRENT_USER` where neither does.
fn owner_of(target: &ObjectId, cx: &Cx<'_>) -> String {
    owner_in(cx.to, target).or_else(|| owner_in(cx.from, target)).map_or_else(|| "CURRENT_USER".to_owned(), Ident::quoted)
}

/// Whether privileges can have been granted on it before the plan.
pub(super) fn was_there(target: &ObjectId, cx: &Cx<'_>) -> bool {
    if cx.to.contains(target) {
        return cx.stays(target);
    }
    let behind = |catalog: &Catalog| {
        let column = catalog.get(&ObjectId::of(Kind::Privileges, target.clone())).and_then(|entry| entry.parent.clone());
        column.filter(|column| catalog.object(column).and_then(Object::sequence_behind).as_ref() == Some(target))
    };
    let column = behind(cx.to).or_else(|| behind(cx.from));
    column.is_some_and(|column| cx.stays(&column) && cx.from.object(&column).and_then(Object::sequence_behind).as_ref() == Some(target))
}

impl Transfer {
    fn list(&self, every: &[&str], columns: Option<&str>) -> String {
        let columns = columns.map(|columns| format!(" ({columns})")).unwrap_or_default();
        if every.len() == self.privileges.len() && every.iter().all(|one| self.privileges.iter().any(|held| held == one)) {
            return format!("ALL{columns}");
        }
        self.privileges.iter().map(|privilege| format!("{privilege}{columns}")).collect::<Vec<_>>().join(", ")
    }

    /// The statement: `place` stands between ON and TO or FROM.
    pub fn statement(&self, prefix: &str, every: &[&str], columns: Option<&str>, place: &str, holder: &str) -> String {
        let list = self.list(every, columns);
        match (self.grants, self.option) {
            (true, true) => format!("{prefix}GRANT {list} ON {place} TO {holder} WITH GRANT OPTION"),
            (true, false) => format!("{prefix}GRANT {list} ON {place} TO {holder}"),
            (false, true) => format!("{prefix}REVOKE GRANT OPTION FOR {list} ON {place} FROM {holder}"),
            (false, false) => format!("{prefix}REVOKE {list} ON {place} FROM {holder}"),
        }
    }
}

/// What is held once the object has the owner that it shall have.
fn after_change_of_owner(from: &Privileges, target: &ObjectId, cx: &Cx<'_>) -> Privileges {
    owner_in(cx.to, target).map_or_else(|| from.clone(), |owner| from.clone().once_owned_by(owner))
}

/// The statements on an object that is managed.
pub(super) fn steps(id: &ObjectId, from: &Privileges, to: &Privileges, cx: &Cx<'_>) -> Vec<Step> {
    let Some(target) = id.target() else { return Vec::new() };
    steps_between(target, &after_change_of_owner(from, target, cx), to, cx)
}

/// The statements that make one of the other. Whoever granted takes it back: nobody else can, and GRANTED BY names none but the current
/// user (docs: GRANT). What hangs on a grant option goes before it, and comes after it.
pub fn steps_between(target: &ObjectId, from: &Privileges, to: &Privileges, cx: &Cx<'_>) -> Vec<Step> {
    let place = Place::of(target, cx);
    let (mut steps, all) = (Vec::new(), transfers(&from.grants, &to.grants));
    let by_others = |granting: bool, steps: &mut Vec<Step>| {
        let mut parts = in_turn(if granting { to } else { from });
        if !granting {
            parts.reverse();
        }
        for (role, part) in parts {
            let mut own = transfers(&of_part(from, &part), &of_part(to, &part));
            own.retain(|transfer| transfer.grants == granting);
            if !own.is_empty() {
                // One statement, so that nothing else is done in the role's name.
                let statements: String = own.iter().map(|transfer| format!("{}; ", place.statement(transfer))).collect();
                let sql = block(&format!("BEGIN SET LOCAL ROLE {role}; {statements}RESET ROLE; END"));
                steps.push(Step::new(sql, format!("{} as {role}", place.summary(granting))));
            }
        }
    };
    by_others(false, &mut steps);
    steps.extend(all.iter().map(|transfer| place.step(transfer)));
    steps.extend(kept_by_columns(target, &all, cx));
    by_others(true, &mut steps);
    steps
}

/// REVOKE of a privilege on a table takes it from the columns too (docs: REVOKE): what these shall have is granted again.
fn kept_by_columns(table: &ObjectId, transfers: &[Transfer], cx: &Cx<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for transfer in transfers.iter().filter(|transfer| !transfer.grants && table.kind.has_columns()) {
        for column in on_columns(table, cx.to) {
            let Some(Object::Privileges(kept)) = cx.to.object(&ObjectId::of(Kind::Privileges, column.clone())) else { continue };
            let Some(held) = kept.grants.get(&transfer.holder) else { continue };
            for option in [false, true] {
                let taken = |privilege: &&String| held.get(*privilege) == Some(&option);
                let privileges: Vec<String> = transfer.privileges.iter().filter(taken).cloned().collect();
                let again = Transfer { grants: true, option, privileges, holder: transfer.holder.clone() };
                steps.extend((!again.privileges.is_empty()).then(|| Place::of(&column, cx).step(&again)));
            }
        }
    }
    steps
}

/// Where GRANT and REVOKE are on.
struct Place<'a> {
    target: &'a ObjectId,
    every: &'static [&'static str],
    name: String,
    column: Option<String>,
    owner: String,
}

impl<'a> Place<'a> {
    fn of(target: &'a ObjectId, cx: &Cx<'_>) -> Self {
        let (name, column) = match &target.key {
            Key::OnRelation(relation, column) => (format!("TABLE {relation}"), Some(column.quoted())),
            // GRANT knows aggregates as functions, which take `()` where DROP AGGREGATE takes `(*)`.
            Key::Routine(name, types) if target.kind == Kind::Aggregate => (format!("FUNCTION {}", Kind::Function.spell_routine(name, types)), None),
            _ => (format!("{} {}", grant_keyword(target.kind), target.spelled()), None),
        };
        Self { target, every: every_privilege(target.kind, cx.major()), name, column, owner: owner_of(target, cx) }
    }

    fn step(&self, transfer: &Transfer) -> Step {
        Step::new(self.statement(transfer), self.summary(transfer.grants))
    }

    fn summary(&self, grants: bool) -> String {
        let words = if grants { "grant privileges on" } else { "revoke privileges on" };
        format!("{words} {}", address_in_words(self.target))
    }

    fn statement(&self, transfer: &Transfer) -> String {
        let holder = match &transfer.holder {
            Grantee::Owner => self.owner.clone(),
            Grantee::Public => "PUBLIC".to_owned(),
            Grantee::Role(role) => role.quoted(),
        };
        let statement = |place: &str| transfer.statement("", self.every, self.column.as_deref(), place, &holder);
        match self.target.kind {
            Kind::Database => whatever_its_name(|name| statement(&format!("DATABASE {name}"))),
            _ => statement(&self.name),
        }
    }
}

/// The word between ON and the name; relations other than sequences are all TABLE, types all TYPE.
const fn grant_keyword(kind: Kind) -> &'static str {
    match kind {
        Kind::View | Kind::MaterializedView => "TABLE",
        Kind::Domain => "TYPE",
        Kind::Server => "FOREIGN SERVER",
        other => other.keyword(),
    }
}

