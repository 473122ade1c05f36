//! CREATE and ALTER of what stands alone: collations, casts, event triggers, languages, transforms, access methods, conversions.

use pg_query::protobuf::{
    AlterCollationStmt, AlterEventTrigStmt, CoercionContext, CreateAmStmt, CreateCastStmt, CreateConversionStmt, CreateEventTrigStmt,
    CreatePLangStmt, CreateTransformStmt, DefineStmt, ObjectWithArgs,
};
use pg_query::{Node, NodeEnum};

use super::access_method::AccessMethod;
use super::cast::{Cast, Method};
use super::collation::{Collation, Provider};
use super::conversion::Conversion;
use super::event_trigger::EventTrigger;
use super::language::Language;
use super::session::dotted;
use super::transform::Transform;
use super::{DdlError, Kind, Object, Session};
use crate::model::{Entry, Ident, Key, ObjectId, QName};
use crate::sql::literal::{self, names};

/// Schema, or nothing, and name.
pub fn split(parts: &[String]) -> (&str, &str) {
    match parts {
        [.., schema, name] => (schema, name),
        [name] => ("", name),
        [] => ("", ""),
    }
}

/// The parts of a name as options have it: a list, a type name or a word.
pub fn parts_of(node: &Node) -> Vec<String> {
    match &node.node {
        Some(NodeEnum::TypeName(name)) => names(&name.names),
        Some(NodeEnum::List(list)) => names(&list.items),
        Some(NodeEnum::String(text)) => vec![text.sval.clone()],
        _ => Vec::new(),
    }
}

/// A function that a clause names without arguments: one of the catalog, one of an extension, or PostgreSQL's own.
///
/// # Errors
/// Where there is none.
pub fn function(parts: &[String], session: &Session) -> Result<(QName, Option<ObjectId>), DdlError> {
    function_with(parts, None, session)
}

/// As [`function`], with arguments of these types where they are known.
///
/// # Errors
/// Where there is none.
pub fn function_with(parts: &[String], types: Option<&[String]>, session: &Session) -> Result<(QName, Option<ObjectId>), DdlError> {
    let (schema, name) = split(parts);
    let fits = |id: &&ObjectId| matches!((&id.key, types), (Key::Routine(_, own), Some(types)) if own == types);
    let own = session.candidates(schema, name).into_iter().find_map(|name| {
        let id = session.catalog.routines_named(&name).find(fits).or_else(|| session.catalog.routines_named(&name).next())?;
        Some((name.clone(), Some(id.clone())))
    });
    if schema == "pg_catalog" || schema.is_empty() && crate::sql::is_builtin_function(name) {
        return Ok((QName::new("pg_catalog", name), None));
    }
    let of_extension = || {
        let (id, at) = session.extension_with(schema, super::extension::function_providers(name))?;
        Some((QName { schema: at, name: Ident::new(name) }, Some(id)))
    };
    own.or_else(of_extension).ok_or_else(|| DdlError::Missing { what: "function", name: dotted(schema, name) })
}

/// Adds what a statement makes.
///
/// # Errors
/// Where it is there already.
pub fn add(
    session: &mut Session,
    id: ObjectId,
    object: impl Into<Object>,
    needs: impl IntoIterator<Item = ObjectId>,
) -> Result<(), DdlError> {
    session.add(id, Entry::new(object, None).needing(needs))
}

/// CREATE COLLATION.
///
/// # Errors
/// Where it is there already, or a locale is given that only a server can bring into its canonical form.
pub fn create_collation(stmt: &DefineStmt, session: &mut Session) -> Result<(), DdlError> {
    let parts = names(&stmt.defnames);
    let (schema, name) = split(&parts);
    let id = ObjectId::in_schema(Kind::Collation, session.new_name(schema, name)?);
    if stmt.if_not_exists && session.catalog.contains(&id) {
        return Ok(());
    }
    let text = |name: &str| literal::option(&stmt.definition, name).map_or(Ok(None), literal::value);
    if let Some(from) = literal::option(&stmt.definition, "from").and_then(|option| option.arg.as_deref()) {
        let copied = copied(&parts_of(from), session)?;
        return add(session, id, copied, None);
    }
    let provider = match text("provider")?.as_deref() {
        Some("icu") => Provider::Icu,
        Some("builtin") => Provider::Builtin,
        _ => Provider::Libc,
    };
    let locale = text("locale")?;
    let libc = provider == Provider::Libc;
    let given = |text: Option<String>| if libc { text.or_else(|| locale.clone()) } else { None };
    let (lc_collate, lc_ctype) = (given(text("lc_collate")?), given(text("lc_ctype")?));
    let deterministic = literal::option(&stmt.definition, "deterministic").map_or(Ok(true), literal::flag)?;
    let rules = text("rules")?;
    let locale = if libc { None } else { locale };
    let locale = match locale {
        Some(locale) if provider == Provider::Icu => Some(language_tag(&locale, session.major())?),
        other => other,
    };
    add(session, id, Collation { provider, locale, lc_collate, lc_ctype, deterministic, rules }, None)
}

