//! Functions and window functions. Key: `Key::Routine`, with the types of IN, INOUT and VARIADIC arguments.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::routine::{self, Argument, Body, Parallel, Setting, Volatility};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename};
use super::rename::FunctionAs;
use crate::model::{Expr, Hazard, Ident, Key, ObjectId, Pair, Step, TypeName};

/// A function or window function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// Arguments of every mode, in order.
    pub arguments: Vec<Argument>,
    /// What stands behind RETURNS, as `pg_get_function_result` spells it.
    pub returns: String,
    /// The language.
    pub language: Ident,
    /// The body.
    pub body: Body,
    /// WINDOW.
    pub window: bool,
    /// IMMUTABLE, STABLE, VOLATILE.
    pub volatility: Volatility,
    /// PARALLEL.
    pub parallel: Parallel,
    /// STRICT.
    pub strict: bool,
    /// SECURITY DEFINER.
    pub security_definer: bool,
    /// LEAKPROOF.
    pub leakproof: bool,
    /// COST as the catalog holds it, in text so that it compares exactly.
    pub cost: String,
    /// ROWS, `0` where it returns no set.
    pub rows: String,
    /// SUPPORT.
    pub support: Option<String>,
    /// SET .. TO.
    pub config: Vec<Setting>,
    /// TRANSFORM FOR TYPE.
    pub transforms: Vec<String>,
}

/// What decides whether CREATE OR REPLACE takes a new result.
#[derive(PartialEq)]
struct Shape<'a> {
    set: bool,
    type_name: &'a str,
    columns: Option<Vec<(Option<&'a Ident>, &'a TypeName)>>,
}

impl Function {
    /// COST where nothing is said of it (`CreateFunction` of src/backend/commands/functioncmds.c).
    pub fn default_cost(language: &Ident) -> &'static str {
        if matches!(language.as_str(), "c" | "internal") { "1" } else { "100" }
    }

    /// ROWS where nothing is said of it.
    pub fn default_rows(returns: &str) -> &'static str {
        if returns.starts_with("SETOF ") || returns.starts_with("TABLE(") { "1000" } else { "0" }
    }

    fn shape(&self) -> Shape<'_> {
        let outputs = routine::outputs(&self.arguments);
        let set = self.returns.strip_prefix("SETOF ");
        if self.returns.starts_with("TABLE(") {
            return match outputs.as_slice() {
                [(_, only)] => Shape { set: true, type_name: &only.0, columns: None },
                _ => Shape { set: true, type_name: "record", columns: Some(outputs) },
            };
        }
        let columns = (outputs.len() > 1).then_some(outputs);
        Shape { set: set.is_some(), type_name: set.unwrap_or(&self.returns), columns }
    }

    /// Why CREATE OR REPLACE FUNCTION does not take `to` in place of this.
    pub fn refusal(&self, to: &Self) -> Option<String> {
        if self.window != to.window {
            return Some("cannot change routine kind".to_owned());
        }
        if self.shape() != to.shape() {
            return Some("cannot change return type of existing function".to_owned());
        }
        routine::refusal(&self.arguments, &to.arguments)
    }

    fn definition(&self, id: &ObjectId, verb: &str) -> String {
        let Self { arguments, returns, language, body, transforms, config, .. } = self;
        let mut lines = vec![format!("{verb} {}({})", routine::name_of(id), routine::spell_arguments(arguments)), format!("RETURNS {returns}")];
        if !transforms.is_empty() {
            lines.push(routine::spell_transforms(transforms));
        }
        lines.push(format!("LANGUAGE {language}"));
        let attributes = self.attributes();
        if !attributes.is_empty() {
            lines.push(attributes);
        }
        lines.extend(config.iter().map(Setting::spelled));
        lines.push(body.spelled("function"));
        lines.join("\n")
    }

    /// What is not as it is where nothing is said.
    fn attributes(&self) -> String {
        let Self {
            arguments: _,
            returns,
            language,
            body: _,
            window,
            volatility,
            parallel,
            strict,
            security_definer,
            leakproof,
            cost,
            rows,
            support,
            config: _,
            transforms: _,
        } = self;
        let mut words = Vec::new();
        words.extend(window.then(|| "WINDOW".to_owned()));
        words.extend((*volatility != Volatility::Volatile).then(|| volatility.spelled().to_owned()));
        words.extend(strict.then(|| "STRICT".to_owned()));
        words.extend(security_definer.then(|| "SECURITY DEFINER".to_owned()));
        words.extend(leakproof.then(|| "LEAKPROOF".to_owned()));
        words.extend((*parallel != Parallel::Unsafe).then(|| parallel.spelled().to_owned()));
        words.extend((cost != Self::default_cost(language)).then(|| format!("COST {cost}")));
        words.extend((rows != Self::default_rows(returns)).then(|| format!("ROWS {rows}")));
        words.extend(support.as_ref().map(|support| format!("SUPPORT {support}")));
        words.join(" ")
    }

    /// What ALTER FUNCTION takes to make `to` of this; `None` where they differ in more, or it would take the whole definition.
    fn alterations(&self, to: &Self) -> Option<Vec<String>> {
        let Self { volatility, parallel, strict, security_definer, leakproof, cost, rows, .. } = to.clone();
        let altered = Self { volatility, parallel, strict, security_definer, leakproof, cost, rows, ..self.clone() };
        if altered != *to {
            return None;
        }
        let mut words = Vec::new();
        words.extend((self.volatility != to.volatility).then(|| to.volatility.spelled().to_owned()));
        words.extend((self.strict != to.strict).then(|| if to.strict { "STRICT" } else { "CALLED ON NULL INPUT" }.to_owned()));
        words.extend(
            (self.security_definer != to.security_definer).then(|| routine::spell_security(to.security_definer).to_owned()),
        );
        words.extend((self.leakproof != to.leakproof).then(|| if to.leakproof { "LEAKPROOF" } else { "NOT LEAKPROOF" }.to_owned()));
        words.extend((self.parallel != to.parallel).then(|| to.parallel.spelled().to_owned()));
        words.extend((self.cost != to.cost).then(|| format!("COST {}", to.cost)));
        words.extend((self.rows != to.rows).then(|| format!("ROWS {}", to.rows)));
        Some(words)
    }
}

