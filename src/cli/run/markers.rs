//! What a command's output says in marker lines, kept while it runs.

use crate::import::markers::Markers;
use crate::record::{RanService, RunMarkers};

/// Most bytes of marker lines that are kept while a command runs.
const MARKERS: usize = 1024 * 1024;

/// Keeps the lines of the output that begin with `::`, so that a log of any size is not held.
#[derive(Debug, Default)]
pub(super) struct MarkerLines {
    line: Vec<u8>,
    number: usize,
    kept: String,
    /// The number in the output of each line that is kept.
    numbers: Vec<usize>,
    /// Whether there were more than are kept.
    more: bool,
}

impl MarkerLines {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = 4096usize.saturating_sub(self.line.len());
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.ends_with(b"\n") {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        self.number += 1;
        // Colours may stand before a marker, which is then told to be none.
        let may_be = self.line.starts_with(b"::") || self.line.starts_with(b"\x1b[");
        if may_be && self.kept.len() < MARKERS {
            let text = String::from_utf8_lossy(&self.line);
            self.kept.push_str(text.trim_end_matches(['\n', '\r']));
            self.kept.push('\n');
            self.numbers.push(self.number);
        }
        self.more |= may_be && self.kept.len() >= MARKERS;
        self.line.clear();
    }

    pub(super) fn said(mut self) -> RunMarkers {
        if !self.line.is_empty() {
            self.end_line();
        }
        let mut markers = Markers::read(&self.kept);
        if self.more {
            // Who says so much may have said anything.
            markers.critical.push(format!(
                "more than {MARKERS} bytes of marker lines: what the others say is not known"
            ));
        }
        let place = |index: usize| match index.checked_sub(1) {
            Some(index) => {
                format!("line {}: ", self.numbers.get(index).copied().unwrap_or(index + 1))
            }
            None => String::new(),
        };
        RunMarkers {
            services: markers
                .services
                .into_iter()
                .map(|service| RanService {
                    name: service.name,
                    status: service.status.as_str().to_owned(),
                    version: service.version,
                    digest: service.digest,
                    before: service.before,
                })
                .collect(),
            critical: markers.critical,
            incidents: markers.incidents,
            metrics: markers.metrics.into_iter().collect(),
            observation: markers.observation,
            malformed: markers
                .malformed
                .into_iter()
                .map(|(index, line)| format!("{}{line}", place(index)))
                .collect(),
        }
    }
}
