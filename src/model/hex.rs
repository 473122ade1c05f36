//! Bytes as people write them down.

use std::fmt::Write;

/// Two digits for each byte, in lower case.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // A String takes whatever it is given.
        let _never_fails = write!(text, "{byte:02x}");
        text
    })
}
