//! The names that a statement or an expression uses.

use std::collections::BTreeSet;
use std::fmt;

use pg_query::NodeEnum;
use pg_query::protobuf::{AExpr, FuncCall, Node, RangeVar, TypeCast, TypeName, WithClause};

use super::literal::{names, string};
use super::parse_qualified_name;
use super::walk::{NodeRef, Visitor, Walk};
use crate::model::quote_ident;

/// A name as SQL gives it: the schema may be missing, a database's name is not kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The schema, where given.
    pub schema: Option<String>,
    /// The name within it.
    pub name: String,
}

impl Name {
    /// A name of its parts.
    pub fn new(schema: Option<&str>, name: &str) -> Self {
        Self { schema: schema.map(str::to_owned), name: name.to_owned() }
    }

    /// The name in a list of `String` nodes; `None` for an empty list.
    pub fn of(nodes: &[Node]) -> Option<Self> {
        Self::of_parts(names(nodes))
    }

    /// The name of a relation.
    pub fn of_relation(relation: &RangeVar) -> Self {
        let schema = if relation.schemaname.is_empty() { None } else { Some(relation.schemaname.clone()) };
        Self { schema, name: relation.relname.clone() }
    }

    /// The name in a literal such as `'s.seq'::regclass`.
    pub fn of_text(text: &str) -> Option<Self> {
        Self::of_parts(parse_qualified_name(text)?)
    }

    fn of_parts(mut parts: Vec<String>) -> Option<Self> {
        let name = parts.pop()?;
        Some(Self { schema: parts.pop(), name })
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", quote_ident(schema))?;
        }
        f.write_str(&quote_ident(&self.name))
    }
}

/// A function that is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionRef {
    /// Its name; the grammar gives `pg_catalog` for functions with a syntax of their own.
    pub name: Name,
    /// How many arguments the call has.
    pub args: usize,
}

/// All names in a tree, those of the object itself included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Tables, views and the like, without the names that WITH gives to queries.
    pub relations: BTreeSet<Name>,
    /// Called functions.
    pub functions: BTreeSet<FunctionRef>,
    /// Types, the arguments of DDL options included: those that are words come as types.
    pub types: BTreeSet<Name>,
    /// Column references by their parts, `*` included; the column of `%TYPE` too.
    pub columns: BTreeSet<Vec<String>>,
    /// Names in literals: the type, such as `regclass`, and the text. The first argument of nextval, currval and setval is one.
    pub literals: BTreeSet<(String, String)>,
    /// Collations.
    pub collations: BTreeSet<Name>,
    /// Operators.
    pub operators: BTreeSet<Name>,
    /// Operator classes of index and partition keys.
    pub opclasses: BTreeSet<Name>,
}

impl References {
    /// The relations that `regclass` literals name.
    pub fn regclass(&self) -> impl Iterator<Item = Name> {
        self.literals.iter().filter(|(kind, _)| kind == "regclass").filter_map(|(_, text)| Name::of_text(text))
    }
}

/// Collects the names in a tree.
pub fn references(tree: &impl Walk) -> References {
    let mut collector = Collector::default();
    tree.walk(&mut collector);
    collector.found
}

#[derive(Default)]
struct Collector<'a> {
    found: References,
    /// The names that WITH gives, innermost statement last.
    with: Vec<Vec<&'a str>>,
}

