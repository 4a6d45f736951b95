//! What a release takes over from the one that was launched last, whether it stands or was taken back:
//! documents; and from the one that stands, baseline and what it follows.
//!
//! What was said of that release is asked for again, and never said of this one by exchanging a version; so
//! are times, and what the phase marks. Everything else stays as it is; boxes are open again.

use super::Scaffold;
use crate::cli::doc::{Form, Slot, slots};
use crate::definition::{CellType, NativeCheck, Obligation};
use crate::derive::item;
use crate::markdown::placeholder;
use crate::model::Sha256Digest;
use crate::project::{LastLaunch, Project, Release};
use crate::source::{Loaded, PROJECT_FILE, Root};
use crate::text::edit;
use serde_json::json;
use std::collections::BTreeSet;

/// A file that is taken over: its path, its new text, and the digest of what is there.
pub(super) struct Carried {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) was: Option<Sha256Digest>,
    /// Whether it is taken over only where the policy does not say everything that it asks.
    pub(super) if_open: bool,
}

/// The release whose papers are taken over.
struct Before<'a> {
    release: &'a Release,
    archive: &'a str,
}

/// The last release that was launched, also where it was taken back: what people wrote of it is what was
/// thought of last.
fn before(project: &Project) -> Option<Before<'_>> {
    let failed = project.failed_launches.first();
    let failed = failed.map(|own| Before { release: &own.release, archive: &own.archive });
    let stands = project.last_launch.as_ref();
    failed.or(stands.map(|own| Before { release: &own.release, archive: &own.archive }))
}

/// The documents and the policy, as the release `scaffold` begins with them; none where nothing was launched
/// before, or a release is open.
pub(super) fn carried(project: &Project, root: &Root, scaffold: &Scaffold) -> Vec<Carried> {
    let Some(last) = &before(project) else { return Vec::new() };
    let words = words(project, root, last, scaffold);
    let all = slots(project);
    let documents = project.phase.documents.values().filter_map(|def| {
        let file = project.present(&def.path)?;
        let of_last = file.value()?.get("release")?.as_str()? == last.release.version;
        let mut own: Vec<&Slot> = all.iter().filter(|slot| slot.path == def.path).collect();
        own.sort_by_key(|slot| slot.range.start);
        let text = unticked(&taken_over(&file.text, &own, scaffold, &words));
        of_last.then(|| Carried { path: def.path.clone(), text, was: file.digest, if_open: false })
    });
    let evidence = evidence(project, root, last, scaffold, &words);
    let stands = project.last_launch.as_ref();
    let policy = stands.and_then(|last| policy(project, root, last));
    documents.chain(policy).chain(evidence).collect()
}

/// What people wrote of the last launch besides documents, such as the way back, from its archive; what a
/// release is by itself is written anew.
fn evidence(
    project: &Project,
    root: &Root,
    last: &Before<'_>,
    scaffold: &Scaffold,
    words: &[(String, String)],
) -> Vec<Carried> {
    let identity = project.phase.identity().map(|(kind, _)| kind);
    let kinds = project.phase.evidence.iter().filter(|(kind, def)| {
        def.template.is_some()
            && def.obligation != Obligation::Optional
            && identity != Some(kind.as_str())
    });
    let now = scaffold.known["now"].as_str().unwrap_or_default();
    let carried = kinds.filter_map(|(_, def)| {
        let Loaded::File(file) = root.load(&format!("{}/{}", last.archive, def.path)) else {
            return None;
        };
        let line = |line: &str| match line.split_once(':').map_or("", |(key, _)| key) {
            "attempt" => format!("attempt: {}", scaffold.attempt),
            "finished_at" => format!("finished_at: \"{now}\""),
            _ => line.to_owned(),
        };
        let (matter, text) = file.text.strip_prefix("---\n")?.split_once("\n---\n")?;
        let matter: Vec<String> = matter.lines().map(line).collect();
        let matter = replaced(&matter.join("\n"), words);
        let lines: Vec<String> =
            text.lines().map(|line| asked_again(line, scaffold, words)).collect();
        let text = format!("---\n{matter}\n---\n{}\n", lines.join("\n"));
        Some(Carried { path: def.path.clone(), text, was: None, if_open: true })
    });
    carried.collect()
}

