//! Several writers at once, writers that are killed, and disks that are full: with real processes
//! and the real clock, since a lock only shows its worth between processes.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]
#![allow(clippy::print_stderr, reason = "a test says so when a machine cannot run it")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const LOG: &str = ".artifacts/deployment/deployment-communications.md";
const HEALTH: &str = ".artifacts/deployment/deployment-health-log.md";

/// A project on disk with a release that has just begun.
struct Project {
    dir: PathBuf,
    _scratch: tempfile::TempDir,
}

impl Project {
    fn new() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().join("shop");
        fs::create_dir(&dir).unwrap();
        let project = Self { dir, _scratch: scratch };
        project.begin();
        project
    }

    fn begin(&self) {
        fs::write(self.dir.join("service.sh"), "echo hello\n").unwrap();
        for args in [
            &["init", "--quiet"][..],
            &["add", "."],
            &["-c", "user.name=t", "-c", "user.email=t@example.invalid", "commit", "-qm", "begin"],
        ] {
            let mut git = Command::new("git");
            clean(&mut git, &self.dir).args(args);
            assert!(git.status().unwrap().success());
        }
        let said = self.run(&["init", "--release", "v1.0.0", "--service", "api"]);
        assert!(said.status.success(), "{}", all(&said));
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_d3p"));
        clean(&mut command, &self.dir).args(args).stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// A body to record, in the directory that git does not see.
    fn body(&self, name: &str, body: &Value) -> String {
        let path = format!(".d3p/{name}.json");
        fs::write(self.dir.join(&path), body.to_string()).unwrap();
        path
    }

    fn tell(&self, text: &str) -> Output {
        let mut child = self
            .command(&["record", "deployment-communications", "--from", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let body = serde_json::json!({ "text": text }).to_string();
        child.stdin.take().unwrap().write_all(body.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.dir.join(path)).unwrap()
    }

    fn ledger(&self) -> Vec<Value> {
        let text = self.read(LEDGER);
        assert!(text.is_empty() || text.ends_with('\n'), "{text}");
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The entries of a log: its lines below the heading that begin like one.
    fn entries(&self, path: &str) -> Vec<String> {
        let text = self.read(path);
        let below = text.split_once("## Entries\n").unwrap().1;
        below.lines().filter(|line| line.starts_with("- ")).map(str::to_owned).collect()
    }

    /// Findings that tell of a damaged ledger or log, or of a history that forked.
    fn damage(&self) -> Vec<String> {
        let said = self.run(&["check", "--format", "json"]);
        let report: Value = serde_json::from_slice(&said.stdout).unwrap();
        let damage = ["GL119", "GL903", "GL904", "GL905", "GL907", "GL909", "GL912"];
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| {
                let path = finding["location"]["path"].as_str().unwrap_or_default();
                damage.contains(&finding["rule"].as_str().unwrap())
                    || path == LEDGER
                    || finding["state"] == "invalid" && [LOG, HEALTH].contains(&path)
            })
            .map(|finding| {
                format!(
                    "{} {} {}",
                    finding["rule"], finding["location"]["path"], finding["message"]
                )
            })
            .collect()
    }
}

/// Runs in `dir`, with nothing of this machine's settings.
fn clean<'a>(command: &'a mut Command, dir: &Path) -> &'a mut Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command
        .current_dir(dir)
        .env_clear()
        .env("PATH", path)
        .env("USER", "tester")
        .env("HOME", dir.with_file_name("home"))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
}

