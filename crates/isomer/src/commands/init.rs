//! `isomer init`: a settings file with everything explained, and a few seeds.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::cli::InitArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

const FILES: [(&str, &str); 2] = [
    ("isomer.toml", include_str!("../../templates/isomer.toml")),
    ("seeds.jsonl", include_str!("../../templates/seeds.jsonl")),
];

/// Runs the command.
pub(super) fn init(args: &InitArgs) -> Result<Exit, Failure> {
    let fail = |path: &Path, error: &std::io::Error| {
        Failure::because(format!("failed to write `{}`", path.display()), error)
    };
    std::fs::create_dir_all(&args.dir).map_err(|error| fail(&args.dir, &error))?;
    for (name, content) in FILES {
        let path = args.dir.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(content.as_bytes()).map_err(|error| fail(&path, &error))?;
                output::note(&format!("wrote {}", path.display()));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                output::note(&format!("kept {}: it was there already", path.display()));
            }
            Err(error) => return Err(fail(&path, &error)),
        }
    }
    output::note(
        "next: export OPENAI_API_KEY=…; isomer run seeds.jsonl -o runs/first --budget-usd 1",
    );
    Ok(Exit::Complete)
}

#[cfg(test)]
mod tests {
    use super::FILES;
    use crate::settings::{SettingsFile, survey};

    #[test]
    fn the_template_is_valid_with_and_without_its_comments() {
        let (_, text) = FILES[0];
        assert_eq!(SettingsFile::parse(text, "isomer.toml").unwrap(), SettingsFile::default());
        // Lines that begin with `#` and no space are settings switched off.
        let all: String = text
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(rest) if !rest.starts_with(' ') && !rest.is_empty() => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let file = SettingsFile::parse(&all, "isomer.toml").unwrap_or_else(|failure| {
            panic!("{}", failure.render(crate::output::Paint::default()))
        });
        assert!(file.samples.is_some() && file.roles.contains_key("solver"));
        assert!(file.sandbox.isolation.is_some() && !file.prices.is_empty());
    }

    #[test]
    fn the_sample_seeds_are_enough_for_a_run() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("seeds.jsonl");
        std::fs::write(&path, FILES[1].1).unwrap();
        let found = survey(&[path], true).unwrap();
        assert!(found.seeds >= 4);
    }
}
