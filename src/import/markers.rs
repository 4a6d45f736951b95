//! Markers: what a hook's output says about services, metrics and incidents, one in a line.
//!
//! ```text
//! ::service NAME=STATUS [VERSION[@sha256:DIGEST]]     STATUS is healthy, unhealthy, unknown or halted
//! ::metric NAME=QUANTITY              such as error_rate=0.2% or latency_p99=180ms
//! ::critical TEXT
//! ::incident TEXT
//! ::observation TEXT
//! ```
//!
//! A marker stands at the start of its line. Other `::word` lines, such as GitHub's `::group::`,
//! are none of ours.

#[cfg(test)]
mod tests;

use super::shortened;
use crate::model::{Quantity, Reason, Sha256Digest};
use crate::text::quoted;

/// Everything that markers say in one output.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Markers {
    /// Services, ordered by name; the last report of each.
    pub services: Vec<ServiceMarker>,
    /// What `::critical` says, in the order of the output.
    pub critical: Vec<String>,
    /// What `::incident` says, in the order of the output.
    pub incidents: Vec<String>,
    /// Names and quantities as written, ordered by name. One that is told twice, with two values, has
    /// none: it stands in `malformed`.
    pub metrics: Vec<(String, String)>,
    /// What `::observation` says; several are joined with `; `.
    pub observation: Option<String>,
    /// Lines that begin as markers and are none: their number, from 1, and what is wrong.
    pub malformed: Vec<(usize, String)>,
}

/// What one marker says about a service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServiceMarker {
    /// The service.
    pub name: String,
    /// What its health check said.
    pub status: ServiceStatus,
    /// The version that answers.
    pub version: Option<String>,
    /// The digest of what answers.
    pub digest: Option<String>,
    /// The version that answered first, where the output told of several.
    pub before: Option<String>,
}

/// What a health check said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ServiceStatus {
    /// It answers as it should.
    Healthy,
    /// It does not.
    Unhealthy,
    /// Nobody knows; this is not healthy.
    Unknown,
    /// Nobody is given it any more; this is not healthy.
    Halted,
}

impl ServiceStatus {
    /// The word for it, in markers and in evidence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::Unknown => "unknown",
            Self::Halted => "halted",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Healthy, Self::Unhealthy, Self::Unknown, Self::Halted]
            .into_iter()
            .find(|status| status.as_str() == word)
    }
}

/// What stands between a version and the digest of what answers.
const DIGEST: &str = "@sha256:";

const WORDS: [&str; 5] = ["service", "metric", "critical", "incident", "observation"];

impl Markers {
    /// Reads the markers in `log`. Nothing is an error: a log may hold anything, and what looks
    /// like a marker and is none is told in `malformed`.
    pub fn read(log: &str) -> Self {
        let mut markers = Self::default();
        let mut observations = Vec::new();
        for (index, line) in super::unmarked(log).split('\n').enumerate() {
            let line = line.strip_suffix('\r').unwrap_or(line);
            let Some((word, rest)) = marker(line) else { continue };
            if let Err(reason) = markers.add(line, word, rest, &mut observations) {
                let message = format!("{reason}: {}", quoted(line));
                markers.malformed.push((index + 1, message));
            }
        }
        markers.observation = (!observations.is_empty()).then(|| observations.join("; "));
        // Stable sorts keep reports of one name in their order.
        let services = &mut markers.services;
        services.sort_by(|a, b| a.name.cmp(&b.name));
        tell_before(services);
        keep_last(services, |a, b| a.name == b.name);
        markers.metrics.sort_by(|a, b| a.0.cmp(&b.0));
        markers.metrics.dedup();
        markers.ambiguous();
        markers
    }

