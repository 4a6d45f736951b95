//! What git and the disk know about a release: a proposal that people finish.

use super::InitArgs;
use crate::cli::Failure;
use crate::collect::git::Git;
use crate::model::Advice;
use crate::source::Root;
use serde::Serialize;

/// Most commits that are proposed as scope, one line each.
const MOST: usize = 40;

/// A local artifact, digested.
#[derive(Debug, Serialize)]
pub(super) struct Artifact {
    name: String,
    r#type: &'static str,
    sha256: String,
    path: String,
}

/// What is proposed for the manifest.
#[derive(Debug, Default)]
pub(super) struct Proposal {
    pub(super) artifacts: Vec<Artifact>,
    /// One line for each commit since the last release.
    pub(super) scope: Vec<String>,
    /// The last tag.
    pub(super) previous: Option<String>,
}

/// Looks at the files that were named and at the commits since the last release.
///
/// # Errors
/// A failure when a file cannot be read, or `--since` names no commit.
pub(super) fn proposal(
    args: &InitArgs,
    root: &Root,
    git: &Git,
    (release, commit): (&str, &str),
    last: Option<(String, String)>,
    own: &[String],
) -> Result<Proposal, Failure> {
    let artifacts = args
        .artifacts
        .iter()
        .map(|path| artifact(root, path.trim_start_matches("./")))
        .collect::<Result<_, _>>()?;
    let (previous, from) = match (&args.since, last) {
        (Some(name), _) => (version_of(name, release).or(Some(name.clone())), Some(name.clone())),
        // What was launched last is known, by its commit; a tag may say anything.
        (None, Some((version, commit))) => (Some(version), Some(commit)),
        // Without history there is nothing to propose, and nothing wrong.
        (None, None) => {
            let tag = git.last_tag(commit, release).unwrap_or_default();
            let version = tag.as_deref().and_then(|tag| version_of(tag, release));
            (version, tag.filter(|tag| version_of(tag, release).is_some()))
        }
    };
    let mut scope = Vec::new();
    let previous_name = previous.as_deref().unwrap_or_default();
    let from = match &from {
        None => None,
        Some(name) => match git.commit_of(name)? {
            // A clone may lack the commit of an archive; nothing is proposed then.
            None if args.since.is_none() => None,
            None => {
                return Err(Failure::usage(format!(
                    "--since {name}: no such tag, branch or commit"
                )));
            }
            found => found,
        },
    };
    if let Some(from) = from {
        let log = git.log_subjects(Some(&from), commit, own)?;
        scope.extend(log.iter().take(MOST).map(|entry| {
            let short = &entry.commit[..entry.commit.len().min(10)];
            format!("{} ({short})", plain(&entry.subject))
        }));
        if log.len() > MOST {
            scope.push(format!(
                "and {} more commits since {}",
                log.len() - MOST,
                plain(previous_name)
            ));
        }
    }
    let previous = previous.map(|previous| plain(&previous));
    Ok(Proposal { artifacts, scope, previous })
}

/// The version that a tag stands for, such as `v1.1.0` of `shop/v1.1.0` and `shop@1.1.0`; `None` where it is
/// of something that is called otherwise than this release.
fn version_of(tag: &str, release: &str) -> Option<String> {
    let version = tag.rsplit(['/', '@']).next().unwrap_or(tag);
    let name = |text: &str| {
        let digit = text.find(|own: char| own.is_ascii_digit());
        digit.map(|at| text[..at].trim_end_matches(['v', 'V']).to_owned())
    };
    (name(version)? == name(release)?).then(|| version.to_owned())
}

fn artifact(root: &Root, path: &str) -> Result<Artifact, Failure> {
    let (digest, _) = root.digest(path).map_err(|fault| {
        Failure::incomplete(format!("--artifact {path}: {}", fault.message))
            .advise(Advice::answer("name a file below the project; d3p digests it"))
    })?;
    let name = path.rsplit('/').next().unwrap_or(path);
    Ok(Artifact {
        name: plain(name),
        r#type: kind(name),
        sha256: digest.to_string(),
        path: path.to_owned(),
    })
}

/// What a file is, by its name.
fn kind(name: &str) -> &'static str {
    let name = name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&[".whl", ".deb", ".rpm", ".crate", ".jar", ".war", ".gem", ".nupkg", ".apk", ".tgz"]) {
        "package"
    } else if ends(&[".tf", ".tfplan", ".bicep", ".tf.json"]) {
        "iac"
    } else if ends(&[".tar", ".tar.gz", ".tar.xz", ".tar.zst", ".zip"]) {
        "archive"
    } else {
        "other"
    }
}

/// Text that stays what it is inside quotes and brackets: commits may say anything.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '[' | '{' => '(',
            ']' | '}' => ')',
            '"' | '\\' => '\'',
            '<' | '>' => '-',
            c if c.is_control() => ' ',
            c => c,
        })
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn a_tag_is_read_as_the_version_of_what_is_released() {
        for (tag, release, version) in [
            ("v1.1.0", "v1.2.0", Some("v1.1.0")),
            ("1.1.0", "v1.2.0", Some("1.1.0")),
            ("shop/v1.1.0", "v1.2.0", Some("v1.1.0")),
            ("shop@1.1.0", "1.2.0", Some("1.1.0")),
            ("shop-v0.9.0", "shop-v1.0.0", Some("shop-v0.9.0")),
            ("release-2026-11-01", "release-2026-11-30", Some("release-2026-11-01")),
            ("other-v3.0.0", "shop-v1.0.0", None),
            ("nightly", "v1.2.0", None),
        ] {
            assert_eq!(version_of(tag, release).as_deref(), version, "{tag} {release}");
        }
    }
}
