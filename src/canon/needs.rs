//! What a tree needs that its names do not say, but types do: the types of literals, and the fields of composite values
//! (`find_expr_references_walker` in src/backend/catalog/dependency.c).

use pg_query::{Node, NodeEnum};

use super::tree::Canon;
use crate::analyze::type_called;
use crate::analyze::types::Type;
use crate::model::ObjectId;
use crate::sql::walk::{NodeRef, Walk};

impl Canon<'_> {
    /// What a tree needs that this walk has been through.
    pub fn needs(&self, tree: &Node) -> Vec<ObjectId> {
        let mut needs = Vec::new();
        tree.walk(&mut |node: NodeRef<'_>| {
            match node {
                NodeRef::TypeCast(cast) if cast.arg.as_deref().is_some_and(is_constant) => {
                    needs.extend(cast.type_name.as_ref().and_then(Type::parsed).and_then(|of| self.own_type(&of)));
                }
                NodeRef::AIndirection(part) => {
                    let _type = self.indirection(part, |field| needs.extend(field.id.clone()));
                }
                _ => {}
            }
            true
        });
        needs
    }

    /// The type itself, unless it is one of PostgreSQL's.
    fn own_type(&self, of: &Type) -> Option<ObjectId> {
        type_called(self.types.0, &of.name).map(|(id, _)| id.clone())
    }
}

fn is_constant(node: &Node) -> bool {
    matches!(node.node, Some(NodeEnum::AConst(_)))
}
