//! Eight families of small problems, each with a parameter `K`, that really run.
//!
//! Every family is one Python file with two functions over a list of integers: `fast`, which
//! becomes the reference solution, and `plain`, the definition written down, which becomes the
//! generator's oracle. A task is a family, a `K` and a name; all three travel in a marker inside
//! the statement, so that whoever is asked about the task later gives a matching answer.

use super::dice::Dice;

pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) wish: &'static str,
    source: &'static str,
    least: usize,
    choices: usize,
}

pub(crate) static FAMILIES: [Family; 8] = [
    Family {
        name: "window",
        wish: "the largest total of any K consecutive entries, or the total of all entries when \
               there are fewer than K",
        source: include_str!("families/window.py"),
        least: 2,
        choices: 3,
    },
    Family {
        name: "spaced",
        wish: "the largest total of a selection of entries, possibly empty, in which any two \
               chosen positions differ by at least K",
        source: include_str!("families/spaced.py"),
        least: 2,
        choices: 3,
    },
    Family {
        name: "pairs",
        wish: "the number of pairs of positions whose two entries have a sum divisible by K",
        source: include_str!("families/pairs.py"),
        least: 3,
        choices: 5,
    },
    Family {
        name: "drops",
        wish: "the number of pairs of positions in which the earlier entry exceeds the later one \
               by more than K",
        source: include_str!("families/drops.py"),
        least: 1,
        choices: 9,
    },
    Family {
        name: "climb",
        wish: "the length of the longest subsequence in which every entry exceeds the one before \
               by at least K",
        source: include_str!("families/climb.py"),
        least: 2,
        choices: 8,
    },
    Family {
        name: "stretches",
        wish: "the number of non-empty contiguous stretches whose total is divisible by K",
        source: include_str!("families/stretches.py"),
        least: 3,
        choices: 5,
    },
    Family {
        name: "trade",
        wish: "the largest profit of buying and later selling one unit at a time at the listed \
               prices, in any number of trades, when each sale costs a fee of K",
        source: include_str!("families/trade.py"),
        least: 1,
        choices: 9,
    },
    Family {
        name: "calm",
        wish: "the length of the longest contiguous stretch whose largest and smallest entries \
               differ by at most K",
        source: include_str!("families/calm.py"),
        least: 10,
        choices: 20,
    },
];

/// One task of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    family: usize,
    pub(crate) parameter: usize,
    /// Eight hexadecimal digits that tell this task from others of its family.
    pub(crate) name: String,
    pub(crate) call: bool,
}

const MARK: &str = "Ledger mark: ";

impl Task {
    /// The task that a design prompt leads to.
    pub(crate) fn draw(dice: Dice, prompt: &str, call: bool) -> Self {
        let family = dice.below(FAMILIES.len(), &["family", prompt]);
        let chosen = &FAMILIES[family];
        let parameter = chosen.least + dice.below(chosen.choices, &["parameter", prompt]);
        let name = format!("{:08x}", dice.number(&["name", prompt]) & 0xffff_ffff);
        Self { family, parameter, name, call }
    }

    pub(crate) fn family(&self) -> &'static Family {
        &FAMILIES[self.family]
    }

    /// The sentence in the statement from which [`Task::find`] reads the task back.
    pub(crate) fn marker(&self) -> String {
        let mode = if self.call { "call" } else { "stdio" };
        format!("{MARK}{}-{}-{}-{mode}.", self.family().name, self.parameter, self.name)
    }

    /// The last marker in a prompt: an example in a prompt stands before the task itself.
    pub(crate) fn find(prompt: &str) -> Option<Self> {
        let start = prompt.rfind(MARK)? + MARK.len();
        let mut parts = prompt[start..].split(['-', '.']);
        let family = parts.next()?;
        let family = FAMILIES.iter().position(|known| known.name == family)?;
        let parameter = parts.next()?.parse().ok()?;
        let name = parts.next()?.to_owned();
        let call = parts.next()? == "call";
        Some(Self { family, parameter, name, call })
    }

    /// The name of the function to write in call mode.
    pub(crate) fn function(&self) -> String {
        format!("{}_{}", self.family().name, self.name)
    }

    /// The efficient function, renamed.
    pub(crate) fn fast(&self, name: &str) -> String {
        self.part("fast", name)
    }

    /// The definition, renamed.
    pub(crate) fn plain(&self, name: &str) -> String {
        self.part("plain", name)
    }

    fn part(&self, part: &str, name: &str) -> String {
        let source = self.family().source;
        let head = format!("def {part}(");
        let start = source.find(&head).unwrap_or(0);
        let end = source[start..].find("\n\n\n").map_or(source.len(), |length| start + length);
        source[start..end].trim_end().replacen(&head, &format!("def {name}("), 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Dice, FAMILIES, Task};

    #[test]
    fn a_marker_survives_the_trip() {
        for index in 0..50 {
            let task = Task::draw(Dice::new(1), &format!("prompt {index}"), index % 2 == 0);
            let prompt =
                format!("<statement>\nCount.\n\n{}\n</statement>\nSolve it.", task.marker());
            assert_eq!(Task::find(&prompt), Some(task));
        }
        assert_eq!(Task::find("nothing to see"), None);
    }

    #[test]
    fn every_family_has_both_functions() {
        for family in 0..FAMILIES.len() {
            let task = Task { family, parameter: 2, name: "0".to_owned(), call: false };
            assert!(task.fast("a").starts_with("def a(values):\n"), "{}", task.family().name);
            assert!(task.plain("b").starts_with("def b(values):\n"), "{}", task.family().name);
            assert!(!task.fast("a").contains("plain"));
        }
    }
}
