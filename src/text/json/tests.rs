//! Tests of the strict JSON reader.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;
use serde_json::json;
use std::time::{Duration, Instant};

fn only_fault(text: &str) -> Fault {
    let mut faults = parse(text).unwrap_err();
    assert_eq!(faults.len(), 1, "{text}: {faults:?}");
    faults.remove(0)
}

#[test]
fn reads_strict_json() {
    let text = r#" {"a": [1, -2, 0.5, 1e3, true, null], "b": {"a": "\u00e9🚀"}} "#;
    let want = json!({"a": [1, -2, 0.5, 1000.0, true, null], "b": {"a": "é🚀"}});
    assert_eq!(parse(text).unwrap(), want);
    for text in ["0", "\"\"", "null", "[]", "{}", "9007199254740992", "-9007199254740992", "1e-999"]
    {
        assert!(parse(text).is_ok(), "{text}");
    }
}

#[test]
fn names_what_it_refuses_and_where() {
    use FaultKind::{DuplicateKey, JsonSyntax, Nesting, NumberRange};
    let deep = format!("{}1{}", "[".repeat(65), "]".repeat(65));
    let cases: &[(&str, FaultKind, &str)] = &[
        (r#"{"a": 1, "b": {"é": 1, "é": 2}}"#, DuplicateKey, "\"é\""),
        (r#"{"a": 1, "\u0061": 2}"#, DuplicateKey, r#""\u0061""#),
        ("[9007199254740993]", NumberRange, "9007199254740993"),
        ("[-9007199254740993]", NumberRange, "-9007199254740993"),
        ("[18446744073709551616]", NumberRange, "18446744073709551616"),
        ("[123456789012345678901234567890123456789012345]", NumberRange, ""),
        ("[1e999]", NumberRange, "1e999"),
        ("[-1e999]", NumberRange, "-1e999"),
        ("[1e300]", NumberRange, "1e300"),
        ("[NaN]", NumberRange, "NaN"),
        ("[Infinity]", NumberRange, "Infinity"),
        ("[-Infinity]", NumberRange, "-Infinity"),
        (&deep, Nesting, "["),
        ("{\n// why\n}", JsonSyntax, "// why"),
        ("[1] /* x */", JsonSyntax, "/* x */"),
        ("[1, 2,]", JsonSyntax, ","),
        (r#"{"a": 1,}"#, JsonSyntax, ","),
        ("{} {}", JsonSyntax, "{"),
        ("[1] x", JsonSyntax, ""),
        ("{a: 1}", JsonSyntax, ""),
        ("{'a': 1}", JsonSyntax, ""),
        ("[0x10]", JsonSyntax, ""),
        ("[+1]", JsonSyntax, ""),
        ("[.5]", JsonSyntax, ""),
        ("[01]", JsonSyntax, ""),
        ("[1 2]", JsonSyntax, ""),
        ("[1", JsonSyntax, ""),
        ("\"\\ud800\"", JsonSyntax, ""),
        ("\"\\x41\"", JsonSyntax, ""),
        ("\"a\nb\"", JsonSyntax, ""),
        ("tru", JsonSyntax, ""),
    ];
    for (text, kind, shown) in cases {
        let fault = only_fault(text);
        assert_eq!(fault.kind, *kind, "{text}: {fault:?}");
        let span = fault.span.unwrap();
        if !shown.is_empty() {
            assert_eq!(&text[span], *shown, "{text}");
        }
        assert!(!fault.message.ends_with('.'), "{}", fault.message);
    }
}

#[test]
fn points_at_the_second_of_two_keys() {
    let text = r#"{"key": 1, "key": 2}"#;
    let fault = only_fault(text);
    assert_eq!(fault.span, Some(11..16));
    assert_eq!(fault.message, "the key `key` occurs twice in this object");
}

#[test]
fn reports_all_duplicates_and_numbers_at_once() {
    let faults = parse(r#"{"a": 1e999, "a": {"b": 1, "b": 99999999999999999}}"#).unwrap_err();
    let kinds: Vec<_> = faults.iter().map(|fault| fault.kind).collect();
    use FaultKind::{DuplicateKey, NumberRange};
    assert_eq!(kinds, [NumberRange, DuplicateKey, DuplicateKey, NumberRange]);
}

#[test]
fn says_the_line_of_a_syntax_fault() {
    assert!(only_fault("{\n  \"a\": 1,\n}").message.contains("(line 2)"));
    let fault = only_fault("[\n  \"é\\ud800\"\n]");
    assert!(fault.message.contains("(line 2)"), "{fault:?}");
}

#[test]
fn empty_is_its_own_fault() {
    for text in ["", " \n\t"] {
        assert_eq!(only_fault(text).kind, FaultKind::Empty);
    }
}

#[test]
fn depth_is_counted_in_brackets() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(only_fault(&nested(MAX_DEPTH + 1)).span, Some(64..65));
    assert!(
        parse(r#""[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[[""#)
            .is_ok()
    );
}

#[test]
fn locates_values_and_keys() {
    let text = r#"{"a/b": [10, {"é": "x"}], "c": {}}"#;
    let at = |pointer, key| &text[locate(text, pointer, key).unwrap()];
    assert_eq!(at("", false), text);
    assert_eq!(at("/a~1b/0", false), "10");
    assert_eq!(at("/a~1b/1/é", false), "\"x\"");
    assert_eq!(at("/a~1b/1/é", true), "\"é\"");
    assert_eq!(at("/a~1b", true), "\"a/b\"");
    assert_eq!(at("/a~1b/7/x", false), r#"[10, {"é": "x"}]"#);
    assert_eq!(at("/c/missing", false), "{}");
    assert_eq!(at("/c/missing", true), "\"c\"");
    assert_eq!(at("/a~1b/0", true), "10");
    assert_eq!(locate("[", "", false), None);
    assert_eq!(locate(&"[".repeat(100_000), "", false), None);
}

#[test]
fn bombs_return_quickly() {
    const SIZE: usize = 1 << 20;
    let keys: String = (0..60_000).map(|n| format!("\"k{n}\":1,")).collect();
    let bombs = [
        "[".repeat(SIZE),
        "{\"a\":".repeat(SIZE / 5),
        "\"".repeat(SIZE),
        "[1,".repeat(SIZE / 3),
        format!("[{}", "[],".repeat(SIZE / 3)),
        "9".repeat(SIZE),
        format!("\"{}", "\\u0000".repeat(SIZE / 6)),
        format!("{{{}\"k1\":2}}", keys),
        format!("{{{}\"a\":2}}", "\"a\":1,".repeat(SIZE / 6)),
        format!("[{}\"\\ud800\"]", "1,\n".repeat(SIZE / 3)),
    ];
    for bomb in bombs {
        let start = Instant::now();
        let _ = parse(&bomb);
        let _ = locate(&bomb, "/0/a", true);
        assert!(start.elapsed() < Duration::from_secs(60), "{}", &bomb[..20]);
    }
}

proptest! {
    #[test]
    fn never_panics(text in "(?s)[\\[\\]{}\",:0-9eE.+\\-tfn\\\\u \né🚀/*']{0,40}|\\PC{0,40}") {
        for fault in parse(&text).err().into_iter().flatten() {
            if let Some(span) = fault.span {
                prop_assert!(text.get(span).is_some());
            }
        }
        for pointer in ["", "/0", "/a/b"] {
            if let Some(range) = locate(&text, pointer, true) {
                prop_assert!(text.get(range).is_some());
            }
        }
    }

    #[test]
    fn what_it_reads_serde_reads_alike(text in "[\\[\\]{}\",:0-9.ab]{0,24}") {
        if let Ok(value) = parse(&text) {
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
            prop_assert!(tree(&text).is_some());
        }
    }
}
