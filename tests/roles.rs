//! Roles are managed where files speak of them, and no further: created, changed, made members; never dropped unasked; passwords are
//! nobody's business.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use support::{Home, run};

fn files(home: &Home, schema: &str) {
    fs::create_dir_all(home.path("db/schema")).unwrap();
    fs::write(home.path("db/schema/a.sql"), schema).unwrap();
}

fn plan(home: &Home, scratch: &str, more: &[&str]) -> support::Said {
    home.run(&[&["plan", "--scratch", scratch, "--scratch-url", &home.url], more].concat())
}

async fn role(home: &Home, name: &str) -> String {
    let sql = format!(
        "SELECT concat_ws(' ', rolcanlogin, rolcreatedb, rolconnlimit, extract(year FROM rolvaliduntil), rolconfig, \
         shobj_description(oid, 'pg_authid')) FROM pg_roles WHERE rolname = '{name}'"
    );
    home.text(&format!("SELECT coalesce(({sql}), 'none')")).await
}

const MEMBERS: &str = "SELECT coalesce(string_agg(concat(roleid::regrole, '>', member::regrole, '/', admin_option), ' ' ORDER BY roleid::regrole::text, \
     member::regrole::text), 'none') FROM pg_auth_members WHERE member >= 16384";

#[test]
fn roles_that_files_speak_of_are_managed() {
    run(async {
        for (major, scratch) in [(14, "off"), (17, "off"), (18, "auto")] {
            let home = Home::new(major).await;
            home.sql("CREATE ROLE bystander; CREATE ROLE lead; GRANT lead TO bystander; CREATE TABLE t (i int)").await;
            let schema = "GRANT app TO lead WITH ADMIN OPTION;\n\
                 CREATE ROLE app;\nCREATE USER web PASSWORD 'geheim' CONNECTION LIMIT 5 VALID UNTIL '2031-02-01';\nALTER ROLE web SET work_mem = '8MB';\n\
                 DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ops') THEN CREATE ROLE ops CREATEDB; END IF; END $$;\n\
                 COMMENT ON ROLE app IS 'the app';\nGRANT app TO web;\nALTER ROLE lead NOINHERIT;\n\
                 CREATE TABLE t (i int);\nGRANT SELECT ON t TO app;\n";
            files(&home, schema);
            let planned = plan(&home, scratch, &["roles"]);
            planned
                .exits(0)
                .says("1. create role app")
                .says("create role web")
                .says("make web a member of app")
                .says("change role lead: NOINHERIT");
            assert!(!planned.err.contains("there is no role"), "{planned:?}");
            let text = fs::read_to_string(home.path("plans/0001_roles.up.sql")).unwrap();
            assert!(
                !text.contains("geheim") && text.contains("somebody sets the password of web afterwards") && !text.contains("bystander"),
                "{text}"
            );
            home.run(&["apply", "--yes"]).exits(0);
            assert_eq!(role(&home, "web").await, "t f 5 2031 {work_mem=8MB}");
            assert_eq!((role(&home, "app").await, role(&home, "ops").await), ("f f -1 the app".to_owned(), "f t -1".to_owned()));
            let members = home.text(MEMBERS).await;
            assert!(members.contains("app>lead/t") && members.contains("app>web/f") && members.contains("lead>bystander/f"), "{members}");
            plan(&home, scratch, &["--check"]).exits(0).says("nothing to plan");
            home.run(&["drift"]).exits(0);

            // What the files no longer say of a role is as it is by default; no role goes.
            files(&home, "CREATE ROLE app;\nCREATE USER web;\nCREATE TABLE t (i int);\n");
            let planned = plan(&home, scratch, &["less"]);
            planned.exits(0).says("change role web: CONNECTION LIMIT -1 VALID UNTIL 'infinity'").says("make web no longer a member of app");
            assert!(!planned.out.contains("drop role"), "{planned:?}");
            home.run(&["apply", "--yes"]).exits(0);
            assert_eq!(role(&home, "app").await, "f f -1");
            assert_eq!(role(&home, "ops").await, "f t -1");
            plan(&home, scratch, &["--check"]).exits(0);
            home.run(&["down", "--yes"]).exits(0);
            assert_eq!(role(&home, "web").await, "t f 5 2031 {work_mem=8MB}");
            assert!(home.text(MEMBERS).await.contains("app>web/f"));
            home.run(&["down", "--yes"]).exits(0);
            // They are the server's by now.
            assert_eq!(role(&home, "app").await, "f f -1 the app");
            assert!(!home.text(MEMBERS).await.contains("app>"));
        }
    });
}

