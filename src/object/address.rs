//! From the way that statements name an object to its identity: the one place for COMMENT, DROP, OWNER TO, SET SCHEMA, RENAME,
//! GRANT and SECURITY LABEL.

use pg_query::protobuf::{self, ObjectType};
use pg_query::{Node, NodeEnum};

use super::column::system_column;
use super::session::dotted;
use super::{DdlError, Kind, Object, Session};
use crate::model::{Ident, Key, ObjectId, QName};
use crate::sql::literal::names;

/// The name parts of a list, a type name, a string or a relation.
pub(super) fn parts(node: &Node) -> Vec<String> {
    match node.node.as_ref() {
        Some(NodeEnum::List(list)) => names(&list.items),
        Some(NodeEnum::TypeName(name)) => names(&name.names),
        Some(NodeEnum::String(text)) => vec![text.sval.clone()],
        Some(NodeEnum::RangeVar(relation)) => {
            [relation.schemaname.clone(), relation.relname.clone()].into_iter().filter(|part| !part.is_empty()).collect()
        }
        Some(NodeEnum::ObjectWithArgs(routine)) => names(&routine.objname),
        _ => Vec::new(),
    }
}

/// Schema (or nothing) and name.
pub(super) fn split(parts: &[String]) -> (&str, &str) {
    match parts {
        [.., schema, name] => (schema, name),
        [name] => ("", name),
        [] => ("", ""),
    }
}

/// The object that a statement names.
///
/// # Errors
/// Where it does not exist, or is of a kind that is not managed.
pub fn resolve(session: &Session, kind: ObjectType, node: &Node) -> Result<ObjectId, DdlError> {
    match kind {
        ObjectType::ObjectDatabase => Ok(super::database::this()),
        ObjectType::ObjectSchema => global(session, Kind::Schema, node),
        ObjectType::ObjectOpclass => of_method(session, Kind::OperatorClass, "operator class", node),
        ObjectType::ObjectOpfamily => of_method(session, Kind::OperatorFamily, "operator family", node),
        ObjectType::ObjectSubscription => global(session, Kind::Subscription, node),
        ObjectType::ObjectPublication => global(session, Kind::Publication, node),
        ObjectType::ObjectFdw => global(session, Kind::ForeignDataWrapper, node),
        ObjectType::ObjectForeignServer => global(session, Kind::Server, node),
        ObjectType::ObjectExtension => global(session, Kind::Extension, node),
        ObjectType::ObjectTable | ObjectType::ObjectForeignTable => relation(session, node, &[Kind::Table]),
        ObjectType::ObjectView => relation(session, node, &[Kind::View]),
        ObjectType::ObjectMatview => relation(session, node, &[Kind::MaterializedView]),
        ObjectType::ObjectSequence => sequence(session, node),
        ObjectType::ObjectIndex => index(session, node),
        ObjectType::ObjectColumn | ObjectType::ObjectAttribute => column(session, node),
        ObjectType::ObjectTabconstraint => on_relation(session, node, Kind::Constraint, "constraint"),
        ObjectType::ObjectTrigger => on_relation(session, node, Kind::Trigger, "trigger"),
        ObjectType::ObjectPolicy => on_relation(session, node, Kind::Policy, "policy"),
        ObjectType::ObjectRule => on_relation(session, node, Kind::Rule, "rule"),
        ObjectType::ObjectType | ObjectType::ObjectDomain => type_named(session, node),
        ObjectType::ObjectDomconstraint => domain_constraint(session, node),
        ObjectType::ObjectFunction | ObjectType::ObjectProcedure | ObjectType::ObjectRoutine => routine(session, kind, node),
        ObjectType::ObjectStatisticExt => in_schema(session, Kind::Statistics, node),
        ObjectType::ObjectAggregate => routine(session, kind, node),
        ObjectType::ObjectOperator => operator(session, node),
        ObjectType::ObjectCollation => in_schema(session, Kind::Collation, node),
        ObjectType::ObjectConversion => in_schema(session, Kind::Conversion, node),
        ObjectType::ObjectTsparser => in_schema(session, Kind::TextSearchParser, node),
        ObjectType::ObjectTsdictionary => in_schema(session, Kind::TextSearchDictionary, node),
        ObjectType::ObjectTstemplate => in_schema(session, Kind::TextSearchTemplate, node),
        ObjectType::ObjectTsconfiguration => in_schema(session, Kind::TextSearchConfiguration, node),
        ObjectType::ObjectLanguage => global(session, Kind::Language, node),
        ObjectType::ObjectAccessMethod => global(session, Kind::AccessMethod, node),
        ObjectType::ObjectEventTrigger => global(session, Kind::EventTrigger, node),
        ObjectType::ObjectCast | ObjectType::ObjectTransform => pair(session, kind, node),
        other => Err(DdlError::Unsupported(format!("an object of the kind {}", words(other)))),
    }
}

