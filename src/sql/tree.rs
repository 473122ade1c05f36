//! Trees that wait to be looked at.

use std::sync::LazyLock;

use pg_query::NodeEnum;
use pg_query::protobuf::Node;
use prost::Message;

use super::ParseError;

/// The tree of a statement as the parser's library packs it, in a small part of the memory that it takes to look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree(Box<[u8]>);

/// How the trees of statements begin that make one object and say nothing beside it.
static PLAIN: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let plain = [
        NodeEnum::CreateStmt(Default::default()),
        NodeEnum::IndexStmt(Default::default()),
        NodeEnum::ViewStmt(Default::default()),
        NodeEnum::CreateFunctionStmt(Default::default()),
        NodeEnum::CreateTrigStmt(Default::default()),
        NodeEnum::CreatePolicyStmt(Default::default()),
        NodeEnum::CreateEnumStmt(Default::default()),
        NodeEnum::CreateDomainStmt(Default::default()),
        NodeEnum::CreateSeqStmt(Default::default()),
    ];
    let key = |node: NodeEnum| {
        let mut bytes = Node { node: Some(node) }.encode_to_vec();
        // The length of what is empty.
        bytes.pop();
        bytes
    };
    plain.into_iter().map(key).collect()
});

impl Tree {
    /// Takes a tree as the library has packed it.
    pub(super) fn packed(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    /// Whether the statement makes one object of its own and is of no consequence for others.
    pub fn is_plain(&self) -> bool {
        PLAIN.iter().any(|key| self.0.starts_with(key))
    }

    /// Packs a tree.
    pub fn of(node: &Node) -> Self {
        Self(node.encode_to_vec().into())
    }

    /// The tree itself.
    ///
    /// # Errors
    /// None for what was packed here; the library's decoder knows that not.
    pub fn node(&self) -> Result<Node, ParseError> {
        Node::decode(&*self.0).map_err(|error| ParseError::whole(format!("the parse tree cannot be read: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        for text in ["CREATE TABLE a (b int DEFAULT 1 + f('x'))", "SELECT 1", "GRANT SELECT ON a TO PUBLIC"] {
            let node = super::super::parse_one(text).unwrap_or_default();
            assert!(node.node.is_some());
            assert_eq!(Tree::of(&node).node(), Ok(node));
        }
    }

    #[test]
    fn plain_ones_make_an_object() {
        for (text, plain) in [
            ("CREATE TABLE a (b int)", true),
            ("CREATE VIEW a AS SELECT 1", true),
            ("CREATE SCHEMA a", false),
            ("SET search_path = a", false),
            ("ALTER TABLE a OWNER TO b", false),
            ("DO 'BEGIN END'", false),
        ] {
            assert_eq!(Tree::of(&super::super::parse_one(text).unwrap_or_default()).is_plain(), plain, "{text}");
        }
    }
}
