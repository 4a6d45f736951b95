//! What a prerequisite file is worth at a moment (P11-1.1): looked at where it lies, and judged by
//! what it says itself.

mod boxes;
mod content;
mod members;
mod names;
mod numbers;
mod origin;
mod prose;
mod reading;
mod services;

use crate::definition::Silence;
use crate::model::{Sha256Digest, Span, Stamp};
use crate::project::Project;
pub(crate) use content::{Objection, Weight};
use serde_json::Value;

/// What a prerequisite is worth.
#[derive(Clone, Debug)]
pub struct PrerequisiteStatus {
    /// The path that counts.
    pub path: String,
    /// Digest of the file, if it is there.
    pub digest: Option<Sha256Digest>,
    /// Its date as written, and the pointer to it.
    pub dated: Option<(String, String)>,
    /// Its date; of a day the first second in UTC, which makes the file oldest.
    pub stamp: Option<Stamp>,
    /// How old it may be.
    pub max_age: Span,
    /// `met`, `review`, `missing`, `stale`, `not-met` or `invalid`.
    pub word: &'static str,
    /// Why it is not met.
    pub reason: Option<String>,
    /// What it says that it must not, and what it leaves unsaid.
    pub(crate) objections: Vec<Objection>,
}

impl PrerequisiteStatus {
    /// Its date as written, when it can be read as one.
    pub fn readable_date(&self) -> Option<&str> {
        let text = self.dated.as_ref().map(|(_, text)| text.as_str());
        text.filter(|_| self.stamp.is_some())
    }

    /// Whether its date lies after `at`, though clocks may disagree by `skew` and a day begins in
    /// the east.
    pub(crate) fn is_ahead(&self, at: Stamp, skew: Span) -> bool {
        let begins = self.readable_date().and_then(|text| Stamp::begins(text).ok());
        begins.is_some_and(|begins| begins > at.plus(skew))
    }

    /// Whether it satisfies the gate, or waits for a person only.
    pub fn is_usable(&self) -> bool {
        matches!(self.word, "met" | "review")
    }
}

/// Looks at prerequisite `id` as of `at`; `None` when the phase has no such prerequisite.
pub fn prerequisite_status(project: &Project, id: &str, at: Stamp) -> Option<PrerequisiteStatus> {
    let def = project.phase.prerequisites.get(id)?;
    let policy = &project.effective().policy;
    let own = policy.prerequisites.get(id);
    let path = project.prerequisite_paths.get(id).unwrap_or(&def.path).clone();
    let max_age = own.and_then(|own| own.max_age).unwrap_or(def.max_age);
    let mut status = PrerequisiteStatus {
        path,
        digest: None,
        dated: None,
        stamp: None,
        max_age,
        word: "missing",
        reason: Some("there is no such file".to_owned()),
        objections: Vec::new(),
    };
    let Some(file) = project.present(&status.path) else { return Some(status) };
    status.digest = file.digest;
    let Some(value) = file.value() else {
        let why = file.faults.first().map(|fault| fault.message.clone());
        status.word = "invalid";
        status.reason = Some(why.unwrap_or_else(|| "it has no front matter".to_owned()));
        return Some(status);
    };
    let pointers = own.and_then(|own| own.dated.as_ref()).unwrap_or(&def.dated);
    status.dated = first_text(value, pointers);
    status.stamp = status.dated.as_ref().and_then(|(_, text)| Stamp::parse_or_day(text).ok());
    status.objections = content::objections(project, id, def, file, (value, at));
    let not_met = status.objections.iter().find(|own| own.weight == Weight::NotMet);
    let doubt = status.objections.iter().find(|own| own.weight == Weight::Doubt);
    let said = |objection: &Objection| Some(objection.message.clone());
    let ahead = status.is_ahead(at, policy.skew);
    (status.word, status.reason) = match (not_met, status.stamp) {
        (Some(objection), _) => ("not-met", said(objection)),
        (None, None) => ("invalid", Some("it carries no date".to_owned())),
        (None, Some(_)) if ahead => ("invalid", Some("its date lies in the future".to_owned())),
        (None, Some(stamp)) if stamp.plus(max_age) < at => {
            ("stale", Some(format!("it is older than {max_age}")))
        }
        (None, Some(_)) => match doubt {
            Some(objection) => ("review", said(objection)),
            None => ("met", None),
        },
    };
    Some(status)
}

/// The first text at one of `pointers`, and where it stands.
fn first_text(value: &Value, pointers: &[String]) -> Option<(String, String)> {
    pointers
        .iter()
        .find_map(|pointer| Some((pointer.clone(), value.pointer(pointer)?.as_str()?.to_owned())))
}

impl From<Silence> for Weight {
    fn from(silence: Silence) -> Self {
        match silence {
            Silence::Review => Self::Doubt,
            Silence::Shown => Self::Shown,
        }
    }
}