/// `ObjectForeignServer`: `foreign server`.
pub fn words(kind: ObjectType) -> String {
    kind.as_str_name().trim_start_matches("OBJECT_").replace('_', " ").to_lowercase()
}

fn missing(what: &'static str, parts: &[String]) -> DdlError {
    let (schema, name) = split(parts);
    DdlError::Missing { what, name: dotted(schema, name) }
}

fn global(session: &Session, kind: Kind, node: &Node) -> Result<ObjectId, DdlError> {
    let parts = parts(node);
    let id = ObjectId::global(kind, split(&parts).1);
    if session.catalog.contains(&id) { Ok(id) } else { Err(missing(kind_word(kind), &parts)) }
}

const fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Schema => "schema",
        Kind::Extension => "extension",
        Kind::Statistics => "statistics object",
        Kind::ForeignDataWrapper => "foreign-data wrapper",
        Kind::Server => "server",
        Kind::Publication => "publication",
        Kind::Subscription => "subscription",
        Kind::Collation => "collation",
        Kind::Conversion => "conversion",
        Kind::TextSearchParser => "text search parser",
        Kind::TextSearchDictionary => "text search dictionary",
        Kind::TextSearchTemplate => "text search template",
        Kind::TextSearchConfiguration => "text search configuration",
        Kind::Language => "language",
        Kind::AccessMethod => "access method",
        Kind::EventTrigger => "event trigger",
        _ => "object",
    }
}

fn relation(session: &Session, node: &Node, kinds: &[Kind]) -> Result<ObjectId, DdlError> {
    let parts = parts(node);
    let (schema, name) = split(&parts);
    session.relation_of(&protobuf::RangeVar { schemaname: schema.to_owned(), relname: name.to_owned(), ..Default::default() }, kinds)
}

/// A sequence, or the one behind an identity column, as with indexes behind constraints.
fn sequence(session: &Session, node: &Node) -> Result<ObjectId, DdlError> {
    let parts = parts(node);
    let (schema, name) = split(&parts);
    let behind = || {
        let found = session.candidates(schema, name).into_iter().find(|name| super::sequence::column_of(name, &session.catalog).is_some());
        found.map(|name| ObjectId::in_schema(Kind::Sequence, name))
    };
    relation(session, node, &[Kind::Sequence]).or_else(|error| behind().ok_or(error))
}

fn in_schema(session: &Session, kind: Kind, node: &Node) -> Result<ObjectId, DdlError> {
    let parts = parts(node);
    let (schema, name) = split(&parts);
    session
        .candidates(schema, name)
        .into_iter()
        .map(|name| ObjectId::in_schema(kind, name))
        .find(|id| session.catalog.contains(id))
        .ok_or_else(|| missing(kind_word(kind), &parts))
}

/// An index, or the index behind a constraint: the latter has no object, but satellites can hang on it.
fn index(session: &Session, node: &Node) -> Result<ObjectId, DdlError> {
    let parts = parts(node);
    let (schema, name) = split(&parts);
    for candidate in session.candidates(schema, name) {
        let id = ObjectId::in_schema(Kind::Index, candidate.clone());
        if session.catalog.contains(&id) || session.constraint_with_index(&candidate).is_some() {
            return Ok(id);
        }
    }
    Err(missing("index", &parts))
}

/// A column of a table, view or composite type: `[schema.]relation.column`.
fn column(session: &Session, node: &Node) -> Result<ObjectId, DdlError> {
    let parts = parts(node);
    let Some((name, above)) = parts.split_last() else { return Err(missing("column", &parts)) };
    let (schema, relation) = split(above);
    let relation = session.find_relation(schema, relation).ok_or_else(|| missing("relation", above))?;
    system_column(&relation, name).map_or_else(|| session.column(&relation, name), Ok)
}

fn on_relation(session: &Session, node: &Node, kind: Kind, what: &'static str) -> Result<ObjectId, DdlError> {
    let parts = parts(node);
    let Some((name, above)) = parts.split_last() else { return Err(missing(what, &parts)) };
    let (schema, relation) = split(above);
    let relation = session.find_relation(schema, relation).ok_or_else(|| missing("relation", above))?;
    let Some(qname) = relation.qname() else { return Err(missing(what, &parts)) };
    let id = ObjectId::on(kind, qname.clone(), name.as_str());
    if session.catalog.contains(&id) {
        return Ok(id);
    }
    if kind == Kind::Constraint
        && let Some(id) = super::constraint::not_null_named(qname, &Ident::new(name), &session.catalog)
    {
        return Ok(id);
    }
    Err(DdlError::Missing { what, name: id.spelled() })
}

