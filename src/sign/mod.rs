//! SSH signatures of people and DSSE signatures of machines, and who may make them (X-3; design:
//! Approval).
//!
//! Pure: text in, answers out. A signature is checked as `ssh-keygen -Y verify` does, and further:
//! presence of a person is read from the flags that a hardware key signs, which ssh-keygen leaves to
//! the caller.

mod allowed_signers;
mod arithmetic;
mod certificate;
mod dsse;
mod key;
mod machine;
mod openssh;
mod pattern;
mod raw;
mod signer_line;
mod sshsig;
pub mod timestamp;
mod verifier;
mod wire;

pub use allowed_signers::AllowedSigners;
pub use certificate::Certificate;
pub use dsse::{Envelope, PAYLOAD_TYPE, pae};
pub use key::PublicKey;
pub use machine::{MachineKey, MachineSecret};
pub use signer_line::SignerLine;
pub use sshsig::{Presence, SshSignature};
pub use verifier::{Verified, Verifier};

/// The namespace of approvals: a signature made for anything else, such as a git commit or a mail,
/// is none.
pub const NAMESPACE: &str = "d3p-approval";

/// Where the allowed signers of a project stand.
pub const SIGNERS_PATH: &str = ".d3p/allowed_signers";
