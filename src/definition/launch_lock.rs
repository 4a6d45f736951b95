//! The repository in which a launch takes a lock that every machine sees.

use crate::model::Sha256Digest;
use serde::Deserialize;

/// Where launches are locked and decisions published.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct LaunchLock {
    /// Where the repository is that everybody pushes to.
    pub url: String,
    /// What its refs begin with.
    #[serde(default = "prefix")]
    pub prefix: String,
    /// The part of production that this project launches to.
    pub region: Option<String>,
    /// The variable that holds a token for an https URL.
    pub token: Option<String>,
    /// The user that the token is of.
    #[serde(default = "user")]
    pub user: String,
}

fn prefix() -> String {
    "refs/d3p".to_owned()
}

fn user() -> String {
    "x-access-token".to_owned()
}

impl LaunchLock {
    /// Digest of where it is: what was tried elsewhere says nothing of it.
    pub fn remote(&self) -> Sha256Digest {
        Sha256Digest::of(format!("{}\n{}", self.url, self.prefix).as_bytes())
    }
}
