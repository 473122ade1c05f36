//! Routines, indexes, statistics, triggers, policies and rules.

use super::relation::{columns, is_parted, is_there, parents};
use super::spec::{Sort, Spec};
use super::types::condition;
use super::view;
use super::world::{Class, Column, Phase, World};

type Out = Vec<(Phase, String)>;

/// Clauses that several kinds of routines have.
fn clauses(world: &World<'_>, spec: &Spec) -> String {
    let mut sql = String::new();
    for (bit, text) in
        [(4, " STRICT"), (5, " COST 7"), (6, " PARALLEL SAFE"), (7, " SECURITY DEFINER"), (8, " SET search_path TO 'app', 'pg_temp'")]
    {
        if world.on(spec, bit).is_some() {
            sql.push_str(text);
        }
    }
    sql
}

pub fn function(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let name = world.name(spec);
    let n = world.value(spec, 3) % 5;
    let argument = if world.on(spec, 9).is_some() { "\"the x\"" } else { "x" };
    let preset = if world.on(spec, 10).is_some_and(|value| value % 2 == 0) { " DEFAULT 3" } else { "" };
    let result = if world.on(spec, 2).is_some() { "bigint" } else { "integer" };
    let inner = world
        .pick_before(spec, 1, |other| other.sort == Sort::Function)
        .map_or_else(String::new, |other| format!(" + {}(1)", world.name(other)));
    let (language, body) = match (world.on(spec, 11), world.on(spec, 12)) {
        (Some(_), _) => ("plpgsql", format!("AS $f$\nBEGIN\n    RETURN $1 + {n}; -- it's\nEND$f$")),
        (None, Some(value)) if value % 2 == 0 => ("sql", format!("RETURN $1 + {n}{inner}")),
        (None, Some(_)) => ("sql", format!("BEGIN ATOMIC SELECT $1 + {n}{inner}; END")),
        _ => ("sql", format!("AS 'SELECT ($1 + {n})::{result}'")),
    };
    let sql = format!(
        "CREATE FUNCTION {name}({argument} integer{preset}) RETURNS {result} LANGUAGE {language} IMMUTABLE{} {body}",
        clauses(world, spec)
    );
    all.push((Phase::Function, sql));
    world.owned(spec, "FUNCTION", &format!("{name}(integer)"), all);
    world.said(spec, [0, 1], "FUNCTION", &format!("{name}(integer)"), "EXECUTE", all);
}

/// A relation with columns, of some sorts.
fn relation<'a>(world: &World<'a>, me: &Spec, slot: u64, sorts: &[Sort]) -> Option<&'a Spec> {
    world.pick_where(me, slot, |other| sorts.contains(&other.sort) && view::stands(world, other))
}

const TABLES: &[Sort] = &[Sort::Table, Sort::Partitioned, Sort::Child, Sort::Partition];

/// A function that is made of a table.
pub fn table_function(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let name = world.name(spec);
    let Some(of) = relation(world, spec, 1, &[Sort::Table, Sort::Partitioned, Sort::Child]) else { return };
    let table = world.name(of);
    let (arguments, result, language, body) = match world.value(spec, 3) % 5 {
        0 => (format!("r {table}"), "bigint".to_owned(), "sql", "AS 'SELECT ($1).id::bigint'".to_owned()),
        1 => (String::new(), format!("SETOF {table}"), "sql", format!("AS $$SELECT * FROM {table}$$")),
        2 => ("n integer".to_owned(), "TABLE(a bigint, \"b b\" text)".to_owned(), "sql", format!("AS $$SELECT id, 'x' FROM {table}$$")),
        3 => (String::new(), "SETOF bigint".to_owned(), "sql", format!("BEGIN ATOMIC SELECT id::bigint FROM {table}; END")),
        _ => (
            format!("VARIADIC xs {table}[]"),
            "integer".to_owned(),
            "plpgsql",
            format!("AS $$DECLARE r {table}%ROWTYPE; BEGIN RETURN 1; END$$"),
        ),
    };
    let volatility = ["", " STABLE", " VOLATILE"][world.value(spec, 2) as usize % 3];
    all.push((
        Phase::View,
        format!("CREATE FUNCTION {name}({arguments}) RETURNS {result} LANGUAGE {language}{volatility}{} {body}", clauses(world, spec)),
    ));
    world.said(spec, [0, 1], "FUNCTION", &name, "EXECUTE", all);
}

