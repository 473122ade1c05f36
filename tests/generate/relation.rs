//! Tables, partitions, children and references between them.

use super::spec::{Sort, Spec};
use super::types::{column_type, condition, default};
use super::world::{Class, Column, Phase, World};

type Out = Vec<(Phase, String)>;

const NAMES: [&str; 6] = ["c0", "c1", "\"C 2\"", "\"order\"", "\"Ünï 4\"", "c5"];

fn id_type(world: &World<'_>, spec: &Spec) -> &'static str {
    if world.on(spec, 2).is_some() { "bigint" } else { "integer" }
}

pub fn has_key(world: &World<'_>, spec: &Spec) -> bool {
    world.on(spec, 3).is_some()
}

/// Whether other tables take their columns from this one.
fn has_heirs(world: &World<'_>, spec: &Spec) -> bool {
    world.specs.iter().any(|other| parents(world, other).iter().any(|parent| parent.tag == spec.tag))
}

/// The tables that a child inherits from.
pub fn parents<'a>(world: &World<'a>, spec: &Spec) -> Vec<&'a Spec> {
    let second = || world.on(spec, 4).and_then(|_| world.pick_before(spec, 2, |other| heritable(other) && is_there(world, other)));
    match (first_parent(world, spec), spec.sort) {
        (Some(first), Sort::Child) => match second() {
            Some(second) if first.tag != second.tag && merges(world, first, second) => vec![first, second],
            _ => vec![first],
        },
        (first, _) => first.into_iter().collect(),
    }
}

fn heritable(spec: &Spec) -> bool {
    matches!(spec.sort, Sort::Table | Sort::Child)
}

fn first_parent<'a>(world: &World<'a>, spec: &Spec) -> Option<&'a Spec> {
    match spec.sort {
        Sort::Partition => parent_of_partition(world, spec),
        Sort::Child => world.pick_before(spec, 1, heritable),
        _ => None,
    }
}

/// Whether columns of the same name are the same in both.
fn merges(world: &World<'_>, first: &Spec, second: &Spec) -> bool {
    let (left, right) = (columns(world, first), columns(world, second));
    let unique = |column: &Column| column.text.contains("serial");
    !left.iter().chain(&right).any(unique)
        && left.iter().all(|column| right.iter().all(|other| other.name != column.name || other.text == column.text))
}

fn parent_of_partition<'a>(world: &World<'a>, spec: &Spec) -> Option<&'a Spec> {
    world.pick_before(spec, 1, |other| match other.sort {
        Sort::Partitioned => true,
        Sort::Partition => other.seed & 4 == 0 && parent_of_partition(world, other).is_some_and(|parent| parent.sort == Sort::Partitioned),
        _ => false,
    })
}

/// Whether the relation is there: what has no parent to hang on is left out.
pub fn is_there(world: &World<'_>, spec: &Spec) -> bool {
    match spec.sort {
        Sort::Partition | Sort::Child => first_parent(world, spec).is_some_and(|parent| is_there(world, parent)),
        _ => true,
    }
}

pub fn is_parted(world: &World<'_>, spec: &Spec) -> bool {
    spec.sort == Sort::Partitioned
        || (spec.sort == Sort::Partition
            && spec.seed & 4 == 0
            && parent_of_partition(world, spec).is_some_and(|parent| parent.sort == Sort::Partitioned))
}

/// Where a reference starts and ends.
fn ends<'a>(world: &World<'a>, spec: &Spec) -> Option<(&'a Spec, &'a Spec)> {
    let from =
        world.pick_where(spec, 1, |other| matches!(other.sort, Sort::Table | Sort::Partitioned | Sort::Child) && is_there(world, other))?;
    let to = world.pick_where(spec, 2, |other| matches!(other.sort, Sort::Table | Sort::Partitioned) && has_key(world, other))?;
    Some((from, to))
}

