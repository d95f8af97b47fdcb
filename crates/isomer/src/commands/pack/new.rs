//! `isomer pack new`: a domain from a few of its tasks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use isomer_flow::domain::{Inferred, NewPack};
use isomer_flow::pack::Pack;

use crate::cli::PackNewArgs;
use crate::commands::{Setting, asking, writable};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// Runs the command.
pub(super) async fn new(args: &PackNewArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let folder = args.output.clone().unwrap_or_else(|| PathBuf::from(&args.name));
    // Before anything is paid for.
    refuse_existing(&folder)?;
    writable::folder(&folder)?;
    if Pack::names().contains(&args.name.as_str()) {
        return Err(Failure::usage(format!("`{}` is a built-in pack", args.name))
            .help("give yours another name: it stands in every task"));
    }
    let found = asking::elements(&args.from, &args.task_type, &args.ask, setting).await?;
    let pack = NewPack {
        name: &args.name,
        task_type: &args.task_type,
        judge_mode: args.judge_mode.into(),
        proposal: &found.proposal,
    };
    let files =
        pack.files().map_err(|error| Failure::because("failed to make the pack", &error))?;
    put(&folder, &files)?;
    if !setting.loudness.quiet {
        output::note(&report(&folder, &found));
    }
    Ok(Exit::Complete)
}

fn refuse_existing(folder: &Path) -> Result<(), Failure> {
    if folder.symlink_metadata().is_err() {
        return Ok(());
    }
    Err(Failure::usage(format!("`{}` is there already", folder.display()))
        .help("name another folder with -o"))
}

/// Written beside its place, checked, and only then put there, whole.
fn put(folder: &Path, files: &BTreeMap<String, String>) -> Result<(), Failure> {
    let mut part = folder.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = PathBuf::from(part);
    let put = write(&part, files)
        .map_err(|error| Failure::because(format!("failed to write `{}`", part.display()), &error))
        .and_then(|()| {
            Pack::load(&part).map_err(|error| Failure::because("the new pack is at fault", &error))
        })
        .and_then(|_| {
            refuse_existing(folder)?;
            std::fs::rename(&part, folder).map_err(|error| {
                Failure::because(format!("failed to make `{}`", folder.display()), &error)
            })
        });
    if put.is_err() {
        // What went wrong matters more than what is left of it.
        let _ = std::fs::remove_dir_all(&part);
    }
    put
}

fn write(folder: &Path, files: &BTreeMap<String, String>) -> std::io::Result<()> {
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, text)?;
    }
    Ok(())
}

fn report(folder: &Path, found: &Inferred) -> String {
    let folder = folder.display();
    let mut lines = vec![format!("Elements proposed by {}:", found.model)];
    lines.extend(found.proposal.elements.iter().map(|element| {
        let core = if found.proposal.core.contains(&element.name) { " (core)" } else { "" };
        format!("  {}{core}: {}", element.name, element.definition)
    }));
    lines.push(format!(
        "The pack is in {folder}: look at elements.json and the prompts, change them, then\n\
         isomer pack check {folder}\n\
         isomer run SEEDS -o RUN --pack {folder}"
    ));
    lines.join("\n")
}
