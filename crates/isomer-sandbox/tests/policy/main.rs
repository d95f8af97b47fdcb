//! The system call filter, rule by rule: what programs need reaches the kernel and answers as it
//! does without a filter, all else answers `ENOSYS`, and no rule is without a row in the table.
#![expect(clippy::print_stdout, reason = "whoever lacks the compiler is told what is not tested")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail like tests")]

#[path = "../common/mod.rs"]
mod common;
mod complete;
mod probe;
mod table;

use common::{LIMITS, call, job, once, sandbox};
use isomer_sandbox::{Isolation, Job, Limits, Sandbox};
use serde_json::json;

use probe::{PYTHON, answers_of_c, answers_of_python, unfiltered};
use table::{ENDINGS, Row, rows};

/// Beyond the largest number that any kernel has.
const NUMBERS: i64 = 600;

/// Marks a number of the x32 table.
const X32: i64 = 0x4000_0000;

/// `uretprobe` and `uprobe`: recent kernels lead these past all filters, and kill whoever calls them
/// from anywhere but the kernel's own code.
const TRAMPOLINES: [i64; 2] = [335, 336];

/// What is wrong with the answers behind these walls, given what the kernel says without a filter.
fn complaints(rows: &[Row], isolation: Isolation, plain: &[i32], jailed: &[i32]) -> Vec<String> {
    assert_eq!((rows.len(), rows.len()), (plain.len(), jailed.len()));
    let wrong = |row: &Row, plain: i32, jailed: i32| {
        let expected = if row.rule.allows(isolation) { plain } else { libc::ENOSYS };
        let (name, arguments) = (row.name, row.arguments);
        (jailed != expected)
            .then(|| format!("{name} {arguments:?}: errno {jailed} instead of {expected}"))
    };
    let answers = plain.iter().zip(jailed);
    rows.iter()
        .zip(answers)
        .filter_map(|(row, (plain, jailed))| wrong(row, *plain, *jailed))
        .collect()
}

async fn check_table(sandbox: &Sandbox) {
    let (rows, isolation) = (rows(), sandbox.isolation());
    let plain = unfiltered(&rows);
    let jailed = answers_of_python(sandbox, &rows).await;
    let wrong = complaints(&rows, isolation, &plain, &jailed);
    assert!(wrong.is_empty(), "in Python: {}", wrong.join("\n"));
    if let Some(jailed) = answers_of_c(sandbox, &rows).await {
        let wrong = complaints(&rows, isolation, &plain, &jailed);
        assert!(wrong.is_empty(), "in C: {}", wrong.join("\n"));
    }
}

#[tokio::test]
async fn every_row_answers_as_the_table_says() {
    check_table(&sandbox(Isolation::Full).await).await;
}

#[tokio::test]
async fn every_row_answers_as_the_table_says_in_reduced_isolation() {
    check_table(&sandbox(Isolation::Reduced).await).await;
}

#[test]
fn without_a_filter_refused_calls_answer_otherwise() {
    let rows = rows();
    let refused = |(row, answer): (Row, i32)| {
        (!row.rule.allows(Isolation::Reduced)).then_some((row.name, answer))
    };
    let answers = unfiltered(&rows);
    let unshown: Vec<_> = rows
        .into_iter()
        .zip(answers)
        .filter_map(refused)
        .filter(|(_, answer)| *answer == libc::ENOSYS)
        .collect();
    // Kernels are built without some of them.
    assert!(unshown.len() <= 3, "these rows show nothing: {unshown:?}");
}

#[tokio::test]
async fn numbers_without_a_rule_are_refused() {
    let sandbox = sandbox(Isolation::Full).await;
    let known: Vec<i64> = rows()
        .iter()
        .filter(|row| row.rule.allows(Isolation::Full))
        .map(|row| row.number)
        .chain(ENDINGS.iter().map(|(_, number, _)| *number))
        .collect();
    let unlisted = (0..NUMBERS).filter(|number| !known.contains(number));
    let numbers: Vec<i64> = if cfg!(target_arch = "x86_64") {
        let unlisted = unlisted.filter(|number| !TRAMPOLINES.contains(number));
        unlisted.chain((0..NUMBERS).map(|number| X32 + number)).collect()
    } else {
        unlisted.collect()
    };
    let calls: Vec<_> = numbers.iter().map(|number| [number]).collect();
    let execution = once(&sandbox, PYTHON, call(), json!([calls])).await;
    let answers = probe::answers(&execution);
    let reached: Vec<_> =
        numbers.iter().zip(&answers).filter(|(_, answer)| **answer != libc::ENOSYS).collect();
    assert_eq!((answers.len(), reached), (numbers.len(), vec![]));
}

#[tokio::test]
async fn calls_that_end_a_process_are_let_through() {
    let sandbox = sandbox(Isolation::Full).await;
    let limits = Limits { wall_ms: 500, ..LIMITS };
    for (name, number, ending) in ENDINGS {
        let job = Job { limits, ..job(PYTHON, call(), vec![json!([[[number, -1]]])]) };
        let executions = sandbox.run(job).await.unwrap();
        assert_eq!(executions[0].ending.describe(), *ending, "{name}");
    }
}

#[cfg(target_arch = "x86_64")]
#[tokio::test]
async fn another_architecture_is_death() {
    let sandbox = sandbox(Isolation::Full).await;
    // `mov eax, 20; int 0x80; ret`: the number of the process, in the table of 32 bits.
    let source = r"
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=7)
page.write(bytes.fromhex('b814000000cd80c3'))
print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))())
";
    let execution = once(&sandbox, source, isomer_sandbox::Entry::Stdio, json!("")).await;
    // A kernel without that table knows the instruction as little as the filter.
    let deaths = [libc::SIGSYS, libc::SIGSEGV].map(isomer_sandbox::Ending::Signal);
    assert!(deaths.contains(&execution.ending), "{:?}", execution.ending);
}
