//! The authority tree: who may decide on taking the launch back, in their order (D3P-9).

use super::kind::{Authority, rollback_check};
use crate::decisions::person::signatures_on;
use crate::model::{Advice, Location, Piece, Placeholder};
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

/// The exact command by which the first of the tree who can decides; `decision` is open where nobody
/// can say which it will be.
pub fn how_to_roll_back(project: &Project, decision: Option<&str>) -> Advice {
    let rows = authority_tree(project).map(|tree| tree.rows).unwrap_or_default();
    let name = rows.iter().find_map(|row| deciding_name(project, &row.name));
    let advice = Advice::decide(["rollback", "decide"]);
    let advice = match &name {
        Some(name) => advice.words(["--as", name]),
        None => advice.with("--as", Placeholder::FULL_NAME),
    };
    let advice = match decision {
        Some(decision) => advice.words(["--decision", decision]),
        None => advice.with("--decision", Placeholder::DECISION),
    };
    advice.with("--reason", Placeholder::REASON)
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