pub fn procedure(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let name = world.name(spec);
    let arguments = ["x integer", "INOUT x integer", "x text DEFAULT 'a', y date DEFAULT now()"][world.value(spec, 2) as usize % 3];
    let n = world.value(spec, 3) % 4;
    let security = if world.on(spec, 4).is_some() { " SECURITY DEFINER" } else { "" };
    all.push((Phase::Function, format!("CREATE PROCEDURE {name}({arguments}) LANGUAGE plpgsql{security} AS $_$BEGIN PERFORM {n}; END$_$")));
    world.said(spec, [0, 1], "PROCEDURE", &name, "EXECUTE", all);
}

/// What an index says of one column.
fn element(world: &World<'_>, spec: &Spec, column: &Column, bits: [u32; 3]) -> String {
    let mut text = match (world.on(spec, bits[0]), &column.class) {
        (Some(_), Class::Int) if !column.type_name.contains('.') => match world.pick_where(spec, 5, |other| other.sort == Sort::Function) {
            Some(function) => format!("({}({}::integer))", world.name(function), column.name),
            None => format!("(({} + 1))", column.name),
        },
        (Some(_), Class::Text) => format!("lower({})", column.name),
        _ => column.name.clone(),
    };
    if world.on(spec, bits[1]).is_some() && column.class == Class::Text && !text.contains('(') && !column.type_name.contains('.') {
        text.push_str(if column.type_name == "text" { " text_pattern_ops" } else { " COLLATE \"C\"" });
    }
    if let Some(value) = world.on(spec, bits[2]) {
        text.push_str([" DESC", " NULLS FIRST", " DESC NULLS LAST"][value as usize % 3]);
    }
    text
}

