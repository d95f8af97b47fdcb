//! The rules as data; each was read in the consumer's source at the commit named.

use isomer_sandbox::Profile;

use super::{Compare, Grader};
use crate::source::Hindrance::{
    self, ByteStreams, ExitBuiltin, GlobalStatement, InputAsFile, InputAsIterator, LateStarImport,
    LongString, ModuleName,
};

/// Who runs a program as a process of its own.
const NOTHING: &[Hindrance] = &[];
const NEVER_MS: u64 = u64::MAX / 4;

/// `prime_code` of verl b178a3c: all tests in one process, 5 s each and 6 s in all; whoever fails is
/// scored by the first ten alone, so that tests after those reject nobody.
pub(crate) const PRIME: Grader = Grader {
    name: "verl prime_code",
    compare: Compare::As(Profile::Prime),
    hindered_by: &[
        ByteStreams,
        InputAsFile,
        GlobalStatement,
        ModuleName,
        ExitBuiltin,
        LongString,
        LateStarImport,
    ],
    reads: 10,
    test_ms: 5_000,
    all_ms: 6_000,
    banned: &[],
};

/// `sandbox_fusion` of verl b178a3c: the first ten count, 10 s each.
pub(crate) const SANDBOX_FUSION: Grader = Grader {
    name: "verl sandbox_fusion",
    compare: Compare::As(Profile::Verl),
    hindered_by: NOTHING,
    reads: 10,
    test_ms: 10_000,
    all_ms: NEVER_MS,
    banned: &[],
};

/// LiveCodeBench's `run_test` as SkyRL a956457 calls it: all tests, 6 s each.
pub(crate) const SKYRL: Grader = Grader {
    name: "skyrl lcb",
    compare: Compare::As(Profile::LiveCodeBench),
    hindered_by: LIVE_CODE_BENCH,
    reads: usize::MAX,
    test_ms: 6_000,
    all_ms: NEVER_MS,
    banned: &[],
};

const LIVE_CODE_BENCH: &[Hindrance] = &[
    // Reading bytes at once works there, which is why only what stays of them counts.
    ByteStreams,
    InputAsFile,
    InputAsIterator,
    GlobalStatement,
    ModuleName,
    ExitBuiltin,
    LateStarImport,
];

/// rLLM 9beb6e0: of more than fifteen tests the fifteen with the longest inputs.
pub(crate) const RLLM: Grader = Grader { name: "rllm", reads: 15, ..SKYRL };

/// `code_gen` of NeMo-Gym 07d6b0d: LiveCodeBench's rule, all or nothing, 10 s each.
pub(crate) const NEMO_GYM: Grader = Grader { name: "nemo-gym code_gen", test_ms: 10_000, ..SKYRL };

/// `code_reward` of open-r1 1416fa0: 5 s each; who exceeds them loses the whole sample. Lines are
/// compared as far as both sides have them.
pub(crate) const OPEN_R1: Grader = Grader {
    name: "open-r1 code_reward",
    compare: Compare::As(Profile::OpenR1),
    hindered_by: NOTHING,
    reads: usize::MAX,
    test_ms: 5_000,
    all_ms: NEVER_MS,
    banned: &[],
};

/// `cf_code_reward` of open-r1 1416fa0: the checker of the row decides; time as the row says.
pub(crate) const OPEN_R1_CHECKER: Grader = Grader {
    name: "open-r1 cf_code_reward",
    compare: Compare::Ours,
    hindered_by: NOTHING,
    reads: usize::MAX,
    test_ms: 10_000,
    all_ms: NEVER_MS,
    banned: &[],
};

/// Competitive programming of verifiers a60a606: of more than fifteen tests any fifteen, 60 s each.
pub(crate) const VERIFIERS: Grader = Grader {
    name: "verifiers cp",
    compare: Compare::As(Profile::Verifiers),
    hindered_by: NOTHING,
    reads: 15,
    test_ms: 60_000,
    all_ms: NEVER_MS,
    banned: &[],
};

/// open-instruct e6c3044: 1 s each; programs that name certain modules are scored 0 unseen.
pub(crate) const OPEN_INSTRUCT: Grader = Grader {
    name: "open-instruct code",
    compare: Compare::Asserts,
    hindered_by: LIVE_CODE_BENCH,
    reads: usize::MAX,
    test_ms: 1_000,
    all_ms: NEVER_MS,
    banned: &[
        "threading",
        "multiprocess",
        "import os",
        "from os",
        "shutil",
        "import torch",
        "from torch",
        "import sklearn",
        "from sklearn",
    ],
};

/// `run_test` of TACO 2ba6235: 4 s each.
pub(crate) const TACO: Grader = Grader {
    name: "taco run_test",
    compare: Compare::Taco,
    hindered_by: NOTHING,
    reads: usize::MAX,
    test_ms: 4_000,
    all_ms: NEVER_MS,
    banned: &[],
};

/// Our own judge, where the format has no grader of its own.
pub(crate) const ISOMER: Grader = Grader {
    name: "isomer",
    compare: Compare::Ours,
    hindered_by: NOTHING,
    reads: usize::MAX,
    test_ms: NEVER_MS,
    all_ms: NEVER_MS,
    banned: &[],
};
