//! From what the server has to what files say.

use std::collections::BTreeMap;

use super::{Flag, Role, Roles, memberships};
use crate::model::{Hazard, Ident, Pair, Step, quote_literal};
use crate::object::database::{block, whatever_its_name};
use crate::object::routine::{Setting, spelled_parameter};

/// Steps about roles: those that come before all others, and those that come after them.
#[derive(Debug, Default)]
pub struct Changes {
    /// What others may name.
    pub first: Vec<Step>,
    /// What nobody may name any longer.
    pub last: Vec<Step>,
}

impl Changes {
    /// Puts the other steps in between.
    #[must_use]
    pub fn around(self, steps: Vec<Step>) -> Vec<Step> {
        self.first.into_iter().chain(steps).chain(self.last).collect()
    }
}

/// Up and down. A role that up creates, down leaves: other databases of the server may use it by then.
pub fn changes(present: &Roles, said: &Roles, major: u32) -> [Changes; 2] {
    let (after, back) = (overlaid(present, said), back(present, said));
    let (mut up, mut down) = (between(present, said), between(&after, &back));
    let by = present.grantor.as_ref();
    let gone = |name: &Ident| said.dropped().any(|dropped| dropped == name);
    up.first.extend(memberships::steps(Pair::new(&present.members, &after.members), by, major, gone));
    down.first.extend(memberships::steps(Pair::new(&after.members, &present.members), by, major, |_| false));
    [up, down]
}

fn between(from: &Roles, to: &Roles) -> Changes {
    let mut changes = Changes::default();
    for (name, wanted) in &to.roles {
        match (from.roles.get(name), wanted.dropped) {
            (Some(_), true) => changes.last.push(drop_role(name)),
            (None, true) => {}
            (present, false) => role_steps(name, present, wanted, &mut changes.first),
        }
    }
    setting_steps("ALL", &from.for_all, &to.for_all, to.resets_for_all, &mut changes.first);
    if let Some(owner) = to.database_owner.as_ref().filter(|owner| from.database_owner.as_ref() != Some(*owner)) {
        let sql = whatever_its_name(|name| format!("ALTER DATABASE {name} OWNER TO {owner}"));
        changes.first.push(Step::new(sql, format!("give the database to {owner}")));
    }
    changes
}

fn drop_role(name: &Ident) -> Step {
    let lost = Hazard::Loss(format!("role {name} with its password, for every database of the server"));
    Step::new(format!("DROP ROLE {name}"), format!("drop role {name}")).hazard(lost)
}

fn role_steps(name: &Ident, present: Option<&Role>, wanted: &Role, steps: &mut Vec<Step>) {
    match present {
        None if wanted.whole => steps.push(create(name, wanted)),
        _ => {
            let clauses = clauses(wanted, present);
            if !clauses.is_empty() {
                let clauses = clauses.join(" ");
                steps.push(Step::new(format!("ALTER ROLE {name} {clauses}"), format!("change role {name}: {clauses}")));
            }
        }
    }
    let none = BTreeMap::new();
    setting_steps(&name.quoted(), present.map_or(&none, |role| &role.settings), &wanted.settings, wanted.whole || wanted.resets, steps);
    let comment = present.and_then(|role| role.comment.clone()).unwrap_or_default();
    if let Some(text) = wanted.comment.as_ref().filter(|text| **text != comment) {
        let value = if text.is_empty() { "NULL".to_owned() } else { quote_literal(text) };
        steps.push(Step::new(format!("COMMENT ON ROLE {name} IS {value}"), format!("comment on role {name}")));
    }
}

