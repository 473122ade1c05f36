//! Trees that wait to be looked at.

use pg_query::protobuf::Node;
use prost::Message;

use super::ParseError;

/// The tree of a statement as the parser's library packs it, in a small part of the memory that it takes to look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree(Box<[u8]>);

impl Tree {
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
}
