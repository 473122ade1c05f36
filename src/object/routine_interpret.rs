//! CREATE FUNCTION, CREATE PROCEDURE, and ALTER of both.

use pg_query::protobuf::{self, DefElem, FunctionParameterMode, TypeName as ParsedType, VariableSetStmt};
use pg_query::{Node, NodeEnum};

use super::expressions::parameters;
use super::function::Function;
use super::procedure::Procedure;
use super::resolve::References;
use super::routine::{self, Argument, Body, Mode, Parallel, Setting, Volatility};
use super::{DdlError, Kind, Object, Session, address, column_list, extension_dependency};
use crate::analyze::Scope;
use crate::model::{Entry, Ident, Key, ObjectId, QName, TypeName, quote_ident};
use crate::sql::literal::{self, names};
use crate::sql::{self};

/// What the clauses of CREATE and ALTER say.
#[derive(Default)]
struct Clauses {
    language: Option<Ident>,
    source: Vec<String>,
    window: bool,
    volatility: Option<Volatility>,
    parallel: Option<Parallel>,
    strict: Option<bool>,
    security_definer: Option<bool>,
    leakproof: Option<bool>,
    cost: Option<String>,
    rows: Option<String>,
    support: Option<String>,
    settings: Vec<VariableSetStmt>,
    transforms: Vec<String>,
}

/// A type without modifiers, as routines have them: `SETOF`, `table.column%TYPE` and all.
fn type_of(name: &ParsedType, found: &mut References, session: &Session) -> Result<TypeName, DdlError> {
    if name.pct_type {
        return copied_type(name, found, session);
    }
    let (type_name, id) = session.type_without_modifier(name)?;
    found.needs.extend(id);
    Ok(type_name)
}

/// `table.column%TYPE` is the column's type at that time.
fn copied_type(name: &ParsedType, found: &mut References, session: &Session) -> Result<TypeName, DdlError> {
    let parts = names(&name.names);
    let missing = || DdlError::Missing { what: "column", name: parts.join(".") };
    let (schema, relation, column) = match parts.as_slice() {
        [.., schema, relation, column] => (schema.as_str(), relation, column),
        [relation, column] => ("", relation, column),
        _ => return Err(missing()),
    };
    let relation = session.find_relation(schema, relation).ok_or_else(missing)?;
    match session.catalog.object(&session.column(&relation, column)?) {
        Some(Object::Column(column)) => {
            let plain = sql::parse_type(&column.type_name.0)?;
            type_of(&plain, found, session)
        }
        _ => Err(missing()),
    }
}

fn arguments(parameters: &[Node], found: &mut References, session: &Session) -> Result<Vec<Argument>, DdlError> {
    let mut arguments = Vec::new();
    for node in parameters {
        let Some(NodeEnum::FunctionParameter(parameter)) = node.node.as_ref() else { continue };
        let mode = match parameter.mode() {
            FunctionParameterMode::FuncParamOut => Mode::Out,
            FunctionParameterMode::FuncParamInout => Mode::InOut,
            FunctionParameterMode::FuncParamVariadic => Mode::Variadic,
            FunctionParameterMode::FuncParamTable => Mode::Table,
            _ => Mode::In,
        };
        let Some(parsed) = &parameter.arg_type else { continue };
        let default = match &parameter.defexpr {
            Some(default) => {
                let (expr, more) = session.expression(default, &Scope::None)?;
                found.extend(more);
                Some(expr)
            }
            None => None,
        };
        let name = Some(parameter.name.as_str()).filter(|name| !name.is_empty()).map(Ident::new);
        arguments.push(Argument { mode, name, type_name: type_of(parsed, found, session)?, default });
    }
    Ok(arguments)
}

/// `pg_get_function_result`.
fn result(
    stmt: &protobuf::CreateFunctionStmt,
    arguments: &[Argument],
    found: &mut References,
    session: &Session,
) -> Result<String, DdlError> {
    let table: Vec<String> = arguments
        .iter()
        .filter(|argument| argument.mode == Mode::Table)
        .map(|argument| format!("{}{}", argument.name.as_ref().map(|name| format!("{name} ")).unwrap_or_default(), argument.type_name))
        .collect();
    if !table.is_empty() {
        return Ok(format!("TABLE({})", table.join(", ")));
    }
    let Some(parsed) = &stmt.return_type else {
        let outputs = routine::outputs(arguments);
        return Ok(match outputs.as_slice() {
            [(_, only)] => only.0.clone(),
            [] => "void".to_owned(),
            _ => "record".to_owned(),
        });
    };
    let type_name = type_of(parsed, found, session)?;
    Ok(if parsed.setof { format!("SETOF {type_name}") } else { type_name.0 })
}

