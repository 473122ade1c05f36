//! Expressions and queries as statements give them, made into what objects hold: names written out in full, `*` written out, and
//! what they need, columns included.

use std::collections::BTreeSet;

use pg_query::Node;
use pg_query::protobuf::{ColumnRef, ResTarget};

use super::resolve::References;
use super::view::OutputColumn;
use super::{DdlError, Kind, Object, Session, column_list};
use crate::analyze::{Analyzer, Attr, Found, Hook, Scope};
use crate::canon;
use crate::model::{Expr, Ident, ObjectId, QName};
use crate::sql;

/// A query with its names written out, what it refers to, the columns that it gives, and those with their types as far as they are known.
pub type Query = (Expr, References, Vec<OutputColumn>, Option<Vec<Attr>>);

/// Collects the columns that a tree refers to.
#[derive(Default)]
struct Columns(BTreeSet<ObjectId>);

impl Columns {
    fn take(&mut self, found: &Found) {
        if let Found::Attr { attr, .. } = found {
            self.add(attr);
        }
    }

    /// Columns of views are objects only where something is said of them; the view is needed anyway.
    fn add(&mut self, attr: &Attr) {
        self.0.extend(attr.id.clone().filter(|id| id.kind != Kind::ViewColumn));
    }
}

impl Hook for Columns {
    fn column(&mut self, _: &mut ColumnRef, found: &Found) {
        self.take(found);
    }
    fn assigned(&mut self, _: &mut ResTarget, found: &Found) {
        self.take(found);
    }
    fn using(&mut self, _: &mut String, left: &Attr, right: &Attr) {
        self.add(left);
        self.add(right);
    }
}

impl Session {
    /// An expression with its names written out in full, and what it refers to.
    ///
    /// # Errors
    /// Where a name is of nothing that exists.
    pub fn expression(&self, node: &Node, scope: &Scope<'_>) -> Result<(Expr, References), DdlError> {
        let mut node = node.clone();
        let found = self.names(&mut node, scope)?;
        Ok((column_list::settled(&self.catalog, scope, Expr::new(sql::deparse_expr(&node)?)), found))
    }

    /// A query, or a statement of a rule, as [`expression`](Self::expression) takes expressions; and the columns that it gives,
    /// without their types, empty where they are not known.
    ///
    /// # Errors
    /// As [`expression`](Self::expression).
    pub fn query(&self, node: &Node, scope: &Scope<'_>) -> Result<Query, DdlError> {
        let mut node = node.clone();
        let scope = if matches!(scope, Scope::None) { &Scope::Query } else { scope };
        let mut found = self.resolve(&mut node, scope)?;
        let mut analyzer = Analyzer::new(&self.catalog, scope, Columns::default());
        analyzer.path = Some(&self.search_path);
        let output = analyzer.query(&mut node);
        no_missing(&analyzer.missing)?;
        found.needs.extend(analyzer.hook.0);
        found.needs.extend(analyzer.held);
        let typed = canon::typed(&self.catalog, &self.outputs, scope, &node);
        found.settle(&typed);
        let found = found.without_wholes();
        let column = |attr: Attr| OutputColumn { name: Ident::new(&attr.name), type_name: None, collation: None };
        let output = output.unwrap_or_default().into_iter().map(column).collect();
        let expr = column_list::settled(&self.catalog, scope, Expr::new(sql::deparse_stmt(&node)?));
        Ok((expr, found, output, typed.output))
    }

    /// Writes the names in any tree out in full, in place: as [`resolve`](Self::resolve), and with the columns.
    ///
    /// # Errors
    /// Where a name is of nothing that exists.
    pub fn names(&self, tree: &mut Node, scope: &Scope<'_>) -> Result<References, DdlError> {
        let mut found = self.resolve(tree, scope)?;
        let mut analyzer = Analyzer::new(&self.catalog, scope, Columns::default());
        analyzer.path = Some(&self.search_path);
        analyzer.walk(tree);
        no_missing(&analyzer.missing)?;
        found.needs.extend(analyzer.hook.0);
        found.needs.extend(analyzer.held);
        if !found.wants.is_empty() || self.may_need_types(&found, scope) {
            found.settle(&canon::typed(&self.catalog, &self.outputs, scope, tree));
        }
        Ok(found.without_wholes())
    }

    /// Whether there are values of types that are not PostgreSQL's: only then do types tell of needs that names do not.
    fn may_need_types(&self, found: &References, scope: &Scope<'_>) -> bool {
        let is_own = |id: &ObjectId| matches!(self.catalog.object(id), Some(Object::Column(column)) if column.type_name.0.contains('.'));
        match scope {
            Scope::None => false,
            Scope::Domain(base) => base.contains('.'),
            Scope::Routine(_, attributes) => attributes.iter().any(|attr| attr.type_name.as_ref().is_some_and(|name| name.contains('.'))),
            Scope::Query | Scope::Table(_) | Scope::Rows(_) => found.needs.iter().any(is_own),
        }
    }

