//! CREATE AGGREGATE, OPERATOR and TEXT SEARCH, which one statement of the parser stands for.

use std::collections::BTreeMap;

use pg_query::protobuf::{
    AlterTsConfigType, AlterTsConfigurationStmt, AlterTsDictionaryStmt, DefElem, DefineStmt, FunctionParameterMode, ObjectType,
};
use pg_query::{Node, NodeEnum};

use super::aggregate::{Aggregate, Transition};
use super::operator::Operator;
use super::plain_interpret::{add, create_collation, function, function_with, parts_of, split};
use super::routine::Parallel;
use super::session::dotted;
use super::text_search_configuration::TextSearchConfiguration;
use super::text_search_dictionary::TextSearchDictionary;
use super::text_search_parser::TextSearchParser;
use super::text_search_template::TextSearchTemplate;
use super::{DdlError, Kind, Object, Session};
use crate::analyze::type_called;
use crate::model::{Entry, Key, ObjectId, QName, quote_ident, quote_literal};
use crate::sql::literal::{self, names};

/// CREATE of what is defined by a list of options.
///
/// # Errors
/// Where it is there already, or something that it names is not.
pub fn interpret(stmt: &DefineStmt, session: &mut Session) -> Result<(), DdlError> {
    match stmt.kind() {
        ObjectType::ObjectAggregate => create_aggregate(stmt, session),
        ObjectType::ObjectOperator => create_operator(stmt, session),
        ObjectType::ObjectCollation => create_collation(stmt, session),
        ObjectType::ObjectTsparser => create_parser(stmt, session),
        ObjectType::ObjectTstemplate => create_template(stmt, session),
        ObjectType::ObjectTsdictionary => create_dictionary(stmt, session),
        ObjectType::ObjectTsconfiguration => create_configuration(stmt, session),
        other => Err(DdlError::Unsupported(format!("CREATE {} of this form", super::address::words(other).to_uppercase()))),
    }
}

/// The options of a definition, with what they need.
struct Options<'a> {
    definition: &'a [Node],
    session: &'a Session,
    needs: Vec<ObjectId>,
}

impl<'a> Options<'a> {
    const fn new(definition: &'a [Node], session: &'a Session) -> Self {
        Self { definition, session, needs: Vec::new() }
    }

    fn get(&self, name: &str) -> Option<&'a DefElem> {
        literal::def_elems(self.definition).filter(|option| option.defname.eq_ignore_ascii_case(name)).last()
    }

    fn parts(&self, name: &str) -> Option<Vec<String>> {
        self.get(name).and_then(|option| option.arg.as_deref()).map(parts_of).filter(|parts| !parts.is_empty())
    }

    fn function(&mut self, name: &str) -> Result<Option<QName>, DdlError> {
        let Some(parts) = self.parts(name).filter(|parts| parts.as_slice() != ["none"]) else { return Ok(None) };
        let (name, needed) = function(&parts, self.session)?;
        self.needs.extend(needed);
        Ok(Some(name))
    }

    fn required(&mut self, name: &'static str) -> Result<QName, DdlError> {
        self.function(name)?.ok_or_else(|| DdlError::Invalid(format!("{} must be specified", name.to_uppercase())))
    }

    fn type_of(&mut self, name: &str) -> Result<Option<String>, DdlError> {
        let Some(Node { node: Some(NodeEnum::TypeName(of)) }) = self.get(name).and_then(|option| option.arg.as_deref()) else {
            return Ok(None);
        };
        let (of, needed) = self.session.type_without_modifier(of)?;
        self.needs.extend(needed);
        Ok(Some(of.0))
    }

    fn text(&self, name: &str) -> Result<Option<String>, DdlError> {
        Ok(self.get(name).map_or(Ok(None), literal::value)?)
    }

    fn flag(&self, name: &str) -> Result<bool, DdlError> {
        Ok(self.get(name).map_or(Ok(false), literal::flag)?)
    }

    /// An object of the catalog in a schema, or one of PostgreSQL's own.
    fn named(&mut self, kind: Kind, parts: &[String]) -> QName {
        let (schema, name) = split(parts);
        let own = self
            .session
            .candidates(schema, name)
            .into_iter()
            .find(|name| self.session.catalog.contains(&ObjectId::in_schema(kind, name.clone())));
        match own {
            Some(name) => {
                self.needs.push(ObjectId::in_schema(kind, name.clone()));
                name
            }
            None => QName::new(if schema.is_empty() { "pg_catalog" } else { schema }, name),
        }
    }

    /// As [`named`](Self::named), which must exist where its schema is none of PostgreSQL's.
    fn existing(&mut self, kind: Kind, what: &'static str, parts: &[String]) -> Result<QName, DdlError> {
        let name = self.named(kind, parts);
        let known = name.schema.as_str() != "pg_catalog" || split(parts).0 == "pg_catalog" || is_own(kind, name.name.as_str());
        let there = name.schema.as_str() == "pg_catalog" || self.session.catalog.contains(&ObjectId::in_schema(kind, name.clone()));
        if known && there { Ok(name) } else { Err(DdlError::Missing { what, name: dotted(split(parts).0, split(parts).1) }) }
    }
}

