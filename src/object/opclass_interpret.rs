//! CREATE OPERATOR CLASS, CREATE and ALTER OPERATOR FAMILY.

use pg_query::protobuf::{self, ObjectWithArgs, TypeName as TypeNode};
use pg_query::{Node, NodeEnum};

use super::operator_class::OperatorClass;
use super::operator_family::{OperatorFamily, identity};
use super::operator_member::{Member, What};
use super::session::dotted;
use super::{DdlError, Kind, Object, Session};
use crate::model::{Entry, Ident, Key, ObjectId, QName};
use crate::sql::Name;

/// `OPCLASS_ITEM_*` of src/include/nodes/parsenodes.h.
const OPERATOR: i32 = 1;
const FUNCTION: i32 = 2;
const STORAGE: i32 = 3;

/// What belongs to what: the access method decides whether a member goes with a class or stays with the family
/// (`amadjustmembers`, src/backend/access/*/).
#[derive(Clone, Copy, PartialEq)]
enum Tie {
    /// With the class that it is made with.
    Made,
    /// With the class for its very type.
    OfType,
    /// With none.
    Family,
}

fn tie(method: &str, member: &Member) -> Tie {
    let operator = matches!(member.what, What::Operator { .. });
    let required: &[i32] = match method {
        "btree" | "hash" => {
            let belongs = member.left == member.right && (operator || member.number == 1);
            return if belongs { Tie::OfType } else { Tie::Family };
        }
        "gist" => &[1, 2, 5, 6, 7],
        "gin" => &[2, 3],
        "spgist" => &[1, 2, 3, 4, 5],
        _ => return Tie::Made,
    };
    if !operator && required.contains(&member.number) { Tie::Made } else { Tie::Family }
}

struct Items<'a> {
    session: &'a Session,
    method: &'a str,
    /// The type of the class.
    of: Option<String>,
    needs: Vec<ObjectId>,
}

impl Items<'_> {
    fn types(&mut self, nodes: &[Node]) -> Result<Vec<String>, DdlError> {
        let mut found = Vec::new();
        for node in nodes {
            let Some(NodeEnum::TypeName(name)) = &node.node else { continue };
            found.push(self.session.type_without_modifier(name)?.0.0);
        }
        Ok(found)
    }

    fn both(&mut self, types: Vec<String>) -> Result<(String, String), DdlError> {
        match (<[String; 2]>::try_from(types), &self.of) {
            (Ok([left, right]), _) => Ok((left, right)),
            (Err(one), _) if one.len() == 1 => Ok((one.concat(), one.concat())),
            (Err(_), Some(of)) => Ok((of.clone(), of.clone())),
            (Err(_), None) => Err(DdlError::Invalid("operator argument types must be specified in ALTER OPERATOR FAMILY".to_owned())),
        }
    }

    fn operator(&mut self, item: &protobuf::CreateOpClassItem, named: &ObjectWithArgs) -> Result<Member, DdlError> {
        let types = self.types(&named.objargs)?;
        let (left, right) = self.both(types)?;
        let Some(given) = Name::of(&named.objname) else { return Err(DdlError::Unsupported("an operator without a name".to_owned())) };
        let name = self.session.operator(&given, [&left, &right], &mut self.needs)?;
        let order_by = match Name::of(&item.order_family) {
            Some(family) => Some(self.session.operator_family(&family, "btree", &mut self.needs)?),
            None => None,
        };
        Ok(Member { number: item.number, left, right, what: What::Operator { name, order_by } })
    }

    fn function(&mut self, item: &protobuf::CreateOpClassItem, named: &ObjectWithArgs) -> Result<Member, DdlError> {
        let mut arguments = self.types(&named.objargs)?;
        let Some(given) = Name::of(&named.objname) else { return Err(DdlError::Unsupported("a function without a name".to_owned())) };
        let known = self.needs.len();
        let name = self.session.function(&given, (!named.args_unspecified).then_some(arguments.as_slice()), &mut self.needs)?;
        if named.args_unspecified {
            let of_catalog = self.needs.get(known..).unwrap_or_default().iter().find_map(|need| match &need.key {
                Key::Routine(_, types) => Some(types.clone()),
                _ => None,
            });
            let form = || {
                DdlError::Unsupported(format!(
                    "FUNCTION {} {name} of an operator class without its argument types (write them)",
                    item.number
                ))
            };
            arguments = of_catalog.ok_or_else(form)?;
        }
        let said = self.types(&item.class_args)?;
        let inferred = || arguments.first().zip(arguments.get(1)).map(|(left, right)| vec![left.clone(), right.clone()]);
        // `assignProcTypes` in src/backend/commands/opclasscmds.c.
        let types = match (self.method, item.number) {
            _ if !said.is_empty() => said,
            ("btree", 1) => inferred().unwrap_or_default(),
            ("btree", 3) => {
                arguments.first().zip(arguments.get(2)).map(|(left, right)| vec![left.clone(), right.clone()]).unwrap_or_default()
            }
            ("hash", 1 | 2) => arguments.first().cloned().into_iter().collect(),
            _ => Vec::new(),
        };
        let (left, right) = self.both(types)?;
        Ok(Member { number: item.number, left, right, what: What::Function { name, arguments: arguments.join(", ") } })
    }

    fn member(&mut self, item: &protobuf::CreateOpClassItem) -> Result<Option<Member>, DdlError> {
        match (item.itemtype, &item.name) {
            (OPERATOR, Some(named)) => self.operator(item, named).map(Some),
            (FUNCTION, Some(named)) => self.function(item, named).map(Some),
            (STORAGE, _) => Ok(None),
            _ => Err(DdlError::Unsupported("this item of an operator class".to_owned())),
        }
    }
}

