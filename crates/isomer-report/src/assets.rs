//! The page's own parts: markup, style and script, which are data files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::embed;

const TOP: &str = include_str!("../assets/top.html");
const STYLE: &str = concat!(
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/summary.css"),
    include_str!("../assets/css/tasks.css"),
);
/// One after the other in one scope, each using those above.
const SCRIPT: &str = concat!(
    "'use strict';\n(() => {\n",
    include_str!("../assets/js/dom.js"),
    include_str!("../assets/js/data.js"),
    include_str!("../assets/js/figure.js"),
    include_str!("../assets/js/plots.js"),
    include_str!("../assets/js/map.js"),
    include_str!("../assets/js/code.js"),
    include_str!("../assets/js/diff.js"),
    include_str!("../assets/js/summary.js"),
    include_str!("../assets/js/run.js"),
    include_str!("../assets/js/axes.js"),
    include_str!("../assets/js/quality.js"),
    include_str!("../assets/js/list.js"),
    include_str!("../assets/js/matrix.js"),
    include_str!("../assets/js/task.js"),
    include_str!("../assets/js/start.js"),
    "})();\n"
);

/// Everything above the data.
///
/// The policy admits the page's own style and script by their digests and nothing else: no other
/// script, no address, no form.
pub(crate) fn top(title: &str) -> String {
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; \
         base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
        digest(SCRIPT),
        digest(STYLE)
    );
    TOP.replace("{{policy}}", &policy)
        .replace("{{style}}", STYLE)
        .replace("{{title}}", &embed::text(title))
}

/// Everything below the data.
pub(crate) fn bottom() -> String {
    format!("<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

fn digest(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}
