//! Which stage is asking, told from the tags that the prompt wants to see in the answer.

use serde::Serialize;

/// What a prompt asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The element set of a problem, or a recombined one.
    Elements,
    /// A task statement.
    Design,
    /// A reference solution with a generator, or a repair of both.
    Solve,
    /// Plausible but wrong solutions.
    NearMiss,
    /// A better generator.
    Harden,
    /// Changes to a schema.
    Proposals,
    /// A solution of a whole task, of a model whose success is measured.
    Target,
    /// None of these: a question that the mock answers with a polite sentence.
    Unknown,
}

impl Kind {
    /// All kinds in the order in which an item asks them.
    pub const ALL: [Self; 8] = [
        Self::Elements,
        Self::Design,
        Self::Solve,
        Self::NearMiss,
        Self::Harden,
        Self::Proposals,
        Self::Target,
        Self::Unknown,
    ];

    /// The name used in the statistics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Elements => "elements",
            Self::Design => "design",
            Self::Solve => "solve",
            Self::NearMiss => "near_miss",
            Self::Harden => "harden",
            Self::Proposals => "proposals",
            Self::Target => "target",
            Self::Unknown => "unknown",
        }
    }

    /// Tells the kind from the whole prompt.
    ///
    /// Later stages show the tags of earlier products, so the rarest tag decides.
    pub(crate) fn of(prompt: &str) -> Self {
        let has = |tag: &str| prompt.contains(tag);
        if has("# What to write") && has("Your program is run on hidden tests") {
            Self::Target
        } else if has("<equivalent>") {
            Self::Harden
        } else if has("<near_miss>") {
            Self::NearMiss
        } else if has("<solution>") && (has("<generator>") || has("<tests>")) {
            Self::Solve
        } else if has("<statement>") && (has("<comparison>") || has("<header>")) {
            Self::Design
        } else if has("<elements>") {
            Self::Elements
        } else if has("{\"proposals\": ") {
            Self::Proposals
        } else {
            Self::Unknown
        }
    }
}

/// Whether the task is judged by a pytest file. `prompt` is the whole prompt.
pub(crate) fn wants_pytest(prompt: &str) -> bool {
    ["<header>", "<tests>", "<additions>"].iter().any(|tag| prompt.contains(tag))
}

/// Whether a task is wanted that is solved by a function: programs read standard input. `request`
/// is the prompt without its constant part, which speaks of both.
pub(crate) fn wants_function(request: &str) -> bool {
    !request.contains("standard input")
}

/// The element names that an element prompt asks for: those of the last `<elements>` block with
/// `Name: value` lines, or those of the default schema.
pub(crate) fn element_names(prompt: &str) -> Vec<String> {
    let block = prompt
        .split("<elements>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</elements>"))
        .map(|(block, _)| names_in(block))
        .filter(|names| names.len() > 1)
        .last();
    block.unwrap_or_else(|| DEFAULT_NAMES.map(str::to_owned).to_vec())
}

const DEFAULT_NAMES: [&str; 4] =
    ["Core Algorithm Idea", "Story Background", "Strategy Diversity", "Difficulty Level"];

fn names_in(block: &str) -> Vec<String> {
    block
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name.trim().to_owned())
        .filter(|name| name.len() < 60 && name.starts_with(|first: char| first.is_uppercase()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Kind, element_names};

    #[test]
    fn the_rarest_tag_decides() {
        let cases = [
            ("Answer with <elements> lines </elements>", Kind::Elements),
            ("<elements>A: b</elements> Write <title>, <statement> and <comparison>", Kind::Design),
            ("<statement>x</statement> Write <solution> and <generator>", Kind::Solve),
            ("<solution>x</solution> Write five <near_miss> blocks", Kind::NearMiss),
            ("<near_miss>x</near_miss> <generator> or <equivalent>", Kind::Harden),
            ("<statement>x</statement> Write <solution> and <tests>", Kind::Solve),
            ("<elements>A: b</elements> Write <statement> and <header>", Kind::Design),
            ("Answer with {\"proposals\": [...]}", Kind::Proposals),
            ("Your program is run on hidden tests.\n# What to write", Kind::Target),
            ("Hello?", Kind::Unknown),
        ];
        for (prompt, kind) in cases {
            assert_eq!(Kind::of(prompt), kind, "{prompt}");
        }
    }

    #[test]
    fn names_come_from_the_prompt() {
        let prompt = "Use\n<elements>\nShape: …\nSize: …\n</elements>\nNow: go";
        assert_eq!(element_names(prompt), ["Shape", "Size"]);
        assert_eq!(element_names("nothing").len(), 4);
    }
}
