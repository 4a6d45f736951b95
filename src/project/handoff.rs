//! What a release hands over, and who took it (P11-5, P11-H).

use crate::definition::{ConsumerDef, EvidenceFormat};
use crate::project::{Project, step_hooks};
use crate::record::{EntryKind, Handoff};
use std::collections::BTreeSet;

impl Project {
    /// The files that a consumer is given and that lie there, sorted.
    pub fn given_to(&self, def: &ConsumerDef) -> BTreeSet<String> {
        let evidence = def.evidence.iter().filter_map(|kind| self.phase.evidence.get(kind));
        let documents = def.documents.iter().filter_map(|id| self.phase.documents.get(id));
        let paths = evidence.map(|def| &def.path).chain(documents.map(|def| &def.path));
        let mut out: BTreeSet<String> =
            paths.filter(|path| self.present(path).is_some()).cloned().collect();
        let hooks: BTreeSet<&str> = def
            .runs
            .iter()
            .flat_map(|step| step_hooks(self, step).into_iter().map(|(name, _)| name))
            .collect();
        for (path, run) in self.runs() {
            if hooks.contains(run.hook.as_str()) {
                out.insert(path.to_owned());
                out.extend(Some(run.log.path.clone()).filter(|_| run.log.detached.is_none()));
            }
        }
        out
    }

    /// Who took what a consumer is given, as it lies there now; what was only added to a log since does
    /// not count as another.
    pub fn taken(&self, consumer: &str) -> Option<&Handoff> {
        let name = self.release()?.name();
        let lines = self.ledger.lines.iter().rev().map(|line| &line.entry);
        let own = lines.filter(|own| own.kind == EntryKind::HandedOver && own.release == name);
        let mut own =
            own.filter(|own| own.handoff.as_ref().is_some_and(|to| to.consumer == consumer));
        let last = own.next()?;
        let grows = |path: &str| {
            let mut logs = self.phase.evidence.values();
            logs.any(|def| def.path == path && def.format == EvidenceFormat::AppendOnly)
        };
        let as_it_was = last.digests.iter().all(|file| {
            let now = self.digest_of(&file.path);
            grows(&file.path) && now.is_some()
                || now.is_some_and(|now| now.to_string() == file.sha256)
        });
        last.handoff.as_ref().filter(|_| as_it_was)
    }
}
