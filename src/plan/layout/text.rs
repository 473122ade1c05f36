//! Changing statements within the text of a file, and leaving the rest of it alone.

use std::ops::Range;

use crate::sql;

/// What happens at a statement.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Whether it goes.
    pub replaces: bool,
    /// What comes in its place, or after it.
    pub statements: Vec<String>,
}

/// The text with all edits carried out; the places are those of the statements, without their semicolons, in order.
pub fn edited(text: &str, edits: &[(Range<usize>, Edit)]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for (span, edit) in edits {
        let end = end_of(text, span.end);
        let new = edit.statements.iter().map(|sql| format!("{sql};")).collect::<Vec<_>>().join("\n\n");
        match (edit.replaces, edit.statements.is_empty()) {
            (true, true) => {
                let start = with_comments(text, span.start).max(done);
                result.push_str(&text[done..start]);
                done = line_end(text, end);
                // One empty line between what was before it and what comes.
                if result.ends_with("\n\n") || result.is_empty() {
                    done += text[done..].len() - text[done..].trim_start_matches('\n').len();
                }
            }
            (true, false) => {
                result.push_str(&text[done..span.start]);
                result.push_str(&new);
                done = end;
            }
            (false, _) => {
                result.push_str(&text[done..end]);
                if !text[..end].ends_with(';') {
                    result.push(';');
                }
                result.push_str("\n\n");
                result.push_str(&new);
                done = end;
            }
        }
    }
    result.push_str(&text[done..]);
    if edits.iter().any(|(_, edit)| edit.replaces && edit.statements.is_empty()) {
        let kept = result.trim_end_matches('\n').len();
        result.truncate(kept);
        result.push_str(if kept > 0 { "\n" } else { "" });
    }
    result
}

/// Adds a statement at the end.
pub fn append(text: &mut String, sql: &str) {
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    text.push_str(sql);
    text.push_str(";\n");
}

/// Behind the semicolon of a statement, where it has one.
fn end_of(text: &str, end: usize) -> usize {
    let rest = text[end..].trim_start();
    if rest.starts_with(';') { text.len() - rest.len() + 1 } else { end }
}

/// Behind the line on which nothing but white space follows.
fn line_end(text: &str, end: usize) -> usize {
    match text[end..].find('\n') {
        Some(length) if text[end..end + length].trim().is_empty() => end + length + 1,
        None if text[end..].trim().is_empty() => text.len(),
        _ => end,
    }
}

/// The beginning of the comment right above a statement, which is about it; an empty line parts them.
fn with_comments(text: &str, start: usize) -> usize {
    let mut begin = start;
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |found| found + 1);
    if !text[line_start(begin)..begin].trim().is_empty() {
        return begin;
    }
    begin = line_start(begin);
    while begin > 0 {
        let above = line_start(begin - 1);
        if !text[above..begin].trim_start().starts_with("--") {
            break;
        }
        begin = above;
    }
    begin
}

/// The lines of a main file again, for these files in this order; lines that are about other files stay behind what they were behind.
pub fn includes_again(text: &str, files: &[String], gone: impl Fn(&str) -> bool) -> String {
    let includes = sql::includes(text).unwrap_or_default();
    let mut heads: Vec<(Option<&str>, String)> = Vec::new();
    let mut done = 0;
    for include in &includes {
        let end = line_end(text, include.span.end);
        heads.push((Some(include.path), text[done..end].to_owned()));
        done = end;
    }
    // What stands above the first line is about the whole file.
    let first = includes.first().map_or(text.len(), |include| include.span.start);
    if let Some((_, line)) = heads.first_mut() {
        *line = line[first..].to_owned();
    }
    let mut order: Vec<String> = files.to_vec();
    let mut before: Option<&str> = None;
    for path in heads.iter().filter_map(|(path, _)| *path) {
        if !files.iter().any(|file| file == path) && !gone(path) {
            let at = before.and_then(|before| order.iter().position(|file| file == before)).map_or(0, |at| at + 1);
            order.insert(at, path.to_owned());
        }
        before = Some(path);
    }
    let mut result = text[..first].to_owned();
    if !result.is_empty() && !result.ends_with('\n') {
        result.push('\n');
    }
    for file in order {
        match heads.iter().find(|(path, _)| *path == Some(file.as_str())) {
            Some((_, line)) => {
                result.push_str(line);
                if !line.ends_with('\n') {
                    result.push('\n');
                }
            }
            None => result.push_str(&format!("\\ir {file}\n")),
        }
    }
    result.push_str(if includes.is_empty() { "" } else { &text[done..] });
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, statement: &str) -> Range<usize> {
        let start = text.find(statement).unwrap_or_default();
        start..start + statement.len()
    }

    #[test]
    fn comments_go_with_what_they_are_about() {
        let text = "-- head\n\n-- about a\nA;\n\n-- about b\nB ; -- still b\nC";
        let gone = Edit { replaces: true, statements: vec![] };
        let new = |sql: &str| Edit { replaces: true, statements: vec![sql.to_owned()] };
        let after = Edit { replaces: false, statements: vec!["D".to_owned(), "E".to_owned()] };
        assert_eq!(
            edited(text, &[(at(text, "A;").start..at(text, "A;").end - 1, gone.clone())]),
            "-- head\n\n-- about b\nB ; -- still b\nC\n"
        );
        assert_eq!(edited(text, &[(at(text, "B "), new("X"))]), "-- head\n\n-- about a\nA;\n\n-- about b\nX; -- still b\nC");
        assert_eq!(edited(text, &[(at(text, "C"), after)]), "-- head\n\n-- about a\nA;\n\n-- about b\nB ; -- still b\nC;\n\nD;\n\nE;");
        assert_eq!(edited("-- a\nA;\n", &[(5..6, gone)]), "");
    }

    #[test]
    fn main_files_keep_their_order_and_comments() {
        let text = "-- all\nSET x = 1;\n\n-- first\n\\ir a.sql\n\\ir mine.sql\n-- b\n\\ir b.sql\n-- end\n";
        let files = ["b.sql".to_owned(), "c.sql".to_owned()];
        let expected = "-- all\nSET x = 1;\n\n-- first\n\\ir mine.sql\n-- b\n\\ir b.sql\n\\ir c.sql\n-- end\n";
        assert_eq!(includes_again(text, &files, |file| file == "a.sql"), expected);
    }
}
