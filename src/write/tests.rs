//! Writing to a real disk, and failing to.
#![allow(clippy::unwrap_used)]

use super::stage::Staged;
use super::*;
use crate::model::Sha256Digest;
use crate::source::{Root, list_files};
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;

struct Project {
    dir: TempDir,
    root: Root,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (rel, text) in files {
            let path = dir.path().join(rel);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let root = Root::open(dir.path()).unwrap();
        Self { dir, root }
    }

    fn path(&self, rel: &str) -> PathBuf {
        self.dir.path().join(rel)
    }

    fn read(&self, rel: &str) -> String {
        fs::read_to_string(self.path(rel)).unwrap()
    }

    fn set(&self) -> ChangeSet {
        ChangeSet::new(&self.root)
    }

    /// Every file and its text, the lock aside: what must not change when nothing may.
    fn state(&self) -> Vec<(String, String)> {
        let files = list_files(&self.root, "in").files.into_iter();
        files.map(|rel| (rel.clone(), fs::read_to_string(self.path(&rel)).unwrap())).collect()
    }

    #[track_caller]
    fn refuses(&self, set: ChangeSet, kind: WriteErrorKind, words: &str) {
        let before = self.state();
        let error = set.apply().unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.changed.is_empty() && !error.to_string().contains("not put back"));
        assert_eq!(self.state(), before);
        assert!(!self.path("in/new").exists(), "created directories are removed again");
    }
}

fn digest(text: &str) -> Option<Sha256Digest> {
    Some(Sha256Digest::of(text.as_bytes()))
}

#[test]
fn changes_are_planned_and_made() {
    let project = Project::new(&[("in/a", "old"), ("in/ledger", "1\n")]);
    let mut set = project.set();
    set.append_line("in/ledger", "2")
        .create("in/new/deep/b", "b")
        .replace("in/a", "new", digest("old"))
        .append_line("in/ledger", "3")
        .append_line("in/log", "first")
        .keep("in/kept");
    let plan = set.plan();
    let words: Vec<_> =
        plan.iter().map(|p| format!("{} {} {}", p.action, p.path, p.bytes)).collect();
    let expected = ["append in/ledger 2", "create in/new/deep/b 1", "replace in/a 3"];
    assert_eq!(words[..3], expected);
    assert_eq!(words[3..], ["append in/ledger 2", "append in/log 6", "keep in/kept 0"]);
    assert_eq!(set.apply().unwrap().changes, plan);
    let expected = [("a", "new"), ("ledger", "1\n2\n3\n"), ("log", "first\n"), ("new/deep/b", "b")];
    let state = project.state();
    assert_eq!(state.len(), expected.len(), "no temporary file is left: {state:?}");
    for ((path, text), (rel, wanted)) in state.iter().zip(expected) {
        assert_eq!((path.as_str(), text.as_str()), (format!("in/{rel}").as_str(), wanted));
    }
}

#[test]
fn nothing_to_do_touches_nothing() {
    let project = Project::new(&[]);
    let mut set = project.set();
    set.keep("in/a");
    assert!(set.is_empty());
    set.apply().unwrap();
    assert!(!project.path(".d3p").exists());
}

#[cfg(unix)]
#[test]
fn files_are_readable_as_the_umask_lets() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::new(&[("in/probe", "")]);
    let mode = |rel: &str| fs::metadata(project.path(rel)).unwrap().permissions().mode() & 0o777;
    let mut set = project.set();
    set.create("in/a", "a").append_line("in/log", "x");
    set.apply().unwrap();
    assert_eq!(mode("in/a"), mode("in/probe") & 0o644);
    assert_eq!(mode("in/log"), mode("in/probe") & 0o644);
}

#[test]
fn what_exists_is_not_created_again() {
    let project = Project::new(&[("in/b", "mine")]);
    let mut set = project.set();
    set.create("in/new/a", "a").create("in/b", "b");
    project.refuses(set, WriteErrorKind::Exists, "`in/b` exists already");
}

#[test]
fn what_was_changed_since_it_was_read_is_not_replaced() {
    let project = Project::new(&[("in/a", "edited")]);
    let mut set = project.set();
    set.create("in/new/b", "b").replace("in/a", "mine", digest("read"));
    project.refuses(set, WriteErrorKind::Changed, "`in/a` was changed by something else");
    let mut set = project.set();
    set.replace("in/gone", "mine", digest("read"));
    project.refuses(set, WriteErrorKind::Changed, "`in/gone`");
    let mut set = project.set();
    set.create("in/new/b", "b").unchanged("in/a", digest("read"));
    project.refuses(set, WriteErrorKind::Changed, "`in/a`");
    let mut set = project.set();
    set.create("in/new/b", "b").unchanged("in/a", None);
    project.refuses(set, WriteErrorKind::Changed, "`in/a`");
    let mut set = project.set();
    set.unchanged("in/a", digest("edited")).unchanged("in/none", None).create("in/b", "b");
    set.apply().unwrap();
}

