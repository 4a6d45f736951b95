//! What a release takes over from the one that was launched last: documents, baseline, what it follows.
//!
//! Everything that is not about that release stays as it is; boxes are open again; times and what the phase
//! marks as to be thought about anew are asked for.

use super::Scaffold;
use crate::cli::doc::{Form, Slot, slots};
use crate::definition::{CellType, NativeCheck};
use crate::derive::item;
use crate::markdown::placeholder;
use crate::model::Sha256Digest;
use crate::project::{LastLaunch, Project};
use crate::source::{PROJECT_FILE, Root};
use crate::text::edit;
use serde_json::json;

/// A file that is taken over: its path, its new text, and the digest of what is there.
pub(super) struct Carried {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) was: Option<Sha256Digest>,
}

/// The documents and the policy, as the release `scaffold` begins with them; none where nothing was launched
/// before, or a release is open.
pub(super) fn carried(project: &Project, root: &Root, scaffold: &Scaffold) -> Vec<Carried> {
    let Some(last) = &project.last_launch else { return Vec::new() };
    let words = words(project, root, last, scaffold);
    let all = slots(project);
    let documents = project.phase.documents.values().filter_map(|def| {
        let file = project.present(&def.path)?;
        let of_last = file.value()?.get("release")?.as_str()? == last.release.version;
        let mut own: Vec<&Slot> = all.iter().filter(|slot| slot.path == def.path).collect();
        own.sort_by_key(|slot| std::cmp::Reverse(slot.range.start));
        let text = own.into_iter().fold(file.text.clone(), |text, slot| anew(text, slot, scaffold));
        let text = unticked(&replaced(&text, &words));
        of_last.then(|| Carried { path: def.path.clone(), text, was: file.digest })
    });
    documents.chain(policy(project, root, last)).collect()
}

/// What the release before is called in documents, and what this one is.
fn words(
    project: &Project,
    root: &Root,
    last: &LastLaunch,
    scaffold: &Scaffold,
) -> Vec<(String, String)> {
    let own = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let mut words = vec![
        own(&last.release.version, &scaffold.release),
        own(&last.release.commit, &scaffold.commit),
    ];
    let manifest =
        project.phase.identity().map(|(_, def)| format!("{}/{}", last.archive, def.path));
    let text = manifest.and_then(|path| match root.load(&path) {
        crate::source::Loaded::File(file) => Some(file.text),
        crate::source::Loaded::Faulty { .. } => None,
    });
    let matter = text.and_then(|text| crate::markdown::parse(&text).front_matter);
    let before = matter.as_ref().and_then(|own| own.value.get("previous_release")?.as_str());
    words.extend(before.map(|before| own(before, &last.release.version)));
    words
}

/// The text with each word replaced where it stands alone, all at once.
fn replaced(text: &str, words: &[(String, String)]) -> String {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let alone = |word: &str| {
            let behind = &rest[word.len()..];
            let goes_on = behind.starts_with(joins)
                || behind.starts_with(['.', '-', '+']) && behind[1..].starts_with(joins);
            !out.ends_with(joins) && !goes_on
        };
        let found = words.iter().find(|(from, _)| rest.starts_with(from.as_str()) && alone(from));
        if let Some((from, to)) = found {
            out.push_str(to);
            rest = &rest[from.len()..];
        } else if let Some(c) = rest.chars().next() {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// The text with what has to be thought about again in one place.
fn anew(mut text: String, slot: &Slot, scaffold: &Scaffold) -> String {
    let release = &scaffold.release;
    let was = slot.text.replace(['[', ']'], "").split_whitespace().collect::<Vec<_>>().join(" ");
    let window = &scaffold.known["window"];
    let column = slot.address.rsplit('.').next().unwrap_or_default();
    let new = match (slot.form, window.get(column)) {
        (Form::Cell(CellType::Time), Some(moment)) => moment.as_str().map(str::to_owned),
        (Form::Cell(CellType::Time), None) => {
            Some(format!("{}time with offset, for {release}; it was {was}]", placeholder::MARKER))
        }
        _ if slot.anew => {
            Some(format!("{}say it anew for {release}; it was: {was}]", placeholder::MARKER))
        }
        _ => None,
    };
    if let Some(new) = new {
        text.replace_range(slot.range.clone(), &new);
    }
    text
}

/// The text with every box open, and without who ticked it.
fn unticked(text: &str) -> String {
    let line = |line: &str| {
        let indent = line.len() - line.trim_start().len();
        let (head, body) = line.split_at(indent);
        let done =
            ["- [x] ", "- [X] ", "* [x] ", "* [X] "].iter().find_map(|own| body.strip_prefix(own));
        match done {
            Some(done) => format!("{head}- [ ] {}", item(done)),
            None => line.to_owned(),
        }
    };
    let mut out: Vec<String> = text.lines().map(line).collect();
    out.push(String::new());
    out.join("\n")
}

/// `d3p.yaml` with what was measured on staging of the release before as the baseline.
fn policy(project: &Project, root: &Root, last: &LastLaunch) -> Option<Carried> {
    let measured = |native: &NativeCheck| matches!(native, NativeCheck::Performance { .. });
    let mut kinds = project.phase.evidence.values();
    let def = kinds.find(|def| def.native.iter().any(measured))?;
    let path = format!("{}/{}", last.archive, def.path);
    let (sha256, _) = root.digest(&path).ok()?;
    let baseline =
        json!({ "release": last.release.version, "path": path, "sha256": sha256.to_string() });
    let file = project.present(PROJECT_FILE)?;
    let several = crate::text::yaml::parse(&file.text).ok()?.get("phases").is_some();
    let below = if several { vec!["phases", project.phase.id.as_str()] } else { Vec::new() };
    let keys: Vec<&str> = below.into_iter().chain(["validation", "baseline"]).collect();
    let text = edit::put(&file.text, &keys, &baseline)?;
    (text != file.text).then(|| Carried { path: PROJECT_FILE.to_owned(), text, was: file.digest })
}

/// The release before, by its archive, where one was launched.
pub(super) fn previous(project: Option<&Project>) -> Option<(String, String)> {
    let last = project?.last_launch.as_ref()?;
    Some((last.release.version.clone(), last.release.commit.clone()))
}

#[cfg(test)]
mod tests {
    use super::{replaced, unticked};

    #[test]
    fn words_are_replaced_where_they_stand_alone_and_all_at_once() {
        let words = [("v1.0", "v1.1"), ("v0.9", "v1.0")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        let text = "v1.0 after v0.9, not v1.0.1, xv1.0, v1.0-rc1; `go v1.0`.";
        let wanted = "v1.1 after v1.0, not v1.0.1, xv1.0, v1.0-rc1; `go v1.1`.";
        assert_eq!(replaced(text, &words), wanted);
    }

    #[test]
    fn boxes_are_open_again() {
        let text = "- [x] sells (agent, for Ana Silva, 2026-11-21T10:05:00Z)\n- [ ] open\n";
        assert_eq!(unticked(text), "- [ ] sells\n- [ ] open\n");
    }
}