/// `icu_language_tag` (src/backend/utils/adt/pg_locale_icu.c), from 16 on; the old form of ICU is more than a rule.
fn language_tag(locale: &str, major: u32) -> Result<String, DdlError> {
    if major < 16 {
        return Ok(locale.to_owned());
    }
    let plain = locale.split(['-', '_']).all(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric()));
    if plain { Ok(locale.replace('_', "-")) } else { Err(DdlError::Unsupported(format!("the ICU locale {locale:?} without a server"))) }
}

fn copied(parts: &[String], session: &Session) -> Result<Object, DdlError> {
    let (schema, name) = split(parts);
    let own = session.candidates(schema, name).into_iter().map(|name| ObjectId::in_schema(Kind::Collation, name));
    if let Some(object) = own.filter_map(|id| session.catalog.object(&id)).next() {
        return Ok(object.clone());
    }
    if matches!(schema, "" | "pg_catalog") && matches!(name, "C" | "POSIX") {
        let locale = Some(name.to_owned());
        let (lc_collate, lc_ctype) = (locale.clone(), locale);
        return Ok(Collation { provider: Provider::Libc, locale: None, lc_collate, lc_ctype, deterministic: true, rules: None }.into());
    }
    if matches!(schema, "" | "pg_catalog") {
        return Err(DdlError::Unsupported(format!("a copy of collation {} without a server", dotted(schema, name))));
    }
    Err(DdlError::Missing { what: "collation", name: dotted(schema, name) })
}

/// The function that a clause names with its arguments, as the catalog queries spell it.
fn routine(named: &ObjectWithArgs, session: &Session) -> Result<(String, Option<ObjectId>), DdlError> {
    let parts = names(&named.objname);
    let (schema, name) = split(&parts);
    let mut types = Vec::new();
    for node in &named.objargs {
        if let Some(NodeEnum::TypeName(of)) = &node.node {
            types.push(session.type_without_modifier(of)?.0.0);
        }
    }
    let fits = |id: &&ObjectId| named.args_unspecified || matches!(&id.key, Key::Routine(_, own) if *own == types);
    let candidates = session.candidates(schema, name);
    let own = candidates.iter().find_map(|name| session.catalog.routines_named(name).find(fits));
    if let Some((id, Key::Routine(name, types))) = own.map(|id| (id, &id.key)) {
        return Ok((format!("{name}({})", types.join(", ")), Some(id.clone())));
    }
    if schema == "pg_catalog" || schema.is_empty() && crate::sql::is_builtin_function(name) {
        return Ok((format!("{}({})", QName::new("pg_catalog", name), types.join(", ")), None));
    }
    Err(DdlError::Missing { what: "function", name: format!("{}({})", dotted(schema, name), types.join(", ")) })
}

/// CREATE CAST.
///
/// # Errors
/// Where a type or the function does not exist.
pub fn create_cast(stmt: &CreateCastStmt, session: &mut Session) -> Result<(), DdlError> {
    let mut needs = Vec::new();
    let mut types = Vec::new();
    for name in [&stmt.sourcetype, &stmt.targettype].into_iter().flatten() {
        let (name, id) = session.type_without_modifier(name)?;
        types.push(name.0);
        needs.extend(id);
    }
    let [source, target] = types.as_slice() else { return Ok(()) };
    let method = match &stmt.func {
        Some(named) => {
            let (function, id) = routine(named, session)?;
            needs.extend(id);
            Method::Function(function)
        }
        None if stmt.inout => Method::InOut,
        None => Method::Binary,
    };
    let context = match stmt.context() {
        CoercionContext::CoercionImplicit => 'i',
        CoercionContext::CoercionAssignment => 'a',
        _ => 'e',
    };
    add(session, ObjectId::new(Kind::Cast, Key::Two(source.clone(), target.clone())), Cast { method, context }, needs)
}

/// CREATE EVENT TRIGGER.
///
/// # Errors
/// Where it is there already, or its function is not.
pub fn create_event_trigger(stmt: &CreateEventTrigStmt, session: &mut Session) -> Result<(), DdlError> {
    let (function, needed) = function(&names(&stmt.funcname), session)?;
    let tags = literal::option(&stmt.whenclause, "tag").and_then(|option| option.arg.as_deref()).map(literal::items).map(names);
    // `filter_list_to_array` (src/backend/commands/event_trigger.c) writes them in capitals.
    let tags = tags.unwrap_or_default().into_iter().map(|tag| tag.to_uppercase()).collect();
    let object = EventTrigger { event: Ident::new(&stmt.eventname), tags, function, enabled: 'O' };
    add(session, ObjectId::global(Kind::EventTrigger, stmt.trigname.as_str()), object, needed)
}

