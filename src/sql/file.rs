//! A file of statements.

use std::ops::Range;

use pg_query::protobuf::Node;

use super::comment::{self, Hint};
use super::raw::{self, PackedStatement};
use super::scan::Scan;
use super::{ParseError, Tree};

/// One statement of a file. Positions in its tree are byte offsets in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement<T = Node> {
    /// The tree.
    pub node: T,
    /// Its bytes in the file, without semicolon, and without comments and white space around it.
    pub span: Range<usize>,
    /// The hints over it and inside it, and those behind it on its last line.
    pub hints: Vec<Hint>,
}

/// Splits a schema file into statements with their hints.
///
/// # Errors
/// The first thing that is not SQL, not a hint, or that belongs to data; its position is a byte offset in the file.
pub fn parse_file(text: &str) -> Result<Vec<Statement>, ParseError> {
    parse_file_packed(text)?.into_iter().map(unpacked).collect()
}

/// As [`parse_file`], its trees packed.
///
/// # Errors
/// As [`parse_file`].
pub fn parse_file_packed(text: &str) -> Result<Vec<Statement<Tree>>, ParseError> {
    let scan = Scan::of(text)?;
    let hints = comment::hints(&scan)?;
    let mut statements = statements(text, &scan)?;
    attach(text, &mut statements, hints)?;
    Ok(statements)
}

/// As [`parse_file`], for texts whose comments have another reader, and that are whole: nothing is a hint, and no file is included.
///
/// # Errors
/// As [`parse_file`], but for comments.
pub fn parse_script(text: &str) -> Result<Vec<Statement>, ParseError> {
    let scan = Scan::of(text)?;
    if let Some(include) = scan.includes.first() {
        return Err(ParseError::at(include.span.start, "only schema files can include others"));
    }
    statements(text, &scan)?.into_iter().map(unpacked).collect()
}

fn unpacked(statement: Statement<Tree>) -> Result<Statement, ParseError> {
    Ok(Statement { node: statement.node.node()?, span: statement.span, hints: statement.hints })
}

fn statements(text: &str, scan: &Scan<'_>) -> Result<Vec<Statement<Tree>>, ParseError> {
    let blanked;
    let source = if scan.ignored.is_empty() {
        text
    } else {
        blanked = scan.blanked(text);
        &blanked
    };
    let parsed = raw::parse_packed(source)?;
    parsed.stmts.into_iter().map(|raw| statement(source, scan, raw)).collect()
}

/// `stmt_len` 0 means up to the end (src/include/nodes/parsenodes.h, RawStmt).
fn statement(source: &str, scan: &Scan<'_>, raw: PackedStatement) -> Result<Statement<Tree>, ParseError> {
    let start = usize::try_from(raw.stmt_location).unwrap_or(0);
    let end = match usize::try_from(raw.stmt_len) {
        Ok(len) if len > 0 => start + len,
        _ => source.len(),
    };
    let span = scan.trimmed(source, start..end);
    let node = raw.stmt.ok_or_else(|| ParseError::at(span.start, "the parser gave no tree for this statement"))?;
    Ok(Statement { node: Tree::packed(node), span, hints: Vec::new() })
}

