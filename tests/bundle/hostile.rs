//! Bundles that somebody made who wants to pass. Each is refused, and the rule and the member are
//! the right ones.

use super::common::archive::{Piece, gunzip, gzip, pieces, put, tar, write};
use super::*;
use d3p::model::Sha256Digest;
use serde_json::json;

const MANIFEST: &str = "d3p-bundle/manifest.json";
const APPROVAL: &str = ".artifacts/deployment/production-approval.json";

/// A release's bundle, and an empty directory to verify others in.
struct Case {
    honest: Vec<u8>,
    world: World,
}

impl Case {
    fn new() -> Self {
        let world = World::played();
        run(&world, &CREATE, Exit::Passed);
        Self { honest: bytes(&world, BUNDLE), world: elsewhere(&world, BUNDLE) }
    }

    fn pieces(&self) -> Vec<Piece> {
        pieces(&self.honest)
    }

    fn verify(&self, bundle: &[u8]) -> Said {
        let now = self.world.now();
        self.world.write("b", bundle);
        let said = self.world.json(&["verify", "b"]);
        self.world.at(now);
        said
    }

    /// Refused, with this rule at this place. After GL920 nothing is judged.
    fn refused(&self, what: &str, bundle: &[u8], rule: &str, path: &str) {
        let said = self.verify(bundle);
        assert_eq!(said.exit, Exit::Refused, "{what}: {}", said.all());
        assert!(has(&said, rule, path), "{what}: no {rule} at {path:?}: {}", said.all());
        let judged = said.json().get("gates").is_some();
        assert_eq!(judged, rule != "GL920", "{what}: {}", said.all());
        // A person is told the same, without what moves a cursor.
        let human = self.world.run(&["verify", "b"]);
        assert_eq!(human.exit, Exit::Refused, "{what}");
        assert!(human.all().contains(rule), "{what}: {}", human.all());
        assert!(!human.all().contains('\u{1b}'), "{what}");
    }

    fn pieces_refused(&self, what: &str, pieces: &[Piece], rule: &str, path: &str) {
        self.refused(what, &gzip(&tar(pieces)), rule, path);
    }
}

/// Puts a member in, and makes the manifest fit.
fn listed(all: &mut Vec<Piece>, piece: Piece) {
    relist(all, |manifest| {
        let files = manifest["files"].as_array_mut().unwrap();
        files.retain(|file| file["path"] != piece.name());
        files.push(json!({
            "path": piece.name(),
            "bytes": piece.content.len(),
            "sha256": Sha256Digest::of(&piece.content).to_string(),
        }));
        files.sort_by(|a, b| a["path"].as_str().cmp(&b["path"].as_str()));
    });
    put(all, piece);
}

fn relist(all: &mut [Piece], change: impl FnOnce(&mut Value)) {
    let mut manifest: Value = serde_json::from_slice(&all[0].content).unwrap();
    change(&mut manifest);
    all[0].content = format!("{manifest:#}\n").into_bytes();
}

