//! `isomer curate`: a dataset without what does not belong into it.

use std::path::PathBuf;

use isomer_dataset::curate::{self, Band, CurateError, Settings, Suites};
use isomer_dataset::tasks_file;

use super::{Setting, embedder, writable, write};
use crate::cli::CurateArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::progress;
use crate::report::{self, Curation};

/// Runs the command.
pub(super) fn run(args: &CurateArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let settings = settings(args)?;
    let bar = progress::bar(None, "{spinner} {human_pos} rows, {per_sec}", setting);
    let summary = curate::curate(&settings, |summary| bar.set_position(summary.read));
    bar.finish_and_clear();
    let summary = summary.map_err(|error| failed(&error))?;
    let kept = summary.kept;
    let curation = Curation {
        output: args.output.display().to_string(),
        removals: curate::removals_file(&args.output).display().to_string(),
        summary,
    };
    if args.json {
        write(output::json(&curation))?;
    } else {
        write(output::data(&report::curation(&curation, setting.data_paint)))?;
    }
    Ok(if kept == 0 { Exit::NothingKept } else { Exit::Complete })
}

fn settings(args: &CurateArgs) -> Result<Settings, Failure> {
    writable::file(&args.output)?;
    let inputs: Vec<PathBuf> = args.inputs.iter().map(|path| tasks_file(path)).collect();
    let removals = curate::removals_file(&args.output);
    let same = |path: &PathBuf| path.canonicalize().ok();
    for written in [&args.output, &removals] {
        if let Some(input) =
            inputs.iter().find(|input| same(input).is_some_and(|path| Some(path) == same(written)))
        {
            let input = input.display();
            return Err(Failure::usage(format!("`{input}` would be overwritten"))
                .help("name another file with --output"));
        }
    }
    let band = |(low, high)| Band { low, high };
    #[expect(clippy::cast_possible_truncation, reason = "a cosine of any precision")]
    let cosine = args.cosine as f32;
    let embedder = args.embedder.as_deref().map(embedder::local).transpose()?;
    Ok(Settings {
        inputs,
        output: args.output.clone(),
        seeds: args.seeds.clone(),
        against: args.against.clone(),
        similarity: (args.similarity > 0.0).then_some(args.similarity),
        words: args.words as usize,
        share: args.overlap,
        phrase: args.phrase,
        kill_rate: args.kill_rate.map(band),
        pass_rate: args.pass_rate.map(band),
        verdicts: args.verdicts.clone(),
        suites: Suites {
            keep: args.min_tests.map(|tests| tests as usize),
            bytes: args.suite_bytes,
            public: args.public as usize,
        },
        kills: args.kills.clone(),
        meaning: embedder.map(|embedder| (embedder, cosine)),
    })
}

fn failed(error: &CurateError) -> Failure {
    let failure = Failure::because("failed to curate", error);
    let (exit, help) = match error {
        CurateError::Dataset(error) => (Exit::Usage, error.help().map(str::to_owned)),
        CurateError::Known(error) => (Exit::Usage, error.help()),
        CurateError::Embed(_) | CurateError::Io { .. } => (Exit::Error, None),
    };
    let failure = failure.exit(exit);
    match help {
        Some(help) => failure.help(help),
        None => failure,
    }
}