impl<'a> Visitor<'a> for Collector<'a> {
    fn enter(&mut self, node: NodeRef<'a>) -> bool {
        match node {
            NodeRef::SelectStmt(s) => self.open(s.with_clause.as_ref(), None),
            NodeRef::InsertStmt(s) => self.open(s.with_clause.as_ref(), s.relation.as_ref()),
            NodeRef::UpdateStmt(s) => self.open(s.with_clause.as_ref(), s.relation.as_ref()),
            NodeRef::DeleteStmt(s) => self.open(s.with_clause.as_ref(), s.relation.as_ref()),
            NodeRef::MergeStmt(s) => self.open(s.with_clause.as_ref(), s.relation.as_ref()),
            // Walked by `open`, before what uses it. The relations of FOR UPDATE OF are aliases.
            NodeRef::WithClause(_) | NodeRef::LockingClause(_) => return false,
            NodeRef::RangeVar(relation) => self.relation(relation),
            NodeRef::FuncCall(call) => self.call(call),
            NodeRef::TypeName(name) => {
                self.type_name(name);
                return false;
            }
            NodeRef::ColumnRef(column) => {
                self.found.columns.insert(names(&column.fields));
            }
            NodeRef::TypeCast(cast) => self.cast(cast),
            NodeRef::AExpr(expr) => self.expression(expr),
            NodeRef::SubLink(link) => self.found.operators.extend(Name::of(&link.oper_name)),
            NodeRef::SortBy(sort) => self.found.operators.extend(Name::of(&sort.use_op)),
            NodeRef::CollateClause(collate) => self.found.collations.extend(Name::of(&collate.collname)),
            NodeRef::IndexElem(elem) => {
                self.found.collations.extend(Name::of(&elem.collation));
                self.found.opclasses.extend(Name::of(&elem.opclass));
            }
            NodeRef::PartitionElem(elem) => {
                self.found.collations.extend(Name::of(&elem.collation));
                self.found.opclasses.extend(Name::of(&elem.opclass));
            }
            _ => {}
        }
        true
    }

    fn leave(&mut self, node: NodeRef<'a>) {
        if matches!(
            node,
            NodeRef::SelectStmt(_) | NodeRef::InsertStmt(_) | NodeRef::UpdateStmt(_) | NodeRef::DeleteStmt(_) | NodeRef::MergeStmt(_)
        ) {
            self.with.pop();
        }
    }
}

impl<'a> Collector<'a> {
    /// A query of WITH sees those before it, and itself and those after it only under RECURSIVE. What a statement writes to is
    /// always a table.
    fn open(&mut self, with: Option<&'a WithClause>, target: Option<&'a RangeVar>) {
        if let Some(target) = target {
            self.found.relations.insert(Name::of_relation(target));
        }
        self.with.push(Vec::new());
        let Some(with) = with else { return };
        let ctes =
            || with.ctes.iter().filter_map(|node| if let Some(NodeEnum::CommonTableExpr(cte)) = &node.node { Some(cte) } else { None });
        if with.recursive {
            self.names_of_with(ctes().map(|cte| cte.ctename.as_str()));
        }
        for cte in ctes() {
            cte.walk(self);
            self.names_of_with(std::iter::once(cte.ctename.as_str()));
        }
    }

    fn names_of_with(&mut self, names: impl Iterator<Item = &'a str>) {
        if let Some(scope) = self.with.last_mut() {
            scope.extend(names);
        }
    }

    fn relation(&mut self, relation: &'a RangeVar) {
        let of_with = relation.schemaname.is_empty() && self.with.iter().flatten().any(|name| *name == relation.relname);
        if !of_with {
            self.found.relations.insert(Name::of_relation(relation));
        }
    }

    fn call(&mut self, call: &FuncCall) {
        let Some(name) = Name::of(&call.funcname) else { return };
        let sequence = matches!(name.name.as_str(), "nextval" | "currval" | "setval");
        if sequence && name.schema.as_deref().is_none_or(|schema| schema == "pg_catalog") {
            let text = call.args.first().and_then(string).map(str::to_owned);
            self.found.literals.extend(text.map(|text| ("regclass".to_owned(), text)));
        }
        self.found.functions.insert(FunctionRef { name, args: call.args.len() });
    }

    fn type_name(&mut self, name: &TypeName) {
        if name.pct_type {
            self.found.columns.insert(names(&name.names));
        } else {
            self.found.types.extend(Name::of(&name.names));
        }
    }

    /// `'x'::regclass`, and `('x'::text)::regclass` as older versions wrote it.
    fn cast(&mut self, cast: &TypeCast) {
        let Some(kind) = cast.type_name.as_ref().and_then(|name| Name::of(&name.names)) else { return };
        if !kind.name.starts_with("reg") || !super::types::is_builtin_type(&kind.name) {
            return;
        }
        let arg = cast.arg.as_deref();
        let text = match arg.and_then(|arg| arg.node.as_ref()) {
            Some(NodeEnum::TypeCast(inner)) => inner.arg.as_deref().and_then(string),
            _ => arg.and_then(string),
        };
        self.found.literals.extend(text.map(|text| (kind.name, text.to_owned())));
    }