#[test]
fn the_maker_of_these_bundles_makes_an_honest_one_too() {
    let case = Case::new();
    assert_eq!(tar(&case.pieces()), gunzip(&case.honest));
    let said = case.verify(&gzip(&tar(&case.pieces())));
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(told(&said).is_empty(), "{}", said.all());
}

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
    listed(&mut all, Piece::file(phase, d3p::assets::PHASE.replace("24h", "1h")));
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
    assert!(said.out.contains("are not those of d3p 0.0.1"), "{}", said.all());
    for path in ["d3p-bundle/README", "d3p-bundle/schemas/run.sh", "d3p-bundle/phase.yaml.sig"] {
        let mut all = case.pieces();
        older(&mut all);
        listed(&mut all, Piece::file(path, "verified by nobody"));
        case.pieces_refused(path, &all, "GL917", path);
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

#[test]
fn only_regular_files_count() {
    let case = Case::new();
    for (kind, what) in [
        (b'1', "hard link"),
        (b'2', "symbolic link"),
        (b'3', "character device"),
        (b'4', "block device"),
        (b'5', "directory"),
        (b'6', "FIFO"),
        (b'7', "contiguous file"),
        (b'L', "long name of GNU"),
        (b'K', "long link of GNU"),
        (b'S', "sparse file of GNU"),
        (b'g', "global header"),
        (b'V', "volume label"),
    ] {
        for link in ["/etc/passwd", "../../../../etc/passwd", "d3p.yaml", ""] {
            // Instead of a member, and beside all others.
            for path in ["d3p.yaml", "zzz"] {
                let mut all = case.pieces();
                put(&mut all, Piece::of_kind(path, kind, link));
                case.pieces_refused(what, &all, "GL920", path);
            }
        }
    }
    // An extended header that says more than a path, such as another size or a link.
    for record in ["16 size=1000000\n", "12 path=abc\n17 linkpath=/etc\n", "9 path=a", "x", ""] {
        let mut all = case.pieces();
        let mut pax = Piece::of_kind("./PaxHeader", b'x', "");
        pax.content = record.as_bytes().to_vec();
        all.push(pax);
        all.push(Piece::file("zzz", "x"));
        case.pieces_refused(record, &all, "GL920", "b");
    }
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    let case = Case::new();
    let long = "a/".repeat(600) + "b";
    for path in [
        "../x",
        "/x",
        "/etc/cron.d/x",
        "a/../../x",
        "..",
        "a/..",
        ".",
        "./d3p.yaml",
        "a//b",
        "a/",
        "a\\b",
        "..\\x",
        "C:x",
        "C:\\x",
        "x:stream",
        "d3p.yaml.",
        "d3p.yaml ",
        "a\u{1b}[31m",
        "a\nb",
        "",
        &long,
    ] {
        let mut all = case.pieces();
        all.push(Piece::file(path, "x"));
        case.pieces_refused(path, &all, "GL920", path);
    }
    let mut all = case.pieces();
    let mut piece = Piece::file("", "x");
    piece.path = vec![b'a', 0xff, b'b'];
    all.push(piece);
    let said = case.verify(&gzip(&tar(&all)));
    assert!(said.exit == Exit::Refused && told(&said)[0].0 == "GL920", "{}", said.all());
}

#[test]
fn two_members_of_one_name_are_refused() {
    let case = Case::new();
    for path in ["d3p.yaml", "D3P.YAML", ".D3P/allowed_signers", "d3p.yaml/x", ".artifacts"] {
        let mut all = case.pieces();
        all.push(Piece::file(path, "x"));
        case.pieces_refused(path, &all, "GL920", path);
    }
    // Also when both are the same, and when neither is listed.
    let mut all = case.pieces();
    let last = all.last().unwrap().clone();
    all.push(last.clone());
    case.pieces_refused("the same", &all, "GL920", &last.name());
    let mut all = case.pieces();
    all.extend([Piece::file("zz/Ä", "1"), Piece::file("zz/ä", "2")]);
    case.pieces_refused("unlisted", &all, "GL920", "zz/ä");
}

#[test]
fn sizes_that_lie_are_refused() {
    let case = Case::new();
    for claimed in [1 << 62, 1 << 40, 300 << 20, 200 << 20, 4096] {
        let mut all = case.pieces();
        all.push(Piece { claimed: Some(claimed), ..Piece::file("zzz", "x") });
        let said = case.verify(&gzip(&tar(&all)));
        assert_eq!(said.exit, Exit::Refused, "{claimed}: {}", said.all());
        assert_eq!(told(&said), [("GL920".to_owned(), "zzz".to_owned())], "{claimed}");
    }
    // A smaller size: what is left over is no header.
    let mut all = case.pieces();
    let last = all.len() - 1;
    let content = vec![b'x'; 2000];
    all[last] = Piece { claimed: Some(1), content, ..all[last].clone() };
    let said = case.verify(&gzip(&tar(&all)));
    assert!(said.exit == Exit::Refused && told(&said)[0].0 == "GL920", "{}", said.all());
}

#[test]
fn what_follows_or_lacks_an_end_is_refused() {
    let case = Case::new();
    let plain = gunzip(&case.honest);
    let honest = || case.honest.clone();
    let with = |more: &[u8]| [&case.honest[..], more].concat();
    let inner = |more: &[u8]| gzip(&[&plain[..], more].concat());
    let mut flagged = honest();
    flagged[3] = 8;
    flagged.splice(10..10, *b"name\0");
    let mut crc = honest();
    let at = crc.len() - 8;
    crc[at] ^= 1;
    let mut length = honest();
    let at = length.len() - 1;
    length[at] ^= 1;
    let mut padded = plain.clone();
    let manifest = case.pieces()[0].content.len();
    assert_ne!(manifest % 512, 0);
    padded[512 + manifest] = 1;
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("garbage", with(b"garbage")),
        ("a zero", with(&[0])),
        ("a second stream", with(&gzip(b""))),
        ("the bundle twice", with(&case.honest)),
        ("something after the archive", inner(b"x")),
        ("a second archive", inner(&plain)),
        ("megabytes of zeros", inner(&vec![0; 1 << 20])),
        ("one block of zeros", gzip(&plain[..plain.len() - 512])),
        ("no zeros", gzip(&plain[..plain.len() - 1024])),
        ("something between the zeros", {
            let mut other = plain.clone();
            let at = other.len() - 1;
            other[at] = 1;
            gzip(&other)
        }),
        ("a name in the gzip header", flagged),
        ("another checksum", crc),
        ("another length", length),
        ("no gzip", plain.clone()),
        ("empty", Vec::new()),
        ("gzip of nothing", gzip(b"")),
        ("gzip of text", gzip(b"d3p\n")),
    ];
    for (what, bundle) in cases {
        case.refused(what, &bundle, "GL920", "b");
    }
    case.refused("bytes in the padding", &gzip(&padded), "GL920", MANIFEST);
    let step = case.honest.len() / 60;
    for end in (0..case.honest.len()).step_by(step).chain(case.honest.len() - 10..case.honest.len())
    {
        let said = case.verify(&case.honest[..end]);
        assert_eq!(said.exit, Exit::Refused, "cut at {end}: {}", said.all());
        let (rule, path) = &told(&said)[0];
        assert_eq!((rule.as_str(), path.as_str()), ("GL920", "b"), "cut at {end}");
    }
}

