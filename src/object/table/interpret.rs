//! CREATE TABLE.

use pg_query::protobuf::{self, ColumnDef, ConstrType, Constraint, CreateForeignTableStmt, CreateStmt, TableLikeClause};
use pg_query::{Node, NodeEnum};

use super::partition::KeyPart;
use super::toast::has_toast;
use super::{Foreign, Persistence, ReplicaIdentity, Table, partition, partition_key};
use crate::analyze::Scope;
use crate::model::{Entry, Expr, Ident, ObjectId, Options, QName, TypeName};
use crate::object::column::{self, Position};
use crate::object::constraint::interpret as constraints;
use crate::object::foreign_options::ForeignOptions;
use crate::object::inheritance::{self, Inheritance};
use crate::object::resolve::References;
use crate::object::{DdlError, Kind, Object, Session, column_order, generic, statistics, table_expr};
use crate::sql::{self, literal};

/// CREATE TABLE, also PARTITION OF, OF and INHERITS.
///
/// # Errors
/// Where the name is taken, something that it names does not exist, or PostgreSQL would refuse it.
pub fn interpret_create(stmt: &CreateStmt, session: &mut Session) -> Result<(), DdlError> {
    create(stmt, None, session)
}

/// CREATE FOREIGN TABLE, also PARTITION OF and INHERITS.
///
/// # Errors
/// As [`interpret_create`].
pub fn interpret_create_foreign(stmt: &CreateForeignTableStmt, session: &mut Session) -> Result<(), DdlError> {
    let server = ObjectId::global(Kind::Server, stmt.servername.as_str());
    if !session.catalog.contains(&server) {
        return Err(DdlError::Missing { what: "server", name: server.spelled() });
    }
    let mut options = ForeignOptions::new();
    options.say(&stmt.options)?;
    let foreign = Foreign { server: Ident::new(&stmt.servername), options };
    create(&stmt.base_stmt.clone().unwrap_or_default(), Some((server, foreign)), session)
}

fn create(stmt: &CreateStmt, foreign: Option<(ObjectId, Foreign)>, session: &mut Session) -> Result<(), DdlError> {
    let relation = stmt.relation.clone().unwrap_or_default();
    let name = session.new_relation(&relation)?;
    if session.relation_name_taken(&name.schema, &name.name) {
        return if stmt.if_not_exists { Ok(()) } else { Err(DdlError::Exists(format!("relation {name}"))) };
    }
    if session.catalog.type_named(&name).is_some() {
        return Err(DdlError::Exists(format!("type {name}")));
    }
    let parents = stmt.inh_relations.iter().map(|node| parent(node, session)).collect::<Result<Vec<_>, _>>()?;
    let id = ObjectId::in_schema(Kind::Table, name);
    let (mut table, found) = payload(stmt, &relation, &parents, session)?;
    let (server, foreign) = foreign.unzip();
    if foreign.is_some() {
        // It has no storage of its own.
        (table.access_method, table.tablespace, table.foreign) = (None, None, foreign);
    }
    let mut entry = Entry::new(table, None).needing(found.needs).needing(server);
    entry.wants = found.wants;
    session.add(id.clone(), entry)?;
    let mut create = Create { id, position: 0, constraints: Vec::new(), copies: Vec::new() };
    for parent in &parents {
        create.inherit(parent, session)?;
    }
    create.typed_columns(session)?;
    for element in &stmt.table_elts {
        create.element(element, session)?;
    }
    partition_key::shorten(&create.id, session)?;
    for (order, parent) in (1..).zip(&parents) {
        link(&create.id, parent, order, stmt.partbound.as_ref(), session)?;
    }
    create.finish(&parents, session)
}

fn parent(node: &Node, session: &Session) -> Result<ObjectId, DdlError> {
    match &node.node {
        Some(NodeEnum::RangeVar(relation)) => session.relation_of(relation, &[Kind::Table]),
        _ => Err(DdlError::Unsupported("this INHERITS".to_owned())),
    }
}

/// The table that `id` is.
pub(super) fn table_of<'a>(id: &ObjectId, session: &'a Session) -> Option<&'a Table> {
    match session.catalog.object(id) {
        Some(Object::Table(table)) => Some(table),
        _ => None,
    }
}

