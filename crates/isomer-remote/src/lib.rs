//! Runs programs in sandboxes on other machines, with the same meaning as in the one built in.
//!
//! [`RemoteSandbox`] is given addresses and finds out by asking what answers there:
//!
//! - another `isomer sandbox serve`: jobs go to its `/v1/run` as they are and run in full jails;
//! - SandboxFusion, or ScaleBox, which has its `/run_code` too: every input is a request of its own,
//!   and the program is watched by a small harness that is sent along, because such a server reads
//!   neither processor time nor values. `src/run_code` has the details.
//!
//! # What a failure is
//!
//! Whatever a server does wrong is its failure and never a verdict on a program: refused or broken
//! connections, other statuses than 200, answers that are cut, unreadable or too late. The server
//! is left out until it answers a probe, with growing pauses between probes. The rest of the job
//! goes on elsewhere, and what is known already is kept. A full server (429) is left alone for as
//! long as it asks for, and gets fewer requests at once from then on. After enough attempts, or when
//! no server has worked for long enough, the job fails with a [`isomer_sandbox::SandboxError`].
//!
//! # What is trusted
//!
//! Expected answers never leave this process, wherever a program runs. A server of ours says how it
//! walls programs off. Any other server does not: its walls are those its owner put up, so that a
//! program may reach the harness beside it, and with it its own answer, or programs that run there
//! at the same time. That a user names its address is taken for consent.

mod address;
mod course;
mod detect;
mod exchange;
mod failure;
mod health;
mod isomer;
mod limit;
mod pool;
mod run_code;
mod sandbox;
mod server;
mod settings;

pub use detect::{Found, Protocol};
pub use sandbox::{RemoteSandbox, ServerReport, survey};
pub use settings::RemoteSettings;
