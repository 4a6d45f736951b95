//! What taking a launch back came to: each service beside what has to answer (DLC-3, DLC-6, OPS-4f).

use crate::definition::RollbackWay;
use crate::derive::{Derived, Facts, deployment};
use crate::model::{Stamp, same_version};
use crate::project::{Evidence, Project};
use crate::record::Run;
use serde_json::{Value, json};

/// What has to answer once a launch is taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Return {
    /// The release before, by its version.
    To(String),
    /// Nothing of it any more: nobody else is given the service.
    Halted,
    /// Anything but this version: the manifest names no release before it.
    Away(String),
}

impl Return {
    /// For people: what has to answer.
    pub fn words(&self) -> String {
        match self {
            Self::To(version) => format!("healthy at {version}"),
            Self::Halted => "halted".to_owned(),
            Self::Away(version) => {
                format!("halted, or healthy at another version than {version}")
            }
        }
    }
}

/// What has to answer once the launch of this release is taken back, as manifest and policy say. The
/// first release has none before it: then it is enough that nobody is given it any more.
pub fn goal(project: &Project) -> Return {
    match (project.effective().policy.rollback, project.previous_release()) {
        (RollbackWay::Halt, _) => Return::Halted,
        (RollbackWay::Return, Some(version)) => Return::To(version.to_owned()),
        (RollbackWay::Return, None) => {
            Return::Away(project.release().map(|release| release.version).unwrap_or_default())
        }
    }
}

pub(super) fn derive(project: &Project, facts: &Facts<'_>) -> Derived {
    let mut derived = Derived::default();
    if facts.runs.is_empty() {
        return derived;
    }
    let goal = goal(project);
    let mut put = |key: &str, value: Value| derived.members.insert(key.to_owned(), value);
    put("commands", deployment::commands(facts));
    put("services", deployment::services(project, facts));
    if let Return::To(version) = &goal {
        put("returns_to", json!(version));
    }
    put("duration_seconds", json!(seconds(facts.runs.iter().map(|(_, run)| run))));
    derived
}

/// From the first beginning to the last end, in whole seconds, rounded up.
pub(super) fn seconds<'a>(runs: impl Iterator<Item = &'a Run> + Clone) -> u64 {
    let at = |text: &str| Stamp::parse(text).ok();
    let first = runs.clone().filter_map(|run| at(&run.started_at)).min();
    let last = runs.filter_map(|run| at(&run.finished_at)).max();
    let millis = first.zip(last).map_or(0, |(first, last)| last.millis_since(first));
    u64::try_from(millis).unwrap_or(0).div_ceil(1000)
}

/// What became of each service, as evidence of a rollback says it: its place in the list, its name, and
/// why it is not as it has to be; `None` where it is.
pub fn returns(project: &Project, evidence: &Evidence<'_>) -> Vec<(usize, String, Option<String>)> {
    let goal = goal(project);
    let release = project.release();
    let list = evidence.value().and_then(|value| value.get("services")?.as_array());
    let each = list.into_iter().flatten().enumerate().map(|(index, service)| {
        let text = |key: &str| service.get(key).and_then(Value::as_str);
        let (name, status) = (text("name").unwrap_or("a service"), text("status").unwrap_or("-"));
        let own = release.as_ref().and_then(|release| release.previous_versions.get(name));
        let is = match &goal {
            Return::To(wanted) => {
                status == "healthy" && text("version") == Some(own.unwrap_or(wanted))
            }
            Return::Halted => status == "halted",
            Return::Away(own) => {
                let other = text("version").is_some_and(|version| !same_version(version, own));
                status == "halted" || status == "healthy" && other
            }
        };
        let told = match text("version") {
            Some(version) => format!("is {status} at {version}"),
            None => format!("is {status}, and told no version"),
        };
        let wanted = match (&goal, own) {
            (Return::To(_), Some(own)) => Return::To(own.clone()).words(),
            _ => goal.words(),
        };
        let why = (!is).then(|| format!("{told}, and has to be {wanted}"));
        (index, name.to_owned(), why)
    });
    each.collect()
}
