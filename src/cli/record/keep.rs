//! The copy of a report that is kept: the report itself where it holds no secret, else the same
//! written anew without them.

#[cfg(test)]
mod tests;

use crate::definition::ReportFormat;
use crate::import::{
    self, ImportError, Imported, ReportInput, Source, checks, copy, engine, performance,
    prometheus, promtool,
};
use crate::model::{Reason, Sha256Digest};
use crate::process::Redactor;
use crate::record::Import;
use crate::source::{Held, OpenReport, RAW_LIMIT, Reader, Root};
use crate::text::Fault;
use crate::write::{ChangeSet, Draft};
use std::io::{self, Read as _, Write as _};
use std::sync::Arc;

/// A report that evidence is made of.
#[derive(Clone, Debug)]
pub(in crate::cli) enum Kept {
    /// A copy that is in memory.
    Bytes(Vec<u8>),
    /// A copy that lies on disk, outside of the project as yet.
    Held(Held),
    /// It lies in the project already.
    There(Arc<Imported>),
}

impl Kept {
    /// What it tells.
    pub(in crate::cli) fn report_input(&self) -> ReportInput<'_> {
        match self {
            // A copy is text, whatever it was made of.
            Self::Bytes(bytes) => ReportInput::Text(std::str::from_utf8(bytes).unwrap_or_default()),
            Self::Held(held) => ReportInput::Read(&held.report.read),
            Self::There(read) => ReportInput::Read(read),
        }
    }

    /// Makes it a file at `path`.
    pub(in crate::cli) fn add_to(&self, path: &str, changes: &mut ChangeSet) {
        match self {
            Self::Bytes(bytes) => {
                changes.create(path, bytes.clone());
            }
            Self::Held(held) => {
                changes.create_held(path, held.clone());
            }
            Self::There(_) => {}
        }
    }
}

/// How reports of a format are read that may be of any size.
fn reader(format: ReportFormat) -> Option<Reader> {
    match format {
        ReportFormat::Junit => Some(Imported::tests),
        ReportFormat::Sarif => Some(Imported::scan),
        _ => None,
    }
}

/// Reads the report of `format` at `source` in `from` and makes its copy, in memory or beside the
/// files of `root`; and says what is recorded of it. Where the copy lies is left open.
///
/// What is counted must be the same in both: where masks would change it, the report counts as one
/// that cannot be read.
///
/// # Errors
/// What keeps the report from being read, or its copy from being written.
pub(in crate::cli) fn keep(
    format: ReportFormat,
    source: &str,
    from: &Root,
    root: &Root,
    redactor: &Redactor,
) -> Result<(Import, Kept), Fault> {
    match reader(format) {
        Some(read) => {
            let report = from.open_report(source)?;
            let (import, held) = hold(format, source, &report, read, root, redactor)?;
            Ok((import, Kept::Held(held)))
        }
        None => {
            let bytes = from.bytes(source, RAW_LIMIT)?;
            let (import, bytes) = keep_bytes(format, source, bytes, redactor);
            Ok((import, Kept::Bytes(bytes)))
        }
    }
}

/// What is recorded of a copy.
fn recorded(
    format: ReportFormat,
    source: &str,
    (original, copy): (Sha256Digest, Sha256Digest),
    (masked, unread): (Option<u64>, Option<String>),
    redactor: &Redactor,
) -> Import {
    Import {
        format: format.word().to_owned(),
        // A name may hold a secret, too.
        source: redactor.redact_text(source),
        original: (original != copy).then(|| original.to_string()),
        sha256: copy.to_string(),
        masked,
        unread: unread.map(|why| redactor.redact_text(&why)),
        ..Import::default()
    }
}

