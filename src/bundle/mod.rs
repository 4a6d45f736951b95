//! The bundle: one release in one file, the same bytes twice, for an auditor on another machine.
//!
//! A gzip stream of a tar archive of regular files. Its first member, [`MANIFEST`], names every
//! other one with size and digest. What is read is hostile: there is one way to write a bundle, and
//! whatever is written in another is refused or told. Bytes come from readers and go to writers;
//! files are for others to open.

mod gzip;
mod manifest;
mod names;
mod pack;
mod tar;
mod unpack;

pub use manifest::{Manifest, Member};
pub use names::unfit;
pub use pack::{PackError, Packed, Pieces, pack};
pub use unpack::{Broken, Kept, Problem, ProblemKind, Unpacked, unpack};

/// The first member.
pub const MANIFEST: &str = "d3p-bundle/manifest.json";
/// The embedded phase definition, for readers without d3p.
pub const PHASE: &str = "d3p-bundle/phase.yaml";
/// Where the embedded schemas lie, for readers without d3p.
pub const SCHEMAS: &str = "d3p-bundle/schemas/";
/// What the name of each of them ends in.
pub const SCHEMA: &str = ".v1.schema.json";
/// What begins the paths of members that are no files of the project.
pub const OWN: &str = "d3p-bundle/";

/// How much is read before a bundle is refused, and how much is packed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Members, the manifest among them.
    pub members: usize,
    /// Bytes of one member.
    pub member: u64,
    /// Bytes of all members.
    pub total: u64,
    /// Bytes of the manifest.
    pub manifest: u64,
}

/// The limits that hold for everybody: what one d3p packs, every other one reads.
pub const LIMITS: Limits =
    Limits { members: 20_000, member: 256 << 20, total: 512 << 20, manifest: 16 << 20 };
