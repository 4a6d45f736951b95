#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use super::{How, Job, RUN_VARIABLE, Survivor, Watch, find_program, run, watch};
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// A shell script to run, and how.
struct Script<'a> {
    args: [String; 2],
    stdin: &'a [u8],
    env: Vec<(OsString, OsString)>,
    timeout: Duration,
    grace: Duration,
    interrupted: &'a dyn Fn() -> bool,
}

/// What came of it.
#[derive(Debug)]
struct Outcome {
    how: How,
    output: Vec<u8>,
    took: Duration,
    left: Vec<Survivor>,
}

impl Outcome {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.output).unwrap()
    }
}

impl<'a> Script<'a> {
    fn new(text: &str) -> Self {
        Self {
            args: ["-c".to_owned(), text.to_owned()],
            stdin: b"",
            env: vec![("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into())],
            timeout: Duration::from_secs(20),
            grace: Duration::from_secs(10),
            interrupted: &|| false,
        }
    }

    fn timeout(mut self, millis: u64) -> Self {
        self.timeout = Duration::from_millis(millis);
        self
    }

    fn grace(mut self, millis: u64) -> Self {
        self.grace = Duration::from_millis(millis);
        self
    }

    fn run_into(&self, sink: &mut dyn FnMut(&[u8])) -> io::Result<How> {
        run(&self.job(), self.interrupted, sink)
    }

    fn job(&self) -> Job<'_> {
        Job {
            program: Path::new("/bin/sh"),
            arg0: "sh",
            args: &self.args,
            dir: Path::new("/"),
            env: &self.env,
            stdin: self.stdin,
            timeout: self.timeout,
            grace: self.grace,
        }
    }

    /// Runs as the run `id`, and looks who is left.
    fn marked(mut self, id: &str) -> Outcome {
        self.env.push((RUN_VARIABLE.into(), id.into()));
        let mut output = Vec::new();
        let start = Instant::now();
        let mut wanted = Watch { run: id, program: None, started: &mut |_| {} };
        let watched = watch(&self.job(), &mut wanted, self.interrupted, &mut |bytes| {
            output.extend_from_slice(bytes);
        });
        let watched = watched.unwrap();
        Outcome { how: watched.how, output, took: start.elapsed(), left: watched.left }
    }

    fn run(&self) -> Outcome {
        let mut output = Vec::new();
        let start = Instant::now();
        let how = self.run_into(&mut |bytes| output.extend_from_slice(bytes));
        Outcome { how: how.unwrap(), output, took: start.elapsed(), left: Vec::new() }
    }
}

/// Whether the process is there and not just waiting to be reaped by whoever inherited it.
fn lives(pid: &str) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().unwrap();
    let stat = String::from_utf8(output.stdout).unwrap();
    !stat.trim().is_empty() && !stat.trim().starts_with('Z')
}

#[track_caller]
fn assert_gone(pid: &str) {
    assert!(pid.parse::<u32>().is_ok(), "{pid:?} is no number of a process");
    let start = Instant::now();
    while lives(pid) {
        assert!(start.elapsed() < Duration::from_secs(1), "process {pid} lives on");
        thread::sleep(Duration::from_millis(10));
    }
}

const SOON: Duration = Duration::from_secs(3);

#[test]
fn it_ends_as_the_command_ended() {
    let cases = [
        ("exit 0", How::Exited(0)),
        ("exit 3", How::Exited(3)),
        ("exit 255", How::Exited(255)),
        ("kill -KILL $$", How::Signalled(9)),
        ("kill -TERM $$", How::Signalled(15)),
        ("sh -c 'kill -KILL $$'", How::Exited(137)),
    ];
    for (text, how) in cases {
        assert_eq!(Script::new(text).run().how, how, "{text}");
    }
}

#[test]
fn output_comes_in_the_order_of_writing() {
    let text = "i=0; while [ $i -lt 200 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done";
    let expected: String = (0..200).map(|i| format!("out {i}\nerr {i}\n")).collect();
    assert_eq!(Script::new(text).run().text(), expected);
}

#[test]
fn output_is_given_while_the_command_runs() {
    let start = Instant::now();
    let mut first = None;
    let script = Script::new("echo now; sleep 0.5; echo later");
    let how = script.run_into(&mut |_| {
        first.get_or_insert_with(|| start.elapsed());
    });
    assert_eq!(how.unwrap(), How::Exited(0));
    assert!(first.unwrap() < Duration::from_millis(400), "{first:?}");
}

#[test]
fn much_output_without_a_newline_is_complete() {
    let outcome = Script::new("head -c 10000000 /dev/zero | tr '\\0' x").run();
    assert_eq!(outcome.how, How::Exited(0));
    assert_eq!(outcome.output.len(), 10_000_000);
    assert!(outcome.output.iter().all(|byte| *byte == b'x'));
}

