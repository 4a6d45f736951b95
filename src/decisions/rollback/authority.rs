//! The authority tree: who may decide on taking the launch back, in their order (D3P-9).

use super::kind::{Authority, rollback_check};
use crate::decisions::person::signatures_on;
use crate::model::{Location, Piece};
use crate::project::Project;
use crate::project::sections::{all_sectioned, cell};

/// The authority tree as it lies there.
#[derive(Clone, Debug)]
pub struct AuthorityTree {
    /// Its document.
    pub piece: Piece,
    /// The table.
    pub place: Location,
    /// Who may decide, in their order.
    pub rows: Vec<Authority>,
}

/// Who may decide, in their order; `None` when the table cannot be read.
pub fn authority_tree(project: &Project) -> Option<AuthorityTree> {
    let source = rollback_check(project)?.authority;
    let piece = Piece::Document(source.document.clone());
    let files = all_sectioned(project);
    let file = files.iter().find(|file| file.piece == piece && !file.is_skeleton(project))?;
    let def = file.sections.iter().find(|def| def.id == source.section)?;
    let columns = def.table.as_ref()?;
    let (table, places) = file.find(project, def)?.table(project, columns)?;
    let place = |name: &str| Some(places[columns.columns.get_index_of(name)?]);
    let (order, name) = (place("Order")?, place("Name")?);
    let (role, reachable_at) = (place("Role")?, place("Reachable at")?);
    let mut rows: Vec<Authority> = table
        .rows
        .iter()
        .filter_map(|row| {
            Some(Authority {
                order: cell(row, order).parse().ok()?,
                name: cell(row, name).split_whitespace().collect::<Vec<_>>().join(" "),
                role: cell(row, role).to_owned(),
                reachable_at: cell(row, reachable_at).to_owned(),
            })
        })
        .collect();
    rows.sort_by_key(|row| row.order);
    let first = table.rows.first().map_or(0..0, |row| row.range.clone());
    Some(AuthorityTree { piece, place: file.at(first), rows })
}

/// The exact command by which the first of the tree who can does it.
pub fn how_to_roll_back(project: &Project, decision: &str) -> String {
    let rows = authority_tree(project).map(|tree| tree.rows).unwrap_or_default();
    let name = rows.iter().find_map(|row| deciding_name(project, &row.name));
    let name = name.unwrap_or_else(|| "NAME".to_owned());
    let name = if name.contains(' ') { format!("\"{name}\"") } else { name };
    format!("d3p rollback decide --as {name} --decision {decision} --reason \"WHY\"")
}

/// What a person of the tree gives as `--as`; `None` when they cannot decide.
pub fn deciding_name(project: &Project, name: &str) -> Option<String> {
    let persons = &project.effective().policy.approval.persons;
    let person = persons.iter().find(|person| person.name == name);
    if signatures_on(project) {
        return person?.principals.first().cloned();
    }
    (persons.is_empty() || person.is_some()).then(|| name.to_owned())
}
