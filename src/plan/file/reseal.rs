//! Changing the head of a plan file without touching the rest: what people wrote stays as they wrote it.

use super::names::escape;
use super::{MARK, checksum};

/// The text with other values for some lines of its head, and with the checksum that it then has. A value of `None` leaves a
/// file unsealed.
pub fn reseal(text: &str, changes: &[(&str, String)], seal: bool) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    for (key, value) in changes {
        set(&mut lines, key, &escape(value));
    }
    let unsealed = lines.join("\n");
    let sum = if seal { format!("sha256:{}", checksum(&unsealed)) } else { "none".to_owned() };
    set(&mut lines, "checksum", &sum);
    lines.join("\n")
}

/// Sets a line of the head; one that is missing goes over the line of the risk, which is always there.
fn set(lines: &mut Vec<String>, key: &str, value: &str) {
    let is = |line: &String, key: &str| line.strip_prefix(MARK).is_some_and(|rest| rest == key || rest.starts_with(&format!("{key} ")));
    let ends = |line: &String| ["step", "begin", "session"].iter().any(|mark| is(line, mark));
    let head = lines.iter().position(ends).unwrap_or(lines.len());
    let line = format!("{MARK}{key} {value}");
    let find = |key: &str| lines.iter().take(head).position(|line| is(line, key));
    match (find(key), find("risk")) {
        (Some(at), _) => lines[at] = line,
        (None, Some(risk)) => lines.insert(risk, line),
        (None, None) => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::super::{Direction, Header, PlanFile, Risk, read, write};
    use super::*;

    #[test]
    fn what_is_resealed_is_read_as_it_was_written() {
        let header = Header {
            number: 3,
            name: "a".to_owned(),
            direction: Direction::Up,
            parent: None,
            from: None,
            to: None,
            server: None,
            proof: String::new(),
            risk: Risk::Low,
            checksum: None,
        };
        let text = write(&PlanFile { header, session: Vec::new(), steps: Vec::new() });
        let text = format!("{text}\n-- a remark\n");
        let changes = [("number", "0004".to_owned()), ("parent", "ab".to_owned()), ("proof", "none\n".to_owned()), ("to", "cd".to_owned())];
        let again = read("x", &reseal(&text, &changes, true)).unwrap();
        let head = &again.plan.header;
        assert_eq!((head.number, head.parent.as_deref(), head.to.as_deref(), head.proof.as_str()), (4, Some("ab"), Some("cd"), "none\n"));
        assert!(!again.is_edited() && head.checksum.is_some());
        assert!(again.text.contains("-- a remark"));
        assert_eq!(read("x", &reseal(&again.text, &[], false)).unwrap().plan.header.checksum, None);
    }
}