fn items(nodes: &[Node]) -> impl Iterator<Item = &protobuf::CreateOpClassItem> {
    nodes.iter().filter_map(|node| match &node.node {
        Some(NodeEnum::CreateOpClassItem(item)) => Some(item),
        _ => None,
    })
}

impl Session {
    /// An operator on two types, of the catalog (then it is needed) or of `pg_catalog`.
    pub(super) fn operator(&self, given: &Name, types: [&str; 2], needs: &mut Vec<ObjectId>) -> Result<QName, DdlError> {
        let schema = given.schema.as_deref().unwrap_or_default();
        for candidate in self.candidates(schema, &given.name) {
            let id = ObjectId::new(Kind::Operator, Key::Routine(candidate.clone(), types.map(str::to_owned).to_vec()));
            if self.catalog.contains(&id) {
                needs.push(id);
                return Ok(candidate);
            }
        }
        let builtin = |name: &str| !name.contains('.') && !name.ends_with("[]");
        if matches!(schema, "" | "pg_catalog") && types.iter().all(|name| builtin(name)) {
            return Ok(QName::new("pg_catalog", given.name.as_str()));
        }
        Err(DdlError::Missing { what: "operator", name: format!("{} ({})", dotted(schema, &given.name), types.join(", ")) })
    }

    fn operator_family(&self, given: &Name, method: &str, needs: &mut Vec<ObjectId>) -> Result<QName, DdlError> {
        let schema = given.schema.as_deref().unwrap_or_default();
        for candidate in self.candidates(schema, &given.name) {
            let id = identity(Kind::OperatorFamily, candidate.clone(), &Ident::new(method));
            if self.catalog.contains(&id) {
                needs.push(id);
                return Ok(candidate);
            }
        }
        if matches!(schema, "" | "pg_catalog") && given.name.ends_with("_ops") {
            return Ok(QName::new("pg_catalog", given.name.as_str()));
        }
        Err(DdlError::Missing { what: "operator family", name: dotted(schema, &given.name) })
    }

