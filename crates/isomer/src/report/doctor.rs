//! What `isomer doctor` found, as text.

use std::fmt::Write as _;

use serde::Serialize;

use crate::output::Paint;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// As it should be.
    Ok,
    /// A run works, with a drawback.
    Warn,
    /// A run will not work.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Check {
    /// What it is.
    pub(crate) name: String,
    /// How bad it is.
    pub(crate) level: Level,
    /// What was seen.
    pub(crate) detail: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<String>,
}

/// The findings, one a line, with what to do beneath.
pub(crate) fn doctor(checks: &[Check], paint: Paint) -> String {
    let mut text = String::new();
    for check in checks {
        let level = match check.level {
            Level::Ok => paint.good("ok  "),
            Level::Warn => paint.warn("warn"),
            Level::Fail => paint.bad("fail"),
        };
        let _ = writeln!(text, "{level}  {:<24} {}", check.name, check.detail);
        if let Some(help) = &check.help {
            for line in help.lines() {
                let _ = writeln!(text, "      {line}");
            }
        }
    }
    let worst = checks.iter().map(|check| check.level).max().unwrap_or(Level::Ok);
    text.push_str(match worst {
        Level::Ok => "\neverything a run needs is here; try `isomer quickstart`\n",
        Level::Warn => "\na run will work, with the drawbacks above\n",
        Level::Fail => "\na run will not work before the failures above are mended\n",
    });
    text
}

#[cfg(test)]
mod tests {
    use super::{Check, Level, doctor};
    use crate::output::Paint;

    fn check(name: &str, level: Level, detail: &str, help: Option<&str>) -> Check {
        let help = help.map(str::to_owned);
        Check { name: name.to_owned(), level, detail: detail.to_owned(), help }
    }

    #[test]
    fn findings_with_what_to_do() {
        let checks = [
            check("python", Level::Ok, "3.12.3 at /usr/bin/python3", None),
            check("open files", Level::Warn, "256", Some("raise it with `ulimit -n 1024`")),
            check("network namespace", Level::Fail, "EPERM", Some("allow it,\nor name another")),
        ];
        insta::assert_snapshot!(doctor(&checks, Paint::default()), @r"
        ok    python                   3.12.3 at /usr/bin/python3
        warn  open files               256
              raise it with `ulimit -n 1024`
        fail  network namespace        EPERM
              allow it,
              or name another

        a run will not work before the failures above are mended
        ");
    }
}
