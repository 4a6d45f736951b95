//! How versions, commits and decisions stand in files of other tools.

/// Whether a report has a commit, by its first digits; it may go on.
pub(super) fn has_commit(text: &str, digits: &str) -> bool {
    text.match_indices(digits)
        .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.'))
}

/// Whether a text names a commit: at least seven hexadecimal digits.
pub(super) fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Which environment a name such as `prod-eu-1` is of, as the definition calls it; `other` for one before
/// both, `None` for a name that says nothing of it.
pub(super) fn environment(name: &str) -> Option<&'static str> {
    const BEFORE: [&str; 12] = [
        "staging",
        "stage",
        "stg",
        "uat",
        "qa",
        "test",
        "testing",
        "preprod",
        "preproduction",
        "pre",
        "acceptance",
        "like",
    ];
    const OTHER: [&str; 10] = [
        "dev",
        "development",
        "local",
        "localhost",
        "sandbox",
        "ci",
        "demo",
        "build",
        "laptop",
        "mock",
    ];
    let lower = name.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>();
    words.retain(|word| !word.is_empty());
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    // `non-production` is anything but that.
    if has(&["non", "not", "no", "nonprod", "nonproduction"]) {
        return Some("other");
    }
    // `pre-production` and `production-like` are no production.
    if has(&BEFORE) {
        return Some("staging");
    }
    if has(&OTHER) {
        return Some("other");
    }
    has(&["production", "prod", "prd", "live"]).then_some("production")
}

/// Whether `text` states `word`, and does not only mention it: as one of two alternatives
/// (`Go / No-Go`), or as what would follow from something (`NO-GO if …`, `no-go criteria`).
pub(super) fn says(text: &str, word: &str) -> bool {
    const MENTIONS: [&str; 9] =
        ["if", "when", "unless", "criteri", "condition", "trigger", "threshold", "/", "or"];
    const LABELS: [&str; 7] =
        ["decision", "verdict", "result", "status", "outcome", "recommendation", "is"];
    let plain = |text: &str| text.replace(['-', '‑', '–'], " ").to_lowercase();
    let (own, wanted) = (plain(text), plain(word));
    let mut from = 0;
    while let Some(found) = own[from..].find(&wanted) {
        let (start, end) = (from + found, from + found + wanted.len());
        from = end;
        let (before, after) = (own[..start].trim_end(), own[end..].trim_start());
        let whole = !own[..start].ends_with(char::is_alphanumeric)
            && !own[end..].starts_with(char::is_alphanumeric);
        let alternative = before.ends_with('/') || before.ends_with(" or");
        let mention = MENTIONS.iter().any(|word| after.starts_with(word));
        // In the case of the definition it is a statement wherever it stands; else after a label.
        let shouted = text.contains(word) || text.contains(&word.replace('-', " "));
        let label = before.trim_end_matches([':', '*', ' ', '|', '=']);
        let labelled = label.is_empty() || LABELS.iter().any(|own| label.ends_with(own));
        if whole && !alternative && !mention && (shouted || labelled) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{environment, says};

    #[test]
    fn an_environment_is_known_by_its_name() {
        for (name, is) in [
            ("production", Some("production")),
            ("PROD", Some("production")),
            ("prod-eu-1", Some("production")),
            ("Live", Some("production")),
            ("pre-production", Some("staging")),
            ("production-like", Some("staging")),
            ("stg_2", Some("staging")),
            ("UAT", Some("staging")),
            ("dev", Some("other")),
            ("non-production", Some("other")),
            ("local", Some("other")),
            ("eu-west-1", None),
            ("products", None),
        ] {
            assert_eq!(environment(name), is, "{name}");
        }
    }

    #[test]
    fn a_statement_is_told_from_a_mention() {
        for text in [
            "NO-GO for this release",
            "The decision is no-go.",
            "**Decision:** No-Go",
            "It is a NO GO, since two blockers are open",
            "no-go",
        ] {
            assert!(says(text, "NO-GO"), "{text}");
        }
        for text in [
            "Go / No-Go decision",
            "GO or NO-GO",
            "NO-GO/GO meeting",
            "NO-GO if the error rate rises above 1%",
            "No-Go criteria",
            "None of the no-go arguments held",
            "GO for the gift card release",
            "nano-going",
        ] {
            assert!(!says(text, "NO-GO"), "{text}");
        }
    }
}
