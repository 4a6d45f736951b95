//! GL205: citation-broken.

use super::Context;
use super::support::mend::mend;
use crate::model::{Finding, Sha256Digest, State};
use crate::project::piece_of;

rule! {
    /// Something that evidence cites is no longer what it was.
    ///
    /// ## What it checks
    /// Every path in `cites` exists and has the digest written beside it. After launch, a cited
    /// file that a gate bound may also be answered for by its copy in `records/objects/`.
    ///
    /// ## Why it matters
    /// Content comes before the clock: evidence is current while what it rests on is unchanged,
    /// and not a moment longer.
    ///
    /// ## How to fix
    /// Record the evidence again, over the files as they are now.
    GL205 "citation-broken" Error since "0.1.0" clauses ["X-2", "P11-1.1"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let launched = project.launched_at().is_some();
    for evidence in context.readable() {
        for (index, path, sha256) in evidence.cites() {
            if path == evidence.def.path {
                continue;
            }
            let wanted = Sha256Digest::parse(sha256);
            let kept = launched && project.objects.get(sha256).copied() == wanted;
            let now = project.digest_of(path);
            if wanted.is_none() || now == wanted || (now.is_some() && kept) {
                continue;
            }
            let (state, message) = match now {
                None => (State::Missing, format!("cites {path}, which is not there")),
                Some(_) => {
                    (State::Stale, format!("cites {path} as it was before; it has changed since"))
                }
            };
            let place = evidence.at(format!("/cites/{index}/sha256"));
            let mut finding = Finding::new(&GL205, evidence.piece(), place, message)
                .state(state)
                .follows([piece_of(project, path)])
                .clauses(&evidence.def.clauses)
                .advise(mend(project, &evidence.piece()));
            if let Some(now) = now {
                finding = finding.differs(sha256, now);
            }
            out.push(finding);
        }
    }
}
