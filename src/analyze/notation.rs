//! `row.field` and `row.function`: what is behind the point of something that has no such column (`ParseFuncOrColumn` of
//! src/backend/parser/parse_func.c). A relation before the point is looked for first, as `transformColumnRef` does; a column or
//! parameter of that name is none of it without parentheses, but for parameters of routines (`sql_fn_post_column_ref`).

use pg_query::protobuf::{AIndirection, AStar, CoercionForm, ColumnRef, FuncCall};
use pg_query::{Node, NodeEnum};

use super::scope::{self, Found};
use super::{Analyzer, Hook, fields_of_type};
use crate::model::{Ident, ObjectId, QName};
use crate::object::{Kind, Object};
use crate::sql::literal::{names, string, string_node};

impl<H: Hook> Analyzer<'_, H> {
    /// What a node stands for that is written with a point and means something else than it looks like.
    pub(super) fn behind_point(&mut self, node: &NodeEnum) -> Option<NodeEnum> {
        match node {
            NodeEnum::ColumnRef(column) => self.notation(column),
            NodeEnum::AIndirection(part) => self.column_of_row(part).or_else(|| self.function_of_part(part)),
            _ => None,
        }
    }

    /// What a reference to no column stands for, where it is a function of a row or a field of a parameter.
    fn notation(&mut self, column: &ColumnRef) -> Option<NodeEnum> {
        let fields = names(&column.fields);
        let (last, row) = fields.split_last().filter(|(last, row)| *last != "*" && !row.is_empty())?;
        if let [rest @ .., alias] = row
            && let Some((_, source)) = scope::source(&self.levels, rest.last(), alias)
        {
            if !source.misses(last) {
                return None;
            }
            if let Some(function) = source.row_type().and_then(|of| self.function_of(&of, last)) {
                let star = Node { node: Some(NodeEnum::AStar(AStar {})) };
                let fields = column.fields.iter().take(row.len()).cloned().chain([star]).collect();
                return self.call(&function, last, ColumnRef { fields, location: 0 });
            }
        }
        if !matches!(scope::find(&self.levels, &fields), Found::Missing) {
            return None;
        }
        let (parts, attr) = scope::parameter(&self.levels, &fields)?;
        let of = attr.type_name.clone()?;
        let subject = ColumnRef { fields: column.fields.iter().take(parts).cloned().collect(), location: 0 };
        if fields_of_type(self.catalog, &of)?.iter().any(|attr| attr.name == *last) {
            return Some(part(subject, vec![string_node(last)]));
        }
        let function = self.function_of(&of, last)?;
        self.call(&function, last, subject)
    }

    fn call(&mut self, function: &ObjectId, name: &str, subject: ColumnRef) -> Option<NodeEnum> {
        let schema = function.qname()?.schema.as_str().to_owned();
        self.held.insert(function.clone());
        Some(NodeEnum::FuncCall(Box::new(FuncCall {
            funcname: vec![string_node(&schema), string_node(name)],
            args: vec![Node { node: Some(NodeEnum::ColumnRef(subject)) }],
            funcformat: CoercionForm::CoerceExplicitCall.into(),
            ..FuncCall::default()
        })))
    }

    /// `parameter.*` is the fields of the parameter, where no relation is called so.
    pub(super) fn star_of_parameter(&self, target: &mut Node) {
        let Some(NodeEnum::ResTarget(target)) = target.node.as_mut() else { return };
        let Some(NodeEnum::ColumnRef(column)) = target.val.as_deref().and_then(|value| value.node.as_ref()) else { return };
        let fields = names(&column.fields);
        let ([row @ .., star], Found::Missing) = (fields.as_slice(), scope::find(&self.levels, &fields)) else { return };
        if star == "*" && scope::parameter(&self.levels, &fields).is_some_and(|(parts, _)| parts == row.len()) {
            let mut subject = column.clone();
            let star = subject.fields.split_off(row.len());
            target.val = Some(Box::new(Node { node: Some(part(subject, star)) }));
        }
    }

    /// `(alias).column` is the column.
    fn column_of_row(&self, whole: &AIndirection) -> Option<NodeEnum> {
        let Some(NodeEnum::ColumnRef(row)) = whole.arg.as_deref().and_then(|arg| arg.node.as_ref()) else { return None };
        let (field, rest) = whole.indirection.split_first()?;
        let given = names(&row.fields);
        let bare = given.strip_suffix(&["*".to_owned()]).unwrap_or(&given);
        let is_row = matches!(scope::find(&self.levels, &given), Found::Row(Some(_), _));
        let fields: Vec<String> = bare.iter().cloned().chain([string(field)?.to_owned()]).collect();
        let known = matches!(scope::find(&self.levels, &fields), Found::Attr { .. });
        if !is_row || !known {
            return None;
        }
        let column = ColumnRef { fields: fields.iter().map(|name| string_node(name)).collect(), location: 0 };
        Some(if rest.is_empty() { NodeEnum::ColumnRef(column) } else { part(column, rest.to_vec()) })
    }

    /// `(row).function` and `(column).function`, where the type has no such field.
    fn function_of_part(&mut self, whole: &AIndirection) -> Option<NodeEnum> {
        let Some(NodeEnum::ColumnRef(subject)) = whole.arg.as_deref().and_then(|arg| arg.node.as_ref()) else { return None };
        let (field, rest) = whole.indirection.split_first()?;
        let (name, given) = (string(field)?, names(&subject.fields));
        let mut subject = subject.clone();
        let of = match scope::find(&self.levels, &given) {
            Found::Row(Some(_), of) => {
                if given.last().is_some_and(|last| last != "*") {
                    subject.fields.push(Node { node: Some(NodeEnum::AStar(AStar {})) });
                }
                of?
            }
            Found::Attr { attr, .. } => attr.type_name?,
            _ => return None,
        };
        if fields_of_type(self.catalog, &of)?.iter().any(|attr| attr.name == name) {
            return None;
        }
        let function = self.function_of(&of, name)?;
        let call = self.call(&function, name, subject)?;
        if rest.is_empty() {
            return Some(call);
        }
        let arg = Some(Box::new(Node { node: Some(call) }));
        Some(NodeEnum::AIndirection(Box::new(AIndirection { arg, indirection: rest.to_vec() })))
    }

    /// The function of that name that takes such a row and nothing else, or else the only one that takes any.
    fn function_of(&self, row: &str, name: &str) -> Option<ObjectId> {
        self.function_taking(name, |first| first == row, false).or_else(|| {
            let any = |first: &str| {
                matches!(first, "record" | "anyelement" | "anynonarray" | "anycompatible" | "anycompatiblenonarray" | "\"any\"")
            };
            self.function_taking(name, any, true)
        })
    }

    /// The function of that name whose only argument is of such a type: the first in the path, if there may be others, or the one that there is.
    fn function_taking(&self, name: &str, is_such: impl Fn(&str) -> bool, alone: bool) -> Option<ObjectId> {
        let takes = |id: &&ObjectId| match self.catalog.object(id) {
            Some(Object::Function(function)) => {
                let mut inputs = function.arguments.iter().filter(|argument| argument.mode.is_input());
                inputs.next().is_some_and(|first| is_such(&first.type_name.0)) && inputs.all(|other| other.default.is_some())
            }
            _ => false,
        };
        let of_schema =
            |schema: &Ident| self.catalog.routines_named(&QName { schema: schema.clone(), name: Ident::new(name) }).collect::<Vec<_>>();
        if let Some(path) = self.path {
            let mut found = path.iter().flat_map(of_schema).filter(takes);
            let first = found.next()?.clone();
            return (!alone || found.next().is_none()).then_some(first);
        }
        let schemas = self.catalog.of_kind(Kind::Schema).filter_map(|(schema, _)| schema.name());
        let mut found = schemas.flat_map(of_schema).filter(takes);
        let first = found.next()?.clone();
        found.next().is_none().then_some(first)
    }
}

fn part(of: ColumnRef, indirection: Vec<Node>) -> NodeEnum {
    let arg = Some(Box::new(Node { node: Some(NodeEnum::ColumnRef(of)) }));
    NodeEnum::AIndirection(Box::new(AIndirection { arg, indirection }))
}
