//! Judging a solution by a file of pytest tests.
//!
//! Tests and solution run in two processes of one jail, each forked from an interpreter whose pytest
//! is ready to collect. The solution's process knows nothing of the tests but what they ask of it;
//! its answers are read strictly, so that it can lie about its own results only. See
//! `docs/design/pytest.md`.

mod job;
mod report;
mod row;
mod run;
mod stubs;
mod verdict;

use crate::PyValue;

pub use job::{Outcome, TestJob, TestOutcome, TestReport};
pub use stubs::stubs;

/// Largest report of a session, in bytes; the driver has the same number.
pub(crate) const MOST_REPORT: u64 = 16 << 20;

/// The package that a jail has to have loaded for it.
pub(crate) const PACKAGE: &str = "pytest";

/// Modules of the driver by name, in the order in which they need each other.
const MODULES: [(&str, &str); 17] = [
    ("isomer_values", include_str!("values.py")),
    ("isomer_arrays", include_str!("arrays.py")),
    ("isomer_frames", include_str!("frames.py")),
    ("isomer_wire", include_str!("wire.py")),
    ("isomer_export", include_str!("export.py")),
    ("isomer_mirror", include_str!("mirror.py")),
    ("isomer_mirrors", include_str!("mirrors.py")),
    ("isomer_peer", include_str!("peer.py")),
    ("isomer_solution", include_str!("solution.py")),
    ("isomer_place", include_str!("place.py")),
    ("isomer_tests", include_str!("tests.py")),
    ("isomer_follow", include_str!("follow.py")),
    ("isomer_guard", include_str!("guard.py")),
    ("isomer_shift", include_str!("shift.py")),
    ("isomer_explain", include_str!("explain.py")),
    ("isomer_session", include_str!("session.py")),
    ("isomer_worker", include_str!("worker.py")),
];

/// The modules for a jail with these packages: none unless pytest is among them.
pub(crate) fn modules(packages: &[String]) -> PyValue {
    let wanted = packages.iter().any(|package| package == PACKAGE);
    let text = |text: &str| PyValue::Str(text.to_owned());
    let modules = MODULES.iter().filter(|_| wanted);
    PyValue::Tuple(
        modules.map(|(name, source)| PyValue::Tuple(vec![text(name), text(source)])).collect(),
    )
}
