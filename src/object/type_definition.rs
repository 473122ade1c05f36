//! What makes a base type of a shell. Key: `Key::Of(type)`; parent: the type.

use std::collections::BTreeSet;

use pg_query::protobuf;
use pg_query::{Node, NodeEnum};
use serde::{Deserialize, Serialize};

use super::base_type::{self, BaseType};
use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, DdlError, Found, Kind, Object, ObjectDef, ReadError, Reading, Session, Slot, typing};
use crate::model::{Entry, Expr, ObjectId, Pair, QName, Step, TypeName, quote_literal};
use crate::sql::Name;
use crate::sql::literal::{def_elems, flag, integer, names, qualified, value};

/// The functions of a type, in the order of the catalog query.
const FUNCTIONS: [&str; 8] = ["INPUT", "OUTPUT", "RECEIVE", "SEND", "TYPMOD_IN", "TYPMOD_OUT", "ANALYZE", "SUBSCRIPT"];

/// The definition of a base type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeDefinition {
    /// INPUT, OUTPUT, RECEIVE, SEND, TYPMOD_IN, TYPMOD_OUT, ANALYZE, SUBSCRIPT.
    pub functions: [Option<QName>; 8],
    /// INTERNALLENGTH, -1 for VARIABLE.
    pub length: i32,
    /// PASSEDBYVALUE.
    pub by_value: bool,
    /// ALIGNMENT, as `pg_type.typalign` has it.
    pub alignment: char,
    /// STORAGE, as `pg_type.typstorage` has it.
    pub storage: char,
    /// CATEGORY.
    pub category: char,
    /// PREFERRED.
    pub preferred: bool,
    /// DEFAULT.
    pub default: Option<String>,
    /// ELEMENT.
    pub element: Option<TypeName>,
    /// DELIMITER.
    pub delimiter: char,
    /// COLLATABLE.
    pub collatable: bool,
}

const fn alignment(code: char) -> &'static str {
    match code {
        'c' => "char",
        's' => "int2",
        'd' => "double",
        _ => "int4",
    }
}

const fn storage(code: char) -> &'static str {
    match code {
        'e' => "external",
        'x' => "extended",
        'm' => "main",
        _ => "plain",
    }
}

impl TypeDefinition {
    /// The identity of a type's definition.
    pub fn id(of: &ObjectId) -> ObjectId {
        ObjectId::of(Kind::TypeDefinition, of.clone())
    }

    const EMPTY: Self = Self {
        functions: [const { None }; 8],
        length: -1,
        by_value: false,
        alignment: 'i',
        storage: 'p',
        category: 'U',
        preferred: false,
        default: None,
        element: None,
        delimiter: ',',
        collatable: false,
    };
}

impl ObjectDef for TypeDefinition {
    const KIND: Kind = Kind::TypeDefinition;
    const QUERY: &'static str = include_str!("type_definition.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let of = ObjectId::in_schema(Kind::BaseType, row.qname("nspname", "typname")?);
        let (schemas, names): (Vec<Option<String>>, Vec<Option<String>>) = (row.get("schemas")?, row.get("names")?);
        let mut functions = [const { None }; 8];
        for (place, (schema, name)) in functions.iter_mut().zip(schemas.into_iter().zip(names)) {
            *place = schema.zip(name).map(|(schema, name)| QName::new(schema.as_str(), name.as_str()));
        }
        let object = Self {
            functions,
            length: row.get("typlen")?,
            by_value: row.get("typbyval")?,
            alignment: row.char("typalign")?,
            storage: row.char("typstorage")?,
            category: row.char("typcategory")?,
            preferred: row.get("typispreferred")?,
            default: row.get("typdefault")?,
            element: row.get::<Option<String>>("element")?.map(TypeName),
            delimiter: row.char("typdelim")?,
            collatable: row.get("collatable")?,
        };
        Ok(Some(Found::child(Self::id(&of), object, of)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Some(of) = id.target() else { return Vec::new() };
        let Self { functions, length, by_value, alignment: align, storage: store, category, preferred, default, element, delimiter, collatable } =
            self;
        let own = FUNCTIONS.into_iter().zip(functions).map(|(word, function)| (word, function.as_ref().map(QName::to_string)));
        let rest = [
            ("INTERNALLENGTH", Some(if *length < 0 { "VARIABLE".to_owned() } else { length.to_string() })),
            ("PASSEDBYVALUE", plain::flag(*by_value)),
            ("ALIGNMENT", Some(alignment(*align).to_owned())),
            ("STORAGE", Some(storage(*store).to_owned())),
            ("CATEGORY", (*category != 'U').then(|| quote_literal(&category.to_string()))),
            ("PREFERRED", plain::flag(*preferred)),
            ("DEFAULT", plain::literal(default.as_ref())),
            ("ELEMENT", element.as_ref().map(ToString::to_string)),
            ("DELIMITER", (*delimiter != ',').then(|| quote_literal(&delimiter.to_string()))),
            ("COLLATABLE", plain::flag(*collatable)),
        ];
        let clauses: Vec<(&str, Option<String>)> = own.chain(rest).collect();
        let sql = format!("CREATE {} ({})", of.address(), plain::definition(clauses));
        vec![Step::new(sql, format!("define type {}", of.spelled()))]
    }

    /// ALTER TYPE .. SET knows what no stored value depends on (`AlterType` in src/backend/commands/typecmds.c).
    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Some(of) = id.target() else { return Change::Replace };
        let settable = |one: &Self| {
            let mut functions = one.functions.clone();
            functions.iter_mut().skip(2).for_each(|function| *function = None);
            Self { functions, storage: 'p', ..one.clone() }
        };
        let to_plain = pair.from.storage != pair.to.storage && pair.to.storage == 'p';
        if settable(pair.from) != settable(pair.to) || to_plain {
            return Change::Whole(Box::new(Change::Replace));
        }
        let functions = FUNCTIONS.into_iter().zip(pair.from.functions.iter().zip(&pair.to.functions));
        let changed = functions.filter(|(_, (from, to))| from != to);
        let changed = changed.map(|(word, (_, to))| (word, Some(to.as_ref().map_or_else(|| "NONE".to_owned(), QName::to_string))));
        let stored = (pair.from.storage != pair.to.storage).then(|| ("STORAGE", Some(storage(pair.to.storage).to_owned())));
        let list = plain::definition(changed.chain(stored));
        Change::InPlace(vec![plain::change(of, &format!("SET ({list})"))])
    }

