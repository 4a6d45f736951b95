//! Tests of the one definition of a placeholder.

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

#[test]
fn finds_placeholders() {
    let cases = [
        ("[fill: who decides, and by when]", "[fill: who decides, and by when]"),
        ("Owner: [fill: a person", "[fill: a person"),
        ("Owner: [fill: a\nb]", "[fill: a"),
        ("TBD", "TBD"),
        ("Owner: TBD.", "TBD"),
        ("(TODO)", "TODO"),
        ("TODO: write this", "TODO"),
        ("TODO(alice)", "TODO"),
        ("TBD/TODO", "TBD"),
        ("FIXME later", "FIXME"),
        ("OPS-XXX", "XXX"),
        ("**TBD**", "TBD"),
        ("at ???", "???"),
        ("?????", "?????"),
        ("error rate >X%", ">X%"),
        ("latency <Yms", "<Yms"),
        ("latency < Y ms", "< Y"),
        ("> X", "> X"),
        ("errors > N per minute", "> N"),
        (">= Z", ">= Z"),
        ("≥ X%", "≥ X%"),
        ("≤Ns", "≤Ns"),
        ("> X.", "> X"),
        ("> Nreq", ""),
        ("deploy {tag} now", "{tag}"),
        ("v{version}", "{version}"),
        ("registry/app:{tag}", "{tag}"),
        ("{your name}", "{your name}"),
        ("{{ version }}", "{ version }"),
        ("{{version}}", "{version}"),
        ("${VERSION}", "${VERSION}"),
        ("git checkout ${RELEASE_TAG}", "${RELEASE_TAG}"),
        ("<slug>", "<slug>"),
        ("release/<version>", "<version>"),
        ("v<version>", "<version>"),
        ("<your name>", "<your name>"),
        ("<date/time>", "<date/time>"),
        ("<YYYY-MM-DD>", "<YYYY-MM-DD>"),
        ("<N> minutes", "<N>"),
        ("<time of deploy>", "<time of deploy>"),
        ("[threshold]", "[threshold]"),
        ("[Feature Name]", "[Feature Name]"),
        ("[Step 1 - e.g., revert PR]", "[Step 1 - e.g., revert PR]"),
        ("[date/time]", "[date/time]"),
        ("call [Name, role] at once", "[Name, role]"),
        ("[your_name]", "[your_name]"),
        ("[YOUR NAME]", "[YOUR NAME]"),
        ("[INSERT LINK HERE]", "[INSERT LINK HERE]"),
        ("[عتبة]", "[عتبة]"),
        ("[阈值]", "[阈值]"),
        ("a [Step [optional] x]", "[optional]"),
        ("[Service 1 name]", "[Service 1 name]"),
        ("🚀 [threshold] 🚀", "[threshold]"),
    ];
    for (text, want) in cases {
        let found = find(text).map_or("", |range| &text[range]);
        assert_eq!(found, want, "{text}");
    }
}

