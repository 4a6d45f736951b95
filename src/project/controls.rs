//! The controls of other catalogues that lie beside a phase.

use crate::definition::controls::CONTROLS;
use crate::definition::{Catalogue, Folder};
use crate::text::yaml;

/// The controls that the phase of this folder brings evidence to, by catalogue; none without such a file,
/// or with one that cannot be read, which is refused where a project brings it.
pub fn catalogues(folder: &Folder) -> Vec<Catalogue> {
    let read = folder.text(CONTROLS).and_then(|text| yaml::parse(text).ok());
    read.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default()
}