/// ALTER EVENT TRIGGER .. ENABLE and DISABLE.
///
/// # Errors
/// Where there is none of that name.
pub fn alter_event_trigger(stmt: &AlterEventTrigStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = ObjectId::global(Kind::EventTrigger, stmt.trigname.as_str());
    match session.catalog.get_mut(&id).map(|entry| &mut entry.object) {
        Some(Object::EventTrigger(trigger)) => {
            trigger.enabled = stmt.tgenabled.chars().next().unwrap_or('O');
            Ok(())
        }
        _ => Err(DdlError::Missing { what: "event trigger", name: id.spelled() }),
    }
}

/// CREATE LANGUAGE. PostgreSQL's own is there already; without a handler the name is that of an extension (`CreateProceduralLanguage`).
///
/// # Errors
/// Where a function does not exist.
pub fn create_language(stmt: &CreatePLangStmt, session: &mut Session) -> Result<(), DdlError> {
    if stmt.plname == "plpgsql" {
        return Ok(());
    }
    if stmt.plhandler.is_empty() {
        return Err(DdlError::Unsupported(format!(
            "CREATE LANGUAGE {0} without HANDLER: write CREATE EXTENSION {0}; it",
            Ident::new(&stmt.plname)
        )));
    }
    let (handler, needed) = function(&names(&stmt.plhandler), session)?;
    let mut needs: Vec<ObjectId> = needed.into_iter().collect();
    let mut optional = |nodes: &[Node]| -> Result<Option<QName>, DdlError> {
        if nodes.is_empty() {
            return Ok(None);
        }
        let (name, needed) = function(&names(nodes), session)?;
        needs.extend(needed);
        Ok(Some(name))
    };
    let (inline, validator) = (optional(&stmt.plinline)?, optional(&stmt.plvalidator)?);
    let id = ObjectId::global(Kind::Language, stmt.plname.as_str());
    let object = Language { trusted: stmt.pltrusted, handler, inline, validator };
    session.add_or_replace(id, Entry::new(object, None).needing(needs), stmt.replace)
}

/// CREATE TRANSFORM.
///
/// # Errors
/// Where the type, the language or a function does not exist.
pub fn create_transform(stmt: &CreateTransformStmt, session: &mut Session) -> Result<(), DdlError> {
    let Some(type_name) = &stmt.type_name else { return Ok(()) };
    let (type_name, needed) = session.type_without_modifier(type_name)?;
    let mut needs: Vec<ObjectId> = needed.into_iter().collect();
    let language = Ident::new(&stmt.lang);
    let made = [Kind::Language, Kind::Extension].map(|kind| ObjectId::global(kind, language.clone()));
    needs.extend(made.into_iter().find(|id| session.catalog.contains(id)));
    let mut of = |named: Option<&ObjectWithArgs>| -> Result<Option<String>, DdlError> {
        let Some(named) = named else { return Ok(None) };
        let (name, needed) = routine(named, session)?;
        needs.extend(needed);
        Ok(Some(name))
    };
    let (from_sql, to_sql) = (of(stmt.fromsql.as_ref())?, of(stmt.tosql.as_ref())?);
    let id = ObjectId::new(Kind::Transform, Key::Two(type_name.0, language.quoted()));
    session.add_or_replace(id, Entry::new(Transform { from_sql, to_sql }, None).needing(needs), stmt.replace)
}

/// CREATE ACCESS METHOD.
///
/// # Errors
/// Where it is there already, or its handler is not.
pub fn create_access_method(stmt: &CreateAmStmt, session: &mut Session) -> Result<(), DdlError> {
    let (handler, needed) = function(&names(&stmt.handler_name), session)?;
    let object = AccessMethod { of_tables: stmt.amtype == "t", handler };
    add(session, ObjectId::global(Kind::AccessMethod, stmt.amname.as_str()), object, needed)
}

/// CREATE CONVERSION.
///
/// # Errors
/// Where it is there already, or its function is not.
pub fn create_conversion(stmt: &CreateConversionStmt, session: &mut Session) -> Result<(), DdlError> {
    let (function, needed) = function(&names(&stmt.func_name), session)?;
    let parts = names(&stmt.conversion_name);
    let (schema, name) = split(&parts);
    let id = ObjectId::in_schema(Kind::Conversion, session.new_name(schema, name)?);
    let (source, target) = (stmt.for_encoding_name.clone(), stmt.to_encoding_name.clone());
    add(session, id, Conversion { source, target, function, default: stmt.def }, needed)
}

/// ALTER COLLATION .. REFRESH VERSION, which is about the operating system's library, and no schema.
///
/// # Errors
/// Where the collation does not exist.
pub fn refresh_collation(stmt: &AlterCollationStmt, session: &Session) -> Result<(), DdlError> {
    let parts = names(&stmt.collname);
    let (schema, name) = split(&parts);
    let there = |name: QName| session.catalog.contains(&ObjectId::in_schema(Kind::Collation, name));
    if schema == "pg_catalog" || session.candidates(schema, name).into_iter().any(there) {
        return Ok(());
    }
    Err(DdlError::Missing { what: "collation", name: dotted(schema, name) })
}
