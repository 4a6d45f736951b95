//! A command that brings libraries of its own, and so is built only where that is asked for.

use crate::cli::Failure;
use crate::cli::common::Global;
use crate::env::{Env, Exit};

/// `d3p mcp`, where it is built in.
#[cfg(feature = "mcp")]
pub(super) fn mcp(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    super::mcp::run(global, env)
}

/// `d3p mcp`, where it is not built in.
#[cfg(not(feature = "mcp"))]
pub(super) fn mcp(_: &Global, _: &mut Env<'_>) -> Result<Exit, Failure> {
    Err(not_built_in("mcp"))
}

/// How to get a d3p that has what was asked for.
#[cfg(any(test, not(feature = "mcp")))]
fn not_built_in(feature: &str) -> Failure {
    use crate::cli::Code;
    use crate::model::Advice;
    const SOURCE: &str = env!("CARGO_PKG_REPOSITORY");
    let install = ["cargo", "install", "--locked", "--git", SOURCE, "--features", feature, "d3p"];
    Failure::incomplete(format!("d3p {feature} is not built into this d3p"))
        .code(Code::Usage)
        .advise(Advice::run(install).what("install one that has it"))
}

#[cfg(test)]
mod tests {
    use super::not_built_in;
    use crate::env::Exit;

    #[test]
    fn whoever_lacks_a_feature_is_told_how_to_install_it() {
        let failure = not_built_in("mcp");
        assert_eq!(failure.exit(), Exit::Incomplete);
        assert_eq!(failure.to_string(), "d3p mcp is not built into this d3p");
    }
}
