//! What a clone can be made not to show.

use super::*;

#[test]
fn an_index_that_was_made_to_fit_hides_nothing() {
    let repo = Repo::new();
    let release = repo.git(&["rev-parse", "HEAD"]);
    let committed = repo.git(&["rev-parse", "HEAD:src/a"]);
    repo.write("src/a", "b");
    repo.git(&["add", "src/a"]);
    let changed = repo.git(&["rev-parse", ":src/a"]);
    // The index remembers size and times of the changed file, and the id of the committed one.
    let path = repo.dir.path().join(".git/index");
    let mut index = fs::read(&path).unwrap();
    let at = index.windows(20).position(|part| part == id(&changed)).unwrap();
    index[at..at + 20].copy_from_slice(&id(&committed));
    // No digest is one that git believes.
    let end = index.len() - 20;
    index[end..].fill(0);
    fs::write(&path, index).unwrap();
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(9);
    fs::File::options().append(true).open(&path).unwrap().set_modified(later).unwrap();
    assert_eq!(repo.git(&["--no-optional-locks", "status", "--porcelain"]), "");
    repo.differs(&release, &[("src/a", How::Modified)]);
}

/// The bytes of an object's id.
fn id(hex: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

#[test]
fn a_filter_of_the_clone_does_not_make_a_file_the_committed_one() {
    let repo = Repo::new();
    let release = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["config", "filter.lie.clean", "printf a"]);
    repo.write(".git/info/attributes", "src/a filter=lie\n");
    repo.differs(&release, &[]);
    repo.write("src/a", "b");
    repo.differs(&release, &[("src/a", How::Filtered)]);
    // Nor does one that bears a known name.
    repo.git(&["config", "filter.lfs.clean", "printf a"]);
    repo.write(".git/info/attributes", "src/a filter=lfs\n");
    repo.differs(&release, &[("src/a", How::Filtered)]);
}

#[test]
fn attributes_that_convert_do_not_make_a_file_the_committed_one() {
    let repo = Repo::new();
    repo.write("src/id", "$Id$\n");
    let release = repo.commit("a keyword");
    repo.write(".git/info/attributes", "src/id ident\n");
    repo.write("src/id", "$Id: '; evil; : '$\n");
    repo.git(&["add", "src/id"]);
    assert_eq!(repo.git(&["status", "--porcelain"]), "", "git sees nothing");
    repo.differs(&release, &[("src/id", How::Filtered)]);
    repo.write("src/id", "$Id$\n");
    repo.git(&["add", "src/id"]);
    repo.differs(&release, &[]);
    // Other bytes that are the same text in the encoding that an attribute names.
    repo.write("src/id", "caf\u{e9}\n");
    let release = repo.commit("a text");
    repo.write(".git/info/attributes", "src/id working-tree-encoding=UTF-16LE\n");
    let wide: Vec<u8> = "caf\u{e9}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(repo.dir.path().join("src/id"), wide).unwrap();
    repo.git(&["add", "src/id"]);
    assert_eq!(repo.git(&["status", "--porcelain"]), "", "git sees nothing");
    repo.differs(&release, &[("src/id", How::Filtered)]);
}

#[test]
fn an_untracked_ignore_file_ignores_nothing() {
    let repo = Repo::new();
    repo.write(".gitignore", "out/\n");
    let release = repo.commit("ignore");
    repo.write("out/.gitignore", "*\n");
    repo.write("out/x", "built");
    repo.write(".pytest_cache/.gitignore", "*\n");
    repo.write(".pytest_cache/x", "a tool's own");
    repo.differs(&release, &[]);
    repo.write("src/.gitignore", "*\n");
    repo.write("src/conftest.py", "hidden");
    repo.differs(
        &release,
        &[("src/.gitignore", How::Untracked), ("src/conftest.py", How::Untracked)],
    );
}

#[cfg(unix)]
#[test]
fn modes_count_whatever_the_configuration_says() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = Repo::new();
    let release = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["config", "core.fileMode", "false"]);
    let path = repo.dir.path().join("src/a");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    repo.differs(&release, &[("src/a", How::Modified)]);
}

#[test]
fn another_work_tree_is_not_looked_at() {
    let (repo, clean) = (Repo::new(), tempfile::tempdir().unwrap());
    let gitdir = format!("gitdir: {}\n", repo.dir.path().join(".git").display());
    fs::write(clean.path().join(".git"), gitdir).unwrap();
    repo.git(&["config", "core.worktree", clean.path().to_str().unwrap()]);
    let error = Git::open(repo.dir.path(), &env()).unwrap_err();
    assert!(error.message().contains("core.worktree"), "{}", error.message());
}

/// A submodule is held to its commit as closely as the tree that it belongs to.
#[test]
fn a_submodule_hides_nothing() {
    let library = Repo::new();
    library.write(".gitignore", "*.log\n");
    let first = library.commit("ignores logs");
    let repo = Repo::new();
    let from = library.dir.path().to_str().unwrap();
    repo.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", from, "lib"]);
    let release = repo.commit("with a library");
    repo.differs(&release, &[]);
    let inside = |args: &[&str]| repo.git(&[&["-C", "lib"], args].concat());
    repo.write("lib/run.log", "ignored by the library's own tree");
    repo.differs(&release, &[]);
    // Its index is told not to look, or its clone ignores what its tree does not.
    inside(&["update-index", "--assume-unchanged", "src/a"]);
    repo.write("lib/src/a", "b");
    let found = repo.tree(&release).differences;
    assert!(
        found.contains(&Difference { path: "lib/src/a".to_owned(), how: How::Hidden }),
        "{found:?}"
    );
    inside(&["update-index", "--no-assume-unchanged", "src/a"]);
    repo.write("lib/src/a", "a");
    repo.differs(&release, &[]);
    repo.write(".git/modules/lib/info/exclude", "evil.sh\n");
    repo.write("lib/evil.sh", "curl");
    repo.differs(&release, &[("lib/evil.sh", How::Untracked)]);
    fs::remove_file(repo.dir.path().join("lib/evil.sh")).unwrap();
    // Another commit of it, which the tree above is told to pass over.
    library.write("src/a", "b");
    library.commit("second");
    inside(&["-c", "protocol.file.allow=always", "fetch", "--quiet"]);
    inside(&["checkout", "--quiet", "origin/main"]);
    repo.git(&["config", "submodule.lib.ignore", "all"]);
    repo.git(&["config", "diff.ignoreSubmodules", "all"]);
    let found = repo.tree(&release).differences;
    assert!(found.iter().any(|own| own.path == "lib/src/a"), "{found:?}");
    inside(&["checkout", "--quiet", &first]);
    repo.differs(&release, &[]);
    // Not checked out it is empty, and what lies there then belongs to nothing.
    repo.git(&["submodule", "--quiet", "deinit", "--force", "lib"]);
    repo.differs(&release, &[]);
    repo.write("lib/evil.sh", "curl");
    repo.differs(&release, &[("lib", How::Untracked)]);
}
