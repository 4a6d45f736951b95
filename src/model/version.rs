//! Versions as people and tools write them.

/// A version without `refs/tags/` and without `v`.
fn plain_version(text: &str) -> &str {
    let text = text.trim();
    let text = text.strip_prefix("refs/tags/").unwrap_or(text);
    text.strip_prefix(['v', 'V']).unwrap_or(text)
}

/// Whether two texts name one version, however each is written: what stands behind `+` is no part of it.
pub fn same_version(one: &str, other: &str) -> bool {
    let core = |text| plain_version(text).split('+').next().unwrap_or_default().to_lowercase();
    core(one) == core(other)
}

/// Whether `one` is later than `other`, by the numbers that both begin with; a version that is no row of
/// numbers is later than none.
pub fn is_later_version(one: &str, other: &str) -> bool {
    fn numbers(text: &str) -> Option<Vec<u64>> {
        let core = plain_version(text).split(['-', '+']).next()?;
        let numbers: Option<Vec<u64>> = core.split('.').map(|part| part.parse().ok()).collect();
        numbers.filter(|numbers| numbers.len() > 1)
    }
    matches!((numbers(one), numbers(other)), (Some(one), Some(other)) if one > other)
}

/// Whether `text` names this very version (or another word of letters and digits, such as a digest):
/// `1.4.0` in `api:1.4.0`, `v1.4.0` and "it runs 1.4.0."; not in `11.4.0`, `1.4.0-rc1` or `1.4.0.1`.
pub fn names_version(text: &str, version: &str) -> bool {
    let starts = |before: &str| {
        let before = before.strip_suffix(['v', 'V']).unwrap_or(before);
        !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.')
    };
    let ends = |after: &str| {
        let joined = after.strip_prefix(['.', '-', '+']).unwrap_or(after);
        let sentence_ends =
            after.starts_with('.') && !joined.starts_with(|c: char| c.is_ascii_digit());
        sentence_ends || !joined.starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    !version.is_empty()
        && text
            .match_indices(version)
            .any(|(at, _)| starts(&text[..at]) && ends(&text[at + version.len()..]))
}

#[cfg(test)]
mod tests {
    use super::{is_later_version, names_version, same_version};

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (one, other) in [("v1.10.0", "v1.9.9"), ("2.0", "v1.4.0"), ("v9.9.9", "v1.4.0")] {
            assert!(is_later_version(one, other) && !is_later_version(other, one), "{one}");
        }
        for (one, other) in [("v1.4.0-rc.1", "v1.4.0"), ("build-7", "v1.4.0"), ("v1.4.0", "1.4.0")]
        {
            assert!(!is_later_version(one, other), "{one}");
        }
        assert!(same_version("refs/tags/v1.4.0", "1.4.0") && same_version("v1.4.0+1", "v1.4.0"));
        assert!(!same_version("v1.4.0-rc.1", "v1.4.0"));
    }

    #[test]
    fn a_version_stands_by_itself() {
        for text in [
            "1.4.0",
            "v1.4.0",
            "api:1.4.0",
            "shop-1.4.0",
            "it runs 1.4.0.",
            "1.4.0.tar.gz",
            "(1.4.0)",
            "1.4.0 - ok",
        ] {
            assert!(names_version(text, "1.4.0"), "{text}");
        }
        for text in [
            "11.4.0",
            "2.1.4.0",
            "1.4.0.1",
            "1.4.01",
            "1.4.0-rc1",
            "1.4.0+2",
            "1.4.0beta",
            "rev1.4.0",
            "",
        ] {
            assert!(!names_version(text, "1.4.0"), "{text}");
        }
        assert!(!names_version("any", ""));
    }
}
