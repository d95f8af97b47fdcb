//! Answers of the attacker and of the tester: near-misses, and generators that catch them.

use super::code::{Strength, block, entry, generator, program, test_file};
use crate::mock::dice::Dice;
use crate::mock::family::Task;
use crate::mock::recognise::wants_pytest;

/// What is wrong with a near-miss, in words and as the line that makes it so.
struct Slip {
    mistake: &'static str,
    line: &'static str,
}

/// Seen by almost any test.
const SEEN: [Slip; 5] = [
    Slip { mistake: "forgets the last entry", line: "values = values[:-1]" },
    Slip { mistake: "starts at the second entry", line: "values = values[1:]" },
    Slip {
        mistake: "adds one when the number of entries is odd",
        line: "return reference(values) + len(values) % 2",
    },
    Slip {
        mistake: "counts the first entry twice",
        line: "values = values[:1] + values + values[:1] * 2",
    },
    Slip { mistake: "reports the answer negated and shifted", line: "return ~reference(values)" },
];

/// Seen only by tests that are long or go below zero, which a weak generator never makes.
const HIDDEN: [Slip; 3] = [
    Slip { mistake: "takes entries without their sign", line: "values = [abs(v) for v in values]" },
    Slip { mistake: "looks at the first fifteen entries only", line: "values = values[:15]" },
    Slip {
        mistake: "treats negative entries as zero",
        line: "values = [max(v, 0) for v in values]",
    },
];

/// The alleged mistake of a near-miss that is right.
const RIGHT: &str = "takes too many steps";

/// Five near-misses: three that any test kills, one that may survive the first tests, and one that
/// may be no near-miss at all (it does not compile, or is right).
pub(crate) fn near_misses(dice: Dice, task: &Task, survivors: f64) -> String {
    let name = task.name.as_str();
    let first = dice.below(SEEN.len(), &["first", name]);
    let seen = |offset: usize| {
        let slip = &SEEN[(first + offset) % SEEN.len()];
        near_miss(slip.mistake, &with_slip(task, slip))
    };
    let fourth = if dice.share(&["survivor", name]) < survivors {
        let slip = &HIDDEN[dice.below(HIDDEN.len(), &["hidden", name])];
        near_miss(slip.mistake, &with_slip(task, slip))
    } else {
        seen(3)
    };
    let share = dice.share(&["oddity", name]);
    let fifth = if share < 0.2 {
        let code = with_slip(task, &SEEN[first]).replacen("return", "return return", 1);
        near_miss("gets lost in its own syntax", &code)
    } else if share < 0.35 {
        near_miss(RIGHT, &program(task, task.parameter, &task.plain(&entry(task))))
    } else {
        let body = task.fast(&entry(task));
        near_miss("is off by one in K", &program(task, task.parameter + 1, &body))
    };
    [seen(0), seen(1), seen(2), fourth, fifth].join("\n\n")
}

fn near_miss(mistake: &str, code: &str) -> String {
    format!("<near_miss>\nMistake: {mistake}.\n```python\n{}\n```\n</near_miss>", code.trim_end())
}

fn with_slip(task: &Task, slip: &Slip) -> String {
    let tail = if slip.line.starts_with("return") { "" } else { "\n    return reference(values)" };
    let body = format!(
        "{}\n\n\ndef {}(values):\n    {}{tail}",
        task.fast("reference"),
        entry(task),
        slip.line
    );
    program(task, task.parameter, &body)
}

/// A better generator; one time in eight it is no better and has to be asked for again. Survivors
/// that are right after all are named.
pub(crate) fn harden(dice: Dice, task: &Task, prompt: &str) -> String {
    let right = numbers_of_right_survivors(prompt);
    let hidden = HIDDEN.iter().any(|slip| prompt.contains(slip.mistake));
    let strength =
        if dice.below(8, &["harden", prompt]) == 0 { Strength::Weak } else { Strength::Strong };
    let tests = if wants_pytest(prompt) {
        block("additions", &test_file(task, strength))
    } else {
        block("generator", &generator(task, strength))
    };
    match right.as_str() {
        "" => tests,
        right if hidden => format!("{tests}\n<equivalent>{right}</equivalent>"),
        right => format!("<equivalent>{right}</equivalent>"),
    }
}