/// Another database of the server may have brought the role meanwhile.
fn create(name: &Ident, wanted: &Role) -> Step {
    let clauses: String = clauses(wanted, Some(&Role::born())).iter().map(|clause| format!(" {clause}")).collect();
    let there = format!("SELECT 1 FROM pg_catalog.pg_roles r WHERE r.rolname = {}", quote_literal(name.as_str()));
    let sql = block(&format!("BEGIN IF NOT EXISTS ({there}) THEN CREATE ROLE {name}{clauses}; END IF; END"));
    let step = Step::new(sql, format!("create role {name}"));
    if wanted.has_password {
        return step.hazard(Hazard::Assumes(format!("somebody sets the password of {name} afterwards: plans hold no secrets")));
    }
    step
}

/// What is wanted and not so.
fn clauses(wanted: &Role, present: Option<&Role>) -> Vec<String> {
    let is = |flag: &Flag| present.and_then(|role| role.flags.get(flag));
    let flags = wanted.flags.iter().filter(|(flag, on)| is(flag) != Some(on));
    let mut clauses: Vec<String> = flags.map(|(flag, on)| format!("{}{}", if *on { "" } else { "NO" }, flag.keyword())).collect();
    if let Some(limit) = wanted.limit.filter(|limit| present.and_then(|role| role.limit) != Some(*limit)) {
        clauses.push(format!("CONNECTION LIMIT {limit}"));
    }
    let until = present.and_then(|role| role.valid_until.as_deref()).unwrap_or_default();
    if let Some(text) = wanted.valid_until.as_deref().filter(|text| *text != until) {
        clauses.push(format!("VALID UNTIL {}", quote_literal(if text.is_empty() { "infinity" } else { text })));
    }
    clauses
}

type Settings = BTreeMap<String, Option<Setting>>;

fn setting_steps(whose: &str, from: &Settings, to: &Settings, whole: bool, steps: &mut Vec<Step>) {
    let mut step = |clause: String| {
        steps.push(Step::new(format!("ALTER ROLE {whose} {clause}"), format!("let sessions of {whose} begin otherwise: {clause}")));
    };
    for name in from.keys().filter(|name| whole && !to.contains_key(*name)) {
        step(format!("RESET {}", spelled_parameter(name)));
    }
    for (name, setting) in to {
        let present = from.get(name).and_then(Option::as_ref);
        match setting {
            Some(wanted) if present != Some(wanted) => step(wanted.spelled()),
            None if present.is_some() => step(format!("RESET {}", spelled_parameter(name))),
            _ => {}
        }
    }
}

/// What the server has once what files say is done.
fn overlaid(present: &Roles, said: &Roles) -> Roles {
    let mut after = present.clone();
    for (name, role) in &said.roles {
        if role.dropped {
            after.roles.remove(name);
        } else {
            let now = after.roles.entry(name.clone()).or_insert_with(Role::born);
            now.flags.extend(&role.flags);
            now.limit = role.limit.or(now.limit);
            now.valid_until = role.valid_until.clone().or(now.valid_until.take());
            now.comment = role.comment.clone().or(now.comment.take());
            if role.whole || role.resets {
                now.settings.clear();
            }
            now.settings.extend(role.settings.clone());
            now.settings.retain(|_, setting| setting.is_some());
        }
    }
    after.database_owner = said.database_owner.clone().or(after.database_owner);
    if said.resets_for_all {
        after.for_all.clear();
    }
    after.for_all.extend(said.for_all.clone());
    after.for_all.retain(|_, setting| setting.is_some());
    after.members = memberships::wanted(present, said);
    after
}

/// What was so of all that is said.
fn back(present: &Roles, said: &Roles) -> Roles {
    let mut back = Roles::default();
    for (name, said) in &said.roles {
        let Some(was) = present.roles.get(name) else { continue };
        let mut role = was.clone();
        if !said.dropped {
            role.whole = said.whole;
            role.flags.retain(|flag, _| said.flags.contains_key(flag));
            role.limit = said.limit.and(role.limit);
            role.valid_until = said.valid_until.as_ref().and(role.valid_until);
            role.comment = said.comment.as_ref().and(role.comment);
            role.resets = said.resets;
            if !said.whole && !said.resets {
                role.settings = reset(&was.settings, &said.settings);
            }
        }
        // Its password was nobody's to remember.
        role.has_password = said.dropped;
        back.roles.insert(name.clone(), role);
    }
    back.database_owner = said.database_owner.as_ref().and(present.database_owner.clone());
    back.resets_for_all = said.resets_for_all;
    back.for_all = if said.resets_for_all { present.for_all.clone() } else { reset(&present.for_all, &said.for_all) };
    back
}

