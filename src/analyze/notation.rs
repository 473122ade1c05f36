//! `row.field` and `row.function`: what is behind the point of something that is no table (`ParseFuncOrColumn` of
//! src/backend/parser/parse_func.c).

use pg_query::protobuf::{AIndirection, CoercionForm, ColumnRef, FuncCall};
use pg_query::{Node, NodeEnum};

use super::scope::{self, Found, SourceKind};
use super::{Analyzer, Hook, fields_of_type};
use crate::model::{Ident, ObjectId, QName};
use crate::object::{Kind, Object};
use crate::sql::literal::{names, string, string_node};

impl<H: Hook> Analyzer<'_, H> {
    /// What a node stands for that is written with a point and means something else than it looks like.
    pub(super) fn behind_point(&mut self, node: &NodeEnum) -> Option<NodeEnum> {
        match node {
            NodeEnum::ColumnRef(column) => self.notation(column),
            NodeEnum::AIndirection(part) => self.column_of_row(part),
            _ => None,
        }
    }

    /// What a reference to no column stands for, where it is a field of a composite value or a function of a row.
    fn notation(&mut self, column: &ColumnRef) -> Option<NodeEnum> {
        let fields = names(&column.fields);
        let [first, last] = fields.as_slice() else { return None };
        if !matches!(scope::find(&self.levels, &fields), Found::Missing) {
            return None;
        }
        let subject = Node { node: Some(NodeEnum::ColumnRef(ColumnRef { fields: vec![string_node(first)], location: 0 })) };
        let (row, is_value) = match scope::find(&self.levels, std::slice::from_ref(first)) {
            Found::Attr { attr, .. } => (attr.type_name?, true),
            Found::Row(_) => (self.row_of(first)?, false),
            _ => return None,
        };
        if is_value && fields_of_type(self.catalog, &row)?.iter().any(|attr| attr.name == *last) {
            let field = AIndirection { arg: Some(Box::new(subject)), indirection: vec![string_node(last)] };
            return Some(NodeEnum::AIndirection(Box::new(field)));
        }
        let function = self.function_of(&row, last)?;
        let of = function.qname()?.schema.as_str().to_owned();
        self.held.insert(function);
        Some(NodeEnum::FuncCall(Box::new(FuncCall {
            funcname: vec![string_node(&of), string_node(last)],
            args: vec![subject],
            funcformat: CoercionForm::CoerceExplicitCall.into(),
            ..FuncCall::default()
        })))
    }

    /// `(alias).column` is the column.
    fn column_of_row(&self, part: &AIndirection) -> Option<NodeEnum> {
        let Some(NodeEnum::ColumnRef(row)) = part.arg.as_deref().and_then(|arg| arg.node.as_ref()) else { return None };
        let (field, rest) = part.indirection.split_first()?;
        let alias = names(&row.fields);
        let [alias] = alias.as_slice() else { return None };
        let is_row = matches!(scope::find(&self.levels, std::slice::from_ref(alias)), Found::Row(Some(_)));
        let fields = vec![string_node(alias), string_node(string(field)?)];
        let known = matches!(scope::find(&self.levels, &names(&fields)), Found::Attr { .. });
        let column = NodeEnum::ColumnRef(ColumnRef { fields, location: 0 });
        if !is_row || !known {
            return None;
        }
        if rest.is_empty() {
            return Some(column);
        }
        let arg = Some(Box::new(Node { node: Some(column) }));
        Some(NodeEnum::AIndirection(Box::new(AIndirection { arg, indirection: rest.to_vec() })))
    }

    /// The relation whose rows something in FROM gives, by its columns.
    fn row_of(&self, alias: &str) -> Option<String> {
        let mut sources = self.levels.iter().rev().flat_map(|level| &level.sources);
        let source = sources.find(|source| source.alias.as_deref() == Some(alias)).filter(|source| source.kind == SourceKind::Relation)?;
        Some(source.attrs.as_ref()?.first()?.id.as_ref()?.qname()?.to_string())
    }

    /// The one function of that name that takes such a row and nothing else.
    fn function_of(&self, row: &str, name: &str) -> Option<ObjectId> {
        let takes = |id: &ObjectId| match self.catalog.object(id) {
            Some(Object::Function(function)) => {
                let mut inputs = function.arguments.iter().filter(|argument| argument.mode.is_input());
                inputs.next().is_some_and(|first| first.type_name.0 == row) && inputs.all(|other| other.default.is_some())
            }
            _ => false,
        };
        let schemas = self.catalog.of_kind(Kind::Schema).filter_map(|(schema, _)| schema.name());
        let of_schema =
            |schema: &Ident| self.catalog.routines_named(&QName { schema: schema.clone(), name: Ident::new(name) }).collect::<Vec<_>>();
        let mut found = schemas.flat_map(of_schema).filter(|id| takes(id));
        let first = found.next()?.clone();
        found.next().is_none().then_some(first)
    }
}
