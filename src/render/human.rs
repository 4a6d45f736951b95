//! Findings for people, in the style of rustc: what, where with a snippet, clause, help.

use crate::model::{Finding, Level, Position};
use crate::project::Project;
use crate::render::{Style, clean, ways};
use annotate_snippets::{
    AnnotationKind, Element, Group, Level as Shown, Origin, Renderer, Snippet,
};
use std::fmt::Write as _;
use std::ops::Range;

/// Groups that are shown on first contact.
const GROUPS: usize = 10;
/// Places of a group that are listed below its first.
const PLACES: usize = 5;

/// All findings, one snippet each when there are few or everything was asked for; otherwise at most
/// ten groups, one per rule, with a count of what is left out.
///
/// `every_place` lists each place of a group, as a refusal must.
pub fn grouped(project: &Project, every: &[&Finding], style: Style, every_place: bool) -> String {
    let causes = every.iter().copied().filter(|own| !is_folded(own, every));
    let all: &[&Finding] = &causes.collect::<Vec<_>>();
    if style.verbose || all.len() <= GROUPS {
        return of_causes(project, all, every, style);
    }
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in all {
        match groups.iter_mut().find(|group| group[0].rule == finding.rule) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group[0].level));
    let mut out = String::new();
    let shown = if every_place { groups.len() } else { GROUPS };
    for group in groups.iter().take(shown) {
        out.push_str(&one(project, group[0], style));
        for own in group {
            out.push_str(&consequences(project, own, every, style));
        }
        let places = if every_place { group.len() } else { PLACES };
        for other in group.iter().skip(1).take(places) {
            let _ = writeln!(out, "  also {}: {}", place(other), clean(&other.message));
        }
        let hidden = group.len().saturating_sub(places + 1);
        if hidden > 0 {
            let _ = writeln!(out, "  and {hidden} more like this (-v shows all)");
        }
        out.push('\n');
    }
    let hidden: usize = groups.iter().skip(shown).map(Vec::len).sum();
    if hidden > 0 {
        let kinds = groups.len() - shown;
        let _ = writeln!(out, "{hidden} more findings of {kinds} other rules (-v shows all)\n");
    }
    out
}

/// Every finding on one line, for quiet output.
pub fn lines(all: &[&Finding]) -> String {
    let line = |finding: &&Finding| {
        let waived = finding.waived.as_ref().map_or(String::new(), |how| format!("; waived {how}"));
        format!(
            "{}: {} {}: {}{}\n",
            place(finding),
            finding.level,
            finding.rule.code,
            clean(&finding.message),
            clean(&waived)
        )
    };
    all.iter().map(line).collect()
}

/// Whether a finding comes of another one that is shown.
fn is_folded(finding: &Finding, all: &[&Finding]) -> bool {
    let cause = finding.cause.as_ref();
    cause.is_some_and(|cause| all.iter().any(|other| other.is_cause(cause)))
}

/// Each cause with its snippet, and what comes of it below.
fn of_causes(project: &Project, causes: &[&Finding], all: &[&Finding], style: Style) -> String {
    let one = |cause: &&Finding| {
        one(project, cause, style) + &consequences(project, cause, all, style) + "\n"
    };
    causes.iter().map(one).collect()
}

/// What comes of a finding: a line each, and everything where everything was asked for.
fn consequences(project: &Project, cause: &Finding, all: &[&Finding], style: Style) -> String {
    let follows = |own: &&&Finding| own.cause.as_ref().is_some_and(|of| cause.is_cause(of));
    let of: Vec<&&Finding> = all.iter().filter(follows).collect();
    let mut out = String::new();
    if of.is_empty() {
        return out;
    }
    let _ = writeln!(out, "  with that mended, these are gone:");
    if style.verbose {
        of.iter().for_each(|own| out.push_str(&one(project, own, style)));
        return out;
    }
    for own in of.iter().take(PLACES) {
        let (code, message) = (own.rule.code, clean(&own.message));
        let _ = writeln!(out, "    {code} {}: {message}", place(own));
    }
    if of.len() > PLACES {
        let _ = writeln!(out, "    and {} more (-v shows all)", of.len() - PLACES);
    }
    out
}

/// Every finding with its snippet.
pub fn findings(project: &Project, all: &[&Finding], style: Style) -> String {
    all.iter().map(|finding| one(project, finding, style) + "\n").collect()
}

/// `path:line:column`, as far as it is known.
fn place(finding: &Finding) -> String {
    let path = clean(&finding.location.path);
    match &finding.resolved {
        Some((at, _)) => format!("{path}:{}:{}", at.line, at.column),
        None => path.into_owned(),
    }
}

fn one(project: &Project, finding: &Finding, style: Style) -> String {
    let level = match finding.level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Note => Shown::NOTE,
    };
    let title = level.primary_title(clean(&finding.message)).id(finding.rule.code);
    let mut group = Group::with_title(title).element(snippet(
        project,
        &finding.location.path,
        finding.resolved.as_ref(),
        AnnotationKind::Primary,
        finding.label.as_deref(),
    ));
    for related in &finding.related {
        let (path, at) = (&related.location.path, related.resolved.as_ref());
        let note = match at {
            Some(_) => None,
            // Without a line there is nothing that a label could stand at.
            None => Some(Shown::NOTE.message(clean(&related.message).into_owned())),
        };
        let label = Some(related.message.as_str());
        group = group.element(snippet(project, path, at, AnnotationKind::Context, label));
        if let Some(note) = note {
            group = group.element(note);
        }
    }
    let clauses = finding.all_clauses();
    if !clauses.is_empty() {
        let text = clauses.join(", ");
        group = group.element(Shown::NOTE.with_name("clause").message(text));
    }
    if let Some(how) = &finding.waived {
        group = group.element(Shown::NOTE.with_name("waived").message(clean(how)));
    } else {
        for way in finding.advice.iter().flat_map(ways) {
            group = group.element(Shown::HELP.message(clean(&way).into_owned()));
        }
    }
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let mut text = renderer.render(&[group]);
    text.push('\n');
    text
}

/// The lines that the finding is about, or the file's name where there are none.
fn snippet<'a>(
    project: &'a Project,
    path: &'a str,
    resolved: Option<&'a (Position, Range<usize>)>,
    kind: AnnotationKind,
    label: Option<&'a str>,
) -> Element<'a> {
    let file = project.present(path);
    let path = clean(path);
    let (Some(file), Some((at, range))) = (file, resolved) else {
        return Origin::path(path).into();
    };
    let start = file.text[..range.start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end =
        |from: usize| file.text[from..].find('\n').map_or(file.text.len(), |end| from + end);
    // One line says where; a whole object or section would only bury it.
    let end = line_end(range.start);
    let shown = range.start - start..range.end.min(end).max(range.start) - start;
    let annotation = kind.span(shown).label(label.map(clean));
    Snippet::source(clean_same_length(&file.text[start..end]))
        .line_start(at.line)
        .path(path)
        .annotation(annotation)
        .into()
}

/// Like [`clean`], but every byte keeps its place, so that carets stay where they belong.
fn clean_same_length(text: &str) -> String {
    text.chars()
        .map(|c| {
            if clean(c.encode_utf8(&mut [0; 4])).len() == c.len_utf8() {
                c.to_string()
            } else {
                "?".repeat(c.len_utf8())
            }
        })
        .collect()
}
