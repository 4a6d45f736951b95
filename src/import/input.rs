//! A report as it is handed to whatever is made of it: read already, or as its text.

use super::junit::{self, TestReport};
use super::sarif::{self, ScanReport};
use super::{ImportError, Source};
use std::borrow::Cow;

/// A report of a kind that may be of any size, read piece by piece.
#[derive(Clone, Debug)]
pub enum Imported {
    /// Of a run of tests.
    Tests(Result<TestReport, ImportError>),
    /// Of a scan.
    Scan(Result<ScanReport, ImportError>),
}

impl Imported {
    /// Reads JUnit XML.
    pub fn tests(source: &dyn Source) -> Self {
        Self::Tests(junit::read(source))
    }

    /// Reads SARIF.
    pub fn scan(source: &dyn Source) -> Self {
        Self::Scan(sarif::read(source))
    }
}

/// A report, read or not.
#[derive(Clone, Copy, Debug)]
pub enum ReportInput<'a> {
    /// Its text.
    Text(&'a str),
    /// What was read of it.
    Read(&'a Imported),
}

impl<'a> ReportInput<'a> {
    /// Its text.
    ///
    /// # Errors
    /// When it was read as a report of another format.
    pub fn text(self) -> Result<&'a str, ImportError> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Read(_) => Err(other_format()),
        }
    }

    /// The test report that it is.
    ///
    /// # Errors
    /// What [`junit::read`] says, or when it was read as a report of another format.
    pub fn tests(self) -> Result<Cow<'a, TestReport>, ImportError> {
        match self {
            Self::Text(text) => junit::parse(text).map(Cow::Owned),
            Self::Read(Imported::Tests(read)) => {
                read.as_ref().map(Cow::Borrowed).map_err(Clone::clone)
            }
            Self::Read(Imported::Scan(_)) => Err(other_format()),
        }
    }

    /// The report of a scan that it is.
    ///
    /// # Errors
    /// What [`sarif::read`] says, or when it was read as a report of another format.
    pub fn scan(self) -> Result<Cow<'a, ScanReport>, ImportError> {
        match self {
            Self::Text(text) => sarif::parse(text).map(Cow::Owned),
            Self::Read(Imported::Scan(read)) => {
                read.as_ref().map(Cow::Borrowed).map_err(Clone::clone)
            }
            Self::Read(Imported::Tests(_)) => Err(other_format()),
        }
    }
}

fn other_format() -> ImportError {
    ImportError::new("the same file is imported as a report of another format")
}
