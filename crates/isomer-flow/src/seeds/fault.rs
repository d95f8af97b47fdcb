//! Everything that can be wrong with seed files and their rows, in words meant for their owner.

use std::fmt;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::fields::{CONTAINERS, STATEMENT_FIELDS};
use super::files::EXTENSIONS;

/// Why no reading can start.
#[derive(Debug, Error)]
pub enum SeedError {
    /// The list of paths is empty.
    #[error("no seed files were named")]
    NoPaths,
    /// A named path does not exist.
    #[error("there is no file or folder `{}`", .path.display())]
    NotFound {
        /// The path as named.
        path: PathBuf,
    },
    /// A named file or a folder's listing cannot be read.
    #[error("cannot read `{}`", .path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A named folder holds no file that looks like seeds.
    #[error("folder `{}` holds no seed files (files of other kinds: {skipped})", .path.display())]
    NothingInFolder {
        /// The folder.
        path: PathBuf,
        /// Files of other kinds that were seen in it.
        skipped: usize,
    },
    /// Standard input can be read only once.
    #[error("standard input (`-`) is named more than once")]
    StdinTwice,
}

impl SeedError {
    /// What the user can do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoPaths => Some("name files or folders, or `-` for standard input".to_owned()),
            Self::NothingInFolder { .. } => Some(format!(
                "in a folder, files ending in {} are read, also with `.gz` or `.zst`; a file of \
                 another name is read when it is named itself",
                quoted(EXTENSIONS)
            )),
            Self::NotFound { .. } | Self::Unreadable { .. } | Self::StdinTwice => None,
        }
    }
}

/// A row, or a whole file, that gave no seed. It was skipped and reading goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The file as the user named it, `-` for standard input.
    pub file: String,
    /// The row, counted as in [`Origin`](isomer_record::Origin); `None` if the rest of the file,
    /// or all of it, is meant.
    pub row: Option<u64>,
    /// What is wrong.
    pub reason: Reason,
}

impl fmt::Display for BadRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Some(row) => write!(formatter, "`{}`, row {row}: {}", self.file, self.reason),
            None => write!(formatter, "`{}`: {}", self.file, self.reason),
        }
    }
}

impl std::error::Error for BadRow {}

/// What is wrong with a row or a file: a closed list.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Reason {
    /// The file has no bytes, or nothing but white space.
    #[error("the file is empty")]
    EmptyFile,
    /// The file is an array or object without members.
    #[error("the file holds no rows")]
    NoRows,
    /// The file is UTF-16 or UTF-32.
    #[error("the file is UTF-16 or UTF-32 text, not UTF-8")]
    NotUtf8File,
    /// The file is of a known kind that is not read.
    #[error("the file is {kind}, not JSON")]
    OtherKind {
        /// The kind, with its article.
        kind: &'static str,
    },
    /// The text is not JSON in any of the layouts.
    #[error("the file is neither JSON nor JSON lines")]
    NotJson,
    /// The system failed to read the file.
    #[error("reading stopped: {error}")]
    Unreadable {
        /// What the system said.
        error: String,
    },
    /// A compressed file ends early.
    #[error("the {compression} data ends early; rows after this point are lost")]
    Torn {
        /// How the file is compressed.
        compression: Compression,
    },
    /// A compressed file is damaged.
    #[error("the {compression} data is damaged: {error}; rows after this point are lost")]
    Damaged {
        /// How the file is compressed.
        compression: Compression,
        /// What the decoder said.
        error: String,
    },
    /// A Parquet file is cut off or damaged.
    #[error("{error}; rows after this point are lost")]
    Parquet {
        /// What the decoder said.
        error: String,
    },
    /// A folder that should be a problem package cannot be read as one.
    #[error("the problem package cannot be used: {error}")]
    Package {
        /// What is missing or wrong.
        error: String,
    },
    /// A JSON array or object, or a row of it, is never closed.
    #[error("the file ends before its JSON is closed")]
    Unclosed,
    /// Something follows the end of the JSON array or object.
    #[error("text after the end of the JSON value is not read (from byte {offset})")]
    TextAfterEnd {
        /// Where it starts in the uncompressed file, counted from 0.
        offset: u64,
    },
    /// The row is larger than the limit.
    #[error("the row is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The row has bytes that are not UTF-8.
    #[error("byte {offset} of the file is not UTF-8")]
    NotUtf8 {
        /// Position in the uncompressed file, counted from 0.
        offset: u64,
    },
    /// The row is not JSON.
    #[error("not valid JSON: {error} at line {line}, column {column} of the row")]
    InvalidJson {
        /// What the parser said.
        error: String,
        /// Line within the row, from 1.
        line: usize,
        /// Column within that line, from 1.
        column: usize,
    },
    /// The row is JSON, but not an object.
    #[error("the row is {found}, not an object")]
    NotAnObject {
        /// What it is, with its article.
        found: &'static str,
    },
    /// No field holds a statement.
    #[error("no statement: none of {} is there; the row has {}", quoted(STATEMENT_FIELDS), shown(.present))]
    MissingStatement {
        /// The row's own fields.
        present: Vec<String>,
    },
    /// The statement is there and holds nothing but white space.
    #[error("the statement (`{field}`) is empty")]
    EmptyStatement {
        /// The field.
        field: String,
    },
    /// The statement is there and not a string.
    #[error("the statement (`{field}`) is {found}, not a string")]
    StatementNotText {
        /// The field.
        field: String,
        /// What it is, with its article.
        found: &'static str,
    },
}

