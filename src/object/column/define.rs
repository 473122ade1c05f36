//! Column definitions of CREATE TABLE and ADD COLUMN, with what serial, identity and DEFAULT imply.

use pg_query::protobuf::{self, ColumnDef, ConstrType, Constraint};
use pg_query::{Node, NodeEnum};

use super::{Column, Generated, Identity, Position};
use crate::analyze::Scope;
use crate::model::{Entry, Expr, IdSet, Ident, ObjectId, Options, QName, TypeName, quote_literal};
use crate::object::default::Default;
use crate::object::default_privileges::give;
use crate::object::foreign_options::ForeignOptions;
use crate::object::resolve::References;
use crate::object::sequence::{Sequence, SequenceOptions, persistence};
use crate::object::table::partition;
use crate::object::{DdlError, Kind, Object, Session, owned_by};
use crate::sql::literal::{is_null, items, names, option, string};

/// Types of which the parser makes an integer with a sequence (`transformColumnDefinition` in src/backend/parser/parse_utilcmd.c).
const SERIALS: &[(&str, &str)] = &[
    ("smallserial", "smallint"),
    ("serial2", "smallint"),
    ("serial", "integer"),
    ("serial4", "integer"),
    ("bigserial", "bigint"),
    ("serial8", "bigint"),
];

/// A column with nothing said but its type.
pub const fn plain(position: i32, type_name: TypeName) -> Column {
    Column {
        position: Position(position),
        type_name,
        collation: None,
        identity: None,
        generated: None,
        storage: None,
        compression: None,
        statistics: None,
        options: Options::new(),
        foreign_options: ForeignOptions::new(),
        inherited: false,
    }
}

/// Adds the column that a definition says, with its default and sequence. Gives back its constraints, which are to be added
/// once all columns are there.
///
/// # Errors
/// Where the name is taken, or a type or something that an expression names does not exist.
pub fn define(table: &ObjectId, definition: &ColumnDef, position: i32, session: &mut Session) -> Result<Vec<Constraint>, DdlError> {
    let Some(id) = column_id(table, &definition.colname) else { return Ok(Vec::new()) };
    if session.catalog.contains(&id) {
        return Err(DdlError::Exists(format!("column {}", id.spelled())));
    }
    let serial = serial_type(definition);
    let (type_name, type_id) = match (serial, &definition.type_name) {
        (Some(integer), _) => (TypeName(integer.to_owned()), None),
        (None, Some(name)) => session.type_name(name)?,
        (None, None) => return Err(DdlError::Missing { what: "column", name: id.spelled() }),
    };
    let mut column = plain(position, type_name);
    column.collation = session.collation(definition.coll_clause.as_deref(), type_id.as_ref(), &column.type_name.0);
    column.storage = storage(&definition.storage_name, &column.type_name);
    column.compression = compression(&definition.compression);
    column.foreign_options.say(&definition.fdwoptions)?;
    let collation_id = session.needs_collation(column.collation.as_ref())?;
    session.add(id.clone(), Entry::new(column, Some(table.clone())).needing(type_id).needing(collation_id))?;
    if serial.is_some() {
        add_serial(table, &id, session)?;
    }
    let constraints = attach_attributes(&definition.constraints);
    let mut rest = Vec::new();
    for constraint in constraints {
        if !take(table, &id, &constraint, session)? {
            rest.push(constraint);
        }
    }
    if serial.is_some() || identity_of(&id, session).is_some() {
        rest.push(not_null());
    }
    Ok(rest)
}

/// What a definition says of a column that is there already, from a parent or from the type of a typed table.
///
/// # Errors
/// As [`define`]; also where the types differ.
pub fn redefine(table: &ObjectId, definition: &ColumnDef, session: &mut Session) -> Result<Vec<Constraint>, DdlError> {
    let id = session.column(table, &definition.colname)?;
    if let Some(name) = &definition.type_name {
        let (type_name, type_id) = session.type_name(name)?;
        let collation = session.collation(definition.coll_clause.as_deref(), type_id.as_ref(), &type_name.0);
        let (storage, compression) = (storage(&definition.storage_name, &type_name), compression(&definition.compression));
        let Some(Object::Column(column)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object) else { return Ok(Vec::new()) };
        if column.type_name != type_name || column.collation != collation {
            return Err(DdlError::Invalid(format!("column {} has a type conflict: {} and {type_name}", id.spelled(), column.type_name)));
        }
        column.storage = storage.or_else(|| column.storage.take());
        column.compression = compression.or_else(|| column.compression.take());
        column.foreign_options.say(&definition.fdwoptions)?;
    }
    let mut rest = Vec::new();
    for constraint in attach_attributes(&definition.constraints) {
        if !take(table, &id, &constraint, session)? {
            rest.push(constraint);
        }
    }
    if identity_of(&id, session).is_some() {
        rest.push(not_null());
    }
    Ok(rest)
}

