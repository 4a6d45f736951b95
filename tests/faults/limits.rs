//! Full disks, logs that cannot be written, too many files, outputs that take nothing.

use super::{LEDGER, Shop, all};
use crate::common::World;
use d3p::testing::cli::demo::run_script;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A release that has just begun, with these lines in its policy.
fn begun(policy: &str) -> Shop {
    let world = World::new();
    world.at(super::a_while_ago());
    world.play(&run_script(false)[..1]);
    let text = world.read("d3p.yaml");
    let rest = text.lines().filter(|line| !line.starts_with("hooks:") && !line.starts_with("run:"));
    let rest: Vec<&str> = rest.collect();
    world.write("d3p.yaml", format!("{}\n{policy}\n", rest.join("\n")));
    Shop::of(world)
}

/// The record of the last run of `rollback`.
fn record(shop: &Shop) -> Value {
    let ledger = fs::read_to_string(shop.dir().join(LEDGER)).unwrap();
    let mut lines = ledger.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let ran = lines.rfind(|line| line["kind"] == "ran").unwrap();
    let path = ran["digests"][0]["path"].as_str().unwrap();
    serde_json::from_slice(&fs::read(shop.dir().join(path)).unwrap()).unwrap()
}

/// Runs d3p in a shell that has set a limit.
fn limited(shop: &Shop, limit: &str, args: &[&str]) -> Output {
    let mut shell = Command::new("sh");
    let script = format!("{limit}; exec \"$0\" \"$@\"");
    shop.set_up(&mut shell).args(["-c", &script, env!("CARGO_BIN_EXE_d3p")]).args(args);
    shell.output().unwrap()
}

#[test]
fn a_log_that_cannot_be_written_ends_no_hook() {
    // Two megabytes fit, and the hook says four.
    let shop = begun(
        "hooks: { rollback: { shell: 'head -c 4000000 /dev/zero | tr \"\\\\0\" x; echo; echo done' } }",
    );
    let said = limited(&shop, "ulimit -f 2000", &["run", "rollback"]);
    let record = record(&shop);
    assert_eq!(record["exit_code"], 0, "{}", all(&said));
    let lost = record["log"]["lost"].as_u64().unwrap();
    let size = record["log"]["size"].as_u64().unwrap();
    assert!(lost > 1_000_000 && lost + size >= 4_000_006, "{record}");
    let log = fs::read(shop.dir().join(record["log"]["path"].as_str().unwrap())).unwrap();
    assert_eq!(log.len() as u64, size);
    assert!(all(&said).contains("the log is not whole"), "{}", all(&said).len());
    assert!(!all(&shop.run(&["check"])).contains("GL235"));
}

#[test]
fn a_hook_that_takes_its_log_away_has_one() {
    let shop = begun(
        "hooks: { rollback: { shell: 'echo before; cd ../../../../../$(echo shop); rm -f .d3p/run-*-rollback-*.log .artifacts/deployment/raw/runs/rollback-*.log; echo after' } }",
    );
    let said = shop.run(&["run", "rollback"]);
    let record = record(&shop);
    let log = fs::read_to_string(shop.dir().join(record["log"]["path"].as_str().unwrap()));
    assert_eq!(log.unwrap(), "before\nafter\n", "{}", all(&said));
}

#[test]
fn of_a_log_that_is_too_long_beginning_and_end_are_kept() {
    let shop = begun(
        "run: { environment: [], secrets: [], log_limit: 3000000 }\n\
         hooks: { rollback: { shell: 'echo first; head -c 9000000 /dev/zero | tr \"\\\\0\" x; echo; echo ::critical:: last' } }",
    );
    let said = shop.run(&["run", "rollback", "--quiet"]);
    let record = record(&shop);
    let log = fs::read_to_string(shop.dir().join(record["log"]["path"].as_str().unwrap())).unwrap();
    assert!(log.len() < 3_000_200, "{} {}", log.len(), all(&said));
    assert!(log.starts_with("first\n") && log.ends_with("last\n"), "{}", &log[..20]);
    let left_out = record["log"]["left_out"].as_u64().unwrap();
    assert!(log.contains(&format!("[d3p: {left_out} bytes of the output are left out here]")));
}