/// The copy of a report that is in memory.
fn keep_bytes(
    format: ReportFormat,
    source: &str,
    bytes: Vec<u8>,
    redactor: &Redactor,
) -> (Import, Vec<u8>) {
    let original = Sha256Digest::of(&bytes);
    let mut kept = Vec::with_capacity(bytes.len());
    let copied_report = copied(format, &bytes.as_slice(), &mut kept, redactor);
    let copied_report = copied_report.and_then(|masked| match masked {
        0 => Ok(None),
        _ if numbers_of(format, &kept.as_slice()) == numbers_of(format, &bytes.as_slice()) => {
            Ok(Some(masked))
        }
        _ => Err(ANOTHER.into()),
    });
    let unread = match &copied_report {
        Ok(Some(_)) => None,
        Ok(None) => {
            kept = without_mark(&bytes).to_vec();
            None
        }
        Err(why) => {
            let text = String::from_utf8_lossy(without_mark(&bytes)).replace('\0', "\u{fffd}");
            kept = redactor.redact_text(&text).into_bytes();
            Some(why.to_string())
        }
    };
    let digests = (original, Sha256Digest::of(&kept));
    let masked = copied_report.ok().flatten();
    (recorded(format, source, digests, (masked, unread), redactor), kept)
}

/// The copy of a report of any size.
fn hold(
    format: ReportFormat,
    source: &str,
    report: &OpenReport,
    read: Reader,
    root: &Root,
    redactor: &Redactor,
) -> Result<(Import, Held), Fault> {
    let broken = |error: io::Error| {
        let message = format!("the copy of `{source}` cannot be written: {error}");
        Fault::whole(crate::text::FaultKind::Unreadable, message)
    };
    let original = report.read(read)?;
    let digest = original.digest;
    let before = numbers(ReportInput::Read(&original.read), format);
    let mut draft = Draft::begin(root).map_err(broken)?;
    let masked = match &before {
        Ok(_) => copied(format, report, &mut draft, redactor),
        Err(why) => Err(why.clone()),
    };
    let (mut masking, mut known) = ((None, None), None);
    let held = match masked {
        Ok(0) => {
            known = Some(original);
            None
        }
        Ok(masked) => {
            drop(original);
            let held = Held::of(draft.finish().map_err(broken)?, None, read)?;
            let same = numbers(ReportInput::Read(&held.report.read), format) == before;
            masking = if same { (Some(masked), None) } else { (None, Some(ANOTHER.to_owned())) };
            same.then_some(held)
        }
        Err(why) => {
            masking.1 = Some(why.into_text());
            None
        }
    };
    let held = match held {
        Some(held) => held,
        None => {
            let mut draft = Draft::begin(root).map_err(broken)?;
            let clean = masking.1.is_some().then(|| redactor.anew());
            copy_bytes(report, clean, &mut draft).map_err(broken)?;
            Held::of(draft.finish().map_err(broken)?, known, read)?
        }
    };
    let digests = (digest, held.report.digest);
    Ok((recorded(format, source, digests, masking, redactor), held))
}

/// Copies the bytes of a report as they are, or without what looks like a secret.
fn copy_bytes(report: &OpenReport, mut clean: Option<Redactor>, to: &mut Draft) -> io::Result<()> {
    let mut from = report.open()?;
    let mut buffer = vec![0; 64 * 1024];
    let mut begun = false;
    loop {
        let mut held = 0;
        // A mark may not be cut in two.
        while held < 3 {
            match from.read(&mut buffer[held..])? {
                0 => break,
                count => held += count,
            }
        }
        if held == 0 {
            break;
        }
        let mut piece = &buffer[..held];
        if !std::mem::replace(&mut begun, true) {
            piece = without_mark(piece);
        }
        match &mut clean {
            Some(redactor) => to.write_all(&redactor.push(piece))?,
            None => to.write_all(piece)?,
        }
    }
    match &mut clean {
        Some(redactor) => to.write_all(&redactor.finish()),
        None => Ok(()),
    }
}

/// `bytes` without a byte order mark, which counts for nothing.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Why a copy counts for nothing in which masks changed what it says.
const ANOTHER: &str = "it cannot be kept: without its secrets it says something else; do not name \
                       tests, rules or metrics after secrets";