#[test]
fn a_directory_in_the_way_leaves_all_as_it_was() {
    let project = Project::new(&[("in/a", "old"), ("in/dir/x", "x"), ("in/file", "f")]);
    let mut set = project.set();
    set.create("in/new/b", "b").replace("in/a", "new", None).replace("in/dir", "no", None);
    project.refuses(set, WriteErrorKind::Place, "`in/dir` is a directory");
    let mut set = project.set();
    set.create("in/new/b", "b").append_line("in/dir", "no");
    project.refuses(set, WriteErrorKind::Place, "`in/dir` is a directory");
    let mut set = project.set();
    set.create("in/new/b", "b").create("in/file/c", "no");
    project.refuses(set, WriteErrorKind::Place, "`in/file` is not a directory");
}

#[test]
fn paths_out_of_the_project_and_into_git_are_refused() {
    let project = Project::new(&[("in/a", "old")]);
    for rel in ["../out", "/tmp/out", ".git/hooks/pre-commit", "in/.GIT/config"] {
        let mut set = project.set();
        set.create("in/new/b", "b").create(rel, "no");
        project.refuses(set, WriteErrorKind::Place, rel);
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("f"), "theirs\n").unwrap();
    let project = Project::new(&[("in/a", "old")]);
    symlink(outside.path(), project.path("out")).unwrap();
    symlink(outside.path().join("f"), project.path("f")).unwrap();
    symlink("nowhere", project.path("dangling")).unwrap();
    for rel in ["out/x", "out/f", "f", "dangling"] {
        let mut set = project.set();
        set.create("in/new/b", "b").replace(rel, "no", None);
        project.refuses(set, WriteErrorKind::Place, "symbolic link");
        let mut set = project.set();
        set.append_line(rel, "no");
        project.refuses(set, WriteErrorKind::Place, "symbolic link");
    }
    assert_eq!(fs::read_to_string(outside.path().join("f")).unwrap(), "theirs\n");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    fs::remove_dir_all(project.path(".d3p")).unwrap();
    symlink(outside.path(), project.path(".d3p")).unwrap();
    let mut set = project.set();
    set.create("in/b", "b");
    project.refuses(set, WriteErrorKind::Place, "`.d3p` is a symbolic link");
}

#[test]
fn a_cut_line_is_not_glued_to_the_next() {
    let project = Project::new(&[("in/ledger", "1\n{\"cut"), ("in/empty", "")]);
    let mut set = project.set();
    set.create("in/new/b", "b").append_line("in/ledger", "2");
    project.refuses(set, WriteErrorKind::CutLine, "has no line ending");
    let mut set = project.set();
    set.append_line("in/empty", "1");
    set.apply().unwrap();
    assert_eq!(project.read("in/empty"), "1\n");
}

#[test]
fn contradictory_plans_are_refused() {
    let project = Project::new(&[]);
    let mut twice = project.set();
    twice.create("in/a", "1").replace("in/a", "2", None);
    let mut both = project.set();
    both.append_line("in/a", "1").create("in/a", "2");
    let mut lines = project.set();
    lines.append_line("in/a", "1\n2");
    let mut none = project.set();
    none.append_line("in/a", "");
    for set in [twice, both, lines, none] {
        project.refuses(set, WriteErrorKind::Plan, "`in/a` contradicts itself");
    }
}

