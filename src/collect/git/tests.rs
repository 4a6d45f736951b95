//! A real git in real directories.
#![allow(clippy::unwrap_used)]

use super::*;
use std::fs;
use std::process::Command;
use tempfile::TempDir;

mod hidden;
mod hostile;
mod messages;

struct Repo {
    dir: TempDir,
}

/// The caller's own git configuration has no part in these tests.
fn env() -> GitEnv {
    GitEnv::new(std::env::var_os("PATH").unwrap())
        .var("GIT_CONFIG_GLOBAL", "/dev/null")
        .var("GIT_CONFIG_NOSYSTEM", "1")
}

impl Repo {
    fn empty() -> Self {
        let repo = Self { dir: tempfile::tempdir().unwrap() };
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo
    }

    /// A repository with one commit of `src/a` and `own/e`.
    fn new() -> Self {
        let repo = Self::empty();
        repo.write("src/a", "a");
        repo.write("own/e", "e");
        repo.commit("first");
        repo
    }

    fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.dir.path())
            .args(["-c", "user.name=Tester", "-c", "user.email=tester@example.com"])
            .args(args)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env_remove("GIT_DIR")
            .output()
            .unwrap();
        assert!(output.status.success(), "git {args:?}: {}", run::lossy(&output.stderr));
        run::lossy(&output.stdout).trim_end().to_owned()
    }

    fn write(&self, rel: &str, text: &str) {
        let path = self.dir.path().join(rel);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(&self, subject: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", subject]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn open(&self) -> Git {
        Git::open(self.dir.path(), &env()).unwrap()
    }

    fn tree(&self, commit: &str) -> TreeState {
        self.tree_under(commit, &[])
    }

    fn tree_under(&self, commit: &str, under: &[&str]) -> TreeState {
        let under: Vec<String> = under.iter().map(|dir| (*dir).to_owned()).collect();
        let is_own = |path: &str| path.starts_with("own/");
        self.open().tree_of_release(commit, &is_own, &under).unwrap()
    }

    #[track_caller]
    fn differs(&self, commit: &str, expected: &[(&str, How)]) {
        let state = self.tree(commit);
        let found: Vec<_> = state.differences.iter().map(|d| (d.path.as_str(), d.how)).collect();
        assert_eq!(found, expected);
        assert_eq!(state.is_release(), expected.is_empty());
    }
}

#[test]
fn a_clean_checkout_of_the_commit_is_the_release() {
    let repo = Repo::new();
    let head = repo.open().head().unwrap();
    assert_eq!(head.commit, repo.git(&["rev-parse", "HEAD"]));
    assert_eq!((head.branch.as_deref(), head.detached, head.shallow), (Some("main"), false, false));
    repo.differs(&head.commit, &[]);
    assert_eq!(repo.tree(&head.commit).observed(&head.commit), None);
}

#[test]
fn commits_of_evidence_only_do_not_count() {
    let repo = Repo::new();
    let release = repo.git(&["rev-parse", "HEAD"]);
    repo.write("own/e", "changed");
    repo.write("own/new", "new");
    let head = repo.commit("evidence");
    repo.write("own/e", "dirty");
    repo.write("own/untracked", "x");
    repo.differs(&release, &[]);
    assert_eq!(repo.tree(&release).observed(&release), Some(head.as_str()));
}

#[test]
fn a_squashed_commit_with_the_same_tree_is_the_release() {
    let repo = Repo::new();
    repo.write("src/b", "b");
    let release = repo.commit("second");
    let tree = format!("{release}^{{tree}}");
    let squashed = repo.git(&["commit-tree", &tree, "-m", "squashed"]);
    repo.git(&["reset", "--quiet", "--hard", &squashed]);
    assert_ne!(release, squashed);
    repo.differs(&release, &[]);
}

