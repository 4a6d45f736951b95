//! Running the command: output to the terminal and, without secrets, to the log.

use super::Running;
use super::markers::MarkerLines;
use super::prepare::Prepared;
use super::unrecorded::End;
use crate::cli::Failure;
use crate::cli::common::Global;
use crate::env::{Env, Watcher};
use crate::process::{How, Job, Redactor, Survivor, Watch, watch};
use crate::record::{Ended, RunLog, StillRunning};
use crate::write::{ChangeSet, PendingRun, RawFile, move_file};
use std::path::Path;
use std::time::Duration;

/// How long a command may take to stop when it is asked to.
const GRACE: Duration = Duration::from_secs(10);

/// Most of what is left running that is told one by one.
const MOST_LEFT: usize = 50;

/// Where the output of a command goes, made before it starts.
#[derive(Debug)]
pub(super) struct Log {
    path: String,
    file: RawFile,
}

impl Running<'_> {
    /// Begins the log at `now`, which will lie at `path`.
    pub(super) fn log(&self, now: &str, path: String) -> Result<Log, Failure> {
        let limit = self.project.effective().policy.run.log_limit();
        Ok(Log { file: RawFile::create(self.root, now, limit)?, path })
    }

    /// Runs the command to its end; its output is kept in `log`. What is known of it is noted in
    /// `pending` before anything else is done: nothing fails from the moment that it starts.
    pub(super) fn capture(
        &self,
        prepared: &Prepared,
        dir: &Path,
        log: Log,
        mut pending: Option<&mut PendingRun>,
        global: &Global,
        env: &mut Env<'_>,
    ) -> End {
        let Log { path, mut file } = log;
        let mut redactor = Redactor::new(&prepared.secrets);
        let mut markers = MarkerLines::default();
        let job = self.job(prepared, dir);
        let started = (env.now)();
        let echo = global.human() && !global.quiet;
        let out = &mut env.out;
        let mut keep = |bytes: &[u8]| {
            file.write(bytes);
            markers.push(bytes);
            if echo {
                // A reader that went away does not stop a deployment.
                let _ = out.write_all(bytes).and_then(|()| out.flush());
            }
        };
        let mut begun = |process: Option<_>| {
            let text = process.and_then(|process| serde_json::to_string(&process).ok());
            if let (Some(pending), Some(text)) = (&mut pending, text) {
                // Without it, its processes are known by the id that they bear.
                let _ = pending.process(&text);
            }
        };
        // Ids are of this run alone where they are random, which those of played releases are not.
        let apart = matches!(env.watcher, Watcher::IsApart(_));
        let mark = if apart { prepared.id.as_str() } else { "" };
        let mut wanted = Watch { run: mark, program: env.watcher.program(), started: &mut begun };
        let watched = watch(&job, &mut wanted, env.interrupted, &mut |bytes| {
            keep(&redactor.push(bytes));
        });
        keep(&redactor.finish());
        let (ended, exit_code, signal, left) = match watched {
            Ok(watched) => told(watched.how, watched.left),
            Err(error) => {
                let why = format!("[d3p: it could not be started: {error}]\n");
                keep(redactor.redact_text(&why).as_bytes());
                (Ended::NotStarted, None, None, Vec::new())
            }
        };
        let finished = (env.now)();
        let done = file.end();
        let log = RunLog {
            path,
            sha256: done.digest.to_string(),
            size: done.size,
            redactions: redactor.count(),
            left_out: done.left_out,
            lost: done.lost,
            detached: None,
        };
        let said = markers.said();
        let mut end = End::new((started, finished), (ended, exit_code, signal), log, said);
        end.still_running = left;
        if let Some(pending) = pending {
            end.note(pending);
        }
        // What is not durable is lost only if the machine stops now; the digest tells.
        let _ = file.finish();
        end
    }

    /// The process that is started: the hook's program, in the run's tree.
    fn job<'a>(&self, prepared: &'a Prepared, dir: &'a Path) -> Job<'a> {
        Job {
            program: &prepared.program.path,
            arg0: prepared.argv.first().map_or("", String::as_str),
            args: prepared.argv.get(1..).unwrap_or_default(),
            dir,
            env: &prepared.variables,
            stdin: &[],
            timeout: Duration::from_secs(self.hook.timeout().seconds()),
            grace: GRACE,
        }
    }

    /// Moves the log of the run `id` to where it belongs; one that is too large to where git does not
    /// see it, where that can be done.
    pub(super) fn put_log(&self, id: &str, log: &mut RunLog) -> Result<(), Failure> {
        let now = PendingRun::log_path(&self.own_name(), id);
        let policy = &self.project.effective().policy.run;
        if let (Some(limit), Some(place)) = (policy.detach_above, &policy.detached_at)
            && log.size > limit
            && let Ok(kept) = self.put_out_of_git(&now, log)
        {
            log.path = kept;
            log.detached = Some(place.clone());
            return Ok(());
        }
        // It lies there when the run could not be recorded before.
        if self.root.exists(&now) || !self.root.exists(&log.path) {
            move_file(self.root, &now, &log.path)?;
        }
        Ok(())
    }

    fn put_out_of_git(&self, now: &str, log: &RunLog) -> Result<String, Failure> {
        let places = self.project.places();
        let ignore = format!("{}/.gitignore", places.detached());
        if !self.root.exists(&ignore) {
            let mut changes = ChangeSet::new(self.root);
            changes.create(ignore, "*\n");
            changes.apply()?;
        }
        let name = log.path.rsplit('/').next().unwrap_or_default();
        let kept = format!("{}/{name}", places.detached());
        if self.root.exists(now) || !self.root.exists(&kept) {
            move_file(self.root, now, &kept)?;
        }
        Ok(kept)
    }
}

/// How it ended and what it left, as the record has it.
fn told(how: How, left: Vec<Survivor>) -> (Ended, Option<i32>, Option<i32>, Vec<StillRunning>) {
    let (ended, exit_code, signal) = match how {
        How::Exited(code) => (Ended::Exited, Some(code), None),
        How::Signalled(signal) => (Ended::Signalled, None, Some(signal)),
        How::TimedOut => (Ended::TimedOut, None, None),
        How::Interrupted => (Ended::Interrupted, None, None),
    };
    let left = left.into_iter().take(MOST_LEFT);
    let left = left.map(|process| StillRunning { name: process.name, pid: process.pid });
    (ended, exit_code, signal, left.collect())
}
