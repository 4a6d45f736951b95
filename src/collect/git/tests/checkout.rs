//! Trees that are made of a commit, out of honest clones and hostile ones.

use super::*;
use std::collections::BTreeMap;

/// Makes the tree of `commit`; gives what lies in it, by path, `.git` left out.
fn made(repo: &Repo, commit: &str) -> Result<BTreeMap<String, Vec<u8>>, GitError> {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("tree");
    repo.open().checkout(commit, &dir)?;
    Ok(files(&dir))
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let walk = walkdir::WalkDir::new(dir).into_iter();
    let walk = walk.filter_entry(|entry| entry.file_name() != ".git").flatten();
    walk.filter(|entry| !entry.file_type().is_dir())
        .map(|entry| {
            let path = entry.path().strip_prefix(dir).unwrap().to_string_lossy().into_owned();
            let bytes = match entry.path_is_symlink() {
                true => fs::read_link(entry.path()).unwrap().to_string_lossy().into_owned().into(),
                false => fs::read(entry.path()).unwrap(),
            };
            (path, bytes)
        })
        .collect()
}

#[track_caller]
fn holds(files: &BTreeMap<String, Vec<u8>>, expected: &[(&str, &str)]) {
    let found: Vec<_> =
        files.iter().map(|(path, bytes)| (path.as_str(), run::lossy(bytes))).collect();
    let expected: Vec<_> =
        expected.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_tree_is_the_commit_whatever_is_checked_out() {
    let repo = Repo::new();
    let release = repo.git(&["rev-parse", "HEAD"]);
    repo.write("src/a", "later");
    repo.commit("later");
    repo.write("src/a", "dirty");
    repo.write("src/untracked", "x");
    holds(&made(&repo, &release).unwrap(), &[("own/e", "e"), ("src/a", "a")]);
    repo.git(&["checkout", "--quiet", "--force", "--detach"]);
    holds(&made(&repo, &release).unwrap(), &[("own/e", "e"), ("src/a", "a")]);
    let unknown = made(&repo, &"1".repeat(40)).unwrap_err();
    assert_eq!(unknown, GitError::UnknownCommit("1".repeat(40)));
}

#[test]
fn history_and_tags_are_there_for_hooks_that_ask() {
    let repo = Repo::new();
    repo.git(&["tag", "-a", "v1", "-m", "one"]);
    repo.write("src/b", "b");
    let release = repo.commit("second");
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("tree");
    repo.open().checkout(&release, &dir).unwrap();
    let ask = |args: &[&str]| {
        let said = Command::new("git").current_dir(&dir).args(args).output().unwrap();
        assert!(said.status.success(), "{args:?}: {}", run::lossy(&said.stderr));
        run::lossy(said.stdout).trim_end().to_owned()
    };
    assert_eq!(ask(&["describe", "--tags"]), format!("v1-1-g{}", &release[..7]));
    assert_eq!(ask(&["rev-list", "--count", "HEAD"]), "2");
    assert_eq!(ask(&["status", "--porcelain"]), "");
    assert_eq!(ask(&["rev-parse", "HEAD"]), release);
}

#[cfg(unix)]
#[test]
fn nothing_of_the_clones_configuration_takes_part() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = Repo::new();
    repo.write(".gitattributes", "*.txt filter=evil\n");
    repo.write("src/n.txt", "line\n");
    let release = repo.commit("release");
    let program = repo.dir.path().join(".git/trap");
    fs::write(&program, "#!/bin/sh\ntouch \"$(dirname \"$0\")/sprung\"\necho evil\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let trap = program.to_str().unwrap().to_owned();
    for (key, value) in [
        ("core.fsmonitor", trap.as_str()),
        ("core.alternateRefsCommand", &trap),
        ("uploadpack.packObjectsHook", &trap),
        ("filter.evil.smudge", &trap),
        ("filter.evil.clean", &trap),
        ("core.autocrlf", "true"),
        ("core.eol", "crlf"),
        ("core.sparseCheckout", "true"),
    ] {
        repo.git(&["config", key, value]);
    }
    for hook in ["post-checkout", "post-index-change", "reference-transaction"] {
        let hook = repo.dir.path().join(".git/hooks").join(hook);
        fs::create_dir_all(hook.parent().unwrap()).unwrap();
        fs::copy(&program, hook).unwrap();
    }
    fs::create_dir_all(repo.dir.path().join(".git/info")).unwrap();
    fs::write(repo.dir.path().join(".git/info/sparse-checkout"), "/own\n").unwrap();
    fs::write(repo.dir.path().join(".git/info/attributes"), "* ident eol=crlf\n").unwrap();
    let _ = fs::remove_file(repo.dir.path().join(".git/sprung"));
    let _ = fs::remove_file(repo.dir.path().join(".git/hooks/sprung"));
    let found = made(&repo, &release).unwrap();
    let expected = [
        (".gitattributes", "*.txt filter=evil\n"),
        ("own/e", "e"),
        ("src/a", "a"),
        ("src/n.txt", "line\n"),
    ];
    holds(&found, &expected);
    assert!(!repo.dir.path().join(".git/sprung").exists());
    assert!(!repo.dir.path().join(".git/hooks/sprung").exists());
}

#[test]
fn replacements_grafts_and_flags_of_the_index_change_nothing() {
    let repo = Repo::new();
    let release = repo.git(&["rev-parse", "HEAD"]);
    let blob = repo.git(&["rev-parse", "HEAD:src/a"]);
    repo.write("src/a", "evil");
    let evil = repo.commit("evil");
    let evil_blob = repo.git(&["rev-parse", "HEAD:src/a"]);
    repo.git(&["replace", &blob, &evil_blob]);
    repo.git(&["replace", &release, &evil]);
    repo.git(&["update-index", "--assume-unchanged", "src/a"]);
    repo.git(&["update-index", "--skip-worktree", "own/e"]);
    fs::create_dir_all(repo.dir.path().join(".git/info")).unwrap();
    fs::write(repo.dir.path().join(".git/info/grafts"), format!("{release} {evil}\n")).unwrap();
    holds(&made(&repo, &release).unwrap(), &[("own/e", "e"), ("src/a", "a")]);
}

#[test]
fn an_object_that_is_not_what_its_name_says_is_refused() {
    let repo = Repo::new();
    repo.write("src/b", "evil");
    let release = repo.commit("release");
    let object = |id: &str| repo.dir.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    let honest = repo.git(&["rev-parse", "HEAD:src/a"]);
    let evil = repo.git(&["rev-parse", "HEAD:src/b"]);
    let bytes = fs::read(object(&evil)).unwrap();
    fs::remove_file(object(&honest)).unwrap();
    fs::write(object(&honest), bytes).unwrap();
    let refused = made(&repo, &release).unwrap_err();
    assert!(refused.message().contains("not what their names say"), "{refused:?}");
}

#[test]
fn attributes_of_the_commit_apply() {
    let repo = Repo::new();
    let attributes = "*.bat text eol=crlf\n*.utf16 text working-tree-encoding=UTF-16LE\n";
    repo.write(".gitattributes", attributes);
    repo.write("run.bat", "echo 1\r\necho 2\r\n");
    let wide: Vec<u8> = "a\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(repo.dir.path().join("n.utf16"), &wide).unwrap();
    let release = repo.commit("release");
    let found = made(&repo, &release).unwrap();
    assert_eq!(found["run.bat"], b"echo 1\r\necho 2\r\n");
    assert_eq!(found["n.utf16"], wide);
}

#[test]
fn odd_names_links_and_modes_are_as_committed() {
    let repo = Repo::new();
    for name in ["a b", "\u{fc} \u{df}", "-x", "new\nline", "100%25"] {
        repo.write(&format!("od d/{name}"), name);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::os::unix::fs::symlink("../src/a", repo.dir.path().join("od d/link")).unwrap();
        let program = repo.dir.path().join("od d/a b");
        fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let release = repo.commit("odd");
    let place = tempfile::Builder::new().prefix("a %20 b").tempdir().unwrap();
    let dir = place.path().join("tr ee");
    let made = repo.open().checkout(&release, &dir).unwrap();
    let found = files(&dir);
    assert_eq!(found["od d/\u{fc} \u{df}"], "\u{fc} \u{df}".as_bytes());
    assert_eq!(found["od d/new\nline"], b"new\nline");
    #[cfg(unix)]
    assert_eq!(found["od d/link"], b"../src/a");
    assert_eq!(made.entries.len(), found.len());
}

#[test]
fn other_kinds_of_clones_lend_as_well() {
    // Another object format.
    let repo = Repo { dir: tempfile::tempdir().unwrap() };
    repo.git(&["init", "--quiet", "--object-format=sha256"]);
    repo.write("a", "1");
    let release = repo.commit("first");
    assert_eq!(release.len(), 64);
    holds(&made(&repo, &release).unwrap(), &[("a", "1")]);
    // Packed objects, a linked work tree, a shallow clone.
    let repo = Repo::new();
    let first = repo.git(&["rev-parse", "HEAD"]);
    repo.write("src/b", "b");
    let second = repo.commit("second");
    repo.git(&["gc", "--quiet"]);
    let linked = tempfile::tempdir().unwrap();
    let path = linked.path().join("linked");
    repo.git(&["worktree", "add", "--quiet", "--detach", path.to_str().unwrap(), &first]);
    let place = tempfile::tempdir().unwrap();
    let git = Git::open(&path, &env()).unwrap();
    git.checkout(&second, &place.path().join("t")).unwrap();
    assert_eq!(files(&place.path().join("t"))["src/b"], b"b");
    assert_eq!(git.work_trees().len(), 2);
    let shallow = Repo { dir: tempfile::tempdir().unwrap() };
    let url = format!("file://{}", repo.dir.path().display());
    shallow.git(&["clone", "--quiet", "--depth", "1", &url, "."]);
    holds(&made(&shallow, &second).unwrap(), &[("own/e", "e"), ("src/a", "a"), ("src/b", "b")]);
    let cut = made(&shallow, &first).unwrap_err();
    assert_eq!(cut, GitError::ShallowClone(first.clone()));
    assert_eq!(cut.advice().argv, ["git", "fetch", "--depth", "1", "origin", &first]);
}

#[test]
fn submodules_are_made_and_absent_ones_are_told() {
    let inner = Repo::new();
    let outer = Repo::new();
    let at = inner.git(&["rev-parse", "HEAD"]);
    let url = inner.dir.path().display().to_string();
    outer.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "lib"]);
    outer.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{at},private")]);
    outer.git(&["commit", "--quiet", "-m", "with submodules"]);
    let release = outer.git(&["rev-parse", "HEAD"]);
    outer.write("lib/src/a", "dirty");
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("t");
    let made = outer.open().checkout(&release, &dir).unwrap();
    assert_eq!(files(&dir)["lib/src/a"], b"a");
    assert_eq!(made.absent.len(), 1, "{made:?}");
    assert!(made.absent[0].starts_with("submodule private is not in this clone"), "{made:?}");
    assert!(made.entries.iter().any(|entry| entry.path == Path::new("lib/src/a")));
}

