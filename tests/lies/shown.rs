//! What is loose and counts all the same: whoever signs reads it first, and it heads `verify` for good.
//! And samplers that fail, find what is bad, or leave something out.

use crate::common::{Said, World};
use crate::redteam::{SIGN, go_on, is, prepared};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script, signed_script};

/// Plays the signed release with d3p.yaml changed before the first gate, to its end: `told` stands in
/// what the signer reads, and `key` in the head of `verify` of the release when it is done.
#[track_caller]
fn shown(edits: &[(&str, &str)], key: &str, told: &str) {
    // What the demo says of itself would be said instead.
    let mut all = vec![("demo: true", "demo: false")];
    all.extend(edits);
    let world = prepared(&all, &[]);
    go_on(&world);
    let read = world.run(&["approve", "show"]).out;
    assert!(read.contains(told), "{read}");
    let script = signed_script();
    let sign = script.iter().position(|step| is(step, &SIGN)).unwrap();
    world.play(&script[sign..]);
    let verified = world.run(&["verify"]);
    assert_eq!(verified.exit, Exit::Passed, "{}", verified.all());
    let head = verified.out.lines().find(|line| line.starts_with("looser than recommended: "));
    assert!(head.is_some_and(|line| line.contains(key)), "{}", verified.all());
}

#[test]
fn a_regression_of_a_hundred_thousand_percent() {
    shown(
        &[(
            "suites: [smoke, contract]",
            "suites: [smoke, contract], performance: { max_regression: 100000% }",
        )],
        "max_regression",
        "is 100000%; recommended is at most 10%",
    );
}

#[test]
fn an_approval_for_ten_years() {
    shown(&[("max_age: 1h", "max_age: 3650d")], "approval.production.max_age", "is 3650d");
}

#[test]
fn a_rollback_hook_that_is_true() {
    let hooks = "windows: { deny: [] }\nhooks: { rollback: { run: [sh, -c, \"echo rolling back; true\"] } }";
    shown(&[("windows: { deny: [] }", hooks)], "hooks.rollback", "does nothing");
}

/// No list of words judges prose in every language: whoever signs reads it.
#[test]
fn what_people_wrote_is_read_by_whoever_signs() {
    let documents = "d3p/phase-9-deployment-golive";
    let strategy = format!("{documents}/phase9_roll_back_strategy.md");
    let world = prepared(&[], &[]);
    let hotfix = "The fix is reviewed by a second engineer, goes through staging with both suites, \
                  and is a new attempt of this release with its own approval.";
    let long = format!("Wird bei Bedarf vom Team entschieden. {}", "Und so fort. ".repeat(40));
    world.edit(&strategy, hotfix, &long);
    world.edit(&strategy, "Redeploy the previous release of web", "Hope that it fixes itself");
    let plan = format!("{documents}/phase9_deployment_plan.md");
    let rehearsed = "the rollback was rehearsed on staging and took under four minutes";
    world.edit(&plan, rehearsed, "the rollback was rehearsed on staging and failed twice");
    go_on(&world);
    let read = world.run(&["approve", "show"]).out;
    for told in [
        "affected and the cause is known, such as a wrong text or a broken image. Ana Silva decides it. Wird bei Bedarf vom Team entschieden. Und so fort.",
        " characters more\n",
        "    Hope that it fixes itself | Jonas Weber | 4m\n",
        "was rehearsed on staging and failed twice",
        "    1 | Ana Silva | Release manager | Release call, or telephone",
        "    - The page footer shows v1.4.0 in two browsers and on a phone.",
        "All three confirmed that they are present",
    ] {
        assert!(read.contains(told), "{told}: {read}");
    }
    // What is compiled of the documents, and what stands in sections of its own, is not shown twice.
    for once in ["    Hope that it fixes itself |", "gift cards can be redeemed at checkout"] {
        assert_eq!(read.matches(once).count(), 1, "{once}: {read}");
    }
}

/// Plays the release that is made of runs with another sampler, up to what `gate 4` says. `first` is what
/// the sampler does the first time that it runs.
fn sampled(first: &str, always: &str) -> (World, Said) {
    let world = World::new();
    let script = run_script(false);
    let at = |args: &[&str]| script.iter().position(|step| is(step, args)).unwrap();
    let writes = |step: &Step| matches!(step.action, Action::Write(_));
    let filled = script.iter().position(writes).unwrap();
    world.play(&script[..=filled]);
    let mark = world.dir.with_file_name("sampled");
    let mark = mark.display();
    let once = match first {
        "" => String::new(),
        first => format!("if [ ! -e {mark} ]; then touch {mark}; {first}; fi; "),
    };
    let declared = "run: [sh, scripts/sample.sh]";
    world.edit("d3p.yaml", declared, &format!("shell: \"{once}sh scripts/sample.sh{always}\""));
    let sample = at(&["run", "health-check"]);
    world.play(&script[filled + 1..sample]);
    if !first.is_empty() {
        world.run(&["run", "health-check"]);
    }
    let gate = at(&["gate", "stabilization"]);
    world.play(&script[sample..gate]);
    let said = world.json(&["gate", "stabilization"]);
    (world, said)
}

#[test]
fn a_sampler_that_failed() {
    let (_, said) = sampled("echo ::metric error_rate=0.2%; exit 1", "");
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.has("GL317"), "{:?}", said.rules());
}

#[test]
fn half_of_all_requests_failed_the_first_time() {
    let bad = "echo ::metric error_rate=50%; echo ::metric latency_p99=180ms; echo ::metric cpu=41%; exit 0";
    let (_, said) = sampled(bad, "");
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.has("GL315"), "{:?}", said.rules());
}

#[test]
fn a_service_without_its_version() {
    let says = |api: &str| format!("; echo ::service api={api}; echo ::service web=healthy v1.4.0");
    let (world, said) = sampled("", &says("healthy"));
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let verified = world.json(&["verify"]);
    assert!(verified.exit == Exit::Passed && verified.has("GL318"), "{}", verified.all());
    let (world, said) = sampled("", &says("healthy v1.4.0"));
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(!world.json(&["verify"]).has("GL318"));
    let (_, said) = sampled("", &says("unhealthy v1.4.0"));
    assert!(said.exit == Exit::Refused && said.has("GL318"), "{:?}", said.rules());
}
