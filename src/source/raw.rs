//! What evidence rests on: raw logs and reports, and the copies of what was bound.

use crate::definition::{Effective, ReportFormat};
use crate::import::Imported;
use crate::model::{Places, Sha256Digest};
use crate::project::{Content, FileEntry, Project, ReadAs, Unsealed};
use crate::record::{Contents, Ledger};
use crate::source::load::too_large;
use crate::source::{DEFAULT_LIMIT, Loaded, Reader, Tree};
use crate::text::Fault;
use serde::Deserialize as _;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Most bytes that a report may have to be imported, where it is not read piece by piece: 64 MiB.
pub(crate) const RAW_LIMIT: u64 = 64 * 1024 * 1024;

/// Most bytes of raw files that are held at once: 256 MiB.
const TOTAL_LIMIT: u64 = 256 * 1024 * 1024;

/// Most bytes of reports that are read piece by piece: 2 GiB.
const REPORTS_LIMIT: u64 = 2 * 1024 * 1024 * 1024;

/// Digests of everything that a JSON value or front matter cites and that was not loaded. What another
/// phase handed over cites its own release, whose files lie where that phase has them.
pub(super) fn cited_digests(
    root: &dyn Tree,
    files: &BTreeMap<String, FileEntry>,
    raw: &BTreeMap<String, FileEntry>,
    handed_over: &BTreeSet<&String>,
) -> BTreeMap<String, Result<Sha256Digest, Fault>> {
    let mut paths = BTreeSet::new();
    let own = files.values().filter(|file| !handed_over.contains(&file.path));
    for value in own.chain(raw.values()).filter_map(FileEntry::value) {
        collect_cited(value, &mut paths);
    }
    paths
        .into_iter()
        .filter(|path| !files.contains_key(path))
        .map(|path| {
            // What was read already is not read twice.
            let known = raw.get(&path).and_then(|file| file.digest);
            let digest = match known {
                Some(digest) => Ok(digest),
                None => root.digest(&path).map(|(digest, _)| digest),
            };
            (path, digest)
        })
        .collect()
}

/// Reads the raw files whose content is judged: every record of a run and its reports, every envelope,
/// every earlier try, the records of passes that others replaced, each report that evidence imported, and the baseline that the policy pins.
pub(super) fn raw_files(
    root: &dyn Tree,
    (places, policy): (&Places, &Effective),
    files: &BTreeMap<String, FileEntry>,
    ledger: &Ledger,
    listing: &[String],
) -> BTreeMap<String, FileEntry> {
    let records = ledger.lines.iter().filter_map(|line| line.entry.record.as_ref());
    let records: BTreeSet<String> =
        records.map(|record| format!("{}/{}", places.objects(), record.sha256)).collect();
    let mut wanted: BTreeMap<String, ReadAs> = listing
        .iter()
        .filter(|path| {
            places.is_run(path)
                || places.is_watched(path)
                || places.is_attempt(path)
                || records.contains(*path)
        })
        .map(|path| (path.clone(), ReadAs::Json))
        .collect();
    // Envelopes are read where they are verified, from the same bytes.
    let envelopes = listing.iter().filter(|path| places.is_envelope(path));
    wanted.extend(envelopes.map(|path| (path.clone(), ReadAs::Raw)));
    for value in files.values().filter_map(FileEntry::value) {
        let imports = value.get("imports").and_then(Value::as_array);
        for (path, read) in imports.into_iter().flatten().filter_map(report) {
            // What is a record stays one, whoever calls it a report.
            wanted.entry(path).or_insert(read);
        }
    }
    if let Some(baseline) = policy.policy.validation.baseline.as_ref() {
        wanted.entry(baseline.path.clone()).or_insert(ReadAs::Raw);
    }
    let mut budget = Budget { root, places, held: TOTAL_LIMIT, reports: REPORTS_LIMIT };
    let mut found = BTreeMap::new();
    for (path, read) in wanted.into_iter().filter(|(path, _)| !files.contains_key(path)) {
        let entry = budget.load(&path, read);
        found.insert(path, entry);
    }
    // What a sample was measured with is imported by nothing but its run.
    for (path, read) in reports_of_runs(places, &found) {
        if !files.contains_key(&path) && !found.contains_key(&path) {
            let entry = budget.load(&path, read);
            found.insert(path, entry);
        }
    }
    found
}

/// What may still be read.
struct Budget<'a> {
    root: &'a dyn Tree,
    places: &'a Places,
    /// Bytes of files that are held.
    held: u64,
    /// Bytes of reports that are not.
    reports: u64,
}