fn plain(name: &str, type_name: &str, class: Class, more: &str) -> Column {
    let text = format!("{type_name}{more}");
    let not_null = more.contains("NOT NULL");
    Column { name: name.to_owned(), type_name: type_name.to_owned(), class, text, generated: false, not_null, virtually: false }
}

fn id_column(world: &World<'_>, spec: &Spec) -> Column {
    let type_name = id_type(world, spec);
    let more = match (spec.sort, world.on(spec, 4), world.on(spec, 5)) {
        (Sort::Table, Some(value), _) => {
            let options = ["", " (INCREMENT BY 3)", " (START WITH 10 CACHE 5)", " (MINVALUE 0 MAXVALUE 90 CYCLE)"][value as usize / 2 % 4];
            format!(" GENERATED {} AS IDENTITY{options}", ["ALWAYS", "BY DEFAULT"][value as usize % 2])
        }
        (Sort::Table, None, Some(_)) => {
            let serial = if type_name == "bigint" { "bigserial" } else { "serial" };
            return Column { text: serial.to_owned(), not_null: true, ..plain("id", type_name, Class::Int, "") };
        }
        (Sort::Partitioned, ..) => " NOT NULL".to_owned(),
        _ => String::new(),
    };
    plain("id", type_name, Class::Int, &more)
}

/// One of the optional columns.
fn column(world: &World<'_>, spec: &Spec, number: u32) -> Option<Column> {
    let bit = |offset: u32| 16 + number * 8 + offset;
    if number > 1 {
        world.on(spec, bit(0))?;
    }
    let slot = 100 + u64::from(number);
    let (type_name, class) = column_type(world, spec, slot, world.value(spec, bit(1)));
    let mut made = plain(
        &if spec.sort == Sort::Child { format!("d{}_{number}", spec.tag) } else { NAMES[number as usize].to_owned() },
        &type_name,
        class,
        "",
    );
    let text_like = made.class == Class::Text && !type_name.contains('.');
    if world.on(spec, bit(5)).is_some_and(|value| value % 3 == 0) && (text_like || made.class == Class::Json) && type_name != "character(4)"
    {
        made.text.push_str(" COMPRESSION pglz");
    }
    if let (Some(value), true) = (world.on(spec, bit(6)), text_like) {
        made.text.push_str([" COLLATE \"C\"", " COLLATE \"POSIX\""][value as usize % 2]);
    }
    let source = match made.class {
        Class::Int if !type_name.contains('.') => Some("id * 2"),
        Class::Text if text_like && !type_name.contains('(') => Some("(id)::text || '!'"),
        _ => None,
    };
    let function = || world.pick_where(spec, slot + 70, |other| other.sort == Sort::Function);
    let called = match (made.class == Class::Int && !type_name.contains('.') && type_name != "smallint", function()) {
        (true, Some(function)) if world.value(spec, bit(7)).is_multiple_of(3) => Some(format!("{}(id::integer)", world.name(function))),
        _ => None,
    };
    let source = called.as_deref().or(source);
    match (world.on(spec, bit(4)), source, spec.sort) {
        (Some(value), Some(source), Sort::Table) if value % 2 == 0 => {
            made.generated = true;
            made.virtually = world.major >= 18 && value % 3 == 0 && called.is_none();
            made.text.push_str(&format!(" GENERATED ALWAYS AS ({source}) {}", if made.virtually { "VIRTUAL" } else { "STORED" }));
        }
        _ => {
            if let Some(value) = world.on(spec, bit(3)) {
                made.text.push_str(&default_of(world, spec, &made.class, slot, value));
            }
        }
    }
    if world.on(spec, bit(2)).is_some_and(|value| value % 2 == 0) && !made.virtually {
        made.not_null = true;
        made.text.push_str(" NOT NULL");
    }
    Some(made)
}

