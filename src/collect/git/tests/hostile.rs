//! A clone that was made to deceive whoever verifies it, or to run something on their machine.

use super::*;

#[test]
fn an_object_is_what_its_name_says() {
    let repo = Repo::new();
    repo.write("d3p.yaml", "threshold: 2\n");
    repo.git(&["add", "--all"]);
    let honest = repo.commit("policy");
    let read = || repo.open().proven_blob(&honest, "d3p.yaml");
    assert_eq!(read().unwrap().as_deref(), Some(&b"threshold: 2\n"[..]));
    assert_eq!(repo.open().proven_blob(&honest, "none.yaml").unwrap(), None);
    assert_eq!(repo.open().proven_blob(&honest, "own").unwrap(), None, "a directory");
    let short = repo.open().proven_blob(&honest[..12], "d3p.yaml");
    assert!(matches!(short, Err(GitError::UnknownCommit(_))), "{short:?}");
    // A replacement of the commit, and one of the blob, do not count.
    repo.write("d3p.yaml", "threshold: 1\n");
    repo.git(&["add", "--all"]);
    let loose = repo.commit("looser");
    repo.git(&["replace", &honest, &loose]);
    let blob = |commit: &str| repo.git(&["rev-parse", &format!("{commit}:d3p.yaml")]);
    let (loose_blob, blob) = (
        blob(&loose),
        repo.git(&["--no-replace-objects", "rev-parse", &format!("{honest}:d3p.yaml")]),
    );
    repo.git(&["replace", &blob, &loose_blob]);
    assert_eq!(read().unwrap().as_deref(), Some(&b"threshold: 2\n"[..]));
    // Other bytes under the name of the honest object are refused.
    let object = |id: &str| repo.dir.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    let target = object(&blob);
    let other = std::fs::read(object(&loose_blob)).unwrap();
    std::fs::remove_file(&target).unwrap();
    std::fs::write(&target, other).unwrap();
    let forged = read();
    assert!(forged.is_err(), "{forged:?}");
}

#[cfg(unix)]
#[test]
fn what_a_clone_lacks_is_not_fetched_in_a_way_that_it_names() {
    let repo = Repo::new();
    let trap = repo.dir.path().join("trap");
    repo.write("fetch.sh", &format!("touch '{}'\n", trap.display()));
    let url = format!("ext::sh {}", repo.dir.path().join("fetch.sh").display());
    for (key, value) in [
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", url.as_str()),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
        ("core.fsmonitor", "sh fetch.sh"),
    ] {
        repo.git(&["config", key, value]);
    }
    let absent = "1".repeat(40);
    // The trap works where nobody looks out.
    let blindly = Command::new("git")
        .args(["cat-file", "-e", &absent])
        .current_dir(repo.dir.path())
        .output()
        .unwrap();
    assert!(!blindly.status.success());
    assert!(trap.exists(), "{}", run::lossy(&blindly.stderr));
    fs::remove_file(&trap).unwrap();
    assert!(repo.open().proven_blob(&absent, "d3p.yaml").is_err());
    assert!(!trap.exists());
}

/// What git is told to read never ends.
#[cfg(unix)]
#[test]
fn a_git_that_gives_no_answer_is_ended() {
    let repo = Repo::new();
    let fifo = repo.dir.path().join("fifo");
    let made = Command::new("mkfifo").arg(&fifo).status().unwrap();
    assert!(made.success());
    let config = repo.dir.path().join(".git/config");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{text}[include]\n\tpath = {}\n", fifo.display())).unwrap();
    let env = env().limit(std::time::Duration::from_millis(300));
    let error = Git::open(repo.dir.path(), &env).unwrap_err();
    assert!(error.to_string().contains("no answer"), "{error}");
}

/// A file that no commit holds says that the project lies elsewhere in its repository.
#[test]
fn where_a_project_may_lie_is_asked_of_the_commit() {
    let repo = Repo::new();
    repo.write("d3p.yaml", "threshold: 1\n");
    repo.write("pay/d3p.yaml", "threshold: 2\n");
    repo.git(&["add", "--all"]);
    let commit = repo.commit("two projects");
    let pay = repo.dir.path().join("pay");
    let honest = Git::open(&pay, &env()).unwrap();
    assert_eq!(honest.prefix(), "pay");
    assert_eq!(honest.other_places(&commit, "d3p.yaml").unwrap(), [""]);
    fs::write(pay.join(".git"), "gitdir: ../.git\n").unwrap();
    let steered = Git::open(&pay, &env()).unwrap();
    assert_eq!(steered.prefix(), "");
    assert_eq!(steered.other_places(&commit, "d3p.yaml").unwrap(), ["pay"]);
    let place = tempfile::tempdir().unwrap();
    assert!(honest.checkout(&commit, &place.path().join("honest")).is_ok());
    let refused = steered.checkout(&commit, &place.path().join("steered")).unwrap_err();
    assert!(refused.message().contains("says that it is the top"), "{refused}");
    let read = steered.at("pay").proven_blob(&commit, "d3p.yaml").unwrap();
    assert_eq!(read.as_deref(), Some(&b"threshold: 2\n"[..]));
}
