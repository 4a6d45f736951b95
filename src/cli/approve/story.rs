//! What went wrong before, for whoever decides on the next launch: five lines for each.

use crate::definition::NativeCheck;
use crate::model::Piece;
use crate::project::sections::Sectioned;
use crate::project::{FailedLaunch, FileEntry, Project};
use serde_json::Value;

/// What was launched since the last launch that stands and went wrong, each in five lines.
pub(super) fn story(project: &Project) -> Vec<String> {
    project.failed_launches.iter().flat_map(|failed| told(project, failed)).collect()
}

fn told(project: &Project, failed: &FailedLaunch) -> [String; 5] {
    let name = failed.release.name();
    let text = |file: &FileEntry, key: &str| {
        file.value().and_then(|value| value.get(key)?.as_str().map(str::to_owned))
    };
    let launch = text(&failed.launch, "status").unwrap_or_else(|| "not reported".to_owned());
    let back = match text(&failed.rollback, "status") {
        None => "it was not rolled back, as far as is reported".to_owned(),
        Some(status) => {
            let services =
                failed.rollback.value().and_then(|value| value.get("services")?.as_array());
            let each: Vec<String> = services.into_iter().flatten().map(service).collect();
            format!("rolled back: {status} ({})", each.join(", "))
        }
    };
    let ids = project.phase.incident().and_then(|(_, def)| {
        def.native.iter().find_map(|native| match native {
            NativeCheck::Incident { cause, fix, .. } => Some((cause.as_str(), fix.as_str())),
            _ => None,
        })
    });
    let (cause, fix) = ids.unwrap_or_default();
    let said = |id: &str| {
        section(project, failed, id).unwrap_or_else(|| "nobody wrote it down".to_owned())
    };
    let (cause, wanted) = (said(cause), said(fix));
    let named = project.named_fixes().into_iter().find(|fix| fix.of == name);
    let named = match named {
        None => "none is named".to_owned(),
        Some(fix) => match (fix.commit, fix.reason) {
            (Some(commit), _) => format!("commit {commit}"),
            (None, reason) => format!("no commit: {}", reason.unwrap_or_default()),
        },
    };
    [
        format!("  {name} was launched {}: {launch}", failed.at),
        format!("    {back}"),
        format!("    root cause: {cause}"),
        format!("    fix before a retry: {wanted}"),
        format!("    fix in this release: {named}"),
    ]
}

fn service(service: &Value) -> String {
    let text = |key: &str| service.get(key).and_then(Value::as_str).unwrap_or("-");
    format!("{} {} {}", text("name"), text("status"), text("version"))
}

/// The first words of a section of the incident.
fn section(project: &Project, failed: &FailedLaunch, id: &str) -> Option<String> {
    let (kind, def) = project.phase.incident()?;
    let file = Sectioned {
        piece: Piece::Evidence(kind.to_owned()),
        document: failed.incident.document()?,
        file: &failed.incident,
        sections: def.sections.iter().collect(),
    };
    let section = def.sections.iter().find(|section| section.id == id)?;
    let text = &file.find(project, section)?.prose().next()?.text;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
