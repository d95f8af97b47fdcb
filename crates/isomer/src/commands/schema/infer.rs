//! `isomer schema infer`: the elements of a domain from a few of its problems.

use std::io::Write as _;

use crate::cli::SchemaInferArgs;
use crate::commands::{Setting, asking, writable, write};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// Runs the command.
pub(super) async fn infer(args: &SchemaInferArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    if let Some(path) = args.output.as_ref().filter(|path| path.exists()) {
        return Err(Failure::usage(format!("`{}` is there already", path.display()))
            .help("name another file with -o"));
    }
    if let Some(path) = &args.output {
        writable::file(path)?;
    }
    let found = asking::elements(&args.examples, &args.task_type, &args.ask, setting).await?;
    if !setting.loudness.quiet {
        let core = found.proposal.core.join("`, `");
        output::note(&format!("Proposed by {}; as core elements: `{core}`.", found.model));
    }
    let Some(path) = &args.output else {
        write(output::json(&found.proposal.elements))?;
        return Ok(Exit::Complete);
    };
    let failed = |error: &std::io::Error| {
        Failure::because(format!("failed to write `{}`", path.display()), error)
    };
    let text = serde_json::to_string_pretty(&found.proposal.elements)
        .map_err(|error| failed(&error.into()))?;
    std::fs::File::create_new(path)
        .and_then(|mut file| file.write_all((text + "\n").as_bytes()))
        .map_err(|error| failed(&error))?;
    Ok(Exit::Complete)
}
