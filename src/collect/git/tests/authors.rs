//! Who wrote a range of commits.

use super::*;
use crate::collect::git::authors::Authors;

/// The authors since `from`, or since a commit that is nowhere.
fn asked(git: &Git, from: &str, to: &str) -> Result<Authors, GitError> {
    git.authors(from, 0, to)
}

fn commit(repo: &Repo, name: &str, message: &str) -> String {
    let mail = format!("user.email={}@example.com", name.to_lowercase());
    let name = format!("user.name={name}");
    repo.git(&["-c", &name, "-c", &mail, "commit", "--quiet", "--allow-empty", "-m", message]);
    repo.git(&["rev-parse", "HEAD"])
}

fn persons(authors: &Authors) -> Vec<&str> {
    authors.persons.iter().map(String::as_str).collect()
}

#[test]
fn merges_bring_what_they_merge_and_nothing_from_before() {
    let repo = Repo::new();
    let first = commit(&repo, "Old", "old");
    repo.git(&["branch", "side"]);
    commit(&repo, "Ana", "on main");
    repo.git(&["checkout", "--quiet", "side"]);
    commit(&repo, "Ben", "on a branch");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-ff", "-m", "merge", "side"]);
    let head = repo.git(&["rev-parse", "HEAD"]);
    let found = asked(&repo.open(), &first, &head).unwrap();
    let all = ["Ana <ana@example.com>", "Ben <ben@example.com>", "Tester <tester@example.com>"];
    assert_eq!(persons(&found), all);
    assert_eq!((found.commits, &found.cut), (3, &None));
    assert_eq!(asked(&repo.open(), &head, &head).unwrap(), Authors::default());
    // A commit of another branch has the same beginning.
    repo.git(&["checkout", "--quiet", "-b", "hotfix", &first]);
    let fix = commit(&repo, "Cem", "fix\n\nCo-Authored-By: Dana Ek <dana@example.com>");
    let found = asked(&repo.open(), &head, &fix).unwrap();
    assert_eq!(persons(&found), ["Cem <cem@example.com>", "Dana Ek <dana@example.com>"]);
}

#[test]
fn a_clone_without_its_history_says_so() {
    let repo = Repo::new();
    let first = commit(&repo, "Old", "old");
    commit(&repo, "Ana", "a");
    let head = commit(&repo, "Ben", "b");
    let place = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.dir.path().display());
    let clone = place.path().join("clone");
    repo.git(&["clone", "--quiet", "--depth", "1", &url, clone.to_str().unwrap()]);
    let git = Git::open(&clone, &env()).unwrap();
    let found = asked(&git, &first, &head).unwrap();
    assert_eq!(persons(&found), ["Ben <ben@example.com>"]);
    assert!(found.cut.unwrap().contains("is not in this clone"));
    assert!(matches!(asked(&git, &first, &first), Err(GitError::ShallowClone(_))));
}

#[test]
fn a_commit_that_is_not_what_its_name_says_is_refused() {
    let repo = Repo::new();
    let first = repo.git(&["rev-parse", "HEAD"]);
    let head = commit(&repo, "Ana", "a");
    let other = repo.git(&["commit-tree", "-p", &first, "-m", "b", "HEAD^{tree}"]);
    let object = |id: &str| repo.dir.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    fs::remove_file(object(&head)).unwrap();
    fs::copy(object(&other), object(&head)).unwrap();
    assert!(asked(&repo.open(), &first, &head).is_err());
}
