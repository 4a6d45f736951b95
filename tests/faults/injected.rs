//! Errors that are injected into single calls of the system, and kills before them: `strace` makes the
//! n-th call of a kind fail, in every process of the command, and nothing else.
//!
//! What must hold whatever fails stands in [`aftermath`](super::aftermath).

use super::aftermath::{Undisturbed, judge, lines_of};
use super::cases::{Stages, cases};
use super::{Shop, all};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// The calls that are made to fail, and as what they fail.
const CALLS: &[(&str, &str)] = &[
    ("openat", "EMFILE"),
    ("openat", "EACCES"),
    ("read", "EIO"),
    ("write", "ENOSPC"),
    ("fsync", "EIO"),
    ("fdatasync", "EIO"),
    ("rename", "EIO"),
    ("linkat", "ENOSPC"),
    ("mkdir", "ENOSPC"),
    ("unlink", "EIO"),
    ("ftruncate", "EIO"),
    ("flock", "ENOLCK"),
    ("clone3", "EAGAIN"),
    ("vfork", "EAGAIN"),
    ("pipe2", "EMFILE"),
    ("copy_file_range", "ENOSPC"),
    ("poll", "ENOMEM"),
    ("waitid", "EINTR"),
];

/// The calls before which everybody is killed.
const KILLS: &[&str] = &[
    "write",
    "fsync",
    "rename",
    "linkat",
    "unlink",
    "clone3",
    "vfork",
    "openat",
    "read",
    "mkdir",
    "ftruncate",
    "flock",
    "pipe2",
    "poll",
    "waitid",
];

/// How many are played.
struct Wanted {
    errors: usize,
    kills: usize,
}

/// What went wrong where nothing may.
#[derive(Default)]
struct Figures {
    injected: AtomicUsize,
    kills: AtomicUsize,
    told: Mutex<Vec<String>>,
}

impl Figures {
    fn words(&self) -> String {
        let (injected, kills) =
            (self.injected.load(Ordering::Relaxed), self.kills.load(Ordering::Relaxed));
        let wrong = self.told.lock().unwrap().len();
        format!(
            "injected errors: {injected}, kills: {kills}; panics, false statements, lost lines, \
             unrecorded launches, leftovers: {wrong}"
        )
    }
}

/// Plays a sample of the faults: the same each time, over all commands and calls.
fn play(wanted: &Wanted) {
    let options = strace_options();
    let Some(options) = options else {
        return super::not_here("strace is missing, or may trace nobody");
    };
    // Whoever ends a long run by Ctrl-C has what it found until then.
    let ended = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&ended)).unwrap();
    }
    let stages = Stages::play();
    let (faults, undisturbed) = faults(&stages, options);
    let all = faults.len();
    let faults = sample(faults, wanted);
    println!("calls that can fail, and kills before one: {all}; of these {}", faults.len());
    let (figures, next) = (Figures::default(), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from).min(4) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let due = |_: &&Fault| !ended.load(Ordering::Relaxed);
                    let Some(fault) = faults.get(at).filter(due) else { break };
                    inject(&stages, fault, options, &undisturbed[fault.case], &ended, &figures);
                    if at % 100 == 99 {
                        println!("{}", figures.words());
                    }
                }
            });
        }
    });
    println!("{}", figures.words());
    let played = (figures.injected.into_inner(), figures.kills.into_inner());
    let told = figures.told.into_inner().unwrap();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
    assert_eq!(played, (wanted.errors, wanted.kills), "there are fewer, or it was ended");
}

/// How `strace` is run here; `None` where it cannot. With a filter in the kernel a traced command is
/// nearly as fast as any other.
fn strace_options() -> Option<&'static [&'static str]> {
    let works = |options: &[&str]| {
        let mut strace = Command::new("strace");
        strace.args(options).args(["-o", "/dev/null", "-e", "trace=openat", "true"]);
        strace.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let known: [&'static [&'static str]; 2] = [&["-f", "--seccomp-bpf", "-qq"], &["-f", "-qq"]];
    known.into_iter().find(|options| works(options))
}

/// The first errors and the first kills that are wanted.
fn sample(faults: Vec<Fault>, wanted: &Wanted) -> Vec<Fault> {
    let (mut errors, mut kills) = (0, 0);
    let within = |fault: &Fault| {
        let (count, most) = match fault.is_kill() {
            true => (&mut kills, wanted.kills),
            false => (&mut errors, wanted.errors),
        };
        *count += 1;
        *count <= most
    };
    let mut within = within;
    faults.into_iter().filter(|fault| within(fault)).collect()
}

/// One call that fails.
struct Fault {
    case: usize,
    call: &'static str,
    /// `error=EIO` or `signal=KILL`.
    how: String,
    nth: usize,
}

impl Fault {
    fn is_kill(&self) -> bool {
        self.how.starts_with("signal")
    }
}