/// Takes what is no constraint to PostgreSQL's catalogs; `false` where it is one.
fn take(table: &ObjectId, id: &ObjectId, constraint: &Constraint, session: &mut Session) -> Result<bool, DdlError> {
    match constraint.contype() {
        ConstrType::ConstrNull => {}
        ConstrType::ConstrDefault => set_default(id, constraint.raw_expr.as_deref(), session)?,
        ConstrType::ConstrGenerated => set_generated(id, constraint, session)?,
        ConstrType::ConstrIdentity => add_identity(table, id, constraint, session)?,
        _ => return Ok(false),
    }
    Ok(true)
}

pub(super) fn column_id(table: &ObjectId, name: &str) -> Option<ObjectId> {
    Some(ObjectId::on(Kind::Column, table.qname()?.clone(), name))
}

pub(super) fn not_null() -> Constraint {
    Constraint { contype: ConstrType::ConstrNotnull.into(), initially_valid: true, is_enforced: true, ..Constraint::default() }
}

/// DEFERRABLE and the like come from the parser as nodes of their own behind the constraint (`transformConstraintAttrs`).
fn attach_attributes(nodes: &[Node]) -> Vec<Constraint> {
    let mut found: Vec<Constraint> = Vec::new();
    for constraint in nodes.iter().filter_map(|node| match &node.node {
        Some(NodeEnum::Constraint(constraint)) => Some(&**constraint),
        _ => None,
    }) {
        let Some(last) = found.last_mut() else {
            found.push(constraint.clone());
            continue;
        };
        match constraint.contype() {
            ConstrType::ConstrAttrDeferrable => last.deferrable = true,
            ConstrType::ConstrAttrNotDeferrable => last.deferrable = false,
            ConstrType::ConstrAttrDeferred => (last.deferrable, last.initdeferred) = (true, true),
            ConstrType::ConstrAttrImmediate => last.initdeferred = false,
            ConstrType::ConstrAttrEnforced => last.is_enforced = true,
            ConstrType::ConstrAttrNotEnforced => {
                (last.is_enforced, last.skip_validation, last.initially_valid) = (false, true, false);
            }
            _ => found.push(constraint.clone()),
        }
    }
    found
}

fn serial_type(definition: &ColumnDef) -> Option<&'static str> {
    let name = definition.type_name.as_ref().filter(|name| !name.pct_type && name.array_bounds.is_empty())?;
    let [only] = name.names.as_slice() else { return None };
    let word = string(only)?;
    SERIALS.iter().find(|(serial, _)| *serial == word).map(|(_, integer)| *integer)
}

/// `STORAGE`, where it is not the type's.
pub(super) fn storage(word: &str, type_name: &TypeName) -> Option<String> {
    let word = word.to_uppercase();
    (!word.is_empty() && word != "DEFAULT" && word != super::settings::type_storage(type_name)).then_some(word)
}

/// `COMPRESSION`, where it is not the default.
pub(super) fn compression(word: &str) -> Option<Ident> {
    (!word.is_empty() && word != "default").then(|| Ident::new(word))
}

/// A name for a new sequence of the column (`generateSerialExtraStmts`).
pub(super) fn sequence_name(column: &ObjectId, session: &Session) -> Option<QName> {
    let (table, name) = column.qname().zip(column.name())?;
    let taken = |name: &Ident| session.relation_name_taken(&table.schema, name);
    Some(QName { schema: table.schema.clone(), name: Session::choose_name(table.name.as_str(), Some(name.as_str()), "seq", taken) })
}

