//! Adds an entry to an append-only log.

use super::Recording;
use super::body::Given;
use crate::cli::Failure;
use crate::cli::common::{Global, ledger_entry};
use crate::collect::log_payload;
use crate::env::{Env, Exit};
use crate::markdown::entries::format_entry;
use crate::model::Sha256Digest;
use crate::record::{EntryKind, FileDigest, LEDGER_PATH};
use crate::render::{clean, json};
use crate::write::ChangeSet;
use serde_json::Value;

impl Recording<'_> {
    /// Adds an entry to an append-only log.
    pub(super) fn append(
        &self,
        given: Option<Given>,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        let Some(given) = given else {
            return Err(Failure::incomplete(format!("{} needs a body: --from FILE", self.kind))
                .help(format!("d3p record {} --example > .d3p/body.json", self.kind)));
        };
        if self.project.present(&self.def.path).is_none() {
            return Err(
                Failure::refused(format!("{} does not exist", self.def.path)).help("d3p init")
            );
        }
        let body = Value::Object(given?);
        let payload = log_payload(self.def, &body).map_err(|faults| {
            let mut failure =
                Failure::refused(format!("the body does not fit a {} entry", self.kind));
            for fault in faults {
                failure = failure.help(format!("{}: {}", fault.pointer, fault.message));
            }
            failure.help(format!("d3p record {} --example", self.kind))
        })?;
        if let Some(range) = crate::markdown::placeholder::find(&payload) {
            return Err(Failure::refused(format!(
                "a placeholder was left in: {}",
                &payload[range]
            )));
        }
        let line = format_entry((env.now)(), &env.random_hex(8), &payload);
        // The ledger names the entry, so that it cannot be edited or removed unseen before a gate
        // binds the log.
        let now = (env.now)();
        let mut entry = ledger_entry(self.project, EntryKind::Recorded, self.release, now, env);
        let sha256 = Sha256Digest::of(line.as_bytes()).to_string();
        entry.digests = vec![FileDigest { path: self.def.path.clone(), sha256 }];
        let mut changes = ChangeSet::new(self.root);
        changes.append_line(self.def.path.as_str(), line.as_str());
        changes.append_line(LEDGER_PATH, entry.to_line());
        self.apply(changes)?;
        if global.human() {
            writeln!(env.out, "{}\nrecorded in {}", clean(&line), self.def.path)?;
        } else {
            let view =
                serde_json::json!({ "recorded": self.def.path, "kind": self.kind, "entry": line });
            env.out.write_all(json::pretty(&view).as_bytes())?;
        }
        Ok(Exit::Passed)
    }
}
