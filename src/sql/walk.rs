//! A walk that reaches every node of a parse tree, to look at it or to change it in place.
//!
//! Many nodes are not wrapped in a [`Node`]: the table of a CREATE TABLE is a bare `RangeVar`, the arms of a UNION are bare
//! `SelectStmt`s. The walk hands out all of them, by struct.

use pg_query::NodeEnum;
use pg_query::protobuf::Node;

/// Looks at nodes, parents before their children.
pub trait Visitor<'a> {
    /// Comes to a node; `false` leaves its children out.
    fn enter(&mut self, node: NodeRef<'a>) -> bool;

    /// Comes back from its children, also where [`enter`](Self::enter) left them out.
    fn leave(&mut self, _node: NodeRef<'a>) {}
}

impl<'a, F: FnMut(NodeRef<'a>) -> bool> Visitor<'a> for F {
    fn enter(&mut self, node: NodeRef<'a>) -> bool {
        self(node)
    }
}

/// Changes nodes in place, parents before their children.
pub trait VisitorMut {
    /// Comes to a wrapped node, before [`enter`](Self::enter) sees what is in it: the place to put another kind of node instead.
    fn replace(&mut self, _node: &mut NodeEnum) {}

    /// Comes to a node; `false` leaves its children out.
    fn enter(&mut self, node: NodeMut<'_>) -> bool;

    /// Comes back from its children, also where [`enter`](Self::enter) left them out.
    fn leave(&mut self, _node: NodeMut<'_>) {}
}

impl<F: FnMut(NodeMut<'_>) -> bool> VisitorMut for F {
    fn enter(&mut self, node: NodeMut<'_>) -> bool {
        self(node)
    }
}

/// What can be walked over: nodes, and lists and options of them.
pub trait Walk {
    /// Hands this node and all below it to the visitor.
    fn walk<'a>(&'a self, visitor: &mut dyn Visitor<'a>);
    /// Hands all below this node to the visitor, but not the node.
    fn walk_children<'a>(&'a self, visitor: &mut dyn Visitor<'a>);
    /// As [`walk`](Self::walk), to change.
    fn walk_mut(&mut self, visitor: &mut dyn VisitorMut);
    /// As [`walk_children`](Self::walk_children), to change.
    fn walk_children_mut(&mut self, visitor: &mut dyn VisitorMut);
}

/// Calls `change` for every wrapped node, parents first.
pub fn walk_mut(node: &mut Node, change: &mut dyn FnMut(&mut NodeEnum)) {
    struct Wrapped<'f>(&'f mut dyn FnMut(&mut NodeEnum));
    impl VisitorMut for Wrapped<'_> {
        fn replace(&mut self, node: &mut NodeEnum) {
            (self.0)(node);
        }
        fn enter(&mut self, _node: NodeMut<'_>) -> bool {
            true
        }
    }
    node.walk_mut(&mut Wrapped(change));
}

/// Forgets where in the text the nodes stood.
pub fn clear_positions(node: &mut impl Walk) {
    node.walk_mut(&mut |mut node: NodeMut<'_>| {
        node.clear_positions();
        true
    });
}

/// Whether two trees are the same but for the places they were read from.
pub fn same_tree(a: &Node, b: &Node) -> bool {
    is_tree(a, b.clone())
}

/// As [`same_tree`], of one that is not needed any more.
pub fn is_tree(a: &Node, mut b: Node) -> bool {
    let mut a = a.clone();
    clear_positions(&mut a);
    clear_positions(&mut b);
    a == b
}

impl<T: Walk> Walk for Option<T> {
    fn walk<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
        if let Some(node) = self {
            node.walk(visitor);
        }
    }
    fn walk_children<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
        if let Some(node) = self {
            node.walk_children(visitor);
        }
    }
    fn walk_mut(&mut self, visitor: &mut dyn VisitorMut) {
        if let Some(node) = self {
            node.walk_mut(visitor);
        }
    }
    fn walk_children_mut(&mut self, visitor: &mut dyn VisitorMut) {
        if let Some(node) = self {
            node.walk_children_mut(visitor);
        }
    }
}

impl<T: Walk> Walk for Vec<T> {
    fn walk<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
        self.iter().for_each(|node| node.walk(visitor));
    }
    fn walk_children<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
        self.iter().for_each(|node| node.walk_children(visitor));
    }
    fn walk_mut(&mut self, visitor: &mut dyn VisitorMut) {
        self.iter_mut().for_each(|node| node.walk_mut(visitor));
    }
    fn walk_children_mut(&mut self, visitor: &mut dyn VisitorMut) {
        self.iter_mut().for_each(|node| node.walk_children_mut(visitor));
    }
}

