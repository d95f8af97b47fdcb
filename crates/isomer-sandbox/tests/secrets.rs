//! What one job leaves behind for programs of another: a needle hidden in everything that a job has
//! must not be found in the memory of a later program, which started as a copy of the same driver.

#![expect(clippy::expect_used, reason = "helpers of tests may fail like tests")]

mod common;

use common::{call, job, once, sandbox, settings};
use isomer_sandbox::{Ending, Entry, Execution, Isolation, Job, Output, Sandbox, Settings};
use serde_json::json;

/// Reads all memory of its own process, and every object it can reach, for needles. The pattern is
/// written so that it does not match itself.
const SEARCH: &str = r#"
import ctypes, gc, os, re, sys

def search():
    pattern = re.compile(rb"isomer-n[e]edle-[a-z]+|i\0s\0o\0m\0e\0r\0-\0n[e]\0")
    found = set()
    try:
        maps = open("/proc/self/maps").readlines()
    except PermissionError:
        maps = []
    for line in maps:
        place, rights = line.split()[:2]
        if rights[0] != "r" or "[v" in line:
            continue
        start, end = (int(part, 16) for part in place.split("-"))
        while start < end:
            size = min(end - start, 1 << 22)
            found.update(pattern.findall((ctypes.c_char * size).from_address(start)))
            start += size
    gc.unfreeze()
    for thing in gc.get_objects():
        for one in gc.get_referents(thing):
            if type(one) is str:
                one = one.encode("utf-8", "replace")
            if type(one) in (bytes, bytearray):
                found.update(pattern.findall(one))
    frame = sys._getframe()
    while frame:
        found.update(pattern.findall(repr((frame.f_locals, frame.f_globals)).encode()))
        frame = frame.f_back
    for top, folders, files in os.walk("."):
        found.update(name.encode() for name in folders + files)
    return sorted(found)
"#;

/// A job that has the needle wherever a job can have something, and uses it in many ways.
const HOLDER: &str = r#"
# isomer-needle-comment
import os, sys, time
def isomer_function(): return "isomer-needle-constant"
text = input()
assert "isomer-needle-input" in text
print(text, "isomer-needle-output")
print(open("given/isomer-needle-path").read())
print("isomer-needle-error", file=sys.stderr)
os.makedirs("isomer-needle-folder/isomer-needle-below")
open("isomer-needle-folder/isomer-needle-left", "w").write("isomer-needle-file" * 1000)
open("brought", "w").write("isomer-needle-brought" * 1000)
sys.setrecursionlimit(10000)
names = {"isomer-needle-name%d" % number: "isomer-needle-value" for number in range(1000)}
raise ValueError("isomer-needle-exception")
"#;

/// A sandbox with one slot, so that all jobs meet in one jail.
async fn narrow(isolation: Isolation) -> Sandbox {
    let settings = Settings { slots: 1, ..settings(isolation) };
    Sandbox::open(settings).await.expect("this machine can build the walls")
}

async fn run(sandbox: &Sandbox, job: Job) -> Vec<Execution> {
    sandbox.run(job).await.expect("no error of ours")
}

/// Runs jobs full of needles in the only jail there is.
async fn hide(sandbox: &Sandbox) {
    let filler = "isomer-needle-input ".repeat(5000);
    let inputs = vec![json!(filler), json!("isomer-needle-input\n")];
    let holder = Job {
        files: vec![("given/isomer-needle-path".to_owned(), b"isomer-needle-given".to_vec())],
        fetch: vec!["brought".to_owned()],
        ..job(HOLDER, Entry::Stdio, inputs)
    };
    for one in run(sandbox, holder).await {
        let ending = one.ending.describe();
        assert!(ending.starts_with("ValueError: isomer-needle-exception"), "{one:?}");
        assert_eq!(one.files.len(), 1);
    }
    let source = "def f(x): return [x, 'isomer-needle-returned']";
    for needle in ["isomer-needle-argument", "i\u{e4}somer-needle-wide"] {
        let job = job(source, call(), vec![json!([needle]); 3]);
        assert!(run(sandbox, job).await.iter().all(|one| one.ending == Ending::Finished));
    }
    let broken = once(sandbox, "x = 'isomer-needle-broken' +", Entry::Stdio, json!("")).await;
    assert!(matches!(broken.ending, Ending::CompileError { .. }));
}

#[tokio::test]
async fn nothing_of_other_jobs_is_found_in_memory() {
    for isolation in [Isolation::Full, Isolation::Reduced] {
        let sandbox = narrow(isolation).await;
        hide(&sandbox).await;
        let source = format!("{SEARCH}\nprint(os.getpid(), search())");
        let inputs = vec![json!("a"), json!("b")];
        for one in run(&sandbox, job(&source, Entry::Stdio, inputs)).await {
            let Output::Text(text) = &one.output else { panic!("{one:?}") };
            let (process, found) = text.split_once(' ').unwrap_or(("", text));
            assert_eq!(found, "[]\n", "{isolation:?}: {one:?}");
            // Processes of a jail are numbered from one, so that a new jail would show.
            let same = isolation == Isolation::Reduced || process.parse::<u32>().unwrap_or(0) > 8;
            assert!(same, "not the same jail: {process}");
        }
    }
}

/// The inputs of one job are each other's strangers as well.
#[tokio::test]
async fn nothing_of_other_inputs_is_found_in_memory() {
    let sandbox = narrow(Isolation::Full).await;
    // The needle is put together by those that have it, and is nowhere in the source.
    let source = format!(
        "{SEARCH}
words = input().split('+')
if words[0]:
    print('-'.join(words))
    open('-'.join(words), 'w')
else:
    print(search())"
    );
    let needle = json!("isomer+needle+between");
    let inputs = vec![needle.clone(), needle, json!("++"), json!("++")];
    let seen = run(&sandbox, job(&source, Entry::Stdio, inputs)).await;
    assert_eq!(seen[0].output, Output::Text("isomer-needle-between\n".to_owned()), "{seen:?}");
    for one in &seen[2..] {
        assert_eq!(one.output, Output::Text("[]\n".to_owned()), "{one:?}");
    }
}

#[tokio::test]
async fn the_search_finds_what_is_there() {
    let sandbox = sandbox(Isolation::Full).await;
    let source = format!("{SEARCH}\nmine = 'isomer-needle-' + 'own'\nprint(search())");
    let seen = once(&sandbox, &source, Entry::Stdio, json!("")).await;
    assert_eq!(seen.output, Output::Text("[b'isomer-needle-own']\n".to_owned()), "{seen:?}");
}
