//! Row security policies.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::view::locked;
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Hazard, Ident, LockMode, ObjectId, Pair, Step, quote_ident};

/// A row security policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// AS PERMISSIVE, or RESTRICTIVE.
    pub permissive: bool,
    /// FOR: `ALL`, `SELECT`, `INSERT`, `UPDATE`, `DELETE`.
    pub command: String,
    /// TO: role names quoted, or PUBLIC; sorted.
    pub roles: Vec<String>,
    /// USING.
    pub using: Option<Expr>,
    /// WITH CHECK.
    pub check: Option<Expr>,
}

/// What a policy is for everybody.
const PUBLIC: &str = "PUBLIC";

impl Policy {
    /// The roles that it is for, but for PUBLIC.
    pub fn named_roles(&self) -> Vec<Ident> {
        let unquoted = |role: &String| match role.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(quoted) => Ident::new(&quoted.replace("\"\"", "\"")),
            None => Ident::new(role),
        };
        self.roles.iter().filter(|role| *role != PUBLIC).map(unquoted).collect()
    }

    fn definition(&self, id: &ObjectId) -> String {
        let Self { permissive, command, roles, using, check } = self;
        let mut sql = format!("CREATE POLICY {}", id.spelled());
        if !permissive {
            sql.push_str(" AS RESTRICTIVE");
        }
        if command != "ALL" {
            sql.push_str(&format!(" FOR {command}"));
        }
        if roles.iter().any(|role| role != PUBLIC) {
            sql.push_str(&format!(" TO {}", roles.join(", ")));
        }
        if let Some(using) = using {
            sql.push_str(&format!(" USING ({using})"));
        }
        if let Some(check) = check {
            sql.push_str(&format!(" WITH CHECK ({check})"));
        }
        sql
    }
}

fn step(id: &ObjectId, sql: String, words: &str, cx: &Cx<'_>) -> Step {
    let step = Step::new(sql, format!("{words} policy {}", id.spelled()));
    let stays = id.qname().and_then(|name| cx.from.relation(name)).is_some_and(|(table, _)| cx.stays(table));
    if stays { locked(step, id, LockMode::AccessExclusive) } else { step }
}

impl ObjectDef for Policy {
    const KIND: Kind = Kind::Policy;
    const QUERY: &'static str = include_str!("policy.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_policy", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let table = row.qname("nspname", "relname")?;
        let id = ObjectId::on(Kind::Policy, table.clone(), row.ident("polname")?);
        let command = match row.char("polcmd")? {
            '*' => "ALL",
            'r' => "SELECT",
            'a' => "INSERT",
            'w' => "UPDATE",
            'd' => "DELETE",
            other => return Err(ReadError::Unknown { object: id.to_string(), column: "polcmd", value: other.to_string() }),
        };
        let mut roles: Vec<String> = row.get::<Vec<String>>("roles")?.iter().map(|role| quote_ident(role)).collect();
        if row.get("is_public")? {
            roles.push(PUBLIC.to_owned());
        }
        roles.sort();
        let policy = Self {
            permissive: row.get("polpermissive")?,
            command: command.to_owned(),
            roles,
            using: row.opt_expr("using_expr", &id)?,
            check: row.opt_expr("check_expr", &id)?,
        };
        Ok(Some(Found::child(id, policy, ObjectId::in_schema(Kind::Table, table))))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        vec![step(id, self.definition(id), "create", cx)]
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let step = step(id, format!("DROP POLICY {}", id.spelled()), "drop", cx);
        if cx.to.contains(id) {
            return vec![step];
        }
        let rows = if self.permissive { "rows that it let through are hidden" } else { "rows that it hid can be seen" };
        vec![step.hazard(Hazard::Breaks(rows.to_owned()))]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { permissive, command, roles, using, check } = pair.to;
        let from = pair.from;
        // ALTER POLICY cannot take a clause away, and PostgreSQL makes a missing WITH CHECK the same as USING only at creation.
        let lost = |old: &Option<Expr>, new: &Option<Expr>| old.is_some() && new.is_none();
        if *permissive != from.permissive || *command != from.command || lost(&from.using, using) || lost(&from.check, check) {
            return Change::Replace;
        }
        let mut sql = format!("ALTER POLICY {}", id.spelled());
        if *roles != from.roles {
            sql.push_str(&format!(" TO {}", roles.join(", ")));
        }
        for (word, old, new) in [("USING", &from.using, using), ("WITH CHECK", &from.check, check)] {
            if let Some(new) = new
                && old.as_ref() != Some(new)
            {
                sql.push_str(&format!(" {word} ({new})"));
            }
        }
        Change::InPlace(vec![step(id, sql, "change", cx)])
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    /// PostgreSQL refuses to change the type of a column that a policy uses.
    fn withstands(&self, _: &ObjectId, disturbed: &ObjectId) -> bool {
        disturbed.kind != Kind::Column
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        Vec::new()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        self.using.iter_mut().chain(&mut self.check).collect()
    }
}

/// How a role of TO is spelled: names quoted, PUBLIC bare.
pub fn spell_role(role: Option<&Ident>) -> String {
    role.map_or_else(|| PUBLIC.to_owned(), Ident::quoted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Catalog, QName};

    fn sample() -> Policy {
        Policy {
            permissive: true,
            command: "ALL".to_owned(),
            roles: vec![spell_role(None)],
            using: Some(Expr::new("a = 1")),
            check: None,
        }
    }

    fn with_cx<T>(test: impl FnOnce(&ObjectId, &Cx<'_>) -> T) -> T {
        let (none, created) = (Catalog::empty(17), BTreeSet::new());
        let id = ObjectId::on(Kind::Policy, QName::new("s", "t"), "P");
        test(&id, &Cx { from: &none, to: &none, online: true, created: &created })
    }

    #[test]
    fn says_what_is_not_the_default() {
        let sql = |policy: &Policy| {
            with_cx(|id, cx| policy.create(id, &BTreeSet::new(), cx).first().map(|step| step.sql.clone()).unwrap_or_default())
        };
        assert_eq!(sql(&sample()), "CREATE POLICY \"P\" ON s.t USING (a = 1)");
        let full = Policy {
            permissive: false,
            command: "UPDATE".to_owned(),
            roles: vec![spell_role(Some(&Ident::new("R")))],
            check: Some(Expr::new("b")),
            ..sample()
        };
        assert_eq!(sql(&full), "CREATE POLICY \"P\" ON s.t AS RESTRICTIVE FOR UPDATE TO \"R\" USING (a = 1) WITH CHECK (b)");
    }

    #[test]
    fn clauses_are_changed_and_added_but_not_taken_away() {
        let change = |to: &Policy| with_cx(|id, cx| Policy::alter(id, Pair::new(&sample(), to), cx));
        let sql = |to: &Policy| match change(to) {
            Change::InPlace(steps) => steps.into_iter().map(|step| step.sql).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        let to = Policy { roles: vec!["r".to_owned()], using: Some(Expr::new("a = 2")), check: Some(Expr::new("b")), ..sample() };
        assert_eq!(sql(&to), ["ALTER POLICY \"P\" ON s.t TO r USING (a = 2) WITH CHECK (b)"]);
        assert_eq!(change(&Policy { using: None, ..sample() }), Change::Replace);
        assert_eq!(change(&Policy { command: "SELECT".to_owned(), ..sample() }), Change::Replace);
    }
}
