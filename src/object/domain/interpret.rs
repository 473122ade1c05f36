//! CREATE DOMAIN and ALTER DOMAIN.

use pg_query::protobuf::{self, ConstrType, Constraint};
use pg_query::{Node, NodeEnum};

use super::Domain;
use crate::analyze::Scope;
use crate::model::{Entry, Expr, IdSet, Ident, ObjectId, QName, TypeName};
use crate::object::column::{below_domain, typed_literal};
use crate::object::domain_constraint::{Definition, DomainConstraint};
use crate::object::resolve::References;
use crate::object::{DdlError, Kind, Object, Session, generic, typing};
use crate::sql::literal::is_null;

/// CREATE DOMAIN.
///
/// # Errors
/// Where the name is taken, or the type or something that an expression names does not exist.
pub fn interpret_create(stmt: &protobuf::CreateDomainStmt, session: &mut Session) -> Result<(), DdlError> {
    let name = typing::new_type(&stmt.domainname, session)?;
    let (base, base_id) = session.type_name(&stmt.type_name.clone().unwrap_or_default())?;
    let collation = session.collation(stmt.coll_clause.as_deref(), base_id.as_ref(), &base.0);
    // A domain over a domain takes over its default, as it is then (`DefineDomain` in src/backend/commands/typecmds.c).
    let mut default = match base_id.as_ref().and_then(|base| session.catalog.object(base)) {
        Some(Object::Domain(below)) if !base.0.ends_with("[]") => below.default.clone(),
        _ => None,
    };
    let constraints = || stmt.constraints.iter().filter_map(constraint_of);
    let mut found = References::default();
    let needs: IdSet = base_id.iter().cloned().collect();
    for constraint in constraints().filter(|constraint| constraint.contype() == ConstrType::ConstrDefault) {
        default = default_of(constraint.raw_expr.as_deref(), (&base, &needs), &mut found, session)?;
    }
    let id = ObjectId::in_schema(Kind::Domain, name);
    let needs_collation = session.needs_collation(collation.as_ref())?;
    let mut entry = Entry::new(Domain { base, collation, default }, None).needing(base_id).needing(needs_collation).needing(found.needs);
    entry.wants = found.wants;
    session.add(id.clone(), entry)?;
    constraints().try_for_each(|constraint| match constraint.contype() {
        ConstrType::ConstrNotnull => define_not_null(&id, &constraint.conname, session),
        _ => add_constraint(&id, constraint, session),
    })
}

/// ALTER DOMAIN.
///
/// # Errors
/// Where the domain or constraint does not exist, or something that an expression names.
pub fn interpret_alter(stmt: &protobuf::AlterDomainStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = typing::type_of(&stmt.type_name, Kind::Domain, session)?;
    let definition = stmt.def.as_deref();
    match stmt.subtype.as_str() {
        "T" => set_default(&id, definition, session),
        "O" => add_not_null(&id, "", session),
        "N" => {
            if let Some(constraint) = not_null_of(&id, session) {
                session.catalog.remove(&constraint);
            }
            Ok(())
        }
        "C" => definition.and_then(constraint_of).map_or(Ok(()), |constraint| add_constraint(&id, constraint, session)),
        "X" => match named_constraint(&id, &stmt.name, session) {
            Ok(constraint) => session.drop(&constraint, generic::behavior(stmt.behavior())),
            Err(_) if stmt.missing_ok => Ok(()),
            Err(error) => Err(error),
        },
        "V" => {
            let constraint = named_constraint(&id, &stmt.name, session)?;
            if let Some(Object::DomainConstraint(object)) = session.catalog.get_mut(&constraint).map(|entry| &mut entry.object) {
                object.validated = true;
            }
            Ok(())
        }
        other => Err(DdlError::Unsupported(format!("ALTER DOMAIN of the kind {other}"))),
    }
}

fn constraint_of(node: &Node) -> Option<&Constraint> {
    match node.node.as_ref()? {
        NodeEnum::Constraint(constraint) => Some(constraint),
        _ => None,
    }
}

