//! A bar for work whose length is known.

use indicatif::{ProgressBar, ProgressStyle};

use crate::commands::Setting;

/// A bar up to `all`, or none that can be seen where nobody looks.
pub(crate) fn bar(all: u64, template: &str, setting: Setting<'_>) -> ProgressBar {
    if setting.loudness.quiet || !setting.environment.interactive {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template);
    ProgressBar::new(all).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