    fn drop(&self, _: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        // It never goes without its type.
        Vec::new()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        if let Some(element) = &mut self.element {
            typing::rename_type(element, from, to);
        }
        let Some((old, new)) = from.qname().zip(to.qname()).filter(|_| from.kind == Kind::Function) else { return };
        self.functions.iter_mut().flatten().filter(|name| *name == old).for_each(|name| name.clone_from(new));
    }

    stands_alone!(keeping drop);
}

/// CREATE TYPE of a shell, and of a base type once its functions are there.
///
/// # Errors
/// Where the type exists, or, to define it, the shell or a function does not.
pub fn interpret_create(stmt: &protobuf::DefineStmt, session: &mut Session) -> Result<(), DdlError> {
    let Some(Name { schema, name }) = Name::of(&stmt.defnames) else { return Err(DdlError::Invalid("a type must have a name".to_owned())) };
    if stmt.definition.is_empty() {
        let name = typing::new_type(&stmt.defnames, session)?;
        return session.add(ObjectId::in_schema(Kind::BaseType, name), Entry::new(BaseType {}, None));
    }
    base_type::defining(&stmt.defnames, session, |session| define(stmt, (schema.as_deref().unwrap_or_default(), &name), session))
}

fn define(stmt: &protobuf::DefineStmt, (schema, name): (&str, &str), session: &mut Session) -> Result<(), DdlError> {
    let id = ObjectId::in_schema(Kind::BaseType, session.new_name(schema, name)?);
    if !session.catalog.contains(&id) {
        return Err(DdlError::Missing { what: "type", name: id.spelled() });
    }
    let mut needs = Vec::new();
    let definition = said(&id, &stmt.definition, &mut needs, session)?;
    base_type::forget_privileges(&id, session);
    session.add(TypeDefinition::id(&id), Entry::new(definition, Some(id)).needing(needs))
}

/// How PostgreSQL keeps the values of its own types: name, length, whether by value, alignment, storage (`pg_type`).
const LAYOUTS: &str = include_str!("type_layouts.txt");

fn said(id: &ObjectId, options: &[Node], needs: &mut Vec<ObjectId>, session: &Session) -> Result<TypeDefinition, DdlError> {
    let mut found = TypeDefinition::EMPTY;
    if let Some(like) = def_elems(options).find(|option| option.defname == "like") {
        lay_out(&mut found, like, session)?;
    }
    for option in def_elems(options) {
        let text = value(option)?.unwrap_or_default();
        let word = option.defname.to_ascii_uppercase();
        let word = if word == "ANALYSE" { "ANALYZE" } else { word.as_str() };
        if let Some(place) = FUNCTIONS.iter().position(|known| *known == word).and_then(|at| found.functions.get_mut(at)) {
            *place = function(id, word, option, needs, session)?;
            continue;
        }
        match word {
            "INTERNALLENGTH" => found.length = option.arg.as_deref().and_then(integer).and_then(|n| n.try_into().ok()).unwrap_or(-1),
            "PASSEDBYVALUE" => found.by_value = flag(option)?,
            "ALIGNMENT" => found.alignment = align(&text)?,
            "STORAGE" => found.storage = text.to_ascii_lowercase().chars().nth(usize::from(text.eq_ignore_ascii_case("extended"))).unwrap_or('p'),
            "CATEGORY" => found.category = text.chars().next().unwrap_or('U'),
            "PREFERRED" => found.preferred = flag(option)?,
            "DEFAULT" => found.default = Some(text),
            "DELIMITER" => found.delimiter = text.chars().next().unwrap_or(','),
            "COLLATABLE" => found.collatable = flag(option)?,
            "ELEMENT" => {
                let Some(NodeEnum::TypeName(name)) = option.arg.as_deref().and_then(|node| node.node.as_ref()) else { continue };
                let (element, id) = session.type_without_modifier(name)?;
                needs.extend(id);
                found.element = Some(element);
            }
            "LIKE" => {}
            _ => return Err(DdlError::Invalid(format!("type attribute \"{}\" not recognized", option.defname))),
        }
    }
    // A type of fixed length with elements is an array of them (`DefineType`).
    if found.element.is_some()
        && found.length > 0
        && let Some(subscript @ None) = found.functions.last_mut()
    {
        *subscript = Some(QName::new("pg_catalog", "raw_array_subscript_handler"));
    }
    Ok(found)
}

