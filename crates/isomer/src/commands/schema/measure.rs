//! `isomer schema measure`: what a run's elements tell, as table, JSON or picture.

use isomer_measure::schema::enough_items;

use super::folder;
use super::lens::Lens;
use super::reading::Reading;
use crate::cli::SchemaMeasureArgs;
use crate::commands::{Setting, writable, write};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::report::{self, Measurement};
use crate::settings::{self, RunFile, Wishes};

/// Runs the command.
pub(super) async fn measure(
    args: &SchemaMeasureArgs,
    setting: Setting<'_>,
) -> Result<Exit, Failure> {
    let file = RunFile::require(&args.run)?;
    if let Some(path) = &args.picture {
        writable::file(path)?;
    }
    let pack = settings::pack(&Wishes::default(), Some(&file.identity))?.pack;
    let reader = report::open(&args.run)?;
    let names: Vec<String> = pack.elements.iter().map(|element| element.name.clone()).collect();
    let mut lens = Lens::open(&args.run, &args.lens, args.config.as_deref(), setting)?;
    let most = args.sample.map_or(usize::MAX, |sample| sample as usize);
    let reading = Reading::of_run(&reader, &names, most, &mut lens).await?;
    let measured = lens.measure(&reading.problem, &reading.elements)?;
    let measurement = Measurement {
        run: args.run.display().to_string(),
        pack: pack.name.clone(),
        pack_version: pack.version,
        pack_digest: file.identity.pack.digest.clone(),
        embedder: lens.name().to_owned(),
        enough_seeds: enough_items(measured.survey.clusters),
        elements: names,
        survey: measured.survey,
    };
    if let Some(path) = &args.picture {
        folder::write(path, report::schema_picture(&measurement)?.as_bytes())?;
    }
    if args.json {
        write(output::json(&measurement))?;
    } else {
        write(output::data(&report::schema_table(&measurement, setting.data_paint)))?;
    }
    Ok(Exit::Complete)
}