#[test]
fn a_role_goes_where_a_statement_drops_it() {
    run(async {
        let home = Home::new(17).await;
        home.sql("CREATE ROLE old CREATEDB; CREATE TABLE t (i int); GRANT SELECT ON t TO old").await;
        files(&home, "DROP ROLE IF EXISTS old, older;\nCREATE TABLE t (i int);\nREVOKE ALL ON t FROM PUBLIC;\n");
        plan(&home, "auto", &["old"]).exits(0).says("drop role old").says("risk high");
        home.run(&["apply", "--yes"]).exits(1).says("role old with its password");
        home.run(&["apply", "--yes", "--allow-destructive"]).exits(0);
        assert_eq!(role(&home, "old").await, "none");
        plan(&home, "auto", &["--check"]).exits(0).says("nothing to plan");
        home.run(&["down", "--yes"]).exits(0);
        assert_eq!(role(&home, "old").await, "f t -1");
        assert_eq!(home.text("has_table_privilege('old', 't', 'SELECT')").await, "true");
    });
}

#[test]
fn the_database_gets_the_owner_that_files_name() {
    run(async {
        let home = Home::new(17).await;
        home.sql("CREATE ROLE landlord").await;
        let owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()";
        for scratch in ["auto", "off"] {
            files(&home, "ALTER DATABASE whatever OWNER TO landlord;\nCREATE TABLE t (i int);\n");
            plan(&home, scratch, &["owner"]).exits(0).says("give the database to landlord");
            home.run(&["apply", "--yes"]).exits(0);
            assert_eq!(home.text(owner).await, "landlord");
            plan(&home, scratch, &["--check"]).exits(0).says("nothing to plan");
            files(&home, "CREATE TABLE t (i int);\n");
            plan(&home, scratch, &["--check"]).exits(0).says("nothing to plan");
            home.run(&["down", "--yes", "--allow-destructive"]).exits(0);
            assert_eq!(home.text(owner).await, "postgres");
            fs::remove_dir_all(home.path("plans")).unwrap();
        }
    });
}

#[test]
fn plans_that_make_roles_can_be_proved_anywhere() {
    run(async {
        let home = Home::new(17).await;
        files(&home, "CREATE ROLE app;\nCREATE TABLE t (i int);\nGRANT SELECT ON t TO app;\nGRANT app TO postgres WITH INHERIT FALSE;\n");
        plan(&home, "auto", &["first", "--from", "empty"]).exits(0);
        let bin = support::pg_root().join("17/bin").display().to_string();
        home.run(&["prove", "--scratch-bin", &bin]).exits(0).says("all proved");
        home.run(&["plan", "--check", "--from", "plans", "--scratch-bin", &bin]).exits(0).says("nothing to plan");
        // A server that others use, too, gets no role by that.
        home.run(&["prove", "--scratch-url", &home.url]).exits(0);
        assert_eq!(role(&home, "app").await, "none");
    });
}

const OWN_SERVER: &str = "what it does about roles too, on a server of its own";

#[test]
fn what_plans_do_about_roles_is_proved_on_a_server_of_its_own() {
    run(async {
        for major in [14, 16, 17, 18] {
            let home = Home::new(major).await;
            home.sql(
                "CREATE ROLE lead CREATEDB; CREATE ROLE leaving; ALTER ROLE lead SET jit = off; CREATE TABLE t (i int); \
                 GRANT SELECT ON t TO leaving; GRANT leaving TO lead",
            )
            .await;
            let bin = support::pg_root().join(format!("{major}/bin")).display().to_string();
            files(
                &home,
                "GRANT app TO web, postgres;\nALTER ROLE lead NOCREATEDB RESET ALL;\nCREATE ROLE app;\nCREATE USER web PASSWORD 'x' IN ROLE lead;\n\
                 DROP ROLE leaving;\nALTER ROLE web SET search_path = a, public;\nCOMMENT ON ROLE web IS 'w';\nALTER DATABASE d OWNER TO app;\n\
                 CREATE TABLE t (i int);\nREVOKE ALL ON t FROM PUBLIC;\nALTER TABLE t OWNER TO app;\n"
                    .replace(" RESET ALL;", ";\nALTER ROLE lead RESET ALL;")
                    .as_str(),
            );
            home.run(&["plan", "roles", "--scratch-bin", &bin]).exits(0).says(OWN_SERVER);
            home.run(&["apply", "--yes", "--allow-destructive"]).exits(0);
            home.run(&["plan", "--check", "--scratch-bin", &bin]).exits(0);
            home.run(&["drift"]).exits(0);

            home.sql("ALTER ROLE web NOLOGIN; REVOKE app FROM web; CREATE ROLE bystander; ALTER ROLE lead SET jit = off").await;
            home.run(&["drift"]).exits(1).says("ALTER ROLE web LOGIN").says("GRANT app TO web").says("ALTER ROLE lead RESET jit");
            home.run(&["drift", "--revert", "--scratch-bin", &bin]).exits(0).says(OWN_SERVER);
            home.run(&["apply", "--yes"]).exits(0);
            home.run(&["drift"]).exits(0);
            // Without the files it is not known what plans said of roles, and that is told.
            std::fs::write(home.path("plans/0099_broken.up.sql"), "nothing").unwrap();
            home.run(&["drift"]).exits(0).says("the plan files cannot be read, so that roles are not compared").says("trueup verify");
            home.run(&["verify"]).exits(5).says("plans/0099_broken.up.sql:1:1");
            std::fs::remove_file(home.path("plans/0099_broken.up.sql")).unwrap();
            // What others share is not touched, and that is said.
            home.sql("ALTER ROLE web NOLOGIN").await;
            plan(&home, "auto", &["--check"]).exits(1).says("NOT PROVED, since others use that server too");
        }
    });
}