/// Text search objects of `pg_catalog`.
fn is_own(kind: Kind, name: &str) -> bool {
    match kind {
        Kind::TextSearchParser => name == "default",
        Kind::TextSearchTemplate => matches!(name, "simple" | "synonym" | "ispell" | "thesaurus" | "snowball"),
        Kind::TextSearchDictionary => name == "simple" || name.ends_with("_stem"),
        _ => true,
    }
}

fn new_id(stmt: &DefineStmt, kind: Kind, session: &Session) -> Result<ObjectId, DdlError> {
    let parts = names(&stmt.defnames);
    let (schema, name) = split(&parts);
    Ok(ObjectId::in_schema(kind, session.new_name(schema, name)?))
}

fn transition(options: &mut Options<'_>, moving: bool, ordered: bool) -> Result<Option<Transition>, DdlError> {
    let key = |name: &str| if moving { format!("m{name}") } else { name.to_owned() };
    let old = |name: &str| if moving { String::new() } else { format!("{name}1") };
    let Some(function) = options.function(&key("sfunc"))?.or(options.function(&old("sfunc"))?) else { return Ok(None) };
    let state = options.type_of(&key("stype"))?.or(options.type_of(&old("stype"))?).unwrap_or_default();
    let modify = match options.text(&key("finalfunc_modify"))?.as_deref() {
        Some("read_only") => 'r',
        Some("shareable") => 's',
        Some("read_write") => 'w',
        _ if ordered => 'w',
        _ => 'r',
    };
    let last = options.function(&key("finalfunc"))?.map(|name| name.to_string());
    Ok(Some(Transition {
        function: function.to_string(),
        state,
        space: options.text(&key("sspace"))?.and_then(|text| text.parse().ok()).unwrap_or(0),
        last,
        extra: options.flag(&key("finalfunc_extra"))?,
        modify,
        initial: options.text(&key("initcond"))?.or(options.text(&old("initcond"))?),
    }))
}

