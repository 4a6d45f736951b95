//! What clients can read: schemas, the documents of the release, its report; and its instructions.

use super::ask::{Asking, Said};
use super::service::PROMPT;
use crate::derive::report::report_def;
use crate::env::Exit;
use crate::project::Project;
use rmcp::model::{
    ErrorData, GetPromptResult, ListResourcesResult, PromptMessage, ReadResourceResult, Resource,
    ResourceContents, Role,
};

const SCHEMA: &str = "d3p://schema/";
const DOCUMENT: &str = "d3p://document/";
const REPORT: &str = "d3p://report";

const MARKDOWN: &str = "text/markdown";
const JSON_SCHEMA: &str = "application/schema+json";

/// Everything that can be read now.
pub(super) fn list(asking: &Asking<'_>) -> Result<ListResourcesResult, ErrorData> {
    let schemas = asking.run(["--format=json", "schema"], "");
    let mut all: Vec<Resource> = schemas
        .report()
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str())
        .map(|name| {
            Resource::new(format!("{SCHEMA}{name}"), name)
                .with_description(format!("JSON Schema of {name}"))
                .with_mime_type(JSON_SCHEMA)
        })
        .collect();
    let project = asking.open().map_err(|failure| failed(&failure.to_string()))?;
    let there =
        project.phase.documents.iter().filter(|(_, def)| project.present(&def.path).is_some());
    all.extend(there.map(|(id, def)| {
        Resource::new(format!("{DOCUMENT}{id}"), def.path.as_str())
            .with_description(def.title.as_str())
            .with_mime_type(MARKDOWN)
    }));
    if let Some((path, title, _)) = report(&project) {
        all.push(Resource::new(REPORT, path).with_description(title).with_mime_type(MARKDOWN));
    }
    Ok(ListResourcesResult::with_all_items(all))
}

/// The compiled report: its path, its title and its text, where it is there.
fn report(project: &Project) -> Option<(&str, &str, &str)> {
    let (_, def) = report_def(project)?;
    let file = project.present(&def.path)?;
    Some((def.path.as_str(), def.title.as_str(), file.text.as_str()))
}

/// What stands at an address of ours.
pub(super) fn read(uri: &str, asking: &Asking<'_>) -> Result<ReadResourceResult, ErrorData> {
    let shown: String = uri.chars().filter(|c| !c.is_control()).take(100).collect();
    let unknown = || ErrorData::resource_not_found(format!("nothing is at {shown}"), None);
    let (text, kind) = if let Some(name) = uri.strip_prefix(SCHEMA) {
        let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let name =
            Some(name).filter(|name| is_name(name) && !name.starts_with('-') && !name.is_empty());
        let said = asking.run(["schema", name.ok_or_else(unknown)?], "");
        (Some(said).filter(|said| said.exit == Exit::Passed).map(|said| said.out), JSON_SCHEMA)
    } else {
        let project = asking.open().map_err(|failure| failed(&failure.to_string()))?;
        let text = match uri.strip_prefix(DOCUMENT) {
            Some(id) => project
                .phase
                .documents
                .get(id)
                .and_then(|def| project.present(&def.path))
                .map(|file| file.text.clone()),
            None if uri == REPORT => report(&project).map(|(_, _, text)| text.to_owned()),
            None => None,
        };
        (text, MARKDOWN)
    };
    let text = text.ok_or_else(unknown)?;
    Ok(ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(kind)]))
}

/// The release's instructions.
pub(super) fn prompt(
    step: Option<&str>,
    asking: &Asking<'_>,
) -> Result<GetPromptResult, ErrorData> {
    if step.is_some_and(|step| step.starts_with('-') || step.contains(char::is_control)) {
        return Err(ErrorData::invalid_params("step: expected the name of a step", None));
    }
    let Said { exit, out, err } = asking.run(std::iter::once(PROMPT_COMMAND).chain(step), "");
    if exit != Exit::Passed {
        return Err(ErrorData::invalid_request(format!("{out}{err}"), None));
    }
    let message = PromptMessage::new_text(Role::User, out);
    Ok(GetPromptResult::new(vec![message]).with_description(format!("The {PROMPT}'s instructions")))
}

/// The command that prints them.
const PROMPT_COMMAND: &str = "prompt";

fn failed(why: &str) -> ErrorData {
    ErrorData::internal_error(why.to_owned(), None)
}
