//! Tests of the strict YAML reader.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn resolves_scalars_without_losing_anything() {
    let cases = [
        ("true", json!(true)),
        ("false", json!(false)),
        ("True", json!("True")),
        ("yes", json!("yes")),
        ("no", json!("no")),
        ("on", json!("on")),
        ("null", json!(null)),
        ("~", json!(null)),
        ("Null", json!("Null")),
        ("12", json!(12)),
        ("-3", json!(-3)),
        ("0", json!(0)),
        ("0.1", json!(0.1)),
        ("-0.25", json!(-0.25)),
        ("1.0", json!(1.0)),
        ("1.10", json!("1.10")),
        ("1e3", json!("1e3")),
        ("012", json!("012")),
        ("-0", json!("-0")),
        ("+1", json!("+1")),
        (".5", json!(".5")),
        ("5.", json!("5.")),
        ("0x1F", json!("0x1F")),
        ("0o17", json!("0o17")),
        ("1_000", json!("1_000")),
        ("9007199254740992", json!(9_007_199_254_740_992_i64)),
        ("9007199254740993", json!("9007199254740993")),
        ("123456789012345678901234567890", json!("123456789012345678901234567890")),
        ("0.10000000000000000001", json!("0.10000000000000000001")),
        ("NaN", json!("NaN")),
        ("inf", json!("inf")),
        ("2026-11-21", json!("2026-11-21")),
        ("2026-11-21T09:30:00Z", json!("2026-11-21T09:30:00Z")),
        ("12:30", json!("12:30")),
        ("1.4.0", json!("1.4.0")),
        ("'12'", json!("12")),
        ("\"true\"", json!("true")),
        ("'~'", json!("~")),
        ("\"\"", json!("")),
        ("'.nan'", json!(".nan")),
        ("< 1%", json!("< 1%")),
        ("سلام 🚀", json!("سلام 🚀")),
    ];
    for (text, want) in cases {
        assert_eq!(parse(text).unwrap(), want, "{text}");
        assert_eq!(parse(&format!("k: {text}")).unwrap(), json!({ "k": want }), "{text}");
    }
}

#[test]
fn reads_structure() {
    let text = "\
--- # a comment
version: v1.4.0
services:
  - api
  - { name: web, port: 80 }
empty:
list: []
text: |
  a
  b
folded: >-
  c
  d
long: e
  f
...
";
    let want = json!({
        "version": "v1.4.0",
        "services": ["api", {"name": "web", "port": 80}],
        "empty": null,
        "list": [],
        "text": "a\nb\n",
        "folded": "c d",
        "long": "e f",
    });
    assert_eq!(parse(text).unwrap(), want);
    assert_eq!(parse(&text.replace('\n', "\r\n")).unwrap(), want);
    assert_eq!(parse("{\"a\": [1, \"x\"]}").unwrap(), json!({"a": [1, "x"]}));
}

#[test]
fn names_what_it_refuses_and_where() {
    use FaultKind::{DuplicateKey, Nesting, NumberRange, YamlAlias, YamlSyntax, YamlTag};
    let deep_flow = format!("{}{}", "[".repeat(65), "]".repeat(65));
    let deep_block = "- ".repeat(65) + "x";
    let deep_mixed = "- ".repeat(33) + &"[".repeat(33) + &"]".repeat(33);
    let cases: &[(&str, FaultKind, &str)] = &[
        ("a: 1\nb: 2\na: 3\n", DuplicateKey, "a"),
        ("é:\n  k: 1\n  \"k\": 2\n", DuplicateKey, "\"k\""),
        ("{a: 1, a: 2}", DuplicateKey, "a"),
        ("a: .nan", NumberRange, ".nan"),
        ("a: -.INF", NumberRange, "-.INF"),
        ("a: *x", YamlAlias, "*x"),
        ("a: &x 1", YamlAlias, "&x"),
        ("&x a: 1", YamlAlias, "&x"),
        ("a: &x [1]", YamlAlias, "&x"),
        ("<<: {a: 1}", YamlAlias, "<<"),
        ("a: !!str 1", YamlTag, "!!str"),
        ("a: !x [1]", YamlTag, "!x"),
        ("a: ! 1", YamlTag, "!"),
        ("1: a", YamlSyntax, "1"),
        ("true: a", YamlSyntax, "true"),
        ("~: a", YamlSyntax, "~"),
        ("? [a]\n: b", YamlSyntax, "[a]"),
        ("{a: 1}: b", YamlSyntax, "{a: 1}"),
        ("a: 1\n---\nb: 2", YamlSyntax, "---"),
        ("%YAML 1.2\n---\na: 1", YamlSyntax, ""),
        ("a: [1", YamlSyntax, ""),
        ("a: 'x", YamlSyntax, ""),
        ("a:\n\t- b", YamlSyntax, ""),
        ("a: b: c", YamlSyntax, ""),
        ("a: @x", YamlSyntax, ""),
        (&deep_flow, Nesting, ""),
        (&deep_block, Nesting, ""),
        (&deep_mixed, Nesting, ""),
    ];
    for (text, kind, shown) in cases {
        let faults = parse(text).unwrap_err();
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        assert_eq!(faults[0].kind, *kind, "{text}: {faults:?}");
        let span = faults[0].span.clone().unwrap();
        if !shown.is_empty() {
            assert_eq!(&text[span], *shown, "{text}: {faults:?}");
        }
    }
}

