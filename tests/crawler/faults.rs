//! What is done to a release.

use crate::common::World;
use d3p::testing::model::{Span, Stamp};
use std::fs;
use std::process::Command;

pub(super) const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const OBJECTS: &str = ".artifacts/deployment/records/objects";

/// git, with an identity of its own.
pub(super) fn git(world: &World, args: &[&str]) {
    let said = Command::new("git")
        .current_dir(&world.dir)
        .args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "gc.auto=0"])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
}

/// Commits everything that is there.
pub(super) fn commit(world: &World) {
    git(world, &["add", "--all"]);
    git(world, &["commit", "--quiet", "--allow-empty", "-m", "evidence"]);
}

/// Does `fault` to one file.
pub(super) fn to_file(world: &World, path: &str, fault: &str) {
    let was = fs::read(world.dir.join(path)).unwrap();
    let text = String::from_utf8_lossy(&was).into_owned();
    let now = match fault {
        "delete" => return world.remove(path),
        // As whoever thinks that it is in the way: from the index, and from the next commit.
        "git-rm" => {
            git(world, &["rm", "--quiet", "--force", "--ignore-unmatch", "--", path]);
            return if world.dir.join(path).exists() { world.remove(path) } else { commit(world) };
        }
        "empty" => Vec::new(),
        // As an editor of another system writes it.
        "line-ends" => format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes(),
        "garbage" => vec![0, 159, 146, 150, b'\n'],
        "conflict" => {
            let half = text.len() / 2;
            let at = text[..half].rfind('\n').map_or(0, |at| at + 1);
            let (head, tail) = text.split_at(at);
            format!("{head}<<<<<<< HEAD\n{tail}=======\n{tail}>>>>>>> other\n").into_bytes()
        }
        "truncate" => was[..was.len() / 2].to_vec(),
        "edit" => {
            // A digit, so that what it says is another thing and still has the same form.
            let digit = |at: &usize| was[*at].is_ascii_digit();
            let at = (was.len() / 2..was.len()).find(digit).unwrap_or(was.len() / 2);
            let mut edited = was;
            edited[at] = if edited[at] == b'7' { b'8' } else { b'7' };
            edited
        }
        other => panic!("no fault {other}"),
    };
    fs::write(world.dir.join(path), now).unwrap();
}

/// Does what is more than a change of one file; whether there was anything to do it to.
pub(super) fn beyond(world: &World, name: &str) -> bool {
    let there = |path: &str| world.dir.join(path).exists();
    match name {
        "objects-gone" if there(OBJECTS) => world.remove(OBJECTS),
        "records-gone" if there(".artifacts/deployment/records/1-readiness.json") => {
            world.remove(".artifacts/deployment/records");
        }
        "ledger-lines-gone" => {
            let text = world.read(LEDGER);
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            if lines.len() < 3 {
                return false;
            }
            lines.remove(lines.len() / 2);
            world.write(LEDGER, lines.concat());
        }
        "ledger-doubled" => {
            let text = world.read(LEDGER);
            world.write(LEDGER, format!("{text}{text}"));
        }
        "everything-cleaned" => {
            git(world, &["add", "d3p.yaml", ".d3p/allowed_signers", "d3p"]);
            git(world, &["commit", "--quiet", "-m", "how we release"]);
            git(world, &["clean", "-d", "--force", "--quiet", "-x"]);
        }
        "everything-stashed" => {
            git(world, &["stash", "push", "--quiet", "--include-untracked"]);
        }
        "everything-reset-hard" => git(world, &["reset", "--hard", "--quiet", "HEAD"]),
        "everything-reset" => git(world, &["checkout", "--", "."]),
        "clock-behind" => shift(world, -3600),
        "clock-a-little-behind" => shift(world, -60),
        "entry-from-the-future" => {
            let now = world.now();
            world.at(now.plus(Span::from_seconds(365 * 86_400)));
            let _ = world.run(&["announce", "Greetings from next year."]);
            world.at(now);
        }
        "head-moved" => {
            world.write("NOTES.md", "Somebody else's note.\n");
            commit(world);
        }
        "stray-object" if there(OBJECTS) => {
            world.write(&format!("{OBJECTS}/{}", "0".repeat(64)), "nobody's bytes\n");
        }
        "two-branches" => two_branches(world),
        _ => return false,
    }
    true
}

fn shift(world: &World, seconds: i64) {
    let moved = world.now().timestamp() + jiff::SignedDuration::from_secs(seconds);
    world.at(Stamp::from_timestamp(moved));
}

/// Lines of two branches, side by side as a merge leaves them.
fn two_branches(world: &World) {
    let base = world.copy();
    base.reseed(77);
    assert_eq!(base.run(&["announce", "Said on a branch."]).exit, d3p::Exit::Passed);
    assert_eq!(world.run(&["announce", "Said on main."]).exit, d3p::Exit::Passed);
    let (ours, theirs) = (world.read(LEDGER), base.read(LEDGER));
    let last = theirs.lines().last().unwrap();
    world.write(LEDGER, format!("{ours}{last}\n"));
    let log = ".artifacts/deployment/deployment-communications.md";
    let theirs = base.read(log);
    let said = theirs.lines().last().unwrap();
    let ours = world.read(log);
    world.write(log, format!("{ours}{said}\n"));
}
