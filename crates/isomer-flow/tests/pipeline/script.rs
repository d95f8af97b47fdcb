//! A model that answers by the prompts of the test pack.

use async_trait::async_trait;
use isomer_model::{Finish, Model, ModelError, Reply, Request, Source, Usage};

/// What the script gets wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Only what a repair or another round can mend.
    Able,
    /// Every call fails as a wrong key would.
    Unauthorized,
    /// Every call fails as a broken server would.
    Broken,
}

/// Answers at once, and always the same.
#[derive(Debug)]
pub(crate) struct Script(pub(crate) Mood);

#[async_trait]
impl Model for Script {
    async fn ask(&self, request: Request) -> Result<Reply, ModelError> {
        match self.0 {
            Mood::Able => {}
            Mood::Unauthorized => {
                return Err(ModelError::Unauthorized {
                    endpoint: "here".to_owned(),
                    message: "wrong key".to_owned(),
                });
            }
            Mood::Broken => {
                return Err(ModelError::ServerError { status: 500, message: "broken".to_owned() });
            }
        }
        // Yielding by a number that differs from call to call shuffles who finishes first.
        for _ in 0..request.key().bytes().next().unwrap_or(0) % 7 {
            tokio::task::yield_now().await;
        }
        let asked = &request.messages[1].content;
        let text = match request.role.as_str() {
            "decomposer" => decompose(asked, request.messages.len())?,
            "recombiner" => recombine(asked),
            "designer" => design(asked),
            "solver" => solve(asked),
            "attacker" => attack(asked),
            "tester" => harden(asked),
            other => panic!("nobody is called {other}"),
        };
        Ok(reply(text))
    }
}

fn reply(text: String) -> Reply {
    Reply {
        text,
        reasoning: None,
        finish: Finish::Stop,
        usage: Usage { prompt_tokens: 10, completion_tokens: 5, ..Usage::default() },
        model: "script".to_owned(),
        cost_usd: Some(0.25),
        elapsed_ms: 1,
        source: Source::Recording,
    }
}

/// Two seeds never get elements, two others only when asked again.
fn decompose(asked: &str, messages: usize) -> Result<String, ModelError> {
    let name = asked.rsplit(' ').next().unwrap_or_default();
    let again = messages > 2;
    match name {
        "hopeless" => Ok("Let me think about it.".to_owned()),
        "slow" if !again => Ok("Let me think about it.".to_owned()),
        "cut" if !again => {
            Err(ModelError::Truncated { partial: Box::new(reply("<elements>\nIdea:".to_owned())) })
        }
        "forbidden" => Err(ModelError::Refused { reason: "no".to_owned(), partial: None }),
        _ => Ok(format!(
            "<elements>\nIdea: the idea of {name}\nStory: the story of {name}\n</elements>"
        )),
    }
}

/// The references' ideas in one, so that equal references make an equal blueprint.
fn recombine(asked: &str) -> String {
    let ideas: Vec<&str> =
        asked.split("Idea=").skip(1).filter_map(|rest| rest.split(';').next()).collect();
    assert!(asked.matches("Story=").count() == 1, "references show their core: {asked}");
    format!("<elements>\nIdea: {} all at once\nStory: new\n</elements>", ideas.join(", "))
}

fn design(asked: &str) -> String {
    if is_pytest(asked) {
        return format!(
            "<title>Sums</title>\n<statement>\nAdd up all numbers.\n{asked}\n</statement>\n{}",
            fenced("header", &format!("{HEADER}    \"\"\"Adds up all numbers.\"\"\"\n"))
        );
    }
    let function = if is_call(asked) { "<function>total</function>" } else { "" };
    format!(
        "<title>Sums</title>\n<statement>\nAdd up all numbers with `total`.\n{asked}\n</statement>\n\
         <comparison>exact</comparison>\n{function}"
    )
}

/// The signature of every solution of pytest mode.
const HEADER: &str = "import math\n\n\ndef total(numbers: list[int]) -> int:\n";

