//! Lists of releases and what became of them: CSV for a spreadsheet, JSON for programs
//! (`schemas/population.v1.schema.json`), lines for people.

use super::formats::{Format, Sum};
use crate::decide::{Account, DecisionTold, GateTold};
use crate::model::Stamp;
use crate::project::ChangeRecord;
use crate::render::{clean, size};
use serde::Serialize;
use std::fmt::Write as _;

const SCHEMA: &str = "https://d3p.dev/schemas/population.v1.schema.json";
const OPENING: &str = "{\n  \"schema\": \"https://d3p.dev/schemas/population.v1.schema.json\"";

/// The columns of the CSV.
const COLUMNS: &str = "directory,project,phase,release,commit,outcome,emergency,change_id,change_type,change_reason,requested_by,incident,decisions,began,launched,rolled_back,closed,gates_passed,gates_refused,refusals,errors,missing,bytes,error";

/// A period; without an end it is open there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Period {
    /// Its first moment.
    pub from: Option<Stamp>,
    /// Its last.
    pub to: Option<Stamp>,
}

impl Period {
    /// Whether a release belongs to it: by its launch, else by its end, else by what happened last. One
    /// of which nothing is known belongs to every period.
    pub fn holds(&self, account: &Account) -> bool {
        account.moment().is_none_or(|at| {
            self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at <= to)
        })
    }
}

/// A release of the list.
#[derive(Debug)]
pub struct Row {
    /// Where it lies.
    pub directory: String,
    /// What became of it; `None` where it cannot be read.
    pub account: Option<Account>,
    /// How many bytes it has.
    pub bytes: Option<u64>,
    /// Why it cannot be read.
    pub error: Option<String>,
}

/// A list as it is written.
#[derive(Debug)]
pub struct Table {
    format: Format,
    period: Period,
    now: Stamp,
    begun: bool,
}

#[derive(Serialize)]
struct RowView<'a> {
    directory: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(flatten)]
    account: Option<AccountView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
}

#[derive(Serialize)]
struct AccountView<'a> {
    project: &'a str,
    phase: &'a str,
    release: &'a str,
    commit: &'a str,
    outcome: &'static str,
    emergency: bool,
    change: Option<ChangeView<'a>>,
    decisions: Vec<DecisionView<'a>>,
    began: Option<String>,
    launched: Option<String>,
    rolled_back: Option<String>,
    closed: Option<String>,
    gates: Vec<GateView<'a>>,
    refusals: usize,
    errors: usize,
    missing: Vec<MissingView<'a>>,
}

#[derive(Serialize)]
struct ChangeView<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    reason: &'a str,
    requested_by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<&'a str>,
}

#[derive(Serialize)]
struct DecisionView<'a> {
    decision: &'a str,
    person: &'a str,
    at: String,
}

#[derive(Serialize)]
struct GateView<'a> {
    id: &'a str,
    passed: Option<String>,
    refused: usize,
}

#[derive(Serialize)]
struct MissingView<'a> {
    kind: &'static str,
    id: &'a str,
    state: &'static str,
}

impl<'a> AccountView<'a> {
    fn of(account: &'a Account) -> Self {
        let time = |at: Option<Stamp>| at.map(|at| at.to_string());
        let change = |own: &'a ChangeRecord| ChangeView {
            id: &own.id,
            kind: &own.kind,
            reason: &own.reason,
            requested_by: &own.requested_by,
            incident: own.incident.as_deref(),
        };
        let decision = |own: &'a DecisionTold| DecisionView {
            decision: &own.decision,
            person: &own.person,
            at: own.at.to_string(),
        };
        let gate = |own: &'a GateTold| GateView {
            id: &own.id,
            passed: time(own.passed),
            refused: own.refused,
        };
        Self {
            project: &account.project,
            phase: &account.phase,
            release: &account.release,
            commit: &account.commit,
            outcome: account.word(),
            emergency: account.emergency,
            change: account.change.as_ref().map(change),
            decisions: account.decisions.iter().map(decision).collect(),
            began: time(account.began),
            launched: time(account.launched),
            rolled_back: time(account.rolled_back),
            closed: time(account.ended),
            gates: account.gates.iter().map(gate).collect(),
            refusals: account.refusals,
            errors: account.errors,
            missing: account
                .missing
                .iter()
                .map(|(piece, state)| MissingView {
                    kind: piece.kind(),
                    id: piece.id(),
                    state: state.word(),
                })
                .collect(),
        }
    }
}

impl Table {
    /// A list in `format` of the releases of `period`.
    pub fn new(format: Format, period: Period, now: Stamp) -> Self {
        Self { format, period, now, begun: false }
    }

