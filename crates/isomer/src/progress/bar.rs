//! A bar for work of one kind.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::commands::Setting;

/// A bar up to `all` if that is known, or none that can be seen where nobody looks.
pub(crate) fn bar(all: Option<u64>, template: &str, setting: Setting<'_>) -> ProgressBar {
    if setting.loudness.quiet || !setting.environment.interactive {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template);
    ProgressBar::with_draw_target(all, ProgressDrawTarget::stderr())
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
