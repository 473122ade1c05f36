//! The functions that PostgreSQL has of its own.

/// Names of functions, aggregates and window functions of `pg_catalog`, PostgreSQL 14 to 18, in byte order.
const BUILTIN: &str = include_str!("builtin_functions.txt");

/// Whether `pg_catalog` has a function of this name.
pub fn is_builtin_function(name: &str) -> bool {
    static NAMES: std::sync::LazyLock<Vec<&str>> = std::sync::LazyLock::new(|| BUILTIN.lines().collect());
    NAMES.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_own() {
        assert!(BUILTIN.lines().is_sorted());
        assert!(is_builtin_function("now") && is_builtin_function("RI_FKey_check_ins") && !is_builtin_function("uuid_generate_v4"));
    }
}