#[test]
fn binary_output_is_kept() {
    let outcome = Script::new(r"printf '\000\377\376\200\r\n\033['").run();
    assert_eq!(outcome.output, b"\x00\xff\xfe\x80\r\n\x1b[");
}

#[test]
fn a_timeout_ends_grandchildren() {
    let script = "sleep 1000 & echo $!; (sleep 1000 & echo $!; wait) & wait";
    let outcome = Script::new(script).timeout(300).run();
    assert_eq!(outcome.how, How::TimedOut);
    assert!(outcome.took < SOON, "{outcome:?}");
    let pids: Vec<&str> = outcome.text().lines().collect();
    assert_eq!(pids.len(), 2, "{outcome:?}");
    pids.into_iter().for_each(assert_gone);
}

#[test]
fn what_asks_to_stop_may_tidy_up() {
    let script = "trap 'echo tidying; exit 7' TERM; echo ready; sleep 1000 & wait";
    let outcome = Script::new(script).timeout(300).run();
    assert_eq!((outcome.how, outcome.text()), (How::TimedOut, "ready\ntidying\n"));
    assert!(outcome.took < SOON, "{outcome:?}");
}

#[test]
fn what_ignores_the_request_is_killed_after_the_grace() {
    let script = "trap '' TERM; echo $$; while :; do sleep 0.05; done";
    let outcome = Script::new(script).timeout(200).grace(300).run();
    assert_eq!(outcome.how, How::TimedOut);
    assert!(outcome.took >= Duration::from_millis(500), "{outcome:?}");
    assert!(outcome.took < SOON, "{outcome:?}");
    assert_gone(outcome.text().trim());
}

#[test]
fn a_grandchild_that_ignores_the_request_is_killed_too() {
    // The leader goes at once, and the one that stays holds no pipe of ours.
    let script = "sh -c \"trap '' TERM; echo \\$\\$; exec >/dev/null 2>&1; \
                  while :; do sleep 0.05; done\" & wait";
    let outcome = Script::new(script).timeout(300).grace(300).run();
    assert_eq!(outcome.how, How::TimedOut);
    assert!(outcome.took < SOON, "{outcome:?}");
    assert_gone(outcome.text().trim());
}

#[test]
fn what_stopped_itself_is_ended() {
    let outcome = Script::new("echo $$; kill -STOP $$").timeout(200).run();
    assert_eq!(outcome.how, How::TimedOut);
    assert!(outcome.took < SOON, "{outcome:?}");
    assert_gone(outcome.text().trim());
}

#[test]
fn an_interrupt_ends_it() {
    let start = Instant::now();
    let interrupted = || start.elapsed() > Duration::from_millis(200);
    let mut script = Script::new("sleep 1000 & echo $!; wait");
    script.interrupted = &interrupted;
    let outcome = script.run();
    assert_eq!(outcome.how, How::Interrupted);
    assert!(outcome.took < SOON, "{outcome:?}");
    assert_gone(outcome.text().trim());
}

#[test]
fn an_interrupt_before_the_start_starts_nothing() {
    let mut script = Script::new("echo started");
    script.interrupted = &|| true;
    let outcome = script.run();
    assert_eq!((outcome.how, outcome.text()), (How::Interrupted, ""));
}

#[test]
fn who_holds_the_output_is_left_alone_and_told() {
    let outcome = Script::new("sleep 1000 & echo $!; exit 4").marked("0123456789abcdef");
    assert_eq!(outcome.how, How::Exited(4));
    assert!(outcome.took < SOON, "{outcome:?}");
    let pid = outcome.text().trim().to_owned();
    assert!(lives(&pid), "{outcome:?}");
    let told: Vec<(&str, String)> =
        outcome.left.iter().map(|own| (own.name.as_str(), own.pid.to_string())).collect();
    assert_eq!(told, [("sleep", pid.clone())]);
    assert!(Command::new("kill").arg(pid).status().unwrap().success());
}

#[test]
fn who_has_a_session_of_its_own_is_told_by_the_mark_of_the_run() {
    let outcome = Script::new("setsid sleep 1000 >/dev/null 2>&1 & sleep 0.2; exit 0")
        .marked("fedcba9876543210");
    assert_eq!(outcome.left.len(), 1, "{outcome:?}");
    assert_eq!(outcome.left[0].name, "sleep");
    assert!(Command::new("kill").arg(outcome.left[0].pid.to_string()).status().unwrap().success());
}

#[test]
fn who_comes_late_within_the_grace_is_heard() {
    let outcome = Script::new("(sleep 0.3; echo late) & exit 0").run();
    assert_eq!((outcome.how, outcome.text()), (How::Exited(0), "late\n"));
}