fn all(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

/// `writers` processes at a time, each of which records `each` entries; none may be lost.
fn record_at_once(writers: usize, each: usize) {
    let project = Project::new();
    thread::scope(|scope| {
        for writer in 0..writers {
            let project = &project;
            scope.spawn(move || {
                for number in 0..each {
                    let said = project.tell(&format!("entry {number} of writer {writer}."));
                    assert!(said.status.success(), "{writer}/{number}: {}", all(&said));
                }
            });
        }
    });
    let entries = project.entries(LOG);
    assert_eq!(entries.len(), writers * each);
    for writer in 0..writers {
        for number in 0..each {
            let text = format!(" entry {number} of writer {writer}.");
            assert_eq!(entries.iter().filter(|entry| entry.ends_with(&text)).count(), 1, "{text}");
        }
    }
    let ledger = project.ledger();
    assert_eq!(ledger.len(), writers * each);
    // One history: the first line names none before it, every other exactly one.
    for (index, line) in ledger.iter().enumerate() {
        assert_eq!(line["heads"].as_array().unwrap().len(), index.min(1), "line {}", index + 1);
    }
    assert_eq!(project.damage(), Vec::<String>::new());
}

#[test]
fn two_processes_that_record_two_hundred_entries_each_lose_none() {
    record_at_once(2, 200);
}

#[test]
fn eight_processes_at_once_lose_none() {
    record_at_once(8, 12);
}

/// `tests/faults/play` plays this one. Whoever announces waits, and is never refused.
#[test]
#[ignore = "it takes minutes"]
fn four_processes_that_record_two_hundred_entries_each_lose_none() {
    record_at_once(4, 200);
    eprintln!("writers: 4 x 200, lost: 0, refused: 0");
}

#[test]
fn a_slow_pipe_does_not_keep_the_lock() {
    let project = Project::new();
    let mut slow = project
        .command(&["record", "deployment-communications", "--from", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let said = project.tell("in between");
    assert!(said.status.success(), "{}", all(&said));
    slow.stdin.take().unwrap().write_all(b"{\"text\": \"the migration runs later\"}").unwrap();
    assert!(slow.wait().unwrap().success());
    let entries = project.entries(LOG);
    assert!(entries[0].ends_with("in between") && entries[1].ends_with("later"), "{entries:?}");
}

/// A generator of delays; good enough to hit every part of a run, and the same each time.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[test]
fn killed_writers_leave_whole_lines_and_a_project_that_can_go_on() {
    let project = Project::new();
    let text = project.body("text", &serde_json::json!({ "text": "killed or not" }));
    let metrics = serde_json::json!({ "error_rate": "0.2%", "latency_p99": "180ms" });
    let sample = serde_json::json!({ "metrics": metrics, "observation": "killed or not" });
    let sample = project.body("sample", &sample);
    let answers =
        d3p::testing::assets::example("confirmations").unwrap().replace("Priya Raman", "Ana Silva");
    fs::write(project.dir.join(".d3p/answers.json"), answers).unwrap();
    let commands: [&[&str]; 4] = [
        &["record", "deployment-communications", "--from", &text],
        &["record", "deployment-health-log", "--from", &sample],
        &["record", "confirmations", "--from", ".d3p/answers.json"],
        &["gate", "readiness"],
    ];
    // How long a whole run takes here, so that the blows fall within one.
    let begun = std::time::Instant::now();
    assert!(project.run(commands[0]).status.success());
    let whole = u64::try_from(begun.elapsed().as_micros()).unwrap();
    let mut state = 7;
    let mut killed = 0;
    for round in 0..200 {
        let args = commands[round % commands.len()];
        let mut child =
            project.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_micros(next(&mut state) % (whole * 5 / 4)));
        child.kill().unwrap();
        killed += usize::from(child.wait().unwrap().signal() == Some(9));
        let before = (project.entries(LOG).len(), project.ledger().len());
        if round % 10 == 9 {
            let said = project.tell(&format!("round {round}"));
            assert!(said.status.success(), "round {round}: {}", all(&said));
            assert_eq!(
                (project.entries(LOG).len(), project.ledger().len()),
                (before.0 + 1, before.1 + 1)
            );
        }
        if killed >= 60 && round % 10 == 9 {
            break;
        }
    }
    assert!(killed >= 30, "only {killed} were killed");
    // What a killed writer staged, the next that writes there removes.
    let said = project.run(commands[2]);
    assert!(all(&said).contains("recorded "), "{}", all(&said));
    assert_eq!(project.damage(), Vec::<String>::new());
    let entries = project.entries(LOG);
    let ids: BTreeSet<&str> = entries.iter().filter_map(|entry| entry.split(' ').nth(2)).collect();
    assert_eq!(ids.len(), entries.len());
}

/// Carries out the command that a refusal advises, marked by `lead`.
fn obey(project: &Project, said: &str, lead: &str) {
    let advice = said.split_once(lead).unwrap_or_else(|| panic!("no `{lead}` in: {said}")).1;
    let command = advice.lines().next().unwrap();
    let status = Command::new("sh").current_dir(&project.dir).args(["-c", command]).status();
    assert!(status.unwrap().success(), "{command}");
}

#[test]
fn a_cut_last_line_is_refused_with_the_command_that_mends_it() {
    let project = Project::new();
    for text in ["first", "second"] {
        assert!(project.tell(text).status.success());
    }
    for path in [LEDGER, LOG] {
        let whole = project.read(path);
        let last = whole[..whole.len() - 1].rfind('\n').unwrap() + 1;
        for cut in (last + 1..whole.len()).step_by(17).chain([whole.len() - 1]) {
            fs::write(project.dir.join(path), &whole[..cut]).unwrap();
            let said = project.tell("third");
            assert_ne!(said.status.code(), Some(0), "{}", all(&said));
            assert_eq!(project.read(path), whole[..cut], "nothing is mended unasked");
            let is_whole = cut == whole.len() - 1;
            if path == LEDGER {
                assert!(all(&said).contains("d3p doctor --restore"), "{}", all(&said));
                project.run(&["doctor", "--restore"]);
            } else {
                obey(&project, &all(&said), if is_whole { "end it: " } else { "remove it: " });
            }
            let mended = if is_whole { &whole } else { &whole[..last] };
            assert_eq!(project.read(path), mended);
        }
        assert_eq!(project.read(path), whole);
    }
    assert!(project.tell("third").status.success());
    assert_eq!(project.damage(), Vec::<String>::new());
}

/// Every file below a directory.
fn state(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push((path.strip_prefix(root).unwrap().to_owned(), fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Records with `d3p` under `limit` until a record is refused; then nothing may have changed.
fn fill_up(project: &Project, limit: impl Fn(&[&str]) -> Output, said_of_it: &str) {
    let text = project.body("text", &serde_json::json!({ "text": "until it is full" }));
    let mut written = 0;
    for _ in 0..200 {
        let before = state(&project.dir.join(".artifacts"));
        let said = limit(&["record", "deployment-communications", "--from", &text]);
        if said.status.success() {
            written += 1;
            continue;
        }
        assert_eq!(said.status.code(), Some(2), "{}", all(&said));
        for words in [said_of_it, "nothing was changed"] {
            assert!(all(&said).contains(words), "no `{words}` in: {}", all(&said));
        }
        assert_eq!(state(&project.dir.join(".artifacts")), before);
        assert!(written > 0, "nothing fitted: {}", all(&said));
        return;
    }
    panic!("{written} entries fitted");
}

#[test]
fn a_line_that_fits_only_in_part_is_taken_back() {
    let project = Project::new();
    // The ledger grows fastest. Its last line is cut by the limit: a real short write.
    let limit = |args: &[&str]| {
        let mut shell = Command::new("sh");
        let script = "ulimit -f 6; exec \"$0\" \"$@\"";
        clean(&mut shell, &project.dir).args(["-c", script]);
        shell.arg(env!("CARGO_BIN_EXE_d3p")).args(args).output().unwrap()
    };
    fill_up(&project, limit, LEDGER);
    assert!(project.tell("with more room").status.success());
    assert_eq!(project.damage(), Vec::<String>::new());
}

/// Runs a command until it fails, on a full disk of its own; what was there before the last run
/// and after it is kept. The disk is mounted in a name space that ends with the script.
const ON_A_FULL_DISK: &str = "
mount -t tmpfs -o size=128k none ../disk && cp -a .artifacts/. ../disk || exit 9
mount --bind ../disk .artifacts || exit 9
mkdir -p .artifacts/deployment/raw
dd if=/dev/zero of=.artifacts/deployment/raw/filler bs=1k 2>/dev/null
for run in $(seq 100); do
    rm -rf ../before && cp -a .artifacts ../before
    \"$@\" || break
done
status=$?
cp -a .artifacts ../after
exit $status
";

#[test]
fn a_full_disk_is_told_and_keeps_the_old_files() {
    let may_mount = Command::new("unshare").args(["-rm", "true"]).status();
    if !may_mount.is_ok_and(|status| status.success()) {
        return crate::faults::not_here("mounting a small disk needs `unshare -rm`");
    }
    let project = Project::new();
    let beside = |name: &str| project.dir.join("..").join(name);
    let text = project.body("text", &serde_json::json!({ "text": "until it is full" }));
    let answers =
        d3p::testing::assets::example("confirmations").unwrap().replace("Priya Raman", "Ana Silva");
    fs::write(project.dir.join(".d3p/answers.json"), answers).unwrap();
    assert!(project.tell("with room").status.success());
    for (kind, body) in
        [("deployment-communications", text.as_str()), ("confirmations", ".d3p/answers.json")]
    {
        fs::create_dir(beside("disk")).unwrap();
        let mut shell = Command::new("unshare");
        clean(&mut shell, &project.dir);
        shell.args(["-rm", "sh", "-c", ON_A_FULL_DISK, "sh", env!("CARGO_BIN_EXE_d3p")]);
        let said = shell.args(["record", kind, "--from", body]).output().unwrap();
        for words in ["No space left", "nothing was changed", "free some space"] {
            assert!(all(&said).contains(words), "no `{words}` in: {}", all(&said));
        }
        // An entry is a few bytes, and the last block of a file has room for some.
        let written = all(&said).matches("\nrecorded in ").count();
        assert_eq!(written > 0, kind == "deployment-communications", "{}", all(&said));
        let before = state(&beside("before"));
        assert!(before.iter().any(|(path, _)| path.ends_with("filler")));
        assert_eq!(state(&beside("after")), before);
        for name in ["disk", "before", "after"] {
            fs::remove_dir_all(beside(name)).unwrap();
        }
    }
}

#[test]
fn a_hook_that_runs_is_not_run_again() {
    let project = Project::new();
    let policy = fs::read_to_string(project.dir.join("d3p.yaml")).unwrap();
    let hook = "hooks: { rollback: { shell: 'echo up; sleep 5' } }\n";
    fs::write(project.dir.join("d3p.yaml"), policy + hook).unwrap();
    let mut first = project.command(&["run", "rollback"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(first.stdout.take().unwrap());
    let mut line = String::new();
    // Once it says something, it runs.
    said.read_line(&mut line).unwrap();
    assert_eq!(line, "up\n");
    let second = project.run(&["run", "rollback"]);
    assert_eq!(second.status.code(), Some(2), "{}", all(&second));
    assert!(all(&second).contains("hook rollback runs already"), "{}", all(&second));
    // Nor is the release put away meanwhile.
    let away = project.run(&["archive", "--outcome", "abandoned", "--reason", "not today"]);
    assert_eq!(away.status.code(), Some(2), "{}", all(&away));
    assert!(all(&away).contains("hook rollback runs already"), "{}", all(&away));
    // Killed, it is only out of sight: `tests/faults` says what becomes of the run.
    first.kill().unwrap();
    first.wait().unwrap();
    let third = project.run(&["run", "rollback"]);
    assert!(all(&third).contains("hook rollback runs already"), "{}", all(&third));
}

/// What cannot be written down is no answer; a reader that had enough is no trouble.
#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_told() {
    let project = Project::new();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let said = project.command(&["status"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(said.status.code(), Some(2), "{}", all(&said));
    assert!(all(&said).contains("the output could not be written"), "{}", all(&said));
    let mut gone = project.command(&["status"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(gone.stdout.take());
    assert_eq!(gone.wait().unwrap().code(), project.run(&["status"]).status.code());
}

#[test]
fn a_secret_that_could_not_be_taken_out_keeps_the_hook_from_running() {
    let project = Project::new();
    let policy = fs::read_to_string(project.dir.join("d3p.yaml")).unwrap();
    let hook =
        "run: { secrets: [TOKEN] }\nhooks: { rollback: { shell: 'echo $TOKEN; touch ran' } }\n";
    fs::write(project.dir.join("d3p.yaml"), policy + hook).unwrap();
    use std::os::unix::ffi::OsStrExt as _;
    for (value, why) in
        [(&b"abc"[..], "fewer than four characters"), (b"abc\xff\xfe", "is no text")]
    {
        let value = std::ffi::OsStr::from_bytes(value);
        let said = project.command(&["run", "rollback"]).env("TOKEN", value).output().unwrap();
        assert_eq!(said.status.code(), Some(1), "{}", all(&said));
        assert!(all(&said).contains(why), "{}", all(&said));
        assert!(!project.dir.join("ran").exists(), "{why}");
    }
}
