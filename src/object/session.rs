//! What a DDL statement is interpreted in: the catalog under construction, and everything that names are resolved by.

use std::collections::{BTreeMap, BTreeSet};

use pg_query::protobuf;
use thiserror::Error;

use super::{Kind, Object};
use crate::analyze::Attr;
use crate::canon::Unseen;
use crate::model::{Catalog, Entry, Ident, ObjectId, Origin, QName, TypeName, make_object_name};
use crate::sql::ParseError;

/// Why a statement cannot be interpreted.
#[derive(Clone, Debug, Error)]
pub enum DdlError {
    /// A name that nothing has.
    #[error("{what} {name} does not exist")]
    Missing {
        /// What was looked for, in PostgreSQL's words: `relation`, `type`, `column`, ...
        what: &'static str,
        /// The name as it was written.
        name: String,
    },
    /// A name that is taken.
    #[error("{0} already exists")]
    Exists(String),
    /// Something that others need, without CASCADE.
    #[error("cannot drop {object} because {dependent} depends on it")]
    Needed {
        /// What was to be dropped.
        object: Box<ObjectId>,
        /// What needs it.
        dependent: Box<ObjectId>,
    },
    /// A statement, clause or kind of object that this version does not know.
    #[error("{0} is not supported yet")]
    Unsupported(String),
    /// A statement that PostgreSQL would refuse.
    #[error("{0}")]
    Invalid(String),
    /// A statement that PostgreSQL would refuse as things are now, but that a later one may make possible.
    #[error("{0}")]
    Waits(String),
    /// Something that means another operator than it would be read for.
    #[error(
        "values of {} are compared without the {} of extension {}, whose schema {} is not in search_path: cast both sides to say how, or set it",
        .0.of, .0.operator, .0.extension, .0.schema
    )]
    Unseen(Box<Unseen>),
    /// Text within a statement that does not parse.
    #[error(transparent)]
    Sql(#[from] ParseError),
}

/// RESTRICT or CASCADE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behavior {
    /// Refuse where something else needs it.
    Restrict,
    /// Take along what needs it.
    Cascade,
}

/// What is true while statements are interpreted, one after the other.
#[derive(Clone, Debug)]
pub struct Session {
    /// What the statements have made so far.
    pub catalog: Catalog,
    /// `search_path` without the implicit `pg_catalog`.
    pub search_path: Vec<Ident>,
    /// Whether that is the server's own setting.
    pub search_path_is_default: bool,
    /// The role that owns what is created, where a statement has said so (SET ROLE, SET SESSION AUTHORIZATION).
    pub role: Option<Ident>,
    /// Where the statement at hand stands.
    pub origin: Option<Origin>,
    /// The role that runs the files, where it is known.
    pub default_role: Option<Ident>,
    /// Names, as they are written, of the types that statements which wait will define.
    pub awaited: BTreeSet<(Option<String>, String)>,
    /// Objects of which the statements have set the owner.
    pub owned: BTreeSet<ObjectId>,
    /// Whether any statement has granted or revoked something.
    pub speaks_of_privileges: bool,
    /// What views give, by name and type, as far as it can be told; a rename forgets it.
    pub outputs: BTreeMap<ObjectId, Vec<Attr>>,
    /// `default_tablespace`, `default_table_access_method`.
    pub default_tablespace: Option<Ident>,
    /// The access method of new tables, where it is not heap.
    pub default_access_method: Option<Ident>,
}

impl Session {
    /// A session in a new database: there is the schema public, and `search_path` is the server's default.
    pub fn new(catalog: Catalog) -> Self {
        Self {
            catalog,
            search_path: vec![Ident::new("public")],
            search_path_is_default: true,
            role: None,
            default_role: None,
            origin: None,
            awaited: BTreeSet::new(),
            owned: BTreeSet::new(),
            speaks_of_privileges: false,
            outputs: BTreeMap::new(),
            default_tablespace: None,
            default_access_method: None,
        }
    }

