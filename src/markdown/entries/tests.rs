//! Tests of append-only logs.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

const A: &str = "- 2026-11-21T09:30:00Z 0123456789abcdef Started 🚀";
const B: &str = "- 2026-11-21T10:30:00.250+01:00 fedcba9876543210 الحالة سليمة";

fn faults(text: &str) -> Vec<String> {
    parse_entries(text).1.into_iter().map(|fault| fault.message).collect()
}

#[test]
fn reads_entries_one_line_each() {
    let text = format!("---\nkind: log\n---\n# Log\n\nIntro.\n\n## Entries\n\n{A}\n\n{B}\n");
    let (entries, faults) = parse_entries(&text);
    assert_eq!(faults, []);
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].payload, "Started 🚀");
    assert_eq!(entries[1].id, "fedcba9876543210");
    assert_eq!(&text[entries[1].range.clone()], B);
    assert_eq!(entries[1].digest, Sha256Digest::of(B.as_bytes()));
}

#[test]
fn an_entry_has_one_line_ending() {
    let (entries, faults) = parse_entries(&format!("## Entries\n{A}\r\n{B}\n"));
    assert_eq!(entries.len(), 1, "{B} stays an entry");
    assert_eq!(faults[0].message, "this entry ends in a carriage return");
}

#[test]
fn refuses_a_last_line_without_its_end() {
    for (text, lines) in [("## Entries\n{A}\n{B}", 2), ("## Entries\n{A}", 1), ("## Entries", 0)] {
        let text = text.replace("{A}", A).replace("{B}", B);
        let (entries, faults) = parse_entries(&text);
        assert_eq!((entries.len(), faults.len()), (lines, 1), "{text}: {faults:?}");
    }
}

#[test]
fn refuses_every_other_line() {
    for line in [
        "- 2026-11-21 0123456789abcdef a",
        "- 2026-11-21T09:30:00 0123456789abcdef a",
        "- 2026-11-21T09:30:00Z 0123456789ABCDEF a",
        "- 2026-11-21T09:30:00Z 0123456789abcde a",
        "- 2026-11-21T09:30:00Z 0123456789abcdef",
        "- 2026-11-21T09:30:00Z 0123456789abcdef  ",
        "-  2026-11-21T09:30:00Z 0123456789abcdef a",
        "- 2026-11-21T09:30:00Z  0123456789abcdef a",
        "* 2026-11-21T09:30:00Z 0123456789abcdef a",
        "  - 2026-11-21T09:30:00Z 0123456789abcdef a",
        "- 2026-11-21T09:30:00Z 0123456789abcdef a\tb",
        "- 2026-11-21T09:30:00Z 0123456789abcdef a\u{2028}b",
        "- [x] done",
        "## Entries",
        "# Appendix",
        "text",
        "=======",
        "<<<<<<< HEAD",
    ] {
        let (entries, faults) = parse_entries(&format!("## Entries\n{A}\n{line}\n{B}\n"));
        assert_eq!((entries.len(), faults.len()), (2, 1), "{line}: {faults:?}");
        assert_eq!(faults[0].kind, FaultKind::Entry);
        assert!(faults[0].span.is_some());
    }
}

#[test]
fn refuses_duplicates_and_a_missing_heading() {
    let twice = format!("## Entries\n{A}\n{A}\n");
    assert_eq!(faults(&twice), ["the entry `0123456789abcdef` occurs twice"]);
    for text in ["", A, "```\n## Entries\n```\n", "<!--\n## Entries\n-->\n", "### Entries\n"] {
        assert_eq!(faults(text), ["there is no heading `## Entries` in the log"], "{text}");
    }
}

#[test]
fn skips_fences_and_comments() {
    let text = format!(
        "```\n## Entries\n```\n## Entries\n<!-- {A} -->\n<!--\n{A}\n-->\n~~~~ md\n{A}\n~~~\n~~~~\n{B}\n"
    );
    let (entries, faults) = parse_entries(&text);
    assert_eq!(faults, []);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].id, "fedcba9876543210");
}

#[test]
fn nothing_hides_behind_fences_and_comments() {
    let open_fence = format!("## Entries\n```\n{A}\n");
    assert_eq!(faults(&open_fence), ["this fence is not closed"]);
    let open_comment = format!("## Entries\n<!--\n{A}\n");
    assert_eq!(faults(&open_comment), ["this comment is not closed"]);
    let behind = format!("## Entries\n<!-- a --> {A}\n");
    assert_eq!(faults(&behind), ["text follows the end of a comment"]);
    // An entry that mentions them is still an entry.
    let mention = "## Entries\n- 2026-11-21T09:30:00Z 0123456789abcdef ``` <!-- a\n";
    assert_eq!(faults(mention), [] as [&str; 0]);
}

#[test]
fn what_is_written_is_read_again() {
    let at = Stamp::parse("2026-11-21T09:30:00.250Z").unwrap();
    let line = format_entry(at, "0123456789abcdef", "\n a\r\nb\u{0}c\u{85}\u{2029}🚀 ");
    assert_eq!(line, "- 2026-11-21T09:30:00.25Z 0123456789abcdef a  b c  🚀");
    let (entries, faults) = parse_entries(&format!("## Entries\n{line}\n"));
    assert_eq!(faults, []);
    assert_eq!(entries[0].at, at);
}

#[test]
fn bombs_return_quickly() {
    for unit in ["- \n", "```\n", "<!--\n", "\n", "`", "- 2026-11-21T09:30:00Z ", A] {
        let bomb = format!("## Entries\n{}", unit.repeat((1 << 20) / unit.len()));
        let start = Instant::now();
        let _ = parse_entries(&bomb);
        assert!(start.elapsed() < Duration::from_secs(60), "{unit}");
    }
}

proptest! {
    #[test]
    fn never_panics(text in "(?s)(## Entries\n)?[\\-<>!`~ 0-9a-fTZ:.\r\né🚀]{0,60}|\\PC{0,40}") {
        let (entries, faults) = parse_entries(&text);
        for range in entries.into_iter().map(|entry| entry.range) {
            prop_assert!(text.get(range).is_some());
        }
        for span in faults.into_iter().filter_map(|fault| fault.span) {
            prop_assert!(text.get(span).is_some());
        }
    }

    #[test]
    fn any_payload_becomes_one_entry(payload in "(?s).{0,40}") {
        let at = Stamp::parse("2026-11-21T09:30:00Z").unwrap();
        let line = format_entry(at, "0123456789abcdef", &format!("x{payload}"));
        let (entries, faults) = parse_entries(&format!("## Entries\n{line}\n"));
        prop_assert_eq!(faults, []);
        prop_assert_eq!(entries.len(), 1);
    }
}
