//! Casts of whole arrays, as the server prints them.
//!
//! `(ARRAY['a'::varchar])::text[]` is what the server writes of an array that is cast, but what it makes of an array whose
//! elements are cast one by one: `transformTypeCast` (src/backend/parser/parse_expr.c) passes the type down into an ARRAY[]
//! that stands right under the cast. A cast to the type that the array has anyway, put between the two, prevents that. Where nothing in
//! the text tells that type (`(ARRAY[a, b])::bigint[]`), it stays as it is.

use pg_query::protobuf::{self, TypeCast, TypeName, a_const};

use super::walk::walk_mut;
use super::{Node, NodeEnum, literal};

/// Keeps a cast of a whole array one, where its elements tell their type; casts of elements that do not tell it are those of the whole.
pub(super) fn keep_array_casts(tree: &mut Node) {
    walk_mut(tree, &mut |node| match node {
        NodeEnum::TypeCast(cast) => {
            let Some(NodeEnum::AArrayExpr(array)) = cast.arg.as_mut().and_then(|arg| arg.node.as_mut()) else { return };
            let Some(outer) = cast.type_name.as_ref() else { return };
            // What the columns of a table hold, and what a domain is over, is not seen here.
            let Some(of) = type_within(&array.elements) else { return };
            let stripped = cast_of_all(&array.elements).cloned();
            if stripped.is_some() {
                strip(&mut array.elements);
            }
            if literal::names(&of.names) != literal::names(&outer.names) {
                let arg = cast.arg.take();
                let whole = TypeCast { arg, type_name: Some(array_of(stripped.unwrap_or(of))), location: 0 };
                cast.arg = Some(Box::new(Node { node: Some(NodeEnum::TypeCast(Box::new(whole))) }));
            }
        }
        NodeEnum::AArrayExpr(array) => {
            let Some(of) = cast_of_all(&array.elements).cloned() else { return };
            strip(&mut array.elements);
            let arg = Some(Box::new(Node { node: Some(NodeEnum::AArrayExpr(std::mem::take(array))) }));
            *node = NodeEnum::TypeCast(Box::new(TypeCast { arg, type_name: Some(array_of(of)), location: 0 }));
        }
        _ => {}
    });
}

/// The type to which all elements are cast, be they within arrays in the array, where what is cast tells no type.
fn cast_of_all(elements: &[Node]) -> Option<&TypeName> {
    let first = cast_of(elements.first()?)?;
    let alike = |other: &TypeName| {
        literal::names(&other.names) == literal::names(&first.names) && other.array_bounds.is_empty() == first.array_bounds.is_empty()
    };
    elements.iter().all(|element| cast_of(element).is_some_and(alike)).then_some(first)
}

fn cast_of(element: &Node) -> Option<&TypeName> {
    match element.node.as_ref()? {
        NodeEnum::TypeCast(cast) => {
            let arg = cast.arg.as_ref()?;
            let telling = matches!(arg.node, Some(NodeEnum::AConst(_))) || type_of_element(arg).is_some();
            cast.type_name.as_ref().filter(|of| !telling && of.typmods.is_empty())
        }
        NodeEnum::AArrayExpr(array) => cast_of_all(&array.elements),
        _ => None,
    }
}

fn strip(elements: &mut [Node]) {
    for element in elements {
        match element.node.as_mut() {
            Some(NodeEnum::AArrayExpr(array)) => strip(&mut array.elements),
            Some(NodeEnum::TypeCast(cast)) => {
                if let Some(arg) = cast.arg.take() {
                    *element = *arg;
                }
            }
            _ => {}
        }
    }
}

/// Arrays of arrays are of the type of these.
fn array_of(element: TypeName) -> TypeName {
    if !element.array_bounds.is_empty() {
        return element;
    }
    let unbounded = Node { node: Some(NodeEnum::Integer(protobuf::Integer { ival: -1 })) };
    TypeName { array_bounds: vec![unbounded], ..element }
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
    match literal::names(&first.names).pop()?.as_str() {
        _ if modified => Some(first.clone()),
        // Without a length these names say a length of one (`CharacterWithoutLength` and `BitWithoutLength` of src/backend/parser/gram.y).
        "bit" => None,
        "bpchar" => Some(TypeName { names: vec![literal::string_node("bpchar")], typmods: Vec::new(), ..first.clone() }),
        _ => Some(TypeName { typmods: Vec::new(), ..first.clone() }),
    }
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
            ("(ARRAY[('a'::bpchar)::character(3), x])::text[]", "ARRAY['a'::bpchar::char(3), x]::bpchar[]::text[]"),
            ("(ARRAY['a'::varchar(3), x])::text[]", "ARRAY['a'::varchar(3), x]::varchar[]::text[]"),
            ("(ARRAY['a'::varchar(3), 'b'::varchar(3)])::text[]", "ARRAY['a'::varchar(3), 'b'::varchar(3)]::varchar(3)[]::text[]"),
            ("(ARRAY[1, 2])::numbers", "ARRAY[1, 2]::int[]::numbers"),
        ] {
            assert_eq!(normalize_expr(printed).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn others_stay_as_they_are() {
        for (printed, kept) in [
            ("(ARRAY[x, y])::bigint[]", "ARRAY[x, y]::bigint[]"),
            ("(ARRAY[a, b])::bit varying[]", "ARRAY[a, b]::pg_catalog.varbit[]"),
            ("(ARRAY[('1'::\"bit\")::bit(2), x])::bit varying[]", "ARRAY['1'::\"bit\"::pg_catalog.bit(2), x]::pg_catalog.varbit[]"),
            ("ARRAY[]::integer[]", "ARRAY[]::int[]"),
            ("(ARRAY[x])::numbers", "ARRAY[x]::numbers"),
            ("ARRAY[(x)::varchar(3), (y)::varchar(3)]", "ARRAY[x::varchar(3), y::varchar(3)]"),
            ("ARRAY['a'::text, (x)::text]", "ARRAY['a'::text, x::text]"),
            ("ARRAY[(x)::bigint, (y)::integer]", "ARRAY[x::bigint, y::int]"),
        ] {
            assert_eq!(normalize_expr(printed).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn casts_of_elements_are_those_of_the_whole() {
        for (printed, made) in [
            ("ARRAY[(x)::bigint, (y)::bigint]", "ARRAY[x, y]::bigint[]"),
            ("ARRAY[ARRAY[(x)::bigint], ARRAY[(y)::bigint]]", "ARRAY[ARRAY[x], ARRAY[y]]::bigint[]"),
            ("ARRAY[(a)::bigint[], (b)::bigint[]]", "ARRAY[a, b]::bigint[]"),
            ("(ARRAY[(x)::bigint, (y)::bigint])::numeric[]", "ARRAY[x, y]::bigint[]::numeric[]"),
        ] {
            assert_eq!(normalize_expr(printed).as_deref(), Ok(made));
            assert_eq!(normalize_expr(made).as_deref(), Ok(made));
        }
    }
}