/// DEFAULT NULL is no default, but for a domain over a domain: there the NULL is cast, and no mere constant
/// (`DefineDomain` and `AlterDomainDefault` in src/backend/commands/typecmds.c).
fn default_of(
    node: Option<&Node>,
    (base, needs): (&TypeName, &IdSet),
    found: &mut References,
    session: &Session,
) -> Result<Option<Expr>, DdlError> {
    let below = below_domain(needs, base, session);
    let (expr, more) = match node {
        None => return Ok(None),
        Some(node) if !is_null(node) => session.expr(&typed_literal(node, below.as_ref().unwrap_or(base))?, &Scope::None)?,
        Some(node) if below.is_some() => session.expr(node, &Scope::None)?,
        Some(_) => return Ok(None),
    };
    found.extend(more);
    Ok(Some(expr))
}

fn set_default(id: &ObjectId, node: Option<&Node>, session: &mut Session) -> Result<(), DdlError> {
    let mut found = References::default();
    let Some(Entry { object: Object::Domain(Domain { base, .. }), needs, .. }) = session.catalog.get(id) else { return Ok(()) };
    let default = default_of(node, (base, needs), &mut found, session)?;
    let Some(mut entry) = session.catalog.get(id).cloned() else { return Ok(()) };
    entry.needs.retain(|need| Kind::TYPES.contains(&need.kind) || matches!(need.kind, Kind::Schema | Kind::Extension | Kind::Collation));
    entry.needs.extend(found.needs);
    entry.wants = found.wants;
    if let Object::Domain(domain) = &mut entry.object {
        domain.default = default;
    }
    session.catalog.insert(id.clone(), entry);
    Ok(())
}

fn add_constraint(id: &ObjectId, constraint: &Constraint, session: &mut Session) -> Result<(), DdlError> {
    match constraint.contype() {
        ConstrType::ConstrNotnull => add_not_null(id, &constraint.conname, session),
        ConstrType::ConstrCheck => add_check(id, constraint, session),
        ConstrType::ConstrDefault | ConstrType::ConstrNull => Ok(()),
        other => Err(DdlError::Invalid(format!("{} is no constraint for domains", other.as_str_name()))),
    }
}

fn add_check(id: &ObjectId, constraint: &Constraint, session: &mut Session) -> Result<(), DdlError> {
    let (Some(domain), Some(node)) = (id.qname().cloned(), constraint.raw_expr.as_deref()) else { return Ok(()) };
    let name = if constraint.conname.is_empty() {
        Session::choose_name(domain.name.as_str(), None, "check", |name| name_taken(&domain, name, session))
    } else {
        Ident::new(&constraint.conname)
    };
    let base = match session.catalog.object(id) {
        Some(Object::Domain(domain)) => domain.base.0.clone(),
        _ => return Ok(()),
    };
    let (expr, found) = session.expression(node, &Scope::Domain(&base))?;
    let object = DomainConstraint { definition: Definition::Check(expr), validated: !constraint.skip_validation };
    let mut entry = Entry::new(object, Some(id.clone())).needing(found.needs);
    entry.wants = found.wants;
    session.add(ObjectId::on(Kind::DomainConstraint, domain, name), entry)
}

/// NOT NULL of CREATE DOMAIN, where 17 makes every one, and 18 takes but one (`DefineDomain`).
fn define_not_null(id: &ObjectId, given: &str, session: &mut Session) -> Result<(), DdlError> {
    match session.major() {
        17 => put_not_null(id, given, session),
        18.. if not_null_of(id, session).is_some() => Err(DdlError::Invalid("redundant NOT NULL constraint definition".to_owned())),
        _ => add_not_null(id, given, session),
    }
}

/// A second NOT NULL is passed over, whatever its name.
fn add_not_null(id: &ObjectId, given: &str, session: &mut Session) -> Result<(), DdlError> {
    if not_null_of(id, session).is_some() { Ok(()) } else { put_not_null(id, given, session) }
}

fn put_not_null(id: &ObjectId, given: &str, session: &mut Session) -> Result<(), DdlError> {
    let Some(domain) = id.qname().cloned() else { return Ok(()) };
    let on = |name: &Ident| ObjectId::on(Kind::DomainConstraint, domain.clone(), name.clone());
    let name = match (given, session.major() < 17) {
        (_, true) => DomainConstraint::not_null_name(&domain.name, |name| session.catalog.contains(&on(name))),
        ("", false) => DomainConstraint::not_null_name(&domain.name, |name| name_taken(&domain, name, session)),
        (given, false) => Ident::new(given),
    };
    session.add(on(&name), Entry::new(DomainConstraint { definition: Definition::NotNull, validated: true }, Some(id.clone())))
}