/// What the release before is called in documents, and what this one is.
fn words(
    project: &Project,
    root: &Root,
    last: &Before<'_>,
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
        Loaded::File(file) => Some(file.text),
        Loaded::Faulty { .. } => None,
    });
    let matter = text.and_then(|text| crate::markdown::parse(&text).front_matter);
    let before = matter.as_ref().and_then(|own| own.value.get("previous_release")?.as_str());
    // Where it was taken back, the one before it is still what a way back leads to.
    let stands = project.last_launch.as_ref().map(|own| own.release.version.as_str());
    let now = stands.or(before).unwrap_or(&last.release.version);
    words.extend(before.filter(|before| *before != now).map(|before| own(before, now)));
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

/// The text of the release before, as this one begins with it. Around what people wrote, it is called by
/// its new name; what they wrote stays as it is, or is asked for again.
fn taken_over(
    text: &str,
    slots: &[&Slot],
    scaffold: &Scaffold,
    words: &[(String, String)],
) -> String {
    let timed = slots.iter().filter(|slot| slot.form == Form::Cell(CellType::Time));
    let dated: BTreeSet<&str> = timed.map(|slot| row_of(slot).0).collect();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for slot in slots.iter().filter(|own| !own.text.trim().is_empty()) {
        let Some(before) = text.get(at..slot.range.start) else { continue };
        out.push_str(&replaced(before, words));
        out.push_str(&written(&text[slot.range.clone()], slot, &dated, scaffold, words));
        at = slot.range.end;
    }
    out.push_str(&replaced(&text[at..], words));
    out
}

/// What somebody wrote, for this release: what they said of the release before by its name, its digests or
/// a date was never said of this one, and no version that is exchanged makes it so.
fn written(
    text: &str,
    slot: &Slot,
    dated: &BTreeSet<&str>,
    scaffold: &Scaffold,
    words: &[(String, String)],
) -> String {
    let release = &scaffold.release;
    let was = text.replace(['[', ']'], "").split_whitespace().collect::<Vec<_>>().join(" ");
    let (row, column) = row_of(slot);
    let marked = |what: &str| format!("{}{what}]", placeholder::MARKER);
    if slot.form == Form::Cell(CellType::Time) {
        let moment = scaffold.known["window"].get(column).and_then(|moment| moment.as_str());
        let asked = || marked(&format!("time with offset, for {release}; it was {was}"));
        return moment.map_or_else(asked, str::to_owned);
    }
    // Who cleared a time cleared that time, and why it was a good one is about it as well.
    if dated.contains(row)
        && let Some(decider) = scaffold.known["decider"].as_str()
        && slot.form == Form::Cell(CellType::Person)
    {
        return decider.to_owned();
    }
    // An item of a checklist says what is looked at, and the box is open: nothing was said yet.
    if slot.form == Form::Item {
        return replaced(item(text), words);
    }
    let commands = in_commands(text, words);
    match slot.anew || dated.contains(row) || is_of_then(&commands, words) {
        true => marked(&format!("say it anew for {release}; it was: {was}")),
        false => commands,
    }
}

/// Where a row of a table, or a place by itself, lies; and the column of the row.
fn row_of(slot: &Slot) -> (&str, &str) {
    slot.address.rsplit_once('.').unwrap_or(("", &slot.address))
}

