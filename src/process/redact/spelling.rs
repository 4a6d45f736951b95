//! How a secret may be written.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Shorter values, and shorter spellings, occur by chance.
pub(super) const SHORTEST: usize = 4;
/// The same for what Base64 makes of a value in the middle of others, and for single lines.
const SHORTEST_PART: usize = 8;

/// What is to be looked for when `value` must not be seen. Nothing for a value that is too short.
pub(super) fn spellings(value: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if value.chars().count() < SHORTEST {
        return found;
    }
    let trimmed = value.trim();
    for value in [value, trimmed] {
        if value.chars().count() < SHORTEST {
            continue;
        }
        found.insert(value.to_owned());
        found.extend(base64(value.as_bytes()));
        found.extend(percent(value.as_bytes()));
        found.extend([json(value, false, false), json(value, true, false)]);
        found.extend([json(value, false, true), json(value, true, true)]);
        found.insert(value.replace('\'', r"'\''"));
    }
    // Logs put something in front of each line. The first and last line of a PEM block are no
    // secret, and without them the block would not be known as one.
    let lines = trimmed.lines().map(str::trim).filter(|_| trimmed.contains('\n'));
    let telling = lines.filter(|line| line.len() >= SHORTEST_PART && !line.starts_with("-----"));
    found.extend(telling.map(str::to_owned));
    found
}

/// Base64 of the value alone, and the part that is the same wherever it stands among other bytes.
fn base64(value: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for alphabet in [STANDARD, URL_SAFE] {
        let whole = encode(value, alphabet);
        let padding = "=".repeat((3 - value.len() % 3) % 3);
        found.extend([format!("{whole}{padding}"), whole]);
        for before in 0..3 {
            let mut bytes = vec![0; before];
            bytes.extend(value);
            let text = encode(&bytes, alphabet);
            // Characters that hold bits of what stands before or after it are left out.
            let part = &text[(before * 8).div_ceil(6)..bytes.len() * 8 / 6];
            if part.len() >= SHORTEST_PART {
                found.push(part.to_owned());
            }
        }
    }
    found
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 without padding.
fn encode(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=group.len() {
            text.push(char::from(alphabet[(bits >> (18 - 6 * at)) as usize & 63]));
        }
    }
    text
}

/// Percent-encoding as RFC 3986, `encodeURIComponent` and forms have it.
fn percent(value: &[u8]) -> Vec<String> {
    let encode = |kept: &[u8], plus: bool, upper: bool| {
        let mut text = String::new();
        for byte in value {
            // Writing to a string cannot fail.
            let _ = match byte {
                b' ' if plus => write!(text, "+"),
                byte if byte.is_ascii_alphanumeric() || kept.contains(byte) => {
                    write!(text, "{}", char::from(*byte))
                }
                byte if upper => write!(text, "%{byte:02X}"),
                byte => write!(text, "%{byte:02x}"),
            };
        }
        text
    };
    let mut found = Vec::new();
    for upper in [true, false] {
        found.push(encode(b"-._~", false, upper));
        found.push(encode(b"-._~/", false, upper));
        found.push(encode(b"-_.!~*'()", false, upper));
        found.push(encode(b"-._*", true, upper));
    }
    found
}

/// The inside of a JSON string; some escape the slash, some everything that is not ASCII.
fn json(value: &str, slash: bool, ascii: bool) -> String {
    let mut text = String::new();
    for c in value.chars() {
        let short = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '/' if slash => "\\/",
            c if c.is_control() && c.is_ascii() || ascii && !c.is_ascii() => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
                continue;
            }
            c => {
                text.push(c);
                continue;
            }
        };
        text.push_str(short);
    }
    text
}