pub fn index(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let sorts = [TABLES, &[Sort::MaterializedView]].concat();
    let Some(of) = relation(world, spec, 1, &sorts) else { return };
    let parted = is_parted(world, of);
    let all_columns: Vec<Column> = view::columns_of(world, of).into_iter().filter(|column| !column.virtually).collect();
    let Some(first) = all_columns.get(world.value(spec, 2) as usize % all_columns.len().max(1)) else { return };
    // names of clones on partitions depend on the order where two indexes are alike
    let alike = |other: &&&Spec| other.sort == Sort::Index && relation(world, other, 1, &sorts).is_some_and(|table| table.tag == of.tag);
    if parted && (of.sort == Sort::Partition || world.specs.iter().find(alike).is_some_and(|other| other.tag != spec.tag)) {
        return;
    }
    let method = match (&first.class, world.on(spec, 3)) {
        (Class::Json, Some(_)) => "gin",
        (Class::Array, Some(_)) if !first.type_name.contains('.') => "gin",
        (Class::Range, Some(_)) => "gist",
        (Class::Int | Class::Time, Some(value)) if value % 3 == 0 && !first.type_name.contains('.') => "brin",
        (Class::Int | Class::Text, Some(value)) if value % 3 == 1 => "hash",
        _ => "btree",
    };
    let btree = method == "btree";
    let mut elements = vec![if btree { element(world, spec, first, [9, 10, 5]) } else { first.name.clone() }];
    let second = &all_columns[world.value(spec, 8) as usize % all_columns.len()];
    if world.on(spec, 8).is_some() && btree && second.name != first.name {
        elements.push(element(world, spec, second, [11, 12, 13]));
    }
    // partitions that are made later get it all the same
    let only = world.ordered && of.sort == Sort::Partitioned && world.on(spec, 15).is_some();
    let unique = btree && !parted && world.on(spec, 2).is_some_and(|value| value % 2 == 0);
    let mut sql = format!(
        "CREATE {}INDEX {} ON {}{} USING {method} ({})",
        if unique { "UNIQUE " } else { "" },
        world.bare(spec),
        if only { "ONLY " } else { "" },
        world.name(of),
        elements.join(", ")
    );
    if btree && world.on(spec, 4).is_some() && !elements.iter().any(|text| text.starts_with("id")) {
        sql.push_str(" INCLUDE (id)");
    }
    if unique && world.major >= 15 && world.on(spec, 7).is_some() {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    if let (Some(value), "btree" | "hash") = (world.on(spec, 6), method) {
        sql.push_str(&format!(" WITH (fillfactor = {})", 40 + value % 40));
    }
    match (of.sort, world.on(spec, 14)) {
        (Sort::Partition, _) => sql.push_str(&format!(" WHERE id > {}", 10_000 + u64::from(spec.tag))),
        (_, Some(value)) => sql.push_str(&format!(" WHERE {}", condition(&second.class, &second.name, value / 3))),
        _ => {}
    }
    if only {
        attached(world, spec, of, &sql, all);
    }
    all.push((if of.sort == Sort::MaterializedView { Phase::Late } else { Phase::Index }, sql));
    world.said(spec, [0, 1], "INDEX", &format!("{}.{}", world.schema(of), world.bare(spec)), "", all);
}

/// The same index on some of the partitions, by names of their own; attached, so that the one above may still wait for others.
fn attached(world: &World<'_>, spec: &Spec, of: &Spec, sql: &str, all: &mut Out) {
    let below = |part: &&&Spec| {
        let parent = if part.sort == Sort::Partition { parents(world, part) } else { Vec::new() };
        is_there(world, part) && !is_parted(world, part) && parent.iter().any(|parent| parent.tag == of.tag)
    };
    let (bare, table) = (world.bare(spec), world.name(of));
    for part in world.specs.iter().filter(below).filter(|part| (part.seed ^ world.value(spec, 16)) & 3 != 0) {
        let name = format!("part_{}_{}", spec.tag, part.tag);
        let local = sql.replacen(&format!("INDEX {bare} ON ONLY {table}"), &format!("INDEX {name} ON {}", world.name(part)), 1);
        all.push((Phase::View, local));
        let schema = world.schema(part);
        all.push((Phase::Late, format!("ALTER INDEX {}.{bare} ATTACH PARTITION {schema}.{name}", world.schema(of))));
    }
}

pub fn statistics(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let Some(of) = relation(world, spec, 1, &[Sort::Table, Sort::Partitioned]) else { return };
    let own: Vec<Column> = columns(world, of).into_iter().filter(|column| !column.virtually).collect();
    let other = &own[1 + world.value(spec, 2) as usize % (own.len() - 1)];
    let kinds = world.on(spec, 3).map_or("", |value| [" (ndistinct)", " (dependencies, mcv)", " (mcv)"][value as usize % 3]);
    let more = if world.on(spec, 4).is_some() { ", (id % 7)" } else { "" };
    all.push((Phase::Late, format!("CREATE STATISTICS {}{kinds} ON id, {}{more} FROM {}", world.name(spec), other.name, world.name(of))));
    world.said(spec, [0, 1], "STATISTICS", &world.name(spec), "", all);
}

pub fn trigger(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let Some(of) = relation(world, spec, 1, &[Sort::Table, Sort::Partitioned, Sort::View, Sort::Child]) else { return };
    let (table, name, function) = (world.name(of), world.bare(spec), format!("app.act_{}", spec.tag));
    let n = world.value(spec, 2) % 3;
    all.push((
        Phase::Function,
        format!("CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM {n}; RETURN NEW; END$$"),
    ));
    let own: Vec<Column> = view::columns_of(world, of).into_iter().filter(|column| !column.generated).collect();
    let told = &own[world.value(spec, 9) as usize % own.len()];
    let update_of = match world.on(spec, 3) {
        Some(value) if value % 2 == 0 => format!("UPDATE OF {}", told.name),
        Some(_) => "UPDATE OF id".to_owned(),
        None => "UPDATE".to_owned(),
    };
    let arguments = if world.on(spec, 8).is_some() { "'a', 'it''s'" } else { "" };
    let when = match world.on(spec, 4) {
        Some(value) if value % 3 == 0 => " WHEN (NEW.id > 5)".to_owned(),
        Some(value) if value % 3 == 1 => format!(" WHEN ({})", condition(&told.class, &format!("NEW.{}", told.name), value / 3)),
        _ => String::new(),
    };
    let row = " FOR EACH ROW";
    let sql = match (of.sort, world.on(spec, 5)) {
        (Sort::View, _) => {
            format!("CREATE TRIGGER {name} INSTEAD OF INSERT OR UPDATE ON {table}{row} EXECUTE FUNCTION {function}({arguments})")
        }
        (_, Some(value)) if value % 3 == 0 => {
            format!("CREATE TRIGGER {name} AFTER INSERT OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {function}({arguments})")
        }
        (Sort::Table, Some(value)) if value % 3 == 1 => {
            format!(
                "CREATE TRIGGER {name} AFTER UPDATE ON {table} REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION {function}({arguments})"
            )
        }
        (Sort::Table, Some(_)) => {
            format!(
                "CREATE CONSTRAINT TRIGGER {name} AFTER {update_of} OR INSERT ON {table} DEFERRABLE INITIALLY DEFERRED{row}{when} EXECUTE FUNCTION {function}({arguments})"
            )
        }
        _ => {
            let time = ["BEFORE", "AFTER"][world.value(spec, 6) as usize % 2];
            format!("CREATE TRIGGER {name} {time} INSERT OR {update_of} ON {table}{row}{when} EXECUTE FUNCTION {function}({arguments})")
        }
    };
    all.push((Phase::Late, sql));
    if let (Some(value), Sort::Table | Sort::Child) = (world.on(spec, 7), of.sort) {
        let state = ["DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"][value as usize % 3];
        all.push((Phase::Said, format!("ALTER TABLE {table} {state} TRIGGER {name}")));
    }
    world.said(spec, [0, 1], "TRIGGER", &format!("{name} ON {table}"), "", all);
}

pub fn policy(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let Some(of) = relation(world, spec, 1, TABLES) else { return };
    let own = columns(world, of);
    let column = &own[world.value(spec, 2) as usize % own.len()];
    let text = condition(&column.class, &column.name, world.value(spec, 2) / 64);
    let command = world.on(spec, 3).map_or("ALL", |value| ["SELECT", "INSERT", "UPDATE", "DELETE"][value as usize % 4]);
    let mut sql = format!("CREATE POLICY {} ON {}", world.bare(spec), world.name(of));
    if world.on(spec, 4).is_some() {
        sql.push_str(" AS RESTRICTIVE");
    }
    sql.push_str(&format!(" FOR {command}"));
    if let Some(value) = world.on(spec, 5) {
        sql.push_str([" TO prop_reader", " TO prop_reader, \"Prop Writer\"", " TO CURRENT_USER"][value as usize % 3]);
    }
    let other = relation(world, spec, 3, &[Sort::Table, Sort::View]).filter(|_| world.on(spec, 6).is_some());
    let using = other.map_or_else(|| text.clone(), |other| format!("EXISTS (SELECT 1 FROM {} o WHERE o.id = 1)", world.name(other)));
    if command != "INSERT" {
        sql.push_str(&format!(" USING ({using})"));
    }
    if command == "INSERT" || (matches!(command, "ALL" | "UPDATE") && world.on(spec, 7).is_some()) {
        sql.push_str(&format!(" WITH CHECK ({text})"));
    }
    all.push((Phase::Late, sql));
    world.said(spec, [0, 1], "POLICY", &format!("{} ON {}", world.bare(spec), world.name(of)), "", all);
}

pub fn rule(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let Some(of) = relation(world, spec, 1, &[Sort::Table, Sort::Child]) else { return };
    let other = relation(world, spec, 2, &[Sort::Table]).filter(|other| other.tag != of.tag && is_there(world, other));
    let event = ["INSERT", "UPDATE", "DELETE"][world.value(spec, 2) as usize % 3];
    let row = if event == "INSERT" { "NEW" } else { "OLD" };
    let where_ = if world.on(spec, 3).is_some() { format!(" WHERE {row}.id > 5") } else { String::new() };
    let action = match (other, world.value(spec, 4) % 3) {
        (Some(other), 0) => format!("ALSO DELETE FROM {} o WHERE o.id = {row}.id", world.name(other)),
        (_, 1) if where_.is_empty() => "ALSO NOTIFY prop".to_owned(),
        _ => "INSTEAD NOTHING".to_owned(),
    };
    all.push((Phase::Late, format!("CREATE RULE {} AS ON {event} TO {}{where_} DO {action}", world.bare(spec), world.name(of))));
    world.said(spec, [0, 1], "RULE", &format!("{} ON {}", world.bare(spec), world.name(of)), "", all);
}