fn of_method(session: &Session, kind: Kind, what: &'static str, node: &Node) -> Result<ObjectId, DdlError> {
    let parts = parts(node);
    session.of_method(kind, &parts).ok_or_else(|| missing(what, &parts))
}

fn type_named(session: &Session, node: &Node) -> Result<ObjectId, DdlError> {
    let parts = parts(node);
    let (schema, name) = split(&parts);
    session.find_type(schema, name).ok_or_else(|| missing("type", &parts))
}

/// `List(TypeName, String)`.
fn domain_constraint(session: &Session, node: &Node) -> Result<ObjectId, DdlError> {
    let Some(NodeEnum::List(list)) = node.node.as_ref() else { return Err(missing("constraint", &[])) };
    let [domain, name] = list.items.as_slice() else { return Err(missing("constraint", &[])) };
    let domain = type_named(session, domain)?;
    let name = parts(name);
    let Key::InSchema(qname) = &domain.key else { return Err(missing("constraint", &name)) };
    let id = ObjectId::on(Kind::DomainConstraint, qname.clone(), split(&name).1);
    if session.catalog.contains(&id) { Ok(id) } else { Err(DdlError::Missing { what: "constraint", name: id.spelled() }) }
}

/// A function or procedure; without arguments given, the only one of that name.
fn routine(session: &Session, kind: ObjectType, node: &Node) -> Result<ObjectId, DdlError> {
    let kinds: &[Kind] = match kind {
        ObjectType::ObjectFunction => &[Kind::Function],
        ObjectType::ObjectProcedure => &[Kind::Procedure],
        ObjectType::ObjectAggregate => &[Kind::Aggregate],
        _ => Kind::ROUTINES,
    };
    let Some(NodeEnum::ObjectWithArgs(named)) = node.node.as_ref() else { return Err(missing("function", &parts(node))) };
    let parts = parts(node);
    let (schema, name) = split(&parts);
    let candidates = session.candidates(schema, name);
    if named.args_unspecified {
        return only_one(session, kinds, &candidates, &parts);
    }
    let arguments = arguments(session, named)?;
    let ids =
        candidates.iter().flat_map(|name| kinds.iter().map(|kind| ObjectId::new(*kind, Key::Routine(name.clone(), arguments.clone()))));
    let by_inputs = ids.into_iter().find(|id| session.catalog.contains(id));
    // Procedures are found by all arguments too, as the SQL standard has it, where no modes are said (`LookupFuncWithArgs` of
    // src/backend/parser/parse_func.c).
    let by_all = |id: &&ObjectId| match session.catalog.object(id) {
        Some(Object::Procedure(procedure)) => {
            procedure.arguments.iter().map(|argument| argument.type_name.0.as_str()).eq(arguments.iter().map(String::as_str))
        }
        _ => false,
    };
    let may_be_all = kinds.contains(&Kind::Procedure) && !arguments.is_empty() && !named.objfuncargs.iter().any(says_mode);
    let by_all = candidates.iter().filter(|_| may_be_all).flat_map(|name| session.catalog.routines_named(name)).find(by_all).cloned();
    match (by_inputs, by_all) {
        (Some(one), Some(other)) if one != other => {
            Err(DdlError::Invalid(format!("{} is not unique: say IN, OUT or INOUT of each argument", dotted(schema, name))))
        }
        (Some(found), _) | (None, Some(found)) => Ok(found),
        (None, None) => Err(DdlError::Missing { what: "function", name: format!("{}({})", dotted(schema, name), arguments.join(", ")) }),
    }
}

/// Whether a parameter is written with its mode.
fn says_mode(node: &Node) -> bool {
    let is_default = |parameter: &protobuf::FunctionParameter| parameter.mode() == protobuf::FunctionParameterMode::FuncParamDefault;
    matches!(&node.node, Some(NodeEnum::FunctionParameter(parameter)) if !is_default(parameter))
}

/// An operator with the types of its operands; a prefix operator has no left one.
fn operator(session: &Session, node: &Node) -> Result<ObjectId, DdlError> {
    let Some(NodeEnum::ObjectWithArgs(named)) = node.node.as_ref() else { return Err(missing("operator", &parts(node))) };
    let mut operands = Vec::new();
    for node in &named.objargs {
        operands.push(match node.node.as_ref() {
            Some(NodeEnum::TypeName(name)) => session.type_without_modifier(name)?.0.0,
            _ => "NONE".to_owned(),
        });
    }
    let parts = parts(node);
    let (schema, name) = split(&parts);
    let id = |name: QName| ObjectId::new(Kind::Operator, Key::Routine(name, operands.clone()));
    let found = session.candidates(schema, name).into_iter().map(id).find(|id| session.catalog.contains(id));
    found.ok_or_else(|| missing("operator", &parts))
}

