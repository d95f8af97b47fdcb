//! Programs: right ones, and ones that should not get far.

use isomer_sandbox::Isolation;

use crate::Expected::{Ends, Prints};
use crate::check_all;

#[tokio::test]
async fn what_right_programs_need_works() {
    check_all(Isolation::Full, &[
        ("input", "int main() { int x; scanf(\"%d\", &x); printf(\"%d\\n\", x + 1); }", Prints("8")),
        (
            "everything",
            "#include <bits/stdc++.h>\nusing namespace std;\nint main() { vector<int> x{3, 1, 2}; \
             ranges::sort(x); unordered_map<string, __int128> m{{\"a\", 1}}; cout << x[2] + int(m[\"a\"]) << endl; }",
            Prints("4"),
        ),
        (
            "deep recursion",
            "int f(int n) { volatile char x[64]; x[n % 64] = 1; return n ? f(n - 1) + x[n % 64] : 0; }\n\
             int main() { printf(\"%d\\n\", f(2000000)); }",
            Prints("2000000"),
        ),
        (
            "a large array on the stack",
            "int main() { volatile char x[256 << 20]; for (int i = 0; i < (256 << 20); i += 4096) x[i] = 1; \
             printf(\"%d\\n\", x[0]); }",
            Prints("1"),
        ),
        (
            "threads",
            "#include <thread>\n#include <vector>\nint main() { std::vector<std::thread> all; int x[8] = {}; \
             for (int i = 0; i < 8; i++) all.emplace_back([&x, i] { x[i] = i; }); \
             for (auto &one : all) one.join(); printf(\"%d\\n\", x[7]); }",
            Prints("7"),
        ),
        (
            "exceptions",
            "#include <vector>\nint main() { std::vector<int> x; try { x.at(1); } catch (...) { puts(\"caught\"); } }",
            Prints("caught"),
        ),
        (
            "files",
            "int main() { FILE *f = fopen(\"x\", \"w\"); fputs(\"kept\\n\", f); fclose(f); \
             char s[9]; f = fopen(\"/tmp/x\", \"r\"); fputs(fgets(s, 9, f), stdout); }",
            Prints("kept"),
        ),
        ("memory that is refused", "int main() { printf(\"%d\\n\", malloc(1ul << 40) == nullptr); }", Prints("1")),
        ("time", "#include <chrono>\nint main() { printf(\"%d\\n\", time(0) > 0); }", Prints("1")),
    ])
    .await;
}

#[tokio::test]
async fn programs_end_as_they_end() {
    check_all(Isolation::Full, &[
        ("exit status", "int main() { puts(\"right\"); return 3; }", Ends("exit status 3")),
        ("exit early", "int main() { puts(\"no\"); fflush(stdout); _exit(0); }", Prints("no")),
        ("abort", "int main() { abort(); }", Ends("killed by SIGABRT")),
        ("exception", "int main() { throw 1; }", Ends("killed by SIGABRT")),
        ("null pointer", "int main() { volatile int *x = nullptr; *x = 1; }", Ends("killed by SIGSEGV")),
        ("division", "int main() { volatile int x = 0; return 100 / x; }", Ends("killed by SIGFPE")),
        ("endless recursion", "int f(int n) { return f(n + 1) + n; }\nint main() { volatile int x = 0; return f(x); }", Ends("")),
        ("infinite loop", "int main() { for (volatile int x = 0;; x = x + 1) {} }", Ends("time limit")),
        ("sleep", "int main() { sleep(60); }", Ends("time limit")),
        ("loop before main", "int f() { for (volatile int x = 0;; x = x + 1) {} }\nint x = f();\nint main() {}", Ends("time limit")),
        ("loop after main", "struct X { ~X() { for (volatile int x = 0;; x = x + 1) {} } } x;\nint main() {}", Ends("time limit")),
        ("loop in a thread", "#include <thread>\nint main() { std::thread([] { for (volatile int x = 0;; x = x + 1) {} }).join(); }", Ends("time limit")),
        (
            "deaf to signals",
            "int main() { for (int i = 1; i < 64; i++) signal(i, SIG_IGN); for (volatile int x = 0;; x = x + 1) {} }",
            Ends("time limit"),
        ),
        ("memory bomb", "#include <vector>\nint main() { std::vector<std::vector<char>> x; for (;;) x.emplace_back(1 << 20, 1); }", Ends("memory limit")),
        ("large file", "int main() { static char x[1 << 20]; for (;;) write(open(\"x\", O_CREAT | O_APPEND | O_RDWR, 0600), x, 1 << 19); }", Ends("killed by SIGXFSZ")),
        ("large array", "char x[1ul << 30];\nint main() { x[7] = 1; puts(\"right\"); return x[8]; }", Ends("memory limit")),
        ("output bomb", "int main() { for (;;) puts(\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"); }", Ends("output limit")),
        (
            "full disk",
            "int main() { static char x[1 << 20]; int n = 0; while (n < 99) { char s[9]; sprintf(s, \"%d\", n); \
             if (write(open(s, O_CREAT | O_RDWR, 0600), x, 1 << 20) != 1 << 20) break; n++; } \
             printf(\"%d %d\\n\", n, errno == ENOSPC); }",
            Prints("8 1"),
        ),
    ])
    .await;
}