/// A hint belongs to the statement that ends after it, or to the one that ends on its line before it.
fn attach(text: &str, statements: &mut [Statement<Tree>], hints: Vec<Hint>) -> Result<(), ParseError> {
    for hint in hints {
        let next = statements.partition_point(|statement| statement.span.end <= hint.position);
        let behind = next.checked_sub(1).filter(|&index| !text[statements[index].span.end..hint.position].contains('\n'));
        match statements.get_mut(behind.unwrap_or(next)) {
            Some(statement) => statement.hints.push(hint),
            None => return Err(ParseError::at(hint.position, "no statement follows this hint")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(text: &str) -> Vec<&str> {
        parse_file(text).map_or_else(|error| panic!("{text}: {error}"), |found| found.iter().map(|s| &text[s.span.clone()]).collect())
    }

    fn refused(text: &str) -> (String, usize) {
        match parse_file(text) {
            Ok(_) => panic!("{text} is taken"),
            Err(error) => (error.message, error.position.unwrap_or(usize::MAX)),
        }
    }

    #[test]
    fn spans_have_no_margins() {
        assert_eq!(spans("-- a\n\n CREATE TABLE a () -- x\n;;/* b /* c */ */ SELECT 1 /* z */ "), ["CREATE TABLE a ()", "SELECT 1"]);
        assert_eq!(spans("\u{feff}SELECT 'é;' ; SELECT $a$;'$a$"), ["SELECT 'é;'", "SELECT $a$;'$a$"]);
        assert_eq!(spans("WITH x AS (SELECT 1) SELECT 2;\n(SELECT 3)\n; -- end"), ["WITH x AS (SELECT 1) SELECT 2", "(SELECT 3)"]);
        assert!(spans("").is_empty() && spans("-- only this").is_empty());
    }

    #[test]
    fn routine_bodies_hold_semicolons() {
        let function = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END";
        assert_eq!(spans(&format!("{function}; SELECT 3")), [function, "SELECT 3"]);
    }

    #[test]
    fn pg_dump_wraps_its_output() {
        let text = "\\restrict abc'def\nCREATE TABLE a ();\n\\unrestrict abc'def\n";
        assert_eq!(spans(text), ["CREATE TABLE a ()"]);
        assert_eq!(refused("\\restrict x\nCREATE TABEL a ();").1, 19);
    }

    #[test]
    fn psql_commands_about_output_are_passed_over() {
        let text = "\\set ON_ERROR_STOP on\n\\unset ECHO\n\\pset format unaligned\nSELECT 1;\n\\echo 'made; all'\n\\timing\nSELECT 2";
        assert_eq!(spans(text), ["SELECT 1", "SELECT 2"]);
    }

    #[test]
    fn psql_commands_are_refused_where_they_stand() {
        for (text, position) in [
            ("SELECT 1;\n  \\set x 1\n", 12),
            ("SELECT 1 \\gexec", 9),
            ("SELECT 1\n\\restrict x", 9),
            ("\\connect db", 0),
            ("\\echo Use CREATE EXTENSION \\quit", 0),
        ] {
            let (message, at) = refused(text);
            assert!(message.contains("psql") && at == position, "{text}: {message} at {at}");
        }
        assert_eq!(spans("SELECT E'\\'\\set', '\\' -- \\x\n"), ["SELECT E'\\'\\set', '\\'"]);
    }

    #[test]
    fn included_files_are_told() {
        let found = |text: &str| crate::sql::includes(text).map(|all| all.iter().map(|one| one.path.to_owned()).collect::<Vec<_>>());
        assert_eq!(found("\\ir a/b.sql\nSELECT 1;\n  \\i 'c d.sql' \n"), Ok(vec!["a/b.sql".to_owned(), "c d.sql".to_owned()]));
        assert_eq!(spans("\\ir a.sql\nSELECT 1;\n\\i b.sql"), ["SELECT 1"]);
        for text in ["\\ir", "\\i :file", "\\i a b", "SELECT 1 \\i a.sql", "\\i `x`"] {
            assert!(parse_file(text).is_err(), "{text}");
        }
        assert!(parse_script("\\ir a.sql\nSELECT 1").is_err());
    }

    #[test]
    fn copy_data_is_passed_over() {
        assert_eq!(
            spans("SELECT 1;\nCOPY s.a (b, c) FROM stdin;\n1\t\\N;'\n\\.\nSELECT 2;"),
            ["SELECT 1", "COPY s.a (b, c) FROM stdin", "SELECT 2"]
        );
        let (message, at) = refused("SELECT 1;\nCOPY s.a (b, c) FROM stdin;\n1\t\\N\n");
        assert!(message.contains("no end") && at == 10, "{message} at {at}");
    }

    #[test]
    fn hints_find_their_statement() {
        let text = "-- trueup: renamed from a\nCREATE TABLE b (\n -- trueup: renamed from x\n y int);\nCREATE TABLE c (); -- trueup: allow(r) why\n";
        let statements = parse_file(text).unwrap_or_default();
        assert_eq!(statements.iter().map(|s| s.hints.len()).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(&text[statements[0].hints[1].position..][..9], "-- trueup");
        assert_eq!(refused("SELECT 1;\n-- trueup: renamed from a\n").1, 10);
        assert_eq!(parse_script("-- trueup: anything\nSELECT 1").map(|s| s.len()), Ok(1));
    }

    #[test]
    fn errors_point_into_the_file() {
        assert_eq!(refused("CREATE TABLE é ();\nCREATE TABEL x ();").1, 27);
        assert_eq!(refused("SELECT 'é\u{1f600}';\nSELECT 'open").1, 24);
    }
}