#[test]
fn who_lets_go_of_the_output_is_left_alone() {
    let outcome = Script::new("sleep 2 >/dev/null 2>&1 & echo $!; exit 0").run();
    assert_eq!(outcome.how, How::Exited(0));
    assert!(outcome.took < Duration::from_secs(1), "{outcome:?}");
    assert!(lives(outcome.text().trim()), "{outcome:?}");
}

#[test]
fn a_flood_does_not_put_off_the_timeout() {
    let outcome = Script::new("yes").timeout(200).run();
    assert_eq!(outcome.how, How::TimedOut);
    assert!(outcome.took < SOON, "{:?}", outcome.took);
}

#[test]
fn one_that_left_the_group_cannot_make_it_wait() {
    if find_program("setsid", Path::new("/"), &["/usr/bin".into(), "/bin".into()]).is_err() {
        return;
    }
    let script = "setsid sh -c 'while :; do echo still; sleep 0.02; done' & echo $!; exit 0";
    let outcome = Script::new(script).grace(200).run();
    assert_eq!(outcome.how, How::Exited(0));
    assert!(outcome.took < SOON, "{outcome:?}");
}

#[test]
fn nothing_of_our_environment_is_inherited() {
    let mut script = Script::new("exec /usr/bin/env");
    script.env = vec![("ONLY".into(), "this".into())];
    let outcome = script.run();
    let mut names: Vec<&str> =
        outcome.text().lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    // A shell makes these by itself.
    names.retain(|name| !matches!(*name, "PWD" | "OLDPWD" | "SHLVL" | "_"));
    assert_eq!(names, ["ONLY"]);
}

#[test]
fn its_name_is_what_was_written() {
    let job = Job {
        program: Path::new("/bin/sh"),
        arg0: "other-name",
        args: &["-c".to_owned(), "echo $0; tr '\\0' ' ' </proc/$$/cmdline".to_owned()],
        dir: Path::new("/"),
        env: &[("PATH".into(), "/usr/bin:/bin".into())],
        stdin: b"",
        timeout: SOON,
        grace: SOON,
    };
    let mut output = Vec::new();
    let how = run(&job, &|| false, &mut |bytes| output.extend_from_slice(bytes));
    assert_eq!(how.unwrap(), How::Exited(0));
    assert!(output.starts_with(b"other-name\n"), "{}", String::from_utf8_lossy(&output));
}

#[test]
fn standard_input_is_delivered() {
    let mut script = Script::new("cat");
    let large: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    for stdin in [&b"Phase 2 started\n"[..], &large, b""] {
        script.stdin = stdin;
        let outcome = script.run();
        assert_eq!(outcome.how, How::Exited(0));
        assert!(outcome.output == stdin, "{} bytes of {}", outcome.output.len(), stdin.len());
    }
}

#[test]
fn standard_input_that_nobody_reads_is_no_failure() {
    let large = vec![b'x'; 1_000_000];
    for (text, how) in [("exit 0", How::Exited(0)), ("exec <&-; sleep 0.1; exit 5", How::Exited(5))]
    {
        let mut script = Script::new(text);
        script.stdin = &large;
        assert_eq!(script.run().how, how, "{text}");
    }
}

#[test]
fn a_short_command_is_not_held_up() {
    let time = |work: &dyn Fn()| {
        (0..20)
            .map(|_| {
                let start = Instant::now();
                work();
                start.elapsed()
            })
            .min()
            .unwrap()
    };
    let bare = time(&|| assert!(Command::new("/bin/true").status().unwrap().success()));
    let ours = time(&|| {
        let job = Job {
            program: Path::new("/bin/true"),
            arg0: "true",
            args: &[],
            dir: Path::new("/"),
            env: &[],
            stdin: b"",
            timeout: SOON,
            grace: SOON,
        };
        assert_eq!(run(&job, &|| false, &mut |_| {}).unwrap(), How::Exited(0));
    });
    assert!(ours < bare + Duration::from_millis(10), "{ours:?} against {bare:?}");
}

#[test]
fn what_cannot_be_started_is_an_error() {
    let job = Job {
        program: Path::new("/nonexistent/program"),
        arg0: "program",
        args: &[],
        dir: Path::new("/"),
        env: &[],
        stdin: b"",
        timeout: SOON,
        grace: SOON,
    };
    let error = run(&job, &|| false, &mut |_| {}).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    let nowhere = Job { program: Path::new("/bin/sh"), dir: Path::new("/nonexistent"), ..job };
    let error = run(&nowhere, &|| false, &mut |_| {}).unwrap_err();
    assert_eq!(error.to_string(), "there is no directory /nonexistent to run it in");
}
