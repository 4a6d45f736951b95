//! Words and ids as OSCAL asks for them.

use crate::render::clean;
use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use serde_json::{Value, json};

/// The namespace of properties that are d3p's own.
pub(super) const NS: &str = "https://d3p.dev/ns/oscal";

/// The id of a person.
pub(super) fn person(name: &str) -> String {
    uuid(&["person", name])
}

/// A property of d3p's own; its value is one line.
pub(super) fn prop(name: &str, value: &str) -> Value {
    json!({ "name": name, "ns": NS, "value": line(value) })
}

/// A text of one line that is not empty, as OSCAL asks for.
pub(super) fn line(text: &str) -> String {
    match clean(text).trim() {
        "" => "none".to_owned(),
        text => text.to_owned(),
    }
}

/// A UUID of version 5 (RFC 9562) below the address of d3p's own namespace.
pub(super) fn uuid(parts: &[&str]) -> String {
    /// The namespace of addresses.
    const URL: [u8; 16] = [
        0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30,
        0xc8,
    ];
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    context.update(&URL);
    context.update(NS.as_bytes());
    for part in parts {
        context.update(b"\0");
        context.update(part.as_bytes());
    }
    let digest = context.finish();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::{line, uuid};

    #[test]
    fn ids_come_of_names() {
        let own = uuid(&["result", "a"]);
        assert_eq!(own, uuid(&["result", "a"]));
        assert_ne!(own, uuid(&["resulta"]));
        assert_eq!((own.len(), own.as_bytes()[14]), (36, b'5'));
        assert!(b"89ab".contains(&own.as_bytes()[19]), "{own}");
    }

    #[test]
    fn a_line_is_one_and_not_empty() {
        assert_eq!(line("  a\nb "), "a\\u{a}b");
        assert_eq!(line("  "), "none");
    }
}
