//! Comparisons that are written without an operator (IS DISTINCT FROM, NULLIF, CASE, IN with a query) mean the one that search_path shows, and
//! nothing in a view says which that was. Where it is not the one that the interpreter reads them for, it says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use trueup::model::{Catalog, Ident, Step};
use trueup::object::Session;
use trueup::plan::offline::doubts;
use trueup::source::interpret::{new_database, replay};
use trueup::sql::parse_script;

const COMPARISONS: [&str; 5] = [
    "email IS DISTINCT FROM old",
    "email IS NOT DISTINCT FROM 'x'",
    "NULLIF(email, '')",
    "CASE email WHEN 'x' THEN 1 END",
    "email IN (SELECT old FROM t)",
];

const SCHEMA: &str = "CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext;
    CREATE TABLE public.t (email ext.citext, old ext.citext, n int);";

/// What the interpreter makes of the schema and what else there is, with a search_path.
fn interpreted(path: &[&str], more: &str) -> Result<Catalog, String> {
    let mut session = Session::new(new_database(17));
    session.search_path = path.iter().copied().map(Ident::new).collect();
    let sql = format!("{SCHEMA}{more}");
    for statement in parse_script(&sql).map_err(|error| error.to_string())? {
        replay(&mut session, [&sql[statement.span.clone()]]).map_err(|error| error.to_string())?;
    }
    Ok(session.catalog)
}

fn refused(path: &[&str], more: &str) -> String {
    interpreted(path, more).map(|_| ()).expect_err(more)
}

#[test]
fn what_search_path_does_not_show_is_told() {
    for comparison in COMPARISONS {
        let view = format!("CREATE VIEW v AS SELECT {comparison} AS x FROM t;");
        interpreted(&["public", "ext"], &view).unwrap();
        let error = refused(&["public"], &view);
        assert!(error.contains("the = of extension citext, whose schema ext is not in search_path"), "{comparison}: {error}");
        let cast = view.replace("email", "email::text").replace("old", "old::text");
        interpreted(&["public"], &cast).unwrap();
    }
    // Whatever citext has, numbers are compared as ever.
    interpreted(&["public"], "CREATE VIEW v AS SELECT NULLIF(n, 0), n IN (SELECT 1) FROM t;").unwrap();
    let named = "CREATE VIEW v AS SELECT email OPERATOR(pg_catalog.=) ANY (SELECT old FROM t) FROM t;";
    assert!(refused(&["public", "ext"], named).contains("the = of extension citext"));
}

/// A plan is run under the search_path of who applies it, which need not have the extension.
#[test]
fn plans_that_would_mean_something_else_are_wrong() {
    let from = interpreted(&["public"], "").unwrap();
    for comparison in COMPARISONS {
        let to = interpreted(&["public", "ext"], &format!("CREATE VIEW v AS SELECT {comparison} AS x FROM t;")).unwrap();
        let sql = format!("CREATE VIEW public.v AS SELECT {} AS x FROM public.t", comparison.replace("FROM t", "FROM public.t"));
        let up = [Step::new(sql, "create view public.v")];
        let down = [Step::new("DROP VIEW public.v", "drop view public.v")];
        let doubts = doubts(&from, &to, &up, &down);
        assert!(doubts.wrong.iter().any(|wrong| wrong.contains("whose schema ext is not in search_path")), "{comparison}: {doubts:?}");
    }
}
