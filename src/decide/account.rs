//! What became of a release, for lists of many: how it ended, who decided, when, and what is missing.

use crate::decide::{Assessment, Recorded};
use crate::decisions::rollbacks_begun;
use crate::model::{Closing, Finding, Level, Piece, Stamp, State};
use crate::project::{ChangeRecord, Project};
use crate::record::{EntryKind, Line};

/// What became of a release.
#[derive(Clone, Debug)]
pub struct Account {
    /// The project, as the policy names it.
    pub project: String,
    /// Id of the phase.
    pub phase: String,
    /// Version and attempt, `v1.4.0+1`; empty where nothing tells.
    pub release: String,
    /// Its commit.
    pub commit: String,
    /// As what it was closed; `None` while it is open.
    pub closed: Option<Closing>,
    /// Whether its change record says that it is an emergency.
    pub emergency: bool,
    /// Its change record.
    pub change: Option<ChangeRecord>,
    /// What people decided, as the ledger names it.
    pub decisions: Vec<DecisionTold>,
    /// The gates, in order.
    pub gates: Vec<GateTold>,
    /// How often a gate or a launch was refused.
    pub refusals: usize,
    /// The first line of its ledger.
    pub began: Option<Stamp>,
    /// When the launch began.
    pub launched: Option<Stamp>,
    /// When taking it back began.
    pub rolled_back: Option<Stamp>,
    /// When it was closed.
    pub ended: Option<Stamp>,
    /// The last line of its ledger.
    pub last: Option<Stamp>,
    /// What is missing or wrong now, by piece and state.
    pub missing: Vec<(Piece, State)>,
    /// Errors that count.
    pub errors: usize,
}

/// A decision of a person, as a line of the ledger names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecisionTold {
    /// When it was recorded.
    pub at: Stamp,
    /// What was decided.
    pub decision: String,
    /// By whom.
    pub person: String,
}

/// What the ledger and the record tell of a gate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GateTold {
    /// Its id.
    pub id: String,
    /// When it was passed, where the pass still counts.
    pub passed: Option<Stamp>,
    /// How often it was refused.
    pub refused: usize,
}

impl Account {
    /// What became of the release of `project`.
    pub fn of(project: &Project, assessment: &Assessment) -> Self {
        let own = project.release();
        let name = own.as_ref().map(crate::project::Release::name);
        // Of a manifest that is gone the ledger still tells.
        let name =
            name.or_else(|| project.ledger.lines.last().map(|line| line.entry.release.clone()));
        let name = name.unwrap_or_default();
        let lines: Vec<&Line> =
            project.ledger.lines.iter().filter(|line| line.entry.release == name).collect();
        let refused = |line: &&&Line| {
            matches!(line.entry.kind, EntryKind::GateRefused | EntryKind::RunRefused)
        };
        let closing = lines.iter().find(|line| line.entry.kind == EntryKind::Archived);
        let decided = project.ledger.decisions().filter(|(line, _)| line.entry.release == name);
        let change = project.change_record();
        Self {
            project: project.effective().policy.project.clone(),
            phase: project.phase.id.clone(),
            commit: own.map(|release| release.commit).unwrap_or_default(),
            closed: closing.and_then(|line| line.entry.closed),
            emergency: change.as_ref().is_some_and(ChangeRecord::is_emergency),
            change,
            decisions: decided
                .map(|(line, decided)| DecisionTold {
                    at: line.at,
                    decision: decided.decision.clone(),
                    person: decided.person.clone(),
                })
                .collect(),
            gates: gates(assessment, &lines),
            refusals: lines.iter().filter(refused).count(),
            began: lines.first().map(|line| line.at),
            launched: project.launched_at(),
            rolled_back: rollbacks_begun(project).first().map(|began| began.line.at),
            ended: closing.map(|line| line.at),
            last: lines.last().map(|line| line.at),
            missing: missing(project, assessment),
            errors: assessment.findings.iter().filter(|finding| counts(finding)).count(),
            release: name,
        }
    }

    /// The moment by which it belongs to a period: its launch; of one that never was launched its end,
    /// and while it is open, what happened last.
    pub fn moment(&self) -> Option<Stamp> {
        self.launched.or(self.ended).or(self.last)
    }

    /// How it ended, in a word.
    pub fn word(&self) -> &'static str {
        self.closed.map_or("open", Closing::word)
    }
}

fn counts(finding: &Finding) -> bool {
    finding.level == Level::Error && finding.waived.is_none()
}

fn gates(assessment: &Assessment, lines: &[&Line]) -> Vec<GateTold> {
    let told = |gate: &crate::decide::GateAssessment| GateTold {
        id: gate.id.clone(),
        passed: match gate.recorded {
            Recorded::Valid(at) => Some(at),
            Recorded::No | Recorded::Reopened => None,
        },
        refused: lines
            .iter()
            .filter(|line| line.entry.kind == EntryKind::GateRefused)
            .filter(|line| line.entry.gate.as_deref() == Some(&gate.id))
            .count(),
    };
    assessment.gates.iter().map(told).collect()
}

/// What keeps the release from being whole, also what an emergency owes and may still bring. Gates and
/// their records follow from it.
fn missing(project: &Project, assessment: &Assessment) -> Vec<(Piece, State)> {
    let follows = |piece: &Piece| matches!(piece, Piece::Gate(_) | Piece::Record(_));
    let pieces =
        assessment.states.iter().filter(|(piece, state)| !state.satisfies() && !follows(piece));
    let mut all: Vec<(Piece, State)> =
        pieces.map(|(piece, state)| (piece.clone(), *state)).collect();
    let owed = project.owed().map_or_else(Vec::new, |(owed, _)| owed);
    for evidence in owed.into_iter().filter_map(|kind| project.evidence(kind)) {
        let known = all.iter().any(|(piece, _)| *piece == evidence.piece());
        if evidence.file.is_absent() && !known {
            all.push((evidence.piece(), State::Missing));
        }
    }
    all
}