fn payload(
    stmt: &CreateStmt,
    relation: &protobuf::RangeVar,
    parents: &[ObjectId],
    session: &Session,
) -> Result<(Table, References), DdlError> {
    let mut found = References::default();
    let of_type = stmt.of_typename.as_ref().map(|name| composite(name, session)).transpose()?;
    found.needs.extend(of_type.clone());
    let partition_key = match &stmt.partspec {
        Some(spec) => {
            let mut spec = spec.clone();
            for node in &mut spec.part_params {
                found.extend(session.resolve(node, &Scope::None)?);
            }
            Some(partition::key(&spec)?)
        }
        None => None,
    };
    let (options, toast_options) = split_options(literal::options(&stmt.options)?);
    let above = parents.first().filter(|_| stmt.partbound.is_some()).and_then(|parent| table_of(parent, session));
    let table = Table {
        persistence: if relation.relpersistence == "u" { Persistence::Unlogged } else { Persistence::Permanent },
        access_method: access_method(&stmt.access_method, partition_key.is_some(), above, session),
        tablespace: tablespace(&stmt.tablespacename, above, session),
        partition_key,
        foreign: None,
        of_type: of_type.and_then(|id| id.qname().cloned()),
        options,
        toast_options,
        replica_identity: ReplicaIdentity::Default,
        clustered: false,
        row_security: false,
        force_row_security: false,
    };
    Ok((table, found))
}

/// The composite type of a typed table.
pub(super) fn composite(name: &protobuf::TypeName, session: &Session) -> Result<ObjectId, DdlError> {
    let (type_name, id) = session.type_name(name)?;
    id.filter(|id| id.kind == Kind::Composite).ok_or_else(|| DdlError::Invalid(format!("type {type_name} is not a composite type")))
}

/// A partition takes that of its parent, where one is set there (17 and later); a partitioned table has one only where it is said.
fn access_method(given: &str, partitioned: bool, above: Option<&Table>, session: &Session) -> Option<Ident> {
    if !given.is_empty() {
        return (partitioned || given != "heap").then(|| Ident::new(given));
    }
    let inherited = above.filter(|_| session.major() >= 17).and_then(|above| above.access_method.clone());
    let inherited = inherited.or_else(|| session.default_access_method.clone().filter(|_| !partitioned));
    inherited.filter(|method| partitioned || method.as_str() != "heap")
}

/// A partition takes that of its parent.
fn tablespace(given: &str, above: Option<&Table>, session: &Session) -> Option<Ident> {
    let space = if given.is_empty() {
        above.and_then(|above| above.tablespace.clone()).or_else(|| session.default_tablespace.clone())
    } else {
        Some(Ident::new(given))
    };
    space.filter(|space| !matches!(space.as_str(), "pg_default" | ""))
}

/// Storage parameters of the table and of its TOAST table; `oids=false` is no parameter any more.
pub(super) fn split_options(options: Vec<(String, String)>) -> (Options, Options) {
    let (toast, own): (Vec<_>, Vec<_>) = options.into_iter().partition(|(name, _)| name.starts_with("toast."));
    let toast = toast.into_iter().map(|(name, value)| (name.trim_start_matches("toast.").to_owned(), value));
    (own.into_iter().filter(|(name, _)| name != "oids").collect(), toast.collect())
}

/// Puts a table under a parent in the catalog; what comes of it for columns and constraints is the caller's business.
pub(super) fn link(
    child: &ObjectId,
    parent: &ObjectId,
    order: i32,
    bound: Option<&protobuf::PartitionBoundSpec>,
    session: &mut Session,
) -> Result<(), DdlError> {
    let Some((below, above)) = child.qname().zip(parent.qname()) else { return Ok(()) };
    let bound = bound.map(|spec| bound_of(spec, parent, session)).transpose()?;
    let (bound, found) = bound.unzip();
    let id = inheritance::link_id(below, above);
    let link = Inheritance { child: below.clone(), parent: above.clone(), order: Position(order), after: None, bound, copies: inheritance::Copies::default() };
    let entry = Entry::new(link, Some(child.clone())).needing([parent.clone()]);
    session.add(id, entry.needing(found.unwrap_or_default().needs))
}

