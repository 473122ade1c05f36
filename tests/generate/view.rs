//! Views and materialized views, over tables and over each other.

use super::relation;
use super::spec::{Sort, Spec};
use super::types::condition;
use super::world::{Class, Column, Phase, World};

const SOURCES: &[Sort] = &[Sort::Table, Sort::Partitioned, Sort::Partition, Sort::Child, Sort::View, Sort::MaterializedView];

/// Whether a relation is there on this side.
pub fn stands(world: &World<'_>, spec: &Spec) -> bool {
    match spec.sort {
        Sort::View | Sort::MaterializedView => source(world, spec, 1).is_some(),
        _ => relation::is_there(world, spec),
    }
}

fn source<'a>(world: &World<'a>, spec: &Spec, slot: u64) -> Option<&'a Spec> {
    world.pick_before(spec, slot, |other| SOURCES.contains(&other.sort) && stands(world, other))
}

pub fn columns_of(world: &World<'_>, spec: &Spec) -> Vec<Column> {
    match spec.sort {
        Sort::View | Sort::MaterializedView => selected(world, spec).into_iter().map(|(column, _)| column).collect(),
        _ => relation::columns(world, spec),
    }
}

/// The columns of a view, each with what it is selected from.
fn selected(world: &World<'_>, spec: &Spec) -> Vec<(Column, String)> {
    let Some(from) = source(world, spec, 1) else { return Vec::new() };
    let made = |name: &str, class: Class| Column {
        name: name.to_owned(),
        type_name: String::new(),
        class,
        text: String::new(),
        generated: false,
        not_null: false,
        virtually: false,
    };
    let mut all = vec![(made("id", Class::Int), "s.id".to_owned())];
    for (number, column) in columns_of(world, from).into_iter().filter(|column| column.name != "id").take(3).enumerate() {
        let bit = 20 + number as u32;
        if world.on(spec, bit).is_none() {
            continue;
        }
        let name = if spec.seed & 0x1000 == 0 { format!("w{number}") } else { format!("\"w {number}\"") };
        let plain = format!("s.{}", column.name);
        let (class, text) = match (world.value(spec, bit + 4) % 4, &column.class) {
            (0, Class::Int) => (Class::Int, format!("({plain} + 1)")),
            (0, Class::Text) => (Class::Text, format!("upper({plain}::text)")),
            (1, Class::Enum | Class::Time | Class::Num) => (Class::Text, format!("{plain}::text")),
            (1, Class::Int) => (Class::Bool, format!("CASE WHEN {plain} > 3 THEN true ELSE NULL::boolean END")),
            _ => (column.class.clone(), plain),
        };
        all.push((made(&name, class), text));
    }
    if let (Some(function), Some(_)) = (world.pick_before(spec, 4, |other| other.sort == Sort::Function), world.on(spec, 11)) {
        all.push((made("n", Class::Num), format!("{}(s.id::integer)", world.name(function))));
    }
    all
}

/// The query of a view, and whether rows can be written through it.
fn query(world: &World<'_>, spec: &Spec, from: &Spec) -> (String, bool) {
    let list: Vec<String> = selected(world, spec).into_iter().map(|(column, text)| format!("{text} AS {}", column.name)).collect();
    let list = list.join(", ");
    let mut tail = format!("FROM {} s", world.name(from));
    let mut simple = matches!(from.sort, Sort::Table | Sort::Partitioned | Sort::Child);
    let second = source(world, spec, 2).filter(|_| world.on(spec, 3).is_some());
    if let Some(second) = second {
        simple = false;
        let how = ["JOIN", "LEFT JOIN", "FULL JOIN"][world.value(spec, 3) as usize % 3];
        tail.push_str(&format!(" {how} {} o ON o.id = s.id", world.name(second)));
    }
    if let Some(value) = world.on(spec, 2) {
        let columns = columns_of(world, from);
        let column = &columns[value as usize % columns.len()];
        tail.push_str(&format!(" WHERE {}", condition(&column.class, &format!("s.{}", column.name), value / 5)));
    }
    let text = match world.on(spec, 10).map(|value| value % 5) {
        Some(0) => format!("SELECT {list} {tail} UNION ALL SELECT {list} {tail}"),
        Some(1) => format!("WITH q AS (SELECT {list} {tail}) SELECT q.* FROM q"),
        Some(2) => format!("SELECT {list} {tail} ORDER BY s.id DESC LIMIT 5"),
        Some(3) => format!("SELECT DISTINCT ON (s.id) {list} {tail}"),
        other => {
            simple &= other.is_none();
            return (format!("SELECT {list} {tail}"), simple);
        }
    };
    (text, false)
}

pub fn view(world: &World<'_>, spec: &Spec, all: &mut Vec<(Phase, String)>) {
    let Some(from) = source(world, spec, 1) else { return };
    let name = world.name(spec);
    let (query, simple) = query(world, spec, from);
    if spec.sort == Sort::MaterializedView {
        let options = world.on(spec, 5).map(|value| format!(" WITH (fillfactor = {})", 60 + value % 40)).unwrap_or_default();
        all.push((Phase::View, format!("CREATE MATERIALIZED VIEW {name}{options} AS {query}")));
        world.owned(spec, "MATERIALIZED VIEW", &name, all);
        world.said(spec, [0, 1], "MATERIALIZED VIEW", &name, "SELECT", all);
        return;
    }
    let options = match world.on(spec, 5) {
        Some(value) if world.major >= 15 && value % 2 == 0 => " WITH (security_invoker = true, security_barrier = true)",
        Some(_) => " WITH (security_barrier)",
        None => "",
    };
    let check = match world.on(spec, 6) {
        Some(value) if simple => [" WITH LOCAL CHECK OPTION", " WITH CASCADED CHECK OPTION"][value as usize % 2],
        _ => "",
    };
    all.push((Phase::View, format!("CREATE VIEW {name}{options} AS {query}{check}")));
    if world.on(spec, 8).is_some() {
        all.push((Phase::Said, format!("COMMENT ON COLUMN {name}.id IS 'of the view'")));
    }
    if world.on(spec, 9).is_some() {
        all.push((Phase::Late, format!("ALTER VIEW {name} ALTER COLUMN id SET DEFAULT 5")));
    }
    world.said(spec, [0, 1], "VIEW", &name, "SELECT, INSERT", all);
}