    /// The same session while another schema comes first in `search_path`, and its owner is the role where one is named: the elements
    /// of CREATE SCHEMA (`CreateSchemaCommand` in src/backend/commands/schemacmds.c).
    ///
    /// # Errors
    /// Those of `work`.
    pub fn within_schema(
        &mut self,
        schema: &str,
        owner: Option<Ident>,
        work: impl FnOnce(&mut Self) -> Result<(), DdlError>,
    ) -> Result<(), DdlError> {
        let before = (self.search_path.clone(), self.role.clone());
        self.search_path.insert(0, Ident::new(schema));
        self.role = owner.or_else(|| self.role.take());
        let done = work(self);
        (self.search_path, self.role) = before;
        done
    }

    /// Server major whose rules hold.
    pub const fn major(&self) -> u32 {
        self.catalog.major
    }

    /// The schema in which a name without one is created: the first of `search_path` that exists.
    ///
    /// # Errors
    /// Where there is none, or the schema that was given does not exist.
    pub fn creation_schema(&self, given: &str) -> Result<Ident, DdlError> {
        if !given.is_empty() {
            return self.schema(given);
        }
        self.search_path
            .iter()
            .find(|schema| self.catalog.contains(&ObjectId::global(Kind::Schema, (*schema).clone())))
            .cloned()
            .ok_or_else(|| DdlError::Invalid("no schema has been selected to create in".to_owned()))
    }

    /// A schema that exists.
    ///
    /// # Errors
    /// Where it does not.
    pub fn schema(&self, name: &str) -> Result<Ident, DdlError> {
        let ident = Ident::new(name);
        if self.catalog.contains(&ObjectId::global(Kind::Schema, ident.clone())) {
            return Ok(ident);
        }
        Err(DdlError::Missing { what: "schema", name: ident.quoted() })
    }

    /// The qualified name of something to be created.
    ///
    /// # Errors
    /// As [`creation_schema`](Self::creation_schema).
    pub fn new_name(&self, schema: &str, name: &str) -> Result<QName, DdlError> {
        Ok(QName { schema: self.creation_schema(schema)?, name: Ident::new(name) })
    }

    /// The qualified name of a relation to be created.
    ///
    /// # Errors
    /// As [`creation_schema`](Self::creation_schema); temporary relations are refused.
    pub fn new_relation(&self, relation: &protobuf::RangeVar) -> Result<QName, DdlError> {
        if relation.relpersistence == "t" {
            return Err(DdlError::Invalid(format!("temporary relation {} has no place in a schema", Ident::new(&relation.relname))));
        }
        self.new_name(&relation.schemaname, &relation.relname)
    }

    /// Where a name without schema is looked for.
    pub fn candidates(&self, schema: &str, name: &str) -> Vec<QName> {
        if schema.is_empty() {
            self.search_path.iter().map(|schema| QName { schema: schema.clone(), name: Ident::new(name) }).collect()
        } else {
            vec![QName::new(schema, name)]
        }
    }

    /// The relation of that name by `search_path`, whatever its kind; `None` where there is none.
    pub fn find_relation(&self, schema: &str, name: &str) -> Option<ObjectId> {
        self.candidates(schema, name).iter().find_map(|name| self.catalog.relation(name)).map(|(id, _)| id.clone())
    }

    /// The relation that a statement names.
    ///
    /// # Errors
    /// Where it does not exist.
    pub fn relation(&self, relation: &protobuf::RangeVar) -> Result<ObjectId, DdlError> {
        self.find_relation(&relation.schemaname, &relation.relname)
            .ok_or_else(|| DdlError::Missing { what: "relation", name: dotted(&relation.schemaname, &relation.relname) })
    }

    /// The relation that a statement names, which must be of one of these kinds.
    ///
    /// # Errors
    /// Where it does not exist or is of another kind.
    pub fn relation_of(&self, relation: &protobuf::RangeVar, kinds: &[Kind]) -> Result<ObjectId, DdlError> {
        let id = self.relation(relation)?;
        if kinds.contains(&id.kind) {
            return Ok(id);
        }
        let wanted = kinds.iter().map(|kind| kind.keyword().to_lowercase()).collect::<Vec<_>>().join(" or ");
        Err(DdlError::Invalid(format!("{} is a {}, not a {wanted}", id.spelled(), id.kind.keyword().to_lowercase())))
    }

