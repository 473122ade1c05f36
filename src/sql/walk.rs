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
    let (mut a, mut b) = (a.clone(), b.clone());
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
