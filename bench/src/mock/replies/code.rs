//! Answers that hold code: solutions and generators, right, wrong, endless and hostile.

use crate::mock::dice::Dice;
use crate::mock::family::Task;
use crate::mock::profile::Fault;

const READ: &str = "\n\n
if __name__ == \"__main__\":
    import sys

    data = sys.stdin.read().split()
    count = int(data[0])
    print(solve([int(token) for token in data[1:1 + count]]))";

/// A generator that no exception can end.
const ENDLESS: &str = "\
def generate_tests(seed):
    while True:
        try:
            seed += 1
        except BaseException:
            pass
";

/// What hostile code tries before it does anything else. Each attempt is harmless to a machine
/// whose jail holds, and bounded so that it stays a nuisance where a jail does not.
const ATTACKS: [&str; 6] = [
    "import os\nos._exit(0)",
    "import os\nos.kill(os.getppid(), 9)\nraise SystemExit(1)",
    "import socket\nsocket.create_connection((\"127.0.0.1\", 9), 1)",
    "import os\nfor _ in range(40):\n    os.fork()\n    raise OSError(\"no more children\")",
    "block = bytearray(3 << 30)\nfor index in range(0, len(block), 4096):\n    block[index] = 1",
    "import sys\nwhile True:\n    sys.stdout.write(\"tests passed \" * 8192)",
];

/// A program around the function `body` for the task, as its judge mode wants it.
pub(super) fn program(task: &Task, parameter: usize, body: &str) -> String {
    let tail = if task.call { "" } else { READ };
    format!("K = {parameter}\n\n\n{body}{tail}\n")
}

/// The name under which a program's function is looked up.
pub(super) fn entry(task: &Task) -> String {
    if task.call { task.function() } else { "solve".to_owned() }
}

/// Which inputs a generator makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// Short lists of positive numbers.
    Weak,
    /// Empty, long and negative ones as well.
    Strong,
}

/// The generator of a task's tests with its own oracle.
pub(super) fn generator(task: &Task, strength: Strength) -> String {
    let sizes = match strength {
        Strength::Weak => "size = 3 + index % 10\n        low = 1",
        Strength::Strong => "size = [0, 1, 2, 5, 9, 12, 18, 22][index % 8]\n        low = -60",
    };
    let (input, output) = if task.call {
        ("[values]", "plain(values)")
    } else {
        ("f\"{len(values)}\\n{' '.join(map(str, values))}\\n\"", "f\"{plain(values)}\\n\"")
    };
    // The seed enters through the name as well, so that two tasks of one family differ.
    format!(
        "import random\n\nK = {}\n\n\n{}\n\n\n\
         def generate_tests(seed):\n    rng = random.Random(f\"{} {{seed}}\")\n    inputs, outputs = [], []\n    \
         seen = set()\n    index = 0\n    while len(inputs) < 20:\n        {sizes}\n        \
         values = [rng.randint(low, 60) for _ in range(size)]\n        index += 1\n        \
         if tuple(values) in seen:\n            continue\n        seen.add(tuple(values))\n        \
         inputs.append({input})\n        outputs.append({output})\n    \
         return {{\"input\": inputs, \"output\": outputs}}\n",
        task.parameter,
        task.plain("plain"),
        task.name,
    )
}

/// A pytest file with the tests of a generator, whose names tell its strength, so that one can be
/// added to the other.
pub(super) fn test_file(task: &Task, strength: Strength) -> String {
    let name = entry(task);
    let word = match strength {
        Strength::Weak => "cases",
        Strength::Strong => "more",
    };
    let generator = generator(task, strength)
        .replace("plain(", &format!("plain_{word}("))
        .replace("generate_tests", &format!("generate_{word}"));
    format!(
        "import pytest\nfrom solution import {name}\n{generator}\n\nMADE = generate_{word}(0)\n\n\n\
         @pytest.mark.parametrize(\"given, answer\", zip(MADE[\"input\"], MADE[\"output\"]))\n\
         def test_{word}(given, answer):\n    assert {name}(*given) == answer\n"
    )
}

/// The answer to a solve or repair prompt.
pub(crate) fn solve(dice: Dice, task: &Task, pytest: bool, fault: Option<Fault>) -> String {
    let name = entry(task);
    let mut solution = program(task, task.parameter, &task.fast(&name));
    let (tag, mut tests) = if pytest {
        ("tests", test_file(task, Strength::Weak))
    } else {
        ("generator", generator(task, Strength::Weak))
    };
    match fault {
        Some(Fault::WrongSolution) => {
            solution = program(task, task.parameter + 2, &task.fast(&name));
        }
        Some(Fault::EndlessGenerator) => {
            ENDLESS.clone_into(&mut tests);
        }
        Some(Fault::HostileCode) => {
            let attack = dice.pick(&ATTACKS, &["attack", &task.name]);
            if dice.below(2, &["attacker", &task.name]) == 0 {
                solution = format!("{attack}\n\n\n{solution}");
            } else {
                tests = format!("{attack}\n\n\n{tests}");
            }
        }
        _ => {}
    }
    format!("{}\n\n{}", block("solution", &solution), block(tag, &tests))
}

/// One of many answers to a task: every other one is wrong.
pub(crate) fn sample(dice: Dice, task: &Task, words: &[&str]) -> String {
    let wrong = dice.below(2, &[words, &["sample"]].concat());
    let code = program(task, task.parameter + 2 * wrong, &task.fast(&entry(task)));
    format!("```python\n{}\n```", code.trim_end())
}

/// A tag with a fenced program inside.
pub(super) fn block(tag: &str, code: &str) -> String {
    format!("<{tag}>\n```python\n{}\n```\n</{tag}>", code.trim_end())
}