/// A cast, by both types, or a transform, by type and language.
fn pair(session: &Session, kind: ObjectType, node: &Node) -> Result<ObjectId, DdlError> {
    let Some(NodeEnum::List(list)) = node.node.as_ref() else { return Err(missing("cast", &[])) };
    let mut both = Vec::new();
    for node in &list.items {
        both.push(match node.node.as_ref() {
            Some(NodeEnum::TypeName(name)) => session.type_without_modifier(name)?.0.0,
            _ => Ident::new(&parts(node).concat()).quoted(),
        });
    }
    let [first, second] = both.as_slice() else { return Err(missing("cast", &both)) };
    let (kind, what) = if kind == ObjectType::ObjectCast { (Kind::Cast, "cast") } else { (Kind::Transform, "transform") };
    let id = ObjectId::new(kind, Key::Two(first.clone(), second.clone()));
    if session.catalog.contains(&id) { Ok(id) } else { Err(DdlError::Missing { what, name: id.spelled() }) }
}

/// The types that a routine is known by.
pub(super) fn arguments(session: &Session, named: &protobuf::ObjectWithArgs) -> Result<Vec<String>, DdlError> {
    if named.objfuncargs.is_empty() { input_types(session, &named.objargs) } else { input_parameters(session, &named.objfuncargs) }
}

fn input_types(session: &Session, types: &[Node]) -> Result<Vec<String>, DdlError> {
    let mut found = Vec::new();
    for node in types {
        if let Some(NodeEnum::TypeName(name)) = node.node.as_ref() {
            found.push(session.type_without_modifier(name)?.0.0);
        }
    }
    Ok(found)
}

/// Parameters that count for identity: not OUT, not TABLE.
fn input_parameters(session: &Session, parameters: &[Node]) -> Result<Vec<String>, DdlError> {
    use protobuf::FunctionParameterMode as Mode;
    let mut found = Vec::new();
    for node in parameters {
        let Some(NodeEnum::FunctionParameter(parameter)) = node.node.as_ref() else { continue };
        if matches!(parameter.mode(), Mode::FuncParamOut | Mode::FuncParamTable) {
            continue;
        }
        if let Some(name) = &parameter.arg_type {
            found.push(session.type_without_modifier(name)?.0.0);
        }
    }
    Ok(found)
}

fn only_one(session: &Session, kinds: &[Kind], candidates: &[QName], parts: &[String]) -> Result<ObjectId, DdlError> {
    for candidate in candidates {
        let mut all = session
            .catalog
            .iter()
            .map(|(id, _)| id)
            .filter(|id| kinds.contains(&id.kind) && matches!(&id.key, Key::Routine(name, _) if name == candidate));
        match (all.next(), all.next()) {
            (Some(one), None) => return Ok(one.clone()),
            (Some(_), Some(_)) => return Err(DdlError::Invalid(format!("function name {candidate} is not unique"))),
            _ => {}
        }
    }
    Err(missing("function", parts))
}

/// What hangs on a schema-less identity takes the name of the object as it stands; used for new names of RENAME.
pub fn with_name(id: &ObjectId, name: &str) -> ObjectId {
    let name = Ident::new(name);
    let key = match &id.key {
        Key::Global(_) => Key::Global(name),
        Key::InSchema(old) => Key::InSchema(QName { schema: old.schema.clone(), name }),
        Key::OnRelation(relation, _) => Key::OnRelation(relation.clone(), name),
        Key::Routine(old, arguments) => Key::Routine(QName { schema: old.schema.clone(), name }, arguments.clone()),
        other => other.clone(),
    };
    ObjectId::new(id.kind, key)
}

/// The identity in another schema.
pub fn with_schema(id: &ObjectId, schema: &Ident) -> ObjectId {
    let moved = |old: &QName| QName { schema: schema.clone(), name: old.name.clone() };
    let key = match &id.key {
        Key::InSchema(old) => Key::InSchema(moved(old)),
        Key::OnRelation(old, name) => Key::OnRelation(moved(old), name.clone()),
        Key::Routine(old, arguments) => Key::Routine(moved(old), arguments.clone()),
        other => other.clone(),
    };
    ObjectId::new(id.kind, key)
}
