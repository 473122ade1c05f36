//! SQL functions that take columns by their places: no statement can put a column where the files have it, and what does not fit then is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use support::{Home, Said, run, schema};

const OLD: &str = "CREATE TABLE items (id int, name text);
    CREATE FUNCTION all_items() RETURNS SETOF items LANGUAGE sql AS 'SELECT id, name FROM items';
    CREATE FUNCTION names() RETURNS SETOF text LANGUAGE sql AS 'SELECT name FROM items';";

fn plan(home: &Home, files: &str) -> Said {
    schema(home, files);
    let _absent = fs::remove_dir_all(home.path("plans"));
    home.run(&["plan", "places", "--scratch-url", &home.url])
}

#[test]
fn functions_that_fit_no_more_are_told() {
    run(async {
        let home = Home::new(17).await;
        home.sql(OLD).await;
        let between = OLD.replace("id int, name text", "id int, price int, name text").replace("SELECT id, name", "SELECT id, price, name");
        let said = plan(&home, &between);
        said.exits(0)
            .says("risk medium; proof")
            .says("NOT PROVED WHOLE")
            .says("public.all_items() (return type mismatch in function declared to return items");
        assert!(!said.out.contains("names()"), "{}", said.out);
    });
}

#[test]
fn functions_that_still_fit_are_not() {
    run(async {
        let home = Home::new(17).await;
        home.sql(OLD).await;
        for (columns, body) in
            [("id int, name text, price int", "SELECT id, name, price"), ("id int, price int, name text", "SELECT i.* FROM items i --")]
        {
            let said = plan(&home, &OLD.replace("id int, name text", columns).replace("SELECT id, name", body));
            said.exits(0).says(" proved on ");
            assert!(!said.out.contains("NOT PROVED"), "{}", said.out);
        }
    });
}