fn default_of(world: &World<'_>, spec: &Spec, class: &Class, slot: u64, value: u64) -> String {
    let wanted = if value.is_multiple_of(3) { Sort::Sequence } else { Sort::Function };
    match (class, world.pick_where(spec, slot + 50, |other| other.sort == wanted)) {
        (Class::Int, Some(other)) if value.is_multiple_of(3) => format!(" DEFAULT nextval('{}')", world.name(other).replace('\'', "''")),
        (Class::Int, Some(other)) if value % 3 == 1 => format!(" DEFAULT {}(4)", world.name(other)),
        _ => default(class, value / 3).map(|text| format!(" DEFAULT {text}")).unwrap_or_default(),
    }
}

/// The columns that a relation has by itself.
fn own_columns(world: &World<'_>, spec: &Spec) -> Vec<Column> {
    let mut own = match spec.sort {
        Sort::Table => vec![id_column(world, spec)],
        Sort::Partitioned => vec![id_column(world, spec), plain("k", "integer", Class::Int, " NOT NULL")],
        _ => Vec::new(),
    };
    if spec.sort != Sort::Partition {
        let most = if spec.sort == Sort::Table { 6 } else { 3 };
        own.extend((0..most).filter_map(|number| column(world, spec, number)));
        for reference in world.specs.iter().filter(|other| other.sort == Sort::ForeignKey) {
            if let Some((from, to)) = ends(world, reference)
                && from.tag == spec.tag
            {
                own.push(plain(&format!("r{}", reference.tag), id_type(world, to), Class::Int, ""));
                if to.sort == Sort::Partitioned {
                    own.push(plain(&format!("r{}_k", reference.tag), "integer", Class::Int, ""));
                }
            }
        }
    }
    own
}

/// All columns of a table.
pub fn columns(world: &World<'_>, spec: &Spec) -> Vec<Column> {
    let mut all: Vec<Column> = Vec::new();
    for column in parents(world, spec).into_iter().flat_map(|parent| columns(world, parent)).chain(own_columns(world, spec)) {
        if !all.iter().any(|other| other.name == column.name) {
            all.push(column);
        }
    }
    all
}

/// Constraints written in CREATE TABLE.
fn constraints(world: &World<'_>, spec: &Spec, columns: &[Column]) -> Vec<String> {
    let mut found = Vec::new();
    if let (Some(value), Sort::Table | Sort::Partitioned | Sort::Child) = (world.on(spec, 3), spec.sort) {
        let key = if spec.sort == Sort::Partitioned { "id, k" } else { "id" };
        let name = if value % 3 == 0 { format!("CONSTRAINT \"key of {}\" ", spec.tag) } else { String::new() };
        found.push(format!("{name}PRIMARY KEY ({key})"));
    }
    for bit in [10, 11] {
        if let (Some(value), false) = (world.on(spec, bit), columns.is_empty()) {
            let column = &columns[value as usize % columns.len()];
            let mut text = condition(&column.class, &column.name, value / 7);
            if let (Class::Int, Some(function), false) =
                (&column.class, world.pick_where(spec, 9, |other| other.sort == Sort::Function), column.virtually)
                && value % 4 == 0
            {
                text = format!("{}({}::integer) > 0", world.name(function), column.name);
            }
            let more = if value % 11 == 0 && spec.sort == Sort::Table { " NO INHERIT" } else { "" };
            found.push(format!("CONSTRAINT ck{bit}_{} CHECK ({text}){more}", spec.tag));
        }
    }
    let unique = columns.iter().find(|column| column.name != "id" && !column.virtually && !matches!(column.class, Class::Json));
    if let (Some(value), Some(column)) = (world.on(spec, 12), unique) {
        let nulls = if world.major >= 15 && value % 5 == 0 { " NULLS NOT DISTINCT" } else { "" };
        let after = if value % 3 == 0 && spec.sort == Sort::Table { " DEFERRABLE INITIALLY DEFERRED" } else { "" };
        match spec.sort {
            Sort::Table => found.push(format!("CONSTRAINT un_{} UNIQUE{nulls} ({}){after}", spec.tag, column.name)),
            Sort::Partitioned => found.push(format!("CONSTRAINT un_{} UNIQUE{nulls} (id, k, c1)", spec.tag)),
            _ => {}
        }
    }
    if let (Some(value), Sort::Table) = (world.on(spec, 13), spec.sort) {
        let range = columns.iter().find(|column| column.class == Class::Range);
        let (way, element) = range.map_or_else(|| ("btree", "id WITH =".to_owned()), |column| ("gist", format!("{} WITH &&", column.name)));
        let more = if value % 2 == 0 { " WHERE (id > 0)" } else { "" };
        found.push(format!("CONSTRAINT ex_{} EXCLUDE USING {way} ({element}){more}", spec.tag));
    }
    found
}