#[test]
fn every_way_to_differ_is_named() {
    let repo = Repo::new();
    for name in ["gone", "mode", "staged", "modified", "both", "deleted"] {
        repo.write(&format!("src/{name}"), "1");
    }
    repo.write(".gitignore", "*.log\n");
    let release = repo.commit("release");
    fs::remove_file(repo.dir.path().join("src/gone")).unwrap();
    repo.write("src/added", "1");
    repo.git(&["update-index", "--chmod=+x", "src/mode"]);
    repo.git(&["add", "src"]);
    repo.git(&["update-index", "--chmod=+x", "src/mode"]);
    repo.git(&["commit", "--quiet", "-m", "later"]);
    repo.git(&["checkout", "--quiet", "--", "src/mode"]);
    repo.write("src/staged", "2");
    repo.write("src/both", "2");
    repo.git(&["add", "src/staged", "src/both"]);
    repo.write("src/both", "3");
    repo.write("src/modified", "2");
    repo.write("src/x.log", "ignored");
    repo.write("other/new", "1");
    fs::remove_file(repo.dir.path().join("src/deleted")).unwrap();
    let expected = [
        ("other/new", How::Untracked),
        ("src/added", How::Committed),
        ("src/both", How::Staged),
        ("src/both", How::Modified),
        ("src/deleted", How::Modified),
        ("src/gone", How::Committed),
        ("src/mode", How::Committed),
        ("src/modified", How::Modified),
        ("src/staged", How::Staged),
    ];
    repo.differs(&release, &expected);
}

#[test]
fn a_change_hidden_from_git_is_not_hidden_from_us() {
    let repo = Repo::new();
    repo.write("src/b", "b");
    let release = repo.commit("release");
    repo.git(&["update-index", "--assume-unchanged", "src/a"]);
    repo.git(&["update-index", "--skip-worktree", "src/b"]);
    repo.write("src/a", "other");
    repo.write("src/b", "other");
    repo.differs(&release, &[("src/a", How::Hidden), ("src/b", How::Hidden)]);
}

#[test]
fn only_the_named_directories_count() {
    let repo = Repo::new();
    let release = repo.git(&["rev-parse", "HEAD"]);
    repo.write("srcs/committed", "1");
    repo.commit("elsewhere");
    repo.write("other/untracked", "1");
    repo.write("srcs/untracked", "1");
    assert!(repo.tree_under(&release, &["src"]).is_release());
    assert!(repo.tree_under(&release, &["src/", "own"]).is_release());
    assert_eq!(repo.tree_under(&release, &["src", "srcs"]).differences.len(), 2);
    assert_eq!(repo.tree_under(&release, &["."]).differences.len(), 3);
    repo.write("src/untracked", "1");
    assert_eq!(repo.tree_under(&release, &["src"]).differences[0].path, "src/untracked");
}

#[test]
fn odd_names_are_told_apart() {
    let repo = Repo::new();
    let mut names: Vec<std::ffi::OsString> = ["a b", "ü", ":(top)x", "-x"].map(Into::into).into();
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        names.push("new\nline \"quoted\"".into());
        names.push(std::ffi::OsString::from_vec(b"\xff\xfe".to_vec()));
    }
    for name in &names {
        fs::write(repo.dir.path().join("src").join(name), "1").unwrap();
    }
    let release = repo.commit("odd");
    repo.differs(&release, &[]);
    for name in &names {
        fs::write(repo.dir.path().join("src").join(name), "2").unwrap();
    }
    let state = repo.tree(&release);
    assert_eq!(state.differences.len(), names.len(), "{state:?}");
    assert!(state.differences.iter().all(|difference| difference.how == How::Modified));
    repo.commit("changed");
    let state = repo.tree(&release);
    assert_eq!(state.differences.len(), names.len(), "{state:?}");
    assert!(state.differences.iter().any(|difference| difference.path == "src/ü"));
    assert!(repo.tree_under(&release, &["src/:(top)x"]).differences.len() == 1);
}

#[test]
fn a_project_in_a_folder_knows_where_it_is() {
    let repo = Repo::new();
    repo.write("pro ject/x/f", "1");
    let git = Git::open(&repo.dir.path().join("pro ject/x"), &env()).unwrap();
    assert_eq!(git.prefix(), "pro ject/x");
    assert_eq!(git.toplevel(), fs::canonicalize(repo.dir.path()).unwrap());
    assert_eq!(repo.open().prefix(), "");
}

#[test]
fn the_repository_is_named_after_its_origin_or_its_folder() {
    let repo = Repo::new();
    let folder = repo.open().toplevel().file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(repo.open().repository_name().unwrap(), folder);
    repo.git(&["remote", "add", "origin", "https://user:token@example.com/owner/name.git"]);
    assert_eq!(repo.open().repository_name().unwrap(), "owner/name");
}