#[test]
fn lets_honest_text_pass() {
    let cases = [
        "",
        "All services are healthy.",
        "error rate < 1% and p99 <= 250ms",
        "throughput >= 120 req/s, errors <1%, > 3 of 5",
        "if a < b and c > d then stop",
        "a <b and c> d",
        "x > y",
        "A -> X, B => Y, 1 << N, a >> Z",
        "> N/A",
        "use > X.509 certificates, > X-axis",
        "Plan > Zero downtime",
        "as of [RFC 9110] and [1], [2, 3], [12]",
        "[RFC 9110, section 4] and [Section 4.2] and [Table 3]",
        "[OPS-12] [D3P-6] [CVE-2026-1234]",
        "[^1] [^note]",
        "[x] done, [ ] open, [X] done, [✓], [], [ x ]",
        "[the runbook](https://example.com/runbook)",
        "![a graph](graph.png)",
        "items[index] and values[i][j], f(x)[first]",
        "[v1.4.0-rc.1] [1.4.0] [runbook.md]",
        "[main 1a2b3c4d] Fix the build",
        "[PHASE 1 COMPLETE] - Readiness Verification and Approval finished successfully.",
        "[ERROR] Deployment command failed: exit 1.",
        "[MASTER RAY™ ACTIVATED] go",
        "he said \"it were [sic] good\" [see below] [...] […]",
        "[a-z]+ and [A-Za-z0-9]* and \\[a-zA-Z]",
        "[\"api\",\"web\"] and ['api'] and [true, false]",
        "[0, 1) and [alice@example.com] and [https://example.com]",
        "<https://example.com/a> and <mailto:ops@example.com> and <ops@example.com>",
        "line one<br>line two<br/>three <b>bold</b> <details open> <img src=\"x\"> <input disabled>",
        "Vec<String>, HashMap<String, u32>, Vec<u8>, collect::<Vec>",
        "#include <stdio.h>",
        "<<<<<<< HEAD",
        "cat <<EOF > out",
        "GET /orders/{id} returns 200, /users/{id}/items too",
        "{} {0} {1,2} {a,b} {\"a\": 1} {{}} ${} $HOME $(date)",
        "http_requests_total{job=\"api\"}",
        "see TODO.md, TODO-12 and browse/XXX, no TODOs, todo, a_TODO_b, XXXL, Tbd",
        "Really??? Yes?",
        "Why?? Because.",
        "100 % of 5 → 3 · 2 × 4",
        "تم النشر بنجاح 🚀 ✅",
        "部署完成。",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg+/TODO",
    ];
    for text in cases {
        assert_eq!(find(text).map(|range| &text[range]), None, "{text}");
    }
}

#[test]
fn a_marker_in_a_sentence_may_be_a_name() {
    let doubtful = |text: &str| find(text).map(|range| is_doubtful(text, &range));
    for text in [
        "TODO list export: items of the to-do list can be exported as CSV.",
        "The TBD column of the export is renamed.",
        "TODO group of the clinic",
        "The **TODO** list",
        "items of the TODO\nlist are exported",
        "Export of FIXME comments",
    ] {
        assert_eq!(doubtful(text), Some(true), "{text}");
    }
    for text in [
        "TBD",
        "TBD.",
        "Owner: TBD",
        "TODO: write this",
        "TODO(alice) writes",
        "TODO - write this",
        "TODO — later",
        "TBD, and later more",
        "**TBD**",
        "| TBD | 5m |",
        "TBD\n\nThe plan",
        "TBD\n- one",
        "[fill: who] decides",
    ] {
        assert_eq!(doubtful(text), Some(false), "{text}");
    }
}

#[test]
fn finds_all_in_order() {
    let text = "{tag} by TBD [threshold] > X% [fill: a] <slug>";
    let found: Vec<_> = find_all(text).map(|range| &text[range]).collect();
    assert_eq!(found, ["{tag}", "TBD", "[threshold]", "> X%", "[fill: a]", "<slug>"]);
}

#[test]
fn bombs_return_quickly() {
    let units = ["[", "[a", "<", "<a ", "{", "{a", "${", "?", "? ", "X", "[fill: ", ">", "/{id}/"];
    for unit in units.iter().chain(&["[fill: \n", "<X", "[a ]", "[é🚀"]) {
        let bomb = unit.repeat((1 << 20) / unit.len());
        let start = Instant::now();
        let count = find_all(&bomb).count();
        assert!(start.elapsed() < Duration::from_secs(60), "{unit}: {count}");
    }
}

proptest! {
    #[test]
    fn ranges_are_in_bounds_and_disjoint(
        text in "(?s)[\\[\\]<>{}$?TBDOXFIME= a-c%:/.\né🚀≥]{0,48}|\\PC{0,48}",
    ) {
        let mut end = 0;
        for range in find_all(&text) {
            prop_assert!(range.start >= end && range.start < range.end);
            prop_assert!(text.get(range.clone()).is_some());
            end = range.end;
        }
        prop_assert_eq!(find(&text), find_all(&text).next());
    }
}

#[test]
fn the_words_of_our_own_phase_definition_are_honest() {
    let text = include_str!("../../../templates/phase-9-deployment-golive/phase.yaml");
    let found: Vec<_> = find_all(text)
        .map(|range| &text[range])
        // Flow sequences of YAML are no prose.
        .filter(|found| !found.starts_with('['))
        .collect();
    // What a failed command said is filled in when the message is shown.
    assert!(found.iter().all(|found| *found == "{error}"), "{found:?}");
}
