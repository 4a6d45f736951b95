//! Places, copies and where things lead, on a real disk.
#![allow(clippy::unwrap_used)]

use super::*;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};
use tempfile::TempDir;

struct Disk {
    dir: TempDir,
    ways: Ways,
}

impl Disk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| {
            let path = dir.path().canonicalize().unwrap().join(name);
            fs::create_dir_all(&path).unwrap();
            path
        };
        let ways =
            Ways { tree: at("tree"), work_trees: vec![at("work")], programs: vec![at("bin")] };
        Self { dir, ways }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn link(&self, path: &str, to: impl AsRef<Path>) {
        let path = self.dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(to, path).unwrap();
    }

    fn copy(&self, from: &str) -> Result<Copied, CopyError> {
        let to = self.ways.tree.join(from);
        let _ = fs::remove_dir_all(&to);
        Copies { ways: &self.ways, left: 1000 }.copy(&self.dir.path().join("work").join(from), &to)
    }

    #[track_caller]
    fn refuses(&self, from: &str, words: &str) {
        let refused = self.copy(from).unwrap_err();
        assert!(refused.message.contains(words), "{refused:?}");
        assert!(refused.help.is_some(), "{refused:?}");
    }
}

#[test]
fn a_copy_has_a_digest_of_all_that_is_in_it() {
    let disk = Disk::new();
    disk.write("work/dist/a", "1");
    disk.write("work/dist/b/c", "2");
    let first = disk.copy("dist").unwrap();
    assert_eq!((first.bytes, disk.copy("dist").unwrap()), (2, first));
    disk.write("work/dist/b/c", "3");
    let other = disk.copy("dist").unwrap();
    assert_ne!(other.sha256, first.sha256);
    fs::rename(disk.dir.path().join("work/dist/b/c"), disk.dir.path().join("work/dist/b/d"))
        .unwrap();
    assert_ne!(disk.copy("dist").unwrap().sha256, other.sha256);
    disk.write("work/one", "x");
    let file = disk.copy("one").unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(file.sha256, crate::model::Sha256Digest::of(b"x"));
    disk.write("work/large/x", &"x".repeat(1001));
    disk.refuses("large", "more bytes than may be");
}

#[test]
fn what_leads_out_is_not_carried() {
    let disk = Disk::new();
    let work = disk.ways.work_trees[0].clone();
    disk.write("work/packages/lib/index.js", "live");
    disk.link("work/node_modules/lib", work.join("packages/lib"));
    disk.refuses("node_modules", "the link node_modules/lib leads out");
    // A relative one leads to the commit's own copy, once it lies in the tree.
    disk.write("tree/packages/lib/index.js", "committed");
    disk.link("work/workspace/node_modules", "../packages/lib");
    disk.copy("workspace").unwrap_or_else(|error| panic!("{error:?}"));
    disk.link("work/venv/bin/python", "/usr/bin/env");
    disk.write("bin/tool", "");
    disk.link("work/venv/bin/tool", disk.ways.programs[0].join("tool"));
    disk.copy("venv").unwrap_or_else(|error| panic!("{error:?}"));
    disk.write("work/pth/x.pth", &format!("{}\n", work.join("packages").display()));
    disk.refuses("pth", "x.pth is an editable install");
    // Anybody writes there, whatever else lies below /dev.
    disk.write("work/memory/x.pth", "/dev/shm/code\n");
    disk.refuses("memory", "x.pth is an editable install");
    disk.write("work/editable/direct_url.json", "{ \"dir_info\": { \"editable\": true } }");
    disk.refuses("editable", "is an editable install");
    disk.write("work/scripts/pytest", &format!("#!{}/venv/bin/python\n", work.display()));
    let script = disk.dir.path().join("work/scripts/pytest");
    fs::set_permissions(script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    disk.refuses("scripts", "lies in a work tree");
}

#[test]
fn a_place_is_the_same_again_and_one_run_has_it() {
    let disk = Disk::new();
    let trees = disk.dir.path().join("state/trees");
    let take = || Place::take(&trees, &["acme/shop", "", "production", "deploy"], "shop").unwrap();
    let place = take();
    let first = place.tree();
    let beside = take();
    assert_ne!(beside.tree(), first);
    assert_eq!(beside.tree().file_name(), first.file_name());
    drop((place, beside));
    assert_eq!(take().tree(), first);
    let other = Place::take(&trees, &["acme/shop", "", "staging", "deploy"], "shop").unwrap();
    assert_ne!(other.tree(), first);
}

#[test]
fn nothing_that_was_collected_nowhere_is_thrown_away() {
    let disk = Disk::new();
    let trees = disk.dir.path().join("trees");
    let place = Place::take(&trees, &["x"], "shop").unwrap();
    let make = || fs::create_dir_all(place.tree()).unwrap();
    let aside = || {
        let entries = fs::read_dir(place.tree().parent().unwrap()).unwrap().flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("before-")).count()
    };
    make();
    assert!(!place.leave(false, false).unwrap() && !place.tree().exists());
    // What a deployment started goes on: its tree stays until the next one.
    make();
    assert!(place.leave(false, true).unwrap() && place.tree().exists());
    place.make_room("1", true).unwrap();
    assert!(!place.tree().exists());
    assert_eq!(aside(), 1);
    place.sweep().unwrap();
    assert_eq!(aside(), 0);
    make();
    fs::write(place.tree().join("terraform.tfstate"), "{}").unwrap();
    assert!(place.leave(true, false).unwrap());
    place.make_room("2", false).unwrap();
    place.sweep().unwrap();
    assert_eq!(aside(), 1, "it is set aside, and stays");
}

