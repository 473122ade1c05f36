//! Parse trees are walked, decoded and dropped by recursion, and SQL may nest thousands of levels deep.

use std::io;

/// Stack of the threads that touch parse trees. It is reserved, not used: only pages that are touched cost memory.
pub const STACK_SIZE: usize = 512 * 1024 * 1024;

/// Runs `work` on a thread with a stack of [`STACK_SIZE`]; a panic in it goes on in the caller.
///
/// # Errors
/// Where the system gives no such thread.
pub fn run_big<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("sql".to_owned()).stack_size(STACK_SIZE).spawn_scoped(scope, work)?;
        Ok(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{normalize_expr, normalize_query, parse_expr};
    use super::run_big;

    #[test]
    fn deep_trees_go_through() {
        let chain = format!("a{}", " || b".repeat(3000));
        let calls = format!("{}a{}", "f(".repeat(600), ")".repeat(600));
        let union = format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(1000));
        for (text, normalize) in [(chain, normalize_expr as fn(&str) -> _), (calls, normalize_expr), (union, normalize_query)] {
            let again = run_big(|| normalize(&text).and_then(|once| Ok(normalize(&once)? == once && once.len() >= text.len())));
            assert!(again.is_ok_and(|again| again == Ok(true)));
        }
    }

    #[test]
    fn deeper_ones_are_refused() {
        for text in ["f(".repeat(200_000) + "a" + &")".repeat(200_000), "a".to_owned() + &" || b".repeat(200_000)] {
            let message = run_big(|| parse_expr(&text).map(|_| ()).map_err(|error| error.message));
            assert!(message.is_ok_and(|said| said.is_err_and(|message| message.contains("too deep"))));
        }
    }
}
