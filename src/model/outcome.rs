//! What a word about a result says: `passed`, `SUCCESS`, `partial`, `NO-GO`.

/// What a word says of how something ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StatedOutcome {
    /// It ended well.
    Passed,
    /// It ended badly, or somebody said no.
    Failed,
    /// It has not ended, or only a part of it has.
    Open,
    /// It was not done.
    Skipped,
}

/// The words that tools and people use, in lower case and with single blanks.
const WORDS: [(StatedOutcome, &[&str]); 4] = [
    (
        StatedOutcome::Passed,
        &[
            "passed",
            "pass",
            "success",
            "successful",
            "succeeded",
            "ok",
            "approved",
            "accepted",
            "go",
            "met",
            "green",
            "healthy",
            "true",
            "yes",
        ],
    ),
    (
        StatedOutcome::Failed,
        &[
            "failed",
            "fail",
            "failure",
            "failing",
            "error",
            "errored",
            "unsuccessful",
            "rejected",
            "refused",
            "denied",
            "no go",
            "nogo",
            "not met",
            "red",
            "unhealthy",
            "aborted",
            "cancelled",
            "canceled",
            "blocked",
            "timed out",
            "timeout",
            "broken",
            "nok",
            "ko",
            "not ok",
            "not passed",
            "not approved",
            "not ready",
            "do not release",
            "do not launch",
            "do not deploy",
            "do not proceed",
            "unacceptable",
            "vetoed",
            "stop",
            "postponed",
            "withdrawn",
            "revoked",
            "false",
            "no",
        ],
    ),
    (
        StatedOutcome::Open,
        &[
            "partial",
            "partially passed",
            "pending",
            "open",
            "in progress",
            "running",
            "queued",
            "incomplete",
            "conditional",
            "unstable",
            "warning",
            "warnings",
            "unknown",
            "draft",
            "tbd",
            "todo",
        ],
    ),
    (
        StatedOutcome::Skipped,
        &["skipped", "skip", "not run", "not executed", "not tested", "disabled", "ignored", "n/a"],
    ),
];

impl StatedOutcome {
    /// What `word` says, however it is spelt: case, `-`, `_`, and a mark such as `✅` before it do
    /// not count. `None` for a word that is not known: nobody guesses what it means.
    pub fn read(word: &str) -> Option<Self> {
        let plain: String =
            word.chars().map(|c| if "-_".contains(c) { ' ' } else { c }).collect::<String>();
        // A mark alone is a word, too.
        if !plain.contains(char::is_alphanumeric) {
            let has = |marks: &[char]| plain.contains(marks);
            return match (
                has(&['❌', '✗', '✘', '✖', '🔴', '🟥']),
                has(&['✅', '✓', '✔', '🟢', '🟩']),
            ) {
                (true, _) => Some(Self::Failed),
                (false, true) => Some(Self::Passed),
                _ => None,
            };
        }
        let plain = plain.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        let plain = plain.trim_end_matches(['.', '!']);
        WORDS.iter().find(|(_, words)| words.contains(&plain)).map(|(said, _)| *said)
    }

    /// The words that are known, for people: those that say that something passed come first.
    pub fn known() -> String {
        let list = |wanted: Self| {
            let (_, words) = WORDS.iter().find(|(said, _)| *said == wanted).unwrap_or(&WORDS[0]);
            words.join(", ")
        };
        format!(
            "passed is said by {}; not passed by {}, {}, {}",
            list(Self::Passed),
            list(Self::Failed),
            list(Self::Open),
            list(Self::Skipped)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::StatedOutcome;

    #[test]
    fn words_of_the_wild_are_read_as_what_they_say() {
        for (word, said) in [
            ("PASSED", Some(StatedOutcome::Passed)),
            ("success", Some(StatedOutcome::Passed)),
            ("✅ Pass", Some(StatedOutcome::Passed)),
            ("Approved.", Some(StatedOutcome::Passed)),
            ("GO", Some(StatedOutcome::Passed)),
            ("NO-GO", Some(StatedOutcome::Failed)),
            ("no_go", Some(StatedOutcome::Failed)),
            ("not met", Some(StatedOutcome::Failed)),
            ("in_progress", Some(StatedOutcome::Open)),
            ("partial", Some(StatedOutcome::Open)),
            ("skipped", Some(StatedOutcome::Skipped)),
            ("N/A", Some(StatedOutcome::Skipped)),
            ("completed", None),
            ("passed with remarks", None),
            ("not passed", Some(StatedOutcome::Failed)),
            ("", None),
            ("❌", Some(StatedOutcome::Failed)),
            ("✅", Some(StatedOutcome::Passed)),
            ("—", None),
            ("do not launch", Some(StatedOutcome::Failed)),
        ] {
            assert_eq!(StatedOutcome::read(word), said, "{word}");
        }
    }
}
