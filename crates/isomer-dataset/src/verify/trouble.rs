//! What a failure of the sandbox means for the work that is left.

use isomer_sandbox::SandboxError;

/// Failures of the sandbox in a row after which it is given up.
pub const MOST_FAILURES: u64 = 16;

/// Whether every other program must be expected to fail in the same way.
pub const fn ends_all(error: &SandboxError) -> bool {
    matches!(
        error,
        SandboxError::IsolationMissing { .. }
            | SandboxError::Python { .. }
            | SandboxError::Launcher { .. }
            | SandboxError::Package { .. }
            | SandboxError::Resources { .. }
    )
}
