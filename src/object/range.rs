//! Range types.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, typing};
use crate::model::{Expr, Hazard, ObjectId, Pair, QName, Step, TypeName};

/// Range types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The type of the bounds.
    pub subtype: TypeName,
    /// The btree operator class, where it is not the default one of the subtype.
    pub opclass: Option<QName>,
    /// The collation, where it is not the subtype's.
    pub collation: Option<QName>,
    /// The canonicalisation function.
    pub canonical: Option<QName>,
    /// The difference function.
    pub subtype_diff: Option<QName>,
    /// The name of the multirange type.
    pub multirange: QName,
}

impl Range {
    /// Puts the range aside, its multirange with it, and the constructor functions of both, which keep their names and would
    /// be in the way (`makeRangeConstructors`, `makeMultirangeConstructors` in src/backend/commands/typecmds.c). All of them
    /// are in the schema of the range.
    fn swap(&self, id: &ObjectId, cx: &Cx<'_>) -> Change {
        let Some(name) = id.qname() else { return Change::Replace };
        let Self { subtype, opclass: _, collation: _, canonical: _, subtype_diff: _, multirange } = self;
        let old = typing::aside([cx.from, cx.to], name);
        let old_multirange = typing::aside([cx.from, cx.to], multirange);
        let constructors = [
            (&name.name, format!("{subtype}, {subtype}"), &old.name),
            (&name.name, format!("{subtype}, {subtype}, pg_catalog.text"), &old.name),
            (&multirange.name, String::new(), &old_multirange.name),
            (&multirange.name, old.to_string(), &old_multirange.name),
            (&multirange.name, format!("{old}[]"), &old_multirange.name),
        ];
        let mut aside = vec![
            Step::new(format!("ALTER TYPE {name} RENAME TO {}", old.name), format!("put the old range {name} aside as {}", old.name))
                .hazard(Hazard::Assumes(format!("the text of every value of {name} can be read as the new type"))),
            Step::new(
                format!("ALTER TYPE {multirange} RENAME TO {}", old_multirange.name),
                format!("put the old multirange {multirange} aside as {}", old_multirange.name),
            ),
        ];
        aside.extend(constructors.into_iter().map(|(function, args, to)| {
            let function = format!("{}.{function}({args})", name.schema);
            Step::new(format!("ALTER FUNCTION {function} RENAME TO {to}"), format!("put the constructor {function} aside"))
        }));
        Change::Swap { aside, gone: vec![Step::new(format!("DROP TYPE {old}"), format!("drop the old range {name}"))] }
    }
}

impl ObjectDef for Range {
    const KIND: Kind = Kind::Range;
    const QUERY: &'static str = include_str!("range.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self {
            subtype: row.type_name("subtype")?,
            opclass: row.opt_qname("opclass_schema", "opcname")?,
            collation: row.opt_qname("collation_schema", "collname")?,
            canonical: row.opt_qname("canonical_schema", "canonical_name")?,
            subtype_diff: row.opt_qname("subtype_diff_schema", "subtype_diff_name")?,
            multirange: row.qname("multirange_schema", "multirange_name")?,
        };
        Ok(Some(Found::new(ObjectId::in_schema(Kind::Range, row.qname("nspname", "typname")?), object)))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { subtype, opclass, collation, canonical, subtype_diff, multirange } = self;
        let named = [
            ("SUBTYPE_OPCLASS", opclass.as_ref()),
            ("COLLATION", collation.as_ref()),
            ("CANONICAL", canonical.as_ref()),
            ("SUBTYPE_DIFF", subtype_diff.as_ref()),
            ("MULTIRANGE_TYPE_NAME", Some(multirange)),
        ];
        let mut options = vec![format!("SUBTYPE = {subtype}")];
        options.extend(named.into_iter().filter_map(|(option, value)| Some(format!("{option} = {}", value?))));
        let name = id.spelled();
        vec![Step::new(format!("CREATE TYPE {name} AS RANGE ({})", options.join(", ")), format!("create range {name}"))]
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::new(format!("DROP TYPE {}", id.spelled()), format!("drop range {}", id.spelled()))]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let held = typing::is_held(cx.from, id);
        if held { pair.from.swap(id, cx) } else { Change::Replace }
    }

    fn rebind(id: &ObjectId, pair: Pair<&Self>, rebuilt: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
        let swapped = matches!(rebuilt.kind, Kind::Enum | Kind::Composite | Kind::Domain | Kind::Range);
        (swapped && typing::is_held(cx.from, id)).then(|| pair.from.swap(id, cx))
    }

    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        true
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        id.qname().into_iter().chain([&self.multirange]).map(|name| Slot::Type(name.clone())).collect()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        Vec::new()
    }
}
