//! What is packed honestly.

use super::*;
use crate::common::archive::{Piece, pieces, write};
use crate::common::{World, copy_tree};
use d3p::testing::model::Sha256Digest;

const RESULTS: &str = ".artifacts/deployment/staging-validation-results.json";

/// A report without what may differ between a directory and its bundle.
fn judged(world: &World, args: &[&str]) -> Value {
    let now = world.now();
    let said = world.json(args);
    world.at(now);
    let mut value = said.json();
    value["exit"] = said.exit.code().into();
    if let Some(audit) = value.get_mut("audit") {
        audit.as_object_mut().unwrap().remove("bundle");
    }
    // What nothing declares is not packed, so only a directory can tell of it; it blocks nothing.
    if let Some(findings) = value.get_mut("findings").and_then(Value::as_array_mut) {
        findings.retain(|finding| finding["rule"] != "GL909");
        value["summary"]["warnings"] = Value::Null;
    }
    value
}

#[test]
fn the_same_files_make_the_same_bytes() {
    let world = ran(true);
    commit(&world);
    run(&world, &CREATE, Exit::Passed);
    let first = bytes(&world, BUNDLE);
    world.pass(std::time::Duration::from_secs(86_400));
    run(&world, &["bundle", "create", "../again.tar.gz"], Exit::Passed);
    assert_eq!(first, bytes(&world, "../again.tar.gz"), "a day later");

    let clone = World::new();
    clone.at(world.now());
    git(&world.dir, &["clone", "--quiet", ".", clone.dir.to_str().unwrap()]);
    run(&clone, &CREATE, Exit::Passed);
    assert_eq!(first, bytes(&clone, BUNDLE), "in another clone");

    // Nor does it matter who else may read the files, nor in what order they were written.
    let copy = world.copy();
    let all = Command::new("chmod").args(["-R", "a+rwx", "."]).current_dir(&copy.dir).status();
    assert!(all.unwrap().success());
    run(&copy, &CREATE, Exit::Passed);
    assert_eq!(first, bytes(&copy, BUNDLE), "with other modes");

    run(&world, &["archive"], Exit::Passed);
    run(&world, &["bundle", "create", "../archived.tar.gz", ARCHIVE], Exit::Passed);
    let archived = bytes(&world, "../archived.tar.gz");
    copy_tree(&world.dir.join(ARCHIVE), &world.dir.join("../moved"));
    run(&world, &["bundle", "create", "../moved.tar.gz", "../moved"], Exit::Passed);
    assert_eq!(archived, bytes(&world, "../moved.tar.gz"), "of a copy of the archive");
    // One line of the ledger says that it was archived, and names what the archive has besides.
    let mut closed = pieces(&archived);
    let contents = ".artifacts/deployment/records/contents.json";
    closed.retain(|piece| piece.name() != contents);
    assert_eq!(closed.len() + 1, pieces(&archived).len());
    let differ: Vec<String> = pieces(&first)
        .iter()
        .zip(&closed)
        .filter(|(a, b)| a.content != b.content)
        .map(|(a, _)| a.name())
        .collect();
    assert_eq!(differ, ["d3p-bundle/manifest.json", LEDGER]);
}

#[test]
fn a_bundle_passes_in_an_empty_directory_without_git() {
    for (signed, world) in [(false, World::played()), (false, ran(false)), (true, ran(true))] {
        run(&world, &CREATE, Exit::Passed);
        run(&world, &["archive"], Exit::Passed);
        run(&world, &["bundle", "create", "../archived.tar.gz", ARCHIVE], Exit::Passed);
        for bundle in [BUNDLE, "../archived.tar.gz"] {
            let other = elsewhere(&world, bundle);
            // Years later.
            other.pass(std::time::Duration::from_secs(800 * 86_400));
            let said = run(&other, &["verify", "release.tar.gz"], Exit::Passed);
            let digest = Sha256Digest::of(&bytes(&world, bundle));
            assert!(said.out.contains(&format!("sha256:{digest}")), "{}", said.out);
            let level = if signed { "approval L1" } else { "approval L0" };
            assert!(said.out.contains(level), "{}", said.out);
            let left: Vec<_> = fs::read_dir(&other.dir).unwrap().collect();
            assert_eq!(left.len(), 1, "verify wrote {left:?}");
        }
    }
}

