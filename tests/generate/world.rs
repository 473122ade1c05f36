//! One side of a case as statements: which objects exist, what they are called, what they may refer to.

use super::spec::{Case, Side, Sort, Spec, mix};
use super::{code, relation, said, types, view};

/// What a column or value is, as far as expressions over it must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    Int,
    Num,
    Text,
    Time,
    Bool,
    Json,
    Array,
    Enum,
    Composite,
    Range,
    Other,
}

/// A column of a table or view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub type_name: String,
    pub class: Class,
    /// Everything after the name.
    pub text: String,
    pub generated: bool,
    pub not_null: bool,
    pub virtually: bool,
}

/// When a statement can run, as plain execution goes; files have them in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Schema,
    Type,
    Sequence,
    Function,
    Table,
    Reference,
    Index,
    View,
    Late,
    Said,
}

/// One side of a case.
pub struct World<'a> {
    pub specs: Vec<&'a Spec>,
    pub side: Side,
    pub major: u32,
    /// Whether files have the statements as they come.
    pub ordered: bool,
}

/// Schemas that every case has.
const SCHEMAS: [&str; 3] = ["app", "\"Other one\"", "public"];

impl<'a> World<'a> {
    pub fn new(case: &'a Case, side: Side, major: u32) -> Self {
        let specs = case.specs.iter().filter(|spec| spec.exists(side)).collect();
        Self { specs, side, major, ordered: case.shuffle.is_none() }
    }

    pub fn on(&self, spec: &Spec, bit: u32) -> Option<u64> {
        spec.feature(bit, self.side)
    }

    pub fn value(&self, spec: &Spec, bit: u32) -> u64 {
        spec.value(bit, self.side)
    }

    /// The name without its schema.
    pub fn bare(&self, spec: &Spec) -> String {
        let (plain, odd) = match spec.sort {
            Sort::Schema => ("space", "Space "),
            Sort::Enum => ("mood", "Mood é"),
            Sort::Domain => ("dom", "order by "),
            Sort::Composite => ("pair", "pair\"\""),
            Sort::Range => ("span", "Span"),
            Sort::Sequence => ("seq", "seq'"),
            Sort::Function => ("f", "F$"),
            Sort::TableFunction => ("g", "g.g"),
            Sort::Procedure => ("p", "P "),
            Sort::Table => ("t", "T able"),
            Sort::Partitioned => ("parted", "Parted"),
            Sort::Partition => ("part", "Part."),
            Sort::Child => ("child", "Child"),
            Sort::ForeignKey => ("fk", "FK "),
            Sort::Index => ("ix", "Ix-"),
            Sort::View => ("v", "V iew"),
            Sort::MaterializedView => ("m", "M"),
            Sort::Trigger => ("tr", "Tr "),
            Sort::Policy => ("pol", "Pol;"),
            Sort::Rule => ("r", "R--"),
            Sort::Statistics => ("st", "St"),
            Sort::Publication => ("pub", "Pub "),
        };
        if spec.seed.is_multiple_of(5) { format!("\"{odd}{}\"", spec.tag) } else { format!("{plain}{}", spec.tag) }
    }

