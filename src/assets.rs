//! What is embedded in the program: every file of `templates/`, `schemas/`, `demo/` and
//! `examples/evidence/`. The build script lists them; a new file needs no line here.

use crate::model::Reason;
use tera::{Context, Tera};

/// Every embedded file by its path in the source tree, sorted.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The definition of each embedded phase as JSON, which is read faster than YAML.
const DEFINITIONS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/definitions.rs"));

/// What `phase.yaml` of the embedded phase `id` says, as JSON.
pub fn definition(id: &str) -> Option<&'static str> {
    DEFINITIONS.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
}

/// The text of the embedded file at `path`, such as `schemas/d3p.v1.schema.json`.
pub fn file(path: &str) -> Option<&'static str> {
    let at = FILES.binary_search_by_key(&path, |(known, _)| known).ok()?;
    Some(FILES[at].1)
}

/// The embedded files below `folder`: path in it and text, sorted by path.
pub fn files(folder: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter_map(move |(path, text)| {
        Some((path.strip_prefix(folder)?.strip_prefix('/')?, *text))
    })
}

/// The documents and the evidence of a complete honest release, for `d3p demo` and tests: path in
/// the project and template.
pub fn demo_release() -> impl Iterator<Item = (&'static str, &'static str)> {
    files("demo/release").filter_map(|(path, text)| Some((path.strip_suffix(".tera")?, text)))
}

/// The body of a kind of evidence that the demo records, as a template.
pub fn demo_body(kind: &str) -> Option<&'static str> {
    file(&format!("demo/bodies/{kind}.json"))
}

/// A filled example body of a kind of evidence that people record.
pub fn example(kind: &str) -> Option<&'static str> {
    file(&format!("examples/evidence/{kind}.json"))
}

/// The folders of the embedded phases, each called like its phase.
pub fn phases() -> impl Iterator<Item = &'static str> {
    files("templates").filter_map(|(path, _)| path.strip_suffix("/phase.yaml"))
}

/// The source of a template that no phase owns.
pub fn template(name: &str) -> Option<&'static str> {
    file(&format!("templates/{name}.tera"))
}

/// Renders a template's text.
///
/// # Errors
/// The template engine's sentence; for embedded templates it would be a bug of ours.
pub fn render(text: &str, context: &Context) -> Result<String, Reason> {
    Tera::one_off(text, context, false).map_err(|error| error.to_string().into())
}

/// Renders the template of a page: what is put in stays text.
///
/// # Errors
/// The template engine's sentence; for embedded templates it would be a bug of ours.
pub fn render_page(text: &str, context: &Context) -> Result<String, Reason> {
    Tera::one_off(text, context, true).map_err(|error| error.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_the_folders_is_found_and_nothing_else() {
        assert!(FILES.is_sorted_by_key(|(path, _)| path));
        assert_eq!(template("gitattributes"), file("templates/gitattributes.tera"));
        assert!(template("d3p.yaml").is_some() && example("uat-confirmation").is_some());
        assert_eq!(template("phase-9-deployment-golive/phase.yaml"), None);
        assert!(phases().any(|phase| phase == "phase-9-deployment-golive"));
        assert_eq!(example("unknown"), None);
        let release: Vec<&str> = demo_release().map(|(path, _)| path).collect();
        assert!(release.contains(&".artifacts/deployment/rollback-plan.md"), "{release:?}");
        assert!(files("demo/repository").any(|(path, _)| path == ".gitignore"));
        assert_eq!(files("demo/repo").count(), 0);
    }
}
