//! Programs among others: many inputs, other languages, weaker walls, no compiler.

use std::time::Duration;

use isomer_sandbox::{Ending, Entry, Isolation, Job, Language, SandboxError};
use serde_json::{Value, json};

use crate::Expected::{Ends, Prints};
use crate::common::{call, once, sandbox};
use crate::{SUM, check_all, cpp, text, with_compiler};

#[tokio::test]
async fn inputs_come_in_order() {
    let Some(sandbox) = with_compiler(Isolation::Full).await else { return };
    let inputs: Vec<Value> = (0..20).map(|number| json!(format!("{number} 1\n"))).collect();
    for width in [1, 2] {
        let job = Job { width, ..cpp(SUM, inputs.clone()) };
        let executions = sandbox.run(job).await.unwrap();
        assert_eq!(executions.len(), 20);
        for (number, execution) in executions.iter().enumerate() {
            assert_eq!(execution.ending, Ending::Finished);
            assert_eq!(text(execution), format!("{}\n", number + 1));
        }
    }
}

#[tokio::test]
async fn a_program_is_compiled_once_for_all_inputs_and_jobs() {
    let Some(sandbox) = with_compiler(Isolation::Full).await else { return };
    // The time of the compilation, in seconds.
    let source = "#include <cstdio>\nint main() { puts(__TIME__); }";
    let job = cpp(source, vec![json!(""); 20]);
    let (one, other) = tokio::join!(sandbox.run(job.clone()), sandbox.run(job.clone()));
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let mut executions = one.unwrap();
    executions.extend(other.unwrap());
    executions.extend(sandbox.run(job.clone()).await.unwrap());
    assert_eq!(text(&executions[0]).len(), "12:34:56\n".len(), "{executions:?}");
    assert!(executions.iter().all(|one| one.output == executions[0].output), "{executions:?}");
    let another = Job { source: format!("{source}//"), ..job };
    let executions = [executions, sandbox.run(another).await.unwrap()].concat();
    assert_ne!(executions[0].output, executions[60].output);
}

#[tokio::test]
async fn all_languages_share_a_sandbox() {
    let Some(sandbox) = with_compiler(Isolation::Full).await else { return };
    for _ in 0..3 {
        let execution = once(&sandbox, "def f(): return 1", call(), json!([])).await;
        assert_eq!(execution.ending, Ending::Finished);
        let source = "#include <cstdio>\nint main() { puts(\"right\"); }";
        let job = Job { fetch: vec!["x".to_owned()], ..cpp(source, vec![json!(""); 2]) };
        let files = vec![("x".to_owned(), b"given".to_vec())];
        for execution in sandbox.run(Job { files: files.clone(), ..job }).await.unwrap() {
            assert_eq!((text(&execution), &execution.files), ("right\n", &files));
        }
    }
    for unfit in [
        Job { entry: call(), ..cpp(SUM, vec![json!([])]) },
        Job { packages: vec!["math".to_owned()], ..cpp(SUM, vec![json!("")]) },
    ] {
        assert!(matches!(sandbox.run(unfit).await, Err(SandboxError::Job { .. })));
    }
    let c = Language::named("c").unwrap();
    let source =
        "#include <stdio.h>\nint main(void) { int class = 1; return puts(\"right\") < class; }";
    let job = Job { language: c, ..cpp(source, vec![json!("")]) };
    assert_eq!(text(&sandbox.run(job).await.unwrap()[0]), "right\n");
    let states = sandbox.languages().await;
    let state = states.iter().find(|state| state.language.title() == "C++").unwrap();
    assert!(state.version.as_ref().unwrap().contains('.'), "{states:?}");
    assert_eq!(states.len(), Language::all().count());
}

#[tokio::test]
async fn the_weaker_walls_carry_it_too() {
    check_all(Isolation::Reduced, &[
        ("input", "int main() { int x; scanf(\"%d\", &x); printf(\"%d\\n\", x + 1); }", Prints("8")),
        ("fork", "int main() { printf(\"%d\\n\", fork()); }", Prints("-1")),
        ("another program", "int main(int, char **a, char **e) { printf(\"%d\\n\", execve(\"/bin/true\", a, e)); }", Prints("-1")),
        ("files outside", "int main() { printf(\"%d\\n\", open(\"/etc/passwd\", O_RDONLY)); }", Prints("-1")),
        ("a file of the machine", "#include \"/etc/passwd\"", Ends("does not compile: /etc/passwd: Permission denied (line 14)")),
        ("the linker", "int f();\nint main() { return f(); }", Ends("does not compile: undefined reference to `f()'")),
        ("infinite loop", "int main() { for (volatile int x = 0;; x = x + 1) {} }", Ends("time limit")),
    ])
    .await;
}

/// Without a compiler there is an error of ours, and never a verdict.
#[test]
fn without_a_compiler_nothing_is_said_about_programs() {
    let itself = std::env::current_exe().unwrap();
    let hidden = "for f in /usr/local/bin/g++ /usr/bin/g++ /bin/g++; do \
                  [ ! -e $f ] || mount --bind /dev/null $f || exit 77; done; exec \"$@\"";
    let run = std::process::Command::new("unshare")
        .args(["--mount", "sh", "-c", hidden, "sh"])
        .arg(itself)
        .args(["--exact", "places::without_a_compiler_half", "--ignored", "--nocapture"])
        .output();
    match run {
        Ok(output) if output.status.code() != Some(77) && !output.stdout.is_empty() => {
            let words = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && words.contains("1 passed"), "{words}");
        }
        _ => println!("not tested: a compiler cannot be hidden here"),
    }
}

#[tokio::test]
#[ignore = "started by `without_a_compiler_nothing_is_said_about_programs` where none is seen"]
async fn without_a_compiler_half() {
    let sandbox = sandbox(Isolation::Full).await;
    let error = sandbox.run(cpp("int main() {", vec![json!("")])).await.unwrap_err();
    assert!(matches!(error, SandboxError::LanguageMissing { .. }), "{error}");
    assert!(error.help().is_some_and(|help| help.contains("install g++")));
    let states = sandbox.languages().await;
    assert_eq!(states.iter().filter(|state| state.version.is_err()).count(), 1, "{states:?}");
    assert_eq!(once(&sandbox, "print(1)", Entry::Stdio, json!("")).await.ending, Ending::Finished);
}
