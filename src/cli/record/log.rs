//! Adds an entry to an append-only log.

use super::body::Given;
use super::{Done, Recording};
use crate::cli::common::{Global, ledger_entry, open_release};
use crate::cli::session::Session;
use crate::cli::{Failure, notify};
use crate::collect::log_payload;
use crate::definition::Obligation;
use crate::env::{Env, Exit};
use crate::markdown::entries::format_entry;
use crate::markdown::placeholder;
use crate::model::{Advice, Sha256Digest, Stamp};
use crate::record::{EntryKind, FileDigest};
use crate::render::{clean, json};
use crate::write::ChangeSet;
use serde_json::Value;
use std::ops::Range;

/// Adds `text` to the log of this kind, and passes it on.
pub(in crate::cli) fn append_text(
    session: &mut Session,
    kind: &str,
    text: &str,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let release = open_release(&session.project)?;
    let Some(def) = session.project.phase.evidence.get(kind) else { return Ok(Exit::Passed) };
    let recording = Recording { session, release: &release, kind, def };
    let body = serde_json::Map::from_iter([("text".to_owned(), Value::from(text))]);
    let done = recording.append(Some(Ok(body)), global, env)?;
    // Whoever announces wants to know whether anybody heard it.
    let heard = notify::pass_on(session, &done.said, env)?;
    Ok(if heard { done.exit } else { Exit::Refused })
}

impl Recording<'_> {
    /// Adds a line to the log. The ledger names it, so that it cannot be edited or removed unseen
    /// before a gate binds the log; and `run`, where a run measured it.
    pub(super) fn add_entry(
        &self,
        line: &str,
        run: Option<&str>,
        at: Stamp,
        changes: &mut ChangeSet,
        env: &Env<'_>,
    ) {
        let mut entry = ledger_entry(self.project(), EntryKind::Recorded, self.release, at, env);
        let sha256 = Sha256Digest::of(line.as_bytes()).to_string();
        entry.digests = vec![FileDigest { path: self.def.path.clone(), sha256 }];
        entry.run = run.map(str::to_owned);
        changes.append_line(self.def.path.as_str(), line);
        changes.append_line(self.session.project.places().ledger(), entry.to_line());
    }

    /// Adds an entry to an append-only log.
    pub(super) fn append(
        &self,
        given: Option<Given>,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Done, Failure> {
        let Some(given) = given else {
            return Err(Failure::usage(format!("{} needs a body: --from FILE", self.kind)).advise(
                Advice::d3p(["record", self.kind, "--example"]).what("see what a body looks like"),
            ));
        };
        if self.project().present(&self.def.path).is_none() {
            return Err(Failure::refused(format!("{} does not exist", self.def.path))
                .advise(Advice::d3p(["init"])));
        }
        let body = Value::Object(given?);
        let payload = log_payload(self.def, &body).map_err(|faults| {
            let mut failure =
                Failure::refused(format!("the body does not fit a {} entry", self.kind));
            for fault in faults {
                failure = failure.note(format!("{}: {}", fault.pointer, fault.message));
            }
            failure.advise(Advice::d3p(["record", self.kind, "--example"]))
        })?;
        let left = |range: &Range<usize>| !placeholder::is_doubtful(&payload, range);
        if let Some(range) = placeholder::find_all(&payload).find(left) {
            return Err(Failure::refused(format!(
                "a placeholder was left in: {}",
                &payload[range]
            )));
        }
        let now = (env.now)();
        let line = format_entry(now, &env.random_hex(8), &payload);
        let mut changes = ChangeSet::new(self.session.root());
        self.add_entry(&line, None, now, &mut changes, env);
        let mut said = self.announce(&mut changes, now, env);
        self.session.apply(changes)?;
        // Words for people are passed on like announcements; measured values are not.
        if self.def.obligation == Obligation::Guideline {
            said.push(payload.clone());
        }
        if global.human() {
            writeln!(env.out, "{}\nrecorded in {}", clean(&line), self.def.path)?;
        } else {
            let view =
                serde_json::json!({ "recorded": self.def.path, "kind": self.kind, "entry": line });
            env.out.write_all(json::pretty(&view).as_bytes())?;
        }
        Ok(Done { exit: Exit::Passed, written: true, said })
    }
}
