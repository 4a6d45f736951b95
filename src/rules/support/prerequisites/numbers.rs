//! Numbers of tests or checks, held against each other.

/// What was counted.
pub(super) struct Numbers {
    pub(super) total: Option<u64>,
    pub(super) executed: Option<u64>,
    pub(super) passed: Option<u64>,
    pub(super) skipped: Option<u64>,
    pub(super) failed: u64,
}

impl Numbers {
    /// Why the numbers are no pass.
    pub(super) fn wrong(&self) -> Option<String> {
        let skipped = self.skipped.unwrap_or(0);
        let rest = |total: u64| total.saturating_sub(skipped).saturating_sub(self.failed);
        let passed = self.passed.or(self.total.map(rest)).unwrap_or(0);
        if self.failed > 0 {
            return Some(format!("{} failed", self.failed));
        }
        if passed == 0 {
            return Some("nothing passed: no test is no good test".to_owned());
        }
        if skipped > passed {
            return Some(format!("{skipped} were skipped, only {passed} passed"));
        }
        let ran = self.executed.or(self.total.map(|total| total.saturating_sub(skipped)));
        if let Some(ran) = ran.filter(|ran| *ran != passed) {
            return Some(format!("{ran} were run, but {passed} passed"));
        }
        match (self.total, self.executed) {
            (Some(total), Some(ran)) if ran.saturating_add(skipped) != total => {
                Some(format!("{total} in all, but {ran} were run and {skipped} were skipped"))
            }
            _ => None,
        }
    }
}