#[test]
fn an_anchor_and_its_alias_are_two_faults() {
    let kinds: Vec<_> = parse("a: &x 1\nb: *x\nb: 2\n2: 1")
        .unwrap_err()
        .into_iter()
        .map(|fault| fault.kind)
        .collect();
    use FaultKind::{DuplicateKey, YamlAlias, YamlSyntax};
    assert_eq!(kinds, [YamlAlias, YamlAlias, DuplicateKey, YamlSyntax]);
}

#[test]
fn empty_is_its_own_fault() {
    for text in ["", " \n", "# nothing\n"] {
        assert_eq!(parse(text).unwrap_err()[0].kind, FaultKind::Empty, "{text:?}");
    }
}

#[test]
fn counts_nodes() {
    let faults = parse(&format!("[{}]", "a,".repeat(MAX_NODES))).unwrap_err();
    assert_eq!(faults[0].kind, FaultKind::TooLarge);
}

#[test]
fn depth_64_is_fine() {
    assert!(parse(&format!("{}{}", "[".repeat(64), "]".repeat(64))).is_ok());
    assert!(parse(&("- ".repeat(64) + "x")).is_ok());
}

#[test]
fn locates_values_and_keys() {
    let text = "\
é: 1
services:
  - name: api   # comment
    \"port\": 80
  - web

# trailing comment
flow: {a: [1, 'two']}
omitted:
text: |
  line

last: x
";
    let at = |pointer, key| &text[locate(text, pointer, key).unwrap()];
    assert_eq!(at("/é", false), "1");
    assert_eq!(at("/é", true), "é");
    assert_eq!(at("/services/0/name", false), "api");
    assert_eq!(at("/services/0/port", true), "\"port\"");
    assert_eq!(at("/services/1", false), "web");
    assert!(at("/services", false).ends_with("- web"));
    assert_eq!(at("/services/0", false), "name: api   # comment\n    \"port\": 80");
    assert_eq!(at("/flow/a", false), "[1, 'two']");
    assert_eq!(at("/flow", false), "{a: [1, 'two']}");
    assert_eq!(at("/flow/a/1/x/y", false), "'two'");
    assert_eq!(at("/flow/missing", true), "flow");
    assert_eq!(at("/omitted", false), "omitted");
    assert!(at("/text", false).ends_with("line"));
    assert_eq!(at("/last", false), "x");
    assert!(at("", false).ends_with("last: x"));
    assert_eq!(locate("[", "", false), None);
}

#[test]
fn bombs_return_quickly() {
    const SIZE: usize = 1 << 20;
    let keys: String = (0..60_000).map(|n| format!("k{n}: 1\n")).collect();
    let laughs: String =
        (1..9).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9))).collect();
    let bombs = [
        "[".repeat(SIZE),
        "- ".repeat(SIZE / 2),
        "a: ".repeat(SIZE / 3),
        "? ".repeat(SIZE / 2),
        "{a: ".repeat(SIZE / 4),
        "&a ".repeat(SIZE / 3),
        "*a\n".repeat(SIZE / 3),
        "!!a ".repeat(SIZE / 4),
        "a\n".repeat(SIZE / 2),
        "# c\n".repeat(SIZE / 4),
        "---\n".repeat(SIZE / 4),
        "\"".repeat(SIZE),
        format!("\"{}", "\\n".repeat(SIZE / 2)),
        " ".repeat(SIZE),
        "\n".repeat(SIZE),
        "a:\n".repeat(SIZE / 3),
        "x".repeat(SIZE),
        format!("a: |\n{}", "  x\n".repeat(SIZE / 4)),
        format!("[{}", "a: b, ".repeat(SIZE / 6)),
        format!("[{}", "1,\n".repeat(SIZE / 3)),
        keys,
        laughs,
    ];
    for bomb in bombs {
        let start = Instant::now();
        let _ = parse(&bomb);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(60), "{took:?} for {}", &bomb[..20]);
    }
}

proptest! {
    #[test]
    fn never_panics(text in "(?s)[\\[\\]{}\"',:0-9e.\\-?|>&*!%#~ab \n\té🚀]{0,40}|\\PC{0,40}") {
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
    fn json_reads_alike(value in "[a-z:\\-#é\"'\\\\ ]{0,12}", n in -99_i64..99) {
        let value = json!({ "k": [value, n, true, null] });
        prop_assert_eq!(parse(&value.to_string()).unwrap(), value);
    }
}

#[test]
fn reads_our_own_phase_definition() {
    let text = include_str!("../../../templates/phase-9-deployment-golive/phase.yaml");
    let (value, tree) = read(text).unwrap();
    assert_eq!(value["gates"]["stabilization"]["number"], json!(4));
    assert_eq!(&text[tree.locate("/gates/stabilization/number", false)], "4");
    assert_eq!(&text[tree.locate("/gates/stabilization/number", true)], "number");
}