/// Every grant of a membership of `app`.
const GRANTS: &str = "SELECT coalesce(string_agg(concat(member::regrole, ' by ', grantor::regrole, ' ', admin_option, inherit_option, set_option), ', ' \
     ORDER BY member::regrole::text, grantor::regrole::text), 'none') FROM pg_auth_members WHERE roleid = 'app'::regrole";

#[test]
fn memberships_that_others_granted_are_theirs_to_take_back() {
    run(async {
        for major in [16, 18] {
            let home = Home::new(major).await;
            home.sql(
                "CREATE ROLE app; CREATE ROLE web; CREATE ROLE lead; CREATE ROLE deputy; GRANT app TO lead WITH ADMIN OPTION; \
                 GRANT app TO deputy WITH ADMIN TRUE, INHERIT FALSE GRANTED BY lead; GRANT app TO web GRANTED BY deputy; GRANT app TO web WITH SET FALSE",
            )
            .await;
            let before = "deputy by lead tft, lead by postgres ttt, web by deputy ftt, web by postgres ftf";
            assert_eq!(home.text(GRANTS).await, before);
            let bin = support::pg_root().join(format!("{major}/bin")).display().to_string();
            let all = "CREATE ROLE app;\nCREATE ROLE web;\nCREATE ROLE lead;\nCREATE ROLE deputy;\n";
            for (said, after) in [
                // By whomever.
                ("GRANT app TO web;\nGRANT app TO deputy WITH ADMIN OPTION;\nGRANT app TO lead WITH ADMIN OPTION;\n", before),
                ("GRANT app TO lead WITH ADMIN OPTION;\n", "lead by postgres ttt"),
                ("", "none"),
                (
                    "GRANT app TO web WITH SET FALSE, INHERIT FALSE;\nGRANT app TO deputy, lead WITH ADMIN OPTION;\n",
                    "deputy by lead tft, lead by postgres ttt, web by deputy fff, web by postgres fff",
                ),
                // As pg_dumpall writes it.
                (
                    "GRANT app TO lead WITH ADMIN OPTION GRANTED BY postgres;\nGRANT app TO web GRANTED BY lead;\n",
                    "lead by postgres ttt, web by lead ftt",
                ),
                ("GRANT app TO web;\n", "web by postgres ftt"),
            ] {
                files(&home, &format!("{all}{said}"));
                let planned = home.run(&["plan", "members", "--scratch-bin", &bin]);
                planned.exits(0);
                if after != before {
                    planned.says(OWN_SERVER);
                    home.run(&["apply", "--yes"]).exits(0);
                }
                assert_eq!(home.text(GRANTS).await, after, "{major}: {said}");
                home.run(&["plan", "--check", "--scratch-bin", &bin]).exits(0);
                if after != before {
                    home.run(&["down", "--yes"]).exits(0);
                    fs::remove_dir_all(home.path("plans")).unwrap();
                }
                assert_eq!(home.text(GRANTS).await, before, "{major}: {said}");
            }
            // What a role has granted outlives it.
            files(&home, "DROP ROLE deputy;\n");
            home.run(&["plan", "drop", "--scratch-bin", &bin]).exits(0).says(OWN_SERVER);
            home.run(&["apply", "--yes", "--allow-destructive"]).exits(0);
            assert_eq!(home.text(GRANTS).await, "lead by postgres ttt, web by postgres ftt");
            home.run(&["down", "--yes"]).exits(0);
            assert_eq!(home.text(GRANTS).await, before);
        }
    });
}