fn add_serial(table: &ObjectId, column: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    let Some(name) = sequence_name(column, session) else { return Ok(()) };
    let Some(Object::Column(Column { type_name, .. })) = session.catalog.object(column) else { return Ok(()) };
    let options = SequenceOptions::defaults(type_name.clone(), 1);
    let unlogged = table.qname().is_some_and(|table| persistence::of_new_sequences(table, &session.catalog));
    let sequence = ObjectId::in_schema(Kind::Sequence, name.clone());
    session.add(sequence.clone(), Entry::new(Sequence { options, unlogged }, None))?;
    let text = format!("nextval({}::regclass)", quote_literal(&name.to_string()));
    let expr = Expr::new(crate::sql::normalize_expr(&text)?);
    put_default(column, expr, References { needs: [sequence.clone()].into_iter().collect(), ..References::default() }, session);
    owned_by::own(&sequence, column, session);
    Ok(())
}

/// Gives the column an identity. Its NOT NULL is the caller's business.
///
/// # Errors
/// Where the column has one, or PostgreSQL would refuse an option.
pub(super) fn add_identity(_: &ObjectId, id: &ObjectId, constraint: &Constraint, session: &mut Session) -> Result<(), DdlError> {
    if identity_of(id, session).is_some() {
        return Err(DdlError::Invalid(format!("column {} is already an identity column", id.spelled())));
    }
    let given = option(&constraint.options, "sequence_name").and_then(|option| option.arg.as_deref()).map(|node| names(items(node)));
    let sequence = match given.as_deref() {
        Some([schema, name]) => Some(QName::new(schema.as_str(), name.as_str())),
        Some([name]) => id.schema().map(|schema| QName { schema: schema.clone(), name: Ident::new(name) }),
        _ => sequence_name(id, session),
    };
    let Some(sequence) = sequence else { return Ok(()) };
    let said = |word| option(&constraint.options, word).is_some();
    let unlogged = said("unlogged") || !said("logged") && id.qname().is_some_and(|table| persistence::of_new_sequences(table, &session.catalog));
    let Some(entry) = session.catalog.get_mut(id) else { return Ok(()) };
    // The sequence is a part of the column, and lies in the schema.
    entry.needs.insert(ObjectId::global(Kind::Schema, sequence.schema.clone()));
    let Object::Column(column) = &mut entry.object else { return Ok(()) };
    let options = SequenceOptions::of(&constraint.options, column.type_name.clone())?;
    let always = constraint.generated_when == "a";
    column.identity = Some(Box::new(Identity { always, sequence: sequence.clone(), options, unlogged }));
    give(&ObjectId::in_schema(Kind::Sequence, sequence), session);
    Ok(())
}

pub(super) fn identity_of<'a>(id: &ObjectId, session: &'a Session) -> Option<&'a Identity> {
    match session.catalog.object(id) {
        Some(Object::Column(column)) => column.identity.as_deref(),
        _ => None,
    }
}

fn set_generated(id: &ObjectId, constraint: &Constraint, session: &mut Session) -> Result<(), DdlError> {
    let stored = constraint.generated_kind == "s";
    if !stored && session.major() < 18 {
        return Err(DdlError::Invalid("virtual generated columns are not supported before PostgreSQL 18".to_owned()));
    }
    let Some(node) = constraint.raw_expr.as_deref() else { return Ok(()) };
    generate(id, node, stored, session)
}

/// Sets the expression that a column is computed from.
///
/// # Errors
/// Where something that it names does not exist.
pub(super) fn generate(id: &ObjectId, node: &Node, stored: bool, session: &mut Session) -> Result<(), DdlError> {
    let Some(parent) = session.catalog.get(id).and_then(|entry| entry.parent.clone()) else { return Ok(()) };
    let (expr, found) = session.expr(node, &Scope::Table(&parent))?;
    let Some(table) = id.qname() else { return Ok(()) };
    let used = crate::sql::references(node).columns.into_iter().filter_map(|parts| parts.into_iter().next_back());
    let columns: Vec<ObjectId> = used.map(|name| ObjectId::on(Kind::Column, table.clone(), name.as_str())).filter(|used| used != id).collect();
    let Some(entry) = session.catalog.get_mut(id) else { return Ok(()) };
    entry.needs.retain(|need| !matches!(need.kind, Kind::Column | Kind::Function | Kind::Sequence));
    entry.needs.extend(columns);
    entry.needs.extend(found.needs);
    entry.wants.extend(found.wants);
    if let Object::Column(column) = &mut entry.object {
        column.generated = Some(Box::new(Generated { expr, stored }));
    }
    Ok(())
}