#[test]
fn pointers_of_git_lfs_become_the_clones_objects() {
    let repo = Repo::new();
    let oid = crate::model::Sha256Digest::of(b"large").to_string();
    repo.write(".gitattributes", "*.bin filter=lfs -text\n*.key filter=git-crypt\n");
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 5\n");
    repo.write("a.bin", &pointer);
    repo.write("s.key", "\0GITCRYPT");
    let release = repo.commit("release");
    let lacking = made(&repo, &release).unwrap_err();
    let way_out = format!("{:?}", lacking.advice());
    assert!(way_out.contains(&format!("git lfs fetch origin {release}")), "{way_out}");
    let path = format!(".git/lfs/objects/{}/{}/{oid}", &oid[..2], &oid[2..4]);
    repo.write(&path, "other");
    let forged = made(&repo, &release).unwrap_err();
    assert!(forged.message().contains("not what its name says"), "{forged:?}");
    repo.write(&path, "large");
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("t");
    let made = repo.open().checkout(&release, &dir).unwrap();
    assert_eq!(files(&dir)["a.bin"], b"large");
    assert_eq!(made.filtered, [("s.key".into(), "git-crypt".to_owned())]);
    assert_eq!(repo.open().changed_in(&dir, &|_| false).unwrap(), []);
}

#[test]
fn what_a_hook_changed_and_left_is_told() {
    let repo = Repo::new();
    repo.write(".gitignore", "cache/\n");
    let release = repo.commit("release");
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("t");
    repo.open().checkout(&release, &dir).unwrap();
    for (path, text) in [("src/a", "changed"), ("new", "1"), ("cache/x/y", "1"), ("skip/z", "1")] {
        fs::create_dir_all(dir.join(path).parent().unwrap()).unwrap();
        fs::write(dir.join(path), text).unwrap();
    }
    let found = repo.open().changed_in(&dir, &|path| path.starts_with("skip")).unwrap();
    let expected = [("cache/x/y", false), ("new", false), ("src/a", true)];
    assert_eq!(found, expected.map(|(path, named)| (path.into(), named)));
}
