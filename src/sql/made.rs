//! What statements make.

use pg_query::NodeEnum;
use pg_query::protobuf::RangeVar;

use super::Name;

/// The name of what a statement makes in a schema; of an index, with the schema of its table. What is temporary is in none.
pub fn made(node: &NodeEnum) -> Option<Name> {
    let relation = |relation: &Option<RangeVar>| relation.as_ref().filter(|it| it.relpersistence != "t").map(Name::of_relation);
    match node {
        NodeEnum::CreateStmt(stmt) => relation(&stmt.relation),
        NodeEnum::CreateForeignTableStmt(stmt) => relation(&stmt.base_stmt.as_ref()?.relation),
        NodeEnum::ViewStmt(stmt) => relation(&stmt.view),
        NodeEnum::CreateSeqStmt(stmt) => relation(&stmt.sequence),
        NodeEnum::CreateTableAsStmt(stmt) => relation(&stmt.into.as_ref()?.rel),
        NodeEnum::SelectStmt(stmt) => relation(&stmt.into_clause.as_ref()?.rel),
        NodeEnum::CompositeTypeStmt(stmt) => relation(&stmt.typevar),
        NodeEnum::IndexStmt(stmt) => relation(&stmt.relation).map(|Name { schema, .. }| Name { schema, name: stmt.idxname.clone() }),
        NodeEnum::CreateFunctionStmt(stmt) => Name::of(&stmt.funcname),
        NodeEnum::DefineStmt(stmt) => Name::of(&stmt.defnames),
        NodeEnum::CreateEnumStmt(stmt) => Name::of(&stmt.type_name),
        NodeEnum::CreateRangeStmt(stmt) => Name::of(&stmt.type_name),
        NodeEnum::CreateDomainStmt(stmt) => Name::of(&stmt.domainname),
        NodeEnum::CreateOpClassStmt(stmt) => Name::of(&stmt.opclassname),
        NodeEnum::CreateOpFamilyStmt(stmt) => Name::of(&stmt.opfamilyname),
        NodeEnum::CreateConversionStmt(stmt) => Name::of(&stmt.conversion_name),
        NodeEnum::CreateStatsStmt(stmt) => Name::of(&stmt.defnames),
        _ => None,
    }
}
