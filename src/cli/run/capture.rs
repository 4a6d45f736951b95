//! Running the command: output to the terminal and, without secrets, to the log.

use super::Running;
use super::prepare::Prepared;
use super::tree::Tree;
use crate::cli::common::Global;
use crate::cli::{Code, Failure};
use crate::env::Env;
use crate::import::markers::Markers;
use crate::model::Stamp;
use crate::process::{How, Job, Redactor, run};
use crate::record::{Ended, RanService, RunLog, RunMarkers};
use crate::write::{ChangeSet, RawFile, move_file};
use std::time::Duration;

/// How long a command may take to stop when it is asked to.
const GRACE: Duration = Duration::from_secs(10);

/// Most bytes of marker lines that are kept while a command runs.
const MARKERS: usize = 1024 * 1024;

/// What a run left.
#[derive(Debug)]
pub(super) struct Captured {
    pub(super) started: Stamp,
    pub(super) finished: Stamp,
    pub(super) ended: Ended,
    pub(super) exit_code: Option<i32>,
    pub(super) signal: Option<i32>,
    pub(super) log: RunLog,
    pub(super) said: RunMarkers,
}

impl Running<'_> {
    /// Runs the command to its end; its output is kept at `path`.
    pub(super) fn capture(
        &self,
        prepared: &Prepared,
        tree: &Tree,
        path: String,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Captured, Failure> {
        let mut file = RawFile::create(self.root, &path)?;
        let mut redactor = Redactor::new(&prepared.secrets);
        let mut markers = MarkerLines::default();
        let job = Job {
            program: &prepared.program.path,
            arg0: prepared.argv.first().map_or("", String::as_str),
            args: prepared.argv.get(1..).unwrap_or_default(),
            dir: tree.root.dir(),
            env: &prepared.variables,
            stdin: &[],
            timeout: Duration::from_secs(self.hook.timeout().seconds()),
            grace: GRACE,
        };
        let started = (env.now)();
        let echo = global.human() && !global.quiet;
        let out = &mut env.out;
        let mut keep = |bytes: &[u8]| {
            file.write(bytes)?;
            markers.push(bytes);
            if echo {
                // A reader that went away does not stop a deployment.
                let _ = out.write_all(bytes).and_then(|()| out.flush());
            }
            Ok(())
        };
        let how = run(&job, env.interrupted, &mut |bytes| keep(&redactor.push(bytes)))
            .and_then(|how| keep(&redactor.finish()).map(|()| how))
            .map_err(|error| {
                Failure::incomplete(format!("hook {} could not be run: {error}", self.name))
                    .code(Code::Program)
                    .note(format!("what it had written is in {path}"))
            })?;
        let finished = (env.now)();
        let (ended, exit_code, signal) = match how {
            How::Exited(code) => (Ended::Exited, Some(code), None),
            How::Signalled(signal) => (Ended::Signalled, None, Some(signal)),
            How::TimedOut => (Ended::TimedOut, None, None),
            How::Interrupted => (Ended::Interrupted, None, None),
        };
        let (digest, size) = file.finish()?;
        let mut log = RunLog {
            path,
            sha256: digest.to_string(),
            size,
            redactions: redactor.count(),
            detached: None,
        };
        self.detach(&mut log)?;
        Ok(Captured { started, finished, ended, exit_code, signal, log, said: markers.said() })
    }

    /// Keeps a log that is too large out of git.
    fn detach(&self, log: &mut RunLog) -> Result<(), Failure> {
        let policy = &self.project.effective().policy.run;
        let (Some(limit), Some(place)) = (policy.detach_above, &policy.detached_at) else {
            return Ok(());
        };
        if log.size <= limit {
            return Ok(());
        }
        let places = self.project.places();
        let ignore = format!("{}/.gitignore", places.detached());
        if !self.root.exists(&ignore) {
            let mut changes = ChangeSet::new(self.root);
            changes.create(ignore, "*\n");
            changes.apply()?;
        }
        let name = log.path.rsplit('/').next().unwrap_or_default();
        let kept = format!("{}/{name}", places.detached());
        move_file(self.root, &log.path, &kept)?;
        log.path = kept;
        log.detached = Some(place.clone());
        Ok(())
    }
}

/// Keeps the lines of the output that begin with `::`, so that a log of any size is not held.
#[derive(Debug, Default)]
struct MarkerLines {
    line: Vec<u8>,
    number: usize,
    kept: String,
    /// The number in the output of each line that is kept.
    numbers: Vec<usize>,
    /// Whether there were more than are kept.
    more: bool,
}

impl MarkerLines {
    fn push(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = 4096usize.saturating_sub(self.line.len());
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.ends_with(b"\n") {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        self.number += 1;
        // Colours may stand before a marker, which is then told to be none.
        let may_be = self.line.starts_with(b"::") || self.line.starts_with(b"\x1b[");
        if may_be && self.kept.len() < MARKERS {
            let text = String::from_utf8_lossy(&self.line);
            self.kept.push_str(text.trim_end_matches(['\n', '\r']));
            self.kept.push('\n');
            self.numbers.push(self.number);
        }
        self.more |= may_be && self.kept.len() >= MARKERS;
        self.line.clear();
    }

    fn said(mut self) -> RunMarkers {
        if !self.line.is_empty() {
            self.end_line();
        }
        let mut markers = Markers::read(&self.kept);
        if self.more {
            // Who says so much may have said anything.
            markers.critical.push(format!(
                "more than {MARKERS} bytes of marker lines: what the others say is not known"
            ));
        }
        let place = |index: usize| match index.checked_sub(1) {
            Some(index) => {
                format!("line {}: ", self.numbers.get(index).copied().unwrap_or(index + 1))
            }
            None => String::new(),
        };
        RunMarkers {
            services: markers
                .services
                .into_iter()
                .map(|service| RanService {
                    name: service.name,
                    status: service.status.as_str().to_owned(),
                    version: service.version,
                })
                .collect(),
            critical: markers.critical,
            incidents: markers.incidents,
            metrics: markers.metrics.into_iter().collect(),
            observation: markers.observation,
            malformed: markers
                .malformed
                .into_iter()
                .map(|(index, line)| format!("{}{line}", place(index)))
                .collect(),
        }
    }
}
