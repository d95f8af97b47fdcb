//! Programs that use packages which were loaded before them.
//!
//! Needs a Python with numpy and pandas, named by `ISOMER_TEST_PYTHON`:
//! `scripts/walled cargo test -p isomer-sandbox --test packages -- --ignored`.
#![expect(clippy::expect_used, reason = "a test without a sandbox cannot go on")]
#![expect(clippy::disallowed_methods, reason = "which Python has packages differs by machine")]

use isomer_sandbox::{Ending, Execution, Isolation, Job, Output, Sandbox, SandboxError, Settings};
use serde_json::json;

async fn run_all(
    packages: &[&str],
    source: &str,
    times: usize,
) -> Result<Vec<Execution>, SandboxError> {
    let python = std::env::var_os("ISOMER_TEST_PYTHON").expect("`ISOMER_TEST_PYTHON` is set");
    let sandbox = Sandbox::open(Settings {
        launcher: env!("CARGO_BIN_EXE_isomer-jail").into(),
        python: Some(python.into()),
        slots: 1,
        isolation: Isolation::Full,
    });
    let job = Job {
        source: source.to_owned(),
        inputs: vec![json!(""); times],
        packages: packages.iter().map(ToString::to_string).collect(),
        ..Job::default()
    };
    sandbox.await.expect("this machine can build the walls").run(job).await
}

async fn prints(packages: &[&str], source: &str, expected: &str) {
    let executions = run_all(packages, source, 1).await.expect("no error of ours");
    assert_eq!(executions[0].ending, Ending::Finished, "{}", executions[0].stderr);
    assert_eq!(executions[0].output, Output::Text(format!("{expected}\n")));
}

#[tokio::test]
#[ignore = "needs numpy and pandas"]
async fn packages_work_within_the_usual_limits() {
    let groups = "import pandas as pd\n\
        frame = pd.DataFrame({'key': [0, 1, 0], 'value': [1, 2, 3]})\n\
        print(frame.groupby('key')['value'].sum().to_dict())";
    prints(&["numpy", "pandas"], groups, "{0: 4, 1: 2}").await;
    let numbers =
        "import numpy as np\nprint(int((np.ones((300, 300)) @ np.ones((300, 300))).sum()))";
    prints(&["numpy"], numbers, "27000000").await;
}

#[tokio::test]
#[ignore = "needs numpy and pandas"]
async fn a_library_starts_no_threads() {
    let source = "import numpy, os\nnumpy.ones((400, 400)) @ numpy.ones((400, 400))\n\
        print(len(os.listdir('/proc/self/task')), os.environ['OPENBLAS_NUM_THREADS'])";
    prints(&["numpy", "pandas"], source, "1 1").await;
}

#[tokio::test]
#[ignore = "needs numpy and pandas"]
async fn what_was_used_once_leaves_nothing_behind() {
    let source = "import sys\nprint('frame' in globals(), 'first_use' in sys.modules, \
        any(name.startswith('isomer') for name in sys.modules))";
    prints(&["numpy", "pandas"], source, "False False False").await;
}

#[tokio::test]
#[ignore = "needs numpy and pandas"]
async fn random_numbers_differ_from_run_to_run() {
    let source = "import numpy as np\nprint(np.random.rand(), np.random.default_rng().random())";
    let executions = run_all(&["numpy"], source, 2).await.expect("no error of ours");
    assert_eq!(executions[0].ending, Ending::Finished, "{}", executions[0].stderr);
    assert_ne!(executions[0].output, executions[1].output);
}

#[tokio::test]
#[ignore = "needs numpy and pandas"]
async fn a_missing_package_is_named() {
    let packages = ["nonexistent_package"];
    let error = run_all(&packages, "print(1)", 1).await.expect_err("it is not there");
    assert!(error.to_string().contains("nonexistent_package"), "{error}");
}