impl<T: Walk> Walk for Box<T> {
    fn walk<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
        (**self).walk(visitor);
    }
    fn walk_children<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
        (**self).walk_children(visitor);
    }
    fn walk_mut(&mut self, visitor: &mut dyn VisitorMut) {
        (**self).walk_mut(visitor);
    }
    fn walk_children_mut(&mut self, visitor: &mut dyn VisitorMut) {
        (**self).walk_children_mut(visitor);
    }
}

impl Walk for Node {
    fn walk<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
        self.node.walk(visitor);
    }
    fn walk_children<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
        self.node.walk_children(visitor);
    }
    fn walk_mut(&mut self, visitor: &mut dyn VisitorMut) {
        self.node.walk_mut(visitor);
    }
    fn walk_children_mut(&mut self, visitor: &mut dyn VisitorMut) {
        self.node.walk_children_mut(visitor);
    }
}

/// Makes the references and the walk from the list of structs, node fields, position fields, and variants of `NodeEnum`.
macro_rules! nodes {
    (structs { $($name:ident { $($field:ident)* } { $($position:ident)* })* } variants { $($variant:ident)* }) => {
        use super::walk::{Visitor, VisitorMut, Walk};
        use pg_query::{NodeEnum, protobuf};

        /// A node to look at.
        #[derive(Clone, Copy, Debug)]
        #[allow(missing_docs, reason = "the names are those of PostgreSQL's node structs")]
        pub enum NodeRef<'a> { $($name(&'a protobuf::$name),)* }

        /// A node to change.
        #[derive(Debug)]
        #[allow(missing_docs, reason = "the names are those of PostgreSQL's node structs")]
        pub enum NodeMut<'a> { $($name(&'a mut protobuf::$name),)* }

        impl NodeMut<'_> {
            /// Forgets where in the text this one node stood.
            #[allow(unused_variables, reason = "not every node has a position")]
            pub fn clear_positions(&mut self) {
                match self { $(Self::$name(node) => { $(node.$position = 0;)* })* }
            }
        }

        $(
            impl Walk for protobuf::$name {
                fn walk<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
                    if visitor.enter(NodeRef::$name(self)) {
                        self.walk_children(visitor);
                    }
                    visitor.leave(NodeRef::$name(self));
                }
                #[allow(unused_variables, reason = "not every node has children")]
                fn walk_children<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
                    $(self.$field.walk(visitor);)*
                }
                fn walk_mut(&mut self, visitor: &mut dyn VisitorMut) {
                    if visitor.enter(NodeMut::$name(self)) {
                        self.walk_children_mut(visitor);
                    }
                    visitor.leave(NodeMut::$name(self));
                }
                #[allow(unused_variables, reason = "not every node has children")]
                fn walk_children_mut(&mut self, visitor: &mut dyn VisitorMut) {
                    $(self.$field.walk_mut(visitor);)*
                }
            }
        )*

        impl Walk for NodeEnum {
            fn walk<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
                match self { $(Self::$variant(node) => node.walk(visitor),)* }
            }
            fn walk_children<'a>(&'a self, visitor: &mut dyn Visitor<'a>) {
                match self { $(Self::$variant(node) => node.walk_children(visitor),)* }
            }
            fn walk_mut(&mut self, visitor: &mut dyn VisitorMut) {
                visitor.replace(self);
                match self { $(Self::$variant(node) => node.walk_mut(visitor),)* }
            }
            fn walk_children_mut(&mut self, visitor: &mut dyn VisitorMut) {
                match self { $(Self::$variant(node) => node.walk_children_mut(visitor),)* }
            }
        }
    };
}
pub(super) use nodes;