    /// Takes the class or family that a statement names by its access method and its name.
    pub(super) fn of_method(&self, kind: Kind, parts: &[String]) -> Option<ObjectId> {
        let (method, name) = parts.split_first()?;
        let (schema, name) = match name {
            [.., schema, name] => (schema.as_str(), name),
            [name] => ("", name),
            [] => return None,
        };
        let candidates = self.candidates(schema, name).into_iter();
        candidates.map(|name| identity(kind, name, &Ident::new(method))).find(|id| self.catalog.contains(id))
    }
}

/// CREATE OPERATOR FAMILY.
///
/// # Errors
/// Where it exists.
pub fn interpret_create_family(stmt: &protobuf::CreateOpFamilyStmt, session: &mut Session) -> Result<(), DdlError> {
    let given = Name::of(&stmt.opfamilyname).unwrap_or_else(|| Name::new(None, ""));
    let name = session.new_name(given.schema.as_deref().unwrap_or_default(), &given.name)?;
    let method = Ident::new(&stmt.amname);
    let needs = session.access_method(&method);
    session.add(identity(Kind::OperatorFamily, name, &method), Entry::new(OperatorFamily { members: Vec::new() }, None).needing(needs))
}

impl Session {
    fn access_method(&self, method: &Ident) -> Option<ObjectId> {
        Some(ObjectId::global(Kind::AccessMethod, method.clone())).filter(|id| self.catalog.contains(id))
    }
}

/// ALTER OPERATOR FAMILY .. ADD and DROP.
///
/// # Errors
/// Where something that it names does not exist.
pub fn interpret_alter_family(stmt: &protobuf::AlterOpFamilyStmt, session: &mut Session) -> Result<(), DdlError> {
    let parts: Vec<String> = [stmt.amname.clone()].into_iter().chain(crate::sql::literal::names(&stmt.opfamilyname)).collect();
    let missing = || DdlError::Missing { what: "operator family", name: parts.get(1..).unwrap_or_default().join(".") };
    let id = session.of_method(Kind::OperatorFamily, &parts).ok_or_else(missing)?;
    if stmt.is_drop {
        return drop_members(&id, &stmt.items, session);
    }
    for item in items(&stmt.items) {
        let mut reader = Items { session, method: &stmt.amname, of: None, needs: Vec::new() };
        let member = reader.member(item)?;
        let needs = reader.needs;
        let Some(member) = member else { continue };
        add_member(&id, (member, needs), &stmt.amname, session);
    }
    Ok(())
}

/// Adds a member that is of no class in the making: to the class of the family for its type, where the access method ties it to one.
fn add_member(family: &ObjectId, (member, needs): (Member, Vec<ObjectId>), method: &str, session: &mut Session) {
    let class = (tie(method, &member) == Tie::OfType).then(|| class_of(family, &member.left, session)).flatten();
    let Some(entry) = session.catalog.get_mut(class.as_ref().unwrap_or(family)) else { return };
    let members = match &mut entry.object {
        Object::OperatorClass(class) => &mut class.members,
        Object::OperatorFamily(family) => &mut family.members,
        _ => return,
    };
    members.push(member);
    members.sort();
    entry.needs.extend(needs);
}

/// The class of a family for a type (`opclass_for_family_datatype`).
fn class_of(family: &ObjectId, of: &str, session: &Session) -> Option<ObjectId> {
    let fits = |(_, entry): &(&ObjectId, &Entry)| {
        matches!(&entry.object, Object::OperatorClass(class) if class.type_name.0 == of) && entry.needs.contains(family)
    };
    session.catalog.of_kind(Kind::OperatorClass).find(fits).map(|(id, _)| id.clone())
}

