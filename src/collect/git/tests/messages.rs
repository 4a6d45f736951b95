//! What is said where git cannot answer.

use super::*;

#[test]
fn no_commits_has_its_own_message() {
    let repo = Repo::empty();
    let git = repo.open();
    assert_eq!(git.head().unwrap_err(), GitError::NoCommits);
    let id = "1".repeat(40);
    let error = git.committed_since(&id).unwrap_err();
    assert_eq!(error, GitError::NoCommits);
    assert!(error.to_string().contains("no commit yet"), "{error}");
}

#[test]
fn no_repository_has_its_own_message() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(Git::open(dir.path(), &env()).unwrap_err(), GitError::NotARepository);
    let repo = Repo::new();
    let inside = Git::open(&repo.dir.path().join(".git"), &env()).unwrap_err();
    assert_eq!(inside, GitError::NotARepository);
    let gone = Git::open(&dir.path().join("gone"), &env()).unwrap_err();
    assert!(matches!(&gone, GitError::Other(line) if line.contains("cannot change to")), "{gone}");
}

#[test]
fn no_git_has_its_own_message() {
    let repo = Repo::new();
    let empty = tempfile::tempdir().unwrap();
    for path in [empty.path().as_os_str(), "".as_ref()] {
        let error = Git::open(repo.dir.path(), &GitEnv::new(path)).unwrap_err();
        assert_eq!(error, GitError::Missing);
        assert_eq!(error.message(), "git is not on the PATH");
    }
}

#[test]
fn another_owner_has_its_own_message() {
    let repo = Repo::new();
    let strange = env().var("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    let error = Git::open(repo.dir.path(), &strange).unwrap_err();
    assert!(matches!(&error, GitError::DubiousOwnership(Some(_))), "{error:?}");
    let advice = error.advice();
    assert_eq!(advice.argv[3..5], ["--add", "safe.directory"]);
    assert!(advice.argv[5].starts_with('/'), "{advice:?}");
    // The user's own configuration settles it.
    let config = repo.dir.path().join("config");
    fs::write(&config, "[safe]\n\tdirectory = *\n").unwrap();
    let trusted = strange.var("GIT_CONFIG_GLOBAL", config);
    assert!(Git::open(repo.dir.path(), &trusted).is_ok());
}

#[test]
fn a_shallow_clone_that_lacks_the_commit_has_its_own_message() {
    let origin = Repo::new();
    let release = origin.git(&["rev-parse", "HEAD"]);
    let later = origin.commit("later");
    let clone = Repo { dir: tempfile::tempdir().unwrap() };
    let url = format!("file://{}", origin.dir.path().display());
    clone.git(&["clone", "--quiet", "--depth=1", &url, "."]);
    let git = clone.open();
    assert!(git.head().unwrap().shallow);
    assert_eq!(git.committed_since(&later).unwrap(), []);
    let error = git.committed_since(&release).unwrap_err();
    assert_eq!(error, GitError::ShallowClone(release.clone()));
    assert_eq!(error.advice().argv, ["git", "fetch", "--depth", "1", "origin", &release]);
    clone.git(&["fetch", "--quiet", "--unshallow"]);
    assert_eq!(clone.open().committed_since(&release).unwrap(), []);
}

#[test]
fn an_unknown_commit_has_its_own_message() {
    let repo = Repo::new();
    let short = repo.git(&["rev-parse", "--short", "HEAD"]);
    let tree = repo.git(&["rev-parse", "HEAD^{tree}"]);
    for commit in [&"1".repeat(40), &short, &tree, "HEAD", "--output=x", ""] {
        let error = repo.open().committed_since(commit).unwrap_err();
        assert_eq!(error, GitError::UnknownCommit(commit.to_owned()));
    }
}

#[test]
fn warnings_are_not_mistaken_for_the_fault() {
    let error = GitError::from_stderr(b"warning: w\nhint: h\nfatal: bad object x\nmore\n");
    assert_eq!(error, GitError::Other("bad object x".into()));
    assert!(matches!(GitError::from_stderr(b""), GitError::Other(_)));
}
