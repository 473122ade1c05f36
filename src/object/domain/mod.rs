//! Domains.

mod interpret;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use interpret::{interpret_alter, interpret_create};

use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot, rename, typing};
use crate::model::{Expr, Hazard, ObjectId, Pair, QName, Step, TypeName};

/// A domain. Its CHECKs and its NOT NULL are objects of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// The type below.
    pub base: TypeName,
    /// Its collation, where it is not the type's.
    pub collation: Option<QName>,
    /// The default.
    pub default: Option<Expr>,
}

impl Domain {
    /// Columns can be moved to another domain, but a domain not to another base type.
    pub(super) fn swap(&self, id: &ObjectId, cx: &Cx<'_>) -> Change {
        let Some(name) = id.qname() else { return Change::Replace };
        let old = typing::aside([cx.from, cx.to], name);
        let rename =
            Step::new(format!("ALTER DOMAIN {name} RENAME TO {}", old.name), format!("put the old domain {name} aside as {}", old.name))
                .hazard(Hazard::Assumes(format!("the text of every value of {name} can be read as {}", self.base)));
        Change::Swap { aside: vec![rename], gone: vec![Step::new(format!("DROP DOMAIN {old}"), format!("drop the old domain {name}"))] }
    }
}

/// A default as CREATE DOMAIN takes it: `b_expr`, which knows no AND, IN, COLLATE and the like outside of parentheses
/// (src/backend/parser/gram.y). Whatever has a space outside of quotes might be such.
fn default_clause(expr: &Expr) -> String {
    let mut quote = None;
    let spaced = expr.sql.chars().any(|c| {
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            _ => {}
        }
        quote.is_none() && c.is_whitespace()
    });
    if spaced { format!(" DEFAULT ({expr})") } else { format!(" DEFAULT {expr}") }
}

fn set_default(id: &ObjectId, default: Option<&Expr>) -> Step {
    let name = id.spelled();
    match default {
        Some(expr) => Step::new(format!("ALTER DOMAIN {name} SET DEFAULT {expr}"), format!("change the default of domain {name}")),
        None => Step::new(format!("ALTER DOMAIN {name} DROP DEFAULT"), format!("drop the default of domain {name}")),
    }
}

impl ObjectDef for Domain {
    const KIND: Kind = Kind::Domain;
    const QUERY: &'static str = include_str!("domain.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = ObjectId::in_schema(Kind::Domain, row.qname("nspname", "typname")?);
        let object = Self {
            base: row.type_name("base")?,
            collation: row.opt_qname("collation_schema", "collname")?,
            default: row.opt_expr("default_expr", &id)?,
        };
        Ok(Some(Found::new(id, object)))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, parts: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Self { base, collation, default } = self;
        let name = id.spelled();
        let mut sql = format!("CREATE DOMAIN {name} AS {base}{}", typing::collate(collation.as_ref()));
        sql.extend(default.iter().map(default_clause));
        for part in parts {
            if let Some(Object::DomainConstraint(constraint)) = cx.to.object(part) {
                sql.push_str(&format!(" {}", constraint.clause(part, cx.major())));
            }
        }
        vec![Step::new(sql, format!("create domain {name}"))]
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::new(format!("DROP DOMAIN {}", id.spelled()), format!("drop domain {}", id.spelled()))]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { base, collation, default } = pair.to;
        if *base != pair.from.base || *collation != pair.from.collation {
            return if typing::is_held(cx.from, id) { pair.to.swap(id, cx) } else { Change::Replace };
        }
        Change::InPlace(vec![set_default(id, default.as_ref())])
    }

    fn rebind(id: &ObjectId, pair: Pair<&Self>, rebuilt: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
        let swapped = typing::is_swapped(rebuilt.kind);
        (swapped && typing::is_held(cx.from, id)).then(|| pair.to.swap(id, cx))
    }

    /// Of what is no type, only the default uses anything.
    fn lets_go(id: &ObjectId, pair: Pair<&Self>, gone: &ObjectId) -> Option<Change> {
        let Self { base, collation, default } = pair.to;
        let of_type = Kind::TYPES.contains(&gone.kind) || matches!(gone.kind, Kind::Table | Kind::Collation | Kind::Extension);
        if of_type || *base != pair.from.base || *collation != pair.from.collation {
            return None;
        }
        Some(Change::InTurn { before: vec![set_default(id, None)], after: default.iter().map(|expr| set_default(id, Some(expr))).collect() })
    }

    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        true
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        id.qname().map(|name| Slot::Type(name.clone())).into_iter().collect()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        self.default.iter_mut().collect()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::Collation, &mut self.collation, from, to);
        typing::rename_type(&mut self.base, from, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Catalog, Entry};
    use crate::object::domain_constraint::{Definition, DomainConstraint};

    #[test]
    fn defaults_are_fenced_where_they_must() {
        assert_eq!(default_clause(&Expr::new("nextval('a b'::regclass)")), " DEFAULT nextval('a b'::regclass)");
        assert_eq!(default_clause(&Expr::new("'a' COLLATE \"C\"")), " DEFAULT ('a' COLLATE \"C\")");
    }

    #[test]
    fn constraints_go_into_the_create() {
        let mut catalog = Catalog::empty(18);
        let name = QName::new("s", "d");
        let id = ObjectId::in_schema(Kind::Domain, name.clone());
        let domain = Domain { base: TypeName("integer".into()), collation: None, default: Some(Expr::new("3")) };
        catalog.insert(id.clone(), Entry::new(domain.clone(), None));
        let mut parts = BTreeSet::new();
        for (name_of, definition) in [("c", Definition::Check(Expr::new("value > 0"))), ("d_not_null", Definition::NotNull)] {
            let part = ObjectId::on(Kind::DomainConstraint, name.clone(), name_of);
            catalog.insert(part.clone(), Entry::new(DomainConstraint { definition, validated: true }, Some(id.clone())));
            parts.insert(part);
        }
        let created = BTreeSet::new();
        let cx = Cx { from: &Catalog::empty(18), to: &catalog, online: true, created: &created };
        let steps = domain.create(&id, &parts, &cx);
        assert_eq!(
            steps.first().map(|step| step.sql.as_str()),
            Some("CREATE DOMAIN s.d AS integer DEFAULT 3 CONSTRAINT c CHECK (value > 0) CONSTRAINT d_not_null NOT NULL")
        );
    }
}
