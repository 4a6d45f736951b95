//! What `promtool test rules` says on its terminal: a block for each file of tests.
//!
//! ```text
//! Unit Testing:  alerts_test.yml
//!   SUCCESS
//! ```
//!
//! It tells no number of tests: a file without any is a `SUCCESS`, too. What was tested is counted in
//! the files themselves (`alert_rules`). A failure goes to standard error, so both outputs are read; a
//! block that tells neither result has none, and did not pass.

use super::{ImportError, shortened, unmarked};

/// What one file of tests came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TestedFile {
    /// Its path, as `promtool` was given it.
    pub path: String,
    /// Whether all of it passed.
    pub passed: bool,
    /// What it says besides, such as why it failed or that no rules were found.
    pub message: Option<String>,
}

/// How a block begins.
const BEGINS: &str = "Unit Testing:";

/// Reads what was said; each file once.
///
/// # Errors
/// What has no block, names no file, or names one twice.
pub fn parse(text: &str) -> Result<Vec<TestedFile>, ImportError> {
    let mut files: Vec<TestedFile> = Vec::new();
    let mut offset = 0;
    let mut blocks: Vec<(usize, &str, Vec<&str>)> = Vec::new();
    let text = unmarked(text);
    for line in text.split_inclusive('\n') {
        let told = line.trim_end_matches(['\n', '\r']);
        match (told.strip_prefix(BEGINS), blocks.last_mut()) {
            (Some(path), _) => blocks.push((offset, path.trim(), Vec::new())),
            (None, Some((.., lines))) => lines.push(told),
            (None, None) => {}
        }
        offset += line.len();
    }
    for (at, path, lines) in blocks {
        if path.is_empty() {
            return Err(ImportError::at(text, at, "a block names no file of tests"));
        }
        if files.iter().any(|file| file.path == path) {
            return Err(ImportError::at(text, at, format!("{path} is tested twice")));
        }
        let is = |word: &str| lines.iter().any(|line| line.trim() == word);
        let rest = lines.iter().filter(|line| !["SUCCESS", "FAILED:"].contains(&line.trim()));
        let rest: Vec<&str> = rest.copied().collect();
        files.push(TestedFile {
            path: path.to_owned(),
            passed: is("SUCCESS") && !is("FAILED:"),
            message: shortened(&rest.join("\n")),
        });
    }
    if files.is_empty() {
        return Err(ImportError::new("it tells of no file of tests").help(
            "keep both outputs of the tests: promtool test rules FILE > reports/alerts.txt 2>&1",
        ));
    }
    Ok(files)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_file_passed_or_not() {
        let text = "Unit Testing:  a_test.yml\n  SUCCESS\n\nUnit Testing:  b_test.yml\n  FAILED:\n    \
                    alertname: High, time: 15m, \n        exp:[], \n        got:[]\n\n\n";
        let files = parse(text).unwrap();
        let told: Vec<_> = files.iter().map(|own| (own.path.as_str(), own.passed)).collect();
        assert_eq!(told, [("a_test.yml", true), ("b_test.yml", false)]);
        assert!(files[1].message.as_ref().unwrap().contains("alertname: High"));
    }

    #[test]
    fn a_result_that_is_not_told_is_none() {
        let only_stdout = "Unit Testing:  b_test.yml\n\n\n";
        assert!(!parse(only_stdout).unwrap()[0].passed);
        let both = "Unit Testing:  b_test.yml\n  FAILED:\n  SUCCESS\n";
        assert!(!parse(both).unwrap()[0].passed);
        let warned = "Unit Testing:  n.yml\n  WARNING: no file match pattern none.yml\n  SUCCESS\n";
        assert!(parse(warned).unwrap()[0].message.as_ref().unwrap().contains("none.yml"));
    }

    #[test]
    fn what_is_no_report_is_refused() {
        for text in ["", "SUCCESS\n", "Unit Testing:\n  SUCCESS\n"] {
            assert!(parse(text).is_err(), "{text:?}");
        }
        let twice = "Unit Testing:  a.yml\n  SUCCESS\nUnit Testing:  a.yml\n  FAILED:\n";
        let error = parse(twice).unwrap_err();
        assert_eq!(
            (error.message.as_str(), error.position.unwrap().line),
            ("a.yml is tested twice", 3)
        );
    }
}
