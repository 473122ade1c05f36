//! CREATE TRIGGER, CREATE and ALTER POLICY, CREATE RULE.

use std::collections::BTreeSet;

use pg_query::NodeEnum;
use pg_query::protobuf::{self, RoleSpecType};

use super::policy::{Policy, spell_role};
use super::rule::Rule;
use super::trigger::Trigger;
use super::{DdlError, Kind, Object, Session, extension_dependency, generic, trigger_copies};
use crate::analyze::Scope;
use crate::model::{Entry, Key, ObjectId};
use crate::sql::{self, literal::names};

/// Trigger functions of PostgreSQL itself.
const BUILT_IN: &[&str] =
    &["suppress_redundant_updates_trigger", "tsvector_update_trigger", "tsvector_update_trigger_column", "unique_key_recheck"];

/// CREATE [OR REPLACE] [CONSTRAINT] TRIGGER.
///
/// # Errors
/// Where the table, the function or a column does not exist, or the trigger does.
pub fn interpret_trigger(stmt: &protobuf::CreateTrigStmt, session: &mut Session) -> Result<(), DdlError> {
    let relation = session.relation_of(&stmt.relation.clone().unwrap_or_default(), &[Kind::Table, Kind::View])?;
    let Some(table) = relation.qname().cloned() else { return Ok(()) };
    let mut needs = Vec::new();
    let mut trigger = Trigger::of_statement(stmt)?;
    if let Some(function) = function(stmt, session)? {
        if let Key::Routine(name, _) = &function.key {
            trigger.function = name.clone();
        }
        needs.push(function);
    }
    if let Some(other) = &stmt.constrrel {
        let other = session.relation(other)?;
        trigger.referenced = other.qname().cloned();
        needs.push(other);
    }
    for column in &trigger.columns {
        needs.push(session.column(&relation, column.as_str())?);
    }
    if let Some(when) = &stmt.when_clause {
        let (expr, found) = session.expression(when, &Scope::Rows(&relation))?;
        trigger.when = Some(expr);
        needs.extend(found.needs);
    }
    let id = ObjectId::on(Kind::Trigger, table, stmt.trigname.as_str());
    if stmt.replace {
        trigger_copies::forget(&id, &mut session.catalog);
        extension_dependency::forget(&id, &mut session.catalog);
    }
    session.add_or_replace(id, Entry::new(trigger, Some(relation)).needing(needs), stmt.replace)
}

/// The function of a trigger; `None` where it is PostgreSQL's own or an extension's.
fn function(stmt: &protobuf::CreateTrigStmt, session: &Session) -> Result<Option<ObjectId>, DdlError> {
    let parts = names(&stmt.funcname);
    let (schema, name) = match parts.as_slice() {
        [.., schema, name] => (schema.as_str(), name.as_str()),
        [name] => ("", name.as_str()),
        [] => ("", ""),
    };
    for candidate in session.candidates(schema, name) {
        let id = ObjectId::new(Kind::Function, Key::Routine(candidate, Vec::new()));
        if session.catalog.contains(&id) {
            return Ok(Some(id));
        }
    }
    let providers = super::extension::function_providers(name);
    if schema == "pg_catalog" || BUILT_IN.contains(&name) {
        return Ok(None);
    }
    if let Some(provider) = providers.iter().map(|name| ObjectId::global(Kind::Extension, *name)).find(|id| session.catalog.contains(id)) {
        return Ok(Some(provider));
    }
    Err(DdlError::Missing { what: "function", name: format!("{}()", super::session::dotted(schema, name)) })
}

/// The roles of TO, each once, as a policy holds them: PUBLIC alone where it is among them (`policy_role_list_to_array` in
/// src/backend/commands/policy.c).
fn roles(nodes: &[pg_query::Node], session: &Session) -> Result<Vec<String>, DdlError> {
    let mut roles = Vec::new();
    for node in nodes {
        let Some(NodeEnum::RoleSpec(spec)) = node.node.as_ref() else { continue };
        roles.push(match spec.roletype() {
            RoleSpecType::RolespecPublic => spell_role(None),
            _ => {
                let role = generic::role(session, spec);
                let unknown = || DdlError::Invalid("a policy for CURRENT_USER depends on who runs the file; name the role".to_owned());
                spell_role(Some(&role.ok_or_else(unknown)?))
            }
        });
    }
    if roles.contains(&spell_role(None)) {
        return Ok(vec![spell_role(None)]);
    }
    roles.sort();
    roles.dedup();
    Ok(roles)
}

/// CREATE POLICY.
///
/// # Errors
/// Where the table or something that an expression names does not exist, or the policy does.
pub fn interpret_policy(stmt: &protobuf::CreatePolicyStmt, session: &mut Session) -> Result<(), DdlError> {
    let relation = session.relation_of(&stmt.table.clone().unwrap_or_default(), &[Kind::Table])?;
    let Some(table) = relation.qname().cloned() else { return Ok(()) };
    let mut needs = Vec::new();
    let mut expression = |node: &Option<Box<pg_query::Node>>| -> Result<_, DdlError> {
        let Some(node) = node else { return Ok(None) };
        let (expr, found) = session.expression(node, &Scope::Table(&relation))?;
        needs.extend(found.needs);
        Ok(Some(expr))
    };
    let (using, check) = (expression(&stmt.qual)?, expression(&stmt.with_check)?);
    let policy =
        Policy { permissive: stmt.permissive, command: stmt.cmd_name.to_uppercase(), roles: roles(&stmt.roles, session)?, using, check };
    session.add(ObjectId::on(Kind::Policy, table, stmt.policy_name.as_str()), Entry::new(policy, Some(relation)).needing(needs))
}