    /// What the body of a routine, which is text to the server, seems to name: it should be there before the routine is used.
    pub fn wants_of_body(&self, language: &str, body: &str) -> BTreeSet<ObjectId> {
        match language {
            "sql" => {
                sql::parse_script(body).map(|statements| self.wants_of_script(&statements)).unwrap_or_else(|_| self.wants_of_words(body))
            }
            "plpgsql" => self.wants_of_words(body),
            _ => BTreeSet::new(),
        }
    }

    fn wants_of_script(&self, statements: &[sql::Statement]) -> BTreeSet<ObjectId> {
        let mut wants = BTreeSet::new();
        for statement in statements {
            let found = sql::references(&statement.node);
            let relations = found.relations.iter().cloned().chain(found.regclass());
            wants.extend(relations.filter_map(|name| self.find_relation(name.schema.as_deref().unwrap_or_default(), &name.name)));
            wants.extend(found.types.iter().filter_map(|name| self.find_type(name.schema.as_deref().unwrap_or_default(), &name.name)));
            for function in &found.functions {
                wants.extend(self.routines(function.name.schema.as_deref().unwrap_or_default(), &function.name.name));
            }
        }
        wants
    }

    /// Every word of a text, alone or behind a schema, that is the name of a relation, a type or a routine.
    fn wants_of_words(&self, text: &str) -> BTreeSet<ObjectId> {
        let mut wants = BTreeSet::new();
        for words in dotted_words(text) {
            let (schema, name) = match words.as_slice() {
                [name] => ("", name.as_str()),
                [first, second, ..] => (first.as_str(), second.as_str()),
                [] => continue,
            };
            wants.extend(self.find_relation(schema, name));
            wants.extend(self.find_type(schema, name));
            wants.extend(self.routines(schema, name));
            // `table.column` looks like `schema.name`.
            if words.len() > 1 {
                wants.extend(self.find_relation("", schema));
            }
        }
        wants
    }

    fn routines(&self, schema: &str, name: &str) -> Vec<ObjectId> {
        let candidates: Vec<QName> = self.candidates(schema, name);
        candidates.iter().flat_map(|name| self.catalog.routines_named(name)).cloned().collect()
    }
}

fn no_missing(missing: &[String]) -> Result<(), DdlError> {
    match missing.first() {
        Some(name) => Err(DdlError::Missing { what: "column", name: name.clone() }),
        None => Ok(()),
    }
}