/// A hook that writes `count` reports, under a limit of 256 handles.
fn many_reports(count: usize) {
    let script = format!(
        "mkdir reports; i=0; while [ $i -lt {count} ]; do echo \"<testsuite name=\\\"s$i\\\" tests=\\\"1\\\"><testcase name=\\\"t\\\"/></testsuite>\" > reports/$i.xml; i=$((i+1)); done"
    );
    let script = script.replace('\'', "''");
    let shop = begun(&format!(
        "hooks: {{ rollback: {{ shell: '{script}', reports: [{{ junit: \"reports/*.xml\", suite: all }}] }} }}"
    ));
    let said = limited(&shop, "ulimit -n 256", &["run", "rollback"]);
    let record = record(&shop);
    assert_eq!(record["reports"].as_array().unwrap().len(), count, "{}", all(&said));
    assert_eq!(record["missing_reports"], serde_json::json!([]));
    println!("reports at 256 handles: {count}");
}

#[test]
fn there_may_be_more_reports_than_handles() {
    many_reports(600);
}

#[test]
#[ignore = "it takes minutes"]
fn there_may_be_ten_thousand_reports() {
    many_reports(10_000);
}

/// `tests/faults/play` plays this one: what an import costs does not grow with the report. The address
/// space holds the program, its stacks, and little of 51 MB.
#[test]
#[ignore = "it takes minutes"]
fn a_report_of_51_megabytes_takes_little_memory() {
    let script = "awk 'BEGIN { print \"<testsuite name=\\\"s\\\" tests=\\\"400000\\\">\"; \
        for (i = 0; i < 400000; i++) printf \"<testcase classname=\\\"a.rather.long.name.of.a.class.with.%06d\\\" \
        name=\\\"it_does_what_was_said_of_it_%06d\\\" time=\\\"0.001\\\"></testcase>\\n\", i, i; print \"</testsuite>\" }' > report.xml";
    let script = script.replace('\'', "''");
    let shop = begun(&format!(
        "hooks: {{ rollback: {{ shell: '{script}', reports: [{{ junit: report.xml, suite: all }}] }} }}"
    ));
    let said = limited(&shop, "ulimit -v 400000", &["run", "rollback"]);
    let record = record(&shop);
    assert_eq!(record["reports"].as_array().unwrap().len(), 1, "{}", all(&said));
    let path = record["reports"][0]["path"].as_str().unwrap();
    let size = fs::metadata(shop.dir().join(path)).unwrap().len();
    assert!(size > 51_000_000, "{size}");
    println!("a report of {size} bytes within 400 MB of address space");
}

#[test]
fn an_output_that_takes_nothing_has_nothing_done_twice() {
    let shop = Shop::cleared();
    let announced = || {
        let log = ".artifacts/deployment/deployment-communications.md";
        let text = fs::read_to_string(shop.dir().join(log)).unwrap();
        text.matches("the shop is read-only").count()
    };
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = shop.command(&["announce", "the shop is read-only"]);
    let said = command.stdout(full()).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(said.status.code(), Some(0), "{}", all(&said));
    assert!(all(&said).contains("is not to be done again"), "{}", all(&said));
    assert_eq!(announced(), 1);
    // So does the launch, whose end is not lost with what it says.
    let args = shop.launching("echo shipped");
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let said = shop.command(&args).stdout(full()).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(said.status.code(), Some(1), "{}", all(&said));
    assert_eq!(shop.recorded().0["outcome"]["exit_code"], 0);
    // What only answers has not answered.
    let mut command = shop.command(&["status"]);
    let said = command.stdout(full()).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(said.status.code(), Some(2), "{}", all(&said));
}

/// Launches on a full disk of its own, which lies where the project lies, in a name space that ends
/// with the script; what is there afterwards is taken out of it.
const ON_A_FULL_DISK: &str = "
mkdir ../disk && mount -t tmpfs -o size=24m none ../disk && cp -a . ../disk || exit 9
project=$(pwd) && mount --bind ../disk . && cd \"$project\" || exit 9
\"$@\"
echo \"ended with $?\"
rm -f filler
\"$1\" run deploy-production
cp -a .artifacts ../after
";