fn clauses(options: &[Node], session: &Session) -> Result<Clauses, DdlError> {
    let mut clauses = Clauses::default();
    for option in literal::def_elems(options) {
        clause(option, &mut clauses, session)?;
    }
    Ok(clauses)
}

fn clause(option: &DefElem, clauses: &mut Clauses, session: &Session) -> Result<(), DdlError> {
    let value = || literal::value(option).map(Option::unwrap_or_default);
    match option.defname.as_str() {
        "language" => clauses.language = Some(Ident::new(&value()?.to_lowercase())),
        "as" => clauses.source = option.arg.as_deref().map(literal::items).map(names).unwrap_or_default(),
        "window" => clauses.window = literal::flag(option)?,
        "volatility" => {
            clauses.volatility = Some(match value()?.as_str() {
                "immutable" => Volatility::Immutable,
                "stable" => Volatility::Stable,
                _ => Volatility::Volatile,
            });
        }
        "parallel" => {
            clauses.parallel = Some(match value()?.to_lowercase().as_str() {
                "safe" => Parallel::Safe,
                "restricted" => Parallel::Restricted,
                _ => Parallel::Unsafe,
            });
        }
        "strict" => clauses.strict = Some(literal::flag(option)?),
        "security" => clauses.security_definer = Some(literal::flag(option)?),
        "leakproof" => clauses.leakproof = Some(literal::flag(option)?),
        "cost" => clauses.cost = Some(as_float4(&value()?)),
        "rows" => clauses.rows = Some(as_float4(&value()?)),
        "support" => clauses.support = Some(support(option, session)),
        "set" => {
            if let Some(NodeEnum::VariableSetStmt(set)) = option.arg.as_ref().and_then(|arg| arg.node.as_ref()) {
                clauses.settings.push(set.clone());
            }
        }
        "transform" => {
            for node in option.arg.as_deref().map(literal::items).unwrap_or_default() {
                if let Some(NodeEnum::TypeName(name)) = node.node.as_ref() {
                    clauses.transforms.push(session.type_without_modifier(name)?.0.0);
                }
            }
        }
        other => return Err(DdlError::Unsupported(format!("the clause {} of CREATE FUNCTION", other.to_uppercase()))),
    }
    Ok(())
}

/// A number as `float4out` writes it: the shortest text that reads back the same, with an exponent below -4 or above 5.
fn as_float4(text: &str) -> String {
    let Ok(number) = text.parse::<f32>() else { return text.to_owned() };
    if number == 0.0 || (1e-4..1e6).contains(&number.abs()) {
        return number.to_string();
    }
    match format!("{number:e}").split_once('e') {
        Some((digits, exponent)) => match exponent.strip_prefix('-') {
            Some(exponent) => format!("{digits}e-{exponent:0>2}"),
            None => format!("{digits}e+{exponent:0>2}"),
        },
        None => number.to_string(),
    }
}

/// The name of a parameter as the server keeps it: few have capitals (src/backend/utils/misc/guc_tables.c).
fn parameter(name: &str) -> String {
    const CAPITALS: [&str; 3] = ["DateStyle", "IntervalStyle", "TimeZone"];
    CAPITALS.iter().find(|known| known.eq_ignore_ascii_case(name)).map_or_else(|| name.to_owned(), |known| (*known).to_owned())
}

fn support(option: &DefElem, session: &Session) -> String {
    let parts = option.arg.as_deref().map(literal::items).map(names).unwrap_or_default();
    let (schema, name) = match parts.as_slice() {
        [.., schema, name] => (schema.as_str(), name.as_str()),
        [name] => ("", name.as_str()),
        [] => ("", ""),
    };
    let here = session.candidates(schema, name).into_iter().find(|name| session.catalog.routines_named(name).next().is_some());
    here.unwrap_or_else(|| QName::new(if schema.is_empty() { "pg_catalog" } else { schema }, name)).to_string()
}

fn support_needed(name: Option<&str>, session: &Session) -> Option<ObjectId> {
    match crate::sql::parse_qualified_name(name?)?.as_slice() {
        [schema, name] => session.catalog.routines_named(&QName::new(schema.as_str(), name.as_str())).next().cloned(),
        _ => None,
    }
}