    /// BETWEEN and its kin keep their own name where operators have theirs.
    fn expression(&mut self, expr: &AExpr) {
        if !expr.kind().as_str_name().contains("BETWEEN") {
            self.found.operators.extend(Name::of(&expr.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{parse_expr, parse_one};

    fn of(text: &str) -> References {
        references(&parse_one(text).unwrap_or_else(|error| panic!("{text}: {error}")))
    }

    fn shown(names: &BTreeSet<Name>) -> String {
        names.iter().map(Name::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn relations_are_found_everywhere() {
        for (text, relations) in [
            ("SELECT (SELECT 1 FROM a), b.x FROM s.b JOIN c USING (y), LATERAL (SELECT * FROM d) e WHERE EXISTS (TABLE f)", "a c d f s.b"),
            (
                "SELECT 1 FROM a UNION (SELECT 2 FROM b EXCEPT SELECT 3 FROM c) ORDER BY (SELECT 4 FROM d) LIMIT (SELECT 5 FROM e)",
                "a b c d e",
            ),
            (
                "SELECT count(*) FILTER (WHERE x IN (SELECT 1 FROM a)) OVER (PARTITION BY (SELECT 1 FROM b)) FROM c TABLESAMPLE system (1)",
                "a b c",
            ),
            ("SELECT CASE WHEN (SELECT true FROM a) THEN ROW((SELECT 1 FROM b)) ELSE (ARRAY(SELECT 1 FROM c))[1] END", "a b c"),
            ("SELECT * FROM t FOR UPDATE OF x", "t"),
            ("INSERT INTO a SELECT * FROM b ON CONFLICT (x) DO UPDATE SET y = (SELECT 1 FROM c) RETURNING (SELECT 1 FROM d)", "a b c d"),
            ("CREATE TABLE a (b int DEFAULT f((SELECT 1 FROM x)) REFERENCES c, LIKE d) INHERITS (e)", "a c d e x"),
            ("CREATE RULE r AS ON INSERT TO a DO INSTEAD (INSERT INTO b VALUES (1); DELETE FROM c)", "a b c"),
            ("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 FROM a; SELECT 2 FROM b; END", "a b"),
            ("SELECT * FROM JSON_TABLE((SELECT x FROM a), '$' COLUMNS (y int PATH '$')), ROWS FROM (f((SELECT 1 FROM b)))", "a b"),
            ("MERGE INTO a USING b ON true WHEN MATCHED THEN UPDATE SET x = (SELECT 1 FROM c)", "a b c"),
        ] {
            assert_eq!(shown(&of(text).relations), relations, "{text}");
        }
    }

    #[test]
    fn names_of_with_are_no_relations() {
        for (text, relations) in [
            ("WITH a AS (SELECT * FROM b) SELECT * FROM a, s.a, (SELECT * FROM a) x", "b s.a"),
            ("WITH a AS (SELECT * FROM a) SELECT * FROM a", "a"),
            ("WITH a AS (SELECT * FROM b), b AS (SELECT * FROM a) SELECT * FROM b", "b"),
            ("WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT * FROM c) SELECT 1", "c"),
            ("SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) x, a", "a"),
            ("WITH a AS (SELECT 1) INSERT INTO a SELECT * FROM a", "a"),
        ] {
            assert_eq!(shown(&of(text).relations), relations, "{text}");
        }
    }

    #[test]
    fn other_names_are_found() {
        let found =
            references(&parse_expr("s.f(a, b => t.c::s.mood[]) OPERATOR(s.+) nextval('s.\"Q\"') COLLATE \"de_DE\"").unwrap_or_default());
        let functions: Vec<String> = found.functions.iter().map(|f| format!("{}/{}", f.name, f.args)).collect();
        assert_eq!(functions, ["nextval/1", "s.f/2"]);
        assert_eq!((shown(&found.types), shown(&found.operators)), ("s.mood".to_owned(), "s.\"+\"".to_owned()));
        assert_eq!(shown(&found.collations), "\"de_DE\"");
        assert_eq!(found.columns, BTreeSet::from([vec!["a".to_owned()], vec!["t".to_owned(), "c".to_owned()]]));
        assert_eq!(found.regclass().collect::<Vec<_>>(), [Name::new(Some("s"), "Q")]);
    }

    #[test]
    fn literals_name_objects() {
        let found = references(
            &parse_expr("f('a'::regclass, 'b.c'::text::regclass, CAST('d(int)' AS pg_catalog.regprocedure), x BETWEEN 1 AND 2)")
                .unwrap_or_default(),
        );
        let literals: Vec<String> = found.literals.iter().map(|(kind, text)| format!("{kind} {text}")).collect();
        assert_eq!(literals, ["regclass a", "regclass b.c", "regprocedure d(int)"]);
        assert!(found.operators.is_empty());
        let index = of("CREATE INDEX ON t (a COLLATE \"C\" s.text_ops)");
        assert_eq!((shown(&index.collations), shown(&index.opclasses)), ("\"C\"".to_owned(), "s.text_ops".to_owned()));
    }
}
