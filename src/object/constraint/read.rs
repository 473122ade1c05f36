//! Constraints from rows of `pg_constraint`, and NOT NULL from `pg_attribute`.

use pg_query::NodeEnum;
use pg_query::protobuf::{AlterTableStmt, Constraint as ConstraintNode};

use super::{Constraint, Definition, Exclude, ExcludeElement, ForeignKey, IndexTraits, KeyConstraint};
use crate::model::{Expr, Ident, ObjectId, QName};
use crate::object::index::attach;
use crate::object::index::parse::{index_element, server_name};
use crate::object::read::Address;
use crate::object::reading::TABLES;
use crate::object::{CatalogRow, Found, Kind, ReadError, Reading};
use crate::sql::{Node, ParseError, deparse_expr, literal, parse_printed};

pub fn read(row: &CatalogRow<'_>, server: &Reading) -> Result<Option<Found>, ReadError> {
    let relation: u32 = row.get("conrelid")?;
    let Some(table) = server.relation(relation, TABLES).cloned() else { return Ok(None) };
    let name = row.opt_ident("conname")?;
    let contype = row.char("contype")?;
    let numbers: Option<Vec<i16>> = row.get("conkey")?;
    let columns = server.names(relation, &numbers.unwrap_or_default());
    let id = match (&name, columns.first()) {
        (Some(name), _) if contype != 'n' => Constraint::named_id(&table, name),
        (_, Some(column)) => Constraint::not_null_id(&table, column),
        (_, None) => return Err(unknown(&ObjectId::in_schema(Kind::Table, table), "conkey", String::new())),
    };
    let definition = definition((row, server), &id, contype, name, &columns)?;
    let inherits = matches!(definition, Definition::Check(_) | Definition::NotNull { .. });
    let needs = match &definition {
        // A primary key makes and keeps its columns NOT NULL.
        Definition::PrimaryKey(key) => key.columns.iter().map(|column| Constraint::not_null_id(&table, column)).collect(),
        _ => Vec::new(),
    };
    let enforced: bool = row.get("conenforced")?;
    let constraint = Constraint {
        definition,
        deferrable: row.get("condeferrable")?,
        deferred: row.get("condeferred")?,
        validated: enforced && row.get("convalidated")?,
        enforced,
        no_inherit: inherits && row.get("connoinherit")?,
        inherited: row.get("inherited")?,
    };
    let table_id = ObjectId::in_schema(Kind::Table, table.clone());
    let parent = if contype == 'n' { id.target().cloned().unwrap_or(table_id) } else { table_id };
    let mut found = Found::child(id, constraint, parent);
    found.needs = needs;
    if let Some(index) = row.get::<Option<u32>>("indexrelid")? {
        attach(&mut found, index, server);
    }
    Ok(Some(found))
}

/// NOT NULL of servers that keep it with the column. It is inherited where a parent has it and the column is the parent's alone.
pub fn not_nulls(server: &Reading, mut take: impl FnMut(Address, Found)) {
    const FIRST_WITH_ROWS: u32 = 18;
    const PG_ATTRIBUTE: u32 = 1249;
    if server.major >= FIRST_WITH_ROWS {
        return;
    }
    let has = |relation: &u32, name: &Ident| {
        let columns = server.columns.get(relation);
        columns.is_some_and(|columns| columns.values().any(|column| column.not_null && column.name == *name))
    };
    for (oid, relation) in server.relations.iter().filter(|(_, relation)| TABLES.contains(&relation.kind)) {
        for (number, column) in server.columns.get(oid).into_iter().flatten().filter(|(_, column)| column.not_null) {
            let id = Constraint::not_null_id(&relation.name, &column.name);
            let parent = id.target().cloned().unwrap_or_else(|| ObjectId::in_schema(Kind::Table, relation.name.clone()));
            let inherited = column.inherited && relation.parents.iter().any(|parent| has(parent, &column.name));
            let definition = Definition::NotNull { column: column.name.clone(), name: None };
            let constraint = Constraint { inherited, ..Constraint::new(definition) };
            let address = Address { class: PG_ATTRIBUTE, object: *oid, sub: i32::from(*number) };
            take(address, Found::child(id, constraint, parent));
        }
    }
}

