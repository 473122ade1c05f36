//! The type of an expression, as far as it can be told.

use pg_query::protobuf::{AExpr, AExprKind, AIndirection, CaseExpr, JsonExprOp, SqlValueFunctionOp, TypeCast, XmlExprOp};
use pg_query::{Node, NodeEnum};

use super::json::output_type;
use super::literal::natural_type;
use super::tree::Canon;
use crate::analyze::Attr;
use crate::analyze::candidates::place;
use crate::analyze::fields_of_type;
use crate::analyze::overload::Signature;
use crate::analyze::types::Type;
use crate::sql::Name;
use crate::sql::literal::string;

impl Canon<'_> {
    /// The type of a node that has been rewritten; `unknown` of a literal, `None` where it cannot be told.
    pub fn type_of(&self, node: &Node) -> Option<Type> {
        match node.node.as_ref()? {
            NodeEnum::AConst(constant) => Some(natural_type(constant)),
            NodeEnum::ColumnRef(column) => self.recall(column.location),
            NodeEnum::ParamRef(parameter) => self.recall(parameter.location),
            NodeEnum::SubLink(link) => self.recall(link.location),
            NodeEnum::AExpr(expr) => self.recall(expr.location),
            NodeEnum::FuncCall(call) => self.recall(call.location),
            NodeEnum::TypeCast(cast) => cast.type_name.as_ref().and_then(Type::parsed),
            NodeEnum::BoolExpr(_) | NodeEnum::NullTest(_) | NodeEnum::BooleanTest(_) => Some(Type::internal("bool")),
            NodeEnum::CoalesceExpr(expr) => self.common_of(&expr.args),
            NodeEnum::MinMaxExpr(expr) => self.common_of(&expr.args),
            NodeEnum::CaseExpr(case) => self.common_of(case_results(case)),
            NodeEnum::AArrayExpr(array) => Some(self.element_of(&array.elements)?.array()),
            NodeEnum::CollateClause(collate) => {
                self.type_of(collate.arg.as_deref()?).map(|of| if of.is_unknown() { Type::internal("text") } else { of })
            }
            NodeEnum::AIndirection(indirection) => self.indirection(indirection, |_| ()),
            NodeEnum::NamedArgExpr(named) => self.type_of(named.arg.as_deref()?),
            NodeEnum::SqlvalueFunction(function) => Some(Type::internal(value_function(function.op())?)),
            NodeEnum::GroupingFunc(_) => Some(Type::internal("int4")),
            NodeEnum::XmlExpr(xml) if xml.op() == XmlExprOp::IsDocument => Some(Type::internal("bool")),
            NodeEnum::XmlExpr(_) => Some(Type::internal("xml")),
            NodeEnum::XmlSerialize(serialize) => serialize.type_name.as_ref().and_then(Type::parsed),
            NodeEnum::JsonObjectConstructor(object) => output_type(object.output.as_ref()),
            NodeEnum::JsonArrayConstructor(array) => output_type(array.output.as_ref()),
            NodeEnum::JsonObjectAgg(aggregate) => output_type(aggregate.constructor.as_ref()?.output.as_ref()),
            NodeEnum::JsonArrayAgg(aggregate) => output_type(aggregate.constructor.as_ref()?.output.as_ref()),
            NodeEnum::JsonSerializeExpr(serialize) => output_type(serialize.output.as_ref()),
            NodeEnum::JsonParseExpr(_) | NodeEnum::JsonScalarExpr(_) => Some(Type::internal("json")),
            NodeEnum::JsonIsPredicate(_) => Some(Type::internal("bool")),
            NodeEnum::JsonFuncExpr(function) if function.op() == JsonExprOp::JsonExistsOp => Some(Type::internal("bool")),
            NodeEnum::JsonFuncExpr(function) => output_type(function.output.as_ref()),
            NodeEnum::MergeSupportFunc(_) => Some(Type::internal("text")),
            _ => None,
        }
    }

    /// Whether the type of a node is known to have modifiers.
    pub fn is_modified(&self, node: &Node) -> bool {
        matches!(&node.node, Some(NodeEnum::TypeCast(cast)) if has_modifiers(cast)) || self.modified(node).is_some()
    }

    /// The type that all have in common; `None` where one is not known.
    pub fn common_of<'n>(&self, nodes: impl IntoIterator<Item = &'n Node>) -> Option<Type> {
        let all: Option<Vec<Type>> = nodes.into_iter().map(|node| self.type_of(node)).collect();
        self.types.common(&all?)
    }

    /// The type of the elements of an array; of literals alone, text. An array of arrays has more dimensions, and is of the same type
    /// (`transformArrayExpr` of src/backend/parser/parse_expr.c).
    pub fn element_of(&self, elements: &[Node]) -> Option<Type> {
        self.common_of(elements).map(|of| Type { array: false, ..of })
    }

    /// The type of a part of a value; the fields on the way to it are shown to `see`.
    pub fn indirection(&self, indirection: &AIndirection, mut see: impl FnMut(&Attr)) -> Option<Type> {
        let mut at = self.type_of(indirection.arg.as_deref()?)?;
        for step in &indirection.indirection {
            match step.node.as_ref()? {
                NodeEnum::AIndices(indices) if !indices.is_slice => {
                    at = match at.name.as_str() {
                        "jsonb" if !at.array => at,
                        _ => at.element(),
                    };
                }
                NodeEnum::AIndices(_) => {}
                _ => {
                    let field = string(step)?;
                    let attr = fields_of_type(self.types.0, &at.name)?.into_iter().find(|attr| attr.name == field)?;
                    see(&attr);
                    at = Type::displayed(&attr.type_name?);
                }
            }
        }
        Some(at)
    }

    /// The operator that an expression means, with arguments of these types.
    pub fn operator(&self, expr: &AExpr, mark: Option<usize>, arguments: &[Type]) -> Option<Signature> {
        if names_no_operator(expr.kind()) {
            return self.types.unsaid_operator("=", arguments);
        }
        let Name { schema, name } = Name::of(&expr.name)?;
        self.operator_named(schema.as_deref(), &name, mark, arguments)
    }

    /// The operator of that name, which is looked for along the path where types are to tell.
    pub fn operator_named(&self, schema: Option<&str>, name: &str, mark: Option<usize>, arguments: &[Type]) -> Option<Signature> {
        let own = [place(schema)];
        let path = self.choices.as_ref().filter(|_| mark.is_some() && schema.is_none()).map_or(own.as_slice(), |choices| &choices.path);
        self.types.operator_in(path, name, arguments)
    }
}