/// The text with the words replaced in code spans: what is typed is typed for the new release.
fn in_commands(text: &str, words: &[(String, String)]) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(index, part)| match index % 2 {
        1 => replaced(part, words),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

/// A line of what people wrote of the way back, which goes from this release to the one before: a date or a
/// digest in it tells of something that was done then, and is asked for again.
fn asked_again(line: &str, scaffold: &Scaffold, words: &[(String, String)]) -> String {
    let again = |text: &str| {
        let was = text.replace(['[', ']'], "");
        let (marker, release) = (placeholder::MARKER, &scaffold.release);
        format!("{marker}say it anew for {release}; it was: {}]", was.trim())
    };
    // The two releases are what a way back is about, whatever they are called.
    let nameless: Vec<_> = words.iter().map(|(from, _)| (from.clone(), String::new())).collect();
    let told = |text: &str| is_of_then(&replaced(text, &nameless), &[]);
    let prefix = line.len() - line.trim_start_matches([' ', '-', '*', '#']).len();
    let (head, body) = line.split_at(prefix);
    if !body.starts_with('|') {
        return match told(body) {
            true => format!("{head}{}", again(body)),
            false => replaced(line, words),
        };
    }
    let cells = body.split('|').map(|cell| match told(cell) {
        true => format!(" {} ", again(cell)),
        false => replaced(cell, words),
    });
    format!("{head}{}", cells.collect::<Vec<_>>().join("|"))
}

/// Whether it speaks of the release before: its version, with or without `v`, its commit or another digest,
/// or a date.
fn is_of_then(text: &str, words: &[(String, String)]) -> bool {
    let prose: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '+' | '_' | '/');
    let mut found = prose.split(|c: char| !joins(c)).map(|word| word.trim_matches(['.', '-']));
    found.any(|word| {
        let bare = |word: &str| word.trim_start_matches(['v', 'V']).to_owned();
        let named = |(from, _): &(String, String)| !word.is_empty() && bare(from) == bare(word);
        let digest = word.len() >= 7
            && word.bytes().all(|byte| byte.is_ascii_hexdigit())
            && word.bytes().any(|byte| byte.is_ascii_digit())
            && word.bytes().any(|byte| byte.is_ascii_alphabetic());
        words.iter().any(named) || digest || is_date(word)
    })
}

/// `2026-11-30`, with or without a time behind it, `30.11.2026`, `11/30/2026`; or the year of a day whose
/// month is written as a word.
fn is_date(word: &str) -> bool {
    let is_year = |part: &str| {
        part.len() == 4 && part.parse().is_ok_and(|year: u32| (2015..2100).contains(&year))
    };
    let parts: Vec<&str> = word.split(['.', '/', '-']).collect();
    let numbers = parts.iter().all(|part| part.parse::<u32>().is_ok());
    let day = word.get(..10).is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok());
    day || numbers && matches!(parts.len(), 1 | 3) && parts.iter().any(|part| is_year(part))
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
    (text != file.text).then(|| Carried {
        path: PROJECT_FILE.to_owned(),
        text,
        was: file.digest,
        if_open: false,
    })
}

/// The release before, by its archive, where one was launched.
pub(super) fn previous(project: Option<&Project>) -> Option<(String, String)> {
    let last = project?.last_launch.as_ref()?;
    Some((last.release.version.clone(), last.release.commit.clone()))
}

#[cfg(test)]
mod tests {
    use super::{in_commands, is_of_then, replaced, unticked};

    #[test]
    fn words_are_replaced_where_they_stand_alone_and_all_at_once() {
        let words = [("v1.0", "v1.1"), ("v0.9", "v1.0")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        let text = "v1.0 after v0.9, not v1.0.1, xv1.0, v1.0-rc1; `go v1.0`.";
        let wanted = "v1.1 after v1.0, not v1.0.1, xv1.0, v1.0-rc1; `go v1.1`.";
        assert_eq!(replaced(text, &words), wanted);
    }

    #[test]
    fn what_was_said_of_the_release_before_is_not_said_of_this_one() {
        let words = [("v1.0.0", "v1.1.0")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        for claim in [
            "all 312 tests of v1.0.0 passed",
            "load image shop:1.0.0",
            "passed on 2026-11-30, and Ana Silva said GO",
            "digest 5c5ad554 was scanned",
            "nothing since v1.0.0.",
            "audited on 30.11.2026 by Ana Silva",
            "audited on 11/30/2026",
            "cleared on November 30, 2026",
        ] {
            assert!(is_of_then(claim, &words), "{claim}");
        }
        for lasting in [
            "every test passes on staging, and Ana Silva says GO",
            "deploy it: `sh deploy.sh v1.0.0`",
            "briefed at nine, covered until T+4h, below 250 ms of 10.0.0",
            "call +351 21 555 0199, ticket 4711, decade facade",
        ] {
            assert!(!is_of_then(lasting, &words), "{lasting}");
        }
        assert_eq!(in_commands("v1.0.0 by `sh x v1.0.0`", &words), "v1.0.0 by `sh x v1.1.0`");
    }

    #[test]
    fn boxes_are_open_again() {
        let text = "- [x] sells (agent, for Ana Silva, 2026-11-21T10:05:00Z)\n- [ ] open\n";
        assert_eq!(unticked(text), "- [ ] sells\n- [ ] open\n");
    }
}
