//! GL140: answered-no.

use super::Context;
use super::support::sections::sectioned;
use super::support::words::{No, denies};
use crate::model::{Finding, State};

rule! {
    /// One of the protocol's questions is answered with No.
    ///
    /// ## What it checks
    /// Where the phase asks something that must be so before the release (`affirm`), the answer does
    /// not say No. One that begins with `No`, `Nobody` or `Not` is one. Where it gives a reason (`None,
    /// because the job has no users`) or names who it is instead (`Nobody but Ana Silva`), and where a
    /// later sentence says that somebody is not present, reachable, briefed or staffed, whoever says GO
    /// has to read it.
    ///
    /// ## Why it matters
    /// "No, nobody is briefed" is an answer, and it says that the release must wait; so it blocks, as
    /// a No to `d3p confirm` does.
    ///
    /// ## How to fix
    /// Make it so, then write how it is; where it need not be so, write why. Where the answer is a Yes
    /// all the same, whoever may approve signs that they read it: `d3p waive GL140`.
    GL140 "answered-no" Error since "0.1.0" clauses ["D3P-7", "D3P-4", "D3P-9"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections.iter().filter(|def| def.affirm) {
            let (Some(prompt), Some(found)) = (&def.prompt, file.find(context.project, def)) else {
                continue;
            };
            for block in found.prose().filter(|block| !block.quoted) {
                let own = block.text.replace(prompt.as_str(), "");
                let Some(No { sentence, outright }) = denies(&own) else { continue };
                let (says, state) = match outright {
                    true => ("says No", State::Failed),
                    false => ("seems to say No", State::Review),
                };
                let message = format!("the answer {says}: \"{sentence}\"");
                out.push(
                    Finding::new(&GL140, file.piece.clone(), file.at(block.range.clone()), message)
                        .state(state)
                        .clauses(&def.clauses)
                        .edit(
                            "make it so, then write how it is; or write why it need not be so, \
                             or who it is instead",
                        ),
                );
            }
        }
    }
}