#[tokio::test]
async fn programs_reach_nothing() {
    check_all(Isolation::Full, &[
        ("fork", "int main() { printf(\"%d\\n\", fork()); }", Prints("-1")),
        ("vfork", "int main() { printf(\"%d\\n\", vfork()); }", Prints("-1")),
        ("clone", "int main() { printf(\"%ld\\n\", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }", Prints("-1")),
        ("clone3", "int main() { printf(\"%ld\\n\", syscall(SYS_clone3, 0, 0)); }", Prints("-1")),
        ("system", "int main() { printf(\"%d\\n\", system(\"true\")); }", Prints("32512")),
        (
            "another program",
            "int main(int, char **a, char **e) {\n\
             for (const char *p : {\"/bin/true\", \"/usr/bin/python3\", \"/proc/self/exe\"}) {\n\
             execve(p, a, e); printf(\"%d\", errno == ENOSYS);\n\
             syscall(SYS_execveat, AT_FDCWD, p, a, e, 0); printf(\"%d\", errno == ENOSYS); }\n\
             int self = open(\"/proc/self/exe\", O_RDONLY); syscall(SYS_execveat, self, \"\", a, e, 0x1000);\n\
             printf(\"%d %s\\n\", self >= 0 && errno == ENOSYS, a[0]); }",
            Prints("1111111 ./solution"),
        ),
        (
            "change oneself",
            "int main() { printf(\"%d\", open(\"/proc/self/exe\", O_RDWR)); printf(\" %d\\n\", truncate(\"/proc/self/exe\", 0)); }",
            Prints("-1 -1"),
        ),
        ("sockets", "int main() { for (int f : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK}) printf(\"%d \", socket(f, SOCK_STREAM, 0)); puts(\"\"); }", Prints("-1 -1 -1 -1 ")),
        (
            "files outside",
            "int main() { for (const char *p : {\"/etc/passwd\", \"/etc/shadow\", \"/root/.profile\", \"/proc/2\", \"/dev/mem\", \"/sys\", \"/header\"}) \
             printf(\"%d \", open(p, O_RDONLY)); puts(\"\"); }",
            Prints("-1 -1 -1 -1 -1 -1 -1 "),
        ),
        ("writes outside", "int main() { for (const char *p : {\"/x\", \"/usr/x\", \"/dev/x\", \"/proc/x\"}) printf(\"%d \", open(p, O_CREAT | O_RDWR, 0600)); puts(\"\"); }", Prints("-1 -1 -1 -1 ")),
        ("the driver's memory", "int main() { printf(\"%d\", open(\"/proc/1/mem\", O_RDWR)); printf(\"%d\\n\", open(\"/proc/1/maps\", O_RDONLY)); }", Prints("-1-1")),
        ("ptrace", "int main() { printf(\"%ld\\n\", syscall(SYS_ptrace, 16, 1, 0, 0)); }", Prints("-1")),
        ("kill everybody", "int main() { kill(-1, 9); kill(1, 9); puts(\"alive\"); }", Prints("alive")),
        ("open descriptors", "int main() { int n = 0; for (int i = 0; i < 1024; i++) n += fcntl(i, F_GETFD) >= 0; printf(\"%d\\n\", n); }", Prints("3")),
        ("environment", "extern char **environ;\nint main() { int n = 0; for (char **e = environ; *e; e++) n++; printf(\"%d %s\\n\", n, getenv(\"TMPDIR\")); }", Prints("4 /tmp")),
        ("more rights", "int main() { printf(\"%d %d %d\\n\", setuid(0), (int)syscall(SYS_unshare, 0x10000000), (int)syscall(SYS_mount, \"x\", \"/tmp\", \"tmpfs\", 0, 0)); }", Prints("-1 -1 -1")),
        ("raised limits", "int main() { rlimit l{1ul << 40, 1ul << 40}; printf(\"%d %d %d\\n\", setrlimit(RLIMIT_AS, &l), setrlimit(RLIMIT_CPU, &l), setrlimit(RLIMIT_FSIZE, &l)); }", Prints("-1 -1 -1")),
        ("executable files", "int main() { printf(\"%ld\\n\", syscall(SYS_memfd_create, \"x\", 0)); }", Prints("-1")),
        ("attack before main", "int f() { kill(-1, 9); return fork(); }\nint x = f();\nint main() { printf(\"%d\\n\", x); }", Prints("-1")),
    ])
    .await;
}
