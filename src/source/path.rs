//! What a path inside a project may look like. No disk is touched.
//!
//! One file has one spelling, the same on every system: relative, with `/`, without `.` and `..`.
//! Otherwise two entries could bind one file, or one clone verify where another does not.

use crate::text::{Fault, FaultKind};

/// The components of `rel`, when it is a plain path inside a project.
///
/// # Errors
/// [`FaultKind::LinkOutside`] for a path that leads out of the project or could on some system
/// (absolute, `..`, backslash, `:`, NUL); [`FaultKind::CaseMismatch`] for a second spelling of a
/// path inside it (`./a`, `a//b`, `a/`, or an end that Windows drops: `a.`).
pub fn check_path(rel: &str) -> Result<Vec<&str>, Fault> {
    if let Some(why) = leads_out(rel) {
        return Err(Fault {
            kind: FaultKind::LinkOutside,
            span: None,
            message: format!("{rel:?} is not a path inside the project: {why}"),
            help: Some(
                "name the file relative to the directory of d3p.yaml, with `/`, and copy it \
                 into the project if it is elsewhere"
                    .to_owned(),
            ),
        });
    }
    let plain: Vec<&str> = rel.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if plain.is_empty() {
        return Err(Fault {
            kind: FaultKind::NotRegular,
            span: None,
            message: format!("{rel:?} names the project directory, not a file"),
            help: Some("name a file".to_owned()),
        });
    }
    let canonical = plain.join("/");
    if canonical != rel {
        return Err(spelling(rel, &format!("write it as `{canonical}`")));
    }
    if plain.iter().any(|part| part.ends_with(['.', ' '])) {
        return Err(spelling(rel, "rename it: Windows drops a dot or space at the end of a name"));
    }
    Ok(plain)
}

fn spelling(rel: &str, help: &str) -> Fault {
    Fault {
        kind: FaultKind::CaseMismatch,
        span: None,
        message: format!("{rel:?} is a second spelling of a path"),
        help: Some(help.to_owned()),
    }
}

fn leads_out(rel: &str) -> Option<&'static str> {
    if rel.starts_with('/') {
        Some("it is absolute")
    } else if rel.contains('\\') {
        Some("it contains a backslash")
    } else if rel.contains(':') {
        Some("it contains `:`, which names a drive or a stream on Windows")
    } else if rel.contains('\0') {
        Some("it contains a NUL character")
    } else if rel.split('/').any(|part| part == "..") {
        Some("it contains `..`")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn plain_paths_are_taken_apart() {
        assert_eq!(check_path("d3p.yaml").unwrap(), ["d3p.yaml"]);
        assert_eq!(check_path(".artifacts/a b/ü.json").unwrap(), [".artifacts", "a b", "ü.json"]);
        assert_eq!(check_path("a/..b/c").unwrap(), ["a", "..b", "c"]);
    }

    #[test]
    fn ways_out_are_refused() {
        for rel in ["/etc/passwd", "..", "a/../b", "a\\b", "C:x", "a/f.txt:stream", "a\0b"] {
            assert_eq!(check_path(rel).unwrap_err().kind, FaultKind::LinkOutside, "{rel:?}");
        }
    }

    #[test]
    fn second_spellings_are_refused_with_the_first() {
        for rel in ["./a/b", "a//b", "a/./b", "a/b/"] {
            let fault = check_path(rel).unwrap_err();
            assert_eq!(fault.kind, FaultKind::CaseMismatch, "{rel:?}");
            assert_eq!(fault.help.unwrap(), "write it as `a/b`");
        }
        assert_eq!(check_path("a./b").unwrap_err().kind, FaultKind::CaseMismatch);
        assert_eq!(check_path("b ").unwrap_err().kind, FaultKind::CaseMismatch);
    }

    #[test]
    fn no_name_is_not_a_file() {
        for rel in ["", ".", "./"] {
            assert_eq!(check_path(rel).unwrap_err().kind, FaultKind::NotRegular, "{rel:?}");
        }
    }
}