fn options(world: &World<'_>, spec: &Spec) -> String {
    match world.on(spec, 6) {
        Some(value) if !is_parted(world, spec) => {
            format!(" WITH (fillfactor = {}{})", 50 + value % 50, ["", ", autovacuum_enabled = false"][value as usize % 2])
        }
        _ => String::new(),
    }
}

/// What is said of a table after it was made.
fn afterwards(world: &World<'_>, spec: &Spec, columns: &[Column], all: &mut Out) {
    let name = world.name(spec);
    if let Some(value) = world.on(spec, 8) {
        let how = ["ENABLE", "FORCE"][value as usize % 2];
        all.push((Phase::Late, format!("ALTER TABLE {name} {how} ROW LEVEL SECURITY")));
    }
    if let (Some(value), false) = (world.on(spec, 9), is_parted(world, spec)) {
        let identity = ["FULL", "NOTHING"][value as usize % 2];
        all.push((Phase::Late, format!("ALTER TABLE {name} REPLICA IDENTITY {identity}")));
    }
    if let (Some(value), false) = (world.on(spec, 14), columns.is_empty()) {
        let column = &columns[value as usize % columns.len()];
        all.push((Phase::Said, format!("COMMENT ON COLUMN {name}.{} IS 'column {}'", column.name, value % 3)));
        if !has_heirs(world, spec) && spec.sort == Sort::Table && !column.virtually {
            all.push((Phase::Late, format!("ALTER TABLE {name} ALTER COLUMN {} SET STATISTICS {}", column.name, value % 100)));
        }
    }
    if let (Some(value), true) = (world.on(spec, 15), world.on(spec, 10).is_some() && !columns.is_empty()) {
        all.push((Phase::Said, format!("COMMENT ON CONSTRAINT ck10_{} ON {name} IS 'check {}'", spec.tag, value % 3)));
        if value % 3 == 0 {
            all.push((Phase::Said, format!("GRANT SELECT ({}), UPDATE ({0}) ON {name} TO \"Prop Writer\"", columns[0].name)));
        }
    }
    world.owned(spec, "TABLE", &name, all);
    world.said(spec, [0, 1], "TABLE", &name, ["SELECT", "ALL", "INSERT, DELETE"][world.value(spec, 1) as usize % 3], all);
}

/// Whether it is UNLOGGED, which nothing that refers to or from it would suit.
pub fn is_unlogged(world: &World<'_>, spec: &Spec) -> bool {
    let referenced = || {
        world
            .specs
            .iter()
            .filter_map(|other| (other.sort == Sort::ForeignKey).then(|| ends(world, other)).flatten())
            .any(|(from, to)| from.tag == spec.tag || to.tag == spec.tag)
    };
    world.on(spec, 7).is_some_and(|value| value % 3 == 0) && spec.sort == Sort::Table && !referenced()
}

pub fn table(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let columns = columns(world, spec);
    let unlogged = is_unlogged(world, spec);
    let mut parts: Vec<String> = columns.iter().map(|column| format!("{} {}", column.name, column.text)).collect();
    parts.extend(constraints(world, spec, &columns));
    let by = if spec.sort == Sort::Partitioned {
        format!(" PARTITION BY {} (k)", ["RANGE", "LIST", "HASH"][spec.seed as usize % 3])
    } else {
        String::new()
    };
    let sql = format!(
        "CREATE {}TABLE {} (\n    {}\n){by}{}",
        if unlogged { "UNLOGGED " } else { "" },
        world.name(spec),
        parts.join(",\n    "),
        options(world, spec)
    );
    all.push((Phase::Table, sql));
    afterwards(world, spec, &columns, all);
}