fn numbers_of_right_survivors(prompt: &str) -> String {
    let lines = prompt.lines().filter(|line| line.contains(RIGHT));
    let digits = |line: &str| {
        line.split(|c: char| !c.is_ascii_digit()).find(|w| !w.is_empty()).map(str::to_owned)
    };
    lines.filter_map(digits).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Dice, HIDDEN, SEEN, Strength, Task, generator, harden, near_misses, with_slip};

    fn tasks() -> impl Iterator<Item = Task> {
        (0..40).map(|index| Task::draw(Dice::new(5), &format!("prompt {index}"), index % 2 == 0))
    }

    #[test]
    fn there_are_always_five() {
        for task in tasks() {
            let reply = near_misses(Dice::new(1), &task, 0.5);
            assert_eq!(reply.matches("</near_miss>").count(), 5);
            assert_eq!(reply.matches("Mistake: ").count(), 5);
        }
    }

    #[test]
    fn the_tester_answers_with_a_generator() {
        let task = tasks().next().unwrap();
        let reply = harden(Dice::new(1), &task, "prompt");
        assert!(reply.starts_with("<generator>\n```python\nimport random\n"));
        let right = "Survivor 2. Its author says: takes too many steps.";
        assert_eq!(harden(Dice::new(1), &task, right), "<equivalent>2</equivalent>");
        let both = format!("Survivor 1: takes entries without their sign\n{right}");
        assert!(harden(Dice::new(1), &task, &both).ends_with("<equivalent>2</equivalent>"));
    }

    /// Runs this crate's own code (no model's) in the machine's Python.
    fn python(source: &str) -> String {
        let output = std::process::Command::new("python3").args(["-c", source]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    #[test]
    fn slips_are_seen_or_hidden_as_declared() {
        let (mut hidden, mut found) = (0, 0);
        for task in tasks().filter(|task| task.call).take(8) {
            let name = task.function();
            let right = super::program(&task, task.parameter, &task.fast(&name));
            let slips = SEEN.iter().chain(&HIDDEN).map(|slip| with_slip(&task, slip));
            let programs: Vec<String> = std::iter::once(right).chain(slips).collect();
            let generators = [Strength::Weak, Strength::Strong].map(|s| generator(&task, s));
            // One line a generator, one number a program: how many tests it fails.
            let output = python(&format!(
                "for tests in {generators:?}:\n    scope = {{}}\n    exec(tests, scope)\n    \
                 made = scope['generate_tests'](1)\n    assert len(made['input']) == 20\n    \
                 for code in {programs:?}:\n        scope = {{}}\n        exec(code, scope)\n        \
                 print(sum(scope['{name}'](*i) != o for i, o in zip(made['input'], made['output'])), \
                 end=' ')\n    print()"
            ));
            let missed: Vec<Vec<u32>> = output
                .lines()
                .map(|line| line.split_whitespace().map(|count| count.parse().unwrap()).collect())
                .collect();
            let family = task.family().name;
            assert_eq!((missed[0][0], missed[1][0]), (0, 0), "{family}");
            assert!(
                missed[0][1..=SEEN.len()].iter().all(|count| *count > 0),
                "{family} {missed:?}"
            );
            assert!(missed[0][1 + SEEN.len()..].iter().all(|count| *count == 0), "{family}");
            hidden += HIDDEN.len();
            found += missed[1][1 + SEEN.len()..].iter().filter(|count| **count > 0).count();
        }
        assert!(found * 10 >= hidden * 9, "{found} of {hidden}");
    }
}