fn definition(
    (row, server): (&CatalogRow<'_>, &Reading),
    id: &ObjectId,
    contype: char,
    name: Option<Ident>,
    columns: &[Ident],
) -> Result<Definition, ReadError> {
    let key = || -> Result<KeyConstraint, ReadError> {
        Ok(KeyConstraint {
            columns: columns.to_vec(),
            nulls_not_distinct: row.get("nulls_not_distinct")?,
            without_overlaps: row.get("conperiod")?,
            index: index_traits(row, server)?,
        })
    };
    Ok(match contype {
        'p' => Definition::PrimaryKey(key()?),
        'u' => Definition::Unique(key()?),
        'c' => Definition::Check(row.expr("expression", id)?),
        'n' => Definition::NotNull { column: columns.first().cloned().unwrap_or_else(|| Ident::new("")), name },
        'f' => Definition::ForeignKey(foreign_key((row, server), id, columns)?),
        'x' => {
            let text: String = row.get("exclusion")?;
            let index = index_traits(row, server)?;
            Definition::Exclude(exclude(&text, index).map_err(|source| ReadError::Text { object: id.to_string(), source })?)
        }
        other => return Err(unknown(id, "contype", other.to_string())),
    })
}

fn index_traits(row: &CatalogRow<'_>, server: &Reading) -> Result<IndexTraits, ReadError> {
    let numbers: Option<Vec<i16>> = row.get("indkey")?;
    let keys = row.get::<Option<i16>>("indnkeyatts")?.and_then(|keys| usize::try_from(keys).ok()).unwrap_or_default();
    Ok(IndexTraits {
        include: server.names(row.get("conrelid")?, numbers.unwrap_or_default().get(keys..).unwrap_or_default()),
        options: row.options("reloptions")?,
        tablespace: row.opt_ident("spcname")?,
        replica_identity: row.get("indisreplident")?,
        clustered: row.get("indisclustered")?,
    })
}

fn foreign_key((row, server): (&CatalogRow<'_>, &Reading), id: &ObjectId, columns: &[Ident]) -> Result<ForeignKey, ReadError> {
    let (relation, referenced): (u32, u32) = (row.get("conrelid")?, row.get("confrelid")?);
    let names = |relation: u32, column: &str| -> Result<Vec<Ident>, ReadError> {
        Ok(server.names(relation, &row.get::<Option<Vec<i16>>>(column)?.unwrap_or_default()))
    };
    let references = server.relation(referenced, TABLES).cloned().ok_or_else(|| unknown(id, "confrelid", referenced.to_string()))?;
    let action = |column: &'static str| -> Result<String, ReadError> {
        let words = match row.char(column)? {
            'a' => "NO ACTION",
            'r' => "RESTRICT",
            'c' => "CASCADE",
            'n' => "SET NULL",
            'd' => "SET DEFAULT",
            other => return Err(unknown(id, column, other.to_string())),
        };
        Ok(words.to_owned())
    };
    let match_full = match row.char("confmatchtype")? {
        'f' => true,
        's' => false,
        other => return Err(unknown(id, "confmatchtype", other.to_string())),
    };
    Ok(ForeignKey {
        columns: columns.to_vec(),
        references,
        referenced_columns: names(referenced, "confkey")?,
        period: row.get("conperiod")?,
        match_full,
        on_update: action("confupdtype")?,
        on_delete: action("confdeltype")?,
        delete_columns: names(relation, "confdelsetcols")?,
    })
}

fn unknown(id: &ObjectId, column: &'static str, value: String) -> ReadError {
    ReadError::Unknown { object: id.to_string(), column, value }
}

/// `pg_get_constraintdef` of an EXCLUDE, through the one parser.
fn exclude(text: &str, index: IndexTraits) -> Result<Exclude, ParseError> {
    let not_one = || ParseError::whole("EXCLUDE was expected");
    let constraint = added_constraint(parse_printed(&format!("ALTER TABLE t ADD {text}"))?).ok_or_else(not_one)?;
    let elements: Result<Vec<ExcludeElement>, ParseError> = constraint.exclusions.iter().map(exclude_element).collect();
    Ok(Exclude {
        method: constraint.access_method.as_str().into(),
        elements: elements?,
        predicate: constraint.where_clause.as_deref().map(deparse_expr).transpose()?.map(Expr::new),
        index,
    })
}

fn added_constraint(statement: Node) -> Option<ConstraintNode> {
    let Some(NodeEnum::AlterTableStmt(AlterTableStmt { cmds, .. })) = statement.node else { return None };
    let Some(NodeEnum::AlterTableCmd(cmd)) = cmds.into_iter().next()?.node else { return None };
    match cmd.def?.node? {
        NodeEnum::Constraint(constraint) => Some(*constraint),
        _ => None,
    }
}

fn exclude_element(node: &Node) -> Result<ExcludeElement, ParseError> {
    if let Some(NodeEnum::List(pair)) = &node.node
        && let [Node { node: Some(NodeEnum::IndexElem(elem)) }, Node { node: Some(NodeEnum::List(operator)) }] = pair.items.as_slice()
    {
        let parts = literal::names(&operator.items);
        let operator: QName = server_name(&parts.iter().map(String::as_str).collect::<Vec<_>>())?;
        return Ok(ExcludeElement { element: index_element(elem, &server_name)?, operator });
    }
    Err(ParseError::whole("an element of EXCLUDE was expected"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Catalog;
    use crate::object::Cx;
    use std::collections::BTreeSet;

    #[test]
    fn exclusions_come_back() {
        let text = "EXCLUDE USING gist (lower(a) COLLATE \"C\" WITH =, r range_ops WITH OPERATOR(public.-|-)) WHERE ((a > 5))";
        let index = IndexTraits { tablespace: Some("fast".into()), ..IndexTraits::default() };
        let catalog = Catalog::empty(18);
        let cx = Cx { from: &catalog, to: &catalog, online: true, created: &BTreeSet::new() };
        let clause = exclude(text, index).map(|exclude| Constraint::new(Definition::Exclude(exclude)).clause(&"x".into(), &cx));
        assert_eq!(
            clause,
            Ok("CONSTRAINT x EXCLUDE USING gist ((lower(a)) COLLATE pg_catalog.\"C\" WITH =, r pg_catalog.range_ops WITH \
                OPERATOR(public.-|-)) USING INDEX TABLESPACE fast WHERE (a > 5)"
                .to_owned())
        );
    }
}