/// What the first tests of pytest mode do not notice is a sign and a rare slip.
const TESTS: &str = "import pytest\nfrom solution import total\n\n\n\
    @pytest.mark.parametrize(\"numbers\", [[1, 2, 3], [4], [5, 5]])\n\
    def test_total(numbers):\n    check(numbers)\n\n\n\
    def check(numbers):\n    answer = 0\n    for number in numbers:\n        answer += number\n    \
    assert total(numbers) == answer\n\n\n\
    def test_nothing():\n    assert total([]) == 0\n";

fn is_pytest(asked: &str) -> bool {
    asked.contains("mode pytest")
}

fn is_call(asked: &str) -> bool {
    asked.contains("mode call")
}

/// The body of a solution as a whole program of either mode.
fn program(asked: &str, body: &str) -> String {
    if is_pytest(asked) {
        return format!("{HEADER}    {body}\n");
    }
    let tail = if is_call(asked) {
        ""
    } else {
        "import sys\nprint(total([int(word) for word in sys.stdin.read().split()]))\n"
    };
    format!("def total(numbers):\n    {body}\n{tail}")
}

/// Seed 0 has no negative numbers, and only the better generator makes 777.
fn generator(asked: &str, extra: &str) -> String {
    let (input, output) = if is_call(asked) {
        ("[numbers]", "answer")
    } else {
        ("' '.join(map(str, numbers))", "str(answer)")
    };
    format!(
        "import random\n\ndef generate_tests(seed):\n    random = __import__('random').Random(seed)\n    \
         low = -9 if seed else 0\n    lists = [[random.randint(low, 99) for _ in range(4)] for _ in range(8)]\n    \
         lists += {extra}\n    tests = {{'input': [], 'output': []}}\n    for numbers in lists:\n        \
         answer = 0\n        for number in numbers:\n            answer += number\n        \
         tests['input'].append({input})\n        tests['output'].append({output})\n    return tests\n"
    )
}

fn fenced(tag: &str, code: &str) -> String {
    format!("<{tag}>\n```python\n{code}```\n</{tag}>\n")
}

/// Every first solution of call mode is wrong, so that it needs a repair.
fn solve(asked: &str) -> String {
    if is_pytest(asked) {
        let repaired = asked.contains("solution and tests disagree");
        let body = if repaired { "return sum(numbers)" } else { "return 1 + sum(numbers)" };
        return fenced("solution", &program(asked, body)) + &fenced("tests", TESTS);
    }
    let repaired = asked.contains("expected by the generator");
    let body =
        if is_call(asked) && !repaired { "return 1 + sum(numbers)" } else { "return sum(numbers)" };
    fenced("solution", &program(asked, body)) + &fenced("generator", &generator(asked, "[]"))
}

fn attack(asked: &str) -> String {
    let bodies = [
        ("off by one", "return sum(numbers) + 1"),
        ("loses the sign", "return sum(abs(number) for number in numbers)"),
        ("a rare slip", "return 0 if 777 in numbers else sum(numbers)"),
        ("none at all", "return sum(sorted(numbers))"),
        ("does not compile", "return ("),
    ];
    let near_misses = bodies.map(|(mistake, body)| {
        let code = program(asked, body);
        format!("<near_miss>\nMistake: {mistake}\n```python\n{code}```\n</near_miss>\n")
    });
    near_misses.concat()
}

/// The first rewrite disagrees with the reference, the second is right, then nothing is left to do.
fn harden(asked: &str) -> String {
    if is_pytest(asked) {
        return add(asked);
    }
    if !asked.contains("777 in numbers") {
        return "<equivalent>1</equivalent>".to_owned();
    }
    let right = generator(asked, "[[777], [776, 1]]");
    if asked.contains("Attempt 1") {
        return fenced("generator", &right);
    }
    fenced("generator", &right.replace("answer = 0", "answer = 1"))
}

/// The first additions hide a test, the second contradict the reference, the third kill two of three
/// survivors; the last is called right.
fn add(asked: &str) -> String {
    if !asked.contains("777 in numbers") {
        return "<equivalent>1</equivalent>".to_owned();
    }
    let test = |name: &str, answer: i32| {
        format!("def {name}():\n    assert total([777, -1]) == {answer}\n")
    };
    let added = if asked.contains("Attempt 2") {
        test("test_more", 776)
    } else if asked.contains("Attempt 1") {
        test("test_more", 778)
    } else {
        test("test_nothing", 776)
    };
    fenced("additions", &added)
}