/// All faults that these commands can meet: each call that one of their processes makes; and what each
/// command does undisturbed.
fn faults(stages: &Stages, options: &[&str]) -> (Vec<Fault>, Vec<Undisturbed>) {
    let names: BTreeSet<&str> = CALLS.iter().map(|(name, _)| *name).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let (mut found, mut undisturbed) = (Vec::new(), Vec::new());
    for (index, case) in cases(&stages.cleared).iter().enumerate() {
        let shop = stages.of(case.on);
        let trace = shop.beside("trace");
        let trace_of = format!("trace=?{}", names.join(",?"));
        let before = lines_of(&shop);
        let how = ["-o", trace.to_str().unwrap(), "-e", &trace_of];
        let said = traced(&shop, options, &how, &cases(&shop)[index].args);
        let ends = [Some(0), Some(case.exit)].contains(&said.status.code());
        assert!(ends, "{}: {}", case.name, all(&said));
        undisturbed.push(Undisturbed { adds: lines_of(&shop).len() - before.len() });
        let counts = counts(&fs::read_to_string(trace).unwrap());
        let mut add = |call: &'static str, how: String| {
            let most = counts.get(call).copied().unwrap_or(0);
            found.extend((1..=most).map(|nth| Fault { case: index, call, how: how.clone(), nth }));
        };
        CALLS.iter().for_each(|(call, error)| add(call, format!("error={error}")));
        KILLS.iter().for_each(|call| add(call, "signal=KILL".to_owned()));
    }
    (mixed(found), undisturbed)
}

/// In an order that is the same each time: one of each command, call and error, then the next of each.
fn mixed(mut found: Vec<Fault>) -> Vec<Fault> {
    let hash = |of: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        of(&mut hasher);
        hasher.finish()
    };
    found.sort_by_key(|own| hash(&|to| (own.case, own.call, &own.how, own.nth).hash(to)));
    let mut ranks: BTreeMap<(usize, &str, String), usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, Fault)> = found
        .into_iter()
        .map(|own| {
            let rank = ranks.entry((own.case, own.call, own.how.clone())).or_insert(0);
            *rank += 1;
            (*rank, own)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, own)| own).collect()
}

/// The most calls of each name that one process makes.
fn counts(trace: &str) -> BTreeMap<String, usize> {
    let mut each: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for line in trace.lines() {
        let Some((pid, rest)) = line.trim_start().split_once(' ') else { continue };
        let Some((name, _)) = rest.trim_start().split_once('(') else { continue };
        *each.entry((pid, name)).or_default() += 1;
    }
    let mut most = BTreeMap::new();
    for ((_, name), count) in each {
        let own = most.entry(name.to_owned()).or_insert(0);
        *own = count.max(*own);
    }
    most
}

fn traced(shop: &Shop, options: &[&str], how: &[&str], args: &[String]) -> Output {
    let mut strace = Command::new("timeout");
    shop.set_up(&mut strace).args(["-k", "5", "60", "strace"]).args(options).args(how);
    strace.arg(env!("CARGO_BIN_EXE_d3p")).args(args).output().unwrap()
}

fn inject(
    stages: &Stages,
    fault: &Fault,
    options: &[&str],
    undisturbed: &Undisturbed,
    ended: &AtomicBool,
    figures: &Figures,
) {
    let shop = stages.of(cases(&stages.cleared)[fault.case].on);
    let case = &cases(&shop)[fault.case];
    let injection = format!("inject={}:{}:when={}", fault.call, fault.how, fault.nth);
    let trace = format!("trace={}", fault.call);
    let how = ["-o", "/dev/null", "-e", &trace, "-e", &injection];
    let act = || traced(&shop, options, &how, &case.args);
    let (said, wrong) = judge(&shop, case, undisturbed, fault.is_kill(), act);
    // What Ctrl-C ended says nothing.
    if ended.load(Ordering::Relaxed) {
        return;
    }
    let counted = if fault.is_kill() { &figures.kills } else { &figures.injected };
    counted.fetch_add(1, Ordering::Relaxed);
    if !wrong.is_empty() {
        let (name, how) = (case.name, format!("{} {} #{}", fault.call, fault.how, fault.nth));
        let told = format!("{name}, {how}: {}\n{said}", wrong.join("; "));
        println!("{told}\n");
        figures.told.lock().unwrap().push(told);
    }
}

/// An archive has every line, or there is none: copying a file takes no `read`.
#[test]
fn a_ledger_that_cannot_be_read_is_not_archived_without_its_lines() {
    let Some(options) = strace_options() else {
        return super::not_here("strace is missing, or may trace nobody");
    };
    let shop = Shop::cleared();
    let lines = lines_of(&shop);
    let ledger = shop.dir().join(super::LEDGER).canonicalize().unwrap();
    let how = ["-o", "/dev/null", "-P", ledger.to_str().unwrap()];
    let how = [&how[..], &["-e", "trace=read", "-e", "inject=read:error=EIO"]].concat();
    let args = ["archive", "--outcome", "abandoned", "--reason", "it is over"].map(str::to_owned);
    let said = traced(&shop, options, &how, &args);
    assert_eq!(said.status.code(), Some(2), "{}", all(&said));
    assert!(all(&said).contains("cannot be read"), "{}", all(&said));
    assert_eq!(lines_of(&shop), lines);
    assert!(shop.run(&["announce", "It goes on."]).status.success());
}

#[test]
fn no_single_error_makes_it_panic_or_lie() {
    play(&Wanted { errors: 40, kills: 20 });
}

/// `tests/faults/play` plays this one.
#[test]
#[ignore = "it takes half an hour"]
fn no_error_at_all_makes_it_panic_or_lie() {
    let number = |name, usual| {
        let given = std::env::var(name).ok().and_then(|own| own.parse().ok());
        given.unwrap_or(usual)
    };
    play(&Wanted { errors: number("ERRORS", 600), kills: number("KILLS", 900) });
}