/// Whether a comparison is written without an operator.
pub const fn names_no_operator(kind: AExprKind) -> bool {
    matches!(kind, AExprKind::AexprDistinct | AExprKind::AexprNotDistinct | AExprKind::AexprNullif)
}

/// What a CASE gives.
pub fn case_results(case: &CaseExpr) -> impl Iterator<Item = &Node> {
    let results = case.args.iter().filter_map(|when| match &when.node {
        Some(NodeEnum::CaseWhen(when)) => when.result.as_deref(),
        _ => None,
    });
    // ELSE comes first, for `select_common_type` (`transformCaseExpr`).
    case.defresult.as_deref().into_iter().chain(results)
}

/// Whether a cast has modifiers, which change values.
pub fn has_modifiers(cast: &TypeCast) -> bool {
    cast.type_name.as_ref().is_some_and(|name| !name.typmods.is_empty())
}

const fn value_function(op: SqlValueFunctionOp) -> Option<&'static str> {
    use SqlValueFunctionOp as Op;
    Some(match op {
        Op::SvfopCurrentDate => "date",
        Op::SvfopCurrentTime | Op::SvfopCurrentTimeN => "timetz",
        Op::SvfopCurrentTimestamp | Op::SvfopCurrentTimestampN => "timestamptz",
        Op::SvfopLocaltime | Op::SvfopLocaltimeN => "time",
        Op::SvfopLocaltimestamp | Op::SvfopLocaltimestampN => "timestamp",
        Op::SvfopCurrentRole
        | Op::SvfopCurrentUser
        | Op::SvfopUser
        | Op::SvfopSessionUser
        | Op::SvfopCurrentCatalog
        | Op::SvfopCurrentSchema => "name",
        Op::SqlvalueFunctionOpUndefined => return None,
    })
}
