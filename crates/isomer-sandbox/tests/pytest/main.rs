//! Judging by pytest, with honest, wrong and forging solutions.
//!
//! Needs a Python with pytest, numpy, pandas, scipy, scikit-learn and matplotlib, named by
//! `ISOMER_TEST_PYTHON`:
//! `scripts/walled cargo test -p isomer-sandbox --test pytest -- --ignored`.
#![expect(clippy::expect_used, reason = "a test without a sandbox cannot go on")]
#![expect(clippy::disallowed_methods, reason = "which Python has pytest differs by machine")]

mod cheats;
mod forgers;
mod honest;
mod hostile;
mod measure;

use isomer_record::{ExpectedTests, Verdict};
use isomer_sandbox::{Isolation, Limits, Sandbox, Settings, TestJob, TestReport};

/// A sandbox whose Python has pytest.
async fn sandbox() -> Sandbox {
    sandbox_behind(Isolation::Full).await
}

async fn sandbox_behind(isolation: Isolation) -> Sandbox {
    let python = std::env::var_os("ISOMER_TEST_PYTHON").expect("`ISOMER_TEST_PYTHON` is set");
    let settings = Settings {
        launcher: env!("CARGO_BIN_EXE_isomer-jail").into(),
        python: Some(python.into()),
        slots: 2,
        isolation,
    };
    Sandbox::open(settings).await.expect("this machine can build the walls")
}

/// Limits that make tests quick.
const LIMITS: Limits = Limits {
    cpu_ms: 10_000,
    wall_ms: 20_000,
    memory_bytes: 2 << 30,
    output_bytes: 1 << 20,
    file_bytes: 8 << 20,
};

fn job(solution: &str, tests: &str, expected: Option<&ExpectedTests>) -> TestJob {
    TestJob {
        solution: solution.to_owned(),
        tests: tests.to_owned(),
        expected: expected.cloned(),
        limits: LIMITS,
        ..TestJob::default()
    }
}

/// What a reference solution shows; it must pass.
async fn reference(sandbox: &Sandbox, solution: &str, tests: &str) -> ExpectedTests {
    let report = sandbox.run_tests(job(solution, tests, None)).await.expect("no error of ours");
    assert_eq!(report.verdict, Verdict::Accepted, "{report:#?}");
    report.expected().expect("it was accepted")
}

async fn judge(
    sandbox: &Sandbox,
    solution: &str,
    tests: &str,
    expected: Option<&ExpectedTests>,
) -> TestReport {
    sandbox.run_tests(job(solution, tests, expected)).await.expect("no error of ours")
}
