//! CHECK and NOT NULL of domains. Parent: the domain.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot, aside, typing};
use crate::model::{Catalog, Expr, Hazard, Ident, ObjectId, Pair, QName, Step, Transaction};

/// What a domain's constraint says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Definition {
    /// NOT NULL. Before 17 it has no name in PostgreSQL; the model gives it the one that 17 would choose.
    NotNull,
    /// CHECK of VALUE.
    Check(Expr),
}

/// A constraint of a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainConstraint {
    /// What it says.
    pub definition: Definition,
    /// Not NOT VALID; always so of NOT NULL.
    pub validated: bool,
}

impl DomainConstraint {
    /// As CREATE DOMAIN and ADD take it, without NOT VALID. The name of NOT NULL is always said from 17 on, since the one
    /// that PostgreSQL picks depends on which other constraints the schema has already (`ChooseConstraintName`).
    pub(super) fn clause(&self, id: &ObjectId, major: u32) -> String {
        let Self { definition, validated: _ } = self;
        let name = id.name().map(ToString::to_string).unwrap_or_default();
        match definition {
            Definition::NotNull if major < 17 => "NOT NULL".to_owned(),
            Definition::NotNull => format!("CONSTRAINT {name} NOT NULL"),
            Definition::Check(expr) => format!("CONSTRAINT {name} CHECK ({expr})"),
        }
    }

    /// The name that PostgreSQL gives to a domain's NOT NULL: `<domain>_not_null`, numbered where it is taken.
    pub fn not_null_name(domain: &Ident, taken: impl Fn(&Ident) -> bool) -> Ident {
        let first = aside::shortened(domain, "_not_null");
        if !taken(&first) {
            return first;
        }
        (1_u32..).map(|number| aside::shortened(domain, &format!("_not_null{number}"))).find(|name| !taken(name)).unwrap_or(first)
    }

    fn validate(id: &ObjectId, domain: &QName, relations: &BTreeSet<QName>) -> Step {
        let name = id.name().map(ToString::to_string).unwrap_or_default();
        let step = Step::new(format!("ALTER DOMAIN {domain} VALIDATE CONSTRAINT {name}"), format!("validate {}", id.spelled()));
        typing::reading(step, relations)
    }

    /// Tables whose rows it must be checked against.
    fn relations(domain: &QName, cx: &Cx<'_>) -> BTreeSet<QName> {
        let id = ObjectId::in_schema(Kind::Domain, domain.clone());
        if cx.stays(&id) { typing::relations_holding(cx.from, &id) } else { BTreeSet::new() }
    }
}

/// Notes in a catalog that is whole that what holds values of a domain wants its constraints: no constraint comes to a domain whose values
/// stand within others that tables store.
pub fn order(catalog: &mut Catalog) {
    let mut wanted: Vec<(ObjectId, ObjectId)> = Vec::new();
    for (id, entry) in catalog.of_kind(Kind::DomainConstraint) {
        let holding = entry.parent.iter().flat_map(|domain| typing::holding(catalog, domain));
        wanted.extend(holding.map(|holder| (holder, id.clone())));
    }
    for (holder, constraint) in wanted {
        if let Some(entry) = catalog.get_mut(&holder) {
            entry.wants.insert(constraint);
        }
    }
}