fn reset(was: &Settings, said: &Settings) -> Settings {
    said.keys().map(|name| (name.clone(), was.get(name).cloned().flatten())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Catalog;
    use crate::object::{Session, server_role};
    use crate::sql;

    fn roles(text: &str) -> Roles {
        let session = Session::new(Catalog::empty(17));
        let mut roles = Roles::default();
        for statement in sql::parse_script(text).unwrap_or_default() {
            let node = statement.node.node.unwrap_or_else(|| panic!("{text}"));
            server_role::interpret(&node, &mut roles, &session).unwrap_or_else(|error| panic!("{text}: {error}"));
        }
        roles
    }

    fn sql(present: &str, said: &str, major: u32) -> [Vec<String>; 2] {
        changes(&roles(present), &roles(said), major).map(|all| all.around(Vec::new()).into_iter().map(|step| step.sql).collect())
    }

    #[test]
    fn what_is_said_is_made_so_and_back() {
        let present = "CREATE ROLE a LOGIN; CREATE ROLE b; ALTER ROLE b SET jit = off; GRANT a TO b";
        let [up, down] = sql(present, "ALTER ROLE a NOLOGIN; ALTER ROLE b SET work_mem = '1MB'; GRANT a TO b WITH ADMIN OPTION", 17);
        assert_eq!(up, ["ALTER ROLE a NOLOGIN", "ALTER ROLE b SET work_mem TO '1MB'", "GRANT a TO b WITH ADMIN TRUE"]);
        assert_eq!(down, ["ALTER ROLE a LOGIN", "ALTER ROLE b RESET work_mem", "GRANT a TO b WITH ADMIN FALSE"]);
        assert_eq!(sql(present, present, 15), [Vec::<String>::new(), Vec::new()]);
        assert_eq!(sql(present, "GRANT a TO b WITH ADMIN OPTION", 15)[1], ["REVOKE ADMIN OPTION FOR a FROM b"]);
    }

    #[test]
    fn roles_stay_unless_a_statement_drops_them() {
        let [up, down] = sql("", "CREATE USER a PASSWORD 'geheim'; CREATE ROLE b; GRANT b TO a", 17);
        assert!(up[0].contains("CREATE ROLE a LOGIN; END IF") && !up.concat().contains("geheim"), "{up:?}");
        assert_eq!((up.len(), down.as_slice()), (3, &["REVOKE b FROM a".to_owned()][..]));
        let [up, down] = sql("CREATE ROLE a CREATEDB; CREATE ROLE b; GRANT b TO a", "DROP ROLE a", 17);
        assert_eq!((up.as_slice(), down.len()), (&["DROP ROLE a".to_owned()][..], 2));
        assert!(down[0].contains("CREATE ROLE a CREATEDB;") && down[1] == "GRANT b TO a", "{down:?}");
        assert_eq!(sql("", "DROP ROLE IF EXISTS a", 17)[0], Vec::<String>::new());
    }

    #[test]
    fn memberships_among_roles_that_the_files_make_are_theirs() {
        let present = "CREATE ROLE a; CREATE ROLE b; CREATE ROLE c; GRANT a TO b; GRANT a TO c; ALTER ROLE a SET jit = off";
        let [up, down] = sql(present, "CREATE ROLE a; CREATE ROLE b", 17);
        assert_eq!(up, ["ALTER ROLE a RESET jit", "REVOKE a FROM b"]);
        assert_eq!(down, ["ALTER ROLE a SET jit TO 'off'", "GRANT a TO b"]);
    }
}