#[cfg(target_os = "linux")]
#[test]
fn a_tree_that_a_process_lives_in_stays() {
    let disk = Disk::new();
    let place = Place::take(&disk.dir.path().join("trees"), &["x"], "shop").unwrap();
    fs::create_dir_all(place.tree()).unwrap();
    let mut server = Command::new("sleep")
        .arg("60")
        .current_dir(place.tree())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    assert!(place.leave(false, false).unwrap() && place.tree().exists());
    place.make_room("1", false).unwrap();
    place.sweep().unwrap();
    let kept = place.tree().parent().unwrap().join("before-1/shop");
    assert!(kept.exists());
    server.kill().unwrap();
    server.wait().unwrap();
    place.sweep().unwrap();
    assert!(!kept.exists());
}

#[test]
fn state_goes_back_unless_it_was_changed_meanwhile() {
    let disk = Disk::new();
    disk.write("work/state", "1");
    let was = disk.copy("state").unwrap().sha256.to_string();
    disk.write("tree/state", "2");
    let (from, to) = (disk.ways.tree.join("state"), disk.dir.path().join("work/state"));
    assert!(take_back(&from, &to, Some(&was)).unwrap().is_some());
    assert_eq!(fs::read_to_string(&to).unwrap(), "2");
    // Again, since it could not be written down: it is what it is to be.
    assert!(take_back(&from, &to, Some(&was)).unwrap().is_some());
    disk.write("work/state", "3");
    assert!(take_back(&from, &to, Some(&was)).unwrap().is_none());
    assert_eq!(fs::read_to_string(&to).unwrap(), "3");
    disk.write("tree/new/x", "1");
    let to = disk.dir.path().join("work/new");
    assert!(take_back(&disk.ways.tree.join("new"), &to, None).unwrap().is_some());
    assert_eq!(fs::read_to_string(to.join("x")).unwrap(), "1");
}

#[test]
fn what_lies_above_and_would_be_obeyed_is_found() {
    let disk = Disk::new();
    let dir = disk.dir.path().join("home/state/trees");
    fs::create_dir_all(&dir).unwrap();
    let home = disk.dir.path().join("home");
    assert_eq!(above(&dir, Some(&home)), None);
    disk.write("home/.cargo/config.toml", "");
    assert_eq!(above(&dir, Some(&home)), None);
    assert!(above(&dir, None).is_some());
    disk.write("home/state/node_modules/x/index.js", "");
    assert!(above(&dir, Some(&home)).unwrap().ends_with("home/state/node_modules"));
}
