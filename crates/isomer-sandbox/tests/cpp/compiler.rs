//! Compiling: errors, attacks, and what is compiled ahead.

use std::ops::Add;

use isomer_sandbox::{Ending, Isolation, Job, Limits, Output};
use serde_json::json;

use crate::common::LIMITS;
use crate::{cpp, run, text, with_compiler};

#[tokio::test]
async fn what_does_not_compile_says_why() {
    let Some(sandbox) = with_compiler(Isolation::Full).await else { return };
    let limits = Limits { wall_ms: 1, cpu_ms: 1, ..LIMITS };
    let source = "int main() {\n  return x;\n}";
    let job = Job { limits, ..cpp(source, vec![json!(""), json!("")]) };
    for _ in 0..2 {
        let executions = sandbox.run(job.clone()).await.unwrap();
        let message = "'x' was not declared in this scope".to_owned();
        let ending = Ending::CompileError { message, line: Some(2) };
        assert_eq!(executions.len(), 2);
        for execution in executions {
            assert_eq!((&execution.ending, &execution.output), (&ending, &Output::None));
            assert!(execution.stderr.contains("solution.cpp:2:10: error: "), "{execution:?}");
            assert!(!execution.stderr.contains("/tmp"), "{execution:?}");
        }
    }
    for (source, expected) in [
        ("", "undefined reference to `main'"),
        ("int f();\nint main() { return f(); }", "undefined reference to `f()'"),
        ("#include <nonesuch>", "nonesuch: No such file or directory (line 1)"),
        ("#error right", "#error right (line 1)"),
        ("\0\u{7}int", "stray"),
        (
            "#include <map>\nstruct X {};\nint main() { std::map<X, int> m;\n m[X()]; }",
            "no match for 'operator<' in '__x < __y' (operand types are 'const X' and 'const X') (line 4)",
        ),
    ] {
        let described = run(&sandbox, source).await.ending.describe();
        let start = format!("does not compile: {expected}");
        assert!(described.starts_with(&start), "{source}: {described}");
    }
}

#[tokio::test]
async fn a_compiler_is_not_trusted() {
    let Some(sandbox) = with_compiler(Isolation::Full).await else { return };
    let exhausted = "does not compile: compiling takes more time or memory than allowed";
    let bomb = "template<int A, int B> struct X { static constexpr long x = X<A - 1, 2 * B>::x + X<A - 1, 2 * B + 1>::x; };\n\
                template<int B> struct X<0, B> { static constexpr long x = B; };\n\
                int main() { return X<30, 0>::x; }";
    for (name, source, expected) in [
        (
            "endless recursion of templates",
            "template<int N> struct X { X<N + 1> x; };\nX<0> x;",
            "does not compile: template instantiation depth exceeds",
        ),
        ("many templates", bomb, exhausted),
        (
            "endless constant",
            "constexpr int f() { long x = 0; for (;;) x++; }\nconstexpr int x = f();",
            "does not compile: ",
        ),
        (
            "macros that double",
            &(0..40)
                .fold("#define A0 1\n".to_owned(), |all, n| {
                    format!("{all}#define A{} A{n} A{n}\n", n + 1)
                })
                .add("int x = A40;"),
            exhausted,
        ),
        (
            "an include of itself",
            "#include \"solution.cpp\"",
            "does not compile: #include nested depth",
        ),
        ("a file without end", "#include </dev/zero>", "does not compile: "),
        ("random numbers", "#include </dev/urandom>", "does not compile: "),
        ("a program that is too large", "char x[1ul << 30] = {1};\nint main() {}", exhausted),
        (
            "a large file by the assembler",
            "asm(\".fill 1 << 30, 8, 1\");\nint main() {}",
            exhausted,
        ),
        (
            "many files of the assembler",
            "asm(\".rept 100000000\\n.quad 1\\n.endr\");\nint main() {}",
            exhausted,
        ),
        (
            "a file of the machine",
            "#include \"/etc/passwd\"",
            "does not compile: /etc/passwd: No such file or directory (line 1)",
        ),
        (
            "a file of the machine for the assembler",
            "asm(\".incbin \\\"/etc/passwd\\\"\");\nint main() {}",
            "does not compile: file not found: /etc/passwd",
        ),
        ("standard input", "#include \"/dev/stdin\"\nint main() {}", "finished"),
    ] {
        let execution = run(&sandbox, source).await;
        let described = execution.ending.describe();
        assert!(described.starts_with(expected), "{name}: {described}: {}", execution.stderr);
        assert!(!execution.stderr.contains("root:"), "{}", execution.stderr);
    }
    // The compiler sees its jail: no keys in its environment, no processes but its own.
    let execution = run(&sandbox, "#include \"/proc/self/environ\"").await;
    assert!(!execution.stderr.contains("HOME"), "{execution:?}");
    assert_eq!(run(&sandbox, "int main() {}").await.ending, Ending::Finished);
}

/// The compiled header is made while plain ones serve, and sources that use it compile alike.
#[tokio::test]
async fn a_header_is_compiled_ahead() {
    let Some(sandbox) = with_compiler(Isolation::Full).await else { return };
    for number in 0..200 {
        let source = format!(
            "#include <bits/stdc++.h>\nint main() {{ std::cout << {number} << ' ' << AHEAD << '\\n'; }}"
        );
        let seen = "#if __has_include(\"/header/bits/stdc++.h.gch\")\nconst int AHEAD = 1;\n\
                    #else\nconst int AHEAD = 0;\n#endif\nint main()";
        let source = source.replace("int main()", seen);
        let execution = run(&sandbox, &source).await;
        if text(&execution) == format!("{number} 1\n") {
            return;
        }
        assert_eq!(text(&execution), format!("{number} 0\n"), "{execution:?}");
    }
    panic!("the header is never there");
}
