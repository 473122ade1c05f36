//! Rewrite rules other than a view's own.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::trigger::Firing;
use super::view::locked;
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Hazard, Ident, Key, LockMode, ObjectId, Pair, Step};
use crate::sql::{self, NodeEnum, ParseError, protobuf};

/// A rewrite rule other than a view's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// ON: `INSERT`, `UPDATE`, `DELETE`, or `SELECT`.
    pub event: String,
    /// WHERE.
    pub condition: Option<Expr>,
    /// DO INSTEAD, or DO ALSO.
    pub instead: bool,
    /// The statements; none is NOTHING.
    pub actions: Vec<Expr>,
    /// ENABLE, DISABLE, ...
    pub firing: Firing,
}

impl Rule {
    /// What a CREATE RULE statement says, its names qualified.
    ///
    /// # Errors
    /// A tree that does not deparse, or an event that rules cannot have.
    pub fn of_statement(statement: &protobuf::RuleStmt) -> Result<Self, ParseError> {
        use protobuf::CmdType;
        let event = match statement.event() {
            CmdType::CmdSelect => "SELECT",
            CmdType::CmdInsert => "INSERT",
            CmdType::CmdUpdate => "UPDATE",
            CmdType::CmdDelete => "DELETE",
            _ => return Err(ParseError::whole("the rule is for an event that rules cannot have")),
        };
        let condition = statement.where_clause.as_ref().map(|condition| sql::deparse_expr(condition)).transpose()?;
        let actions = statement.actions.iter().map(|action| sql::deparse_stmt(action).map(Expr::new)).collect::<Result<_, _>>()?;
        Ok(Self { event: event.to_owned(), condition: condition.map(Expr::new), instead: statement.instead, actions, firing: Firing::Origin })
    }

    fn definition(&self, id: &ObjectId, verb: &str) -> String {
        let Self { event, condition, instead, actions, firing: _ } = self;
        let Key::OnRelation(relation, name) = &id.key else { return String::new() };
        let condition = condition.as_ref().map(|condition| format!(" WHERE {condition}")).unwrap_or_default();
        let actions = match actions.as_slice() {
            [] => "NOTHING".to_owned(),
            [only] => only.sql.clone(),
            several => format!("({})", several.iter().map(|action| action.sql.as_str()).collect::<Vec<_>>().join("; ")),
        };
        format!("{verb} RULE {name} AS ON {event} TO {relation}{condition} DO {} {actions}", if *instead { "INSTEAD" } else { "ALSO" })
    }
}

fn step(id: &ObjectId, sql: String, words: &str, cx: &Cx<'_>) -> Step {
    let step = Step::new(sql, format!("{words} rule {}", id.spelled()));
    let stays = id.qname().and_then(|name| cx.from.relation(name)).is_some_and(|(relation, _)| cx.stays(relation));
    if stays { locked(step, id, LockMode::AccessExclusive) } else { step }
}

/// `ALTER TABLE .. ENABLE RULE`.
fn fire(id: &ObjectId, firing: Firing, cx: &Cx<'_>) -> Step {
    let relation = id.qname().map(ToString::to_string).unwrap_or_default();
    let name = id.name().map(Ident::quoted).unwrap_or_default();
    step(id, format!("ALTER TABLE {relation} {} RULE {name}", firing.clause()), "change when it applies,", cx)
}