fn bound_of(spec: &protobuf::PartitionBoundSpec, parent: &ObjectId, session: &Session) -> Result<(Expr, References), DdlError> {
    let Some(key) = table_of(parent, session).and_then(|table| table.partition_key.as_ref()) else {
        return Err(DdlError::Invalid(format!("{} is not partitioned", parent.spelled())));
    };
    if let Some(value) = partition::computed(spec) {
        return Err(DdlError::Unsupported(format!("the value of a partition bound that has to be worked out ({}; write what it comes to)", sql::deparse_expr(value)?)));
    }
    let type_of = |part: KeyPart| {
        let table = parent.qname()?;
        match part {
            KeyPart::Column(name) => match session.catalog.object(&ObjectId::on(Kind::Column, table.clone(), name))? {
                Object::Column(column) => Some(column.type_name.clone()),
                _ => None,
            },
            KeyPart::Expression(text) => table_expr::type_of(&text, parent, session).map(TypeName),
        }
    };
    let types: Vec<Option<TypeName>> = partition::key_parts(key)?.into_iter().map(type_of).collect();
    Ok((partition::bound(spec, &types)?, References::default()))
}

/// A constraint to be added once all columns are there, with the column in whose definition it stands.
type Pending = (Option<Ident>, Constraint);

struct Create<'a> {
    id: ObjectId,
    position: i32,
    constraints: Vec<Pending>,
    copies: Vec<(ObjectId, &'a TableLikeClause)>,
}

impl<'a> Create<'a> {
    fn inherit(&mut self, parent: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
        for column in column::columns(parent, session) {
            if column::inherit(&self.id, &column, self.position + 1, session)? {
                self.position += 1;
            }
        }
        Ok(())
    }

    /// The columns of a typed table are the attributes of its type.
    fn typed_columns(&mut self, session: &mut Session) -> Result<(), DdlError> {
        let Some(of_type) = table_of(&self.id, session).and_then(|table| table.of_type.clone()) else { return Ok(()) };
        let composite = ObjectId::in_schema(Kind::Composite, of_type);
        let attributes: Vec<(ObjectId, Entry)> =
            session.catalog.children_of(&composite, Kind::Attribute).map(|(id, entry)| (id.clone(), entry.clone())).collect();
        for (attribute, entry) in attributes {
            let (Object::Attribute(state), Some((table, name))) = (&entry.object, self.id.qname().zip(attribute.name())) else { continue };
            let column = column::of_attribute(state);
            self.position = self.position.max(state.position.0);
            let types = entry.needs.iter().filter(|need| **need != composite).cloned().collect::<Vec<_>>();
            let id = ObjectId::on(Kind::Column, table.clone(), name.clone());
            session.add(id, Entry::new(column, Some(self.id.clone())).needing(types))?;
        }
        Ok(())
    }

    fn element(&mut self, node: &'a Node, session: &mut Session) -> Result<(), DdlError> {
        match &node.node {
            Some(NodeEnum::ColumnDef(definition)) => self.column(definition, session),
            Some(NodeEnum::Constraint(constraint)) => {
                self.constraints.push((None, (**constraint).clone()));
                Ok(())
            }
            Some(NodeEnum::TableLikeClause(like)) => self.like(like, session),
            _ => Err(DdlError::Unsupported("this element of CREATE TABLE".to_owned())),
        }
    }

    fn column(&mut self, definition: &ColumnDef, session: &mut Session) -> Result<(), DdlError> {
        let existing = session.find_column(&self.id, &definition.colname);
        let rest = match existing {
            Some(_) if definition.type_name.is_none() => column::redefine(&self.id, definition, session)?,
            Some(id) if matches!(session.catalog.object(&id), Some(Object::Column(column)) if column.inherited) => {
                let rest = column::redefine(&self.id, definition, session)?;
                // It is the table's own as well as its parent's.
                if let Some(Object::Column(column)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object) {
                    column.inherited = false;
                }
                rest
            }
            _ => {
                self.position += 1;
                column::define(&self.id, definition, self.position, session)?
            }
        };
        let name = Ident::new(&definition.colname);
        self.constraints.extend(rest.into_iter().map(|constraint| (Some(name.clone()), constraint)));
        Ok(())
    }

    fn like(&mut self, like: &'a TableLikeClause, session: &mut Session) -> Result<(), DdlError> {
        let relation = like.relation.clone().unwrap_or_default();
        let source = session.relation(&relation)?;
        if !matches!(source.kind, Kind::Table | Kind::Composite) {
            return Err(DdlError::Unsupported(format!("LIKE of a {}", source.kind.keyword().to_lowercase())));
        }
        let including = Copied::of(like, &self.id, session);
        for column in columns_of(&source, session) {
            if column::like(&self.id, &column, self.position + 1, including.of_columns(), session)? {
                self.position += 1;
            }
        }
        self.copies.push((source, like));
        Ok(())
    }