#[test]
fn a_launch_that_fills_the_disk_is_told_truthfully_and_recorded_later() {
    let may_mount = Command::new("unshare").args(["-rm", "true"]).status();
    if !may_mount.is_ok_and(|status| status.success()) {
        return super::not_here("mounting a small disk needs `unshare -rm`");
    }
    let shop = Shop::cleared();
    let fill =
        "cd ../../../../../$(echo shop); dd if=/dev/zero of=filler bs=1k 2>/dev/null; echo shipped";
    let mut shell = Command::new("unshare");
    shop.set_up(&mut shell).args([
        "-rm",
        "sh",
        "-c",
        ON_A_FULL_DISK,
        "sh",
        env!("CARGO_BIN_EXE_d3p"),
    ]);
    let said = shell.args(shop.launching(fill)).output().unwrap();
    let text = all(&said);
    for words in [
        "hook deploy-production passed at",
        "could not be recorded",
        "No space left",
        "free some space",
        "ended with 2",
        "it is recorded now, and nothing was run",
    ] {
        assert!(text.contains(words), "no `{words}` in: {text}");
    }
    assert!(!text.contains("nothing was changed"), "{text}");
    assert_eq!(shop.launches(), 1);
    let ledger = fs::read_to_string(shop.beside("after/deployment/records/ledger.jsonl")).unwrap();
    assert_eq!(
        ledger.matches(r#""kind":"ran","release":"v1.4.0+1","hook":"deploy-production""#).count(),
        1,
        "{ledger}"
    );
}

#[test]
fn what_killed_programs_left_behind_is_taken_away_and_never_judged() {
    let shop = Shop::cleared();
    let before = shop.run(&["check"]);
    let left = [
        ".d3p-abcdef-4194303.tmp",
        ".d3p/.d3p-abcdef-4194303.tmp",
        ".artifacts/deployment/.d3p-abcdef.tmp",
        ".artifacts/deployment/raw/runs/.d3p-abcdef-4194303.tmp",
        ".d3p/run-phase-9-deployment-golive-deploy-production-0123456789abcdef.json",
        ".d3p/run-phase-9-deployment-golive-deploy-production-0123456789abcdef.log",
    ];
    left.iter().for_each(|path| fs::write(shop.dir().join(path), "cut").unwrap());
    let now = shop.run(&["check"]);
    assert_eq!(all(&now), all(&before));
    let args = shop.launching("echo shipped");
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let said = shop.run(&args);
    assert_eq!(shop.recorded().0["outcome"]["exit_code"], 0, "{}", all(&said));
    let there = |path: &&&str| Path::new(shop.dir()).join(path).exists();
    assert_eq!(left.iter().filter(there).count(), 0, "{left:?}");
    // One of a program that still runs is left to it.
    let own = format!(".d3p-abcdef-{}.tmp", std::process::id());
    fs::write(shop.dir().join(&own), "being written").unwrap();
    assert!(shop.run(&["announce", "both services answer"]).status.success());
    assert!(shop.dir().join(&own).exists());
}

#[test]
fn a_place_for_temporary_files_that_is_missing_is_named() {
    let world = World::new();
    world.at(super::a_while_ago());
    let script = d3p::testing::cli::demo::signed_script();
    let is_sign = |step: &d3p::testing::cli::demo::Step| matches!(&step.action, d3p::testing::cli::demo::Action::Run { args, .. } if args.starts_with(&["approve".to_owned(), "sign".to_owned()]));
    let sign = script.iter().position(is_sign).unwrap();
    world.play(&script[..sign]);
    let d3p::testing::cli::demo::Action::Run { args, .. } = &script[sign].action else {
        unreachable!()
    };
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let shop = Shop::of(world);
    let said = shop.command(&args).env("TMPDIR", shop.beside("nowhere")).output().unwrap();
    assert!(all(&said).contains("TMPDIR says where"), "{}", all(&said));
}
