//! Curation of many tasks: time, memory, and against datatrove on the same rows.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use isomer_bench::process::Measured;
use serde_json::{Value, json};

use crate::Failure;
use crate::driver::{Driver, complete};
use crate::splitmix::SplitMix;
use crate::table::{line, print, progress, seconds};

/// Words of a statement.
const WORDS: u64 = 220;

/// Words there are.
const VOCABULARY: u64 = 20_000;

/// The other side: MinHash of datatrove with the same bands.
const PEER: &str = include_str!("../../dedup_peer.py");

/// Remove near-duplicates from made-up tasks, with `isomer curate` and with datatrove
///
/// A fifth of the rows repeats an earlier one with some words changed. Both sides use word 5-grams,
/// 25 bands of 5 hashes and all cores; isomer also compares every candidate exactly.
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// Numbers of tasks
    #[arg(long, value_delimiter = ',', default_value = "10000,100000")]
    pub(crate) tasks: Vec<u64>,

    /// Python with datatrove, from `bench/peers dedup FOLDER`; without, isomer alone is measured
    #[arg(long, value_name = "PATH")]
    pub(crate) peer: Option<PathBuf>,

    /// Most tasks for the peer, which takes long
    #[arg(long, default_value_t = 100_000)]
    pub(crate) peer_tasks: u64,
}

pub(crate) fn run(driver: &Driver, arguments: &Arguments) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for count in &arguments.tasks {
        progress(&format!("{count} tasks"));
        let folder = driver.path(&format!("curate-{count}"));
        let input = folder.join("in");
        std::fs::create_dir_all(&input)?;
        let file = input.join("tasks.jsonl");
        let copies = write(&file, *count)?;
        let ours = complete(
            driver
                .command()
                .args(["curate", "--json"])
                .arg(&file)
                .arg("-o")
                .arg(folder.join("out.jsonl")),
        )?;
        let found: Value = serde_json::from_str(&ours.stdout)?;
        rows.push(row(
            "isomer",
            *count,
            copies,
            found["kept"].as_u64().unwrap_or_default(),
            &ours,
            None,
        ));
        if let Some(python) = arguments.peer.as_deref().filter(|_| *count <= arguments.peer_tasks) {
            let theirs = peer(python, &folder, &input)?;
            let kept = theirs.stdout.trim().lines().last().and_then(|kept| kept.parse().ok());
            rows.push(row(
                "datatrove",
                *count,
                copies,
                kept.unwrap_or_default(),
                &theirs,
                Some(&ours),
            ));
        }
        std::fs::remove_dir_all(&folder)?;
    }
    let head = [
        "",
        "tasks",
        "copies put in",
        "removed",
        "wall s",
        "CPU s",
        "peak MiB",
        "time of isomer × ",
    ];
    print("Near-duplicates removed", &head, &rows);
    line(
        "\nPeak memory is that of the first process; datatrove starts one for each core beside it.",
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "sizes of processes are far below 2^52 KiB")]
fn row(
    name: &str,
    tasks: u64,
    copies: u64,
    kept: u64,
    used: &Measured,
    ours: Option<&Measured>,
) -> Vec<String> {
    let ratio = ours.map(|ours| used.wall.as_secs_f64() / ours.wall.as_secs_f64());
    vec![
        name.to_owned(),
        tasks.to_string(),
        copies.to_string(),
        tasks.saturating_sub(kept).to_string(),
        seconds(used.wall),
        seconds(used.own_cpu + used.descendants_cpu),
        format!("{:.0}", used.peak_kib as f64 / 1024.0),
        ratio.map_or_else(String::new, |ratio| format!("{ratio:.1}")),
    ]
}

fn peer(python: &Path, folder: &Path, input: &Path) -> Result<Measured, Failure> {
    let script = folder.join("dedup_peer.py");
    std::fs::write(&script, PEER)?;
    complete(Command::new(python).arg(&script).arg(input).arg(folder.join("peer")))
}

/// Common words are much more common than rare ones. Their letters tell them apart: datatrove takes
/// all numbers for one.
fn word(random: &mut SplitMix) -> String {
    const LETTERS: [&[u8]; 2] = [b"bcdfghjklmnprstvwxyz", b"aeiou"];
    let (one, other) = (random.next() % VOCABULARY, random.next() % VOCABULARY);
    let mut rest = one * other / VOCABULARY;
    let letters = LETTERS.iter().cycle().take(6).map(|letters| {
        let count = letters.len() as u64;
        let letter = letters[usize::try_from(rest % count).unwrap_or_default()];
        rest /= count;
        char::from(letter)
    });
    letters.collect()
}

/// Writes rows; returns how many of them repeat an earlier one.
fn write(file: &Path, count: u64) -> Result<u64, Failure> {
    let mut out = BufWriter::new(File::create(file)?);
    let mut copies = 0;
    for number in 0..count {
        let repeats = number % 5 == 4;
        copies += u64::from(repeats);
        // A copy is made from the seed of its original, with one word in 40 thrown anew.
        let original = if repeats { SplitMix(number).next() % number / 5 * 5 } else { number };
        let (mut random, mut change) = (SplitMix(original << 20), SplitMix(number << 20 | 1));
        let words = (0..WORDS).map(|_| {
            let usual = word(&mut random);
            let changed = repeats && change.next().is_multiple_of(40);
            if changed { word(&mut change) } else { usual }
        });
        let statement = words.collect::<Vec<_>>().join(" ");
        let tests: Vec<String> =
            (0..20).map(|test| format!("{} {test}\n", number * 31 + test)).collect();
        let row = json!({
            "id": format!("task-{number}"), "pack": "algorithm", "statement": statement, "judge_mode": "stdio",
            "tests": {"input": tests, "output": tests, "fn_name": null, "type": "stdin_stdout"},
        });
        serde_json::to_writer(&mut out, &row)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(copies)
}
