//! The casts that somebody made and that expressions make use of, said or unsaid: only types tell of them (`coerce_type` of
//! src/backend/parser/parse_coerce.c).

use pg_query::{Node, NodeEnum};
use rayon::prelude::*;

use super::literal::{is_null, text_of};
use super::tree::Canon;
use super::{Analyzed, analyzed, in_place, view_outputs};
use crate::analyze::types::Type;
use crate::model::{Catalog, Entry, IdSet, Key, ObjectId};
use crate::object::Kind;
use crate::object::table::partition;

/// Casts that something makes use of.
#[derive(Debug, Default)]
pub struct Casts {
    /// Those that are done.
    pub done: IdSet,
    /// Those of which types do not tell.
    pub possible: IdSet,
}

/// Which objects make use of casts that somebody made.
pub fn casts(catalog: &Catalog) -> Vec<(ObjectId, Casts)> {
    if catalog.of_kind(Kind::Cast).next().is_none() {
        return Vec::new();
    }
    let entries: Vec<(&ObjectId, &Entry)> = catalog.scan().collect();
    let outputs = view_outputs(catalog, &entries);
    let casts_of = |(id, entry): &(&ObjectId, &Entry)| {
        let mut found = Casts::default();
        in_place(catalog, &outputs, id, entry, |place, expr| {
            let whole = || vec![expr.sql.clone()];
            for text in partition::taken_apart(&expr.sql).map_or_else(whole, |(_, exprs)| exprs) {
                let Some(Analyzed { hook, .. }) = analyzed(catalog, &outputs, place, &text, true) else { continue };
                let casts = hook.casts.unwrap_or_default().into_inner();
                found.done.extend(casts.done);
                found.possible.extend(casts.possible);
            }
        });
        (!found.done.is_empty() || !found.possible.is_empty()).then(|| ((*id).clone(), found))
    };
    entries.par_iter().filter_map(casts_of).collect()
}

impl Canon<'_> {
    /// Notes what makes a value one of another type.
    pub(super) fn coerce(&self, from: &Type, to: &Type) {
        let Some(casts) = self.casts.as_ref().filter(|_| !from.is_unknown()) else { return };
        let (from, to) = (self.types.base(from), self.types.base(to));
        if from == to {
            return;
        }
        match self.types.own_cast(&from, &to) {
            Some((id, _)) => drop(casts.borrow_mut().done.insert(id)),
            None if from.array && to.array => self.coerce(&from.element(), &to.element()),
            None => {}
        }
    }

    /// Notes what makes an expression a value of a type; any cast to that may do so where its own type is not known.
    pub(super) fn coerce_node(&self, node: &Node, to: &Type) {
        let Some(casts) = &self.casts else { return };
        if let Some(from) = self.type_of(node) {
            self.coerce(&from, to);
        } else if text_of(node).is_none() && !is_null(node) && !matches!(node.node, Some(NodeEnum::RowExpr(_))) {
            let to = self.types.base(to);
            let makes = |id: &&ObjectId| matches!(&id.key, Key::Two(_, target) if Type::displayed(target) == to);
            casts.borrow_mut().possible.extend(self.types.0.of_kind(Kind::Cast).map(|(id, _)| id).filter(makes).cloned());
        }
    }

    /// Notes what may make what a routine returns, of which the declaration tells the type, from an expression.
    pub(super) fn coerce_result(&self, node: &Node) {
        let Some((casts, from)) = self.casts.as_ref().zip(self.type_of(node)) else { return };
        let from = self.types.base(&from);
        let takes = |id: &&ObjectId| matches!(&id.key, Key::Two(source, _) if Type::displayed(source) == from);
        casts.borrow_mut().possible.extend(self.types.0.of_kind(Kind::Cast).map(|(id, _)| id).filter(takes).cloned());
    }

    /// Notes what may be done by itself where it is not known what is called.
    pub(super) fn coerce_anyhow(&self) {
        let Some(casts) = &self.casts else { return };
        casts.borrow_mut().possible.extend(self.types.own_implicit_casts().cloned());
    }
}