impl ObjectDef for Rule {
    const KIND: Kind = Kind::Rule;
    const QUERY: &'static str = include_str!("rule.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let relation = row.qname("nspname", "relname")?;
        let id = ObjectId::on(Kind::Rule, relation.clone(), row.ident("rulename")?);
        let text: String = row.get("definition")?;
        let error = |source| ReadError::Text { object: id.to_string(), source };
        let statement = match sql::parse_printed(&text).map_err(error)?.node {
            Some(NodeEnum::RuleStmt(statement)) => statement,
            _ => return Err(ReadError::Unknown { object: id.to_string(), column: "definition", value: text }),
        };
        let firing = Firing::read(row, "ev_enabled", &id)?;
        let rule = Self { firing, ..Self::of_statement(&statement).map_err(error)? };
        let kind = match row.char("relkind")? {
            'v' => Kind::View,
            'm' => Kind::MaterializedView,
            _ => Kind::Table,
        };
        Ok(Some(Found::child(id, rule, ObjectId::in_schema(kind, relation))))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let firing = (self.firing != Firing::Origin).then(|| fire(id, self.firing, cx));
        [step(id, self.definition(id, "CREATE"), "create", cx)].into_iter().chain(firing).collect()
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let step = step(id, format!("DROP RULE {}", id.spelled()), "drop", cx);
        let stays = cx.to.contains(id);
        vec![if stays { step } else { step.hazard(Hazard::Breaks(format!("{} does what it does without the rule", self.event))) }]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { event: _, condition: _, instead: _, actions: _, firing } = pair.to;
        if pair.to.actions.iter().any(|action| cx.holds_what_goes(id, &action.sql)) {
            return Change::Replace;
        }
        let mut steps = Vec::new();
        // CREATE OR REPLACE leaves alone when the rule applies (`InsertRule` of src/backend/rewrite/rewriteDefine.c).
        if (Self { firing: *firing, ..pair.from.clone() }) != *pair.to {
            steps.push(step(id, pair.to.definition(id, "CREATE OR REPLACE"), "change", cx));
        }
        if *firing != pair.from.firing {
            steps.push(fire(id, *firing, cx));
        }
        Change::InPlace(steps)
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    /// PostgreSQL refuses to change the type of a column that a rule uses.
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
        self.condition.iter_mut().chain(&mut self.actions).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Catalog, QName};

    fn rule(text: &str) -> Result<Rule, ParseError> {
        match sql::parse_one(text)?.node {
            Some(NodeEnum::RuleStmt(statement)) => Rule::of_statement(&statement),
            _ => Err(ParseError::whole("no rule")),
        }
    }

    #[test]
    fn statements_come_back_in_one_spelling() -> Result<(), ParseError> {
        let id = ObjectId::on(Kind::Rule, QName::new("s", "t"), "R");
        for text in [
            "CREATE RULE \"R\" AS ON UPDATE TO s.t WHERE old.a <> new.a DO ALSO (DELETE FROM s.u; UPDATE s.v SET b = 1 WHERE a = old.a)",
            "CREATE RULE \"R\" AS ON DELETE TO s.t DO INSTEAD NOTHING",
            "CREATE RULE \"R\" AS ON INSERT TO s.t DO ALSO NOTIFY \"C d\"",
            "CREATE RULE \"R\" AS ON INSERT TO s.t DO INSTEAD INSERT INTO s.u (a) VALUES (new.a) RETURNING a, now() - b AS x",
        ] {
            assert_eq!(rule(text)?.definition(&id, "CREATE"), text);
        }
        Ok(())
    }

    #[test]
    fn replacing_leaves_alone_when_it_applies() -> Result<(), ParseError> {
        let (none, created) = (Catalog::empty(17), BTreeSet::new());
        let cx = Cx { from: &none, to: &none, online: true, created: &created };
        let id = ObjectId::on(Kind::Rule, QName::new("s", "t"), "r");
        let from = Rule { firing: Firing::Disabled, ..rule("CREATE RULE r AS ON DELETE TO s.t DO INSTEAD NOTHING")? };
        let to = Rule { instead: false, ..from.clone() };
        let sql = |to: &Rule| match Rule::alter(&id, Pair::new(&from, to), &cx) {
            Change::InPlace(steps) => steps.into_iter().map(|step| step.sql).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        assert_eq!(sql(&to), ["CREATE OR REPLACE RULE r AS ON DELETE TO s.t DO ALSO NOTHING"]);
        assert_eq!(sql(&Rule { firing: Firing::Always, ..from.clone() }), ["ALTER TABLE s.t ENABLE ALWAYS RULE r"]);
        Ok(())
    }
}
