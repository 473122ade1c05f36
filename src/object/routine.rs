//! What functions and procedures share: arguments, bodies, settings, and what CREATE OR REPLACE can change.

use serde::{Deserialize, Serialize};

use super::{CatalogRow, Cx, ReadError, Slot};
use crate::model::{Expr, Ident, Key, ObjectId, QName, TypeName, quote_literal};
use crate::sql::{self, ParseError};

/// How an argument goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// IN.
    In,
    /// OUT.
    Out,
    /// INOUT.
    InOut,
    /// VARIADIC.
    Variadic,
    /// A column of RETURNS TABLE.
    Table,
}

impl Mode {
    fn from_letter(letter: &str) -> Option<Self> {
        Some(match letter {
            "i" => Self::In,
            "o" => Self::Out,
            "b" => Self::InOut,
            "v" => Self::Variadic,
            "t" => Self::Table,
            _ => return None,
        })
    }

    /// Whether callers give it; only such arguments belong to the identity and can have defaults.
    pub const fn is_input(self) -> bool {
        matches!(self, Self::In | Self::InOut | Self::Variadic)
    }

    /// Whether it is part of the result.
    pub const fn is_output(self) -> bool {
        matches!(self, Self::Out | Self::InOut | Self::Table)
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::In | Self::Table => "",
            Self::Out => "OUT ",
            Self::InOut => "INOUT ",
            Self::Variadic => "VARIADIC ",
        }
    }
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// How it goes.
    pub mode: Mode,
    /// Its name, where it has one.
    pub name: Option<Ident>,
    /// Its type.
    pub type_name: TypeName,
    /// Its default.
    pub default: Option<Expr>,
}

impl Argument {
    fn spelled(&self) -> String {
        let Self { mode, name, type_name, default } = self;
        let name = name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
        let default = default.as_ref().map(|default| format!(" DEFAULT {default}")).unwrap_or_default();
        format!("{}{name}{type_name}{default}", mode.prefix())
    }
}

/// What a routine does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// AS 'text'.
    Text(String),
    /// AS 'object file', 'link symbol'.
    Object {
        /// The object file.
        file: String,
        /// The symbol.
        symbol: String,
    },
    /// BEGIN ATOMIC .. END, or RETURN ..: parsed when it was created.
    Sql(Expr),
}

impl Body {
    /// The clause that gives it. `word` names the dollar quotes.
    pub fn spelled(&self, word: &str) -> String {
        match self {
            Self::Text(text) => format!("AS {}", dollar_quoted(text, word)),
            Self::Object { file, symbol } => format!("AS {}, {}", quote_literal(file), quote_literal(symbol)),
            Self::Sql(body) => body.sql.clone(),
        }
    }

    /// Whether it holds on to columns that go, see [`Cx::holds_what_goes`].
    pub fn holds_what_goes(&self, id: &ObjectId, cx: &Cx<'_>) -> bool {
        matches!(self, Self::Sql(body) if cx.holds_what_goes(id, &body.sql))
    }
}

/// IMMUTABLE, STABLE, VOLATILE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Volatility {
    /// `i`.
    Immutable,
    /// `s`.
    Stable,
    /// `v`.
    Volatile,
}

impl Volatility {
    /// Reads `provolatile`.
    ///
    /// # Errors
    /// Another letter.
    pub fn from_letter(letter: char, id: &ObjectId) -> Result<Self, ReadError> {
        match letter {
            'i' => Ok(Self::Immutable),
            's' => Ok(Self::Stable),
            'v' => Ok(Self::Volatile),
            _ => Err(ReadError::Unknown { object: id.to_string(), column: "provolatile", value: letter.to_string() }),
        }
    }

    /// The keyword.
    pub const fn spelled(self) -> &'static str {
        match self {
            Self::Immutable => "IMMUTABLE",
            Self::Stable => "STABLE",
            Self::Volatile => "VOLATILE",
        }
    }
}

/// PARALLEL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Parallel {
    /// `s`.
    Safe,
    /// `r`.
    Restricted,
    /// `u`.
    Unsafe,
}

impl Parallel {
    /// Reads `proparallel`.
    ///
    /// # Errors
    /// Another letter.
    pub fn from_letter(letter: char, id: &ObjectId) -> Result<Self, ReadError> {
        match letter {
            's' => Ok(Self::Safe),
            'r' => Ok(Self::Restricted),
            'u' => Ok(Self::Unsafe),
            _ => Err(ReadError::Unknown { object: id.to_string(), column: "proparallel", value: letter.to_string() }),
        }
    }

    /// The clause.
    pub const fn spelled(self) -> &'static str {
        match self {
            Self::Safe => "PARALLEL SAFE",
            Self::Restricted => "PARALLEL RESTRICTED",
            Self::Unsafe => "PARALLEL UNSAFE",
        }
    }
}