/// The value of SET as `pg_proc.proconfig` holds it (`flatten_set_variable_args`, src/backend/utils/misc/guc_funcs.c).
fn flattened(set: &VariableSetStmt) -> String {
    let is_list = Setting::is_list_of_names(&set.name);
    let parts: Vec<String> = set
        .args
        .iter()
        .map(|node| {
            let text = literal::string(node).map(str::to_owned).or_else(|| literal::number(node)).unwrap_or_default();
            if is_list { quote_ident(&text) } else { text }
        })
        .collect();
    parts.join(", ")
}

/// Works SET and RESET into settings, in the order in which the server keeps them.
///
/// # Errors
/// SET .. FROM CURRENT.
pub fn apply_settings(config: &mut Vec<Setting>, sets: &[VariableSetStmt], session: &Session) -> Result<(), DdlError> {
    use protobuf::VariableSetKind as Set;
    for set in sets {
        let value = match set.kind() {
            Set::VarSetValue => Some(flattened(set)),
            Set::VarSetCurrent if set.name == "search_path" && session.search_path_is_default => Some("\"$user\", public".to_owned()),
            Set::VarSetCurrent if set.name == "search_path" => {
                Some(session.search_path.iter().map(Ident::quoted).collect::<Vec<_>>().join(", "))
            }
            Set::VarSetCurrent => return Err(DdlError::Unsupported(format!("SET {} FROM CURRENT", set.name))),
            Set::VarResetAll => {
                config.clear();
                continue;
            }
            _ => None,
        };
        let name = parameter(&set.name);
        let present = config.iter_mut().find(|setting| setting.name == name);
        match (present, value) {
            (Some(setting), Some(value)) => setting.value = value,
            (None, Some(value)) => config.push(Setting { name, value }),
            (_, None) => config.retain(|setting| setting.name != name),
        }
    }
    Ok(())
}

/// What brings the language: PostgreSQL itself, a statement, or the extension of its name.
fn language_needed(language: &Ident, session: &Session) -> Result<Option<ObjectId>, DdlError> {
    if matches!(language.as_str(), "sql" | "c" | "internal" | "plpgsql") {
        return Ok(None);
    }
    let made = [Kind::Language, Kind::Extension].map(|kind| ObjectId::global(kind, language.clone()));
    match made.into_iter().find(|id| session.catalog.contains(id)) {
        Some(id) => Ok(Some(id)),
        None => Err(DdlError::Missing { what: "language", name: language.quoted() }),
    }
}

/// The body, with what it refers to.
fn body(
    stmt: &protobuf::CreateFunctionStmt,
    name: &QName,
    arguments: &[Argument],
    clauses: &Clauses,
    found: &mut References,
    session: &Session,
) -> Result<Body, DdlError> {
    if let Some(tree) = &stmt.sql_body {
        let attributes = parameters(arguments);
        let mut tree = tree.clone();
        let scope = Scope::Routine(name, attributes);
        found.extend(session.names(tree.as_mut(), &scope)?);
        return Ok(Body::Sql(column_list::settled(&session.catalog, &scope, routine::sql_body_of_tree(*tree)?)));
    }
    Ok(match clauses.source.as_slice() {
        [file, symbol] => Body::Object { file: file.clone(), symbol: symbol.clone() },
        [only] if clauses.language.as_ref().is_some_and(|language| language.as_str() == "c") => {
            Body::Object { file: only.clone(), symbol: name.name.as_str().to_owned() }
        }
        [text] => Body::Text(text.clone()),
        _ => return Err(DdlError::Invalid("no function body specified".to_owned())),
    })
}

