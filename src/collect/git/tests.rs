//! A real git in real directories.
#![allow(clippy::unwrap_used)]

use super::*;
use std::fs;
use std::process::Command;
use tempfile::TempDir;

mod authors;
mod checkout;
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
}

#[test]
fn a_project_in_a_folder_knows_where_it_is() {
    let repo = Repo::new();
    repo.write("pro ject/x/f", "1");
    let git = Git::open(&repo.dir.path().join("pro ject/x"), &env()).unwrap();
    assert_eq!(git.prefix(), "pro ject/x");
    assert_eq!(git.toplevel, fs::canonicalize(repo.dir.path()).unwrap());
    assert_eq!(repo.open().prefix(), "");
}

#[test]
fn the_repository_is_named_after_its_origin_or_its_folder() {
    let repo = Repo::new();
    let folder = repo.open().toplevel.file_name().unwrap().to_string_lossy().into_owned();
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
    let log = git.log_subjects(Some(&first), &second, &[]).unwrap();
    assert_eq!(log, [LogEntry { commit: second.clone(), subject: "add: ü and so on".into() }]);
    assert_eq!(git.log_subjects(None, &second, &[]).unwrap().len(), 2);
    assert!(git.log_subjects(Some(&second), &second, &[]).unwrap().is_empty());
    let unknown = git.log_subjects(Some("main"), &second, &[]).unwrap_err();
    assert_eq!(unknown, GitError::UnknownCommit("main".into()));
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

#[test]
fn what_was_committed_since_is_told() {
    let repo = Repo::new();
    let release = repo.commit("release");
    assert_eq!(repo.open().committed_since(&release).unwrap(), []);
    repo.write("src/a", "other");
    repo.write("src/new \u{fc}", "1");
    fs::remove_file(repo.dir.path().join("own/e")).unwrap();
    repo.commit("later");
    // What lies about and is not committed does not count.
    repo.write("src/untracked", "1");
    let found = repo.open().committed_since(&release).unwrap();
    let expected = [("own/e", true), ("src/a", true), ("src/new \u{fc}", false)];
    assert_eq!(found, expected.map(|(path, of)| (path.to_owned(), of)));
    let head = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["replace", &head, &release]);
    assert_eq!(repo.open().committed_since(&release).unwrap().len(), 3, "nothing is replaced");
}

#[test]
fn head_is_told_detached_too() {
    let repo = Repo::new();
    let head = repo.open().head().unwrap();
    assert_eq!(head.commit, repo.git(&["rev-parse", "HEAD"]));
    assert_eq!((head.branch.as_deref(), head.detached, head.shallow), (Some("main"), false, false));
    repo.git(&["checkout", "--quiet", "--detach"]);
    let head = repo.open().head().unwrap();
    assert!(head.detached && head.branch.is_none());
}