/// SECURITY DEFINER or INVOKER.
pub const fn spell_security(definer: bool) -> &'static str {
    if definer { "SECURITY DEFINER" } else { "SECURITY INVOKER" }
}

/// TRANSFORM FOR TYPE ..
pub fn spell_transforms(transforms: &[String]) -> String {
    let types: Vec<String> = transforms.iter().map(|name| format!("FOR TYPE {name}")).collect();
    format!("TRANSFORM {}", types.join(", "))
}

/// The name that a routine takes.
pub fn slots(id: &ObjectId) -> Vec<Slot> {
    match &id.key {
        Key::Routine(name, types) => vec![Slot::Routine(name.clone(), types.clone())],
        _ => Vec::new(),
    }
}

/// SET name TO value. Settings keep the order that they were given in, since pg_dump tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The parameter.
    pub name: String,
    /// Its value as `pg_proc.proconfig` holds it.
    pub value: String,
}

/// Parameters whose value is a list of quoted names (`GUC_LIST_QUOTE`; `variable_is_guc_list_quote` of pg_dump).
const LISTS_OF_NAMES: &[&str] = &[
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

impl Setting {
    /// Whether the value of a parameter is a list of quoted names.
    pub fn is_list_of_names(name: &str) -> bool {
        LISTS_OF_NAMES.contains(&name.to_ascii_lowercase().as_str())
    }

    /// The clause, as `pg_get_functiondef` writes it: a list of names must not become one name with commas in it.
    pub fn spelled(&self) -> String {
        let Self { name, value } = self;
        let is_list = Self::is_list_of_names(name);
        let value = match is_list.then(|| split_names(value)).flatten() {
            Some(names) if names.is_empty() => "''".to_owned(),
            Some(names) => names.iter().map(|name| quote_literal(name)).collect::<Vec<_>>().join(", "),
            None => quote_literal(value),
        };
        format!("SET {} TO {value}", spelled_parameter(name))
    }
}

/// The name of a parameter, as SET takes it.
pub fn spelled_parameter(name: &str) -> String {
    name.split('.').map(crate::model::quote_ident).collect::<Vec<_>>().join(".")
}

/// Splits `a, "B c"`, as `SplitGUCList` does. `None` where it is no list of names.
fn split_names(list: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = list.trim();
    while !rest.is_empty() {
        let (name, after) = match rest.strip_prefix('"') {
            Some(quoted) => split_quoted(quoted)?,
            None => {
                let (name, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
                (name.trim().to_owned(), after)
            }
        };
        names.push(name);
        rest = match after.trim_start().strip_prefix(',') {
            Some(more) => more.trim_start(),
            None if after.trim().is_empty() => "",
            None => return None,
        };
    }
    Some(names)
}

/// The name up to its closing quote, and what follows.
fn split_quoted(text: &str) -> Option<(String, &str)> {
    let (mut name, mut rest) = (String::new(), text);
    loop {
        let (head, tail) = rest.split_once('"')?;
        name.push_str(head);
        let Some(more) = tail.strip_prefix('"') else { return Some((name, tail)) };
        name.push('"');
        rest = more;
    }
}

/// Dollar quotes whose tag does not occur in the text; as `pg_get_functiondef` finds it.
pub fn dollar_quoted(text: &str, word: &str) -> String {
    let mut tag = format!("${word}");
    while text.contains(&tag) {
        tag.push('x');
    }
    format!("{tag}${text}{tag}$")
}

/// What stands in the parentheses of CREATE. Columns of RETURNS TABLE stand behind RETURNS.
pub fn spell_arguments(arguments: &[Argument]) -> String {
    arguments.iter().filter(|argument| argument.mode != Mode::Table).map(Argument::spelled).collect::<Vec<_>>().join(", ")
}

/// The qualified name of a routine.
pub fn name_of(id: &ObjectId) -> String {
    match &id.key {
        Key::Routine(name, _) => name.to_string(),
        _ => id.spelled(),
    }
}

/// Reads name and input types.
///
/// # Errors
/// Where the query does not give them.
pub fn read_key(row: &CatalogRow<'_>) -> Result<(QName, Vec<String>), ReadError> {
    Ok((row.qname("nspname", "proname")?, row.get("input_types")?))
}

/// Reads arguments of every mode.
///
/// # Errors
/// A mode that trueup does not know, or a default that does not parse.
pub fn read_arguments(row: &CatalogRow<'_>, id: &ObjectId) -> Result<Vec<Argument>, ReadError> {
    let types: Vec<String> = row.get("types")?;
    let names: Vec<String> = row.get::<Option<_>>("proargnames")?.unwrap_or_default();
    let modes: Vec<String> = row.get::<Option<_>>("proargmodes")?.unwrap_or_default();
    let mut defaults = row.get::<Option<Vec<Option<String>>>>("defaults")?.unwrap_or_default().into_iter();
    let mut arguments = Vec::with_capacity(types.len());
    for (n, type_name) in types.into_iter().enumerate() {
        let mode = match modes.get(n) {
            None => Mode::In,
            Some(letter) => Mode::from_letter(letter).ok_or_else(|| ReadError::Unknown {
                object: id.to_string(),
                column: "proargmodes",
                value: letter.clone(),
            })?,
        };
        let name = names.get(n).filter(|name| !name.is_empty()).map(|name| Ident::new(name));
        let default = defaults.next().flatten().map(|text| super::read::expr(&text, id)).transpose()?;
        arguments.push(Argument { mode, name, type_name: TypeName(type_name), default });
    }
    Ok(arguments)
}

/// Reads the body.
///
/// # Errors
/// Where a body that the server has parsed does not parse here.
pub fn read_body(row: &CatalogRow<'_>, id: &ObjectId) -> Result<Body, ReadError> {
    if let Some(text) = row.get::<Option<String>>("sql_body")? {
        return sql_body(&text).map(Body::Sql).map_err(|source| ReadError::Text { object: id.to_string(), source });
    }
    let source: String = row.get("prosrc")?;
    Ok(match row.get::<Option<String>>("probin")? {
        Some(file) => Body::Object { file, symbol: source },
        None => Body::Text(source),
    })
}

/// Reads settings.
///
/// # Errors
/// Where the query does not give them.
pub fn read_settings(row: &CatalogRow<'_>) -> Result<Vec<Setting>, ReadError> {
    let texts: Vec<String> = row.get::<Option<_>>("proconfig")?.unwrap_or_default();
    let pairs = texts.iter().map(|text| text.split_once('=').unwrap_or((text, "")));
    Ok(pairs.map(|(name, value)| Setting { name: name.to_owned(), value: value.to_owned() }).collect())
}

/// What stands before a body that is parsed on its own.
const FRAME: &str = "CREATE FUNCTION f() RETURNS int LANGUAGE sql ";

/// A body that PostgreSQL parses at creation, as it prints it: its own text for the reader, compared by its one spelling.
///
/// # Errors
/// What the parser refuses.
pub fn sql_body(text: &str) -> Result<Expr, ParseError> {
    let statement = format!("{FRAME}{text}");
    let framed = sql::normalize_query(&statement)?;
    let key = framed.strip_prefix(FRAME).unwrap_or(text);
    let mut body = Expr::new(if sql::reads_back(&statement)? { text.trim() } else { key });
    body.set_key(key.to_owned());
    Ok(body)
}

/// The same of a tree, which is how a statement gives it.
///
/// # Errors
/// A tree that does not deparse.
pub fn sql_body_of_tree(tree: sql::Node) -> Result<Expr, ParseError> {
    let frame = sql::parse_one(&format!("{FRAME}RETURN 1"))?;
    let Some(sql::NodeEnum::CreateFunctionStmt(mut stmt)) = frame.node else { return Err(ParseError::whole("the body does not deparse")) };
    stmt.sql_body = Some(Box::new(tree));
    let text = sql::deparse_stmt(&sql::Node { node: Some(sql::NodeEnum::CreateFunctionStmt(stmt)) })?;
    let framed = sql::normalize_written(&text)?;
    let without_frame = |text: &str| text.strip_prefix(FRAME).unwrap_or(text).trim().to_owned();
    let mut body = Expr::new(without_frame(&text));
    body.set_key(without_frame(&framed));
    Ok(body)
}

/// Follows a renamed type: arguments, and the text of the result.
pub fn rename_types(arguments: &mut [Argument], returns: Option<&mut String>, from: &ObjectId, to: &ObjectId) {
    for argument in arguments {
        super::typing::rename_type(&mut argument.type_name, from, to);
    }
    let Some(returns) = returns.filter(|_| super::Kind::TYPES.contains(&from.kind)) else { return };
    let old = from.spelled();
    let mut text = String::with_capacity(returns.len());
    let mut rest = returns.as_str();
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '"' | '.');
    while let Some(at) = rest.find(&old) {
        let (before, behind) = (&rest[..at], &rest[at + old.len()..]);
        let whole = !before.ends_with(word) && !behind.starts_with(word);
        text.push_str(before);
        text.push_str(if whole { to.spelled() } else { old.clone() }.as_str());
        rest = behind;
    }
    text.push_str(rest);
    *returns = text;
}

/// Names and types of the result's columns.
pub fn outputs(arguments: &[Argument]) -> Vec<(Option<&Ident>, &TypeName)> {
    arguments.iter().filter(|a| a.mode.is_output()).map(|a| (a.name.as_ref(), &a.type_name)).collect()
}

/// Whether CREATE OR REPLACE takes the new arguments.
pub fn can_replace(from: &[Argument], to: &[Argument]) -> bool {
    refusal(from, to).is_none()
}

/// Why CREATE OR REPLACE does not take the new arguments: names of input arguments can be given but not changed, defaults changed
/// but not taken away, and a default's type not changed (`ProcedureCreate` of src/backend/catalog/pg_proc.c).
pub fn refusal(from: &[Argument], to: &[Argument]) -> Option<String> {
    let inputs = |arguments: &[Argument]| arguments.iter().filter(|a| a.mode.is_input()).cloned().collect::<Vec<_>>();
    let (from, to) = (inputs(from), inputs(to));
    if from.len() != to.len() {
        return Some("cannot change the arguments of an existing routine".to_owned());
    }
    from.iter().zip(&to).find_map(|(old, new)| match &old.name {
        Some(name) if new.name.as_ref() != Some(name) => Some(format!("cannot change name of input parameter {name}")),
        _ if old.default.is_some() && new.default.is_none() => Some("cannot remove parameter defaults from existing function".to_owned()),
        // The default of a polymorphic argument has the type of what is written.
        _ if old.default.is_some() && old.type_name.0.starts_with("any") && old.default != new.default => {
            Some("cannot change data type of existing parameter default value".to_owned())
        }
        _ => None,
    })
}

/// Expressions of arguments and body.
pub fn exprs<'a>(arguments: &'a mut [Argument], body: &'a mut Body) -> Vec<&'a mut Expr> {
    let mut found: Vec<&mut Expr> = arguments.iter_mut().filter_map(|argument| argument.default.as_mut()).collect();
    if let Body::Sql(body) = body {
        found.push(body);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argument(mode: Mode, name: Option<&str>, default: Option<&str>) -> Argument {
        Argument { mode, name: name.map(Ident::new), type_name: TypeName("integer".to_owned()), default: default.map(Expr::new) }
    }

    #[test]
    fn dollar_tags_do_not_occur_in_the_body() {
        assert_eq!(dollar_quoted("x", "function"), "$function$x$function$");
        assert_eq!(dollar_quoted("$function$ $functionx", "function"), "$functionxx$$function$ $functionx$functionxx$");
    }

    #[test]
    fn lists_of_names_stay_lists() {
        let spelled = |name: &str, value: &str| Setting { name: name.to_owned(), value: value.to_owned() }.spelled();
        assert_eq!(spelled("search_path", "public, \"S\", \"\""), "SET search_path TO 'public', 'S', ''");
        assert_eq!(spelled("search_path", "\"a, \"\"b\""), "SET search_path TO 'a, \"b'");
        assert_eq!(spelled("DateStyle", "iso, mdy"), "SET \"DateStyle\" TO 'iso, mdy'");
        assert_eq!(spelled("my.var", "x'y"), "SET my.var TO 'x''y'");
    }

    #[test]
    fn arguments_are_spelled_with_mode_name_and_default() {
        let all = [argument(Mode::In, Some("A"), None), argument(Mode::Out, None, None), argument(Mode::Variadic, Some("v"), Some("3"))];
        assert_eq!(spell_arguments(&all), "\"A\" integer, OUT integer, VARIADIC v integer DEFAULT 3");
        assert_eq!(spell_arguments(&[argument(Mode::Table, Some("t"), None)]), "");
    }

    #[test]
    fn replaceable_is_what_the_server_takes() {
        let (bare, named) = (argument(Mode::In, None, None), argument(Mode::In, Some("a"), None));
        let (other, default) = (argument(Mode::In, Some("b"), None), argument(Mode::In, Some("a"), Some("1")));
        let can = |from: &Argument, to: &Argument| can_replace(std::slice::from_ref(from), std::slice::from_ref(to));
        assert!(can(&bare, &named) && can(&named, &default) && can(&named, &named));
        assert!(!can(&named, &bare) && !can(&named, &other) && !can(&default, &named));
    }

    #[test]
    fn parsed_bodies_are_compared_by_one_spelling() {
        let body = |text: &str| sql_body(text).map_err(|error| error.message);
        assert_eq!(body("RETURN  ( x+1 )"), body("RETURN (x + 1)"));
        assert_eq!(body("BEGIN ATOMIC\n SELECT 1;\n SELECT 2;\nEND"), body("BEGIN ATOMIC SELECT 1; SELECT 2; END"));
        assert_ne!(body("BEGIN ATOMIC SELECT 1; END"), body("BEGIN ATOMIC SELECT 2; END"));
        assert!(body("BEGIN ATOMIC\nEND").is_ok() && body("RETURN").is_err());
    }
}
