//! What a phase announces, in the protocol's exact words (P11-C1, P11-C2, P11-C3).

use crate::definition::Phase;

/// One announcement of the phase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Announcement<'a> {
    /// What people call it: `phase 2 start`, `approval request`, the id of a step.
    pub name: String,
    /// The protocol's words.
    pub text: &'a str,
    /// What they claim.
    pub claim: Claim<'a>,
}

/// What must hold for an announcement to be true.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claim<'a> {
    /// Nothing that d3p could know.
    Nothing,
    /// The step may be taken.
    Step(&'a str),
    /// The gate is passed.
    Gate(&'a str),
}

/// Openings that many announcements share, so that they name none.
const COMMON: [&str; 2] = ["error", "alert"];

impl Phase {
    /// Everything that is announced, each text once, in the order of the protocol.
    pub fn announcements(&self) -> Vec<Announcement<'_>> {
        let mut all = Vec::new();
        let mut add = |owner: &str, text, claim| {
            let name = tag(text).filter(|tag| !COMMON.contains(&tag.as_str()));
            let name = name.unwrap_or_else(|| owner.to_owned());
            all.push(Announcement { name, text, claim });
        };
        for (kind, def) in &self.evidence {
            if let Some(text) = &def.announce {
                add(kind, text, Claim::Nothing);
            }
        }
        for (id, step) in &self.steps {
            if let Some(text) = &step.announce {
                add(id, text, Claim::Step(id));
            }
        }
        for (id, gate) in &self.gates {
            add(id, &gate.complete, Claim::Gate(id));
        }
        for (id, prompt) in &self.prompts {
            add(id, &prompt.text, prompt.after.as_deref().map_or(Claim::Nothing, Claim::Gate));
        }
        for gate in self.gates.values() {
            add(&gate.failure.error, &gate.failure.message, Claim::Nothing);
        }
        let last = self.gates.iter().max_by_key(|(_, gate)| gate.number);
        if let Some((id, _)) = last {
            add(id, &self.completion.message, Claim::Gate(id));
        }
        let mut seen = Vec::new();
        all.retain(|announcement| {
            let new = !seen.contains(&announcement.text);
            seen.push(announcement.text);
            new
        });
        all
    }

    /// The announcement that somebody means: by its name in any case, or by its exact words.
    pub fn announcement(&self, meant: &str) -> Option<Announcement<'_>> {
        let name = meant.trim().trim_start_matches('[').trim_end_matches(']');
        self.announcements().into_iter().find(|announcement| {
            announcement.name.eq_ignore_ascii_case(name) || announcement.text == meant.trim()
        })
    }

    /// Whether an entry of a log is the tool's own and not a person's words.
    pub fn is_announcement(&self, payload: &str) -> bool {
        let own = |announcement: Announcement<'_>| announcement.text == payload;
        payload.starts_with('[') || self.announcements().into_iter().any(own)
    }

    /// What is announced when evidence of this kind is first made: its own words, those of the
    /// step that a log belongs to, and those of what people wrote by hand before it.
    pub fn announced_by(&self, kind: &str) -> Vec<&str> {
        let Some(def) = self.evidence.get(kind) else { return Vec::new() };
        let by_hand = |kind: &&String| {
            self.evidence.get(*kind).is_some_and(|def| def.template.is_some() && !def.computed)
        };
        let before = def.after.iter().filter(by_hand).filter_map(|kind| {
            self.evidence.get(kind).and_then(|before| before.announce.as_deref())
        });
        let log = def.format == crate::definition::EvidenceFormat::AppendOnly;
        let step = self.step_producing(kind).filter(|_| log);
        let step = step.and_then(|(_, step)| step.announce.as_deref());
        def.announce.as_deref().into_iter().chain(step).chain(before).collect()
    }
}

/// The words in the brackets that a text opens with, in lower case.
fn tag(text: &str) -> Option<String> {
    let (tag, _) = text.strip_prefix('[')?.split_once(']')?;
    Some(tag.to_lowercase())
}