    /// A column of a table, view or composite type.
    ///
    /// # Errors
    /// Where it does not exist. Columns of views come into being when something is said of them.
    pub fn column(&self, relation: &ObjectId, name: &str) -> Result<ObjectId, DdlError> {
        let missing = || DdlError::Missing { what: "column", name: format!("{}.{}", relation.spelled(), Ident::new(name)) };
        self.find_column(relation, name).ok_or_else(missing)
    }

    /// The same, where there is one.
    pub fn find_column(&self, relation: &ObjectId, name: &str) -> Option<ObjectId> {
        let on = |kind| Some(ObjectId::on(kind, relation.qname()?.clone(), name));
        match relation.kind {
            Kind::View | Kind::MaterializedView => on(Kind::ViewColumn),
            Kind::Composite => on(Kind::Attribute).filter(|id| self.catalog.contains(id)),
            _ => on(Kind::Column).filter(|id| self.catalog.contains(id)),
        }
    }

    /// The constraint behind which an index of that name stands.
    pub fn constraint_with_index(&self, name: &QName) -> Option<ObjectId> {
        let has_index = |id: &&ObjectId| matches!(self.catalog.object(id), Some(Object::Constraint(constraint)) if constraint.definition.index().is_some());
        self.catalog.constraints_named(name).find(has_index).cloned()
    }

    /// As [`type_name`](Self::type_name), without modifiers: routines are told apart by types alone.
    ///
    /// # Errors
    /// Where there is no such type.
    pub fn type_without_modifier(&self, type_name: &protobuf::TypeName) -> Result<(TypeName, Option<ObjectId>), DdlError> {
        let (mut name, id) = self.type_name(&protobuf::TypeName { typmods: Vec::new(), ..type_name.clone() })?;
        // `format_type` has short names for types whose lack of a modifier says nothing.
        for (bare, plain) in [("bpchar", "character"), ("\"bit\"", "bit")] {
            if let Some(array) = name.0.strip_prefix(bare).filter(|array| array.is_empty() || *array == "[]") {
                name = TypeName(format!("{plain}{array}"));
            }
        }
        Ok((name, id))
    }

    /// The type of that name by `search_path` among those of the catalog (not PostgreSQL's own).
    pub fn find_type(&self, schema: &str, name: &str) -> Option<ObjectId> {
        self.candidates(schema, name).iter().find_map(|name| self.catalog.type_named(name)).map(|(id, _)| id.clone())
    }

    /// The type as `format_type` spells it under an empty `search_path`, and what of the catalog it needs.
    ///
    /// # Errors
    /// Where there is no such type.
    pub fn type_name(&self, type_name: &protobuf::TypeName) -> Result<(TypeName, Option<ObjectId>), DdlError> {
        let spelling = crate::sql::types::spell(type_name)?;
        let array = "[]".repeat(usize::from(spelling.array_dims > 0));
        let own = matches!(spelling.schema.as_deref(), None | Some("pg_catalog"))
            .then(|| crate::sql::types::builtin_display(&spelling.name, &spelling.typmods, spelling.array_dims > 0))
            .flatten();
        if let Some(text) = own {
            return Ok((TypeName(text), None));
        }
        let schema = spelling.schema.as_deref().unwrap_or_default();
        // Its domains are PostgreSQL's own, and written with their schema.
        if schema == "information_schema" {
            return Ok((TypeName(format!("{}{array}", QName::new(schema, spelling.name.as_str()))), None));
        }
        let (name, id) = match self.find_type(schema, &spelling.name) {
            Some(id) => (id.spelled(), id),
            None => self
                .multirange(schema, &spelling.name)
                .or_else(|| self.extension_type(schema, &spelling.name))
                .ok_or_else(|| DdlError::Missing { what: "type", name: dotted(schema, &spelling.name) })?,
        };
        let typmods = if spelling.typmods.is_empty() { String::new() } else { format!("({})", spelling.typmods.join(",")) };
        Ok((TypeName(format!("{name}{typmods}{array}")), Some(id)))
    }

    /// The multirange of that name; the object is the range.
    fn multirange(&self, schema: &str, name: &str) -> Option<(String, ObjectId)> {
        let candidates = self.candidates(schema, name);
        let named = |(id, entry): (&ObjectId, &Entry)| match &entry.object {
            Object::Range(range) if candidates.contains(&range.multirange) => Some((range.multirange.to_string(), id.clone())),
            _ => None,
        };
        self.catalog.of_kind(Kind::Range).find_map(named)
    }

