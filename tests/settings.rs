//! Settings within schema files that give another meaning to what statements say: a scratch server runs statements under them, and what is
//! planned without one refuses the statements that may mean something else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use support::{Home, run};

const USUAL: &str = "CREATE TABLE t (at timestamptz DEFAULT '2020-01-01 00:00', day date DEFAULT '01.02.2020', much money DEFAULT '1.50',
    n integer CHECK (n = NULL OR n > 0));\n";

const BENDING: [(&str, &str); 4] = [
    (
        "SET TimeZone = 'Asia/Tokyo'",
        "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'public.t'::regclass AND adnum = 1",
    ),
    ("SET DateStyle = 'ISO, DMY'", "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'public.t'::regclass AND adnum = 2"),
    (
        "SELECT set_config('TimeZone', 'Asia/Tokyo', false)",
        "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'public.t'::regclass AND adnum = 1",
    ),
    (
        "SET transform_null_equals = on",
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'public.t'::regclass AND contype = 'c'",
    ),
];

#[test]
fn what_settings_bend_is_seen_with_a_server_and_refused_without() {
    run(async {
        for (set, shown) in BENDING {
            let home = Home::new(17).await;
            home.sql("SET TimeZone = 'UTC'").await;
            home.sql(USUAL).await;
            fs::create_dir_all(home.path("db/schema")).unwrap();
            let write = |set: &str| fs::write(home.path("db/schema/a.sql"), format!("{set};\n{USUAL}")).unwrap();
            // As it is in a new session.
            write("SET TimeZone = 'UTC'");
            home.run(&["plan", "usual", "--check", "--scratch-url", &home.url]).exits(0);
            let before = home.text(shown).await;
            write(set);
            let off = home.run(&["plan", "bent", "--scratch", "off"]);
            off.exits(5).says("may mean something else under S").says("a.sql:2");
            home.run(&["plan", "bent", "--scratch-url", &home.url]).exits(0);
            home.run(&["apply", "--yes"]).exits(0);
            assert_ne!(home.text(shown).await, before, "{set}");
            home.run(&["plan", "--check", "--scratch-url", &home.url]).exits(0);
            home.run(&["down", "--yes"]).exits(0);
            assert_eq!(home.text(shown).await, before, "{set}");
        }
    });
}
