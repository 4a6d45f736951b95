//! `d3p rollout`: the stages of a launch, judged by what production does meanwhile (DLC-5, DLC-6).

mod decide;
mod drive;
mod server;
mod show;
mod status;
mod trigger;
mod watch;

pub(in crate::cli) use server::{Question, Server};
pub(in crate::cli) use show::shown;
pub(in crate::cli) use trigger::alarm;

use crate::cli::Failure;
use crate::cli::args::{RolloutArgs, RolloutCommand};
use crate::cli::common::Global;
use crate::env::{Env, Exit};

pub(super) fn run(args: &RolloutArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match &args.command {
        RolloutCommand::Run => drive::run(global, env),
        RolloutCommand::Status => status::run(global, env),
        RolloutCommand::Promote(args) => decide::promote(args, global, env),
        RolloutCommand::Abort(args) => decide::abort(args, global, env),
    }
}