    /// A type that only an extension of the catalog can have brought: its members are not objects of the catalog.
    fn extension_type(&self, schema: &str, name: &str) -> Option<(String, ObjectId)> {
        let wanted = super::extension::type_providers(name);
        // Whatever `search_path` is, pg_catalog is in it, so that `format_type` writes no such schema.
        let spelled = |schema: &Ident| match schema.as_str() {
            "pg_catalog" => Ident::new(name).quoted(),
            _ => QName { schema: schema.clone(), name: Ident::new(name) }.to_string(),
        };
        self.catalog
            .of_kind(Kind::Extension)
            .filter_map(|(id, entry)| match &entry.object {
                Object::Extension(extension) => Some((id, extension)),
                _ => None,
            })
            .filter(|(id, extension)| {
                (schema.is_empty() || extension.schema.as_str() == schema)
                    && id.name().is_some_and(|extension| wanted.contains(&extension.as_str()))
            })
            .map(|(id, extension)| (spelled(&extension.schema), id.clone()))
            .next()
    }

    /// What a relation stands behind that is no object of its own, under the first of its names that is one's.
    pub fn behind(&self, schema: &str, name: &str, find: impl Fn(&QName, &Catalog) -> Option<ObjectId>) -> Option<(ObjectId, QName)> {
        self.candidates(schema, name).into_iter().find_map(|name| Some((find(&name, &self.catalog)?, name)))
    }

    /// Adds an object that must be new, with the place of the statement, its owner where that is known, and what it is given by default.
    ///
    /// # Errors
    /// Where it is there already.
    pub fn add(&mut self, id: ObjectId, entry: Entry) -> Result<(), DdlError> {
        if self.catalog.contains(&id) {
            return Err(DdlError::Exists(id.to_string()));
        }
        self.insert(id.clone(), entry);
        if id.kind.has_owner()
            && let Some(role) = self.role.clone()
        {
            super::generic::set_owner(self, id.clone(), role);
        }
        if self.catalog.of_kind(Kind::DefaultPrivileges).next().is_some() {
            super::default_privileges::give(&id, self);
        }
        Ok(())
    }

    /// The same with OR REPLACE: what is there keeps its owner and its privileges, and gets none by default
    /// (`ProcedureCreate` in src/backend/catalog/pg_proc.c).
    ///
    /// # Errors
    /// Where it is there already, and is not to be replaced.
    pub fn add_or_replace(&mut self, id: ObjectId, entry: Entry, replace: bool) -> Result<(), DdlError> {
        if replace && self.catalog.remove(&id).is_some() {
            self.insert(id, entry);
            return Ok(());
        }
        self.add(id, entry)
    }

    fn insert(&mut self, id: ObjectId, mut entry: Entry) {
        entry.origin = self.origin.clone();
        entry.needs.extend(super::access_method::needed(&entry.object, &self.catalog));
        if let Some(schema) = id.schema()
            && entry.parent.is_none()
        {
            entry.needs.insert(ObjectId::global(Kind::Schema, schema.clone()));
        }
        self.catalog.insert(id, entry);
    }

    /// Drops an object with its parts and satellites, and by CASCADE what needs it.
    ///
    /// # Errors
    /// Where something else needs it, without CASCADE.
    pub fn drop(&mut self, id: &ObjectId, behavior: Behavior) -> Result<(), DdlError> {
        self.drop_all(std::slice::from_ref(id), behavior)
    }