impl Reason {
    /// What the user can do about it.
    pub fn help(&self) -> Option<String> {
        let text = match self {
            Self::NotUtf8File => "convert it, for instance with `iconv -t UTF-8`",
            Self::NotUtf8 { .. } => "the file must be UTF-8 throughout; see `iconv`",
            Self::OtherKind { .. } | Self::NotJson => {
                "seeds are a JSON array, a JSON object of objects, or JSON lines, plain or \
                 compressed with gzip or zstd, or a Parquet file on disk"
            }
            Self::Torn { .. } | Self::Damaged { .. } | Self::Parquet { .. } => {
                "fetch or write the file again"
            }
            Self::TextAfterEnd { .. } => {
                "a file holds one array or object; put the others in files of their own"
            }
            Self::InvalidJson { .. } => {
                "`NaN`, `Infinity`, single quotes, comments and trailing commas are not JSON"
            }
            Self::MissingStatement { .. } => {
                return Some(format!(
                    "rename the field that holds the problem's text, for instance to `statement`; \
                     the fields are also looked for inside {}",
                    quoted(CONTAINERS)
                ));
            }
            Self::EmptyFile
            | Self::NoRows
            | Self::Unreadable { .. }
            | Self::Unclosed
            | Self::Package { .. }
            | Self::TooLarge { .. }
            | Self::NotAnObject { .. }
            | Self::EmptyStatement { .. }
            | Self::StatementNotText { .. } => return None,
        };
        Some(text.to_owned())
    }
}

/// How a file is compressed; told from its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952, one or more members.
    Gzip,
    /// RFC 8878, one or more frames.
    Zstd,
}

impl fmt::Display for Compression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

/// Names in backticks, separated by commas.
fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A row's fields, shortened so that a strange row cannot flood the screen.
fn shown(present: &[String]) -> String {
    const FIELDS: usize = 12;
    const CHARACTERS: usize = 40;
    if present.is_empty() {
        return "no fields".to_owned();
    }
    let mut text: Vec<String> = present
        .iter()
        .take(FIELDS)
        .map(|name| format!("`{}`", name.chars().take(CHARACTERS).collect::<String>()))
        .collect();
    if present.len() > FIELDS {
        text.push(format!("{} more", present.len() - FIELDS));
    }
    text.join(", ")
}
