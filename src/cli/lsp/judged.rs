//! What is wrong with the texts as they are in the editor, and what mends it.

use super::{POLICY, text};
use crate::cli::args::CheckArgs;
use crate::cli::check::linted;
use crate::decide::assess;
use crate::model::{Advice, Finding, Level, Rule, Stamp};
use crate::project::Project;
use crate::render::way;
use crate::rules;
use crate::schema;
use crate::source::{BrokenPolicy, Laid, LoadError, Root, Snapshot, load_phase_of};
use crate::text::{edit, yaml};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Range;

/// A project as it is in the editor.
#[derive(Default)]
pub(super) struct Judged {
    /// Nothing where the policy cannot be used.
    pub(super) project: Option<Project>,
    /// What is wrong, in the order of every report.
    pub(super) found: Vec<Found>,
    /// The text of the policy that cannot be used.
    broken: Option<String>,
}

/// One thing that is wrong, at one place.
pub(super) struct Found {
    pub(super) path: String,
    pub(super) range: Range<usize>,
    pub(super) rule: &'static Rule,
    level: Level,
    message: String,
    /// Every way to mend it, in words.
    ways: Vec<String>,
    related: Vec<(String, Range<usize>, String)>,
    pub(super) edits: Vec<Edit>,
}

/// A way to mend it that is an edit.
pub(super) struct Edit {
    pub(super) title: String,
    pub(super) path: String,
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

impl Judged {
    /// Judges the project at `root` with what is open laid over its files, as `d3p check` does.
    pub(super) fn of(
        root: &Root,
        phase: Option<&str>,
        open: &BTreeMap<String, String>,
        now: Stamp,
    ) -> Self {
        let files = Snapshot::of(root.clone());
        let laid = |(path, text): (&String, &String)| {
            (path.clone(), Laid::Bytes(text.clone().into_bytes()))
        };
        let tree = files.with(open.iter().map(laid).collect());
        let project = match load_phase_of(&tree, phase) {
            Ok(project) => project,
            Err(LoadError::Broken(broken)) => return Self::broken(broken),
            Err(LoadError::Choice(error)) => {
                let why = format!("{error}; begin the server with --phase PHASE");
                let text = open.get(POLICY).cloned().unwrap_or_default();
                return Self::broken(BrokenPolicy {
                    path: POLICY.to_owned(),
                    text,
                    definition: false,
                    faults: vec![(None, why, None)],
                });
            }
        };
        let assessment = assess(&project, now);
        let found = match linted(&CheckArgs::default(), Vec::new(), &project, &assessment, now) {
            Ok((report, ..)) => {
                report.findings.iter().filter_map(|finding| Found::of(finding, &project)).collect()
            }
            Err(_) => Vec::new(),
        };
        Self { project: Some(project), found, broken: None }
    }

    /// Of a policy that cannot be used; what else is wrong nobody knows then.
    fn broken(broken: BrokenPolicy) -> Self {
        let BrokenPolicy { path, text, definition, faults } = broken;
        let code = if definition { "GL002" } else { "GL001" };
        let Some(rule) = rules::find(code) else { return Self::default() };
        let mends = if definition { Vec::new() } else { mends(&text) };
        let found = faults.into_iter().map(|(span, message, help)| {
            let range = span.unwrap_or_else(|| text::first_line(&text));
            let own = mends.iter().filter(|(place, _)| *place == range);
            let edits = own.map(|(_, new)| Edit {
                title: help.clone().unwrap_or_else(|| message.clone()),
                path: path.clone(),
                range: range.clone(),
                text: new.clone(),
            });
            Found {
                path: path.clone(),
                edits: edits.collect(),
                range,
                rule,
                level: Level::Error,
                message,
                ways: help.into_iter().collect(),
                related: Vec::new(),
            }
        });
        let found = found.collect();
        Self { project: None, found, broken: Some(text) }
    }

    /// Whether the whole project could be judged.
    pub(super) fn whole(&self) -> bool {
        self.project.is_some()
    }

    /// The text of a file that was judged.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        let project = self.project.as_ref();
        let own = || self.broken.as_deref().filter(|_| path == POLICY);
        let read = project.and_then(|own| own.present(path)).map(|file| file.text.as_str());
        read.or_else(own)
    }

    /// What is published: by path in the project.
    pub(super) fn diagnostics(&self, root: &Root) -> BTreeMap<String, Vec<Value>> {
        let mut out: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for found in &self.found {
            if let Some(diagnostic) = self.diagnostic(found, root) {
                out.entry(found.path.clone()).or_default().push(diagnostic);
            }
        }
        out
    }

    /// A finding as an editor takes it; `None` where the file is not there.
    pub(super) fn diagnostic(&self, found: &Found, root: &Root) -> Option<Value> {
        let text = self.text(&found.path)?;
        let ways = found.ways.iter().map(|way| format!("\n{way}")).collect::<String>();
        let related = found.related.iter().filter_map(|(path, range, message)| {
            let range = text::range(self.text(path)?, range);
            let location = json!({ "uri": text::uri(root, path), "range": range });
            Some(json!({ "location": location, "message": message }))
        });
        Some(json!({
            "range": text::range(text, &found.range),
            "severity": match found.level { Level::Error => 1, Level::Warning => 2, Level::Note => 3 },
            "code": found.rule.code,
            "codeDescription": { "href": found.rule.docs() },
            "source": "d3p",
            "message": format!("{}{ways}", found.message),
            "relatedInformation": related.collect::<Vec<_>>(),
        }))
    }
}

impl Found {
    /// Of a finding; one about a file that is not there stands at the policy, which asks for it.
    fn of(finding: &Finding, project: &Project) -> Option<Self> {
        let path = finding.location.path.as_str();
        let own = project.present(path);
        let file = own.or_else(|| project.present(POLICY))?;
        let message = match own {
            Some(_) => finding.message.clone(),
            None => format!("{path}: {}", finding.message),
        };
        let resolved = finding.resolved.as_ref().map(|(_, range)| range.clone());
        let advice = finding.mend();
        let related = finding.related.iter().filter_map(|own| {
            let range = own.resolved.as_ref().map(|(_, range)| range.clone())?;
            Some((own.location.path.clone(), range, own.message.clone()))
        });
        Some(Self {
            path: file.path.clone(),
            range: resolved.unwrap_or_else(|| text::first_line(&file.text)),
            rule: finding.rule,
            level: finding.level,
            message,
            ways: advice.ways().map(way).collect(),
            related: related.collect(),
            edits: advice.ways().filter_map(Edit::of).collect(),
        })
    }
}

impl Edit {
    /// Of an advice that says what the edit is, word by word.
    fn of(advice: &Advice) -> Option<Self> {
        let own = advice.replacement.as_ref()?;
        Some(Self {
            title: advice.what.clone(),
            path: own.place.path.clone(),
            range: own.resolved.clone()?,
            text: own.text.clone(),
        })
    }
}

/// What would be right in a policy that its schema refuses: where, and what then stands there.
fn mends(policy: &str) -> Vec<(Range<usize>, String)> {
    let Ok((value, tree)) = yaml::read(policy) else { return Vec::new() };
    let faults = schema::validate("d3p", &value).unwrap_or_default();
    let one = |fault: schema::SchemaFault| {
        let place = tree.locate(&fault.pointer, fault.on_key);
        Some((place, edit::flow(&fault.becomes?)))
    };
    faults.into_iter().filter_map(one).collect()
}
