//! stand-in
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    pub message: String,
}
pub fn normalize_expr(_: &str) -> Result<String, ParseError> {
    Ok(String::new())
}
pub fn normalize_query(_: &str) -> Result<String, ParseError> {
    Ok(String::new())
}
