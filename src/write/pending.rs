//! A run whose record is not written yet: one small file beside the lock, of three lines.
//!
//! What the run is, what its process is, and how it ended. The file has its whole size before the
//! hook starts, and the last two lines are written over blanks that lie there: so what is known in
//! the end needs neither space nor a handle that could be refused then.

use crate::source::Root;
use crate::write::WriteError;
use crate::write::place::{Place, create_dir, sync_dir};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

/// Bytes for the line about the process, its ending included.
const PROCESS: usize = 256;
/// Bytes for the line about the end.
const OUTCOME: usize = 256 * 1024;
/// More than such a file ever has.
const MOST: u64 = 16 * 1024 * 1024;

/// The file of a run that goes on.
#[derive(Debug)]
pub struct PendingRun {
    file: File,
    /// Where the line about the process begins.
    at: u64,
}

/// What such a file says; lines that were never written are empty, and so is one that was cut.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingText {
    /// What the run is.
    pub plan: String,
    /// Its process.
    pub process: String,
    /// How it ended.
    pub outcome: String,
}

impl PendingRun {
    /// Where that of the run `id` of `hook` lies, relative to the project; git does not see it.
    pub fn path(hook: &str, id: &str) -> String {
        format!(".d3p/run-{hook}-{id}.json")
    }

    /// Where the log of the run lies until its record is written.
    pub fn log_path(hook: &str, id: &str) -> String {
        format!(".d3p/run-{hook}-{id}.log")
    }

    /// Creates it for the run that `plan`, one line, describes, and makes it durable.
    ///
    /// # Errors
    /// [`WriteError`] when there is no space for all that may be written, or it cannot be created.
    pub fn begin(root: &Root, hook: &str, id: &str, plan: &str) -> Result<Self, WriteError> {
        let rel = Self::path(hook, id);
        let io = |error: io::Error| WriteError::io(&rel, "written", &error);
        let place = Place::of(root, &rel)?;
        for dir in &place.missing {
            create_dir(dir).map_err(io)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = options.open(&place.path).map_err(io)?;
        let blank = |length: usize| format!("{}\n", " ".repeat(length - 1));
        let text = format!("{plan}\n{}{}", blank(PROCESS), blank(OUTCOME));
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        if let Err(error) = written.and_then(|()| sync_dir(&place.dir)) {
            // Nothing began yet; what is left of it is swept by whoever comes next.
            let _ = fs::remove_file(&place.path);
            return Err(io(error));
        }
        Ok(Self { at: plan.len() as u64 + 1, file })
    }

    /// Notes the process. It tells who runs and no more, and is not made durable.
    ///
    /// # Errors
    /// What the system says.
    pub fn process(&mut self, text: &str) -> io::Result<()> {
        self.line(self.at, PROCESS, text)
    }

    /// Notes how it ended, and makes that durable.
    ///
    /// # Errors
    /// What the system says, or that it is longer than [`Self::fits`] allows.
    pub fn outcome(&mut self, text: &str) -> io::Result<()> {
        self.line(self.at + PROCESS as u64, OUTCOME, text)?;
        self.file.sync_data()
    }

    /// Whether `text` can be an outcome.
    pub fn fits(text: &str) -> bool {
        text.len() < OUTCOME && !text.contains('\n')
    }

    fn line(&mut self, at: u64, room: usize, text: &str) -> io::Result<()> {
        if text.len() >= room || text.contains('\n') {
            return Err(io::Error::other("it is too long"));
        }
        self.file.seek(SeekFrom::Start(at))?;
        self.file.write_all(text.as_bytes())
    }

    /// What the file of the run `id` of `hook` says; `None` when there is none, or it is none.
    pub fn read(root: &Root, hook: &str, id: &str) -> Option<PendingText> {
        let (file, _) = root.open_file(&Self::path(hook, id)).ok()?;
        let mut text = String::new();
        file.take(MOST).read_to_string(&mut text).ok()?;
        let mut lines = text.split('\n').map(|line| line.trim_end().to_owned());
        Some(PendingText { plan: lines.next()?, process: lines.next()?, outcome: lines.next()? })
    }

    /// Removes what lies there of runs of `hook`, but of those whose ids are `open`.
    pub fn sweep(root: &Root, hook: &str, open: &[&str]) {
        let (prefix, dir) = (format!("run-{hook}-"), root.dir().join(".d3p"));
        for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let id = name.strip_prefix(&prefix).and_then(|rest| rest.split_once('.'));
            // A hook's name may begin with another's.
            let is_id =
                |id: &str| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
            let gone = id.is_some_and(|(id, end)| {
                is_id(id) && ["json", "log"].contains(&end) && !open.contains(&id)
            });
            if gone {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Removes what lies there of the run `id` of `hook`. What stays does no harm: it is swept later.
    pub fn remove(root: &Root, hook: &str, id: &str) {
        for rel in [Self::path(hook, id), Self::log_path(hook, id)] {
            let _ = fs::remove_file(root.dir().join(rel));
        }
    }
}