pub fn partition(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let (Some(parent), true) = (parent_of_partition(world, spec), is_there(world, spec)) else { return };
    let columns = columns(world, spec);
    let mut parts = Vec::new();
    if let (Some(value), Some(column)) = (world.on(spec, 5), columns.iter().find(|column| column.name == "c0"))
        && let Some(text) = default(&column.class, value)
    {
        parts.push(format!("c0 DEFAULT {text}"));
    }
    parts.extend(constraints(world, spec, &columns));
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    let tag = u64::from(spec.tag);
    let strategy = if parent.sort == Sort::Partitioned { parent.seed % 3 } else { [0, 2][parent.seed as usize / 8 % 2] };
    let moved = world.on(spec, 4).is_some_and(|value| value % 4 == 0);
    let bound = match strategy {
        0 if moved => format!("FROM ({}) TO ({})", tag * 10 + 2, tag * 10 + 8),
        0 => format!("FROM ({}) TO ({})", tag * 10, tag * 10 + 10),
        1 if moved => format!("IN ({tag}, {})", tag + 1000),
        1 => format!("IN ({tag})"),
        _ => format!("WITH (MODULUS 1000, REMAINDER {tag})"),
    };
    let by = if is_parted(world, spec) {
        format!(" PARTITION BY {} (id)", ["RANGE", "HASH"][spec.seed as usize / 8 % 2])
    } else {
        String::new()
    };
    all.push((
        Phase::Table,
        format!(
            "CREATE TABLE {} PARTITION OF {}{parts} FOR VALUES {bound}{by}{}",
            world.name(spec),
            world.name(parent),
            options(world, spec)
        ),
    ));
    afterwards(world, spec, &columns, all);
}

pub fn child(world: &World<'_>, spec: &Spec, all: &mut Out) {
    if !is_there(world, spec) {
        return;
    }
    let columns = columns(world, spec);
    let mut parts: Vec<String> = own_columns(world, spec).iter().map(|column| format!("{} {}", column.name, column.text)).collect();
    parts.extend(constraints(world, spec, &columns));
    let from: Vec<String> = parents(world, spec).into_iter().map(|parent| world.name(parent)).collect();
    all.push((
        Phase::Table,
        format!("CREATE TABLE {} ({}) INHERITS ({}){}", world.name(spec), parts.join(", "), from.join(", "), options(world, spec)),
    ));
    afterwards(world, spec, &columns, all);
}

pub fn foreign_key(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let Some((from, to)) = ends(world, spec) else { return };
    let tag = spec.tag;
    let (columns, key) = if to.sort == Sort::Partitioned { (format!("r{tag}, r{tag}_k"), "id, k") } else { (format!("r{tag}"), "id") };
    let mut sql = format!(
        "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({columns}) REFERENCES {} ({key})",
        world.name(from),
        world.bare(spec),
        world.name(to)
    );
    if world.on(spec, 2).is_some() {
        sql.push_str(" MATCH FULL");
    }
    let action = |value: u64| ["CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT"][value as usize % 4];
    for (bit, event) in [(3, "DELETE"), (4, "UPDATE")] {
        if let Some(value) = world.on(spec, bit) {
            sql.push_str(&format!(" ON {event} {}", action(value)));
        }
    }
    if let Some(value) = world.on(spec, 5) {
        sql.push_str([" DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"][value as usize % 2]);
    }
    if world.on(spec, 6).is_some_and(|value| value % 3 == 0) && from.sort == Sort::Table {
        sql.push_str(" NOT VALID");
    }
    all.push((Phase::Reference, sql));
    world.said(spec, [0, 1], "CONSTRAINT", &format!("{} ON {}", world.bare(spec), world.name(from)), "", all);
}
