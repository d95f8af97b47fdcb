//! References that lie about what was reached, or misbehave where they are watched.

use std::time::{Duration, Instant};

use isomer_sandbox::Sandbox;

use crate::world::{found, stdio};

/// Its last line is never reached.
const TAIL: &str = "print(1)\nif input() == 'never':\n    print(2)\n";

pub(crate) async fn check(sandbox: &Sandbox) {
    claims_of_lines_that_are_not_there(sandbox).await;
    those_that_hide(sandbox).await;
    those_that_hang_when_watched(sandbox).await;
}

/// Whatever is claimed, nothing beyond the program's own lines is counted.
async fn claims_of_lines_that_are_not_there(sandbox: &Sandbox) {
    let forge = "open('reached.txt', 'w').write('reached:1,2,3,4,5,77,99999999999;3>4,9>1.')";
    for head in [
        format!("{forge}\n"),
        format!("import atexit\natexit.register(lambda: {forge})\n"),
        format!("import os\nos.replace = lambda a, b: {forge}\n"),
        "open('reached.txt', 'wb').write(b'\\xff' * 99999)\n".to_owned(),
        "import os\nos.mkdir('reached.txt')\n".to_owned(),
        "import os\nos.symlink('/etc/passwd', 'reached.txt')\n".to_owned(),
        "import builtins\nbuiltins.open = builtins.sorted = builtins.map = None\n".to_owned(),
    ] {
        let found = found(sandbox, &stdio(&format!("{head}{TAIL}"), &[("x\n", "1\n")])).await;
        let lines = u32::try_from(head.lines().count() + 3).unwrap();
        if let Some(coverage) = &found.coverage {
            assert_eq!((coverage.lines, coverage.branches), (lines, 2), "{head}");
            assert!(coverage.lines_reached <= lines && coverage.branches_taken <= 2, "{head}");
            assert_eq!(coverage.missed.len(), (lines - coverage.lines_reached) as usize);
        }
        assert!(found.mutants.is_some(), "{head}");
    }
}

async fn those_that_hide(sandbox: &Sandbox) {
    let source =
        format!("import sys\nsys.settrace(None)\nx = 1\ndef f():\n    return 2\nf()\n{TAIL}");
    let found = found(sandbox, &stdio(&source, &[("x\n", "1\n")])).await;
    let coverage = found.coverage.unwrap();
    assert!(coverage.lines_reached < coverage.lines, "{coverage:?}");
}

async fn those_that_hang_when_watched(sandbox: &Sandbox) {
    for trap in
        ["while True: pass", "import time; time.sleep(1000)", "import os; os.kill(os.getpid(), 9)"]
    {
        let source = format!("import sys\nif sys.gettrace():\n    {trap}\n{TAIL}");
        let started = Instant::now();
        let found = found(sandbox, &stdio(&source, &[("x\n", "1\n"); 9])).await;
        assert!(started.elapsed() < Duration::from_secs(120), "{trap}: {:?}", started.elapsed());
        let mutants = found.mutants.unwrap();
        assert!(
            mutants.made > 0 && found.coverage.is_none_or(|coverage| coverage.lines == 6),
            "{trap}"
        );
    }
}
