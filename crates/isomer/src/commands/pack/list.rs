//! `isomer pack list`: the domains in the program.

use isomer_flow::pack::Pack;
use serde::Serialize;

use crate::cli::PackListArgs;
use crate::commands::write;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// A pack in a line.
#[derive(Serialize)]
struct Line {
    name: String,
    title: String,
    judge_modes: Vec<&'static str>,
    elements: Vec<String>,
    core_elements: Vec<String>,
}

/// Runs the command.
pub(super) fn list(args: &PackListArgs) -> Result<Exit, Failure> {
    let lines = Pack::names().into_iter().map(line).collect::<Result<Vec<_>, _>>()?;
    if args.json {
        write(output::json(&lines))?;
    } else {
        let text = lines.iter().map(|line| {
            let Line { name, title, judge_modes, .. } = line;
            format!("{name:<16}{title} ({})\n", judge_modes.join(", "))
        });
        write(output::data(&text.collect::<String>()))?;
    }
    Ok(Exit::Complete)
}

fn line(name: &str) -> Result<Line, Failure> {
    let pack = Pack::embedded(name)
        .map_err(|error| Failure::because(format!("failed to load the pack `{name}`"), &error))?;
    Ok(Line {
        name: pack.name,
        title: pack.title,
        judge_modes: pack.judge_modes.iter().map(|mode| mode.as_str()).collect(),
        elements: pack.elements.into_iter().map(|element| element.name).collect(),
        core_elements: pack.core,
    })
}
