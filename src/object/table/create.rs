//! CREATE TABLE with the parts that it can carry, and the ALTER TABLEs that say the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::alter::{all_options, replica_identity_step, row_security_steps};
use super::{AlterTable, Persistence, ReplicaIdentity, Table};
use crate::model::{Ident, LockMode, ObjectId, Pair, QName, Step, spell_options};
use crate::object::column::{self, Column};
use crate::object::constraint::{Constraint, Definition};
use crate::object::inheritance::{self, Inheritance};
use crate::object::{Cx, Kind, Object};

/// The statement under construction.
struct Create<'a> {
    name: &'a QName,
    table: &'a Table,
    parts: &'a BTreeSet<ObjectId>,
    cx: &'a Cx<'a>,
    /// Links of INHERITS, in order.
    links: Vec<&'a Inheritance>,
    /// What a parent in INHERITS has of each name; the first parent wins, as in `MergeAttributes`.
    above: BTreeMap<&'a Ident, (ObjectId, &'a Column)>,
}

/// Creates a table together with `parts`.
pub(super) fn create(table: &Table, id: &ObjectId, parts: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
    let Some(name) = id.qname() else { return Vec::new() };
    let links: Vec<&Inheritance> =
        inheritance::parents(cx.to, name).into_iter().filter(|(link, _)| parts.contains(link)).map(|(_, link)| link).collect();
    let mut above = BTreeMap::new();
    for link in &links {
        for (id, column) in columns(&link.parent, cx) {
            if let Some(name) = id.name() {
                above.entry(name).or_insert((id.clone(), column));
            }
        }
    }
    Create { name, table, parts, cx, links, above }.steps()
}

/// The columns of a wanted table in their order.
fn columns<'a>(table: &QName, cx: &Cx<'a>) -> Vec<(&'a ObjectId, &'a Column)> {
    let id = ObjectId::in_schema(Kind::Table, table.clone());
    let mut found: Vec<_> = cx
        .to
        .children_of(&id, Kind::Column)
        .filter_map(|(id, entry)| match &entry.object {
            Object::Column(column) => Some((id, column)),
            _ => None,
        })
        .collect();
    found.sort_by_key(|(_, column)| column.position.0);
    found
}

/// What a table says of the index behind one of its keys.
fn index_uses(at: &AlterTable<'_>, id: &ObjectId, constraint: &Constraint) -> Vec<Step> {
    let (Some(index), Some(name)) = (constraint.definition.index(), id.name()) else { return Vec::new() };
    let identity = index.replica_identity.then(|| {
        let action = format!("REPLICA IDENTITY USING INDEX {name}");
        at.all(LockMode::AccessExclusive, &action, format!("identify old rows by {name} for replication"))
    });
    let clustered = index.clustered.then(|| {
        at.all(LockMode::ShareUpdateExclusive, &format!("CLUSTER ON {name}"), format!("remember {name} as the index to cluster on"))
    });
    identity.into_iter().chain(clustered).collect()
}

