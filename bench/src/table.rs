//! The only place that writes: tables to standard output, everything else to standard error.

use std::error::Error;
use std::io::Write;

use comfy_table::{CellAlignment, Table, presets};

/// Prints a table in Markdown, numbers to the right.
pub(crate) fn print(title: &str, head: &[&str], rows: &[Vec<String>]) {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(head.iter().copied());
    for row in rows {
        table.add_row(row.clone());
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    line(&format!("\n## {title}\n\n{table}"));
}

/// Prints a line to standard output.
pub(crate) fn line(text: &str) {
    // Whoever closed the pipe does not want the rest.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Says on standard error what is being done.
pub(crate) fn progress(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Says on standard error why a command ends, with all causes.
pub(crate) fn complain(failure: &(dyn Error + 'static)) {
    let mut texts = vec![failure.to_string()];
    let mut cause = failure.source();
    while let Some(inner) = cause {
        texts.push(inner.to_string());
        cause = inner.source();
    }
    progress(&format!("error: {}", texts.join(": ")));
}

/// Seconds with two digits.
pub(crate) fn seconds(length: std::time::Duration) -> String {
    format!("{:.2}", length.as_secs_f64())
}