fn not_null_of(id: &ObjectId, session: &Session) -> Option<ObjectId> {
    let is_not_null = |object: &Object| matches!(object, Object::DomainConstraint(constraint) if constraint.definition == Definition::NotNull);
    session.catalog.children_of(id, Kind::DomainConstraint).find(|(_, entry)| is_not_null(&entry.object)).map(|(id, _)| id.clone())
}

fn named_constraint(id: &ObjectId, name: &str, session: &Session) -> Result<ObjectId, DdlError> {
    let constraint = id.qname().map(|domain| ObjectId::on(Kind::DomainConstraint, domain.clone(), name));
    constraint
        .filter(|constraint| session.catalog.contains(constraint))
        .ok_or_else(|| DdlError::Missing { what: "constraint", name: format!("{} ON DOMAIN {}", Ident::new(name), id.spelled()) })
}

/// Whether a constraint in the schema has the name (`ConstraintNameExists` in src/backend/catalog/pg_constraint.c).
fn name_taken(domain: &QName, name: &Ident, session: &Session) -> bool {
    let name = QName { schema: domain.schema.clone(), name: name.clone() };
    session.catalog.constraints_named(&name).next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Catalog;
    use crate::object::schema::Schema;

    fn interpreted(major: u32, statements: &[&str]) -> Result<Vec<String>, String> {
        let mut catalog = Catalog::empty(major);
        catalog.insert(ObjectId::global(Kind::Schema, "public"), Entry::new(Schema {}, None));
        let mut session = Session::new(catalog);
        crate::source::interpret::replay(&mut session, statements.iter().copied()).map_err(|error| error.to_string())?;
        let shown = session.catalog.iter().filter(|(id, _)| matches!(id.kind, Kind::Domain | Kind::DomainConstraint));
        Ok(shown.map(|(id, entry)| format!("{id}: {:?}", entry.object)).collect())
    }

    /// pg_dump of 17 and 18 does not survive two of them, so that no dump is held against these.
    #[test]
    fn every_not_null_of_create_domain_counts_on_17_alone() {
        let twice = |major: u32| interpreted(major, &["CREATE DOMAIN d AS int CONSTRAINT a NOT NULL CONSTRAINT b NOT NULL"]).map(|shown| shown.len());
        assert_eq!((twice(16), twice(17)), (Ok(2), Ok(3)));
        assert!(twice(18).is_err_and(|error| error.contains("redundant NOT NULL")));
    }

    #[test]
    fn constraints_get_the_servers_names() {
        let statements = [
            "CREATE DOMAIN d AS varchar(5) COLLATE \"C\" DEFAULT 'a' CHECK (value <> '') NOT NULL CHECK (value > 'a')",
            "CREATE DOMAIN e AS d DEFAULT NULL",
            "ALTER DOMAIN e ADD CONSTRAINT k CHECK (value < 'z') NOT VALID",
            "ALTER DOMAIN d DROP CONSTRAINT d_check1",
            "ALTER DOMAIN d SET DEFAULT 'b'",
        ];
        let base = "base: character varying(5), collation: Some(pg_catalog.\"C\")";
        assert_eq!(
            interpreted(17, &statements),
            Ok(vec![
                format!("DOMAIN public.d: Domain(Domain {{ {base}, default: Some(`'b'::varchar`) }})"),
                "DOMAIN public.e: Domain(Domain { base: public.d, collation: None, default: Some(`NULL`) })".to_owned(),
                "CONSTRAINT d_check ON DOMAIN public.d: DomainConstraint(DomainConstraint { definition: Check(`value <> ''`), validated: true })"
                    .to_owned(),
                "CONSTRAINT d_not_null ON DOMAIN public.d: DomainConstraint(DomainConstraint { definition: NotNull, validated: true })".to_owned(),
                "CONSTRAINT k ON DOMAIN public.e: DomainConstraint(DomainConstraint { definition: Check(`value < 'z'`), validated: false })"
                    .to_owned(),
            ])
        );
        assert_eq!(interpreted(17, &["ALTER DOMAIN d DROP NOT NULL"]).map_err(|e| e.ends_with("type d does not exist")), Err(true));
    }
}