/// CREATE [OR REPLACE] FUNCTION and PROCEDURE.
///
/// # Errors
/// Where a type or something that a parsed body names does not exist, or the routine does and is not to be replaced.
pub fn interpret_create(stmt: &protobuf::CreateFunctionStmt, session: &mut Session) -> Result<(), DdlError> {
    let parts = names(&stmt.funcname);
    let name = match parts.as_slice() {
        [.., schema, name] => session.new_name(schema, name)?,
        [name] => session.new_name("", name)?,
        [] => return Err(DdlError::Invalid("a routine without a name".to_owned())),
    };
    let mut found = References::default();
    let arguments = arguments(&stmt.parameters, &mut found, session)?;
    let inputs = arguments.iter().filter(|argument| argument.mode.is_input()).map(|argument| argument.type_name.0.clone()).collect();
    let clauses = clauses(&stmt.options, session)?;
    let language = clauses.language.clone().unwrap_or_else(|| Ident::new("sql"));
    found.needs.extend(language_needed(&language, session)?);
    found.needs.extend(support_needed(clauses.support.as_deref(), session));
    let transform = |name: &String| ObjectId::new(Kind::Transform, Key::Two(name.clone(), language.quoted()));
    found.needs.extend(clauses.transforms.iter().map(transform).filter(|id| session.catalog.contains(id)));
    let body = body(stmt, &name, &arguments, &clauses, &mut found, session)?;
    if let Body::Text(text) = &body {
        found.wants.extend(session.wants_of_body(language.as_str(), text));
    }
    let mut config = Vec::new();
    apply_settings(&mut config, &clauses.settings, session)?;
    let security_definer = clauses.security_definer.unwrap_or(false);
    let transforms = clauses.transforms.clone();
    let (kind, object): (Kind, Object) = if stmt.is_procedure {
        (Kind::Procedure, Procedure { arguments, language, body, security_definer, config, transforms }.into())
    } else {
        let returns = result(stmt, &arguments, &mut found, session)?;
        let function = Function {
            cost: clauses.cost.clone().unwrap_or_else(|| Function::default_cost(&language).to_owned()),
            rows: clauses.rows.clone().unwrap_or_else(|| Function::default_rows(&returns).to_owned()),
            window: clauses.window,
            volatility: clauses.volatility.unwrap_or(Volatility::Volatile),
            parallel: clauses.parallel.unwrap_or(Parallel::Unsafe),
            strict: clauses.strict.unwrap_or(false),
            leakproof: clauses.leakproof.unwrap_or(false),
            support: clauses.support.clone(),
            arguments,
            returns,
            language,
            body,
            security_definer,
            config,
            transforms,
        };
        (Kind::Function, function.into())
    };
    let id = ObjectId::new(kind, Key::Routine(name, inputs));
    let mut entry = Entry::new(object, None).needing(found.needs);
    entry.wants = found.wants;
    entry.wants.remove(&id);
    may_take(&id, &entry.object, stmt.replace, session)?;
    if stmt.replace {
        extension_dependency::forget(&id, &mut session.catalog);
    }
    session.add_or_replace(id, entry, stmt.replace)
}

/// Whether a routine may be made under this identity: functions and procedures share their names, and CREATE OR REPLACE changes
/// neither arguments nor results.
fn may_take(id: &ObjectId, wanted: &Object, replace: bool, session: &Session) -> Result<(), DdlError> {
    let other = Kind::ROUTINES.iter().map(|kind| ObjectId::new(*kind, id.key.clone()));
    if let Some(other) = other.filter(|other| other.kind != id.kind).find(|other| session.catalog.contains(other)) {
        return Err(DdlError::Exists(other.to_string()));
    }
    let refusal = match (session.catalog.object(id), wanted) {
        (Some(Object::Function(from)), Object::Function(to)) if replace => from.refusal(to),
        (Some(Object::Procedure(from)), Object::Procedure(to)) if replace => from.refusal(to),
        _ => None,
    };
    refusal.map_or(Ok(()), |refusal| Err(DdlError::Invalid(format!("{id}: {refusal}"))))
}

/// ALTER FUNCTION and PROCEDURE: attributes and settings.
///
/// # Errors
/// Where the routine does not exist.
pub fn interpret_alter(stmt: &protobuf::AlterFunctionStmt, session: &mut Session) -> Result<(), DdlError> {
    let Some(named) = &stmt.func else { return Ok(()) };
    let node = Node { node: Some(NodeEnum::ObjectWithArgs(named.clone())) };
    let id = address::resolve(session, stmt.objtype(), &node)?;
    let clauses = clauses(&stmt.actions, session)?;
    let mut config = match session.catalog.object(&id) {
        Some(Object::Function(function)) => function.config.clone(),
        Some(Object::Procedure(procedure)) => procedure.config.clone(),
        _ => Vec::new(),
    };
    apply_settings(&mut config, &clauses.settings, session)?;
    match session.catalog.get_mut(&id).map(|entry| &mut entry.object) {
        Some(Object::Function(function)) => {
            function.config = config;
            function.volatility = clauses.volatility.unwrap_or(function.volatility);
            function.parallel = clauses.parallel.unwrap_or(function.parallel);
            function.strict = clauses.strict.unwrap_or(function.strict);
            function.security_definer = clauses.security_definer.unwrap_or(function.security_definer);
            function.leakproof = clauses.leakproof.unwrap_or(function.leakproof);
            function.cost = clauses.cost.unwrap_or_else(|| function.cost.clone());
            function.rows = clauses.rows.unwrap_or_else(|| function.rows.clone());
            function.support = clauses.support.or_else(|| function.support.clone());
        }
        Some(Object::Procedure(procedure)) => {
            procedure.config = config;
            procedure.security_definer = clauses.security_definer.unwrap_or(procedure.security_definer);
        }
        _ => {}
    }
    Ok(())
}