/// The names of a text: words joined by dots. Text within quotes is looked into as well, since EXECUTE runs it.
fn dotted_words(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut current: Vec<String> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut joined = false;
    while let Some((at, c)) = chars.next() {
        let word = if c == '"' {
            let rest = text.get(at + 1..).unwrap_or_default();
            let Some(length) = rest.find('"') else { break };
            while chars.peek().is_some_and(|(next, _)| *next <= at + 1 + length) {
                chars.next();
            }
            rest.get(..length).unwrap_or_default().to_owned()
        } else if c.is_alphabetic() || c == '_' {
            let mut word = c.to_string();
            while let Some((_, next)) = chars.next_if(|(_, c)| c.is_alphanumeric() || matches!(c, '_' | '$')) {
                word.push(next);
            }
            word.to_lowercase()
        } else {
            if c == '.' && !current.is_empty() {
                joined = true;
            } else {
                found.extend((!current.is_empty()).then(|| std::mem::take(&mut current)));
                joined = false;
            }
            continue;
        };
        if !joined {
            found.extend((!current.is_empty()).then(|| std::mem::take(&mut current)));
        }
        current.push(word);
        joined = false;
    }
    found.extend((!current.is_empty()).then_some(current));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Catalog, Entry, TypeName};
    use crate::object::column::{Column, Position};
    use crate::object::schema::Schema;
    use crate::object::table::{Persistence, ReplicaIdentity, Table};

    fn add_table(catalog: &mut Catalog, name: &str, columns: &[&str]) {
        let name = QName::new("public", name);
        let id = ObjectId::in_schema(Kind::Table, name.clone());
        let table = Table {
            persistence: Persistence::Permanent,
            partition_key: None,
            foreign: None,
            of_type: None,
            options: Default::default(),
            toast_options: Default::default(),
            access_method: None,
            tablespace: None,
            replica_identity: ReplicaIdentity::Default,
            clustered: false,
            row_security: false,
            force_row_security: false,
        };
        catalog.insert(id.clone(), Entry::new(table, None));
        for (position, column) in (1..).zip(columns) {
            let object = Column {
                position: Position(position),
                type_name: TypeName("integer".to_owned()),
                collation: None,
                identity: None,
                generated: None,
                storage: None,
                compression: None,
                statistics: None,
                foreign_options: crate::object::foreign_options::ForeignOptions::new(),
                options: Default::default(),
                inherited: false,
            };
            catalog.insert(ObjectId::on(Kind::Column, name.clone(), *column), Entry::new(object, Some(id.clone())));
        }
    }

    fn session() -> Session {
        let mut catalog = Catalog::empty(18);
        catalog.insert(ObjectId::global(Kind::Schema, "public"), Entry::new(Schema {}, None));
        add_table(&mut catalog, "t", &["a", "b"]);
        add_table(&mut catalog, "u", &["a", "c"]);
        Session::new(catalog)
    }

    fn query(text: &str) -> (String, String, String) {
        let node = sql::parse_one(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        match session().query(&node, &Scope::None) {
            Ok((expr, found, output, _)) => {
                let columns = found.needs.iter().filter(|id| id.kind == Kind::Column).map(ObjectId::spelled);
                let names = output.iter().map(|column| column.name.as_str().to_owned());
                let columns = columns.map(|column| column.replace("public.", "")).collect::<Vec<_>>().join(" ");
                (expr.sql, columns, names.collect::<Vec<_>>().join(" "))
            }
            Err(error) => (error.to_string(), String::new(), String::new()),
        }
    }

    #[test]
    fn columns_are_found_level_by_level() {
        for (text, columns, output) in [
            ("SELECT a, b + 1 FROM t", "t.a t.b", "a ?column?"),
            ("SELECT x.a FROM t x WHERE EXISTS (SELECT 1 FROM u WHERE c = b)", "t.a t.b u.c", "a"),
            ("SELECT s.n FROM (SELECT count(*) AS n, max(a) FROM t) s", "t.a", "n"),
            ("WITH w AS (SELECT a AS q FROM t) SELECT q FROM w", "t.a", "q"),
            ("WITH RECURSIVE w(n) AS (SELECT a FROM t UNION ALL SELECT n + c FROM w, u) SELECT n FROM w", "t.a u.c", "n"),
            ("SELECT a, c FROM t JOIN u USING (a)", "t.a u.a u.c", "a c"),
            ("SELECT t.b AS c FROM t ORDER BY c", "t.b", "c"),
            ("SELECT count(*) FROM t GROUP BY b", "t.b", "count"),
            ("SELECT 'x'::text, CASE WHEN a > 0 THEN b END, (SELECT c FROM u) FROM t", "t.a t.b u.c", "text case c"),
            ("SELECT t FROM t", "", "t"),
            ("SELECT a FROM t UNION SELECT c FROM u ORDER BY 1", "t.a u.c", "a"),
            ("INSERT INTO t VALUES (1)", "t.a", ""),
            ("UPDATE t SET b = u.c FROM u WHERE t.a = u.a RETURNING b", "t.a t.b u.a u.c", "b"),
        ] {
            let (sql, needs, names) = query(text);
            assert_eq!((needs.as_str(), names.as_str()), (columns, output), "{sql}");
        }
    }

    #[test]
    fn stars_are_written_out() {
        for (text, sql) in [
            ("SELECT * FROM t", "SELECT t.a, t.b FROM public.t"),
            ("SELECT x.*, 1 FROM t x", "SELECT x.a, x.b, 1 FROM public.t x"),
            ("SELECT * FROM t JOIN u USING (a)", "SELECT t.a, t.b, u.c FROM public.t JOIN public.u USING (a)"),
            ("SELECT * FROM t FULL JOIN u USING (a)", "SELECT a, t.b, u.c FROM public.t FULL JOIN public.u USING (a)"),
            ("SELECT * FROM t NATURAL JOIN u", "SELECT t.a, t.b, u.c FROM public.t JOIN public.u USING (a)"),
            ("SELECT * FROM (SELECT a AS x FROM t) s(y)", "SELECT s.y FROM (SELECT a AS x FROM public.t) s(y)"),
            ("SELECT count(*) FROM t", "SELECT count(*) FROM public.t"),
            ("SELECT * FROM information_schema.tables", "SELECT * FROM information_schema.tables"),
        ] {
            assert_eq!(query(text).0, sql);
        }
        assert_eq!(query("SELECT x FROM t").0, "column x does not exist");
        assert_eq!(query("SELECT a FROM v").0, "relation v does not exist");
    }

    #[test]
    fn bodies_want_what_they_name() {
        let session = session();
        let shown = |language, body| session.wants_of_body(language, body).iter().map(ObjectId::spelled).collect::<Vec<_>>().join(" ");
        assert_eq!(shown("sql", "SELECT a FROM t; INSERT INTO public.u VALUES (1)"), "public.t public.u");
        assert_eq!(shown("plpgsql", "DECLARE x public.t%ROWTYPE; BEGIN PERFORM 1 FROM \"u\" WHERE u.c = 1; END"), "public.t public.u");
        assert_eq!(shown("plpython3u", "t"), "");
    }
}
