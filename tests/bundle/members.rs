//! Bundles whose members are not those of the release: taken out, altered, too many, or told wrong by
//! the manifest. Each is named.

use super::case::{APPROVAL, Case, MANIFEST, listed, relist};
use super::*;
use crate::common::archive::{Piece, gzip, put, tar};
use serde_json::json;

/// Every member of the release, and a few of the bundle's own.
fn judged(all: &[Piece]) -> Vec<usize> {
    let own = |index: &usize| all[*index].name().starts_with("d3p-bundle/");
    (1..all.len()).filter(|index| !own(index) || index % 8 == 0).collect()
}

#[test]
fn each_member_that_is_taken_out_is_named() {
    let case = Case::new();
    let all = case.pieces();
    for index in judged(&all) {
        let mut fewer = all.clone();
        let name = fewer.remove(index).name();
        let said = case.verify(&gzip(&tar(&fewer)));
        assert_eq!(said.exit, Exit::Refused, "{name}: {}", said.all());
        assert!(has(&said, "GL918", &name), "{name}: {}", said.all());
    }
}

#[test]
fn each_member_that_is_altered_is_named() {
    let case = Case::new();
    let all = case.pieces();
    for index in judged(&all) {
        let mut altered = all.clone();
        let content = &mut altered[index].content;
        match content.len() / 2 {
            _ if index % 2 == 0 || content.is_empty() => content.push(b' '),
            // One bit; the size stays.
            middle => content[middle] ^= 1,
        }
        let name = altered[index].name();
        let said = case.verify(&gzip(&tar(&altered)));
        assert_eq!(said.exit, Exit::Refused, "{name}: {}", said.all());
        assert!(has(&said, "GL919", &name), "{name}: {}", said.all());
    }
}

#[test]
fn a_member_too_many_is_named() {
    let case = Case::new();
    let names =
        ["README", ".artifacts/deployment/raw/better.xml", "d3p-bundle/schemas/own.json", "zzz"];
    for name in names {
        let mut more = case.pieces();
        put(&mut more, Piece::file(name, "x"));
        case.pieces_refused(name, &more, "GL917", name);
        // In the manifest it still is nothing that the release needs.
        let mut more = case.pieces();
        listed(&mut more, Piece::file(name, "x"));
        let said = case.verify(&gzip(&tar(&more)));
        let among_evidence = name.starts_with(".artifacts/deployment/");
        let rule = if among_evidence { "GL909" } else { "GL917" };
        assert!(has(&said, rule, name), "{name}: {}", said.all());
        assert_eq!(said.exit == Exit::Refused, !among_evidence, "{name}: {}", said.all());
    }
}

/// Whoever rewrites the manifest with the member is where somebody is who writes the directory.
#[test]
fn a_manifest_to_match_does_not_help() {
    let case = Case::new();
    for (path, from, to) in [
        (APPROVAL, "GO", "GQ"),
        (LEDGER, "gate-passed", "gate-pAssed"),
        ("d3p.yaml", "threshold: 1", "threshold: 0"),
        (".artifacts/deployment/release-manifest.md", "v1.4.0", "v1.4.1"),
    ] {
        let mut all = case.pieces();
        let old = all.iter().find(|piece| piece.name() == path).unwrap();
        let text = String::from_utf8(old.content.clone()).unwrap();
        assert!(text.contains(from), "{path}");
        listed(&mut all, Piece::file(path, text.replacen(from, to, 1)));
        let said = case.verify(&gzip(&tar(&all)));
        assert_ne!(said.exit, Exit::Passed, "{path}");
        assert!(!told(&said).is_empty(), "{path}: {}", said.all());
    }
    // A refusal at the end of the ledger, cut off: the manifest keeps a head that is gone.
    let mut all = case.pieces();
    let ledger = all.iter().find(|piece| piece.name() == LEDGER).unwrap();
    let text = String::from_utf8(ledger.content.clone()).unwrap();
    let cut = &text[..=text.trim_end().rfind('\n').unwrap()];
    listed(&mut all, Piece::file(LEDGER, cut));
    let said = case.verify(&gzip(&tar(&all)));
    assert!(said.exit == Exit::Refused && has(&said, "GL919", MANIFEST), "{}", said.all());
}

#[test]
fn the_manifest_must_say_what_the_release_says() {
    let case = Case::new();
    let zeros = "0".repeat(64);
    let changes: &[(&str, &str, Value)] = &[
        ("release", "/release", json!("v1.4.0+2")),
        ("commit", "/commit", json!("0".repeat(40))),
        ("no head", "/heads", json!([])),
        ("another head", "/heads", json!([zeros])),
    ];
    for (what, pointer, value) in changes {
        let mut all = case.pieces();
        relist(&mut all, |manifest| *manifest.pointer_mut(pointer).unwrap() = value.clone());
        case.pieces_refused(what, &all, "GL919", MANIFEST);
    }
    // What is there for readers without d3p, changed with a manifest to match.
    let phase = "d3p-bundle/phase.yaml";
    let mut all = case.pieces();
    listed(&mut all, Piece::file(phase, crate::common::PHASE_TEXT.replace("24h", "1h")));
    case.pieces_refused("phase", &all, "GL919", phase);
    let schema = "d3p-bundle/schemas/run.v1.schema.json";
    let mut all = case.pieces();
    listed(&mut all, Piece::file(schema, "true"));
    case.pieces_refused("schema", &all, "GL919", schema);
    let mut all = case.pieces();
    all.retain(|piece| piece.name() != schema);
    relist(&mut all, |manifest| {
        manifest["files"].as_array_mut().unwrap().retain(|file| file["path"] != schema);
    });
    case.pieces_refused("no schema", &all, "GL918", schema);
}

