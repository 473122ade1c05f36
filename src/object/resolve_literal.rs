//! Literals that name something: `'x'::regclass` and its like, which PostgreSQL looks up once.

use pg_query::protobuf::{self, FuncCall, TypeCast, TypeName};
use pg_query::{Node, NodeEnum};

use super::resolve::{Resolver, is_systems, name_nodes};
use super::session::dotted;
use super::{DdlError, Kind};
use crate::model::{ObjectId, QName};
use crate::sql::literal::string;
use crate::sql::{self, Name};

/// Functions whose first argument may be a text search configuration.
const WITH_CONFIGURATION: &[&str] = &[
    "to_tsvector",
    "to_tsquery",
    "plainto_tsquery",
    "phraseto_tsquery",
    "websearch_to_tsquery",
    "ts_headline",
    "json_to_tsvector",
    "jsonb_to_tsvector",
];

impl Resolver<'_> {
    /// The literal that names a text search configuration that somebody made becomes one of the type `regconfig`.
    pub(super) fn configuration_argument(&self, function: &str, call: &mut FuncCall) -> Result<(), DdlError> {
        // Calls with fewer arguments give none.
        if !WITH_CONFIGURATION.contains(&function) || call.args.len() < 2 {
            return Ok(());
        }
        match call.args.first().and_then(string).and_then(|name| self.own_configuration(name)) {
            Some(_) => Self::literal_argument(call, "regconfig"),
            None => Ok(()),
        }
    }

    fn own_configuration(&self, text: &str) -> Option<ObjectId> {
        self.session.own(Kind::TextSearchConfiguration, &Name::of_text(text)?)
    }

    /// The literal that names a sequence or something else becomes one of the type that PostgreSQL stores it as.
    pub(super) fn literal_argument(call: &mut FuncCall, kind: &str) -> Result<(), DdlError> {
        let Some(argument) = call.args.first_mut() else { return Ok(()) };
        if string(argument).is_some() {
            let type_name = TypeName { names: name_nodes(["pg_catalog", kind]).split_off(1), typemod: -1, ..TypeName::default() };
            let cast = TypeCast { arg: Some(Box::new(argument.clone())), type_name: Some(type_name), location: 0 };
            argument.node = Some(NodeEnum::TypeCast(Box::new(cast)));
        }
        Ok(())
    }

    /// `'x'::regclass`, and `('x'::text)::regclass`, which is looked up anew each time and stays as it is.
    pub(super) fn cast(&mut self, cast: &mut TypeCast) -> Result<(), DdlError> {
        let kind = cast.type_name.as_ref().and_then(|name| Name::of(&name.names)).map(|kind| kind.name).unwrap_or_default();
        if kind == "regconfig" {
            let own = cast.arg.as_deref().and_then(string).and_then(|name| self.own_configuration(name));
            if let (Some(argument), Some((id, name))) =
                (cast.arg.as_deref_mut(), own.and_then(|id| Some((id.clone(), id.qname()?.clone()))))
            {
                *argument = text(&name);
                self.found.needs.insert(id);
            }
            return Ok(());
        }
        if kind != "regclass" {
            if let Some(text) = cast.arg.as_deref().and_then(string) {
                self.found.needs.extend(self.named_by_literal(&kind, text));
            }
            return Ok(());
        }
        let Some(argument) = cast.arg.as_deref_mut() else { return Ok(()) };
        let Some(Name { schema, name }) = string(argument).and_then(Name::of_text) else { return Ok(()) };
        let schema = schema.as_deref().unwrap_or_default();
        if is_systems(schema) || schema.is_empty() && name.starts_with("pg_") {
            return Ok(());
        }
        let behind = || self.session.behind(schema, &name, |name, _| self.session.constraint_with_index(name));
        // The sequence of an identity column is a part of that.
        let numbered = || self.session.behind(schema, &name, super::sequence::column_of);
        let (id, qname) = match self.session.find_relation(schema, &name) {
            Some(id) => id.qname().cloned().map(|qname| (id, qname)),
            None => behind().or_else(numbered),
        }
        .ok_or_else(|| DdlError::Missing { what: "relation", name: dotted(schema, &name) })?;
        *argument = text(&qname);
        self.found.needs.insert(id);
        Ok(())
    }

    /// What a literal of another `reg` type names (`find_expr_references_walker` of src/backend/catalog/dependency.c).
    fn named_by_literal(&self, kind: &str, text: &str) -> Option<ObjectId> {
        let parts = Name::of_text(text);
        let (schema, name) =
            parts.as_ref().map(|parts| (parts.schema.as_deref().unwrap_or_default(), parts.name.as_str())).unwrap_or_default();
        match kind {
            "regnamespace" => Some(ObjectId::global(Kind::Schema, name)).filter(|id| self.session.catalog.contains(id)),
            "regtype" => self.session.type_name(&sql::parse_type(text).ok()?).ok()?.1,
            "regproc" => {
                self.session.candidates(schema, name).iter().find_map(|name| self.session.catalog.routines_named(name).next()).cloned()
            }
            "regprocedure" => match sql::parse_one(&format!("DROP ROUTINE {text}")).ok()?.node? {
                NodeEnum::DropStmt(stmt) => super::address::resolve(self.session, stmt.remove_type(), stmt.objects.first()?).ok(),
                _ => None,
            },
            _ => None,
        }
    }
}

fn text(name: &QName) -> Node {
    let value = protobuf::a_const::Val::Sval(protobuf::String { sval: name.to_string() });
    Node { node: Some(NodeEnum::AConst(protobuf::AConst { isnull: false, val: Some(value), location: 0 })) }
}
