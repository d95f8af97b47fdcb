//! `isomer pack check`: everything that is wrong with a pack.

use std::path::Path;

use isomer_flow::pack::{Pack, PackError};
use serde::Serialize;

use crate::cli::PackCheckArgs;
use crate::commands::{Setting, write};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// What a machine reads.
#[derive(Serialize)]
struct Findings<'a> {
    ok: bool,
    name: Option<&'a str>,
    digest: Option<&'a str>,
    faults: Vec<Fault<'a>>,
}

#[derive(Serialize)]
struct Fault<'a> {
    file: &'a str,
    line: Option<usize>,
    message: &'a str,
    help: Option<&'a str>,
}

/// Runs the command.
pub(super) fn check(args: &PackCheckArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let checked = if Pack::names().contains(&args.pack.as_str()) {
        Pack::embedded(&args.pack).map_err(|error| vec![error])
    } else {
        Pack::check(Path::new(&args.pack))
    };
    let faults = checked.as_ref().err().map(Vec::as_slice).unwrap_or_default();
    let pack = checked.as_ref().ok();
    if args.json {
        let findings = Findings {
            ok: pack.is_some(),
            name: pack.map(|pack| pack.name.as_str()),
            digest: pack.map(|pack| pack.digest.as_str()),
            faults: faults.iter().map(Fault::of).collect(),
        };
        write(output::json(&findings))?;
    } else {
        write(output::data(&text(pack, faults, setting.data_paint)))?;
    }
    Ok(if pack.is_some() { Exit::Complete } else { Exit::Usage })
}

impl<'a> Fault<'a> {
    fn of(error: &'a PackError) -> Self {
        Self {
            file: &error.file,
            line: error.line,
            message: &error.message,
            help: error.help.as_deref(),
        }
    }
}

fn text(pack: Option<&Pack>, faults: &[PackError], paint: output::Paint) -> String {
    let mut lines: Vec<String> = Vec::new();
    for fault in faults {
        lines.push(format!("{} {fault}", paint.bad("fault")));
        lines.extend(fault.help.iter().map(|help| format!("      {help}")));
    }
    if let Some(pack) = pack {
        let modes: Vec<&str> = pack.judge_modes.iter().map(|mode| mode.as_str()).collect();
        lines.push(format!(
            "{} pack `{}`, version {}: {}; judged by {}",
            paint.good("ok"),
            pack.name,
            pack.version,
            pack.task_type,
            modes.join(" and ")
        ));
        for element in &pack.elements {
            let core = if pack.core.contains(&element.name) { " (core)" } else { "" };
            lines.push(format!("   {}{core}", element.name));
        }
    }
    lines.join("\n") + "\n"
}
