//! GL224: artifact-differs.

use super::Context;
use crate::model::{Advice, Finding, Sha256Digest, State, same_version};
use serde_json::Value;

rule! {
    /// An artifact of the manifest is not the one that lies here, or is of another commit.
    ///
    /// ## What it checks
    /// An artifact with a `path` has, while the file is there and production is not deployed, the
    /// `sha256` of the manifest; one with a `commit` names the release's. The address in a `registry`
    /// ends with the same digest, and its tag is of the same version or commit. A `sha256` is that of
    /// something: not one character 64 times, and not that of an empty file.
    ///
    /// ## Why it matters
    /// What is deployed is what was approved, byte for byte. An artifact that was built anew after
    /// the manifest was written is another one.
    ///
    /// ## How to fix
    /// Build the artifact of the release's commit, and write its digest into the manifest:
    /// `sha256sum FILE`. `d3p init --artifact FILE` does so when a release begins.
    GL224 "artifact-differs" Error since "0.1.0" clauses ["DLC-2", "P11-1.2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let Some(manifest) = manifest else { return };
    let release = manifest.value().and_then(|value| value.get("commit")).and_then(Value::as_str);
    let artifacts = manifest.value().and_then(|value| value.get("artifacts"));
    let artifacts = artifacts.and_then(Value::as_array);
    for (index, artifact) in artifacts.into_iter().flatten().enumerate() {
        let text = |key: &str| artifact.get(key).and_then(Value::as_str);
        let mut say = |key: &str, state, message: String| {
            let at = manifest.at(format!("/artifacts/{index}/{key}"));
            out.push(
                Finding::new(&GL224, manifest.piece(), at, message)
                    .state(state)
                    .clauses(&manifest.def.clauses)
                    .advise(Advice::answer(
                        "build it of the release's commit, and write the digest of `sha256sum`",
                    )),
            );
        };
        if let (Some(commit), Some(release)) = (text("commit"), release)
            && commit != release
        {
            say("commit", State::Invalid, format!("built from {commit}, not from {release}"));
        }
        if let Some(why) = text("registry").and_then(|at| pushed_another(at, &text, release)) {
            say("registry", State::Invalid, why);
        }
        if let Some(why) = text("sha256").and_then(no_digest) {
            say("sha256", State::Invalid, why.to_owned());
        }
        let (Some(path), Some(sha256)) = (text("path"), text("sha256")) else { continue };
        // After launch the next build may lie there.
        if project.launched_at().is_some() {
            continue;
        }
        if let Some(now) = project.digest_of(path)
            && Some(now) != Sha256Digest::parse(sha256)
        {
            say("sha256", State::Stale, format!("{path} has another digest: {now}"));
        }
    }
}

/// Why an address in a registry is not that of the artifact: it ends with its digest, and its tag, where
/// it has one, names its version or the commit.
fn pushed_another<'a>(
    address: &str,
    text: &impl Fn(&str) -> Option<&'a str>,
    commit: Option<&str>,
) -> Option<String> {
    let Some((place, digest)) = address.split_once("@sha256:") else {
        return Some(format!(
            "{address} names no digest, and a tag can be moved: end it with @sha256:DIGEST"
        ));
    };
    if Some(digest) != text("sha256") {
        return Some(format!("{address} is another one than the `sha256` of the artifact"));
    }
    let name = place.rsplit('/').next().unwrap_or(place);
    let (_, tag) = name.split_once(':')?;
    let version = text("version").unwrap_or_default();
    let of_commit = commit.is_some_and(|own| tag.len() >= 7 && own.starts_with(tag));
    let known = same_version(tag, version) || of_commit || tag.contains(version);
    (!known)
        .then(|| format!("its tag {tag} names neither version {version} nor the release's commit"))
}

/// Why a digest is that of nothing that could be released.
fn no_digest(sha256: &str) -> Option<&'static str> {
    let first = sha256.as_bytes().first()?;
    if sha256.bytes().all(|byte| byte == *first) {
        return Some("one character over and over is the digest of nothing");
    }
    (sha256 == Sha256Digest::of(b"").to_string()).then_some("it is the digest of an empty file")
}
