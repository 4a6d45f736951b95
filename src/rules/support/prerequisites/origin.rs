//! Whose a prerequisite file is: of which release, commit and environment, and handed over by whom.

use super::content::{Look, Weight};
use super::first_text;
use super::reading::{environment, has_commit, is_commit};
use crate::definition::{LookedAt, PrerequisiteDef};
use crate::model::{Location, names_version, same_version};
use crate::project::{FileEntry, Project};
use crate::rules::support::values::last;
use serde_json::Value;

impl Look<'_> {
    /// Whose it is: another release or commit is none of this one's.
    pub(super) fn names(&mut self, project: &Project, id: &str, def: &PrerequisiteDef) {
        let Some(release) = project.release() else { return };
        let own = project.effective().policy.prerequisites.get(id);
        let releases = own.and_then(|own| own.release.as_ref()).unwrap_or(&def.release);
        let commits = own.and_then(|own| own.commit.as_ref()).unwrap_or(&def.commit);
        let mut named = false;
        if let Some((pointer, text)) = first_text(self.value, releases) {
            named = true;
            if !same_version(&text, &release.version) {
                let message = format!(
                    "`{}` is \"{text}\", this release is {}",
                    last(&pointer),
                    release.version
                );
                self.at(Weight::NotMet, &pointer, message);
            }
        }
        let commit = first_text(self.value, commits);
        if let Some((pointer, text)) = commit.filter(|(_, text)| is_commit(text)) {
            named = true;
            let (text, own) = (text.to_lowercase(), release.commit.to_lowercase());
            if !own.starts_with(&text) {
                let message = format!("`{}` is {text}, this release is {own}", last(&pointer));
                self.at(Weight::NotMet, &pointer, message);
            }
        }
        // What a gate bound was judged there: who typed it is known, and signed for.
        let laundered = || self.laundered(project, &release.version, &release.commit);
        if let Some(why) = def.bound_by.is_none().then(laundered).flatten() {
            self.say(Weight::Doubt, Location::file(&self.file.path), why.to_owned());
        } else if !named {
            let places: Vec<&str> = releases.iter().chain(commits).map(String::as_str).collect();
            let message = format!(
                "names neither release nor commit (looked for {}): it may be of any release",
                places.join(", ")
            );
            self.say(def.silence.into(), Location::file(&self.file.path), message);
        }
    }

    /// What it looked at: another environment says nothing of this one.
    pub(super) fn environment(&mut self, wanted: &LookedAt) {
        let value = self.value;
        for pointer in &wanted.at {
            let Some(text) = value.pointer(pointer).and_then(Value::as_str) else { continue };
            let name = last(pointer);
            let is = &wanted.is;
            match environment(text) {
                Some(own) if own == is => {}
                Some(_) => {
                    let message = format!("`{name}` is \"{text}\", which is not {is}");
                    self.at(Weight::NotMet, pointer, message);
                }
                None => {
                    let message =
                        format!("`{name}` is \"{text}\": whether that is {is} a person has to say");
                    self.at(Weight::Doubt, pointer, message);
                }
            }
        }
    }

    /// Whether the phase that hands it over passed its gate with it: the ledger names the record of the
    /// gate, and the record this file's bytes.
    pub(super) fn handed_over(&mut self, project: &Project, def: &PrerequisiteDef) {
        let Some(digest) = self.file.digest.map(|digest| digest.to_string()) else { return };
        if let Some(path) = def.ledger_beside(&self.file.path) {
            let ledger = project.present(&path).map_or("", |file| file.text.as_str());
            if !ledger.contains(&digest) {
                let message =
                    format!("{path} does not name it: no gate was passed with this record");
                self.say(Weight::NotMet, Location::file(&self.file.path), message);
            }
            self.shows = true;
        }
        let record = def.bound_by.as_ref().and_then(|id| project.prerequisite_paths.get(id));
        let Some(record) = record else { return };
        let value = project.present(record).and_then(FileEntry::value);
        let inputs =
            value.and_then(|value| value.pointer("/predicate/inputAttestations")?.as_array());
        let is_bound = |input: &Value| {
            input.pointer("/digest/sha256").and_then(Value::as_str) == Some(digest.as_str())
        };
        if !inputs.is_some_and(|inputs| inputs.iter().any(is_bound)) {
            let message =
                format!("{record} does not bind it: it is not what that gate was passed with");
            self.say(Weight::NotMet, Location::file(&self.file.path), message);
        }
        self.shows = true;
    }

    /// Why the release and commit in the header that d3p writes around what it is given say nothing: a
    /// new header around an old report. Only what was run binds, and a report that names them itself.
    fn laundered(&self, project: &Project, version: &str, commit: &str) -> Option<&'static str> {
        let text = |key: &str| self.value.get(key).and_then(Value::as_str);
        text("generated_by").filter(|by| by.starts_with("d3p "))?;
        match text("origin")? {
            "typed" => {
                return Some("was typed: no run and no report shows that it is of this release");
            }
            "imported" => {}
            _ => return None,
        }
        let imports = self.value.get("imports").and_then(Value::as_array);
        let names = |import: &Value| {
            let path = import.get("path").and_then(Value::as_str)?;
            let text = &project.raw.get(path)?.text;
            let digits = commit.get(..12).unwrap_or(commit);
            Some(names_version(text, version) || has_commit(text, digits))
        };
        let all = imports.is_some_and(|all| all.iter().all(|own| names(own) == Some(true)));
        (!all).then_some(
            "was imported, and its reports name neither release nor commit: run it as a hook",
        )
    }
}
