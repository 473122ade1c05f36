//! Bodies of SQL functions after a plan. They are kept as text, and plans do not look into them (`check_function_bodies` is off, since what they
//! name may come later). Where a column could not be put where the files have it, a body that takes columns by their places fits no more.

use std::collections::BTreeSet;

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// Functions of this database, each with the statement that has the server look at its body. A body is read where the function's schema is
/// searched first: what it names without finding it there is not what is asked for.
const FUNCTIONS: &str = "SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
        pg_catalog.format('BEGIN; SET LOCAL search_path = %I, public; SET LOCAL check_function_bodies = on;
            SELECT pg_catalog.fmgr_sql_validator(%s::pg_catalog.oid); ROLLBACK', n.nspname, p.oid)
    FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname = 'sql'
    WHERE p.oid >= 16384 AND p.prosqlbody IS NULL AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
    ORDER BY 1";

/// The functions that do not fit their tables any more, and what the server says of them.
///
/// # Errors
/// Where the server is lost.
pub async fn unfit(client: &Client) -> Result<BTreeSet<String>, tokio_postgres::Error> {
    let mut unfit = BTreeSet::new();
    for row in client.query(FUNCTIONS, &[]).await? {
        let (name, check): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let Err(error) = client.batch_execute(&check).await else { continue };
        let Some(refusal) = error.as_db_error() else { return Err(error) };
        client.batch_execute("ROLLBACK").await?;
        if [&SqlState::INVALID_FUNCTION_DEFINITION, &SqlState::DATATYPE_MISMATCH].contains(&refusal.code()) {
            unfit.insert(format!(
                "{name} ({}{})",
                refusal.message(),
                refusal.detail().map(|detail| format!(": {detail}")).unwrap_or_default()
            ));
        }
    }
    Ok(unfit)
}
