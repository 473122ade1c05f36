//! What is said of tables beside what they are: publications.

use super::relation::{columns, is_parted, is_there, is_unlogged};
use super::spec::{Sort, Spec};
use super::world::{Class, Phase, World};

pub fn publication(world: &World<'_>, spec: &Spec, all: &mut Vec<(Phase, String)>) {
    let published = |other: &Spec| {
        matches!(other.sort, Sort::Table | Sort::Partitioned | Sort::Partition) && is_there(world, other) && !is_unlogged(world, other)
    };
    let name = world.bare(spec);
    let table = |slot| world.pick_where(spec, slot, published);
    let mut tables: Vec<&Spec> = table(1).into_iter().chain(world.on(spec, 3).and_then(|_| table(2))).collect();
    tables.dedup_by_key(|table| table.tag);
    // without ONLY, children are published that are there by then
    let member = |table: &&Spec, bit: u32| {
        let mut text = format!("{}{}", if table.sort == Sort::Table { "ONLY " } else { "" }, world.name(table));
        let own = columns(world, table);
        let whole = world.major >= 15 && !is_parted(world, table);
        if whole && world.on(spec, bit).is_some() {
            let listed: Vec<&str> = own.iter().filter(|column| !column.generated).take(2).map(|column| column.name.as_str()).collect();
            text.push_str(&format!(" ({})", listed.join(", ")));
        }
        if whole && world.on(spec, bit + 1).is_some() && own.iter().any(|column| column.name == "id" && column.class == Class::Int) {
            text.push_str(&format!(" WHERE (id > {})", world.value(spec, bit + 1) % 3));
        }
        text
    };
    let target = match world.value(spec, 4) % 5 {
        0 => " FOR ALL TABLES".to_owned(),
        1 if world.major >= 15 => " FOR TABLES IN SCHEMA app".to_owned(),
        _ if tables.is_empty() => String::new(),
        _ => format!(" FOR TABLE {}", tables.iter().zip([10, 12]).map(|(table, bit)| member(table, bit)).collect::<Vec<_>>().join(", ")),
    };
    let with = match world.on(spec, 5) {
        Some(value) => [" WITH (publish = 'insert, delete')", " WITH (publish_via_partition_root)"][value as usize % 2],
        None => "",
    };
    all.push((Phase::Late, format!("CREATE PUBLICATION {name}{target}{with}")));
    world.said(spec, [0, 1], "PUBLICATION", &name, "", all);
}