    /// Takes out what was told twice: which value would count?
    fn ambiguous(&mut self) {
        for pair in self.metrics.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            let [(name, one), (_, other)] = pair else { continue };
            let message = format!("::metric {name} is told twice: {one} and {other}");
            self.malformed.push((0, message));
        }
        let names: Vec<String> = self.metrics.iter().map(|(name, _)| name.clone()).collect();
        self.metrics.retain(|(own, _)| names.iter().filter(|name| *name == own).count() == 1);
    }

    fn add(
        &mut self,
        line: &str,
        word: &str,
        rest: &str,
        observations: &mut Vec<String>,
    ) -> Result<(), Reason> {
        if line.chars().any(|c| c.is_control() && c != '\t') {
            return Err("a marker holds no colours and no other control characters".into());
        }
        if !WORDS.contains(&word) {
            return Err("markers are written in lower case".into());
        }
        if !rest.starts_with([' ', '\t']) {
            return Err(format!("expected a blank after ::{word}").into());
        }
        let said = shortened(rest).ok_or_else(|| format!("::{word} says nothing"))?;
        match word {
            "service" => self.services.push(service(&said)?),
            "metric" => self.metrics.push(metric(&said)?),
            "critical" => self.critical.push(said),
            "incident" => self.incidents.push(said),
            _ => observations.push(said),
        }
        Ok(())
    }
}

/// Whether a line that was told to be no marker means to tell of a critical error or an incident.
pub fn is_alarm(malformed: &str) -> bool {
    let line = malformed.split_once('`').map_or(malformed, |(_, line)| line);
    let line = line.to_ascii_lowercase();
    ["::critical", "::incident"].iter().any(|word| line.contains(word))
}

/// The word and the rest of a line that means to be a marker of ours.
fn marker(line: &str) -> Option<(&str, &str)> {
    let rest = uncoloured(line).strip_prefix("::")?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    let (word, rest) = rest.split_at(end.unwrap_or(rest.len()));
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)).then_some((word, rest))
}

/// `line` without the colours it starts with: these must not hide a marker.
fn uncoloured(line: &str) -> &str {
    let mut line = line;
    while let Some(sequence) = line.strip_prefix("\u{1b}[") {
        let Some(end) = sequence.find(|c: char| ('@'..='~').contains(&c)) else { break };
        line = &sequence[end + 1..];
    }
    line
}

fn service(said: &str) -> Result<ServiceMarker, Reason> {
    let mut words = said.split_ascii_whitespace();
    let report = words.next().unwrap_or_default();
    let (name, status) = report.split_once('=').ok_or("expected NAME=STATUS")?;
    let begins = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !name.starts_with(begins) || !name.chars().all(|c| begins(c) || "._-".contains(c)) {
        return Err("a service name has lower-case letters, digits and . _ -".into());
    }
    let status =
        ServiceStatus::parse(status).ok_or("expected healthy, unhealthy, unknown or halted")?;
    let told = words.next();
    let (version, digest) = match told.and_then(|told| told.split_once(DIGEST)) {
        Some((version, digest)) => (Some(version).filter(|own| !own.is_empty()), Some(digest)),
        None => (told, None),
    };
    if digest.is_some_and(|own| Sha256Digest::parse(own).is_none()) {
        return Err("expected 64 lower-case hexadecimal digits after @sha256:".into());
    }
    let (version, digest) = (version.map(str::to_owned), digest.map(str::to_owned));
    if words.next().is_some() {
        return Err("expected nothing after the version".into());
    }
    Ok(ServiceMarker { name: name.to_owned(), status, version, digest, before: None })
}

fn metric(said: &str) -> Result<(String, String), Reason> {
    let (name, quantity) = said.split_once('=').ok_or("expected NAME=QUANTITY")?;
    let belongs = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(belongs) {
        return Err("a metric name has lower-case letters, digits and _".into());
    }
    match Quantity::parse(quantity) {
        Some(_) => Ok((name.to_owned(), quantity.trim().to_owned())),
        None => Err("expected a number with its unit such as 0.2% or 180ms".into()),
    }
}

/// Notes with each service the first version that was told, where a later one is another.
fn tell_before(services: &mut [ServiceMarker]) {
    let first = |services: &[ServiceMarker], name: &str| {
        services.iter().filter(|own| own.name == name).find_map(|own| own.version.clone())
    };
    for index in 0..services.len() {
        let before = first(services, &services[index].name);
        services[index].before = before.filter(|own| Some(own) != services[index].version.as_ref());
    }
}

/// Keeps the last of each group of neighbours that are `same`.
fn keep_last<T>(items: &mut Vec<T>, same: impl Fn(&T, &T) -> bool) {
    items.reverse();
    items.dedup_by(|later, kept| same(later, kept));
    items.reverse();
}
