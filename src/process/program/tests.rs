#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use super::{ProgramError, find_program};
use crate::model::Sha256Digest;
use crate::process::{How, Job, run};
use std::cell::{Cell, RefCell};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A directory with `bin/tool`, `late/tool` (executable), `plain/tool` (not), and `bin/folder/`.
fn tools() -> (tempfile::TempDir, PathBuf) {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path().to_owned();
    for (path, text, mode) in [
        ("bin/tool", "#!/bin/sh\necho early\n", 0o755),
        ("late/tool", "#!/bin/sh\necho late\n", 0o755),
        ("plain/tool", "#!/bin/sh\necho plain\n", 0o644),
        ("bin/folder/x", "", 0o755),
    ] {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), text).unwrap();
        fs::set_permissions(root.join(path), fs::Permissions::from_mode(mode)).unwrap();
    }
    (scratch, root)
}

#[test]
fn a_program_is_the_first_that_can_be_executed() {
    let (_scratch, root) = tools();
    let found = |name: &str, path: &[&str]| {
        let path: Vec<PathBuf> = path.iter().map(|dir| root.join(dir)).collect();
        find_program(name, &root, &path).map(|program| {
            let content = fs::read(&program.path).unwrap();
            assert_eq!(program.sha256, Sha256Digest::of(&content));
            program.path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned()
        })
    };
    assert_eq!(found("tool", &["bin", "late"]).unwrap(), "bin/tool");
    assert_eq!(found("tool", &["late", "bin"]).unwrap(), "late/tool");
    assert_eq!(found("tool", &["none", "plain", "late"]).unwrap(), "late/tool");
    assert_eq!(found("bin/tool", &["late"]).unwrap(), "bin/tool");
    assert_eq!(found("./late/tool", &[]).unwrap(), "late/tool");
    for (name, path) in [("tool", &["plain"][..]), ("plain/tool", &[]), ("folder", &["bin"])] {
        let error = found(name, path).unwrap_err();
        assert!(matches!(error, ProgramError::NotExecutable { .. }), "{name}: {error}");
    }
    for (name, path) in
        [("tool", &[][..]), ("tool", &["none"]), ("bin/none", &[]), ("", &["bin"]), ("/", &[])]
    {
        let error = found(name, path).unwrap_err();
        let refused = matches!(error, ProgramError::NotFound { .. })
            || name == "/" && matches!(error, ProgramError::NotExecutable { .. });
        assert!(refused, "{name:?}: {error}");
    }
}

#[test]
fn a_program_is_never_taken_from_the_current_directory() {
    let (_scratch, root) = tools();
    for relative in ["", ".", "bin"] {
        let error = find_program("tool", &root.join("bin"), &[relative.into()]).unwrap_err();
        let ProgramError::NotFound { looked_in, .. } = error else { panic!("{relative}: {error}") };
        assert_eq!(looked_in, [] as [PathBuf; 0], "{relative}");
    }
    // Tests run in the crate's directory, which has a `test`.
    assert!(Path::new("test").is_file());
    assert!(find_program("test", Path::new("."), &["".into(), ".".into()]).is_err());
}

#[test]
fn the_file_that_was_found_is_run_wherever_it_runs() {
    let (_scratch, root) = tools();
    let program = find_program("bin/tool", &root, &[]).unwrap();
    let job = Job {
        program: &program.path,
        arg0: "bin/tool",
        args: &[],
        dir: &root.join("late"),
        env: &[("PATH".into(), root.join("late").into())],
        stdin: b"",
        timeout: Duration::from_secs(3),
        grace: Duration::from_secs(3),
    };
    let output = RefCell::new(Vec::new());
    let calls = Cell::new(0);
    let how = run(
        &job,
        &|| {
            calls.set(calls.get() + 1);
            false
        },
        &mut |bytes| {
            output.borrow_mut().extend_from_slice(bytes);
        },
    );
    assert_eq!(how.unwrap(), How::Exited(0));
    assert_eq!(*output.borrow(), b"early\n");
    assert!(calls.get() > 0, "nobody asked whether to stop");
}