    /// What a file of it begins with.
    pub fn openings(format: Format) -> &'static [&'static str] {
        match format {
            Format::Json => &[OPENING],
            _ => &["directory,project,phase,"],
        }
    }

    /// How it begins.
    pub fn opening(&self) -> String {
        match self.format {
            Format::Json => {
                let time = |at: Option<Stamp>| line(&at.map(|at| at.to_string()));
                format!(
                    "{{\n  \"schema\": \"{SCHEMA}\",\n  \"from\": {},\n  \"to\": {},\n  \"checked_at\": {},\n  \"releases\": [\n",
                    time(self.period.from),
                    time(self.period.to),
                    line(&self.now.to_string())
                )
            }
            Format::Csv => format!("{COLUMNS}\r\n"),
            _ => String::new(),
        }
    }

    /// A release.
    pub fn row(&mut self, row: &Row) -> String {
        let view = row.account.as_ref().map(AccountView::of);
        match self.format {
            Format::Json => {
                let text = line(&RowView {
                    directory: &row.directory,
                    error: row.error.as_deref(),
                    account: view,
                    bytes: row.bytes,
                });
                match std::mem::replace(&mut self.begun, true) {
                    true => format!(",\n{text}"),
                    false => text,
                }
            }
            Format::Csv => csv(row, view.as_ref()),
            _ => people(row, view.as_ref()),
        }
    }

    /// How it ends.
    pub fn closing(&self, sum: &Sum) -> String {
        let before = if self.begun { "\n" } else { "" };
        match self.format {
            Format::Json => format!("{before}  ],\n  \"sum\": {}\n}}\n", line(sum)),
            Format::Csv => String::new(),
            _ => format!("{}\n", sum.words()),
        }
    }
}

fn line<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our views have text keys only")
}

fn csv(row: &Row, view: Option<&AccountView<'_>>) -> String {
    let mut cells: Vec<String> = vec![row.directory.clone()];
    match view {
        None => cells.extend(vec![String::new(); 21]),
        Some(own) => {
            let change = |of: fn(&ChangeView<'_>) -> String| own.change.as_ref().map(of);
            let decisions = own.decisions.iter();
            let decisions =
                decisions.map(|told| format!("{} {} {}", told.decision, told.person, told.at));
            let passed = own.gates.iter();
            let passed =
                passed.filter_map(|gate| Some(format!("{} {}", gate.id, gate.passed.as_ref()?)));
            let refused = own.gates.iter().filter(|gate| gate.refused > 0);
            let refused = refused.map(|gate| format!("{} {}", gate.id, gate.refused));
            let missing = own.missing.iter();
            let missing = missing.map(|own| format!("{} {} {}", own.kind, own.id, own.state));
            let list = |of: &mut dyn Iterator<Item = String>| of.collect::<Vec<_>>().join("; ");
            let time = |at: &Option<String>| at.clone().unwrap_or_default();
            cells.extend([
                own.project.to_owned(),
                own.phase.to_owned(),
                own.release.to_owned(),
                own.commit.to_owned(),
                own.outcome.to_owned(),
                if own.emergency { "yes" } else { "no" }.to_owned(),
                change(|own| own.id.to_owned()).unwrap_or_default(),
                change(|own| own.kind.to_owned()).unwrap_or_default(),
                change(|own| own.reason.to_owned()).unwrap_or_default(),
                change(|own| own.requested_by.to_owned()).unwrap_or_default(),
                change(|own| own.incident.unwrap_or_default().to_owned()).unwrap_or_default(),
                list(&mut { decisions }),
                time(&own.began),
                time(&own.launched),
                time(&own.rolled_back),
                time(&own.closed),
                list(&mut { passed }),
                list(&mut { refused }),
                own.refusals.to_string(),
                own.errors.to_string(),
                list(&mut { missing }),
            ]);
        }
    }
    cells.push(row.bytes.map_or(String::new(), |bytes| bytes.to_string()));
    cells.push(row.error.clone().unwrap_or_default());
    let cells: Vec<String> = cells.iter().map(|cell| cell_of(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell of RFC 4180. What a spreadsheet would run as a formula is text there, too.
fn cell_of(text: &str) -> String {
    let text = clean(text);
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.into_owned() };
    match text.contains(['"', ',', '\n', '\r', ';']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

fn people(row: &Row, view: Option<&AccountView<'_>>) -> String {
    let mut out = format!("{}  ", clean(&row.directory));
    let Some(own) = view else {
        let why = row.error.as_deref().unwrap_or_default();
        let _ = writeln!(out, "cannot be read: {}", clean(why).replace('\n', " "));
        return out;
    };
    let _ = write!(
        out,
        "{} {}, {}",
        clean(own.project),
        clean(own.release),
        own.outcome.replace('-', " ")
    );
    if own.emergency {
        out.push_str(", emergency");
    }
    match &own.launched {
        Some(at) => {
            let _ = write!(out, ", launched {at}");
        }
        None => out.push_str(", not launched"),
    }
    if let Some(change) = &own.change {
        let _ = write!(out, ", change {}", clean(change.id));
    }
    for told in &own.decisions {
        let _ = write!(out, ", {} {}", clean(told.decision), clean(told.person));
    }
    let counts =
        [(own.refusals, "refusals"), (own.errors, "errors"), (own.missing.len(), "missing")];
    for (count, word) in counts.iter().filter(|(count, _)| *count > 0) {
        let _ = write!(out, ", {word}: {count}");
    }
    let _ = writeln!(out, ", {}", size(row.bytes.unwrap_or_default()));
    out
}

#[cfg(test)]
mod tests {
    use super::cell_of;

    #[test]
    fn a_cell_is_text_to_a_spreadsheet() {
        assert_eq!(cell_of("plain"), "plain");
        assert_eq!(cell_of("a,b"), "\"a,b\"");
        assert_eq!(cell_of("say \"no\""), "\"say \"\"no\"\"\"");
        assert_eq!(cell_of("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(cell_of("@SUM(1,2)"), "\"'@SUM(1,2)\"");
    }
}
