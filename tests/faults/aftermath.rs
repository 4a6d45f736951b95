//! What must hold whatever failed: nobody panics, nothing that is said of the state is false, no line
//! of the ledger is lost that was there or that was acknowledged, no launch happens that it does not
//! tell of, what comes next is printed, and the same command, run once more, gets through and leaves
//! nothing behind.

use super::cases::Case;
use super::{LEDGER, Shop, all};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::thread;
use std::time::{Duration, Instant};

const ARCHIVES: &str = ".artifacts/releases";

/// Longest that a launch whose front was killed takes to be recorded, and its files to go.
const SOON: Duration = Duration::from_secs(10);

/// What a command does when nothing is in its way.
pub(super) struct Undisturbed {
    /// How many lines it adds to the ledger.
    pub(super) adds: usize,
}

/// Acts, and what is wrong then; with all that was said.
pub(super) fn judge(
    shop: &Shop,
    case: &Case,
    undisturbed: &Undisturbed,
    is_kill: bool,
    act: impl FnOnce() -> Output,
) -> (String, Vec<String>) {
    let (before, lines, archives) = (files(shop), lines_of(shop), archives(shop));
    let said = act();
    let (text, code) = (all(&said), said.status.code());
    let mut wrong = Vec::new();
    if text.contains("panicked") {
        wrong.push("it panicked".to_owned());
    }
    if code == Some(124) || code == Some(137) && !is_kill {
        wrong.push("it did not end".to_owned());
    }
    for words in ["nothing was changed", "nothing was written"] {
        let now = files(shop);
        if text.contains(words) && now != before {
            wrong.push(format!("it says that {words}, but {}", differ(&before, &now)));
        }
    }
    if text.contains("nothing was run") && shop.launches() > 0 {
        wrong.push("it says that nothing was run".to_owned());
    }
    let now = lines_of(shop);
    if !now.starts_with(&lines) {
        wrong.push("lines of the ledger are lost".to_owned());
    }
    if said.status.success() && now.len() < lines.len() + undisturbed.adds {
        wrong.push("it ended well, and its line is not there".to_owned());
    }
    // A gate whose record could not be read is passed anew, and says that it replaces it.
    let anew = usize::from(text.contains("\n  replace .artifacts/deployment/records/"));
    if said.status.success() && now.len() > lines.len() + undisturbed.adds.max(anew) {
        wrong.push("its lines stand there twice".to_owned());
    }
    wrong.extend(broken(shop));
    if case.launches {
        wrong.extend(launched(shop));
        wrong.extend(left(shop));
    }
    wrong.extend(next(shop));
    wrong.extend(again(shop, case, archives, said.status.success()));
    (text, wrong)
}

/// The lines of the ledger, wherever it lies by now; the last one may be cut.
pub(super) fn lines_of(shop: &Shop) -> Vec<String> {
    let archives = fs::read_dir(shop.dir().join(ARCHIVES)).into_iter().flatten();
    let archived = archives.map(|entry| entry.unwrap().path().join(LEDGER));
    let mut found = [shop.dir().join(LEDGER)].into_iter().chain(archived);
    let text = found.find_map(|path| fs::read_to_string(path).ok()).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn archives(shop: &Shop) -> usize {
    fs::read_dir(shop.dir().join(ARCHIVES)).map_or(0, Iterator::count)
}

/// Lines that say nothing. The last one may be cut; then it is refused, with the way out.
fn broken(shop: &Shop) -> Option<String> {
    let lines = lines_of(shop);
    let whole = &lines[..lines.len().saturating_sub(1)];
    let is_broken = |line: &String| serde_json::from_str::<Value>(line).is_err();
    whole.iter().any(is_broken).then(|| "a line of the ledger is broken".to_owned())
}

/// A launch that the ledger does not tell of, or one beside another.
fn launched(shop: &Shop) -> Vec<String> {
    let mut wrong = Vec::new();
    let (launches, began) = (shop.launches(), shop.lines("began").len());
    if launches > began {
        wrong.push(format!("{launches} launches, of which {began} began"));
    }
    // Who was not there any more to record it has it recorded now, or a person looks at it.
    let again = shop.run(&["run", "deploy-production", "--", "sh", "-c", "echo again"]);
    if all(&again).contains("panicked") {
        wrong.push(format!("again: {}", all(&again)));
    }
    if launches == 1 && shop.lines("began").len() > 1 {
        wrong.push(format!("it was launched a second time: {}", all(&again)));
    }
    wrong
}

/// What `status --next` says: something that can be done.
fn next(shop: &Shop) -> Option<String> {
    let status = shop.run(&["status", "--next", "--format", "json"]);
    let report: Value = serde_json::from_slice(&status.stdout).unwrap_or_default();
    let advice = report["next"].as_object().or_else(|| report["error"]["advice"][0].as_object());
    let is_way = advice.is_some_and(|advice| advice["kind"].is_string());
    (!is_way).then(|| format!("nothing is printed that leads on: {}", all(&status)))
}

/// What became of the same command, run once more and undisturbed.
fn again(shop: &Shop, case: &Case, were: usize, done: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    if !case.launches {
        let args: Vec<&str> = case.args.iter().map(String::as_str).collect();
        let said = shop.run(&args);
        let text = all(&said);
        if text.contains("panicked") || said.status.code().is_none() {
            wrong.push(format!("once more: {text}"));
        }
        let leads_on = ["help: ", "next: ", "d3p "].iter().any(|words| text.contains(words));
        if !said.status.success() && !leads_on && !done {
            wrong.push(format!("once more, without a way out: {text}"));
        }
        if said.status.success() {
            wrong.extend(left(shop));
        }
    }
    if archives(shop) > were + 1 {
        wrong.push("two archives of one attempt".to_owned());
    }
    wrong
}

/// Temporary files that nobody takes away.
fn left(shop: &Shop) -> Option<String> {
    let begun = Instant::now();
    loop {
        let mut all = Vec::new();
        walk(shop.dir(), &mut all);
        let beside = fs::read_dir(shop.dir().parent().unwrap()).unwrap();
        all.extend(beside.map(|entry| entry.unwrap().path()));
        all.retain(|path| is_temporary(path));
        if all.is_empty() {
            return None;
        }
        if begun.elapsed() > SOON {
            return Some(format!("left behind: {all:?}"));
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    name.starts_with(".d3p-") && name.ends_with(".tmp")
}

fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).into_iter().flatten() {
        // Another process may be at it.
        let Ok(entry) = entry else { continue };
        let path = entry.path();
        if path.ends_with(".git") {
            continue;
        }
        match path.is_dir() {
            true => walk(&path, found),
            false => found.push(path),
        }
    }
}

/// Every file of the project that belongs to somebody, and the bundle beside it, with its content.
fn files(shop: &Shop) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = Vec::new();
    walk(shop.dir(), &mut all);
    all.retain(|path| !is_temporary(path) && !path.starts_with(shop.dir().join(".d3p")));
    all.push(shop.beside("release.tar.gz"));
    all.into_iter().filter_map(|path| Some((path.clone(), fs::read(path).ok()?))).collect()
}

fn differ(before: &BTreeMap<PathBuf, Vec<u8>>, now: &BTreeMap<PathBuf, Vec<u8>>) -> String {
    let names: BTreeSet<&PathBuf> = before.keys().chain(now.keys()).collect();
    let names = names.into_iter().filter(|name| before.get(*name) != now.get(*name));
    names.map(|name| name.display().to_string()).collect::<Vec<_>>().join(", ")
}