/// Writes the report anew; how many of its values were masked.
fn copied(
    format: ReportFormat,
    source: &dyn Source,
    out: &mut dyn io::Write,
    redactor: &Redactor,
) -> Result<u64, Reason> {
    if reader(format).is_none() {
        numbers_of(format, source)?;
    }
    let mask = |name: &str, value: &str| redactor.redact_value(name, value);
    let masked = match format {
        ReportFormat::Junit => copy::xml(source, &mask, out),
        ReportFormat::Prometheus => copy::exposition(source, &mask, out),
        ReportFormat::Promtool | ReportFormat::File => {
            copy::text(source, &|text| redactor.redact_text(text), out)
        }
        _ => copy::json(source, &mask, out),
    };
    masked.map_err(|error| error.to_string().into())
}

/// [`numbers`], of a report that was not read yet.
fn numbers_of(format: ReportFormat, source: &dyn Source) -> Result<Vec<u64>, Reason> {
    let text = import::read_text(source).map_err(|error| error.to_string())?;
    numbers(ReportInput::Text(&text), format)
}

/// Everything in a report that can be counted, and nothing that may be a secret.
fn numbers(input: ReportInput<'_>, format: ReportFormat) -> Result<Vec<u64>, Reason> {
    counted(input, format).map_err(|error| error.to_string().into())
}

fn counted(input: ReportInput<'_>, format: ReportFormat) -> Result<Vec<u64>, ImportError> {
    Ok(match format {
        ReportFormat::Junit => {
            let report = input.tests()?;
            let suites = report.suites.iter().flat_map(|suite| {
                [suite.passed, suite.failed, suite.skipped, suite.unwritten, suite.flaky]
            });
            let mut numbers: Vec<u64> = suites.collect();
            // Masks may change the order of names.
            numbers.sort_unstable();
            numbers.extend([report.doubts.len() as u64, report.identities.len() as u64]);
            numbers
        }
        ReportFormat::Sarif => {
            let report = input.scan()?;
            let counts = [report.found, report.suppressed, report.unchanged];
            let counts = counts.iter().flat_map(|of| [of.critical, of.high, of.medium, of.low]);
            let rest = [report.undecided, u64::from(report.failed.is_some())];
            counts.chain(rest).chain([report.doubts.len() as u64]).collect()
        }
        ReportFormat::Prometheus => {
            let samples = prometheus::parse(input.text()?)?;
            samples.iter().map(|sample| sample.value.to_bits()).collect()
        }
        ReportFormat::Health => {
            let report = checks::parse(input.text()?)?;
            let checks = report.checks.iter().map(|check| u64::from(check.passed));
            checks.chain(report.metrics.iter().map(|metric| metric.value.to_bits())).collect()
        }
        ReportFormat::Promtool => {
            let files = promtool::parse(input.text()?)?;
            files.iter().map(|file| u64::from(file.passed)).collect()
        }
        ReportFormat::Engine => engine_numbers(input.text()?)?,
        // A file is what it is: without a part of it, it is another one.
        ReportFormat::File => {
            Sha256Digest::of(input.text()?.as_bytes()).to_string().bytes().map(u64::from).collect()
        }
        ReportFormat::Performance | ReportFormat::Configuration | ReportFormat::Baseline => {
            let report = performance::parse(input.text()?)?;
            let values = report.metrics.iter().map(|metric| metric.value.to_bits());
            values.chain(report.suites.iter().map(|(_, total)| *total)).collect()
        }
    })
}

/// What an engine's objects come to: shares, measurements, verdicts.
fn engine_numbers(text: &str) -> Result<Vec<u64>, ImportError> {
    let objects = engine::parse(text)?;
    let numbers = |object: &engine::EngineObject| {
        let metrics = object.metrics.iter().flat_map(|own| {
            let value = own.value.map_or(0, f64::to_bits);
            [own.wanted as u64, own.judged as u64, own.verdict as u64, value]
        });
        let own = [object.verdict as u64, object.weight.map_or(0, f64::to_bits)];
        own.into_iter().chain(metrics).collect::<Vec<u64>>()
    };
    Ok(objects.iter().flat_map(numbers).collect())
}
