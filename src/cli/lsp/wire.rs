//! Messages as they are written: a head with their length, and JSON.

use crate::cli::Failure;
use crate::model::Reason;
use serde_json::Value;
use std::io::{BufRead, Read as _, Write};

/// The longest message that is read, in bytes; a head has at most that of [`HEAD`].
const LONGEST: usize = 32 * 1024 * 1024;
const HEAD: u64 = 4096;

/// The next message; `None` at the end.
///
/// # Errors
/// When what is there is no message: nobody knows then where the next one begins.
pub(super) fn read(input: &mut impl BufRead) -> Result<Option<Value>, Failure> {
    let Some(length) = head(input)? else { return Ok(None) };
    let mut body = Vec::new();
    input.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length {
        return Ok(None);
    }
    let message = serde_json::from_slice(&body).map_err(|error| none(&error.to_string()))?;
    Ok(Some(message))
}

/// The length that the head tells.
fn head(input: &mut impl BufRead) -> Result<Option<usize>, Failure> {
    let mut length = None;
    let mut left = HEAD;
    loop {
        let mut line = Vec::new();
        let read = input.by_ref().take(left).read_until(b'\n', &mut line)? as u64;
        left = left.saturating_sub(read);
        if read == 0 && left > 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line).into_owned();
        if !line.ends_with('\n') {
            return Err(none("its head does not end"));
        }
        let line = line.trim();
        if line.is_empty() {
            return length.map(Some).ok_or_else(|| none("its head names no Content-Length"));
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            let told = value.trim().parse::<usize>().ok().filter(|own| *own <= LONGEST);
            length =
                Some(told.ok_or_else(|| none("its Content-Length is no number up to 32 MiB"))?);
        }
    }
}

fn none(why: &str) -> Failure {
    let why: Reason = format!("what was read is no message of the protocol: {why}").into();
    Failure::incomplete(why.to_string())
}

/// Writes a message.
pub(super) fn write(message: &Value, out: &mut dyn Write) -> Result<(), Failure> {
    let text = message.to_string();
    write!(out, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    out.flush()?;
    Ok(())
}
