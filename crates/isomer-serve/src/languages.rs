//! Languages as requests name them.

use isomer_sandbox::Language;

use crate::fields::Fields;
use crate::refusal::Refusal;

/// What SandboxFusion knows by name, and `javascript` of ScaleBox. Another name is a mistake; one
/// of these that is not installed here is a wish that cannot be granted.
const KNOWN: &[&str] = &[
    "python",
    "cpp",
    "nodejs",
    "go",
    "go_test",
    "java",
    "php",
    "csharp",
    "bash",
    "typescript",
    "sql",
    "rust",
    "cuda",
    "lua",
    "R",
    "perl",
    "D_ut",
    "ruby",
    "scala",
    "julia",
    "pytest",
    "junit",
    "kotlin_script",
    "jest",
    "verilog",
    "python_gpu",
    "lean",
    "swift",
    "racket",
    "javascript",
];

/// Reads the name of a language that must be there.
pub(crate) fn read(fields: &mut Fields<'_>, name: &str) -> String {
    let language = fields.text(name);
    if fields.get(name).is_some_and(serde_json::Value::is_string)
        && !KNOWN.contains(&language.as_str())
    {
        let names: Vec<String> = KNOWN.iter().map(|name| format!("'{name}'")).collect();
        let message = format!("Input should be {}", names.join(", "));
        fields.wrong(name, "literal_error", message);
    }
    language
}

/// The language, if programs in it can be run here.
pub(crate) fn installed(name: &str) -> Result<Language, Refusal> {
    Language::named(name).ok_or_else(|| {
        Refusal::Unsupported(format!("language: `{name}` is not available on this server"))
    })
}