impl Create<'_> {
    fn steps(&self) -> Vec<Step> {
        let at = AlterTable::new(self.name, self.cx);
        let mut create = Step::new(self.statement(), format!("create {} {}", self.table.keyword().to_lowercase(), self.name));
        for link in &self.links {
            if self.cx.stays(&ObjectId::in_schema(Kind::Table, link.parent.clone())) {
                create = create.lock(&link.parent, LockMode::ShareUpdateExclusive);
            }
        }
        let mut steps = vec![create];
        for (id, column) in columns(self.name, self.cx).into_iter().filter(|(id, _)| self.parts.contains(*id)) {
            steps.extend(self.without_not_null(id));
            match self.inherited(id, column) {
                Some((source, parent)) => steps.extend(self.differences(id, column, source, parent)),
                None => {
                    steps.extend(column::after_definition(id, column, self.cx));
                    steps.extend(self.without_default(id));
                }
            }
        }
        for (id, constraint) in self.constraints() {
            steps.extend(index_uses(&at, id, constraint));
        }
        let plain = Table {
            replica_identity: ReplicaIdentity::Default,
            row_security: false,
            force_row_security: false,
            ..self.table.clone()
        };
        steps.extend(replica_identity_step(&at, self.name, Pair::new(&plain, self.table)));
        steps.extend(row_security_steps(&at, self.name, Pair::new(&plain, self.table)));
        steps
    }

    fn statement(&self) -> String {
        let Table {
            persistence,
            partition_key,
            foreign,
            of_type,
            options: _,
            toast_options: _,
            access_method,
            tablespace,
            // Said by statements of their own, or by the index.
            replica_identity: _,
            clustered: _,
            row_security: _,
            force_row_security: _,
        } = self.table;
        let unlogged = if *persistence == Persistence::Unlogged { "UNLOGGED " } else { "" };
        let mut sql = format!("CREATE {unlogged}{} {}", self.table.keyword(), self.name);
        if let Some(of_type) = of_type {
            sql.push_str(&format!(" OF {of_type}"));
        }
        let items = self.items();
        if !items.is_empty() {
            sql.push_str(&format!(" (\n    {}\n)", items.join(",\n    ")));
        } else if of_type.is_none() {
            sql.push_str(" (\n)");
        }
        if !self.links.is_empty() {
            let parents: Vec<String> = self.links.iter().map(|link| link.parent.to_string()).collect();
            sql.push_str(&format!("\nINHERITS ({})", parents.join(", ")));
        }
        if let Some(foreign) = foreign {
            sql.push_str(&format!("\n{}", foreign.clause()));
        }
        if let Some(key) = partition_key {
            sql.push_str(&format!("\nPARTITION BY {key}"));
        }
        if let Some(method) = access_method {
            sql.push_str(&format!("\nUSING {method}"));
        }
        let options = all_options(self.table);
        if !options.is_empty() {
            sql.push_str(&format!("\nWITH ({})", spell_options(&options)));
        }
        if let Some(space) = tablespace {
            sql.push_str(&format!("\nTABLESPACE {space}"));
        }
        sql
    }

    /// What stands between the parentheses: columns in order, then constraints.
    fn items(&self) -> Vec<String> {
        let mut items = Vec::new();
        let mut not_nulls = Vec::new();
        for (id, column) in columns(self.name, self.cx).into_iter().filter(|(id, _)| self.parts.contains(*id)) {
            if self.inherited(id, column).is_some() {
                not_nulls.extend(self.own_not_null(id));
            } else if self.table.of_type.is_some() {
                items.extend(column::typed_definition(id, self.parts, self.cx));
            } else {
                items.push(column::definition(id, column, self.parts, self.cx));
            }
        }
        items.extend(not_nulls);
        items.extend(self.constraints().into_iter().filter_map(|(id, constraint)| Some(constraint.clause(id.name()?, self.cx))));
        items
    }

    /// The parent's column from which INHERITS brings this one.
    fn inherited(&self, id: &ObjectId, column: &Column) -> Option<(&ObjectId, &Column)> {
        let (source, parent) = self.above.get(id.name()?)?;
        column.inherited.then_some((source, *parent))
    }

    /// From 18 a NOT NULL is a constraint that a child can have of its own on a column that it inherits.
    fn own_not_null(&self, column: &ObjectId) -> Option<String> {
        let constraint = column::not_null_of(column, self.parts, self.cx).filter(|constraint| !constraint.inherited)?;
        match &constraint.definition {
            Definition::NotNull { name: Some(name), .. } => Some(constraint.clause(name, self.cx)),
            _ => None,
        }
    }

    /// What a column that INHERITS brings has otherwise than its parent's.
    fn differences(&self, id: &ObjectId, column: &Column, source: &ObjectId, parent: &Column) -> Vec<Step> {
        let at = AlterTable::new(self.name, self.cx);
        let Some(name) = id.name() else { return Vec::new() };
        let mut steps = column::inherited_settings(id, parent, column, self.cx);
        let default = |column: &ObjectId| match self.cx.to.object(&ObjectId::of(Kind::Default, column.clone())) {
            Some(Object::Default(default)) => Some(&default.expr),
            _ => None,
        };
        let mode = LockMode::AccessExclusive;
        match (default(source), default(id)) {
            (from, Some(to)) if from != Some(to) && self.parts.contains(&ObjectId::of(Kind::Default, id.clone())) => {
                let action = format!("ALTER COLUMN {name} SET DEFAULT {to}");
                steps.push(at.only(mode, &action, format!("set the default of {}.{name}", self.name)));
            }
            (Some(_), None) => {
                let action = format!("ALTER COLUMN {name} DROP DEFAULT");
                steps.push(at.only(mode, &action, format!("drop the default of {}.{name}", self.name)));
            }
            _ => {}
        }
        let own = column::not_null_of(id, self.parts, self.cx).filter(|constraint| !constraint.inherited);
        if self.cx.major() < 18 && own.is_some() {
            steps.push(at.only(mode, &format!("ALTER COLUMN {name} SET NOT NULL"), format!("{}.{name} must not be null", self.name)));
        }
        steps
    }

    /// A column that has no default, although it is merged with a parent's that has one.
    fn without_default(&self, id: &ObjectId) -> Option<Step> {
        let has_default = |column: &ObjectId| self.cx.to.contains(&ObjectId::of(Kind::Default, column.clone()));
        let name = id.name()?;
        let (source, _) = self.above.get(name).filter(|(source, _)| has_default(source) && !has_default(id))?;
        let action = format!("ALTER COLUMN {name} DROP DEFAULT");
        let summary = format!("let {}.{name} have no default, unlike {}", self.name, source.spelled());
        Some(AlterTable::new(self.name, self.cx).only(LockMode::AccessExclusive, &action, summary))
    }

    /// A column that may be null, although a parent's may not: before 18, the child's could be let go of by itself.
    fn without_not_null(&self, id: &ObjectId) -> Option<Step> {
        let must = |column: &ObjectId| self.cx.to.contains(&ObjectId::of(Kind::Constraint, column.clone()));
        if self.cx.major() >= 18 || must(id) {
            return None;
        }
        let name = id.name()?;
        let link = self.links.iter().find(|link| must(&id.moved_to(&link.parent)))?;
        let summary = format!("let column {name} of {} be null, unlike that of {}", self.name, link.parent);
        let action = format!("ALTER COLUMN {name} DROP NOT NULL");
        Some(AlterTable::new(self.name, self.cx).only(LockMode::AccessExclusive, &action, summary))
    }

    /// The table's own constraints among the parts, keys first, but for NOT NULL, which goes with its column.
    fn constraints(&self) -> Vec<(&ObjectId, &Constraint)> {
        let comes_along = |id: &ObjectId, constraint: &Constraint| {
            constraint.inherited && self.links.iter().any(|link| self.cx.to.contains(&id.moved_to(&link.parent)))
        };
        let rank = |constraint: &Constraint| match constraint.definition {
            Definition::NotNull { .. } => None,
            Definition::PrimaryKey(_) => Some(0),
            Definition::Unique(_) => Some(1),
            Definition::Exclude(_) => Some(2),
            Definition::Check(_) => Some(3),
            Definition::ForeignKey(_) => Some(4),
        };
        let mut found: Vec<_> = self
            .parts
            .iter()
            .filter_map(|id| match self.cx.to.object(id) {
                Some(Object::Constraint(constraint)) if !comes_along(id, constraint) => Some((rank(constraint)?, id, constraint)),
                _ => None,
            })
            .collect();
        found.sort_by_key(|(rank, id, _)| (*rank, *id));
        found.into_iter().map(|(_, id, constraint)| (id, constraint)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Catalog, Entry, TypeName};
    use crate::object::column::Position;

    fn column(catalog: &mut Catalog, table: &QName, name: &str, position: i32, inherited: bool) -> ObjectId {
        let id = ObjectId::on(Kind::Column, table.clone(), name);
        let column = Column {
            position: Position(position),
            type_name: TypeName("integer".into()),
            collation: None,
            identity: None,
            generated: None,
            storage: None,
            compression: None,
            statistics: (name == "b").then_some(7),
            options: crate::model::Options::new(),
            foreign_options: crate::object::foreign_options::ForeignOptions::new(),
            inherited,
        };
        catalog.insert(id.clone(), Entry::new(column, Some(ObjectId::in_schema(Kind::Table, table.clone()))));
        id
    }

    fn plain() -> Table {
        Table {
            persistence: Persistence::Permanent,
            partition_key: None,
            foreign: None,
            of_type: None,
            options: crate::model::Options::new(),
            toast_options: crate::model::Options::new(),
            access_method: None,
            tablespace: None,
            replica_identity: ReplicaIdentity::Default,
            clustered: false,
            row_security: false,
            force_row_security: false,
        }
    }

    #[test]
    fn a_child_says_only_what_is_its_own() {
        let mut catalog = Catalog::empty(18);
        let (parent, child) = (QName::new("s", "Par"), QName::new("s", "ch"));
        let id = |name: &QName| ObjectId::in_schema(Kind::Table, name.clone());
        for name in [&parent, &child] {
            catalog.insert(id(name), Entry::new(plain(), None));
        }
        column(&mut catalog, &parent, "a", 1, false);
        let mut parts = BTreeSet::from([column(&mut catalog, &child, "a", 1, true), column(&mut catalog, &child, "b", 2, false)]);
        let link = inheritance::link_id(&child, &parent);
        let object = Inheritance { child: child.clone(), parent, order: Position(1), after: None, bound: None, copies: inheritance::Copies::default() };
        catalog.insert(link.clone(), Entry::new(object, Some(id(&child))));
        parts.insert(link);
        let created = BTreeSet::new();
        let cx = Cx { from: &Catalog::empty(18), to: &catalog, online: true, created: &created };
        let mut table = plain();
        table.row_security = true;
        table.toast_options.insert("autovacuum_enabled".into(), "off".into());
        let sql: Vec<String> = create(&table, &id(&child), &parts, &cx).into_iter().map(|step| step.sql).collect();
        assert_eq!(
            sql,
            [
                "CREATE TABLE s.ch (\n    b integer\n)\nINHERITS (s.\"Par\")\nWITH (toast.autovacuum_enabled = off)",
                "ALTER TABLE ONLY s.ch ALTER COLUMN b SET STATISTICS 7",
                "ALTER TABLE s.ch ENABLE ROW LEVEL SECURITY",
            ]
        );
    }
}