/// Whatever bit is flipped: nothing panics, and what passes is the same release.
#[test]
fn a_flipped_bit_never_passes_with_another_content() {
    let case = Case::new();
    let plain = gunzip(&case.honest);
    let mut random: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % below as u64).unwrap()
    };
    for round in 0..80 {
        let bundle = if round % 2 == 0 {
            let mut bundle = case.honest.clone();
            bundle[next(case.honest.len())] ^= 1 << next(8);
            bundle
        } else {
            let mut plain = plain.clone();
            let at = next(plain.len());
            plain[at] ^= 1 << next(8);
            gzip(&plain)
        };
        let said = case.verify(&bundle);
        if said.exit == Exit::Passed {
            let same: Vec<Vec<u8>> =
                pieces(&bundle).into_iter().skip(1).map(|piece| piece.content).collect();
            let was: Vec<Vec<u8>> =
                case.pieces().into_iter().skip(1).map(|piece| piece.content).collect();
            assert!(same == was, "round {round}: another content passes");
        }
    }
}

#[test]
fn what_is_no_bundle_and_no_project_is_told() {
    let world = World::played();
    let said = run(&world, &["verify", "nowhere.tar.gz"], Exit::Incomplete);
    assert!(said.err.contains("cannot open"), "{}", said.err);
    let made = Command::new("mkfifo").arg("pipe").current_dir(&world.dir).status();
    assert!(made.unwrap().success());
    let said = run(&world, &["verify", "pipe"], Exit::Incomplete);
    assert!(said.err.contains("FIFO"), "{}", said.err);
    // A policy that cannot be used, packed by hand.
    let case = Case::new();
    let mut all = case.pieces();
    listed(&mut all, Piece::file("d3p.yaml", "phase: [\n"));
    write(&case.world.dir.join("b"), &all);
    run(&case.world, &["verify", "b"], Exit::Incomplete);
    // The same, altered: the member is named first of all.
    let mut all = case.pieces();
    put(&mut all, Piece::file("d3p.yaml", "phase: [\n"));
    let said = case.verify(&gzip(&tar(&all)));
    assert!(said.exit == Exit::Refused && has(&said, "GL919", "d3p.yaml"), "{}", said.all());
    // Nothing but a policy.
    let mut all = case.pieces();
    all.retain(|piece| [MANIFEST, "d3p.yaml"].contains(&piece.name().as_str()));
    let said = case.verify(&gzip(&tar(&all)));
    assert!(said.exit == Exit::Refused && has(&said, "GL918", LEDGER), "{}", said.all());
}