impl ObjectDef for Function {
    const KIND: Kind = Kind::Function;
    const QUERY: &'static str = include_str!("function.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let (name, input_types) = routine::read_key(row)?;
        let id = ObjectId::new(Kind::Function, Key::Routine(name, input_types));
        let function = Self {
            arguments: routine::read_arguments(row, &id)?,
            returns: row.get("result")?,
            language: row.ident("lanname")?,
            body: routine::read_body(row, &id)?,
            window: row.char("prokind")? == 'w',
            volatility: Volatility::from_letter(row.char("provolatile")?, &id)?,
            parallel: Parallel::from_letter(row.char("proparallel")?, &id)?,
            strict: row.get("proisstrict")?,
            security_definer: row.get("prosecdef")?,
            leakproof: row.get("proleakproof")?,
            cost: row.get("procost")?,
            rows: row.get("prorows")?,
            support: row.get("support")?,
            config: routine::read_settings(row)?,
            transforms: row.get("transforms")?,
        };
        Ok(Some(Found::new(id, function)))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::new(self.definition(id, "CREATE FUNCTION"), format!("create function {}", id.spelled()))]
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let step = Step::new(format!("DROP FUNCTION {}", id.spelled()), format!("drop function {}", id.spelled()));
        let stays = cx.to.contains(id);
        vec![if stays { step } else { step.hazard(Hazard::Breaks(format!("calls of function {} fail", id.spelled()))) }]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Pair { from, to } = pair;
        if from.refusal(to).is_some() || to.body.holds_what_goes(id, cx) {
            return Change::Replace;
        }
        let sql = match from.alterations(to) {
            Some(words) if words.is_empty() => return Change::InPlace(Vec::new()),
            Some(words) => format!("ALTER FUNCTION {} {}", id.spelled(), words.join(" ")),
            None => to.definition(id, "CREATE OR REPLACE FUNCTION"),
        };
        Change::InPlace(vec![Step::new(sql, format!("change function {}", id.spelled()))])
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    /// A row type in the signature follows its table; a body that was parsed holds on to every column that it uses.
    fn withstands(&self, _: &ObjectId, disturbed: &ObjectId) -> bool {
        !(matches!(self.body, Body::Sql(_)) && matches!(disturbed.kind, Kind::Column | Kind::Attribute | Kind::Composite))
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        routine::slots(id)
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        routine::rename_types(&mut self.arguments, Some(&mut self.returns), from, to);
        rename::follow_global(Kind::Language, &mut self.language, from, to);
        rename::follow_functions(&mut self.support, FunctionAs::Name, from, to);
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        routine::exprs(&mut self.arguments, &mut self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Catalog, QName};
    use crate::object::routine::Mode;

    fn sample() -> Function {
        Function {
            arguments: vec![Argument { mode: Mode::In, name: Some("a".into()), type_name: TypeName("integer".to_owned()), default: None }],
            returns: "SETOF integer".to_owned(),
            language: "sql".into(),
            body: Body::Text("select 1".to_owned()),
            window: false,
            volatility: Volatility::Stable,
            parallel: Parallel::Unsafe,
            strict: true,
            security_definer: false,
            leakproof: false,
            cost: "100".to_owned(),
            rows: "1000".to_owned(),
            support: None,
            config: vec![Setting { name: "search_path".to_owned(), value: "\"\"".to_owned() }],
            transforms: Vec::new(),
        }
    }

    fn change(to: &Function) -> Change {
        let id = ObjectId::new(Kind::Function, Key::Routine(QName::new("s", "f"), vec!["integer".to_owned()]));
        let (none, created) = (Catalog::empty(17), BTreeSet::new());
        Function::alter(&id, Pair::new(&sample(), to), &Cx { from: &none, to: &none, online: true, created: &created })
    }

    fn sql(change: &Change) -> Option<&str> {
        match change {
            Change::InPlace(steps) => steps.first().map(|step| step.sql.as_str()),
            _ => None,
        }
    }

    #[test]
    fn says_only_what_differs_from_the_defaults() {
        let to = Function { body: Body::Text("select 2".to_owned()), ..sample() };
        assert_eq!(
            sql(&change(&to)),
            Some(
                "CREATE OR REPLACE FUNCTION s.f(a integer)\nRETURNS SETOF integer\nLANGUAGE sql\nSTABLE STRICT\n\
                 SET search_path TO ''\nAS $function$select 2$function$"
            )
        );
    }

    #[test]
    fn attributes_change_without_the_body() {
        let to = Function { volatility: Volatility::Volatile, strict: false, rows: "5".to_owned(), ..sample() };
        assert_eq!(sql(&change(&to)), Some("ALTER FUNCTION s.f(integer) VOLATILE CALLED ON NULL INPUT ROWS 5"));
    }

    #[test]
    fn results_are_replaced_where_postgresql_refuses() {
        let returning = |returns: &str, columns: &[&str]| {
            let mut to = Function { returns: returns.to_owned(), ..sample() };
            to.arguments.extend(columns.iter().map(|name| Argument {
                mode: Mode::Table,
                name: Some((*name).into()),
                type_name: TypeName("integer".to_owned()),
                default: None,
            }));
            to
        };
        assert_eq!(change(&returning("integer", &[])), Change::Replace);
        assert_eq!(change(&returning("TABLE(x integer, y integer)", &["x", "y"])), Change::Replace);
        assert!(sql(&change(&returning("TABLE(x integer)", &["x"]))).is_some_and(|sql| sql.contains("RETURNS TABLE(x integer)")));
        assert_eq!(change(&Function { window: true, ..sample() }), Change::Replace);
    }
}
