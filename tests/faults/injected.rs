//! Errors that are injected into single calls of the system, and kills before them: `strace` makes the
//! n-th call of a kind fail, in every process of the command, and nothing else.
//!
//! What must hold whatever fails: nobody panics, nothing that is said of the state is false, the ledger
//! stays whole, and no launch happens that it does not tell of.

use super::{LEDGER, Shop, all};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

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
const KILLS: &[&str] = &["write", "fsync", "rename", "linkat", "unlink", "clone3"];

/// A command, and what it is given.
struct Case {
    name: &'static str,
    args: Vec<String>,
    /// Whether it launches.
    launches: bool,
}

fn cases(shop: &Shop) -> Vec<Case> {
    let case = |name, args: &[&str]| Case {
        name,
        args: args.iter().map(|word| (*word).to_owned()).collect(),
        launches: false,
    };
    vec![
        Case { name: "run", args: shop.launching("echo shipped"), launches: true },
        case("announce", &["announce", "the shop is read-only"]),
        case("record", &["record", "deployment-communications", "--from", ".d3p/said.json"]),
        case("tick", &["tick", "api", "1", "--by", "Jonas Weber"]),
        case("gate", &["gate", "staging-validation"]),
        case("approve", &["approve", "request", "production"]),
        case("bundle", &["bundle", "create", "../release.tar.gz"]),
        case("check", &["check"]),
        case("status", &["status", "--next"]),
    ]
}

/// What went wrong where nothing may.
#[derive(Default)]
struct Figures {
    injected: AtomicUsize,
    kills: AtomicUsize,
    told: Mutex<Vec<String>>,
}

/// Plays faults until `until`, each `stride`-th of all that there are.
fn play(stride: usize, limit: Duration) {
    let works = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    if !works.is_ok_and(|status| status.success()) {
        println!("not tested here: strace is missing, or may trace nobody");
        return;
    }
    let cleared = Shop::cleared();
    fs::write(cleared.dir().join(".d3p/said.json"), r#"{"text": "said once"}"#).unwrap();
    let faults = faults(&cleared);
    println!("calls that can fail, and kills before one: {}", faults.len());
    let (figures, next, end) = (Figures::default(), AtomicUsize::new(0), Instant::now() + limit);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from).min(4) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed) * stride;
                    let Some(fault) = faults.get(at).filter(|_| Instant::now() < end) else {
                        break;
                    };
                    inject(&cleared, fault, &figures);
                }
            });
        }
    });
    let told = figures.told.into_inner().unwrap();
    println!(
        "injected errors: {} of {}, kills: {}; panics, false statements, lost lines, unrecorded launches: {}",
        figures.injected.load(Ordering::Relaxed),
        faults.len(),
        figures.kills.load(Ordering::Relaxed),
        told.len()
    );
    assert!(told.is_empty(), "{}", told.join("\n\n"));
}

/// One call that fails.
struct Fault {
    case: usize,
    call: &'static str,
    /// `error=EIO` or `signal=KILL`.
    how: String,
    nth: usize,
}

/// All faults that these commands can meet: each call that one of their processes makes.
fn faults(cleared: &Shop) -> Vec<Fault> {
    let names: BTreeSet<&str> = CALLS.iter().map(|(name, _)| *name).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let mut found = Vec::new();
    for (index, case) in cases(cleared).iter().enumerate() {
        let shop = cleared.copy();
        let trace = shop.beside("trace");
        let trace_of = format!("trace=?{}", names.join(",?"));
        let said = traced(
            &shop,
            &["-o", trace.to_str().unwrap(), "-e", &trace_of],
            &cases(&shop)[index].args,
        );
        assert!(!all(&said).contains("panicked"), "{}: {}", case.name, all(&said));
        let counts = counts(&fs::read_to_string(trace).unwrap());
        let mut add = |call: &'static str, how: String| {
            let most = counts.get(call).copied().unwrap_or(0);
            found.extend((1..=most).map(|nth| Fault { case: index, call, how: how.clone(), nth }));
        };
        CALLS.iter().for_each(|(call, error)| add(call, format!("error={error}")));
        KILLS.iter().for_each(|call| add(call, "signal=KILL".to_owned()));
    }
    mixed(found)
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

fn traced(shop: &Shop, how: &[&str], args: &[String]) -> Output {
    let mut strace = Command::new("timeout");
    shop.set_up(&mut strace).args(["-k", "5", "60", "strace", "-f", "-qq"]).args(how);
    strace.arg(env!("CARGO_BIN_EXE_d3p")).args(args).output().unwrap()
}