#[test]
fn ignored_paths_are_told() {
    let repo = Repo::new();
    let none: [&str; 0] = [];
    let ignored = |asked: &[&str]| -> Vec<String> {
        repo.open().ignored(asked).unwrap().into_iter().map(|found| found.path).collect()
    };
    assert_eq!(ignored(&["own/e", "own/new"]), none);
    repo.write(".gitignore", "own/\n.artifacts\n");
    let asked = ["own/e", "own/new", ".artifacts/deployment/x.json", "src/a", ":(top)x", "*"];
    let found = repo.open().ignored(&asked).unwrap();
    let told = |found: &Ignored| {
        format!("{}:{}:{} {}", found.source, found.line, found.pattern, found.path)
    };
    assert_eq!(
        found.iter().map(told).collect::<Vec<_>>(),
        [".gitignore:1:own/ own/new", ".gitignore:2:.artifacts .artifacts/deployment/x.json"],
        "what is tracked is not ignored"
    );
    assert_eq!(ignored(&[]), none);
    repo.write(".gitignore", "own/\n.artifacts/*\n!.artifacts/deployment\n");
    assert_eq!(ignored(&[".artifacts/deployment/x.json"]), none, "a negated pattern");
    assert!(matches!(repo.open().ignored(&["../../x"]), Err(GitError::Other(_))));
    let many: Vec<String> = (0..20_000).map(|n| format!("own/many/{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(repo.open().ignored(&many).unwrap().len(), many.len());
}

#[test]
fn the_log_between_two_commits_is_told() {
    let repo = Repo::new();
    let first = repo.git(&["rev-parse", "HEAD"]);
    let second = repo.commit("add: ü\nand so on\n\nbody");
    let git = repo.open();
    let log = git.log_subjects(Some(&first), &second).unwrap();
    assert_eq!(
        log,
        [LogEntry {
            commit: second.clone(),
            author: "Tester <tester@example.com>".into(),
            subject: "add: ü and so on".into()
        }]
    );
    assert_eq!(git.log_subjects(None, &second).unwrap().len(), 2);
    assert!(git.log_subjects(Some(&second), &second).unwrap().is_empty());
    let unknown = git.log_subjects(Some("main"), &second).unwrap_err();
    assert_eq!(unknown, GitError::UnknownCommit("main".into()));
}

#[test]
fn a_detached_head_is_told_and_works() {
    let repo = Repo::new();
    repo.git(&["checkout", "--quiet", "--detach"]);
    let head = repo.open().head().unwrap();
    assert!(head.detached && head.branch.is_none());
    repo.differs(&head.commit, &[]);
}

#[cfg(unix)]
#[test]
fn no_monitor_and_no_hook_of_the_repository_runs() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = Repo::new();
    let release = repo.git(&["rev-parse", "HEAD"]);
    let program = repo.dir.path().join(".git/trap");
    fs::write(&program, "#!/bin/sh\ntouch \"$(dirname \"$0\")/sprung\"\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let trap = program.to_str().unwrap();
    for key in ["core.fsmonitor", "core.pager", "gpg.program"] {
        repo.git(&["config", key, trap]);
    }
    repo.git(&["config", "log.showSignature", "true"]);
    repo.differs(&release, &[]);
    repo.open().log_subjects(None, &release).unwrap();
    assert!(!repo.dir.path().join(".git/sprung").exists());
}

#[test]
fn replaced_objects_are_seen_as_they_were() {
    let repo = Repo::new();
    let release = repo.git(&["rev-parse", "HEAD"]);
    repo.write("src/a", "evil");
    let evil = repo.commit("evil");
    repo.git(&["replace", &release, &evil]);
    repo.differs(&release, &[("src/a", How::Committed)]);
}

#[test]
fn only_what_git_needs_is_passed_on() {
    let vars = [("PATH", "/p"), ("HOME", "/h"), ("GIT_DIR", "/evil"), ("GIT_WORK_TREE", "/evil")];
    let env = GitEnv::from_vars(vars.map(|(name, value)| (name.into(), value.into())));
    let shown = format!("{env:?}");
    assert!(shown.contains("/p") && shown.contains("/h") && !shown.contains("evil"), "{shown}");
}

#[test]
fn the_last_tag_is_told() {
    let repo = Repo::new();
    let first = repo.git(&["rev-parse", "HEAD"]);
    assert_eq!(repo.open().last_tag(&first, "v2").unwrap(), None);
    repo.git(&["tag", "v1"]);
    let second = repo.commit("more");
    repo.git(&["tag", "v2"]);
    assert_eq!(repo.open().last_tag(&second, "v2").unwrap().as_deref(), Some("v1"));
    assert_eq!(repo.open().last_tag(&second, "v3").unwrap().as_deref(), Some("v2"));
    assert_eq!(repo.open().commit_of("v1").unwrap(), Some(first));
    assert_eq!(repo.open().commit_of("v9").unwrap(), None);
    assert_eq!(repo.open().commit_of("--all").unwrap(), None);
}
