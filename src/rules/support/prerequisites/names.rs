//! What the members of files are called, and what each name means.

use serde_json::Value;

/// What a member of some name says of how it ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, such as `passed`.
    Ending,
    /// A flag that is true where it ended well.
    Good,
    /// True, a count above nothing, or words: something went wrong.
    Bad,
    /// The same, and it may be so: a person decides.
    Doubt,
    /// The same, and it is shown.
    Known,
    /// Words of advice or of a risk; only a known No counts.
    Advice,
    /// A share of what passed.
    Share,
    /// How it was done.
    Manner,
    /// Until when it counts.
    Until,
}

/// Names by what they say. A name also counts with something before it, behind `_`.
const NAMES: [(Kind, &[&str]); 9] = [
    (Kind::Ending, &["status", "result", "outcome", "verdict", "conclusion", "decision"]),
    (
        Kind::Good,
        &[
            "passed",
            "pass",
            "success",
            "successful",
            "succeeded",
            "ok",
            "met",
            "approved",
            "accepted",
            "healthy",
            "green",
            "verified",
            "rehearsed",
            "completed",
            "executed",
            "ready",
            "valid",
        ],
    ),
    (
        Kind::Bad,
        &[
            "failed",
            "failures",
            "failure",
            "failure_count",
            "failed_count",
            "num_failures",
            "num_failed",
            "failing",
            "errors",
            "error",
            "error_count",
            "errored",
            "exit_code",
            "exit_status",
            "return_code",
            "returncode",
            "degraded",
            "vetoed",
            "veto",
            "broken",
            "rejected",
            "aborted",
            "cancelled",
            "canceled",
            "timed_out",
            "withdrawn",
            "revoked",
            "revoked_at",
            "revoked_by",
            "withdrawn_at",
            "withdrawn_by",
            "superseded",
            "superseded_by",
            "superseded_at",
            "postponed",
            "expired",
            "dry_run",
            "dryrun",
            "simulated",
            "mocked",
        ],
    ),
    (
        Kind::Doubt,
        &[
            "not_run",
            "not_executed",
            "ignored",
            "disabled",
            "missing",
            "blocking",
            "data_loss",
            "manual_intervention",
            "drift",
            "drifted",
            "critical",
            "blockers",
            "open_blockers",
            "quarantined",
            "sample",
            "no_go",
            "nogo",
            "rc",
            "objections",
        ],
    ),
    (Kind::Known, &["known_issues", "known_problems", "known_defects", "limitations"]),
    (Kind::Advice, &["recommendation", "residual_risk", "risk_acceptance", "advice"]),
    (Kind::Share, &["pass_rate", "passing_rate", "success_rate", "pass_percentage", "pass_ratio"]),
    (Kind::Manner, &["mode", "run_mode", "execution", "method"]),
    (Kind::Until, &["valid_until", "expires", "expires_at", "valid_to"]),
];

/// Ways of doing something that do not do it.
pub(super) const NOT_DONE: [&str; 9] = [
    "simulated",
    "simulation",
    "dry run",
    "mock",
    "mocked",
    "tabletop",
    "planned",
    "estimated",
    "noop",
];

/// Names under which a release stands.
pub(super) const RELEASES: [&str; 7] = [
    "release",
    "release_version",
    "release_tag",
    "tested_release",
    "tested_version",
    "app_version",
    "build_version",
];
/// Names under which a commit stands.
pub(super) const COMMITS: [&str; 10] = [
    "commit",
    "commit_sha",
    "commit_id",
    "git_commit",
    "git_sha",
    "sha",
    "revision",
    "tested_commit",
    "head_sha",
    "build_sha",
];

/// Beginnings of names that tell of something else.
const OTHERS: [&str; 20] = [
    "previous", "last", "before", "prior", "expected", "initial", "baseline", "base", "parent",
    "from", "max", "allow", "must", "ignore_", "history", "attempts", "retries", "example", "tool",
    "returns",
];

/// A name in lower case, its words apart by `_`: `dryRun` and `dry-run` are `dry_run`.
pub(super) fn fold(name: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            out.push('_');
        }
        out.extend(if c == '-' || c == ' ' { vec!['_'] } else { c.to_lowercase().collect() });
        before = c;
    }
    out
}

/// What a name says; with a word of its own before it, `checkout_passed`, it says the same.
pub(super) fn kind_of(folded: &str) -> Option<Kind> {
    let is = |own: &str| {
        folded == own || folded.strip_suffix(own).is_some_and(|before| before.ends_with('_'))
    };
    let denied = ["not_", "no_", "un", "non_"].iter().any(|own| folded.starts_with(own));
    let found = NAMES.iter().find(|(_, names)| names.contains(&folded));
    let found = found.or_else(|| {
        NAMES.iter().filter(|_| !denied).find(|(_, names)| names.iter().any(|own| is(own)))
    });
    found.map(|(kind, _)| *kind)
}

/// Whether a member says that there is something of the kind.
pub(super) fn is_said(value: &Value) -> bool {
    match value {
        Value::Bool(own) => *own,
        Value::Number(own) => own.as_f64().is_some_and(|own| own != 0.0),
        Value::String(text) => !matches!(
            text.trim().to_lowercase().as_str(),
            "" | "none" | "no" | "null" | "false" | "0" | "n/a" | "-" | "nothing"
        ),
        Value::Array(items) => !items.is_empty(),
        Value::Object(own) => own.get("detected") == Some(&Value::Bool(true)),
        Value::Null => false,
    }
}

/// Whether a name tells of something else than how this ended: of what was before, of a tool, of a setting.
pub(super) fn is_of_another(folded: &str) -> bool {
    OTHERS.iter().any(|own| folded.starts_with(own)) || folded.contains("_on_")
}

#[cfg(test)]
mod tests {
    use super::{Kind, fold, is_of_another, kind_of};

    #[test]
    fn a_name_says_what_it_is_about() {
        for (name, kind) in [
            ("approved", Kind::Good),
            ("checkoutPassed", Kind::Good),
            ("dry-run", Kind::Bad),
            ("not_run", Kind::Doubt),
            ("overall_status", Kind::Ending),
        ] {
            assert!(kind_of(&fold(name)) == Some(kind), "{name}");
        }
        for name in ["not_passed", "error_rate", "duration", "unsuccessful_logins_seen"] {
            assert!(kind_of(&fold(name)).is_none(), "{name}");
        }
        for name in ["previous_status", "continue_on_error", "maxErrors", "baseline"] {
            assert!(is_of_another(&fold(name)), "{name}");
        }
    }
}
