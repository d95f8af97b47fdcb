//! Small programs whose lines and branches can be counted by hand.

use isomer_sandbox::Sandbox;
use serde_json::json;

use crate::world::{call, figures, found, stdio};

pub(crate) async fn check(sandbox: &Sandbox) {
    tests_that_miss_something(sandbox).await;
    ways_that_only_look_taken(sandbox).await;
    programs_that_end_in_their_own_way(sandbox).await;
    modules_and_their_guards(sandbox).await;
}

const SIGNS: &str = "\
n = int(input())
if n > 0:
    print('plus')
elif n < 0:
    print('minus')
else:
    print('zero')
for step in range(n):
    if step == 5:
        break
";

async fn tests_that_miss_something(sandbox: &Sandbox) {
    let one = found(sandbox, &stdio(SIGNS, &[("1\n", "plus\n")])).await;
    assert_eq!(figures(&one), ([5, 9, 4, 8], vec![4, 5, 7, 10]));
    let two = found(sandbox, &stdio(SIGNS, &[("1\n", "plus\n"), ("-1\n", "minus\n")])).await;
    assert_eq!(figures(&two), ([7, 9, 6, 8], vec![7, 10]));
    let all = [("9\n", "plus\n"), ("-1\n", "minus\n"), ("0\n", "zero\n")];
    let all = found(sandbox, &stdio(SIGNS, &all)).await;
    assert_eq!(figures(&all), ([9, 9, 8, 8], vec![]));
}

/// Comprehensions, lambdas and generators come back to a line without leaving its statement.
async fn ways_that_only_look_taken(sandbox: &Sandbox) {
    let source = "\
def numbers(n):
    for i in range(n):
        yield i
        if i > 100:
            return

def f(n):
    total = 0
    for a in sorted(numbers(n), key=lambda x: -x):
        total += a
        if any(b > 50
               for b in [a]):
            return None
    while total < 3 and all(x for x in [1]):
        total += 1
    return total
";
    let one = found(sandbox, &call(source, &[(json!([3]), json!(3))])).await;
    // Never: a number above 100, one above 50, and a total that needs more.
    assert_eq!(figures(&one), ([11, 14, 7, 10], vec![5, 13, 15]));
    // An event loop needs sockets, which programs may not have: driven by hand.
    let source = "\
async def wait():
    return 1

async def run(n):
    if await wait() > n:
        return 1
    return 2

def f(n):
    try:
        run(n).send(None)
    except StopIteration as stop:
        return stop.value
";
    let one = found(sandbox, &call(source, &[(json!([0]), json!(1))])).await;
    assert_eq!(figures(&one), ([10, 11, 1, 2], vec![7]));
}

async fn programs_that_end_in_their_own_way(sandbox: &Sandbox) {
    for source in [
        "import os, sys\nprint(1)\nsys.stdout.flush()\nif input():\n    os._exit(0)\n",
        "import sys\nprint(1)\nx = 2\nif input():\n    sys.exit()\n",
        "import os\nos.chdir('/tmp')\nprint(1)\nif input():\n    exit()\n",
        "import atexit\natexit.register(lambda: print(1))\nx = 2\nif input():\n    pass\ny = 3\n",
        "import threading\ndef run():\n    if input():\n        print(1)\nthreading.Thread(target=run).start()\n",
    ] {
        let one = found(sandbox, &stdio(source, &[("1\n", "1\n")])).await;
        let (numbers, missed) = figures(&one);
        assert_eq!((missed, numbers[2], numbers[3]), (vec![], 1, 2), "{source}");
    }
}

async fn modules_and_their_guards(sandbox: &Sandbox) {
    let source = "\
import sys

class Solution:
    def f(self, text):
        \"\"\"What it does.\"\"\"
        if text is None:
            return 'nothing'
        return text

if __name__ == '__main__':
    print(Solution().f(sys.stdin.read()))
";
    let one = found(sandbox, &call(source, &[(json!(["ü\n\"'\\"]), json!("ü\n\"'\\"))])).await;
    assert_eq!(figures(&one), ([6, 7, 1, 2], vec![7]));
    let source = "def f():\n    return 1\nif __name__ == '__main__':\n    print(f())\n";
    let one = found(sandbox, &stdio(source, &[("", "1\n")])).await;
    assert_eq!(figures(&one), ([4, 4, 0, 0], vec![]));
}