#[test]
fn a_failure_after_the_first_rename_is_rolled_back() {
    let project = Project::new(&[("in/a", "old"), ("in/log", "1\n"), ("in/z", "old z")]);
    let mut set = project.set();
    set.replace("in/a", "new", None).create("in/b", "b").replace("in/z", "new z", None);
    set.append_line("in/log", "2").create("in/new/deep/c", "c");
    let staged = Staged::stage(&set).unwrap();
    staged.check().unwrap();
    fs::remove_file(project.path("in/z")).unwrap();
    fs::create_dir_all(project.path("in/z/taken")).unwrap();
    let error = staged.commit().unwrap_err();
    assert_eq!((error.path.as_str(), error.changed.len()), ("in/z", 0), "{error}");
    let expected = [("in/a", "old"), ("in/log", "1\n")];
    assert_eq!(project.state(), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert!(!project.path("in/new").exists());
}

#[test]
fn a_failing_last_line_takes_everything_back() {
    let project = Project::new(&[("in/a", "old"), ("in/log", "1\n"), ("in/ledger", "1\n")]);
    let mut set = project.set();
    set.append_line("in/log", "2").append_line("in/ledger", "2").replace("in/a", "new", None);
    let staged = Staged::stage(&set).unwrap();
    fs::write(project.path("in/ledger"), "1\ncut").unwrap();
    let error = staged.commit().unwrap_err();
    assert_eq!(error.kind, WriteErrorKind::CutLine);
    assert_eq!((project.read("in/a"), project.read("in/log")), ("old".into(), "1\n".into()));
    assert_eq!(project.state().len(), 3);
}

#[test]
fn what_cannot_be_put_back_is_named_and_its_copy_kept() {
    let project = Project::new(&[("in/a", "old")]);
    let mut set = project.set();
    set.replace("in/a", "new", None);
    let staged = Staged::stage(&set).unwrap();
    let mut undo = super::undo::Undo::default();
    let copy = tempfile::NamedTempFile::new_in(project.path("in")).unwrap().into_temp_path();
    fs::write(&copy, "precious").unwrap();
    fs::create_dir_all(project.path("in/b/taken")).unwrap();
    undo.push("in/b", super::undo::Undone::Restore(copy));
    undo.push("in/gone", super::undo::Undone::Remove);
    drop(staged);
    let error = undo.roll_back(&project.root, WriteError::changed_since("in/x"));
    assert_eq!(error.changed[0], "in/gone");
    assert!(error.changed[1].starts_with("in/b (what it was is beside it in `"), "{error}");
    assert!(error.to_string().contains("changed and not put back: in/gone, in/b"), "{error}");
    assert!(project.state().iter().any(|(_, text)| text == "precious"));
}

#[test]
fn a_change_between_staging_and_renaming_is_seen() {
    let project = Project::new(&[("in/a", "old")]);
    let mut set = project.set();
    set.replace("in/a", "new", None).create("in/b", "b");
    let staged = Staged::stage(&set).unwrap();
    fs::write(project.path("in/a"), "edited").unwrap();
    assert_eq!(staged.check().unwrap_err().kind, WriteErrorKind::Changed);
    fs::write(project.path("in/a"), "old").unwrap();
    fs::write(project.path("in/b"), "theirs").unwrap();
    assert_eq!(staged.check().unwrap_err().kind, WriteErrorKind::Exists);
    assert_eq!(staged.commit().unwrap_err().kind, WriteErrorKind::Exists);
    assert_eq!((project.read("in/a"), project.read("in/b")), ("old".into(), "theirs".into()));
}

#[test]
fn a_second_writer_waits_and_is_told_who_holds_the_lock() {
    let project = Project::new(&[]);
    let lock = Lock::acquire(&project.root, Duration::ZERO).unwrap();
    let error = Lock::acquire(&project.root, Duration::from_millis(30)).unwrap_err();
    assert_eq!(error.kind, WriteErrorKind::Locked);
    if cfg!(unix) {
        let holder = format!("(process {})", std::process::id());
        assert!(error.message.contains(&holder), "{error}");
    }
    let waited = std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let start = Instant::now();
            let mut set = project.set();
            set.create("in/a", "a");
            set.apply().map(|_| start.elapsed())
        });
        std::thread::sleep(Duration::from_millis(100));
        assert!(!project.path("in/a").exists());
        drop(lock);
        waiter.join().unwrap().unwrap()
    });
    assert!(waited >= Duration::from_millis(80));
    assert_eq!(project.read("in/a"), "a");
    assert_eq!(project.read(LOCK_FILE), "", "nobody holds it any more");
}

#[test]
fn writers_in_parallel_lose_no_line() {
    let project = Project::new(&[]);
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let project = &project;
            scope.spawn(move || {
                for line in 0..5 {
                    let mut set = project.set();
                    set.append_line("in/log", format!("{writer}.{line}"));
                    set.apply().unwrap();
                }
            });
        }
    });
    let log = project.read("in/log");
    let mut lines: Vec<&str> = log.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), 20);
}

#[test]
fn a_held_lock_serves_several_sets_of_its_own_project() {
    let (project, other) = (Project::new(&[]), Project::new(&[]));
    let lock = Lock::acquire(&project.root, Duration::ZERO).unwrap();
    for rel in ["in/a", "in/b"] {
        let mut set = project.set();
        set.create(rel, "x");
        set.apply_under(&lock).unwrap();
    }
    let mut set = other.set();
    set.create("in/a", "x");
    assert_eq!(set.apply_under(&lock).unwrap_err().kind, WriteErrorKind::Plan);
}

#[test]
fn system_errors_say_what_to_do() {
    let full = WriteError::io("a", "written", &std::io::ErrorKind::StorageFull.into());
    assert_eq!(full.kind, WriteErrorKind::Full);
    let words = "`a` could not be written: no storage space";
    assert_eq!(full.to_string(), words);
    let denied = WriteError::io("a", "written", &std::io::ErrorKind::PermissionDenied.into());
    assert_eq!(denied.kind, WriteErrorKind::Denied);
}

/// What could not be read any more is not written; the line that closes a release always fits.
#[test]
fn a_full_file_takes_only_its_last_line() {
    let project = Project::new(&[]);
    let root = &project.root;
    fs::write(project.path("log.md"), vec![b'\n'; 8 * 1024 * 1024 - 1024]).unwrap();
    let mut changes = ChangeSet::new(root);
    changes.append_line("log.md", "one more").create("new.json", "{}");
    let full = changes.apply().unwrap_err();
    assert_eq!(full.kind, WriteErrorKind::Full, "{full}");
    assert!(
        full.advice.argv == ["d3p", "archive"] && !project.path("new.json").exists(),
        "{full:?}"
    );
    let mut changes = ChangeSet::new(root);
    changes.leave_room(0).append_line("log.md", "the last");
    changes.apply().unwrap();
}