/// DEFAULT and SET DEFAULT. A bare NULL is no default, unless the type makes an expression of it (`AddRelationNewConstraints`).
///
/// # Errors
/// Where something that the expression names does not exist.
pub(super) fn set_default(id: &ObjectId, node: Option<&Node>, session: &mut Session) -> Result<(), DdlError> {
    session.catalog.remove(&ObjectId::of(Kind::Default, id.clone()));
    let Some(node) = node else { return Ok(()) };
    let Some(Entry { object: Object::Column(Column { type_name, .. }), needs, .. }) = session.catalog.get(id) else { return Ok(()) };
    let (type_name, domain) = (type_name.clone(), below_domain(needs, type_name, session));
    if domain.is_none() && is_null_of(node, &type_name, session) {
        return Ok(());
    }
    if is_null(node) {
        let Some(base) = null_base(&type_name, domain.as_ref()) else { return Ok(()) };
        let expr = Expr::new(crate::sql::normalize_expr(&format!("NULL::{base}"))?);
        put_default(id, expr, References::default(), session);
        return Ok(());
    }
    let (expr, found) = session.expr(&typed_literal(node, domain.as_ref().unwrap_or(&type_name))?, &Scope::None)?;
    put_default(id, expr, found, session);
    Ok(())
}

/// `NULL::text`, where the column is of that very type, so that the cast makes nothing else of it.
fn is_null_of(node: &Node, type_name: &TypeName, session: &Session) -> bool {
    let Some(NodeEnum::TypeCast(cast)) = &node.node else { return false };
    let Some((inner, named)) = cast.arg.as_deref().zip(cast.type_name.as_ref()) else { return false };
    let same = session.type_name(named).is_ok_and(|(name, _)| name == *type_name) && !type_name.0.contains('(');
    same && (is_null(inner) || is_null_of(inner, type_name, session))
}

/// A quoted literal takes the type of its column, and PostgreSQL shows that; of a domain's, the type below it. Numbers that could
/// be read in more than one way come with their types too (`get_const_expr` in src/backend/utils/adt/ruleutils.c).
///
/// # Errors
/// None for what the parser gives.
pub fn typed_literal(node: &Node, type_name: &TypeName) -> Result<Node, DdlError> {
    use protobuf::a_const::Val;
    let Some(NodeEnum::AConst(protobuf::AConst { val: Some(value), .. })) = &node.node else { return Ok(node.clone()) };
    let text = match value {
        Val::Sval(text) => literal_of(&text.sval, &without_modifiers(type_name)),
        Val::Ival(number) if number.ival < 0 => format!("'{}'::integer", number.ival),
        Val::Fval(number) if number.fval.parse::<i32>().is_ok() => format!("'{}'::integer", number.fval),
        Val::Fval(number) if number.fval.parse::<i64>().is_ok() => format!("'{}'::bigint", number.fval),
        Val::Fval(number) if number.fval.starts_with('-') => format!("'{}'::numeric", number.fval),
        Val::Bsval(bits) if bits.bsval.starts_with('b') => format!("'{}'::\"bit\"", bits.bsval.trim_start_matches('b')),
        _ => return Ok(node.clone()),
    };
    Ok(crate::sql::parse_expr(&text)?)
}

/// A quoted literal as a constant of the type.
fn literal_of(text: &str, base: &str) -> String {
    let word = text.trim();
    match base {
        "integer" if word.parse::<i32>().is_ok_and(|number| number >= 0) => word.to_owned(),
        "numeric" if word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.') && word.parse::<f64>().is_ok() => word.to_owned(),
        "boolean" if matches!(word.to_ascii_lowercase().as_str(), "t" | "true" | "y" | "yes" | "on" | "1") => "true".to_owned(),
        "boolean" if matches!(word.to_ascii_lowercase().as_str(), "f" | "false" | "n" | "no" | "off" | "0") => "false".to_owned(),
        _ => format!("{}::{base}", quote_literal(&partition::value_text(text, base))),
    }
}

/// `timestamp without time zone` of `timestamp(3) without time zone`. The bare word character would mean character(1).
fn without_modifiers(type_name: &TypeName) -> String {
    let (element, array) = type_name.0.strip_suffix("[]").map_or((type_name.0.as_str(), ""), |element| (element, "[]"));
    match super::conversion::split(element).0.as_str() {
        "character" => format!("bpchar{array}"),
        "bit" => format!("\"bit\"{array}"),
        base => format!("{base}{array}"),
    }
}