/// Whatever is done to a release before it is packed: the bundle tells what the directory tells.
#[test]
fn a_bundle_is_judged_like_its_directory() {
    let played = ran(true);
    let attempts = ".artifacts/deployment/raw/attempts";
    let cases: &[(&str, Change<'_>)] = &[
        ("nothing", &|_| {}),
        ("evidence edited", &|world| world.edit(RESULTS, "\"passed\"", "\"pasSed\"")),
        ("evidence gone", &|world| world.remove(RESULTS)),
        ("evidence empty", &|world| world.write(RESULTS, "")),
        ("evidence not text", &|world| world.write(RESULTS, [0xff, 0xfe, 0])),
        ("ledger cut", &|world| {
            let text = world.read(LEDGER);
            // The last lines tell who took what was handed over, and no other file does.
            let kept: Vec<&str> =
                text.lines().take_while(|line| !line.contains("\"handed-over\"")).collect();
            world.write(LEDGER, kept[..kept.len() - 1].join("\n") + "\n");
        }),
        ("ledger gone", &|world| world.remove(LEDGER)),
        ("record gone", &|world| {
            world.remove(".artifacts/deployment/records/2-staging-validation.json");
        }),
        ("signers gone", &|world| world.remove(".d3p/allowed_signers")),
        ("documents gone", &|world| world.remove("d3p")),
        ("raw gone", &|world| world.remove(".artifacts/deployment/raw")),
        ("objects gone", &|world| world.remove(".artifacts/deployment/records/objects")),
        ("policy loosened", &|world| {
            world.edit("d3p.yaml", "max_age: 1h", "max_age: 700h");
        }),
        ("long names", &|world| {
            for name in [
                format!("{}/b.json", "a".repeat(120)),
                "größe-β.json".to_owned(),
                "c".repeat(100 - attempts.len() - 1),
                "d".repeat(100 - attempts.len()),
            ] {
                world.write(&format!("{attempts}/{name}"), recorded(world));
            }
        }),
        ("an outdated copy of a prerequisite", &|world| {
            world.edit(".artifacts/quality/quality-audit-report.md", "\n", "\n\n");
        }),
    ];
    for (what, change) in cases {
        let world = played.copy();
        change(&world);
        run(&world, &CREATE, Exit::Passed);
        let other = elsewhere(&world, BUNDLE);
        let here = judged(&world, &["verify"]);
        let there = judged(&other, &["verify", "release.tar.gz"]);
        assert_eq!(here["exit"] == 0, matches!(*what, "nothing" | "long names"), "{what}");
        assert_eq!(here, there, "{what}");
    }
}

#[test]
fn tar_and_sha256sum_read_it_too() {
    let world = ran(true);
    let long = format!(".artifacts/deployment/raw/attempts/{}/größe.json", "a".repeat(120));
    world.write(&long, recorded(&world));
    run(&world, &CREATE, Exit::Passed);
    let out = world.dir.join("../extracted");
    fs::create_dir(&out).unwrap();
    let tar = Command::new("tar")
        .args(["-xzf", "../release.tar.gz"])
        .current_dir(&out)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    assert!(tar.status.success() && tar.stderr.is_empty(), "{tar:?}");
    let manifest: Value =
        serde_json::from_slice(&fs::read(out.join("d3p-bundle/manifest.json")).unwrap()).unwrap();
    let files = manifest["files"].as_array().unwrap();
    let sums: String = files
        .iter()
        .map(|file| {
            format!("{}  {}\n", file["sha256"].as_str().unwrap(), file["path"].as_str().unwrap())
        })
        .collect();
    fs::write(out.join("../SUMS"), sums).unwrap();
    let sums = Command::new("sha256sum")
        .args(["--check", "--strict", "--quiet", "../SUMS"])
        .current_dir(&out)
        .output()
        .unwrap();
    assert!(sums.status.success(), "{sums:?}");
    assert_eq!(fs::read_to_string(out.join(&long)).unwrap(), recorded(&world));
    // What was taken out of it is a project like any other.
    world.without_programs();
    run(&world, &["verify", "../extracted"], Exit::Passed);
    // For readers without d3p: the schemas and the definition, as the program has them.
    for name in d3p::testing::schema::names() {
        let text =
            fs::read_to_string(out.join(format!("d3p-bundle/schemas/{name}.v1.schema.json")));
        assert_eq!(text.unwrap(), d3p::testing::schema::text(name).unwrap());
    }
    assert_eq!(
        fs::read_to_string(out.join("d3p-bundle/phase.yaml")).unwrap(),
        crate::common::PHASE_TEXT
    );
}

#[test]
fn the_anchors_hold_for_a_bundle_too() {
    let world = ran(true);
    run(&world, &CREATE, Exit::Passed);
    let other = elsewhere(&world, BUNDLE);
    fs::copy(world.dir.join(".d3p/allowed_signers"), other.dir.join("signers")).unwrap();
    fs::write(other.dir.join("others"), "# nobody\n").unwrap();
    let ledger = world.read(LEDGER);
    let line = ledger.lines().nth(3).unwrap();
    let head = format!("sha256:{}", Sha256Digest::of(line.as_bytes()));
    let zeros = format!("sha256:{}", "0".repeat(64));
    let signers = format!("sha256:{}", Sha256Digest::of(&bytes(&other, "signers")));
    let release = world.json(&["status"]).json()["release"].clone();
    let commit = release["commit"].as_str().unwrap();
    let cases: &[(&[&str], Option<&str>)] = &[
        (&["--trust-root", "signers"], None),
        (&["--trust-root", "others"], Some("GL913")),
        (&["--trust-root", &signers], None),
        (&["--trust-root", &zeros], Some("GL913")),
        (&["--expect-head", &head], None),
        (&["--expect-head", &zeros], Some("GL914")),
        (&["--min-assurance", "L1"], None),
        (&["--min-assurance", "L2"], Some("GL915")),
        (&["--release", "v1.4.0", "--commit", commit], None),
        (&["--release", "v1.4.1"], Some("GL911")),
        (&["--commit", "0123456789012345678901234567890123456789"], Some("GL911")),
        (&["--artifact", &zeros], Some("GL911")),
        (&["--through", "readiness"], None),
        (&["--raw", "."], None),
    ];
    for (args, rule) in cases {
        let all = [&["verify", "release.tar.gz"], *args].concat();
        let said = other.json(&all);
        assert_eq!(said.exit == Exit::Passed, rule.is_none(), "{args:?}: {}", said.all());
        if let Some(rule) = rule {
            assert!(said.has(rule), "{args:?}: {}", said.all());
        }
    }
}

#[test]
fn the_policy_commit_of_a_bundle_is_read_where_the_verifier_stands() {
    let world = ran(true);
    let reviewed = commit(&world);
    run(&world, &CREATE, Exit::Passed);
    let verify = ["verify", BUNDLE, "--policy-commit", &reviewed, "--min-assurance", "L2"];
    let said = run(&world, &verify, Exit::Passed);
    assert!(
        said.out
            .starts_with(&format!("TRUST ROOT: the policy and the signers of commit {reviewed}"))
    );
    // A directory below, and a clone that has nothing checked out.
    let below =
        [&["-C", "services"][..], &["verify", "../../release.tar.gz"], &verify[2..]].concat();
    run(&world, &below, Exit::Passed);
    let clone = World::new();
    clone.at(world.now());
    let to = clone.dir.to_str().unwrap();
    git(&world.dir, &["clone", "--quiet", "--no-checkout", ".", to]);
    fs::copy(world.dir.join(BUNDLE), clone.dir.join(BUNDLE)).unwrap();
    run(&clone, &verify, Exit::Passed);
    // A policy that asks for more, in that clone.
    git(&clone.dir, &["checkout", "--quiet", "HEAD"]);
    clone.edit("d3p.yaml", "threshold: 1", "threshold: 2");
    let stricter = super::commit(&clone);
    let said = clone.json(&["verify", BUNDLE, "--policy-commit", &stricter]);
    assert!(said.exit == Exit::Refused && said.has("GL916"), "{}", said.all());
    // Where there is no repository, or none of this project, it is said what to do.
    let nowhere = World::new();
    nowhere.at(world.now());
    fs::copy(world.dir.join(BUNDLE), nowhere.dir.join(BUNDLE)).unwrap();
    let said = run(&nowhere, &verify, Exit::Incomplete);
    assert!(said.err.contains("d3p -C CLONE verify FILE --policy-commit SHA"), "{}", said.err);
    git(&nowhere.dir, &["init", "--quiet"]);
    let said = run(&nowhere, &verify, Exit::Incomplete);
    assert!(said.err.contains("d3p -C CLONE verify FILE --policy-commit SHA"), "{}", said.err);
}

#[test]
fn a_project_in_a_directory_of_its_repository_has_its_policy_there() {
    let world = ran(true);
    run(&world, &CREATE, Exit::Passed);
    let mono = World::new();
    mono.at(world.now());
    git(&mono.dir, &["init", "--quiet"]);
    for path in ["d3p.yaml", ".d3p/allowed_signers"] {
        mono.write(&format!("apps/shop/{path}"), world.read(path));
    }
    let reviewed = commit(&mono);
    let bundle = world.dir.join(BUNDLE);
    let args = ["verify", bundle.to_str().unwrap(), "--policy-commit", &reviewed];
    run(&mono, &[&["-C", "apps/shop"], &args[..]].concat(), Exit::Passed);
    let top = run(&mono, &args, Exit::Incomplete);
    assert!(top.err.contains("no d3p.yaml") && top.err.contains("-C CLONE"), "{}", top.err);
}

#[test]
fn a_definition_of_the_project_travels_with_it() {
    let world = World::new();
    let script = run_script(false);
    let is_init =
        |step: &Step| matches!(&step.action, Action::Run { args, .. } if args[0] == "init");
    let end = script.iter().position(is_init).unwrap();
    world.play(&script[..=end]);
    world.write("own/phase.yaml", format!("# our own\n{}", crate::common::PHASE_TEXT));
    let policy = world.read("d3p.yaml");
    world.write("d3p.yaml", format!("{policy}\ndefinition: own/phase.yaml\n"));
    run(&world, &CREATE, Exit::Passed);
    let all = pieces(&bytes(&world, BUNDLE));
    let text = |path: &str| &all.iter().find(|piece| piece.name() == path).unwrap().content;
    assert!(text("own/phase.yaml").starts_with(b"# our own\n"));
    assert_eq!(text("own/phase.yaml"), text("d3p-bundle/phase.yaml"));
    let other = elsewhere(&world, BUNDLE);
    assert_eq!(judged(&world, &["verify"]), judged(&other, &["verify", "release.tar.gz"]));
}

/// A repacked bundle is known, and what was changed in it is named all the same.
#[test]
fn a_repacked_bundle_is_told_and_judged() {
    let world = World::played();
    run(&world, &CREATE, Exit::Passed);
    let mut repacked = pieces(&bytes(&world, BUNDLE));
    repacked.iter_mut().for_each(|piece| piece.owner = 1000);
    let last = repacked.len() - 1;
    repacked[last].content.push(b'\n');
    repacked.push(Piece::file("README", "an extra"));
    let name = repacked[last].name();
    let other = elsewhere(&world, BUNDLE);
    write(&other.dir.join("release.tar.gz"), &repacked);
    let said = other.json(&["verify", "release.tar.gz"]);
    assert_eq!(said.exit, Exit::Refused);
    for (rule, path) in
        [("GL917", "README"), ("GL919", name.as_str()), ("GL920", "d3p-bundle/manifest.json")]
    {
        assert!(has(&said, rule, path), "{rule} {path}: {}", said.all());
    }
    assert!(said.json().get("gates").is_some(), "{}", said.all());
}
