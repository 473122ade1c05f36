//! Casts of whole arrays, as the server prints them.
//!
//! `(ARRAY['a'::varchar])::text[]` is what the server writes of an array that is cast, but what it makes of an array whose
//! elements are cast one by one: `transformTypeCast` (src/backend/parser/parse_expr.c) passes the type down into an ARRAY[]
//! that stands right under the cast. A cast to the type that the array has anyway, put between the two, prevents that. Where nothing in
//! the text tells that type (`(ARRAY[a, b])::bigint[]`), what the server will make of it is written at once.

use pg_query::protobuf::{self, AArrayExpr, TypeCast, TypeName, a_const};

use super::walk::walk_mut;
use super::{Node, NodeEnum, literal};

/// Keeps a cast of a whole array one, or makes it the casts of elements that it will be.
pub(super) fn keep_array_casts(tree: &mut Node) {
    walk_mut(tree, &mut |node| {
        let NodeEnum::TypeCast(cast) = node else { return };
        let Some(NodeEnum::AArrayExpr(array)) = cast.arg.as_mut().and_then(|arg| arg.node.as_mut()) else { return };
        let Some(outer) = cast.type_name.as_ref() else { return };
        match type_within(&array.elements) {
            Some(of) if literal::names(&of.names) == literal::names(&outer.names) => {}
            Some(of) => {
                let arg = cast.arg.take();
                let whole = TypeCast { arg, type_name: Some(array_of(of)), location: 0 };
                cast.arg = Some(Box::new(Node { node: Some(NodeEnum::TypeCast(Box::new(whole))) }));
            }
            None if !outer.array_bounds.is_empty() && !array.elements.is_empty() => {
                cast_elements(array, &TypeName { array_bounds: Vec::new(), ..outer.clone() });
                *node = NodeEnum::AArrayExpr(std::mem::take(array));
            }
            // What a domain is over is not seen either.
            None => {}
        }
    });
}

fn array_of(element: TypeName) -> TypeName {
    let unbounded = Node { node: Some(NodeEnum::Integer(protobuf::Integer { ival: -1 })) };
    TypeName { array_bounds: vec![unbounded], ..element }
}

/// Arrays within an array are cast like that one (`transformArrayExpr`).
fn cast_elements(array: &mut AArrayExpr, to: &TypeName) {
    for element in &mut array.elements {
        match element.node.as_mut() {
            Some(NodeEnum::AArrayExpr(inner)) => cast_elements(inner, to),
            _ => {
                let cast = TypeCast { arg: Some(Box::new(std::mem::take(element))), type_name: Some(to.clone()), location: 0 };
                element.node = Some(NodeEnum::TypeCast(Box::new(cast)));
            }
        }
    }
}

/// The type of what an array holds, be it within arrays in it: the server writes whatever makes the elements be of one type, so that one of
/// them tells of all. Modifiers are those of the array only where all have them.
fn type_within(elements: &[Node]) -> Option<TypeName> {
    let types: Vec<Option<TypeName>> = elements.iter().map(type_of_element).collect();
    let first = types.iter().flatten().next()?;
    if !types.iter().flatten().all(|of| literal::names(&of.names) == literal::names(&first.names)) {
        return None;
    }
    let modifiers = |of: &TypeName| of.typmods.iter().map(literal::integer).collect::<Vec<_>>();
    let modified = types.iter().all(|of| of.as_ref().is_some_and(|of| modifiers(of) == modifiers(first)));
    Some(if modified { first.clone() } else { TypeName { typmods: Vec::new(), ..first.clone() } })
}

fn type_of_element(element: &Node) -> Option<TypeName> {
    match element.node.as_ref()? {
        NodeEnum::TypeCast(cast) => cast.type_name.clone().map(|of| TypeName { array_bounds: Vec::new(), ..of }),
        NodeEnum::AArrayExpr(array) => type_within(&array.elements),
        // All other constants have a cast (`get_const_expr` of src/backend/utils/adt/ruleutils.c).
        NodeEnum::AConst(constant) => {
            let name = match constant.val.as_ref()? {
                a_const::Val::Ival(_) => "int4",
                a_const::Val::Fval(_) => "numeric",
                a_const::Val::Boolval(_) => "bool",
                _ => return None,
            };
            let names = ["pg_catalog", name].map(literal::string_node).to_vec();
            Some(TypeName { names, typemod: -1, ..TypeName::default() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::normalize_expr;

    #[test]
    fn casts_of_whole_arrays_stay_so() {
        for (printed, kept) in [
            (
                "a = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])",
                "a = ANY(ARRAY['x'::varchar, 'y'::varchar]::varchar[]::text[])",
            ),
            ("(ARRAY[1, 2])::bigint[]", "ARRAY[1, 2]::int[]::bigint[]"),
            ("(ARRAY[1.5, (x)::numeric])::double precision[]", "ARRAY[1.5, x::numeric]::numeric[]::double precision[]"),
            ("(ARRAY[x, 2])::bigint[]", "ARRAY[x, 2]::int[]::bigint[]"),
            ("(ARRAY[ARRAY[1], ARRAY[x]])::bigint[]", "ARRAY[ARRAY[1], ARRAY[x]]::int[]::bigint[]"),
            ("(ARRAY['a'::varchar(3), x])::text[]", "ARRAY['a'::varchar(3), x]::varchar[]::text[]"),
            ("(ARRAY['a'::varchar(3), 'b'::varchar(3)])::text[]", "ARRAY['a'::varchar(3), 'b'::varchar(3)]::varchar(3)[]::text[]"),
            ("(ARRAY[1, 2])::numbers", "ARRAY[1, 2]::int[]::numbers"),
        ] {
            assert_eq!(normalize_expr(printed).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn casts_go_where_they_will() {
        for (printed, made) in [
            ("(ARRAY[x, y])::bigint[]", "ARRAY[x::bigint, y::bigint]"),
            ("(ARRAY[ARRAY[x], ARRAY[y]])::numeric(9,2)[]", "ARRAY[ARRAY[x::numeric(9, 2)], ARRAY[y::numeric(9, 2)]]"),
            ("ARRAY[]::integer[]", "ARRAY[]::int[]"),
            ("(ARRAY[x])::numbers", "ARRAY[x]::numbers"),
        ] {
            assert_eq!(normalize_expr(printed).as_deref(), Ok(made));
        }
    }
}
