//! The reference page `docs/cli.md` is the help texts; a test keeps it current.

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::path::Path;

    use clap::{Command, CommandFactory};

    use crate::cli::Cli;
    use crate::exit::Exit;

    fn reference() -> String {
        let mut root = Cli::command().term_width(80);
        root.build();
        let mut page = String::from(
            "# Command line\n\nThe help texts of every command, written by\n\
             `UPDATE=1 cargo test -p isomer reference`; do not edit by hand.\n",
        );
        let _ = write!(page, "\n## isomer\n\n```text\n{}\n```\n", root.render_long_help());
        describe(&root, "isomer", &mut page);
        page.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
    }

    /// Appends the help of every command beneath `parent`.
    fn describe(parent: &Command, path: &str, page: &mut String) {
        for command in parent.get_subcommands().filter(|command| command.get_name() != "help") {
            let path = format!("{path} {}", command.get_name());
            let help = command.clone().term_width(80).render_help();
            let _ = write!(page, "\n## {path}\n\n```text\n{help}\n```\n");
            describe(command, &path, page);
        }
    }

    #[test]
    fn reference_page_is_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md");
        let wanted = reference();
        #[expect(clippy::disallowed_methods, reason = "a switch of the test, not of the program")]
        let update = std::env::var_os("UPDATE").is_some();
        if update {
            std::fs::write(&path, &wanted).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == wanted,
            "docs/cli.md is stale: run UPDATE=1 cargo test -p isomer reference"
        );
    }

    /// A wrapped example can no longer be copied.
    #[test]
    fn examples_and_exit_codes_stay_on_one_line() {
        let page = reference();
        for (name, text) in page.split("\n## ").skip(1).filter_map(|part| part.split_once('\n')) {
            let Some((_, after)) = text.split_once("Examples:\n") else { continue };
            for line in after.lines().take_while(|line| !line.is_empty() && *line != "```") {
                assert!(line.starts_with("  isomer "), "{name}: {line}");
            }
        }
        assert!(page.contains(&Exit::table()));
    }

    #[test]
    fn every_line_of_help_fits_the_terminal() {
        for line in reference().lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }

    /// A line that is wrapped once more leaves a word alone on the next.
    #[test]
    fn what_stands_below_the_flags_is_written_for_the_terminal() {
        let mut commands = vec![Cli::command()];
        while let Some(command) = commands.pop() {
            let below = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in below.lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
            }
            commands.extend(command.get_subcommands().cloned());
        }
    }

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
