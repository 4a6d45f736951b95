//! What a prerequisite file says of itself: whose it is, how it ended, what it counted.

use super::members::members;
use super::numbers::Numbers;
use super::prose::{hangs_on, rows, takes_back};
use super::reading::says;
use crate::definition::{Counts, PrerequisiteDef, Target};
use crate::derive::report::rollback_takes;
use crate::markdown::Document;
use crate::model::{Location, Span, Stamp, StatedOutcome, claims, letters as seen};
use crate::project::{FileEntry, Project};
use crate::rules::support::values::{each_at, last, show};
use serde_json::Value;

/// How much an objection weighs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Weight {
    /// The file says, or its numbers say, that it is not met.
    NotMet,
    /// It does not say enough: a person decides.
    Doubt,
    /// It counts, and whoever signs is shown it.
    Shown,
}

/// One thing that speaks against a prerequisite.
#[derive(Clone, Debug)]
pub(crate) struct Objection {
    /// How much it counts.
    pub(crate) weight: Weight,
    /// Where it stands.
    pub(crate) location: Location,
    /// One sentence without a full stop.
    pub(crate) message: String,
}

/// Fewest letters and digits of prose that say something.
const LEAST_PROSE: usize = 40;

/// Everything that speaks against the file, the worst first.
pub(super) fn objections(
    project: &Project,
    id: &str,
    def: &PrerequisiteDef,
    file: &FileEntry,
    (value, at): (&Value, Stamp),
) -> Vec<Objection> {
    let mut look = Look { file, value, shows: false, out: Vec::new() };
    look.names(project, id, def);
    if let Some(wanted) = &def.environment {
        look.environment(wanted);
    }
    look.outcome(&def.outcome);
    look.handed_over(project, def);
    def.counts.iter().for_each(|counts| look.counted(counts));
    let counted = look.shows;
    look.parts(&def.parts, counted);
    look.sums(&def.counts);
    look.services(&project.effective().policy.services);
    let planned = rollback_takes(project);
    def.targets.iter().for_each(|target| look.target(target, planned));
    look.deciders(&def.decided_by);
    look.blockers(&def.blockers);
    for (weight, pointer, message) in members(project, id, def, value, at) {
        // What was judged at its own place is said once.
        let place = Location::pointer(&file.path, &pointer);
        if !look.out.iter().any(|own| own.location == place) {
            look.at(weight, &pointer, message);
        }
    }
    if let (Some(prose), Some(document)) = (&def.prose, file.document()) {
        let word = def.outcome.iter().find_map(|own| value.pointer(own)?.as_str());
        look.prose(document, &prose.opposes, word.unwrap_or_default());
    }
    if let Some(document) = file.document().filter(|_| def.boxes) {
        look.boxes(document);
    }
    look.claims(value, "", 0);
    if !look.shows {
        let message = "says how it ended and when, and nothing of what was done";
        look.say(Weight::Doubt, Location::file(&file.path), message.to_owned());
    }
    look.out.sort_by_key(|objection| match objection.weight {
        Weight::NotMet => 0,
        Weight::Doubt => 1,
        Weight::Shown => 2,
    });
    look.out
}

/// A look at one file.
pub(super) struct Look<'a> {
    /// The file.
    pub(super) file: &'a FileEntry,
    /// What it holds.
    pub(super) value: &'a Value,
    /// Whether anything but words and a date was found: numbers, parts, a target, prose.
    pub(super) shows: bool,
    out: Vec<Objection>,
}

