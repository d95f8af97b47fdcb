//! What a run's schema tells: time against the number of seeds, and against the published way.

mod fill;
mod texts;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use isomer_bench::process::Measured;
use serde::Deserialize;
use serde_json::{Value, json};

use self::fill::Model;
use crate::Failure;
use crate::driver::{Driver, complete};
use crate::sandbox::{Busy, processors};
use crate::table::{line, print, progress, seconds};

/// The other side: every text embedded again for each pair of elements.
const PEER: &str = include_str!("../../../schema_peer.py");

/// Measure the schema of made-up runs, with `isomer schema measure` and in the published way
///
/// The published scripts of the method embed and cluster every text again for each pair of elements.
/// `bench/schema_peer.py` does the same, on the first seeds of the run where the whole would take too
/// long. Both sides use all cores that they may.
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// Numbers of seeds
    #[arg(long, value_delimiter = ',', default_value = "2000,20000")]
    seeds: Vec<u64>,

    /// Folder of a sentence model, such as all-MiniLM-L6-v2; without, only hashing is measured
    #[arg(long, value_name = "DIR")]
    embedder: Option<PathBuf>,

    /// Python with sentence-transformers, from `bench/peers schema FOLDER`
    #[arg(long, value_name = "PATH", requires = "embedder")]
    peer: Option<PathBuf>,

    /// Most seeds for the published way
    #[arg(long, default_value_t = 100)]
    peer_seeds: u64,
}

/// What the script prints.
#[derive(Debug, Deserialize)]
struct Theirs {
    items: u64,
    embedded: u64,
    seconds: f64,
    cpu: f64,
}

/// One way to measure a schema, and what it took.
struct Turn {
    name: String,
    seeds: u64,
    seconds: f64,
    cpu: f64,
    peak_kib: Option<u64>,
}

pub(crate) fn run(driver: &Driver, arguments: &Arguments) -> Result<(), Failure> {
    let watch = Busy::watch(processors()?.len())?;
    let model = Model::make(driver)?;
    let mut rows = Vec::new();
    let mut before: Vec<Turn> = Vec::new();
    for count in &arguments.seeds {
        progress(&format!("{count} seeds"));
        let folder = driver.path(&format!("schema-{count}"));
        model.fill(&folder, *count)?;
        let mut turns = vec![ours(driver, &folder, "hashing", Path::new("hashing"))?];
        if let Some(embedder) = &arguments.embedder {
            turns.push(ours(driver, &folder, "sentence model", &embedder.canonicalize()?)?);
        }
        if let (Some(python), Some(embedder)) = (&arguments.peer, &arguments.embedder) {
            let seeds = arguments.peer_seeds.min(*count);
            turns.push(peer(driver, python, embedder, &model.names, seeds)?);
        }
        let published = turns.iter().find(|turn| turn.peak_kib.is_none());
        for turn in &turns {
            let shorter = before.iter().find(|other| other.name == turn.name);
            rows.push(turn.row(shorter, published));
        }
        before = turns;
        std::fs::remove_dir_all(&folder)?;
    }
    let head = [
        "",
        "seeds",
        "wall s",
        "CPU s",
        "wall ms a seed",
        "CPU ms a seed",
        "to shorter run",
        "peak MiB",
        "published way ×",
        "the same by CPU",
    ];
    print("A schema measured", &head, &rows);
    line(&format!(
        "\nThe published way is timed without the start of Python and of the model, on the first {} seeds at most; \
         all ratios are per seed.",
        arguments.peer_seeds
    ));
    let (busy, own) = watch.shares()?;
    line(&format!(
        "Processors were busy {:.0} % of the time, {:.0} % with this.",
        100.0 * busy,
        100.0 * own
    ));
    Ok(())
}

/// `isomer schema measure` with nothing embedded before.
fn ours(driver: &Driver, run: &Path, name: &str, embedder: &Path) -> Result<Turn, Failure> {
    progress(&format!("isomer, {name}"));
    let measured = complete(
        driver.command().args(["schema", "measure", "--json", "--embedder"]).arg(embedder).arg(run),
    )?;
    let found: Value = serde_json::from_str(&measured.stdout)?;
    let seeds = found["survey"]["items"].as_u64().ok_or("`isomer` named no seeds")?;
    let Measured { wall, own_cpu, peak_kib, .. } = measured;
    Ok(Turn {
        name: format!("isomer, {name}"),
        seeds,
        seconds: wall.as_secs_f64(),
        cpu: own_cpu.as_secs_f64(),
        peak_kib: Some(peak_kib),
    })
}

fn peer(
    driver: &Driver,
    python: &Path,
    embedder: &Path,
    names: &[String],
    seeds: u64,
) -> Result<Turn, Failure> {
    progress(&format!("the published way, {seeds} seeds"));
    let (script, rows) = (driver.path("schema_peer.py"), driver.path("peer.jsonl"));
    std::fs::write(&script, PEER)?;
    let mut out = std::io::BufWriter::new(std::fs::File::create(&rows)?);
    for number in 0..seeds {
        let row =
            json!({"problem": texts::problem(number), "elements": texts::elements(number, names)});
        writeln!(out, "{row}")?;
    }
    out.flush()?;
    drop(out);
    let measured = complete(Command::new(python).arg(&script).arg(&rows).arg(embedder))?;
    let found: Theirs = serde_json::from_str(&measured.stdout)?;
    Ok(Turn {
        name: format!(
            "published way, {} texts embedded for each",
            found.embedded / found.items.max(1)
        ),
        seeds: found.items,
        seconds: found.seconds,
        cpu: found.cpu,
        peak_kib: None,
    })
}

impl Turn {
    #[expect(clippy::cast_precision_loss, reason = "seeds and sizes are far below 2^52")]
    fn row(&self, shorter: Option<&Self>, published: Option<&Self>) -> Vec<String> {
        let each = |turn: &Self, value: f64| 1000.0 * value / turn.seeds as f64;
        let (wall, cpu) = (each(self, self.seconds), each(self, self.cpu));
        let published = published.filter(|_| self.peak_kib.is_some());
        let shorter = shorter.filter(|shorter| shorter.seeds < self.seeds);
        let ratio =
            |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.2}"));
        vec![
            self.name.clone(),
            self.seeds.to_string(),
            seconds(std::time::Duration::from_secs_f64(self.seconds)),
            seconds(std::time::Duration::from_secs_f64(self.cpu)),
            format!("{wall:.2}"),
            format!("{cpu:.2}"),
            ratio(shorter.map(|shorter| cpu / each(shorter, shorter.cpu))),
            self.peak_kib.map_or_else(String::new, |peak| format!("{:.0}", peak as f64 / 1024.0)),
            ratio(published.map(|published| each(published, published.seconds) / wall)),
            ratio(published.map(|published| each(published, published.cpu) / cpu)),
        ]
    }
}
