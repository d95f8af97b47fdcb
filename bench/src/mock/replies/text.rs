//! Answers in prose: element sets and task statements.

use super::code::block;
use super::schema;
use crate::mock::dice::Dice;
use crate::mock::family::Task;
use crate::mock::recognise::{element_names, wants_function};

const SUBJECTS: [&str; 12] = [
    "a harbour pilot's log",
    "the night shift of a bakery",
    "a glacier survey",
    "a puppet theatre",
    "the seed vault",
    "a telegraph office",
    "a beekeeper's ledger",
    "the tram depot",
    "a mountain railway",
    "the tide tables",
    "a printing house",
    "an orchard's irrigation",
];
const TWISTS: [&str; 8] = [
    "entries may be corrected backwards",
    "only the balance at each step is known",
    "order matters more than size",
    "neighbours limit each other",
    "ties are broken by position",
    "a fee is due at every change",
    "remainders decide",
    "the range must stay narrow",
];
const METHODS: [&str; 8] = [
    "a sliding window with a running total",
    "dynamic programming over prefixes",
    "counting remainders of prefix sums",
    "a sorted list with binary search",
    "two pointers that never move back",
    "a greedy exchange argument",
    "divide and conquer on positions",
    "a monotone queue",
];

/// An element set that no other prompt gets.
pub(crate) fn elements(dice: Dice, prompt: &str) -> String {
    let lines: Vec<String> = element_names(prompt)
        .iter()
        .map(|name| {
            if let Some(value) = schema::value(name, prompt) {
                return format!("{name}: {value}");
            }
            let pick =
                |choices: &'static [&'static str], what| dice.pick(choices, &[what, name, prompt]);
            format!(
                "{name}: {} meets {}, where {} (variation {:04x}).",
                pick(&METHODS, "method"),
                pick(&SUBJECTS, "subject"),
                pick(&TWISTS, "twist"),
                dice.number(&["variation", name, prompt]) & 0xffff,
            )
        })
        .collect();
    format!("<elements>\n{}\n</elements>", lines.join("\n"))
}

/// A statement with the marker of its task; `short` gives one that no reader could solve.
pub(crate) fn design(dice: Dice, prompt: &str, pytest: bool, short: bool) -> String {
    let task = Task::draw(dice, prompt, wants_function(prompt));
    let subject = dice.pick(&SUBJECTS, &["subject", prompt]);
    let statement = match (short, task.call) {
        (true, true) => format!("Write `{}`.", task.function()),
        (true, false) => "Count them.".to_owned(),
        (false, _) => statement(&task, subject),
    };
    let function = if pytest {
        let source =
            format!("def {}(values):\n    \"\"\"The figure of the report.\"\"\"", task.function());
        format!("{}\n\n", block("header", &source))
    } else if task.call {
        format!("<function>{}</function>\n\n", task.function())
    } else {
        String::new()
    };
    format!(
        "<title>{} {}</title>\n\n<statement>\n{statement}\n</statement>\n\n{function}\
         <comparison>exact</comparison>",
        capitalised(subject),
        task.name,
    )
}

fn statement(task: &Task, subject: &str) -> String {
    let (wish, limit) = (task.family().wish, task.parameter);
    let form = if task.call {
        format!(
            "Write a function `{}(values)` that takes the list of integers and returns the \
             answer as an integer.",
            task.function()
        )
    } else {
        "## Input\n\nThe first line holds n, the number of entries. The second line holds the n \
         entries, separated by spaces; it is empty when n is 0.\n\n## Output\n\nOne line with \
         the answer."
            .to_owned()
    };
    format!(
        "The keepers of {subject} write down one whole number after the other. Entries may be \
         negative, and on a quiet day there is none at all. For the yearly report they need one \
         figure, with K = {limit}: {wish}.\n\n{form}\n\n## Limits\n\n0 <= n <= 200, every entry \
         lies between -1000 and 1000, and K = {limit} is fixed. Positions count from the first \
         entry; equal entries at different positions are different entries. A selection or \
         stretch without entries has the total 0.\n\n{}",
        task.marker()
    )
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{Dice, design, elements};
    use crate::mock::family::Task;

    #[test]
    fn different_prompts_lead_to_different_tasks() {
        let dice = Dice::new(1);
        let one = design(dice, "prompt 1", false, false);
        assert_eq!(one, design(dice, "prompt 1", false, false));
        assert_ne!(one, design(dice, "prompt 2", false, false));
        assert!(Task::find(&one).is_some());
        assert!(Task::find(&design(dice, "prompt 1", false, true)).is_none());
        assert!(one.contains("<function>"));
        let program = design(dice, "Solutions read standard input.", false, false);
        assert!(!program.contains("<function>"));
        assert!(one.len().min(program.len()) > 700, "packs refuse short statements");
    }

    #[test]
    fn every_element_has_one_line() {
        let reply = elements(Dice::new(1), "whatever");
        assert_eq!(reply.lines().count(), 6);
        assert!(reply.contains("\nDifficulty Level: "));
    }
}
