//! From named paths to files.

use std::fs;
use std::path::{Path, PathBuf};

use super::gzip;
use crate::seeds::{Reason, SeedError, SeedReader, SeedSettings};

fn put(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

fn row(id: &str) -> String {
    format!("{{\"id\": \"{id}\", \"prompt\": \"p\"}}\n")
}

fn open(paths: &[PathBuf]) -> Result<SeedReader, SeedError> {
    SeedReader::open(paths, SeedSettings::default())
}

fn ids(paths: &[PathBuf]) -> Vec<String> {
    open(paths).unwrap().map(|seed| seed.unwrap().id).collect()
}

#[test]
fn folders_are_read_by_name_and_other_kinds_are_noted() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    put(root, "b.jsonl", row("2"));
    put(root, "a/z.JSON", row("1"));
    put(root, "c.ndjson.gz", gzip(row("3").as_bytes()));
    put(root, ".cache/x.json", row("hidden"));
    let notes = put(root, "notes.txt", "hello");
    assert_eq!(ids(&[root.to_owned()]), ["1", "2", "3"]);
    assert_eq!(open(&[root.to_owned()]).unwrap().skipped_files(), [notes]);
}

#[test]
fn named_files_are_read_in_their_order_whatever_they_are_called() {
    let folder = tempfile::tempdir().unwrap();
    let second = put(folder.path(), "a.txt", row("2"));
    let first = put(folder.path(), "z.jsonl", gzip(row("1").as_bytes()));
    assert_eq!(ids(&[first.clone(), second.clone()]), ["1", "2"]);
    let seed = open(std::slice::from_ref(&second)).unwrap().next().unwrap().unwrap();
    assert_eq!((seed.origin.file, seed.origin.row), (second.display().to_string(), 1));
}

#[test]
fn a_bad_file_does_not_stop_the_next() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.json", "");
    put(folder.path(), "b.json", row("1"));
    let rows: Vec<_> = open(&[folder.path().to_owned()]).unwrap().collect();
    let bad = rows[0].as_ref().unwrap_err();
    assert_eq!((bad.row, &bad.reason), (None, &Reason::EmptyFile));
    assert_eq!(
        bad.to_string(),
        format!("`{}`: the file is empty", folder.path().join("a.json").display())
    );
    assert_eq!(rows[1].as_ref().unwrap().id, "1");
}

#[test]
fn what_cannot_start_is_known_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = put(folder.path(), "readme.md", "x");
    let missing = folder.path().join("none.jsonl");
    let error = |paths: &[PathBuf]| open(paths).err().unwrap();
    assert!(matches!(error(&[]), SeedError::NoPaths));
    assert!(matches!(error(&[file, missing]), SeedError::NotFound { .. }));
    assert!(matches!(error(&["-".into(), "-".into()]), SeedError::StdinTwice));
    let nothing = error(&[folder.path().to_owned()]);
    assert!(matches!(nothing, SeedError::NothingInFolder { skipped: 1, .. }));
    assert!(nothing.help().unwrap().contains("`.jsonl`"));
}

#[test]
fn a_circle_of_links_is_an_error_and_not_endless() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "sub/a.json", row("1"));
    std::os::unix::fs::symlink(folder.path(), folder.path().join("sub/up")).unwrap();
    assert!(matches!(open(&[folder.path().to_owned()]), Err(SeedError::Unreadable { .. })));
}

#[test]
fn the_quickstart_seeds_are_all_seeds_with_solutions() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/quickstart/seeds.jsonl");
    let seeds: Vec<_> = open(&[path]).unwrap().map(Result::unwrap).collect();
    assert_eq!(seeds.len(), 12);
    assert!(seeds.iter().all(|seed| seed.solution.is_some() && !seed.id.starts_with("seed-")));
}
