//! Procedures. Key: `Key::Routine`, with the types of IN, INOUT and VARIADIC arguments.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::routine::{self, Argument, Body, Setting};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename};
use crate::model::{Expr, Hazard, Ident, Key, ObjectId, Pair, Step};

/// A procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// Arguments of every mode, in order.
    pub arguments: Vec<Argument>,
    /// The language.
    pub language: Ident,
    /// The body.
    pub body: Body,
    /// SECURITY DEFINER.
    pub security_definer: bool,
    /// SET .. TO.
    pub config: Vec<Setting>,
    /// TRANSFORM FOR TYPE.
    pub transforms: Vec<String>,
}

impl Procedure {
    /// Why CREATE OR REPLACE PROCEDURE does not take `to` in place of this: output arguments make the result row.
    pub fn refusal(&self, to: &Self) -> Option<String> {
        if routine::outputs(&self.arguments) != routine::outputs(&to.arguments) {
            return Some("cannot change the output parameters of an existing procedure".to_owned());
        }
        routine::refusal(&self.arguments, &to.arguments)
    }

    fn definition(&self, id: &ObjectId, verb: &str) -> String {
        let Self { arguments, language, body, security_definer, config, transforms } = self;
        let mut lines = vec![format!("{verb} {}({})", routine::name_of(id), routine::spell_arguments(arguments))];
        if !transforms.is_empty() {
            lines.push(routine::spell_transforms(transforms));
        }
        lines.push(format!("LANGUAGE {language}"));
        lines.extend(security_definer.then(|| routine::spell_security(true).to_owned()));
        lines.extend(config.iter().map(Setting::spelled));
        lines.push(body.spelled("procedure"));
        lines.join("\n")
    }
}

impl ObjectDef for Procedure {
    const KIND: Kind = Kind::Procedure;
    const QUERY: &'static str = include_str!("procedure.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let (name, input_types) = routine::read_key(row)?;
        let id = ObjectId::new(Kind::Procedure, Key::Routine(name, input_types));
        let procedure = Self {
            arguments: routine::read_arguments(row, &id)?,
            language: row.ident("lanname")?,
            body: routine::read_body(row, &id)?,
            security_definer: row.get("prosecdef")?,
            config: routine::read_settings(row)?,
            transforms: row.get("transforms")?,
        };
        Ok(Some(Found::new(id, procedure)))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::new(self.definition(id, "CREATE PROCEDURE"), format!("create procedure {}", id.spelled()))]
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let step = Step::new(format!("DROP PROCEDURE {}", id.spelled()), format!("drop procedure {}", id.spelled()));
        let stays = cx.to.contains(id);
        vec![if stays { step } else { step.hazard(Hazard::Breaks(format!("calls of procedure {} fail", id.spelled()))) }]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Pair { from, to } = pair;
        if from.refusal(to).is_some() || to.body.holds_what_goes(id, cx) {
            return Change::Replace;
        }
        let sql = if (Self { security_definer: to.security_definer, ..from.clone() }) == *to {
            format!("ALTER PROCEDURE {} {}", id.spelled(), routine::spell_security(to.security_definer))
        } else {
            to.definition(id, "CREATE OR REPLACE PROCEDURE")
        };
        Change::InPlace(vec![Step::new(sql, format!("change procedure {}", id.spelled()))])
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    /// As for functions: a parsed body holds on to every column that it uses.
    fn withstands(&self, _: &ObjectId, disturbed: &ObjectId) -> bool {
        !(matches!(self.body, Body::Sql(_)) && matches!(disturbed.kind, Kind::Column | Kind::Attribute | Kind::Composite))
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        routine::slots(id)
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        routine::rename_types(&mut self.arguments, None, from, to);
        rename::follow_global(Kind::Language, &mut self.language, from, to);
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        routine::exprs(&mut self.arguments, &mut self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Catalog, QName, TypeName};
    use crate::object::routine::Mode;

    fn sample(mode: Mode) -> Procedure {
        let argument = Argument { mode, name: Some("a".into()), type_name: TypeName("integer".to_owned()), default: None };
        Procedure {
            arguments: vec![argument],
            language: "sql".into(),
            body: Body::Text("select 1".to_owned()),
            security_definer: false,
            config: Vec::new(),
            transforms: Vec::new(),
        }
    }

    #[test]
    fn output_arguments_are_replaced() {
        let id = ObjectId::new(Kind::Procedure, Key::Routine(QName::new("s", "p"), vec!["integer".to_owned()]));
        let (none, created) = (Catalog::empty(17), BTreeSet::new());
        let cx = Cx { from: &none, to: &none, online: true, created: &created };
        let change = |to: &Procedure| Procedure::alter(&id, Pair::new(&sample(Mode::In), to), &cx);
        assert_eq!(change(&sample(Mode::InOut)), Change::Replace);
        let sql = match change(&Procedure { security_definer: true, ..sample(Mode::In) }) {
            Change::InPlace(steps) => steps.into_iter().map(|step| step.sql).collect(),
            _ => Vec::new(),
        };
        assert_eq!(sql, ["ALTER PROCEDURE s.p(IN integer) SECURITY DEFINER"]);
    }
}
