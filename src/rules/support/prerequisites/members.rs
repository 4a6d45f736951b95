//! What the members of a prerequisite file say that nobody asked about: flags, words and counts that
//! are no good news, and names of another release. What each name means stands in tables.

use super::content::Weight;
use super::names::{COMMITS, Kind, NOT_DONE, RELEASES, fold, is_of_another, is_said, kind_of};
use super::reading::{environment, is_commit};
use crate::definition::{Counts, PrerequisiteDef};
use crate::model::{Quantity, Span, Stamp, StatedOutcome, same_version};
use crate::project::{Project, Release};
use crate::rules::support::values::show;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Objects in which such a name is that of the file; the file itself has no name.
const HOLDERS: [&str; 10] =
    ["", "build", "app", "application", "source", "git", "vcs", "metadata", "subject", "target"];

/// How deep objects are looked into.
const DEEPEST: usize = 4;

/// One thing that a member says: how much it weighs, where, and in which words.
pub(super) type Said = (Weight, String, String);

/// Everything that the members of a file say against it.
pub(super) fn members(
    project: &Project,
    id: &str,
    def: &PrerequisiteDef,
    value: &Value,
    at: Stamp,
) -> Vec<Said> {
    let own = project.effective().policy.prerequisites.get(id);
    let parts = def.parts.iter().filter_map(|own| Some(own.split_once("/*")?.0));
    let lists = def.counts.iter().filter_map(|own| own.each.as_deref());
    let mut walk = Walk {
        project,
        at,
        asked: asked(def).collect(),
        parts: parts.chain(lists).collect(),
        declared: own.is_some_and(|own| own.release.is_some() || own.commit.is_some()),
        out: Vec::new(),
    };
    if let Some(own) = value.as_object() {
        walk.object(own, "", "", 0);
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let stamp = |key: &str| text(key).and_then(|own| Stamp::parse(own).ok());
    if let (Some(began), Some(ended)) = (stamp("started_at"), stamp("finished_at"))
        && began > ended
    {
        let message = format!("it ended {ended}, before it began {began}");
        walk.out.push((Weight::NotMet, "/finished_at".to_owned(), message));
    }
    // Where no environment is asked for, one that is nobody's still shows little.
    // A decision is one about production.
    let decides = def.prose.as_ref().is_some_and(|own| !own.opposes.is_empty());
    let elsewhere = text("environment").filter(|own| match environment(own) {
        Some("other") => true,
        Some("staging") => decides,
        _ => false,
    });
    if let (None, Some(own)) = (&def.environment, elsewhere) {
        let message = format!("it was done in \"{own}\", where no release serves");
        walk.out.push((Weight::Doubt, "/environment".to_owned(), message));
    }
    walk.out
}

struct Walk<'a> {
    project: &'a Project,
    at: Stamp,
    /// Places that are judged elsewhere.
    asked: BTreeSet<&'a str>,
    /// Lists whose entries are parts of what was done.
    parts: BTreeSet<&'a str>,
    /// Whether the policy says where release and commit stand: then nothing else is either.
    declared: bool,
    out: Vec<Said>,
}