fn create_aggregate(stmt: &DefineStmt, session: &mut Session) -> Result<(), DdlError> {
    let parts = names(&stmt.defnames);
    let (schema, name) = split(&parts);
    let name = session.new_name(schema, name)?;
    let mut options = Options::new(&stmt.definition, session);
    let (types, arguments, ordered) = arguments(stmt, &mut options)?;
    let kind = if options.flag("hypothetical")? {
        'h'
    } else if ordered {
        'o'
    } else {
        'n'
    };
    let Some(whole) = transition(&mut options, false, kind != 'n')? else {
        return Err(DdlError::Invalid("aggregate sfunc must be specified".to_owned()));
    };
    let inverse = options.function("minvfunc")?;
    let moving = transition(&mut options, true, kind != 'n')?.zip(inverse.map(|name| name.to_string()));
    let mut optional = |name: &str| options.function(name).map(|found| found.map(|name| name.to_string()));
    let (combine, serialize, deserialize) = (optional("combinefunc")?, optional("serialfunc")?, optional("deserialfunc")?);
    let sort_operator = options.parts("sortop").map(|parts| {
        let (schema, name) = split(&parts);
        format!("OPERATOR({}.{name})", quote_ident(if schema.is_empty() { "pg_catalog" } else { schema }))
    });
    let parallel = match options.text("parallel")?.as_deref() {
        Some("safe") => Parallel::Safe,
        Some("restricted") => Parallel::Restricted,
        _ => Parallel::Unsafe,
    };
    let needs = std::mem::take(&mut options.needs);
    let id = ObjectId::new(Kind::Aggregate, Key::Routine(name, types));
    let object = Aggregate { arguments, kind, transition: whole, moving, combine, serialize, deserialize, sort_operator, parallel };
    session.add_or_replace(id, Entry::new(object, None).needing(needs), stmt.replace)
}

/// The types of the arguments, all of them as `pg_get_function_arguments` writes them, and whether some come behind ORDER BY.
fn arguments(stmt: &DefineStmt, options: &mut Options<'_>) -> Result<(Vec<String>, String, bool), DdlError> {
    if stmt.oldstyle {
        let any = options.parts("basetype").is_some_and(|parts| parts.last().is_some_and(|name| name.eq_ignore_ascii_case("any")));
        let types: Vec<String> = if any { Vec::new() } else { options.type_of("basetype")?.into_iter().collect() };
        return Ok((types.clone(), types.join(", "), false));
    }
    let (list, direct) = match stmt.args.as_slice() {
        [list, count] => (literal::items(list), literal::integer(count).and_then(|count| usize::try_from(count).ok())),
        [list] => (literal::items(list), None),
        [] => (&[] as &[Node], None),
        _ => return Err(DdlError::Unsupported("CREATE AGGREGATE with these arguments".to_owned())),
    };
    let (mut types, mut texts) = (Vec::new(), Vec::new());
    for node in list {
        let Some(NodeEnum::FunctionParameter(parameter)) = &node.node else { continue };
        let Some(of) = &parameter.arg_type else { continue };
        let (of, needed) = options.session.type_without_modifier(of)?;
        options.needs.extend(needed);
        let mode = if parameter.mode() == FunctionParameterMode::FuncParamVariadic { Some("VARIADIC".to_owned()) } else { None };
        let name = Some(quote_ident(&parameter.name)).filter(|_| !parameter.name.is_empty());
        texts.push(mode.into_iter().chain(name).chain([of.0.clone()]).collect::<Vec<_>>().join(" "));
        types.push(of.0);
    }
    let text = match direct {
        Some(direct) if direct <= texts.len() => {
            let (before, behind) = texts.split_at(direct);
            // A VARIADIC argument that stands on both sides is kept once (`makeOrderedSetArgs` in gram.y).
            let behind = if behind.is_empty() { before.get(direct.saturating_sub(1)..).unwrap_or_default() } else { behind };
            format!("{} ORDER BY {}", before.join(", "), behind.join(", ")).trim_start().to_owned()
        }
        _ => texts.join(", "),
    };
    Ok((types, text, direct.is_some()))
}

fn operator_id(name: &QName, operands: [&str; 2]) -> ObjectId {
    ObjectId::new(Kind::Operator, Key::Routine(name.clone(), operands.map(str::to_owned).to_vec()))
}

