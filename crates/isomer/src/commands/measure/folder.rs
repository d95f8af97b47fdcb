//! Where results are kept.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The folder named, or the one that belongs to the first dataset.
pub(super) fn choose(named: Option<&Path>, datasets: &[PathBuf]) -> PathBuf {
    if let Some(named) = named {
        return named.to_path_buf();
    }
    let Some(first) = datasets.first() else { return PathBuf::from("measure") };
    if first.is_dir() {
        return first.join("measure");
    }
    let name = first.file_name().unwrap_or_default().to_string_lossy();
    // Of `tasks.jsonl.gz`, the name alone.
    let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or("measure");
    first.with_file_name(format!("{stem}.measure"))
}

/// Makes sure that the folder is there and can be written to, before anything is worked or paid for.
pub(super) fn make(folder: &Path) -> Result<(), Failure> {
    let probe = || {
        std::fs::create_dir_all(folder)?;
        tempfile::tempfile_in(folder).map(drop)
    };
    probe().map_err(|error| {
        Failure::because(format!("failed to keep results in `{}`", folder.display()), &error)
            .help("name another folder with --output")
    })
}

/// Writes a file as a whole or not at all.
pub(super) fn write(
    path: &Path,
    content: impl FnOnce(&mut dyn std::io::Write) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let fail = |error: &std::io::Error| {
        Failure::because(format!("failed to write `{}`", path.display()), error)
    };
    let part = path.with_extension("part");
    let written = || {
        let file = std::fs::File::create(&part).map_err(|error| fail(&error))?;
        let mut writer = std::io::BufWriter::new(file);
        content(&mut writer)?;
        let file = writer.into_inner().map_err(|error| fail(error.error()))?;
        file.sync_all().and_then(|()| std::fs::rename(&part, path)).map_err(|error| fail(&error))
    };
    let written = written();
    if written.is_err() {
        // What is half a file helps nobody, and a full disk wants the room.
        let _ = std::fs::remove_file(&part);
    }
    written
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{choose, write};
    use crate::failure::Failure;

    #[test]
    fn half_a_file_does_not_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("measured.json");
        write(&path, |out| {
            out.write_all(b"half").unwrap();
            Err(Failure::new("full"))
        })
        .unwrap_err();
        assert!(folder.path().read_dir().unwrap().next().is_none());
        write(&path, |out| {
            out.write_all(b"whole").unwrap();
            Ok(())
        })
        .unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
    }

    #[test]
    fn results_lie_with_the_first_dataset() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().to_path_buf();
        assert_eq!(choose(None, std::slice::from_ref(&run)), run.join("measure"));
        for (file, wanted) in [
            ("a/tasks.jsonl.gz", "a/tasks.measure"),
            ("set.parquet", "set.measure"),
            ("-", "-.measure"),
        ] {
            assert_eq!(choose(None, &[PathBuf::from(file)]), Path::new(wanted));
        }
        assert_eq!(choose(Some(Path::new("x")), &[]), Path::new("x"));
    }
}