impl Walk<'_> {
    fn object(&mut self, own: &Map<String, Value>, at: &str, holder: &str, depth: usize) {
        for (name, found) in own {
            let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            let folded = fold(name);
            if self.asked.contains(pointer.as_str()) || is_of_another(&folded) {
                continue;
            }
            self.identity(&folded, holder, found, &pointer, name);
            self.outcome(&folded, found, &pointer, name);
            self.named_parts(&folded, found, &pointer);
            match found {
                Value::Object(inner) if depth < DEEPEST => {
                    self.object(inner, &pointer, &folded, depth + 1);
                }
                Value::Array(items) if depth < DEEPEST => self.list(items, &pointer, depth),
                _ => {}
            }
        }
        if let Some(why) = short_of_target(own, holder) {
            self.out.push((Weight::NotMet, at.to_owned(), why));
        }
    }

    /// Entries of a list that is no list of parts tell of many things: they raise a doubt at most.
    fn list(&mut self, items: &[Value], pointer: &str, depth: usize) {
        let parts = self.parts.contains(pointer);
        for (index, item) in items.iter().enumerate() {
            let Some(own) = item.as_object() else { continue };
            let before = self.out.len();
            self.object(own, &format!("{pointer}/{index}"), "[]", depth + 1);
            if !parts {
                for (weight, ..) in &mut self.out[before..] {
                    *weight = if *weight == Weight::NotMet { Weight::Doubt } else { *weight };
                }
            }
        }
    }

    /// What an object says part by part: `checks: { web: passed, api: red }`.
    fn named_parts(&mut self, folded: &str, found: &Value, pointer: &str) {
        const PARTS: [&str; 9] = [
            "checks",
            "results",
            "steps",
            "gates",
            "scenarios",
            "suites",
            "criteria",
            "tests",
            "conditions",
        ];
        let own = found.as_object().filter(|_| PARTS.contains(&folded));
        for (name, word) in own.into_iter().flatten() {
            let weight = match word.as_str().and_then(StatedOutcome::read) {
                Some(StatedOutcome::Failed) => Weight::NotMet,
                Some(StatedOutcome::Open) => Weight::Doubt,
                _ => continue,
            };
            let at = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            self.out.push((weight, at, format!("`{name}` is {}", show(word))));
        }
    }

    fn outcome(&mut self, folded: &str, found: &Value, pointer: &str, name: &str) {
        let Some(kind) = kind_of(folded) else { return };
        // `exit_status: success` is none, and `sample` is often what was measured.
        let word = found.as_str().and_then(StatedOutcome::read);
        let measured = folded.ends_with("sample") && !found.is_boolean();
        if matches!(kind, Kind::Bad | Kind::Doubt)
            && (word == Some(StatedOutcome::Passed) || measured)
        {
            return;
        }
        let weight = match kind {
            Kind::Ending => match (found, found.as_str().map(StatedOutcome::read)) {
                (Value::Bool(false), _) => Weight::NotMet,
                (_, Some(Some(StatedOutcome::Failed | StatedOutcome::Open))) => Weight::NotMet,
                // Where nobody asked, only the file's own words have to be known.
                (_, Some(None)) if pointer.matches('/').count() == 1 => Weight::Doubt,
                _ => return,
            },
            Kind::Good => {
                let no = found.as_str().and_then(StatedOutcome::read);
                match found {
                    Value::Bool(false) => Weight::NotMet,
                    _ if no == Some(StatedOutcome::Failed) => Weight::NotMet,
                    _ => return,
                }
            }
            Kind::Advice => match found.as_str().and_then(StatedOutcome::read) {
                Some(StatedOutcome::Failed) => Weight::NotMet,
                Some(StatedOutcome::Open) => Weight::Doubt,
                _ => return,
            },
            // What is near to all may well be all that was wanted.
            Kind::Share => match share(found) {
                Some(own) if own < LEAST_SHARE => Weight::Doubt,
                _ => return,
            },
            Kind::Bad if is_said(found) => Weight::NotMet,
            Kind::Doubt if is_said(found) => Weight::Doubt,
            Kind::Known if is_said(found) => Weight::Shown,
            Kind::Manner => {
                let Some(text) = found.as_str() else { return };
                let plain = fold(text).replace('_', " ");
                if !NOT_DONE.contains(&plain.as_str()) {
                    return;
                }
                Weight::NotMet
            }
            Kind::Until => match found.as_str().map(Stamp::parse_or_day) {
                Some(Ok(until)) if until < self.at => Weight::NotMet,
                _ => return,
            },
            _ => return,
        };
        let message = format!("`{name}` is {}, whatever else it says", show(found));
        self.out.push((weight, pointer.to_owned(), message));
    }

    /// A member that names whose it is, and names another.
    fn identity(&mut self, folded: &str, holder: &str, found: &Value, at: &str, name: &str) {
        let Some(release) = self.project.release().filter(|_| HOLDERS.contains(&holder)) else {
            return;
        };
        let text = found.as_str().unwrap_or_default();
        let other = |own: &str| format!("`{name}` is {}, this release is {own}", show(found));
        let said = match folded {
            _ if self.declared => None,
            own if RELEASES.contains(&own) => (!text.is_empty()
                && !same_version(text, &release.version))
            .then(|| (Weight::NotMet, other(&release.version))),
            own if COMMITS.contains(&own) => (is_commit(text)
                && !release.commit.to_lowercase().starts_with(&text.to_lowercase()))
            .then(|| (Weight::NotMet, other(&release.commit))),
            // It may be the version of the format or of a tool.
            "version" => (text.contains('.') && !same_version(text, &release.version))
                .then(|| (Weight::Doubt, other(&release.version))),
            // It may be a try of the tool's own.
            "attempt" => found
                .as_u64()
                .filter(|own| *own != release.attempt)
                .map(|_| (Weight::Doubt, other(&format!("attempt {}", release.attempt)))),
            "artifact" | "digest" | "image" => foreign_artifact(&release, text)
                .map(|text| (Weight::Doubt, format!("`{name}` is {text}, no artifact of it"))),
            "services" => self.foreign_services(found).map(|named| {
                (Weight::NotMet, format!("`{name}` is {named}, and none of them is released"))
            }),
            _ => None,
        };
        self.out.extend(said.map(|(weight, message)| (weight, at.to_owned(), message)));
    }

    /// The services that a list names, where none of them is one of the release.
    fn foreign_services(&self, found: &Value) -> Option<String> {
        let own = &self.project.effective().policy.services;
        let name =
            |item: &Value| item.as_str().or_else(|| item.get("name")?.as_str()).map(str::to_owned);
        let named: Vec<String> = found.as_array()?.iter().filter_map(name).collect();
        let foreign =
            !named.is_empty() && !named.iter().any(|name| own.iter().any(|own| own == name));
        foreign.then(|| named.join(", "))
    }
}

