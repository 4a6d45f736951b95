//! What a prerequisite file is worth at a moment (P11-1.1): looked at where it lies.

use crate::model::{Sha256Digest, Span, Stamp};
use crate::project::Project;
use crate::rules::support::predicates;

/// What a prerequisite is worth.
#[derive(Clone, Debug)]
pub struct PrerequisiteStatus {
    /// The path that counts.
    pub path: String,
    /// Digest of the file, if it is there.
    pub digest: Option<Sha256Digest>,
    /// Its date as written, and the pointer to it.
    pub dated: Option<(String, String)>,
    /// Its date.
    pub stamp: Option<Stamp>,
    /// How old it may be.
    pub max_age: Span,
    /// `met`, `missing`, `stale`, `not-met` or `invalid`.
    pub word: &'static str,
    /// Why it is not met.
    pub reason: Option<String>,
}

impl PrerequisiteStatus {
    /// Its date as written, when it can be read as one.
    pub fn readable_date(&self) -> Option<&str> {
        let text = self.dated.as_ref().map(|(_, text)| text.as_str());
        text.filter(|_| self.stamp.is_some())
    }
}

/// Looks at prerequisite `id` as of `at`; `None` when the phase has no such prerequisite.
pub fn prerequisite_status(project: &Project, id: &str, at: Stamp) -> Option<PrerequisiteStatus> {
    let def = project.phase.prerequisites.get(id)?;
    let policy = project.effective().policy.prerequisites.get(id);
    let path = project.prerequisite_paths.get(id).unwrap_or(&def.path).clone();
    let max_age = policy.and_then(|policy| policy.max_age).unwrap_or(def.max_age);
    let mut status = PrerequisiteStatus {
        path,
        digest: None,
        dated: None,
        stamp: None,
        max_age,
        word: "missing",
        reason: Some("there is no such file".to_owned()),
    };
    let Some(file) = project.present(&status.path) else { return Some(status) };
    status.digest = file.digest;
    let Some(value) = file.value() else {
        let why = file.faults.first().map(|fault| fault.message.clone());
        status.word = "invalid";
        status.reason = Some(why.unwrap_or_else(|| "it has no front matter".to_owned()));
        return Some(status);
    };
    let pointers = policy.and_then(|policy| policy.dated.as_ref()).unwrap_or(&def.dated);
    status.dated = pointers
        .iter()
        .find_map(|pointer| Some((pointer.clone(), value.pointer(pointer)?.as_str()?.to_owned())));
    status.stamp = status.dated.as_ref().and_then(|(_, text)| Stamp::parse_or_day(text).ok());
    let unmet = predicates::evaluate(&def.require, value, &status.path, project);
    (status.word, status.reason) = match (&unmet[..], status.stamp) {
        ([first, ..], _) => ("not-met", Some(first.message.clone())),
        ([], None) => ("invalid", Some("it carries no date".to_owned())),
        ([], Some(stamp)) if stamp > at => {
            ("invalid", Some("its date lies in the future".to_owned()))
        }
        ([], Some(stamp)) if stamp.plus(max_age) < at => {
            ("stale", Some(format!("it is older than {max_age}")))
        }
        ([], Some(_)) => ("met", None),
    };
    Some(status)
}