fn create_operator(stmt: &DefineStmt, session: &mut Session) -> Result<(), DdlError> {
    let parts = names(&stmt.defnames);
    let (schema, name) = split(&parts);
    let name = QName { schema: session.creation_schema(schema)?, name: crate::model::Ident::new(name) };
    let mut options = Options::new(&stmt.definition, session);
    let none = "NONE".to_owned();
    let (left, right) = (options.type_of("leftarg")?.unwrap_or_else(|| none.clone()), options.type_of("rightarg")?.unwrap_or(none));
    let given = options.parts("function").or_else(|| options.parts("procedure"));
    let given = given.ok_or_else(|| DdlError::Invalid("operator function must be specified".to_owned()))?;
    let operands: Vec<String> = [&left, &right].into_iter().filter(|of| *of != "NONE").cloned().collect();
    let (function, needed) = function_with(&given, Some(&operands), session)?;
    options.needs.extend(needed.as_ref().and_then(|function| result_type(function, session)));
    options.needs.extend(needed);
    let other = |key: &str, operands: [&str; 2]| -> Option<(QName, bool)> {
        let parts = options.parts(key)?;
        let (schema, other) = split(&parts);
        let known = session.candidates(schema, other).into_iter().find(|name| session.catalog.contains(&operator_id(name, operands)));
        let made = || QName {
            schema: session.creation_schema(schema).unwrap_or_else(|_| name.schema.clone()),
            name: crate::model::Ident::new(other),
        };
        let is_there = known.is_some();
        let found = known.unwrap_or_else(made);
        let itself = found == name && operands == [left.as_str(), right.as_str()];
        Some((found, !is_there && !itself))
    };
    let (commutator, negator) = (other("commutator", [&right, &left]), other("negator", [&left, &right]));
    let object = Operator {
        function,
        commutator_is_shell: commutator.as_ref().is_some_and(|(_, shell)| *shell),
        negator_is_shell: negator.as_ref().is_some_and(|(_, shell)| *shell),
        commutator: commutator.map(|(name, _)| name),
        negator: negator.map(|(name, _)| name),
        restrict: options.function("restrict")?,
        join: options.function("join")?,
        hashes: options.flag("hashes")?,
        merges: options.flag("merges")?,
    };
    let needs = std::mem::take(&mut options.needs);
    let id = operator_id(&name, [&left, &right]);
    add(session, id, object, needs)?;
    link_operators(&name, [&left, &right], session);
    Ok(())
}

/// The type that a function gives, where it is somebody's own: operators depend on it too (`makeOperatorDependencies`,
/// src/backend/catalog/pg_operator.c).
fn result_type(function: &ObjectId, session: &Session) -> Option<ObjectId> {
    let Object::Function(function) = session.catalog.object(function)? else { return None };
    type_called(&session.catalog, function.returns.trim_end_matches("[]")).map(|(id, _)| id.clone())
}

/// A new operator takes the place of the shell that others made for it, and the partners that it names get it for theirs
/// (`OperatorUpd` in src/backend/catalog/pg_operator.c).
fn link_operators(name: &QName, operands: [&str; 2], session: &mut Session) {
    let swapped = [operands[1], operands[0]];
    let Some(Object::Operator(made)) = session.catalog.object(&operator_id(name, operands)).cloned() else { return };
    for (partner, of, is_commutator) in [(made.commutator, swapped, true), (made.negator, operands, false)] {
        let Some(partner) = partner.map(|partner| operator_id(&partner, of)) else { continue };
        if let Some(Object::Operator(other)) = session.catalog.get_mut(&partner).map(|entry| &mut entry.object) {
            let (slot, shell) = if is_commutator {
                (&mut other.commutator, &mut other.commutator_is_shell)
            } else {
                (&mut other.negator, &mut other.negator_is_shell)
            };
            *shell = false;
            slot.get_or_insert_with(|| name.clone());
        }
    }
    let others: Vec<ObjectId> = session.catalog.of_kind(Kind::Operator).map(|(id, _)| id.clone()).collect();
    for id in others {
        let Key::Routine(_, own) = &id.key else { continue };
        let (commutes, negates) = (own.iter().map(String::as_str).eq(swapped), own.iter().map(String::as_str).eq(operands));
        if let Some(Object::Operator(other)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object) {
            other.commutator_is_shell &= !(commutes && other.commutator.as_ref() == Some(name));
            other.negator_is_shell &= !(negates && other.negator.as_ref() == Some(name));
        }
    }
}