    /// Constraints, in the order in which PostgreSQL makes them, and what LIKE copies beside columns.
    fn finish(self, parents: &[ObjectId], session: &mut Session) -> Result<(), DdlError> {
        let Self { id, position: _, mut constraints, copies } = self;
        forget_toast(&id, session);
        for parent in parents {
            constraints::inherit(&id, parent, session)?;
        }
        constraints.sort_by_key(|(_, constraint)| rank(constraint.contype()));
        let first = constraints.iter().take_while(|(_, constraint)| constraint.contype() == ConstrType::ConstrNotnull).count();
        let rest = constraints.split_off(first);
        for (column, constraint) in &constraints {
            constraints::add(&id, column.as_ref(), constraint, session)?;
        }
        for (source, like) in copies {
            let including = Copied::of(like, &id, session);
            let [checks, indexes, comments] = [Copied::CONSTRAINTS, Copied::INDEXES, Copied::COMMENTS].map(|bit| including.has(bit));
            constraints::like(&id, &source, [checks, indexes, comments], session)?;
            if including.has(Copied::STATISTICS) {
                statistics::copy(&source, &id, including.has(Copied::COMMENTS), session)?;
            }
            if including.has(Copied::COMMENTS) {
                copy_comments(&id, &source, session);
            }
        }
        rest.iter().try_for_each(|(column, constraint)| constraints::add(&id, column.as_ref(), constraint, session))
    }
}

/// `transformCreateStmt` and `DefineRelation`: NOT NULL, CHECK, primary key, other keys, foreign keys.
const fn rank(kind: ConstrType) -> u8 {
    match kind {
        ConstrType::ConstrNotnull => 0,
        ConstrType::ConstrCheck => 1,
        ConstrType::ConstrPrimary => 2,
        ConstrType::ConstrForeign => 4,
        _ => 3,
    }
}

/// The bits of `TableLikeOption` (src/include/nodes/parsenodes.h).
#[derive(Clone, Copy)]
struct Copied(u32);

impl Copied {
    const COMMENTS: u32 = 1;
    const COMPRESSION: u32 = 1 << 1;
    const CONSTRAINTS: u32 = 1 << 2;
    const DEFAULTS: u32 = 1 << 3;
    const GENERATED: u32 = 1 << 4;
    const IDENTITY: u32 = 1 << 5;
    const INDEXES: u32 = 1 << 6;
    const STATISTICS: u32 = 1 << 7;
    const STORAGE: u32 = 1 << 8;

    /// Foreign tables take nothing of how rows are kept or numbered (`transformTableLikeClause`, src/backend/parser/parse_utilcmd.c).
    fn of(like: &TableLikeClause, table: &ObjectId, session: &Session) -> Self {
        let foreign = table_of(table, session).is_some_and(|table| table.foreign.is_some());
        Self(if foreign { like.options & !(Self::COMPRESSION | Self::IDENTITY | Self::INDEXES | Self::STORAGE) } else { like.options })
    }

    const fn has(self, bit: u32) -> bool {
        self.0 & bit != 0
    }

    const fn of_columns(self) -> column::Including {
        column::Including {
            defaults: self.has(Self::DEFAULTS),
            generated: self.has(Self::GENERATED),
            identity: self.has(Self::IDENTITY),
            storage: self.has(Self::STORAGE),
            compression: self.has(Self::COMPRESSION),
        }
    }
}

/// Parameters of a TOAST table that is not there are lost.
pub(super) fn forget_toast(id: &ObjectId, session: &mut Session) {
    let said = table_of(id, session).is_some_and(|table| !table.toast_options.is_empty());
    if said
        && !has_toast(id, session)
        && let Some(Object::Table(table)) = session.catalog.get_mut(id).map(|entry| &mut entry.object)
    {
        table.toast_options.clear();
    }
}

fn columns_of(source: &ObjectId, session: &Session) -> Vec<ObjectId> {
    column_order::places(source, &session.catalog).into_iter().map(|(_, column)| column.clone()).collect()
}

/// Comments on columns, where the new table has them by LIKE.
fn copy_comments(table: &ObjectId, source: &ObjectId, session: &mut Session) {
    let Some(table) = table.qname().cloned() else { return };
    for column in columns_of(source, session) {
        let Some(name) = column.name().cloned() else { continue };
        generic::copy_comment(&column, ObjectId::on(Kind::Column, table.clone(), name), session);
    }
}

/// The qualified name of a table.
pub(super) fn name_of(id: &ObjectId) -> Result<QName, DdlError> {
    id.qname().cloned().ok_or_else(|| DdlError::Invalid(format!("{id} is not a table")))
}
