//! Each fault on a real disk.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::assets;
use crate::model::{Places, Sha256Digest};
use crate::text::{Fault, FaultKind, yaml};
use raw::object_digests;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use tempfile::TempDir;

fn project(files: &[(&str, &[u8])]) -> (TempDir, Root) {
    let dir = tempfile::tempdir().unwrap();
    for (rel, bytes) in files {
        put(dir.path(), rel, bytes);
    }
    let root = Root::open(dir.path()).unwrap();
    (dir, root)
}

fn put(dir: &Path, rel: &str, bytes: &[u8]) {
    let path = dir.join(rel);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn fault(loaded: Loaded) -> Fault {
    match loaded {
        Loaded::Faulty { fault, .. } => fault,
        Loaded::File(file) => panic!("{} was read", file.path),
    }
}

#[track_caller]
fn refuses(root: &Root, rel: &str, kind: FaultKind, words: &str) {
    let loaded = fault(root.load(rel));
    assert_eq!(loaded.kind, kind, "{}", loaded.message);
    assert!(loaded.message.contains(words), "{}", loaded.message);
    assert!(loaded.help.is_some());
    assert_eq!(root.digest(rel).unwrap_err(), loaded);
}

#[test]
fn a_file_is_read_with_digest_and_size() {
    let (_dir, root) = project(&[("a/b c/ü.md", b"# hi\r\n")]);
    let Loaded::File(file) = root.load("a/b c/ü.md") else { panic!("faulty") };
    assert_eq!((file.text.as_str(), file.bytes), ("# hi\r\n", 6));
    assert_eq!(file.digest, Sha256Digest::of(b"# hi\r\n"));
    assert_eq!(root.digest("a/b c/ü.md").unwrap(), (file.digest, 6));
}

#[test]
fn what_is_not_there_is_absent() {
    let (_dir, root) = project(&[("a/f", b"x")]);
    refuses(&root, "b", FaultKind::Absent, "`b` does not exist");
    refuses(&root, "b/c/d", FaultKind::Absent, "`b/c/d` does not exist");
    refuses(&root, "a/f/g", FaultKind::Absent, "`a/f` is a file");
}

#[test]
fn another_case_is_not_the_same_file() {
    let (dir, root) = project(&[("Docs/Plan.md", b"x")]);
    refuses(&root, "Docs/plan.md", FaultKind::CaseMismatch, "is spelled `Plan.md` on disk");
    refuses(&root, "docs/Plan.md", FaultKind::CaseMismatch, "is spelled `Docs` on disk");
    let docs = dir.path().join("Docs");
    assert_eq!(super::walk::other_spelling(&docs, "Plan.md"), None);
    assert_eq!(super::walk::other_spelling(&docs, "other"), None);
    fs::write(docs.join("pLAN.MD"), "y").unwrap();
    assert!(matches!(root.load("Docs/Plan.md"), Loaded::File(_)), "both spellings are listed");
}

#[test]
fn a_directory_is_not_a_file() {
    let (_dir, root) = project(&[("a/f", b"x")]);
    refuses(&root, "a", FaultKind::NotRegular, "is a directory");
}

#[test]
fn a_path_out_of_the_project_is_refused_before_the_disk_is_touched() {
    let (_dir, root) = project(&[]);
    refuses(&root, "../x", FaultKind::LinkOutside, "`..`");
    refuses(&root, "/etc/passwd", FaultKind::LinkOutside, "absolute");
}

#[cfg(unix)]
#[test]
fn links_are_refused_by_where_they_lead() {
    use std::os::unix::fs::symlink;
    let (outside, _) = project(&[("secret", b"x")]);
    let (dir, root) = project(&[("real/f", b"x")]);
    let link = |target: &Path, name: &str| symlink(target, dir.path().join(name)).unwrap();
    link(&outside.path().join("secret"), "out");
    link(outside.path(), "outdir");
    link(Path::new("real/f"), "in");
    link(Path::new("real"), "indir");
    link(Path::new("nowhere"), "dangling");
    link(Path::new("loop"), "loop");
    refuses(&root, "out", FaultKind::LinkOutside, "out of the project");
    refuses(&root, "outdir/secret", FaultKind::LinkOutside, "`outdir` is a symbolic link");
    refuses(&root, "outdir/absent", FaultKind::LinkOutside, "`outdir` is a symbolic link");
    let message = "`in` is a symbolic link; evidence must be a regular file";
    refuses(&root, "in", FaultKind::NotRegular, message);
    refuses(&root, "indir/f", FaultKind::NotRegular, "`indir` is a symbolic link");
    refuses(&root, "dangling", FaultKind::NotRegular, "leads nowhere");
    refuses(&root, "loop", FaultKind::NotRegular, "leads nowhere");
}

#[cfg(unix)]
#[test]
fn a_project_reached_through_a_link_is_opened() {
    let (dir, _) = project(&[("p/f", b"x")]);
    std::os::unix::fs::symlink("p", dir.path().join("link")).unwrap();
    let root = Root::open(&dir.path().join("link")).unwrap();
    assert!(root.dir().ends_with("p"));
    assert!(matches!(root.load("f"), Loaded::File(_)));
}

#[cfg(unix)]
#[test]
fn sockets_and_fifos_are_never_opened() {
    let (dir, root) = project(&[]);
    let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
    refuses(&root, "socket", FaultKind::NotRegular, "is a socket");
    let made = std::process::Command::new("mkfifo").arg(dir.path().join("fifo")).status();
    if made.is_ok_and(|status| status.success()) {
        refuses(&root, "fifo", FaultKind::NotRegular, "is a FIFO");
    }
}

#[cfg(unix)]
#[test]
fn a_locked_file_says_why() {
    use std::os::unix::fs::PermissionsExt as _;
    let (dir, root) = project(&[("f", b"x")]);
    fs::set_permissions(dir.path().join("f"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(dir.path().join("f")).is_err() {
        refuses(&root, "f", FaultKind::Unreadable, "Permission denied");
    }
    let error = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
    let fault = super::walk::unreadable("f", &error);
    assert_eq!(fault.kind, FaultKind::Unreadable);
    assert_eq!(fault.message, "`f` cannot be read: permission denied");
}

#[test]
fn size_is_limited_for_text_and_not_for_digests() {
    let (_dir, root) = project(&[("f", b"12345")]);
    assert!(matches!(root.load_within("f", 5), Loaded::File(_)));
    let fault = fault(root.load_within("f", 4));
    assert_eq!(fault.kind, FaultKind::TooLarge);
    assert_eq!(fault.message, "`f` has 5 bytes; at most 4 are read");
    assert_eq!(root.digest("f").unwrap().1, 5);
    assert_eq!(root.digest_within("f", 5).unwrap().1, 5);
    assert_eq!(root.digest_within("f", 4).unwrap_err(), fault);
}

#[test]
fn what_is_too_large_for_a_copy_is_not_hashed() {
    let places = Places::new("own", "closed");
    let name = |file: &str| format!("{}/{file}", places.objects());
    let (dir, root) = project(&[(&name("small"), b"x"), (&name("huge"), b"x")]);
    // Nothing but holes: hashing them would take hours.
    let huge = File::options().write(true).open(dir.path().join(name("huge"))).unwrap();
    huge.set_len(1 << 40).unwrap();
    let digests = object_digests(&root, &places, &[name("huge"), name("small")]);
    assert_eq!(digests, BTreeMap::from([("small".to_owned(), Sha256Digest::of(b"x"))]));
}

#[test]
fn an_unusable_file_still_has_its_digest() {
    let (_dir, root) = project(&[("empty", b""), ("binary", b"\xc3\x28")]);
    let Loaded::Faulty { fault, digest } = root.load("empty") else { panic!("read") };
    assert_eq!((fault.kind, digest), (FaultKind::Empty, Some(Sha256Digest::of(b""))));
    let Loaded::Faulty { fault, digest } = root.load("binary") else { panic!("read") };
    assert_eq!((fault.kind, digest), (FaultKind::NotUtf8, Some(Sha256Digest::of(b"\xc3\x28"))));
    assert_eq!(root.bytes("binary", 2).unwrap(), b"\xc3\x28");
}

#[test]
fn given_files_and_streams_are_limited_too() {
    let (dir, _) = project(&[("body.json", b"{}")]);
    assert!(matches!(load_given(&dir.path().join("body.json"), 2), Loaded::File(_)));
    assert_eq!(fault(load_given(&dir.path().join("none"), 2)).kind, FaultKind::Absent);
    assert_eq!(fault(load_given(dir.path(), 2)).kind, FaultKind::NotRegular);
    assert_eq!(fault(load_reader(&b"123"[..], "standard input", 2)).kind, FaultKind::TooLarge);
    assert_eq!(fault(load_reader(&b""[..], "standard input", 2)).kind, FaultKind::Empty);
}

#[test]
fn opening_needs_a_directory() {
    let (dir, root) = project(&[("f", b"x")]);
    assert!(Root::open(&dir.path().join("f")).is_err());
    assert!(Root::open(&dir.path().join("none")).is_err());
    assert!(root.exists("f") && !root.exists("g") && root.exists("../g"));
}

#[test]
fn the_nearest_project_is_found_and_git_ends_the_search() {
    let (dir, root) = project(&[("d3p.yaml", b""), ("a/b/f", b""), ("repo/.git/HEAD", b"")]);
    fs::create_dir_all(dir.path().join("repo/src")).unwrap();
    assert_eq!(find_project(&dir.path().join("a/b")).unwrap(), root.dir());
    put(dir.path(), "a/d3p.yaml", b"");
    assert_eq!(find_project(&dir.path().join("a/b")).unwrap(), root.dir().join("a"));
    let missing = find_project(&dir.path().join("repo/src")).unwrap_err();
    assert!(missing.at_git_root);
    assert_eq!(missing.last, root.dir().join("repo"));
    assert!(missing.to_string().contains("up to the top of the git repository"), "{missing}");
    put(dir.path(), "repo/d3p.yaml", b"");
    assert_eq!(find_project(&dir.path().join("repo/src")).unwrap(), root.dir().join("repo"));
    let gone = find_project(&dir.path().join("none")).unwrap_err();
    assert!(gone.cause.is_some(), "{gone}");
}

#[test]
fn files_are_listed_in_one_order() {
    let (_dir, root) = project(&[("r/b", b""), ("r/a/z", b""), ("r/a-", b""), ("r/B", b"")]);
    assert_eq!(list_files(&root, "r").files, ["r/B", "r/a-", "r/a/z", "r/b"]);
    assert!(list_files(&root, "none").files.is_empty());
    assert_eq!(list_files(&root, "r/b").files, ["r/b"]);
    assert_eq!(list_files(&root, "../r").faults[0].1.kind, FaultKind::LinkOutside);
}

#[cfg(unix)]
#[test]
fn links_and_odd_names_are_listed_and_not_followed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;
    let (dir, root) = project(&[("r/f", b""), ("other/g", b"")]);
    symlink("../other", dir.path().join("r/link")).unwrap();
    symlink("other", dir.path().join("top")).unwrap();
    assert_eq!(list_files(&root, "r").files, ["r/f", "r/link"]);
    assert_eq!(list_files(&root, "top").faults[0].1.kind, FaultKind::NotRegular);
    if fs::write(dir.path().join("r").join(OsStr::from_bytes(b"\xff")), "").is_ok() {
        assert_eq!(list_files(&root, "r").faults[0].1.kind, FaultKind::NotUtf8);
    }
}

#[test]
fn a_definition_says_as_json_what_it_says_as_yaml() {
    for id in assets::phases() {
        let text = assets::file(&format!("templates/{id}/phase.yaml")).unwrap_or_default();
        let json = assets::definition(id).and_then(|text| serde_json::from_str(text).ok());
        assert_eq!(json, yaml::parse(text).ok(), "{id}");
        assert!(json.is_some_and(|own: serde_json::Value| own["gates"].is_object()), "{id}");
    }
}