    /// Drops objects that may need each other (`performMultipleDeletions` of src/backend/catalog/dependency.c).
    ///
    /// # Errors
    /// Where something else needs one of them, without CASCADE.
    pub fn drop_all(&mut self, ids: &[ObjectId], behavior: Behavior) -> Result<(), DdlError> {
        let Some(id) = ids.first() else { return Ok(()) };
        let mut going: BTreeSet<ObjectId> = BTreeSet::new();
        // Who needs what goes, in one order whatever the way there.
        let mut dependents: BTreeSet<ObjectId> = BTreeSet::new();
        // A constraint goes with the plain index that its own is attached to by CASCADE alone.
        let mut held: BTreeSet<ObjectId> = BTreeSet::new();
        let mut open = ids.to_vec();
        while let Some(next) = open.pop() {
            if !going.insert(next.clone()) {
                continue;
            }
            open.extend(self.catalog.children(&next).cloned());
            open.extend(super::inheritance::dropped_with(&self.catalog, &next, behavior == Behavior::Cascade)?);
            dependents.extend(super::inheritance::referring_above(&mut self.catalog, &next));
            for user in self.catalog.users(&next) {
                let goes = self.catalog.get(&user).is_some_and(|entry| entry.auto.as_ref() == Some(&next));
                if goes && behavior == Behavior::Restrict && (user.kind, next.kind) == (Kind::Constraint, Kind::Index) {
                    held.insert(user);
                } else if goes {
                    open.push(user);
                } else if let (Kind::ExtensionDependency, Some(target)) = (user.kind, user.target()) {
                    open.push(target.clone());
                } else {
                    dependents.extend([user]);
                }
            }
        }
        if let Some(dependent) = held.into_iter().find(|constraint| !going.contains(constraint)) {
            return Err(DdlError::Needed { object: Box::new(id.clone()), dependent: Box::new(dependent) });
        }
        while let Some(dependent) = dependents.pop_first() {
            if going.contains(&dependent) {
                continue;
            }
            if behavior == Behavior::Restrict && !self.goes_along(&dependent) {
                return Err(DdlError::Needed { object: Box::new(id.clone()), dependent: Box::new(dependent) });
            }
            for gone in self.catalog.descendants(&dependent).into_iter().chain([dependent]) {
                dependents.extend(self.catalog.users(&gone));
                going.insert(gone);
            }
        }
        for id in &going {
            self.catalog.remove(id);
        }
        Ok(())
    }

    /// What PostgreSQL drops along by an automatic dependency: an index or key of a dropped column, the attachment of an index,
    /// a partition's copy of a trigger.
    fn goes_along(&self, id: &ObjectId) -> bool {
        id.is_link()
            || self.catalog.object(id).is_some_and(super::trigger_copies::is_copy)
            || matches!(id.kind, Kind::Index | Kind::Constraint | Kind::Statistics)
                && !matches!(self.catalog.object(id), Some(Object::Constraint(c)) if matches!(c.definition, super::constraint::Definition::ForeignKey(_)))
    }

    /// Gives an object another identity; parts, satellites and everything that needs it follow, expressions that name it too.
    ///
    /// # Errors
    /// Where the new name is taken, or an expression cannot follow.
    pub fn rename(&mut self, from: &ObjectId, to: &ObjectId) -> Result<(), DdlError> {
        if self.catalog.contains(to) {
            return Err(DdlError::Exists(to.to_string()));
        }
        self.outputs.clear();
        let has_lists = super::column_list::forget(&mut self.catalog);
        self.catalog.replace(super::rename_text::followers(&self.catalog, from, to)?);
        super::rename::Renaming::new(&self.catalog, from, to).apply(&mut self.catalog);
        if has_lists {
            super::column_list::settle(&mut self.catalog);
        }
        Ok(())
    }

    /// A name for something that has none: `makeObjectName` (src/backend/commands/indexcmds.c), which shortens the longer of
    /// both parts, and `ChooseRelationName`, which counts up while `taken`.
    pub fn choose_name(first: &str, second: Option<&str>, label: &str, taken: impl Fn(&Ident) -> bool) -> Ident {
        let mut pass = 0;
        loop {
            let suffix = if pass == 0 { label.to_owned() } else { format!("{label}{pass}") };
            let name = Ident::new(&make_object_name(first, second, &suffix));
            if !taken(&name) {
                return name;
            }
            pass += 1;
        }
    }

    /// Whether a relation of that name exists, indexes behind constraints included.
    pub fn relation_name_taken(&self, schema: &Ident, name: &Ident) -> bool {
        let qname = QName { schema: schema.clone(), name: name.clone() };
        self.catalog.relation(&qname).is_some() || self.constraint_with_index(&qname).is_some()
    }
}

/// `s.n` or `n`, quoted.
pub fn dotted(schema: &str, name: &str) -> String {
    if schema.is_empty() { Ident::new(name).quoted() } else { QName::new(schema, name).to_string() }
}