fn drop_members(family: &ObjectId, nodes: &[Node], session: &mut Session) -> Result<(), DdlError> {
    for item in items(nodes) {
        let mut reader = Items { session, method: "", of: None, needs: Vec::new() };
        let types = reader.types(&item.class_args)?;
        let (left, right) = reader.both(types)?;
        let gone = |member: &Member| {
            let operator = matches!(member.what, What::Operator { .. });
            member.number == item.number && member.left == left && member.right == right && operator == (item.itemtype == OPERATOR)
        };
        let mut found = false;
        let users: Vec<ObjectId> =
            session.catalog.of_kind(Kind::OperatorClass).filter(|(_, e)| e.needs.contains(family)).map(|(id, _)| id.clone()).collect();
        for id in users.iter().chain([family]) {
            let members = match session.catalog.get_mut(id).map(|entry| &mut entry.object) {
                Some(Object::OperatorClass(class)) => &mut class.members,
                Some(Object::OperatorFamily(family)) => &mut family.members,
                _ => continue,
            };
            let before = members.len();
            members.retain(|member| !gone(member));
            found |= members.len() < before;
        }
        if !found {
            return Err(DdlError::Waits(format!(
                "{} {} ({left}, {right}) does not exist in {}",
                item.itemtype,
                item.number,
                family.spelled()
            )));
        }
    }
    Ok(())
}

/// CREATE OPERATOR CLASS.
///
/// # Errors
/// Where it exists, or something that it names does not.
pub fn interpret_create_class(stmt: &protobuf::CreateOpClassStmt, session: &mut Session) -> Result<(), DdlError> {
    let given = Name::of(&stmt.opclassname).unwrap_or_else(|| Name::new(None, ""));
    let name = session.new_name(given.schema.as_deref().unwrap_or_default(), &given.name)?;
    let method = Ident::new(&stmt.amname);
    let (type_name, type_id) = session.type_without_modifier(&stmt.datatype.clone().unwrap_or_default())?;
    let mut needs: Vec<ObjectId> = type_id.into_iter().chain(session.access_method(&method)).collect();
    let family = match Name::of(&stmt.opfamilyname) {
        Some(family) => session.operator_family(&family, &stmt.amname, &mut needs)?,
        None => name.clone(),
    };
    let family_id = identity(Kind::OperatorFamily, family.clone(), &method);
    if !session.catalog.contains(&family_id) && stmt.opfamilyname.is_empty() {
        let made = Entry::new(OperatorFamily { members: Vec::new() }, None).needing(session.access_method(&method));
        session.add(family_id.clone(), made)?;
    }
    if session.catalog.contains(&family_id) {
        needs.push(family_id.clone());
    }
    let storage = storage(&stmt.items, &type_name, &mut needs, session)?;
    let (mut members, mut loose) = (Vec::new(), Vec::new());
    for item in items(&stmt.items) {
        let mut reader = Items { session, method: &stmt.amname, of: Some(type_name.0.clone()), needs: Vec::new() };
        let Some(member) = reader.member(item)? else { continue };
        let is_own = match tie(&stmt.amname, &member) {
            Tie::Made => true,
            Tie::OfType => member.left == type_name.0,
            Tie::Family => false,
        };
        if is_own {
            needs.extend(reader.needs);
            members.push(member);
        } else {
            loose.push((member, reader.needs));
        }
    }
    members.sort();
    let class = OperatorClass { type_name, default: stmt.is_default, family, storage, members };
    session.add(identity(Kind::OperatorClass, name, &method), Entry::new(class, None).needing(needs))?;
    for member in loose {
        add_member(&family_id, member, &stmt.amname, session);
    }
    Ok(())
}

fn storage(
    nodes: &[Node],
    of: &crate::model::TypeName,
    needs: &mut Vec<ObjectId>,
    session: &Session,
) -> Result<Option<crate::model::TypeName>, DdlError> {
    let said: Option<&TypeNode> = items(nodes).filter(|item| item.itemtype == STORAGE).find_map(|item| item.storedtype.as_ref());
    let Some(said) = said else { return Ok(None) };
    let (storage, id) = session.type_without_modifier(said)?;
    if storage == *of {
        return Ok(None);
    }
    needs.extend(id);
    Ok(Some(storage))
}