    /// The schema of an object; some move to another one.
    pub fn schema(&self, spec: &Spec) -> &'static str {
        let moved = self.side == Side::New && spec.edit >> 63 & 1 == 1 && spec.seed & 0x300 == 0;
        SCHEMAS[(spec.seed / 7 + u64::from(moved)) as usize % SCHEMAS.len()]
    }

    pub fn name(&self, spec: &Spec) -> String {
        format!("{}.{}", self.schema(spec), self.bare(spec))
    }

    /// One of the objects of some sorts, always the same one as long as it exists.
    pub fn pick_where(&self, me: &Spec, slot: u64, fits: impl Fn(&Spec) -> bool) -> Option<&'a Spec> {
        self.specs.iter().copied().filter(|spec| fits(spec)).min_by_key(|spec| mix(&[me.seed, slot, u64::from(spec.tag)]))
    }

    /// As [`pick_where`](Self::pick_where), among those that come before.
    pub fn pick_before(&self, me: &Spec, slot: u64, fits: impl Fn(&Spec) -> bool) -> Option<&'a Spec> {
        let before = self.specs.iter().position(|spec| spec.tag == me.tag).unwrap_or(0);
        self.specs[..before].iter().copied().filter(|spec| fits(spec)).min_by_key(|spec| mix(&[me.seed, slot, u64::from(spec.tag)]))
    }

    /// All statements, in an order that plain execution takes.
    pub fn statements(&self) -> Vec<String> {
        let mut all = vec![
            (Phase::Schema, "CREATE SCHEMA app".to_owned()),
            (Phase::Schema, "CREATE SCHEMA \"Other one\"".to_owned()),
            // privileges are managed where files speak of them
            (Phase::Said, "GRANT USAGE ON SCHEMA app TO prop_reader".to_owned()),
            // and owners as far as their roles are named
            (Phase::Said, "ALTER SCHEMA app OWNER TO CURRENT_USER".to_owned()),
            (Phase::Said, "ALTER SCHEMA \"Other one\" OWNER TO prop_reader".to_owned()),
        ];
        for spec in &self.specs {
            match spec.sort {
                Sort::Schema => types::schema(self, spec, &mut all),
                Sort::Enum => types::enumeration(self, spec, &mut all),
                Sort::Domain => types::domain(self, spec, &mut all),
                Sort::Composite => types::composite(self, spec, &mut all),
                Sort::Range => types::range(self, spec, &mut all),
                Sort::Sequence => types::sequence(self, spec, &mut all),
                Sort::Function => code::function(self, spec, &mut all),
                Sort::TableFunction => code::table_function(self, spec, &mut all),
                Sort::Procedure => code::procedure(self, spec, &mut all),
                Sort::Table | Sort::Partitioned => relation::table(self, spec, &mut all),
                Sort::Partition => relation::partition(self, spec, &mut all),
                Sort::Child => relation::child(self, spec, &mut all),
                Sort::ForeignKey => relation::foreign_key(self, spec, &mut all),
                Sort::Index => code::index(self, spec, &mut all),
                Sort::View | Sort::MaterializedView => view::view(self, spec, &mut all),
                Sort::Trigger => code::trigger(self, spec, &mut all),
                Sort::Policy => code::policy(self, spec, &mut all),
                Sort::Rule => code::rule(self, spec, &mut all),
                Sort::Statistics => code::statistics(self, spec, &mut all),
                Sort::Publication => said::publication(self, spec, &mut all),
            }
        }
        all.sort_by_key(|(phase, _)| *phase);
        all.into_iter().map(|(_, sql)| sql).collect()
    }

    /// An owner, where the object has another than who makes it.
    pub fn owned(&self, spec: &Spec, class: &str, address: &str, all: &mut Vec<(Phase, String)>) {
        if self.on(spec, 62).is_some_and(|value| value % 2 == 0) {
            all.push((Phase::Said, format!("ALTER {class} {address} OWNER TO prop_reader")));
        }
    }

    /// A comment and a grant, where the object has such.
    pub fn said(&self, spec: &Spec, bits: [u32; 2], class: &str, address: &str, right: &str, all: &mut Vec<(Phase, String)>) {
        if let Some(value) = self.on(spec, bits[0]) {
            let text = ["about it", "it''s", "two\nlines; --", "$$ é"][value as usize % 4];
            all.push((Phase::Said, format!("COMMENT ON {class} {address} IS '{text}'")));
        }
        if let (Some(value), false) = (self.on(spec, bits[1]), right.is_empty()) {
            let to = ["prop_reader", "\"Prop Writer\"", "PUBLIC", "prop_reader"][value as usize % 4];
            let more = if value & 0x30 == 0 && to != "PUBLIC" { " WITH GRANT OPTION" } else { "" };
            let class = match class {
                "VIEW" | "MATERIALIZED VIEW" => "TABLE",
                "DOMAIN" => "TYPE",
                other => other,
            };
            all.push((Phase::Said, format!("GRANT {right} ON {class} {address} TO {to}{more}")));
        }
    }
}

/// Statements in a random order over some files.
pub fn files(statements: &[String], shuffle: Option<u64>) -> Vec<(String, String)> {
    let Some(seed) = shuffle else {
        return vec![("all.sql".to_owned(), statements.iter().map(|sql| format!("{sql};\n")).collect())];
    };
    let mut keyed: Vec<(u64, &String)> = statements.iter().enumerate().map(|(at, sql)| (mix(&[seed, at as u64]), sql)).collect();
    keyed.sort();
    let count = seed % 4 + 1;
    let mut files: Vec<(String, String)> = (0..count).map(|number| (format!("{number}.sql"), String::new())).collect();
    for (key, sql) in keyed {
        let file = (key >> 8) % count;
        files[file as usize].1.push_str(&format!("{sql};\n"));
    }
    files
}