pub use super::walk_generated::{NodeMut, NodeRef};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{deparse_stmt, parse_one};

    /// Statements with nodes in places that are easily forgotten.
    const STATEMENTS: [&str; 14] = [
        "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a) SEARCH DEPTH FIRST BY x SET o CYCLE x SET c USING p SELECT DISTINCT ON (x) * FROM a",
        "SELECT sum(x) FILTER (WHERE y) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), percentile_cont(0.5) WITHIN GROUP (ORDER BY z) FROM t WINDOW w AS (PARTITION BY a ORDER BY b)",
        "SELECT CASE a WHEN 1 THEN ROW(b, c) ELSE (ARRAY[d, e])[1:2] END, (f).g, x IS DISTINCT FROM y, z = ANY (SELECT 1), GREATEST(h, i), COALESCE(j, k) FROM t GROUP BY GROUPING SETS ((a), ROLLUP (b, c))",
        "SELECT JSON_OBJECT('a': b RETURNING jsonb), JSON_VALUE(c, '$' DEFAULT d ON EMPTY), JSON_ARRAYAGG(e ORDER BY f), xmlelement(name g, xmlattributes(h AS i), j) FROM JSON_TABLE(k, '$' COLUMNS (l int PATH '$', NESTED '$.m' COLUMNS (n text)))",
        "SELECT * FROM XMLTABLE('/a' PASSING b COLUMNS c int PATH 'd' DEFAULT e) x, ROWS FROM (f(g) AS (h int, i text)) WITH ORDINALITY, t TABLESAMPLE bernoulli (j) REPEATABLE (k)",
        "INSERT INTO a (b[1], c) VALUES (DEFAULT, d) ON CONFLICT (lower(e)) WHERE f DO UPDATE SET (g, h) = (SELECT i, j), k = l WHERE m RETURNING WITH (OLD AS o) o.n",
        "MERGE INTO a USING b ON c WHEN MATCHED AND d THEN UPDATE SET e = f WHEN NOT MATCHED THEN INSERT (g) VALUES (h) RETURNING i",
        "CREATE TABLE a (b numeric(5, 2) COLLATE \"C\" DEFAULT c(d) CHECK (e > f), g int GENERATED ALWAYS AS (h * 2) STORED REFERENCES i (j), EXCLUDE USING gist (k WITH &&) WHERE (l)) PARTITION BY RANGE (m, (n + 1) o)",
        "CREATE TABLE a PARTITION OF b FOR VALUES FROM (MINVALUE, 1 + 2) TO (c(3), MAXVALUE)",
        "ALTER TABLE a ADD COLUMN b int DEFAULT c, ALTER d TYPE text USING e::text, ADD CONSTRAINT f FOREIGN KEY (g) REFERENCES h ON DELETE SET NULL (g)",
        "CREATE FUNCTION a(b int DEFAULT c + 1, VARIADIC d text[]) RETURNS TABLE (e int) LANGUAGE sql BEGIN ATOMIC SELECT f FROM g; END",
        "CREATE TRIGGER a BEFORE UPDATE OF b ON c REFERENCING OLD TABLE AS d FOR EACH ROW WHEN (OLD.e <> NEW.f) EXECUTE FUNCTION g('h')",
        "CREATE RULE a AS ON UPDATE TO b WHERE c DO ALSO (UPDATE d SET e = f; NOTIFY g)",
        "CREATE INDEX a ON b USING gin (c gin_trgm_ops (siglen = 1), (d || e) COLLATE \"C\" DESC) INCLUDE (f) WITH (g = 1) WHERE h",
    ];

    fn tree(text: &str) -> Node {
        parse_one(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// What serde sees is what there is: it is derived for all structs and all fields.
    fn count(value: &serde_json::Value, wanted: &dyn Fn(&str, &serde_json::Value) -> bool) -> usize {
        match value {
            serde_json::Value::Array(items) => items.iter().map(|item| count(item, wanted)).sum(),
            serde_json::Value::Object(fields) => {
                fields.iter().map(|(name, value)| usize::from(wanted(name, value)) + count(value, wanted)).sum()
            }
            _ => 0,
        }
    }

    #[test]
    fn every_wrapped_node_is_reached() {
        for text in STATEMENTS {
            let mut tree = tree(text);
            let all = serde_json::to_value(&tree).unwrap_or_default();
            let mut reached = 0;
            walk_mut(&mut tree, &mut |_| reached += 1);
            assert_eq!(reached, count(&all, &|name, value| name == "node" && value.get("node").is_none() && value.is_object()), "{text}");
        }
    }

    #[test]
    fn every_position_is_cleared() {
        for text in STATEMENTS {
            let mut tree = tree(text);
            clear_positions(&mut tree);
            let all = serde_json::to_value(&tree).unwrap_or_default();
            assert_eq!(
                count(&all, &|name, value| (name.ends_with("location") || name.contains("list_"))
                    && value.as_i64().is_some_and(|at| at != 0)),
                0,
                "{text}"
            );
        }
    }

    #[test]
    fn both_walks_go_the_same_way() {
        for text in STATEMENTS {
            let mut tree = tree(text);
            let (mut looked, mut changed) = (Vec::new(), Vec::new());
            tree.walk(&mut |node: NodeRef<'_>| {
                looked.push(format!("{node:?}"));
                true
            });
            tree.walk_mut(&mut |node: NodeMut<'_>| {
                changed.push(format!("{node:?}"));
                true
            });
            assert_eq!(looked, changed, "{text}");
        }
    }

    #[test]
    fn nodes_change_in_place() {
        let mut tree = tree("SELECT a FROM b UNION SELECT 1 FROM (SELECT c FROM b) x");
        tree.walk_mut(&mut |node: NodeMut<'_>| {
            if let NodeMut::RangeVar(relation) = node {
                relation.schemaname = "s".to_owned();
            }
            true
        });
        walk_mut(&mut tree, &mut |node| {
            if matches!(node, NodeEnum::ColumnRef(_)) {
                *node = NodeEnum::AConst(pg_query::protobuf::AConst { isnull: true, ..Default::default() });
            }
        });
        assert_eq!(deparse_stmt(&tree).as_deref(), Ok("SELECT NULL FROM s.b UNION SELECT 1 FROM (SELECT NULL FROM s.b) x"));
    }
}