/// A digest that is of none of the release's artifacts.
fn foreign_artifact<'a>(release: &Release, text: &'a str) -> Option<&'a str> {
    let (_, digest) = text.rsplit_once("sha256:")?;
    let mut known = release.artifacts.iter().map(|(_, own)| own.trim_start_matches("sha256:"));
    (!known.any(|own| own == digest)).then_some(text)
}

/// What is the better the more it is, and what the less.
const MORE: [&str; 11] = [
    "coverage",
    "availability",
    "uptime",
    "success",
    "pass",
    "score",
    "throughput",
    "slo",
    "soak",
    "window",
    "retention",
];
const LESS: [&str; 12] = [
    "latency",
    "time",
    "duration",
    "seconds",
    "ms",
    "error",
    "errors",
    "loss",
    "regression",
    "p99",
    "p95",
    "cpu",
];

/// Below this share of what passed somebody has to look, in percent.
const LEAST_SHARE: f64 = 95.0;

/// A share in percent: `"12%"`, `0.12`, `12`.
fn share(found: &Value) -> Option<f64> {
    match found {
        Value::String(text) => {
            let own = Quantity::parse(text).filter(|own| own.unit.is_share())?;
            Some(own.value * own.unit.scale())
        }
        _ => found.as_f64().map(|own| if own <= 1.0 { own * 100.0 } else { own }),
    }
}

/// What is measured against, and whether it is the most that may be.
const WANTED: [(&str, bool); 8] = [
    ("target", false),
    ("required", false),
    ("threshold", false),
    ("objective", false),
    ("limit", true),
    ("max", true),
    ("maximum", true),
    ("budget", true),
];

/// Words of a name that do not say what is measured.
const PLAIN: [&str; 7] = ["actual", "measured", "observed", "value", "current", "time", "took"];

/// Why an object that measures against a target misses it: `{ target: 90, actual: 1 }`, or
/// `latency_p99_ms` beside `latency_p99_limit_ms`.
fn short_of_target(own: &Map<String, Value>, holder: &str) -> Option<String> {
    own.iter().find_map(|(wanted, target)| {
        let folded = fold(wanted);
        let (word, most) =
            WANTED.into_iter().find(|(word, _)| folded.split('_').any(|own| own == *word))?;
        let (name, found) = own.iter().find(|(name, found)| {
            let other = fold(name);
            *name != wanted
                && about(&other, "") == about(&folded, word)
                && pair(found, target).is_some()
        })?;
        let (actual, target_is) = pair(found, target)?;
        let about = format!("{holder}_{}_{folded}", fold(name));
        let says = |words: &[&str]| about.split('_').any(|word| words.contains(&word));
        let length = found.as_str().is_some_and(|text| Span::parse(text).is_ok());
        let less = most || says(&LESS) || length;
        let misses = match says(&MORE) && !most {
            true => actual < target_is,
            false => less && actual > target_is,
        };
        misses.then(|| format!("`{name}` is {}, and `{wanted}` is {}", show(found), show(target)))
    })
}

/// The words of a name that say what is measured.
fn about<'a>(folded: &'a str, without: &str) -> Vec<&'a str> {
    folded.split('_').filter(|own| *own != without && !PLAIN.contains(own)).collect()
}

/// Two numbers that can be compared: both bare, or both with units of one kind.
fn pair(found: &Value, target: &Value) -> Option<(f64, f64)> {
    if let (Some(found), Some(target)) = (found.as_f64(), target.as_f64()) {
        return Some((found, target));
    }
    let (found, target) = (found.as_str()?, target.as_str()?);
    if let (Ok(found), Ok(target)) = (Span::parse(found), Span::parse(target)) {
        return Some((found.seconds() as f64, target.seconds() as f64));
    }
    let (found, target) = (Quantity::parse(found)?, Quantity::parse(target)?);
    Some((found.of(target)?, target.value))
}

/// Every place that is judged already.
fn asked(def: &PrerequisiteDef) -> impl Iterator<Item = &str> {
    let targets = def
        .targets
        .iter()
        .flat_map(|own| own.met.iter().chain([&own.actual, &own.at_most]).map(String::as_str));
    let counts = def.counts.iter().filter(|own| own.each.is_none()).flat_map(pointers);
    def.outcome.iter().map(String::as_str).chain(targets).chain(counts)
}

fn pointers(counts: &Counts) -> impl Iterator<Item = &str> {
    let own = [&counts.total, &counts.executed, &counts.passed, &counts.skipped];
    own.into_iter().flatten().chain(&counts.failed).map(String::as_str)
}
