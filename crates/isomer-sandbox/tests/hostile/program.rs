//! What a hostile program is, and all of them.

use common::call;
use isomer_sandbox::{Ending, Entry, Execution, Output};
use serde_json::{Value, json};

use crate::{common, driver, folder, forgers, limits, machine, poison, processes};

/// How a program must end.
#[derive(Clone, Copy)]
pub(crate) enum Expected {
    /// `Ending::describe` starts with one of these, which are parted by `|`.
    Ends(&'static str),
    /// It ends so, and exactly this is on its standard output.
    Shows(&'static str, &'static str),
    /// It prints this line.
    Prints(&'static str),
}

/// Name, source and ending of a program.
pub(crate) type Row = (&'static str, &'static str, Expected);

/// One hostile program.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) source: String,
    pub(crate) entry: Entry,
    pub(crate) expected: Expected,
}

impl Program {
    /// What it is run on.
    pub(crate) fn input(&self) -> Value {
        if self.entry == Entry::Stdio { json!("7\n") } else { json!([7]) }
    }

    /// What is wrong with how it ended.
    pub(crate) fn complaint(&self, execution: &Execution) -> Option<String> {
        let described = execution.ending.describe();
        let ends = |starts: &str| starts.split('|').any(|start| described.starts_with(start));
        let shows = |text: &str| execution.output == Output::Text(text.to_owned());
        let fine = match self.expected {
            Expected::Ends(starts) => ends(starts),
            Expected::Shows(starts, text) => ends(starts) && shows(text),
            Expected::Prints(line) => shows(&format!("{line}\n")),
        };
        let Execution { output, stderr, .. } = execution;
        (!fine).then(|| {
            let text = format!("{}: `{described}` {output:?} {stderr:?}", self.name);
            text.chars().take(600).collect()
        })
    }

    /// Whether it was ended for its time.
    pub(crate) fn is_slow(&self) -> bool {
        let time = Ending::TimeLimit.describe();
        matches!(self.expected, Expected::Ends(ends) | Expected::Shows(ends, _) if time.starts_with(ends))
    }
}

/// All of them.
pub(crate) fn all() -> Vec<Program> {
    let tables =
        [limits::ROWS, processes::ROWS, driver::ROWS, machine::ROWS, poison::ROWS, folder::ROWS];
    let rows = tables.into_iter().flatten().map(|row| (row, Entry::Stdio));
    let rows = rows.chain(forgers::ROWS.iter().map(|row| (row, call())));
    let mut programs: Vec<_> = rows
        .map(|((name, source, expected), entry)| Program {
            name,
            source: (*source).to_owned(),
            entry,
            expected: *expected,
        })
        .collect();
    programs.push(Program {
        name: "compile bomb",
        source: format!("x = {}", "-".repeat(400_000) + "1"),
        entry: Entry::Stdio,
        expected: Expected::Ends("does not compile"),
    });
    programs
}
