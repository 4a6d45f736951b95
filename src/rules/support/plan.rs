//! The planned release window and how long the planned steps take (D3P-3, OPS-7).

use crate::definition::{CellType, NativeCheck, TableDef, WindowPlan};
use crate::model::{Location, Piece, Span, Stamp};
use crate::project::Project;
use crate::project::sections::{Found, Sectioned, cell, sectioned};

/// One planned window: a row of the plan.
#[derive(Clone, Debug)]
pub(crate) struct PlannedWindow {
    /// First moment of the launch.
    pub(crate) start: Stamp,
    /// Moment at which all steps are done.
    pub(crate) end: Stamp,
    /// The row.
    pub(crate) place: Location,
}

/// What the plan says of the launch.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The document.
    pub(crate) piece: Piece,
    /// Its windows, in its order; rows whose times cannot be read are another rule's.
    pub(crate) windows: Vec<PlannedWindow>,
    /// From the start of the window to the end of the last step, in milliseconds.
    pub(crate) needs: i64,
}

impl PlannedWindow {
    /// Its length in milliseconds; negative when it ends before it starts.
    pub(crate) fn millis(&self) -> i64 {
        self.end.millis_since(self.start)
    }

    /// Whether a launch may begin at `at`, by clocks that may disagree by `skew`.
    pub(crate) fn admits(&self, at: Stamp, skew: Span) -> bool {
        self.start <= at.plus(skew) && at <= self.end.plus(skew)
    }
}

impl Plan {
    /// When a deployment that begins at `at` should be over.
    pub(crate) fn ends(&self, at: Stamp) -> Stamp {
        at.minus_millis(-self.needs)
    }
}

/// The plan that binds the launch; `None` when the phase has none, or the document is not there, is
/// an untouched skeleton, or gives no window that can be read.
pub(crate) fn plan(project: &Project) -> Option<Plan> {
    let source = project.phase.evidence.values().flat_map(|def| &def.native).find_map(
        |native| match native {
            NativeCheck::Window { plan, .. } => plan.as_ref(),
            _ => None,
        },
    )?;
    let piece = Piece::Document(source.document.clone());
    let file = sectioned(project).into_iter().find(|file| file.piece == piece)?;
    let windows = windows(project, &file, source);
    let needs = needs(project, &file, source).unwrap_or(0);
    (!windows.is_empty()).then_some(Plan { piece, windows, needs })
}

fn section<'a>(
    project: &Project,
    file: &Sectioned<'a>,
    id: &str,
) -> Option<(Found<'a>, &'a TableDef)> {
    let def = file.sections.iter().find(|def| def.id == id)?;
    Some((file.find(project, def)?, def.table.as_ref()?))
}

/// The places of the columns of one type, from left to right as the phase lists them.
fn of_type(def: &TableDef, places: &[usize], kind: CellType) -> Vec<usize> {
    let columns = def.columns.values().zip(places);
    columns.filter(|(own, _)| **own == kind).map(|(_, place)| *place).collect()
}

fn windows(project: &Project, file: &Sectioned<'_>, source: &WindowPlan) -> Vec<PlannedWindow> {
    let Some((found, def)) = section(project, file, &source.window) else { return Vec::new() };
    let Some((table, places)) = found.table(project, def) else { return Vec::new() };
    let &[start, end, ..] = &of_type(def, &places, CellType::Time)[..] else { return Vec::new() };
    let read = |row, place| Stamp::parse(cell(row, place)).ok();
    let rows = table.rows.iter().filter_map(|row| {
        Some(PlannedWindow {
            start: read(row, start)?,
            end: read(row, end)?,
            place: file.at(row.range.clone()),
        })
    });
    rows.collect()
}

/// From the start of the window to the end of the last step.
fn needs(project: &Project, file: &Sectioned<'_>, source: &WindowPlan) -> Option<i64> {
    let first = windows(project, file, source).first()?.start;
    let (found, def) = section(project, file, &source.steps)?;
    let (table, places) = found.table(project, def)?;
    let start = *of_type(def, &places, CellType::Offset).first()?;
    let lasts = *of_type(def, &places, CellType::Duration).first()?;
    let ends = table.rows.iter().filter_map(|row| {
        let begins = offset(cell(row, start), first)?;
        let lasts = Span::parse(cell(row, lasts)).ok()?;
        Some(begins.saturating_add(millis(lasts)))
    });
    ends.max()
}

/// Milliseconds from the start of the window: `T-30m`, `T+1h`, or a time.
fn offset(text: &str, start: Stamp) -> Option<i64> {
    if let Ok(stamp) = Stamp::parse(text) {
        return Some(stamp.millis_since(start));
    }
    let (sign, span) = match text.strip_prefix('T')?.split_at_checked(1)? {
        ("+", span) => (1, span),
        ("-", span) => (-1, span),
        _ => return None,
    };
    // `T+0m` is no span, for a span has a length.
    Some(Span::parse(span).map_or(0, millis).saturating_mul(sign))
}

fn millis(span: Span) -> i64 {
    i64::try_from(span.seconds()).unwrap_or(i64::MAX / 1000).saturating_mul(1000)
}

/// Milliseconds as a span for people, in whole minutes or seconds.
pub(crate) fn shown(millis: i64) -> String {
    let seconds = u64::try_from(millis / 1000).unwrap_or(0);
    let whole = if seconds >= 60 { seconds - seconds % 60 } else { seconds };
    Span::from_seconds(whole).to_string()
}
