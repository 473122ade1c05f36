//! The C entry point of libpg_query, called directly because `pg_query::parse` throws the cursor position away.
#![allow(unsafe_code, reason = "the one foreign call of the program; each block states why it is sound")]

use std::ffi::{CStr, CString, c_char, c_int};

use pg_query::protobuf::ParseResult;
use prost::Message;

use super::ParseError;

/// `PG_QUERY_PARSE_DEFAULT` and `PG_QUERY_PARSE_PLPGSQL_EXPR` of pg_query.h.
#[derive(Clone, Copy)]
pub enum Mode {
    Statements = 0,
    Expression = 2,
}

/// `PgQueryError` of pg_query.h.
#[repr(C)]
struct RawError {
    message: *mut c_char,
    funcname: *mut c_char,
    filename: *mut c_char,
    lineno: c_int,
    cursorpos: c_int,
    context: *mut c_char,
}

/// `PgQueryProtobufParseResult` of pg_query.h, its `PgQueryProtobuf` in place.
#[repr(C)]
#[derive(Clone, Copy)]
struct RawResult {
    len: usize,
    data: *mut c_char,
    stderr_buffer: *mut c_char,
    error: *mut RawError,
}

unsafe extern "C" {
    fn pg_query_parse_protobuf_opts(input: *const c_char, parser_options: c_int) -> RawResult;
    fn pg_query_free_protobuf_parse_result(result: RawResult);
}

/// `ParseResult` of pg_query.proto, its statements left packed: a field that is a message is the bytes of it.
#[derive(Clone, PartialEq, Message)]
pub struct Packed {
    /// The statements.
    #[prost(message, repeated, tag = "2")]
    pub stmts: Vec<PackedStatement>,
}

/// `RawStmt` of pg_query.proto.
#[derive(Clone, PartialEq, Message)]
pub struct PackedStatement {
    /// The tree: a `Node`.
    #[prost(bytes = "vec", optional, tag = "1")]
    pub stmt: Option<Vec<u8>>,
    /// Where it begins, in bytes.
    #[prost(int32, tag = "2")]
    pub stmt_location: i32,
    /// Its length in bytes; 0 is up to the end.
    #[prost(int32, tag = "3")]
    pub stmt_len: i32,
}

/// Parses text; positions in the tree and in errors are bytes of `text`.
pub fn parse(text: &str, mode: Mode) -> Result<ParseResult, ParseError> {
    parse_as(text, mode)
}

/// The same for statements, whose trees stay packed.
pub fn parse_packed(text: &str) -> Result<Packed, ParseError> {
    parse_as(text, Mode::Statements)
}

fn parse_as<T: Message + Default>(text: &str, mode: Mode) -> Result<T, ParseError> {
    let input = CString::new(text).map_err(|error| ParseError::at(error.nul_position(), "a NUL byte cannot be part of SQL"))?;
    // SAFETY: `input` is a NUL-terminated string that outlives the call, and the function only reads it. The library keeps its
    // state in thread-local variables, so that calls from several threads do not meet.
    let result = unsafe { pg_query_parse_protobuf_opts(input.as_ptr(), mode as c_int) };
    let parsed = if result.error.is_null() { decode(&result) } else { Err(failure(text, &result)) };
    // SAFETY: `result` comes from the parse function, is freed exactly once, and what was made of it owns its memory.
    unsafe { pg_query_free_protobuf_parse_result(result) };
    parsed
}

fn decode<T: Message + Default>(result: &RawResult) -> Result<T, ParseError> {
    if result.data.is_null() {
        return Ok(T::default());
    }
    // SAFETY: without an error the library gives `len` initialised bytes at `data`, which live until the result is freed.
    let bytes = unsafe { std::slice::from_raw_parts(result.data.cast::<u8>(), result.len) };
    T::decode(bytes).map_err(|error| ParseError::whole(format!("the parse tree cannot be read: {error}")))
}

fn failure(text: &str, result: &RawResult) -> ParseError {
    // SAFETY: the caller has seen that `error` is not null; it then points to a filled struct until the result is freed.
    let error = unsafe { &*result.error };
    let message = if error.message.is_null() {
        "the parser gave no message".to_owned()
    } else {
        // SAFETY: a message that is not null is a NUL-terminated string (strdup) of the same life.
        unsafe { CStr::from_ptr(error.message) }.to_string_lossy().into_owned()
    };
    if message.starts_with("stack depth limit exceeded") || message.starts_with("memory exhausted") || message.contains("protobuf") {
        return ParseError { message: format!("nested too deeply to be parsed ({message})"), position: position(text, error.cursorpos) };
    }
    ParseError { message, position: position(text, error.cursorpos) }
}

/// Turns `cursorpos`, which counts characters from 1 and is 0 where unknown, into a byte offset.
fn position(text: &str, cursorpos: c_int) -> Option<usize> {
    let characters = usize::try_from(cursorpos).ok()?.checked_sub(1)?;
    Some(text.char_indices().nth(characters).map_or(text.len(), |(offset, _)| offset))
}