impl Budget<'_> {
    fn load(&mut self, path: &str, read: ReadAs) -> FileEntry {
        if let Some(reader) = reader(read) {
            return self.report(path, reader);
        }
        let own = if read == ReadAs::Json { DEFAULT_LIMIT } else { RAW_LIMIT };
        match self.root.load_within(path, own.min(self.held)) {
            Loaded::Faulty { fault, digest } => faulty(path.to_owned(), fault, digest),
            Loaded::File(file) => {
                self.held = self.held.saturating_sub(file.text.len() as u64);
                FileEntry::read(file.path, file.text, file.digest, read)
            }
        }
    }

    fn report(&mut self, path: &str, reader: Reader) -> FileEntry {
        if self.reports == 0 {
            return faulty(
                path.to_owned(),
                too_large(self.places.raw(), None, REPORTS_LIMIT),
                None,
            );
        }
        match self.root.report(path, reader) {
            Err(fault) => faulty(path.to_owned(), fault, None),
            Ok(report) => {
                self.reports = self.reports.saturating_sub(report.bytes);
                let content = Content::Report(report.read);
                let text = report.beginning.to_string();
                FileEntry::new(path.to_owned(), Some(report.digest), text, content)
            }
        }
    }
}

/// The reports that the records of runs name, by path.
fn reports_of_runs(
    places: &Places,
    records: &BTreeMap<String, FileEntry>,
) -> BTreeMap<String, ReadAs> {
    let records = records.iter().filter(|(path, _)| places.is_run(path));
    let reports = records.filter_map(|(_, file)| file.value()?.get("reports")?.as_array());
    reports
        .flatten()
        .filter_map(report)
        .filter(|(path, _)| path.starts_with(places.raw()))
        .collect()
}

/// Where a report lies, and what it is read as.
fn report(import: &Value) -> Option<(String, ReadAs)> {
    let path = import.get("path")?.as_str()?.to_owned();
    let format = import.get("format").and_then(Value::as_str);
    let is = |own: ReportFormat| format == Some(own.word());
    let read = match () {
        () if is(ReportFormat::Junit) => ReadAs::Tests,
        () if is(ReportFormat::Sarif) => ReadAs::Scan,
        () => ReadAs::Raw,
    };
    Some((path, read))
}

/// How a report is read that may be of any size.
fn reader(read: ReadAs) -> Option<Reader> {
    match read {
        ReadAs::Tests => Some(Imported::tests),
        ReadAs::Scan => Some(Imported::scan),
        _ => None,
    }
}

fn collect_cited(value: &Value, paths: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let (Some(Value::String(path)), Some(Value::String(_))) =
                (members.get("path"), members.get("sha256"))
            {
                paths.insert(path.clone());
            }
            members.values().for_each(|member| collect_cited(member, paths));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_cited(item, paths)),
        _ => {}
    }
}

/// Digests of the copies of what was bound, by file name. A copy was once read whole, so something
/// larger than the most that is read is none, and hashing it would only cost the reader's time.
pub(super) fn object_digests(
    root: &dyn Tree,
    places: &Places,
    listing: &[String],
) -> BTreeMap<String, Sha256Digest> {
    let name =
        |path: &String| Some(path.strip_prefix(places.objects())?.strip_prefix('/')?.to_owned());
    let digest = |path: &String| Some(root.digest_within(path, RAW_LIMIT).ok()?.0);
    listing.iter().filter_map(|path| Some((name(path)?, digest(path)?))).collect()
}

/// What is gone or says something else since the release was closed, of what it consisted of then.
pub(super) fn unsealed(root: &dyn Tree, project: &Project) -> Vec<Unsealed> {
    if project.closed().is_none() {
        return Vec::new();
    }
    let contents = project.file(project.places().contents()).and_then(FileEntry::value);
    let contents: Option<Contents> = contents.and_then(|own| Contents::deserialize(own).ok());
    let files = contents.into_iter().flat_map(|contents| contents.files);
    files
        .filter_map(|(path, sha256)| {
            let was = Sha256Digest::parse(&sha256);
            let object = path.strip_prefix(project.places().objects());
            let object = object.and_then(|name| project.objects.get(name.strip_prefix('/')?));
            // What was read already is not read twice.
            let now = project.digest_of(&path).or_else(|| object.copied());
            let now = now.or_else(|| root.digest(&path).ok().map(|(digest, _)| digest));
            (now != was).then(|| Unsealed { path, was, gone: now.is_none() })
        })
        .collect()
}

pub(super) fn faulty(path: String, fault: Fault, digest: Option<Sha256Digest>) -> FileEntry {
    let mut file = FileEntry::new(path, digest, String::new(), Content::None);
    file.faults.push(fault);
    file
}