/// ALTER POLICY.
///
/// # Errors
/// Where the policy or something that an expression names does not exist.
pub fn interpret_alter_policy(stmt: &protobuf::AlterPolicyStmt, session: &mut Session) -> Result<(), DdlError> {
    let relation = session.relation_of(&stmt.table.clone().unwrap_or_default(), &[Kind::Table])?;
    let Some(table) = relation.qname().cloned() else { return Ok(()) };
    let id = ObjectId::on(Kind::Policy, table, stmt.policy_name.as_str());
    let expression = |node: &Option<Box<pg_query::Node>>| -> Result<_, DdlError> {
        node.as_ref().map(|node| session.expression(node, &Scope::Table(&relation))).transpose()
    };
    let (using, check) = (expression(&stmt.qual)?, expression(&stmt.with_check)?);
    let roles = roles(&stmt.roles, session)?;
    let Some(Object::Policy(present)) = session.catalog.object(&id) else {
        return Err(DdlError::Missing { what: "policy", name: id.spelled() });
    };
    let mut needs = BTreeSet::from([relation.clone()]);
    for (new, old) in [(&using, &present.using), (&check, &present.check)] {
        match (new, old) {
            (Some((_, found)), _) => needs.extend(found.needs.iter().cloned()),
            (None, Some(old)) => needs.extend(session.expression(&sql::parse_expr(&old.sql)?, &Scope::Table(&relation))?.1.needs),
            (None, None) => {}
        }
    }
    let Some(entry) = session.catalog.get_mut(&id) else { return Err(DdlError::Missing { what: "policy", name: id.spelled() }) };
    let Object::Policy(policy) = &mut entry.object else { return Ok(()) };
    if !roles.is_empty() {
        policy.roles = roles;
    }
    for (clause, new) in [(&mut policy.using, using), (&mut policy.check, check)] {
        if let Some((expr, _)) = new {
            *clause = Some(expr);
        }
    }
    entry.needs = needs.into_iter().collect();
    Ok(())
}

/// CREATE [OR REPLACE] RULE.
///
/// # Errors
/// Where the relation or something that the rule names does not exist, or the rule does.
pub fn interpret_rule(stmt: &protobuf::RuleStmt, session: &mut Session) -> Result<(), DdlError> {
    let relation = session.relation_of(&stmt.relation.clone().unwrap_or_default(), &[Kind::Table, Kind::View])?;
    let Some(name) = relation.qname().cloned() else { return Ok(()) };
    if stmt.event() == protobuf::CmdType::CmdSelect {
        return interpret_query_rule(stmt, &relation, session);
    }
    let mut needs = Vec::new();
    let mut rule = Rule::of_statement(stmt)?;
    if let Some(condition) = &stmt.where_clause {
        let (expr, found) = session.expression(condition, &Scope::Rows(&relation))?;
        rule.condition = Some(expr);
        needs.extend(found.needs);
    }
    rule.actions.clear();
    for action in &stmt.actions {
        let (expr, found, ..) = session.query(action, &Scope::Rows(&relation))?;
        rule.actions.push(expr);
        needs.extend(found.needs);
    }
    let id = ObjectId::on(Kind::Rule, name, stmt.rulename.as_str());
    if stmt.replace
        && let Some(Object::Rule(old)) = session.catalog.remove(&id).map(|entry| entry.object)
    {
        // Whether it fires stays as it was (`InsertRule` in src/backend/rewrite/rewriteDefine.c).
        rule.firing = old.firing;
    }
    session.add(id, Entry::new(rule, Some(relation)).needing(needs))
}

/// The rule of a view on SELECT is its query (`DefineQueryRewrite` in src/backend/rewrite/rewriteDefine.c); a table becomes a view by it
/// until 15.
fn interpret_query_rule(stmt: &protobuf::RuleStmt, relation: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    let Some(Object::View(view)) = session.catalog.object(relation) else {
        return Err(DdlError::Unsupported(format!(
            "CREATE RULE .. ON SELECT of {}, which is no view (write CREATE VIEW),",
            relation.spelled()
        )));
    };
    let options = view.options.clone();
    let [query] = stmt.actions.as_slice() else {
        return Err(DdlError::Invalid("rules on SELECT must have action INSTEAD SELECT".to_owned()));
    };
    let replaced = protobuf::ViewStmt {
        view: stmt.relation.clone(),
        query: Some(Box::new(query.clone())),
        replace: stmt.replace,
        with_check_option: protobuf::ViewCheckOption::NoCheckOption.into(),
        ..Default::default()
    };
    super::view_interpret::interpret_view(&replaced, session)?;
    if let Some(Object::View(view)) = session.catalog.get_mut(relation).map(|entry| &mut entry.object) {
        view.options = options;
    }
    Ok(())
}