fn inject(cleared: &Shop, fault: &Fault, figures: &Figures) {
    let shop = cleared.copy();
    let case = &cases(&shop)[fault.case];
    let before = files(shop.dir());
    let injection = format!("inject={}:{}:when={}", fault.call, fault.how, fault.nth);
    let trace = format!("trace={}", fault.call);
    let said = traced(&shop, &["-o", "/dev/null", "-e", &trace, "-e", &injection], &case.args);
    let text = all(&said);
    let mut wrong = Vec::new();
    let is_kill = fault.how.starts_with("signal");
    let counted = if is_kill { &figures.kills } else { &figures.injected };
    counted.fetch_add(1, Ordering::Relaxed);
    if text.contains("panicked") {
        wrong.push("it panicked".to_owned());
    }
    if said.status.code() == Some(124) || said.status.code() == Some(137) && !is_kill {
        wrong.push("it did not end".to_owned());
    }
    if text.contains("nothing was changed") && files(shop.dir()) != before {
        wrong.push(format!(
            "it says that nothing was changed, but {}",
            differ(&before, &files(shop.dir()))
        ));
    }
    if text.contains("nothing was run") && shop.launches() > 0 {
        wrong.push("it says that nothing was run".to_owned());
    }
    wrong.extend(aftermath(&shop, case, &said));
    if !wrong.is_empty() {
        let (name, how) = (case.name, format!("{} {} #{}", fault.call, fault.how, fault.nth));
        let told = format!("{name}, {how}: {}\n{text}", wrong.join("; "));
        // At once: what takes long may be ended.
        println!("{told}\n");
        figures.told.lock().unwrap().push(told);
    }
}

/// What must hold afterwards.
fn aftermath(shop: &Shop, case: &Case, said: &Output) -> Vec<String> {
    let mut wrong = Vec::new();
    let ledger = fs::read_to_string(shop.dir().join(LEDGER)).unwrap_or_default();
    let lines = ledger.lines().map(serde_json::from_str::<Value>);
    // The last one may be cut; then it is refused, with the way out.
    let whole = ledger.ends_with('\n');
    if lines.rev().skip(usize::from(!whole)).any(|line| line.is_err()) {
        wrong.push("a line of the ledger is broken".to_owned());
    }
    if case.launches {
        // Who was not there any more to record it has it recorded now, or a person looks at it.
        let launches = shop.launches();
        let began = shop.lines("began").len();
        if launches > began {
            wrong.push(format!("{launches} launches, of which {began} began"));
        }
        let again = shop.run(&["run", "deploy-production", "--", "sh", "-c", "echo again"]);
        if all(&again).contains("panicked") {
            wrong.push(format!("again: {}", all(&again)));
        }
        let (began, ran) = (shop.lines("began").len(), shop.lines("ran").len());
        if launches == 1 && began > 1 {
            wrong.push(format!("it was launched a second time: {}", all(&again)));
        }
        if said.status.success() && ran == 0 {
            wrong.push("it ended well, and nothing is recorded".to_owned());
        }
    }
    let status = shop.run(&["status"]);
    if all(&status).contains("panicked") || status.status.code().is_none() {
        wrong.push(format!("status: {}", all(&status)));
    }
    wrong
}

/// Every file of the project that belongs to somebody, with its content.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            let temporary = file.starts_with(".d3p-") && file.ends_with(".tmp");
            if name == ".git" || name == ".d3p" || temporary {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

fn differ(before: &BTreeMap<String, Vec<u8>>, now: &BTreeMap<String, Vec<u8>>) -> String {
    let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let names = names.into_iter().filter(|name| before.get(*name) != now.get(*name));
    names.cloned().collect::<Vec<_>>().join(", ")
}

#[test]
fn no_single_error_makes_it_panic_or_lie() {
    play(1, Duration::from_secs(40));
}

/// `tests/faults/play` plays this one: every fault that there is.
#[test]
#[ignore = "it takes half an hour"]
fn no_error_at_all_makes_it_panic_or_lie() {
    let number = |name| std::env::var(name).ok().and_then(|own| own.parse().ok());
    let minutes = number("MINUTES").unwrap_or(180);
    play(
        usize::try_from(number("STRIDE").unwrap_or(1)).unwrap(),
        Duration::from_secs(60 * minutes),
    );
}