fn create_parser(stmt: &DefineStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = new_id(stmt, Kind::TextSearchParser, session)?;
    let mut options = Options::new(&stmt.definition, session);
    let object = TextSearchParser {
        start: options.required("start")?,
        token: options.required("gettoken")?,
        end: options.required("end")?,
        headline: options.function("headline")?,
        types: options.required("lextypes")?,
    };
    let needs = std::mem::take(&mut options.needs);
    add(session, id, object, needs)
}

fn create_template(stmt: &DefineStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = new_id(stmt, Kind::TextSearchTemplate, session)?;
    let mut options = Options::new(&stmt.definition, session);
    let object = TextSearchTemplate { init: options.function("init")?, lexize: options.required("lexize")? };
    let needs = std::mem::take(&mut options.needs);
    add(session, id, object, needs)
}

/// `serialize_deflist` in src/backend/commands/tsearchcmds.c.
fn serialized<'a>(definition: impl Iterator<Item = &'a DefElem>) -> Result<Option<String>, DdlError> {
    let mut texts = Vec::new();
    for option in definition {
        let value = literal::value(option)?.unwrap_or_default();
        let plain = option.arg.as_deref().is_some_and(|arg| matches!(arg.node, Some(NodeEnum::Integer(_) | NodeEnum::Float(_))));
        texts.push(format!("{} = {}", quote_ident(&option.defname), if plain { value } else { quote_literal(&value) }));
    }
    Ok(Some(texts.join(", ")).filter(|text| !text.is_empty()))
}

fn create_dictionary(stmt: &DefineStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = new_id(stmt, Kind::TextSearchDictionary, session)?;
    let mut options = Options::new(&stmt.definition, session);
    let parts = options.parts("template").ok_or_else(|| DdlError::Invalid("text search template is required".to_owned()))?;
    let template = options.existing(Kind::TextSearchTemplate, "text search template", &parts)?;
    let needs = std::mem::take(&mut options.needs);
    let own = literal::def_elems(&stmt.definition).filter(|option| !option.defname.eq_ignore_ascii_case("template"));
    let object = TextSearchDictionary { template, options: serialized(own)? };
    add(session, id, object, needs)
}

/// ALTER TEXT SEARCH DICTIONARY: an option that is set goes to the end (`AlterTSDictionary`).
///
/// # Errors
/// Where there is none, or its present options cannot be read.
pub fn interpret_dictionary(stmt: &AlterTsDictionaryStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = super::address::resolve(session, ObjectType::ObjectTsdictionary, &list(&stmt.dictname))?;
    let Some(Object::TextSearchDictionary(dictionary)) = session.catalog.object(&id).cloned() else { return Ok(()) };
    let text = format!(
        "CREATE TEXT SEARCH DICTIONARY d (template = t{})",
        dictionary.options.map(|options| format!(", {options}")).unwrap_or_default()
    );
    let Some(NodeEnum::DefineStmt(present)) = crate::sql::parse_one(&text)?.node else { return Ok(()) };
    let named = |name: &str| literal::def_elems(&stmt.options).any(|option| option.defname == name);
    let kept = literal::def_elems(&present.definition).filter(|option| option.defname != "template" && !named(&option.defname));
    let all = serialized(kept.chain(literal::def_elems(&stmt.options).filter(|option| option.arg.is_some())))?;
    if let Some(Object::TextSearchDictionary(dictionary)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object) {
        dictionary.options = all;
    }
    Ok(())
}

fn list(nodes: &[Node]) -> Node {
    Node { node: Some(NodeEnum::List(pg_query::protobuf::List { items: nodes.to_vec() })) }
}

/// The tokens of the default parser that are words, and the others (src/backend/tsearch/wparser_def.c).
const WORDS: &[&str] = &["asciiword", "word", "hword_part", "hword_asciipart", "asciihword", "hword"];
const OTHERS: &[&str] =
    &["email", "url", "host", "sfloat", "version", "hword_numpart", "numword", "numhword", "url_path", "file", "float", "int", "uint"];