/// The type below a domain that `needs` tell of, domains over domains passed by.
pub fn below_domain<'a>(mut needs: &'a IdSet, type_name: &TypeName, session: &'a Session) -> Option<TypeName> {
    let mut found: Option<TypeName> = None;
    for _ in 0..32 {
        let name = found.as_ref().unwrap_or(type_name);
        let Some(entry) = needs.iter().find(|need| need.kind == Kind::Domain && need.spelled() == name.0).and_then(|id| session.catalog.get(id))
        else {
            break;
        };
        let Object::Domain(domain) = &entry.object else { break };
        (found, needs) = (Some(domain.base.clone()), &entry.needs);
    }
    found
}

/// The type that NULL shows where it is kept as a default: a length or a domain makes a function call of it. Modifiers of other
/// types have no function for their length.
fn null_base(type_name: &TypeName, domain: Option<&TypeName>) -> Option<String> {
    if let Some(domain) = domain {
        return Some(without_modifiers(domain));
    }
    let (base, modifiers) = super::conversion::split(type_name.0.strip_suffix("[]").unwrap_or(&type_name.0));
    let coerced = ["character varying", "character", "numeric", "bit", "bit varying", "interval"].contains(&base.as_str())
        || base.starts_with("time");
    (coerced && modifiers.is_some()).then(|| without_modifiers(type_name))
}

pub(super) fn put_default(column: &ObjectId, expr: Expr, found: References, session: &mut Session) {
    let mut entry = Entry::new(Default { expr }, Some(column.clone())).needing(found.needs);
    if let Some(Entry { object: Object::Column(Column { type_name, .. }), needs, .. }) = session.catalog.get(column) {
        // The default is cast to a domain, unseen.
        entry.needs.extend(needs.iter().find(|need| need.kind == Kind::Domain && need.spelled() == type_name.0).cloned());
    }
    entry.wants = found.wants;
    entry.origin.clone_from(&session.origin);
    session.catalog.insert(ObjectId::of(Kind::Default, column.clone()), entry);
}

/// Copies a column of a parent, with its default, as a table that inherits has it. `false` where the table has such a column.
///
/// # Errors
/// Where it has one of another type.
pub fn inherit(child: &ObjectId, source: &ObjectId, position: i32, session: &mut Session) -> Result<bool, DdlError> {
    let (Some(qname), Some(entry)) = (child.qname().cloned(), session.catalog.get(source).cloned()) else { return Ok(false) };
    let (Object::Column(parent), id) = (&entry.object, source.moved_to(&qname)) else { return Ok(false) };
    if let Some(Object::Column(own)) = session.catalog.object(&id) {
        if own.type_name != parent.type_name || own.collation != parent.collation {
            return Err(DdlError::Invalid(format!("child table has different type for column {}", id.spelled())));
        }
        return Ok(false);
    }
    let column = Column {
        position: Position(position),
        // Partitions of 17 and later number by their parent's sequence, and have none themselves.
        identity: None,
        statistics: None,
        options: Options::new(),
        foreign_options: ForeignOptions::new(),
        inherited: true,
        ..parent.clone()
    };
    copy(&entry, source, &id, column, child, session);
    if let Some(default) = session.catalog.get(&ObjectId::of(Kind::Default, source.clone())).cloned() {
        let object = default.object.clone();
        copy(&default, source, &ObjectId::of(Kind::Default, id.clone()), object, &id, session);
    }
    Ok(true)
}

/// An object of another table in place of its source: what that needs of its own table, this needs of its.
pub(super) fn copy(entry: &Entry, source: &ObjectId, id: &ObjectId, object: impl Into<Object>, parent: &ObjectId, session: &mut Session) {
    let Some((old, new)) = source.qname().zip(id.qname()) else { return };
    let moved = entry.needs.iter().filter(|need| Some(*need) != entry.parent.as_ref());
    let moved = moved.map(|need| if need.kind == Kind::Column && need.qname() == Some(old) { need.moved_to(new) } else { need.clone() });
    let mut copied = Entry::new(object, Some(parent.clone())).needing(moved.collect::<Vec<_>>());
    copied.wants.clone_from(&entry.wants);
    copied.origin.clone_from(&session.origin);
    session.catalog.insert(id.clone(), copied);
}
