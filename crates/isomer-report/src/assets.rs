//! The page's own parts: markup, style and script, which are data files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::embed;

const TOP: &str = include_str!("../assets/top.html");
const STYLE: &str = concat!(include_str!("../assets/css/base.css"),);
const SCRIPT: &str =
    concat!("'use strict';\n(() => {\n", include_str!("../assets/js/start.js"), "})();\n");

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