fn create_configuration(stmt: &DefineStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = new_id(stmt, Kind::TextSearchConfiguration, session)?;
    let mut options = Options::new(&stmt.definition, session);
    let object = match (options.parts("copy"), options.parts("parser")) {
        (Some(source), _) => copied(&source, &mut options)?,
        (None, Some(parser)) => {
            let parser = options.existing(Kind::TextSearchParser, "text search parser", &parser)?;
            TextSearchConfiguration { parser, mappings: BTreeMap::new() }
        }
        (None, None) => return Err(DdlError::Invalid("text search parser is required".to_owned())),
    };
    let needs = std::mem::take(&mut options.needs);
    add(session, id, object, needs)
}

fn copied(parts: &[String], options: &mut Options<'_>) -> Result<TextSearchConfiguration, DdlError> {
    let (schema, name) = split(parts);
    let session = options.session;
    let own = session.candidates(schema, name).into_iter().map(|name| ObjectId::in_schema(Kind::TextSearchConfiguration, name));
    if let Some(entry) = own.filter_map(|id| session.catalog.get(&id)).next()
        && let Object::TextSearchConfiguration(configuration) = &entry.object
    {
        options.needs.extend(entry.needs.iter().filter(|need| need.kind != Kind::Schema).cloned());
        return Ok(configuration.clone());
    }
    let words = match name {
        "simple" => "simple",
        "english" => "english_stem",
        _ => return Err(DdlError::Unsupported(format!("a copy of text search configuration {} without a server", dotted(schema, name)))),
    };
    let mapped = |tokens: &[&str], dictionary: &str| -> Vec<(String, Vec<QName>)> {
        tokens.iter().map(|token| ((*token).to_owned(), vec![QName::new("pg_catalog", dictionary)])).collect()
    };
    let mappings = mapped(WORDS, words).into_iter().chain(mapped(OTHERS, "simple")).collect();
    Ok(TextSearchConfiguration { parser: QName::new("pg_catalog", "default"), mappings })
}

/// ALTER TEXT SEARCH CONFIGURATION: its mappings.
///
/// # Errors
/// Where there is none, or a dictionary is missing.
pub fn interpret_configuration(stmt: &AlterTsConfigurationStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = super::address::resolve(session, ObjectType::ObjectTsconfiguration, &list(&stmt.cfgname))?;
    let mut options = Options::new(&[], session);
    let mut dictionaries = Vec::new();
    for node in &stmt.dicts {
        dictionaries.push(options.existing(Kind::TextSearchDictionary, "text search dictionary", &parts_of(node))?);
    }
    let mut needs = std::mem::take(&mut options.needs);
    let tokens = names(&stmt.tokentype);
    let Some(entry) = session.catalog.get_mut(&id) else { return Ok(()) };
    let Object::TextSearchConfiguration(configuration) = &mut entry.object else { return Ok(()) };
    let mappings = &mut configuration.mappings;
    match stmt.kind() {
        AlterTsConfigType::AlterTsconfigAddMapping | AlterTsConfigType::AlterTsconfigAlterMappingForToken => {
            mappings.extend(tokens.into_iter().map(|token| (token, dictionaries.clone())));
        }
        AlterTsConfigType::AlterTsconfigReplaceDict | AlterTsConfigType::AlterTsconfigReplaceDictForToken => {
            let [old, new] = dictionaries.as_slice() else { return Ok(()) };
            for (_, mapped) in mappings.iter_mut().filter(|(token, _)| tokens.is_empty() || tokens.contains(token)) {
                mapped.iter_mut().filter(|name| *name == old).for_each(|name| name.clone_from(new));
            }
        }
        AlterTsConfigType::AlterTsconfigDropMapping => mappings.retain(|token, _| !tokens.contains(token)),
        AlterTsConfigType::AlterTsconfigTypeUndefined => {}
    }
    let mapped = |id: &ObjectId| mappings.values().flatten().any(|name| id.qname() == Some(name));
    needs.retain(|id| mapped(id));
    entry.needs.retain(|id| id.kind != Kind::TextSearchDictionary || mapped(id));
    entry.needs.extend(needs);
    Ok(())
}