impl ObjectDef for DomainConstraint {
    const KIND: Kind = Kind::DomainConstraint;
    const QUERY: &'static str = include_str!("domain_constraint.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let domain = row.qname("nspname", "typname")?;
        let name = match row.opt_ident("conname")? {
            Some(name) => name,
            None => {
                let taken: Vec<String> = row.get::<Option<_>>("taken")?.unwrap_or_default();
                Self::not_null_name(&domain.name, |name| taken.iter().any(|other| other == name.as_str()))
            }
        };
        let id = ObjectId::on(Kind::DomainConstraint, domain.clone(), name);
        let definition = match row.char("contype")? {
            'n' => Definition::NotNull,
            'c' => Definition::Check(row.expr("check_expr", &id)?),
            other => return Err(ReadError::Unknown { object: id.to_string(), column: "contype", value: other.to_string() }),
        };
        let object = Self { definition, validated: row.get("convalidated")? };
        Ok(Some(Found::child(id, object, ObjectId::in_schema(Kind::Domain, domain))))
    }

    /// CREATE DOMAIN takes no NOT VALID.
    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        self.validated
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Self { definition, validated } = self;
        let Some(domain) = id.qname() else { return Vec::new() };
        let relations = Self::relations(domain, cx);
        let clause = self.clause(id, cx.major());
        let summary = format!("add constraint {}", id.spelled());
        match definition {
            Definition::NotNull => {
                let verb = if cx.major() < 17 { "SET" } else { "ADD" };
                let step = Step::new(format!("ALTER DOMAIN {domain} {verb} {clause}"), summary);
                let step = typing::reading(step, &relations);
                vec![if relations.is_empty() { step } else { step.hazard(Hazard::Assumes(format!("no row holds a null {domain}"))) }]
            }
            Definition::Check(_) if !validated => vec![Step::new(format!("ALTER DOMAIN {domain} ADD {clause} NOT VALID"), summary)],
            Definition::Check(_) if cx.online && !relations.is_empty() => {
                let validate = Self::validate(id, domain, &relations).transaction(Transaction::Fresh);
                // Afterwards it may be too late.
                let within = typing::is_held_within(cx.to, &ObjectId::in_schema(Kind::Domain, domain.clone()));
                let validate = if within { validate } else { validate.late() };
                vec![Step::new(format!("ALTER DOMAIN {domain} ADD {clause} NOT VALID"), summary), validate]
            }
            Definition::Check(_) => vec![typing::reading(Step::new(format!("ALTER DOMAIN {domain} ADD {clause}"), summary), &relations)],
        }
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        let (Some(domain), Some(name)) = (id.qname(), id.name()) else { return Vec::new() };
        let sql = match &self.definition {
            Definition::NotNull => format!("ALTER DOMAIN {domain} DROP NOT NULL"),
            Definition::Check(_) => format!("ALTER DOMAIN {domain} DROP CONSTRAINT {name}"),
        };
        vec![Step::new(sql, format!("drop constraint {}", id.spelled()))]
    }

    fn added(&self, id: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
        let domain = ObjectId::in_schema(Kind::Domain, id.qname()?.clone());
        match cx.to.object(&domain)? {
            Object::Domain(wanted) if self.validated && typing::is_held_within(cx.from, &domain) => Some(wanted.swap(&domain, cx)),
            _ => None,
        }
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { definition, validated } = pair.to;
        if let Some(change) = pair.to.added(id, cx) {
            return Change::Whole(Box::new(change));
        }
        match id.qname() {
            Some(domain) if *definition == pair.from.definition && *validated => {
                Change::InPlace(vec![Self::validate(id, domain, &Self::relations(domain, cx)).transaction(Transaction::Fresh)])
            }
            _ => Change::Replace,
        }
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        false
    }

    fn inherited(&self) -> bool {
        false
    }

    /// A second NOT NULL is ignored (`AlterDomainAddConstraint`), so that one under another name must go first.
    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        match (&self.definition, id.qname()) {
            (Definition::NotNull, Some(domain)) => vec![Slot::Within(Kind::DomainConstraint, domain.clone(), "NOT NULL".to_owned())],
            _ => Vec::new(),
        }
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        match &mut self.definition {
            Definition::NotNull => Vec::new(),
            Definition::Check(expr) => vec![expr],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_null_is_named_like_the_server_does() {
        let name = |taken: &[&str]| DomainConstraint::not_null_name(&Ident::new("d"), |name| taken.contains(&name.as_str()));
        assert_eq!(name(&[]).as_str(), "d_not_null");
        assert_eq!(name(&["d_not_null", "d_not_null1"]).as_str(), "d_not_null2");
    }
}