/// What another version packed for readers cannot be compared; it is said, and nothing else gets in.
#[test]
fn the_version_of_another_opens_no_door() {
    let case = Case::new();
    let older =
        |all: &mut Vec<Piece>| relist(all, |manifest| manifest["packed_by"] = json!("0.0.1"));
    let mut all = case.pieces();
    older(&mut all);
    let said = case.verify(&gzip(&tar(&all)));
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains("or are not those of d3p 0.0.1"), "{}", said.all());
    for path in ["d3p-bundle/README", "d3p-bundle/schemas/run.sh", "d3p-bundle/phase.yaml.sig"] {
        let mut all = case.pieces();
        older(&mut all);
        listed(&mut all, Piece::file(path, "verified by nobody"));
        case.pieces_refused(path, &all, "GL917", path);
    }
    for gone in ["d3p-bundle/phase.yaml", "d3p-bundle/schemas/"] {
        let mut all = case.pieces();
        older(&mut all);
        all.retain(|piece| !piece.name().starts_with(gone));
        relist(&mut all, |manifest| {
            let kept = |file: &Value| !file["path"].as_str().unwrap().starts_with(gone);
            manifest["files"].as_array_mut().unwrap().retain(kept);
        });
        case.pieces_refused(gone, &all, "GL918", gone.trim_end_matches('/'));
    }
}

#[test]
fn broken_manifests_are_refused() {
    let case = Case::new();
    let text = String::from_utf8(case.pieces()[0].content.clone()).unwrap();
    let doubled = |path: &str| {
        let mut all = case.pieces();
        relist(&mut all, |manifest| {
            let files = manifest["files"].as_array_mut().unwrap();
            let mut again = files[0].clone();
            again["path"] = json!(path);
            files.push(again);
            files.sort_by(|a, b| a["path"].as_str().cmp(&b["path"].as_str()));
        });
        String::from_utf8(all[0].content.clone()).unwrap()
    };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("no JSON", b"files:".to_vec()),
        ("not UTF-8", [text.as_bytes(), &[0xff]].concat()),
        ("byte order mark", [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat()),
        ("a key twice", text.replacen('{', "{\n  \"release\": \"v9\",", 1).into()),
        (
            "a key twice in a member",
            text.replacen("\"bytes\"", "\"bytes\": 1, \"bytes\"", 1).into(),
        ),
        ("an unknown key", text.replacen('{', "{ \"verified\": true,", 1).into()),
        (
            "another version",
            text.replacen("\"schema_version\": 1", "\"schema_version\": 2", 1).into(),
        ),
        ("another schema", text.replacen("bundle-manifest", "gate-record", 1).into()),
        ("a fraction", text.replacen("\"bytes\": ", "\"bytes\": 0.", 1).into()),
        ("deep", "[".repeat(100_000).into()),
        ("itself", doubled(MANIFEST).into()),
        ("a member twice", doubled("d3p.yaml").into()),
        ("a member twice but for case", doubled("D3P.yaml").into()),
        ("a member below a file", doubled("d3p.yaml/x").into()),
        ("traversal", doubled("a/../../x").into()),
        ("absolute", doubled("/etc/passwd").into()),
        ("a drive", doubled("C:/x").into()),
        ("a backslash", doubled("a\\\\b").into()),
        ("a control character", doubled("a\u{1b}b").into()),
        ("terabytes", text.replacen("\"bytes\": ", "\"bytes\": 9007199254", 1).into()),
    ];
    for (what, manifest) in cases {
        let mut all = case.pieces();
        all[0].content = manifest;
        case.pieces_refused(what, &all, "GL920", MANIFEST);
    }
}

#[test]
fn manifests_at_another_place_are_refused() {
    let case = Case::new();
    let mut all = case.pieces();
    relist(&mut all, |manifest| manifest["files"].as_array_mut().unwrap().reverse());
    case.pieces_refused("another order", &all, "GL920", MANIFEST);
    let mut all = case.pieces();
    all.swap(0, 1);
    case.pieces_refused("not first", &all, "GL920", "b");
    case.pieces_refused("none", &case.pieces()[1..], "GL920", "b");
    case.pieces_refused("nothing at all", &[], "GL920", "b");
    let mut all = case.pieces();
    let again = all[0].clone();
    all.push(again);
    case.pieces_refused("twice", &all, "GL920", MANIFEST);
    all[0] = Piece::of_kind(MANIFEST, b'2', "d3p.yaml");
    case.pieces_refused("a link", &all, "GL920", MANIFEST);
}