/// LIKE takes from another type how its values are kept, where nothing else is said (`DefineType`).
fn lay_out(found: &mut TypeDefinition, like: &protobuf::DefElem, session: &Session) -> Result<(), DdlError> {
    let Some(NodeEnum::TypeName(name)) = like.arg.as_deref().and_then(|node| node.node.as_ref()) else { return Ok(()) };
    let unknown = || DdlError::Unsupported(format!("CREATE TYPE .. (LIKE = {})", names(&name.names).join(".")));
    let (_, id) = session.type_without_modifier(name)?;
    if let Some(id) = id {
        let Some(Object::TypeDefinition(like)) = session.catalog.object(&TypeDefinition::id(&id)) else { return Err(unknown()) };
        let TypeDefinition { length, by_value, alignment, storage, .. } = **like;
        (found.length, found.by_value, found.alignment, found.storage) = (length, by_value, alignment, storage);
        return Ok(());
    }
    let own = names(&name.names).pop().unwrap_or_default();
    let fields = LAYOUTS.lines().map(|line| line.split('\t').collect::<Vec<_>>()).find(|fields| fields.first() == Some(&own.as_str()));
    let Some([_, length, by_value, alignment, storage]) = fields.as_deref() else { return Err(unknown()) };
    let letter = |text: &str| text.chars().next().ok_or_else(unknown);
    found.length = length.parse().map_err(|_| unknown())?;
    found.by_value = *by_value == "true";
    (found.alignment, found.storage) = (letter(alignment)?, letter(storage)?);
    Ok(())
}

fn align(text: &str) -> Result<char, DdlError> {
    match text.to_ascii_lowercase().as_str() {
        "double" | "float8" | "double precision" => Ok('d'),
        "int4" | "integer" => Ok('i'),
        "int2" | "smallint" => Ok('s'),
        // `char` is a type's name to the parser, and one of a length.
        "char" | "bpchar" | "char(1)" => Ok('c'),
        other => Err(DdlError::Invalid(format!("alignment \"{other}\" not recognized"))),
    }
}

/// Each function is known by what it must take (`findTypeInputFunction` and its kin).
fn function(
    id: &ObjectId,
    word: &str,
    option: &protobuf::DefElem,
    needs: &mut Vec<ObjectId>,
    session: &Session,
) -> Result<Option<QName>, DdlError> {
    let Some(name) = option.arg.as_deref().and_then(qualified).filter(|name| name.name != "none") else { return Ok(None) };
    let one = |text: &str| vec![text.to_owned()];
    let three = |text: &str| vec![text.to_owned(), "oid".to_owned(), "integer".to_owned()];
    let tries = match word {
        "INPUT" => vec![three("cstring"), one("cstring")],
        "RECEIVE" => vec![three("internal"), one("internal")],
        "OUTPUT" | "SEND" => vec![one(&id.spelled())],
        "TYPMOD_IN" => vec![one("cstring[]")],
        "TYPMOD_OUT" => vec![one("integer")],
        _ => vec![one("internal")],
    };
    let mut last = DdlError::Missing { what: "function", name: name.name.clone() };
    for arguments in tries {
        match session.function(&name, Some(&arguments), needs) {
            Ok(found) => return Ok(Some(found)),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// ALTER TYPE .. SET.
///
/// # Errors
/// Where the type or a function does not exist.
pub fn interpret_alter(stmt: &protobuf::AlterTypeStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = typing::type_of(&stmt.type_name, Kind::BaseType, session)?;
    let of = TypeDefinition::id(&id);
    let mut needs = Vec::new();
    let new = said(&id, &stmt.options, &mut needs, session)?;
    let words: Vec<String> = def_elems(&stmt.options).map(|option| option.defname.to_ascii_uppercase()).collect();
    let Some(entry) = session.catalog.get_mut(&of) else { return Err(DdlError::Missing { what: "type", name: id.spelled() }) };
    let Object::TypeDefinition(definition) = &mut entry.object else { return Ok(()) };
    if words.iter().any(|word| word == "STORAGE") {
        definition.storage = new.storage;
    }
    for ((word, place), function) in FUNCTIONS.iter().zip(&mut definition.functions).zip(new.functions) {
        if words.iter().any(|said| said == word) {
            let old = place.take();
            entry.needs.retain(|need| need.kind != Kind::Function || need.qname() != old.as_ref());
            *place = function;
        }
    }
    entry.needs.extend(needs);
    Ok(())
}