impl Look<'_> {
    /// Objects at a place.
    pub(super) fn say(&mut self, weight: Weight, location: Location, message: String) {
        self.out.push(Objection { weight, location, message });
    }

    /// Objects at a pointer into the file.
    pub(super) fn at(&mut self, weight: Weight, pointer: &str, message: String) {
        self.say(weight, Location::pointer(&self.file.path, pointer), message);
    }

    /// What its own words count, in its members and in those of its summary: output of tools, which
    /// stands in lists, tells of many things.
    fn claims(&mut self, value: &Value, pointer: &str, depth: usize) {
        for (name, found) in value.as_object().into_iter().flatten() {
            let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            match found {
                Value::String(text) => {
                    for claim in claims(text) {
                        let message =
                            format!("`{name}` says that {}: {}", claim.says, claim.sentence);
                        self.at(Weight::Doubt, &pointer, message);
                    }
                    let place = Location::pointer(&self.file.path, &pointer);
                    let judged = self.out.iter().any(|own| own.location == place);
                    if let Some(sentence) = takes_back(text).filter(|_| !judged) {
                        self.at(Weight::Doubt, &pointer, format!("`{name}` says: {sentence}"));
                    }
                }
                Value::Object(_) if depth == 0 => self.claims(found, &pointer, depth + 1),
                _ => {}
            }
        }
    }

    /// How it ended, in words.
    fn outcome(&mut self, pointers: &[String]) {
        let value = self.value;
        let found: Vec<(&String, &Value)> =
            pointers.iter().filter_map(|own| Some((own, value.pointer(own)?))).collect();
        if let (true, Some(first)) = (found.is_empty(), pointers.first()) {
            let message = format!("`{}` is missing", first.trim_start_matches('/'));
            self.at(Weight::NotMet, first, message);
        }
        for (pointer, found) in found {
            self.word(pointer, found);
        }
    }

    /// Judges a word about a result.
    fn word(&mut self, pointer: &str, value: &Value) {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Bool(_) => value.to_string(),
            _ => String::new(),
        };
        let name = last(pointer);
        match StatedOutcome::read(&text) {
            Some(StatedOutcome::Passed) => {}
            Some(_) => {
                self.at(Weight::NotMet, pointer, format!("`{name}` is {}", show(value)));
            }
            None => {
                let message = format!(
                    "`{name}` is {}, which is no known word for a result: {}",
                    show(value),
                    StatedOutcome::known()
                );
                self.at(Weight::Doubt, pointer, message);
            }
        }
    }

    /// How its parts ended; a part that was skipped is for the numbers to judge, where there are any.
    fn parts(&mut self, patterns: &[String], counted: bool) {
        let value = self.value;
        for pattern in patterns {
            let found = each_at(value, pattern);
            let list = pattern.split_once("/*").map_or("", |(list, _)| list);
            if found.is_empty()
                && value.pointer(list).and_then(Value::as_array).is_some_and(Vec::is_empty)
            {
                let message = format!("`{}` is empty: nothing was done", last(list));
                self.at(Weight::Doubt, list, message);
            }
            let all = found.len();
            let mut skipped = Vec::new();
            for (pointer, word) in found {
                self.shows = true;
                let is = word.as_str().and_then(StatedOutcome::read);
                let holder = pointer.rsplit_once('/').and_then(|(holder, _)| value.pointer(holder));
                let blocks = holder.and_then(|own| own.get("blocking")) == Some(&Value::Bool(true));
                if is == Some(StatedOutcome::Skipped) && !blocks {
                    skipped.push(pointer);
                } else {
                    self.word(&pointer, word);
                }
            }
            if let Some(first) = skipped.first().filter(|_| skipped.len() == all) {
                self.at(Weight::NotMet, first, "each of its parts was skipped".to_owned());
            } else if let Some(first) = skipped.first().filter(|_| !counted) {
                let message = format!("{} of {all} parts were skipped", skipped.len());
                self.at(Weight::Doubt, first, message);
            }
        }
    }

    /// What counts for itself adds up to no more than all, and to no less without a word.
    fn sums(&mut self, all: &[Counts]) {
        let value = self.value;
        let number = |own: &Value, at: &Option<String>| own.pointer(at.as_ref()?)?.as_u64();
        let total = all.iter().filter(|own| own.each.is_none());
        let total = total.filter_map(|own| Some((own, number(value, &own.total)?))).next();
        let Some((counts, total)) = total else { return };
        for (list, own) in all.iter().filter_map(|own| Some((own.each.as_ref()?, own))) {
            let items = value.pointer(list).and_then(Value::as_array).into_iter().flatten();
            let each: Option<Vec<u64>> = items.map(|item| number(item, &own.total)).collect();
            let Some(each) = each.filter(|each| !each.is_empty()) else { continue };
            let sum = each.iter().fold(0u64, |sum, own| sum.saturating_add(*own));
            if sum != total {
                let weight = if sum > total { Weight::NotMet } else { Weight::Doubt };
                let message = format!("{total} in all, but `{}` adds up to {sum}", last(list));
                self.at(weight, counts.total.as_deref().unwrap_or_default(), message);
            }
        }
    }

    /// Who decided; a decision of nobody is a doubt.
    fn deciders(&mut self, places: &[String]) {
        let named = |own: &String| self.value.pointer(own).is_some_and(|own| !own.is_null());
        let Some(first) = places.first().filter(|_| !places.iter().any(named)) else { return };
        let message = format!("names nobody who decided (looked for {})", places.join(", "));
        self.at(Weight::Doubt, first, message);
    }

    fn counted(&mut self, counts: &Counts) {
        let value = self.value;
        match &counts.each {
            None => self.count(counts, value, ""),
            Some(list) => {
                let items = value.pointer(list).and_then(Value::as_array);
                for (index, item) in items.into_iter().flatten().enumerate() {
                    self.count(counts, item, &format!("{list}/{index}"));
                }
            }
        }
    }

    /// Judges one set of numbers: against each other, and by what they say.
    fn count(&mut self, counts: &Counts, item: &Value, base: &str) {
        let before = self.out.len();
        let mut read = |pointer: &Option<String>| {
            let pointer = pointer.as_ref()?;
            let found = item.pointer(pointer)?;
            if found.as_u64().is_none() {
                let message =
                    format!("`{}` is {}, expected a whole number", last(pointer), show(found));
                self.at(Weight::NotMet, &format!("{base}{pointer}"), message);
            }
            found.as_u64()
        };
        let (total, executed) = (read(&counts.total), read(&counts.executed));
        let (passed, skipped) = (read(&counts.passed), read(&counts.skipped));
        let failed: Vec<u64> =
            counts.failed.iter().filter_map(|own| read(&Some(own.clone()))).collect();
        if self.out.len() > before {
            return;
        }
        let place = [&counts.passed, &counts.total]
            .into_iter()
            .flatten()
            .find(|own| item.pointer(own).is_some())
            .map(|own| format!("{base}{own}"));
        let Some(place) = place else { return };
        self.shows = true;
        let sum = failed.iter().fold(0u64, |sum, own| sum.saturating_add(*own));
        let numbers = Numbers { total, executed, passed, skipped, failed: sum };
        if let Some(why) = numbers.wrong() {
            self.at(Weight::NotMet, &place, why);
        }
        let list = counts.of.as_ref().and_then(|list| item.pointer(list)?.as_array());
        if let (Some(total), Some(list)) = (total, list)
            && total != list.len() as u64
        {
            let message = format!("`total` is {total}, but the list beside it has {}", list.len());
            self.at(Weight::NotMet, &place, message);
        }
    }

    fn target(&mut self, target: &Target, planned: Option<Span>) {
        let value = self.value;
        let number = |pointer: &String| value.pointer(pointer).and_then(Value::as_f64);
        let (actual, most) = (number(&target.actual), number(&target.at_most));
        let met = target.met.as_ref().and_then(|own| Some((own, value.pointer(own)?)));
        if let Some((pointer, met)) = met {
            self.shows = true;
            self.word(pointer, met);
        }
        if let (Some(actual), Some(most)) = (actual, most) {
            self.shows = true;
            if actual > most {
                let message = format!(
                    "`{}` is {actual}, more than `{}` ({most})",
                    last(&target.actual),
                    last(&target.at_most)
                );
                self.at(Weight::NotMet, &target.actual, message);
            }
        }
        self.takes(target, actual, planned);
    }

    /// A time is that of something: more than nothing, and as long as its parts.
    fn takes(&mut self, target: &Target, actual: Option<f64>, planned: Option<Span>) {
        let (Some(pattern), Some(actual)) = (&target.parts, actual) else { return };
        let found = each_at(self.value, pattern);
        let parts: Vec<f64> = found.iter().filter_map(|(_, own)| own.as_f64()).collect();
        let (longest, sum) =
            (parts.iter().fold(0.0, |one: f64, two| one.max(*two)), parts.iter().sum::<f64>());
        let name = last(&target.actual);
        let (weight, message) = if actual <= 0.0 {
            (Weight::NotMet, format!("`{name}` is {actual}: nothing takes no time"))
        } else if longest > actual {
            (Weight::NotMet, format!("`{name}` is {actual}, and one part alone took {longest}"))
        } else if let Some(planned) = planned.filter(|own| actual > own.seconds() as f64) {
            (Weight::Doubt, format!("`{name}` is {actual}, and the rollback plan says {planned}"))
        } else if sum > actual {
            (Weight::Doubt, format!("`{name}` is {actual}, and its parts took {sum} in all"))
        } else {
            return;
        };
        self.at(weight, &target.actual, message);
    }

    /// Blockers that nobody has closed.
    fn blockers(&mut self, lists: &[String]) {
        const CLOSED: [&str; 5] = ["closed", "resolved", "fixed", "done", "mitigated"];
        let value = self.value;
        for list in lists {
            let items = value.pointer(list).and_then(Value::as_array);
            for (index, item) in items.into_iter().flatten().enumerate() {
                let status = item.get("status").and_then(Value::as_str).unwrap_or_default();
                if CLOSED.contains(&status.to_lowercase().as_str()) {
                    continue;
                }
                let what = ["issue", "title", "name", "description", "id"]
                    .iter()
                    .find_map(|key| item.get(key)?.as_str())
                    .or(item.as_str())
                    .unwrap_or("it has no name");
                let message = format!("a blocking issue is not closed: {what}");
                self.at(Weight::NotMet, &format!("{list}/{index}"), message);
            }
        }
    }

    /// Words in the prose that say the opposite of a pass; and whether there is prose at all.
    fn prose(&mut self, document: &Document, opposes: &[String], said: &str) {
        let sections = std::iter::once(&document.preamble).chain(&document.sections);
        let mut letters = 0;
        for section in sections {
            let heading = (section.title.as_str(), section.heading.clone());
            let prose = section.prose.iter().filter(|block| !block.quoted);
            letters += prose.clone().map(|block| seen(&block.text)).sum::<usize>();
            let blocks = prose.map(|block| (block.text.as_str(), block.range.clone()));
            let tasks = section.tasks.iter().map(|task| (task.text.as_str(), task.range.clone()));
            let cells = section.tables.iter().flat_map(|table| &table.rows).flat_map(|row| {
                row.cells.iter().map(|cell| (cell.text.as_str(), cell.range.clone()))
            });
            for (text, range) in std::iter::once(heading).chain(blocks).chain(tasks).chain(cells) {
                let opposed = opposes.iter().find(|word| says(text, word));
                let (weight, message) = if let Some(word) = opposed {
                    (Weight::NotMet, format!("its text says {word}, whatever its head says"))
                } else if let Some(what) = hangs_on(text, said) {
                    (Weight::Doubt, format!("its text says {said} with a condition: {what}"))
                } else if let Some(sentence) = takes_back(text) {
                    (Weight::Doubt, format!("its text says: {sentence}"))
                } else if let Some(claim) = claims(text).into_iter().next() {
                    (
                        Weight::Doubt,
                        format!("its text says that {}: {}", claim.says, claim.sentence),
                    )
                } else {
                    continue;
                };
                self.say(weight, Location::span(&self.file.path, range), message);
            }
        }
        for section in std::iter::once(&document.preamble).chain(&document.sections) {
            for (message, range) in rows(section) {
                self.say(Weight::Doubt, Location::span(&self.file.path, range), message);
            }
        }
        self.shows |= letters >= LEAST_PROSE;
    }
}
