//! The authority tree, and the decisions on taking the launch back (D3P-9).

use crate::definition::{Before, NativeCheck, ThresholdSource};
use crate::derive::sections::{all_sectioned, cell};
use crate::derive::signed::{Decision, decisions_of};
use crate::derive::step_hooks;
use crate::model::{Location, Piece, Stamp};
use crate::project::{Began, Evidence, Project};
use crate::record::{Authority, EntryKind, FileDigest, ROLL_BACK, Rollback};

/// A decision on taking the launch back.
pub type RollbackDecision = Decision<Rollback>;

impl RollbackDecision {
    /// Whether it says to roll back.
    pub fn is_roll_back(&self) -> bool {
        self.statement.as_ref().is_ok_and(|statement| statement.predicate.decision == ROLL_BACK)
    }
}

/// What the phase says of these decisions.
#[derive(Clone, Copy, Debug)]
pub struct RollbackCheck<'a> {
    /// The evidence that holds them.
    pub evidence: Evidence<'a>,
    /// The table of the authority tree.
    pub authority: &'a ThresholdSource,
    /// Evidence that is decided on besides.
    covers: &'a [String],
    /// The protocol's question.
    pub question: &'a str,
}

/// The phase's decisions on taking the launch back, if it has any.
pub fn rollback_check(project: &Project) -> Option<RollbackCheck<'_>> {
    project.all_evidence().find_map(|evidence| {
        evidence.native(|native| match native {
            NativeCheck::Rollback { authority, covers, prompt, .. } => Some(RollbackCheck {
                evidence,
                authority,
                covers,
                question: project.phase.prompts.get(prompt)?.text.as_str(),
            }),
            _ => None,
        })
    })
}

/// Every decision, in file order.
pub fn rollback_decisions(project: &Project) -> Vec<RollbackDecision> {
    decisions_of(rollback_check(project).and_then(|check| check.evidence.value()))
}

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

/// Path and digest of everything that is decided on, sorted by path: the tree's document, what the
/// phase names, and the report of the launch as it lies there.
pub fn rollback_covers(project: &Project) -> Vec<FileDigest> {
    let Some(check) = rollback_check(project) else { return Vec::new() };
    let document = project.phase.documents.get(&check.authority.document);
    let evidence = check.covers.iter().filter_map(|kind| project.phase.evidence.get(kind));
    let launch = project.phase.launch().map(|(_, def)| &def.path);
    let paths = document.map(|def| &def.path).into_iter();
    let mut files: Vec<FileDigest> = paths
        .chain(evidence.map(|def| &def.path))
        .chain(launch)
        .filter_map(|path| {
            let sha256 = project.digest_of(path)?.to_string();
            Some(FileDigest { path: path.clone(), sha256 })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// When the first deployment to production of this attempt began, as the ledger or its report says;
/// a report that is recorded again later does not move it.
pub fn deployed_at(project: &Project) -> Option<Stamp> {
    let (kind, def) = project.phase.launch()?;
    let step = project.phase.step_producing(kind).map(|(step, _)| step);
    let began = step.into_iter().flat_map(|step| began(project, step)).map(|began| began.line.at);
    let release = project.release()?.name();
    let reported = project.ledger.lines.iter().filter(|line| {
        line.entry.kind == EntryKind::Recorded
            && line.entry.release == release
            && line.entry.digests.iter().any(|file| file.path == def.path)
    });
    began.chain(project.launched_at()).chain(reported.map(|line| line.at)).min()
}

/// The step that a decision to roll back clears.
pub fn rollback_step(project: &Project) -> Option<&str> {
    let wants = |before: &Before| matches!(before, Before::Decision(_));
    let found = project.phase.steps.iter().find(|(_, step)| step.before.iter().any(wants));
    found.map(|(step, _)| step.as_str())
}

/// The first hook that rolls back, by name.
pub fn rollback_hook(project: &Project) -> Option<&str> {
    step_hooks(project, rollback_step(project)?).first().map(|(name, _)| *name)
}

/// The runs of rollbacks that began since something was deployed, in the ledger's order; those
/// before were rehearsals.
pub fn rollbacks_begun(project: &Project) -> Vec<Began<'_>> {
    let (Some(step), Some(deployed)) = (rollback_step(project), deployed_at(project)) else {
        return Vec::new();
    };
    began(project, step).into_iter().filter(|began| began.line.at >= deployed).collect()
}

fn began<'a>(project: &'a Project, step: &str) -> Vec<Began<'a>> {
    let hooks: Vec<&str> = step_hooks(project, step).into_iter().map(|(name, _)| name).collect();
    project.began().into_iter().filter(|began| hooks.contains(&began.hook)).collect()
}
