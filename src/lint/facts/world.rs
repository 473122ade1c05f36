//! What a file has shown so far: what it made, what it proved, and where its transactions begin and end.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Ident, QName};
use crate::sql::protobuf::RangeVar;
use crate::sql::{Name, Node, NodeEnum, literal};

/// The schema of names without one, where no search_path says otherwise.
const DEFAULT_SCHEMA: &str = "public";

/// What the statements before this one tell about it.
#[derive(Clone, Debug)]
pub struct World {
    schema: Ident,
    /// Relations and types that the file made: nobody else uses them yet.
    new: BTreeSet<QName>,
    /// Domains of the file that check their values.
    checking: BTreeSet<QName>,
    /// Columns that the CHECK constraints of the file keep from being null.
    not_null: BTreeMap<(QName, Ident), BTreeSet<String>>,
    /// Constraints of the file that were added NOT VALID and are not validated yet.
    not_valid: BTreeSet<(QName, Ident)>,
    /// Those of them that the present transaction added.
    pending: BTreeSet<(QName, Ident)>,
    open: bool,
    unit: Option<u32>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            schema: Ident::new(DEFAULT_SCHEMA),
            new: BTreeSet::new(),
            checking: BTreeSet::new(),
            not_null: BTreeMap::new(),
            not_valid: BTreeSet::new(),
            pending: BTreeSet::new(),
            open: false,
            unit: None,
        }
    }
}

impl World {
    /// Whether a BEGIN is open.
    pub const fn in_transaction(&self) -> bool {
        self.open
    }

    /// A step of a transaction of a plan, or of none, begins.
    pub fn begin_unit(&mut self, group: Option<u32>) {
        if group.is_none() || group != self.unit {
            self.pending.clear();
        }
        self.unit = group;
    }

    pub(super) fn set_transaction(&mut self, open: bool) {
        self.open = open;
        self.pending.clear();
    }

    /// Outside of a transaction block every statement is a transaction.
    pub(super) fn end_statement(&mut self) {
        if !self.open && self.unit.is_none() {
            self.pending.clear();
        }
    }

    /// `SET search_path`: the first schema that is one.
    pub(super) fn set_search_path(&mut self, values: &[Node]) {
        let first = values.iter().filter_map(literal::string).find(|name| !matches!(*name, "" | "$user" | "pg_temp"));
        self.schema = Ident::new(first.unwrap_or(DEFAULT_SCHEMA));
    }

    pub(super) fn qname(&self, schema: &str, name: &str) -> QName {
        let schema = if schema.is_empty() { self.schema.clone() } else { Ident::new(schema) };
        QName { schema, name: Ident::new(name) }
    }

    pub(super) fn relation(&self, relation: &RangeVar) -> QName {
        self.qname(&relation.schemaname, &relation.relname)
    }

    pub(super) fn named(&self, name: &Name) -> QName {
        self.qname(name.schema.as_deref().unwrap_or_default(), &name.name)
    }

    pub(super) fn is_new(&self, name: &QName) -> bool {
        self.new.contains(name)
    }

    pub(super) fn create(&mut self, name: QName) {
        self.new.insert(name);
    }

    pub(super) fn forget(&mut self, name: &QName) {
        self.new.remove(name);
    }

    /// What the file made keeps being so under its new name.
    pub(super) fn rename(&mut self, from: &QName, to: QName) {
        if self.new.remove(from) {
            self.new.insert(to);
        }
    }

    pub(super) fn create_checking_domain(&mut self, name: QName) {
        self.checking.insert(name);
    }

    pub(super) fn is_checking_domain(&self, name: &QName) -> bool {
        self.checking.contains(name)
    }

    /// A constraint is there, validated or not; `check` is its expression.
    pub(super) fn add_constraint(&mut self, relation: &QName, name: &str, check: Option<&Node>, not_valid: bool) {
        let key = (relation.clone(), Ident::new(name));
        let columns = check.map(keeps_not_null).unwrap_or_default();
        if !columns.is_empty() {
            self.not_null.insert(key.clone(), columns);
        }
        if not_valid && !name.is_empty() {
            self.not_valid.insert(key.clone());
            self.pending.insert(key);
        }
    }

    /// Whether the constraint was added in this transaction.
    pub(super) fn validate(&mut self, relation: &QName, name: &str) -> bool {
        let key = (relation.clone(), Ident::new(name));
        self.not_valid.remove(&key);
        self.pending.contains(&key)
    }

    pub(super) fn drop_constraint(&mut self, relation: &QName, name: &str) {
        let key = (relation.clone(), Ident::new(name));
        self.not_null.remove(&key);
        self.not_valid.remove(&key);
        self.pending.remove(&key);
    }

    /// Whether a validated CHECK says that a column is not null, so that SET NOT NULL need not look
    /// (`NotNullImpliedByRelConstraints`, src/backend/commands/tablecmds.c).
    pub(super) fn is_proved_not_null(&self, relation: &QName, column: &str) -> bool {
        self.not_null.iter().any(|(key, columns)| key.0 == *relation && columns.contains(column) && !self.not_valid.contains(key))
    }
}

/// The columns that an expression is false for where they are null, as far as `IS NOT NULL` and AND say it.
fn keeps_not_null(expr: &Node) -> BTreeSet<String> {
    use crate::sql::protobuf::{BoolExprType, NullTestType};
    match &expr.node {
        Some(NodeEnum::NullTest(test)) if test.nulltesttype() == NullTestType::IsNotNull => {
            match test.arg.as_ref().and_then(|arg| arg.node.as_ref()) {
                Some(NodeEnum::ColumnRef(column)) => literal::names(&column.fields).pop().into_iter().collect(),
                _ => BTreeSet::new(),
            }
        }
        Some(NodeEnum::BoolExpr(all)) if all.boolop() == BoolExprType::AndExpr => all.args.iter().flat_map(keeps_not_null).collect(),
        _ => BTreeSet::new(),
    }
}
