//! `isomer doctor`: what a run needs of this machine.

use isomer_remote::ServerReport;
use isomer_sandbox::{Diagnosis, Isolation, Language, LanguageState, diagnose};
use serde::Serialize;

use super::environment_checks::{disk, endpoint, open_files};
use super::{Setting, env, live, remote, write};
use crate::cli::{AnswerArgs, DoctorArgs, RunArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::report::{self, Check, Level};
use crate::settings::{Operation, SettingsFile};

#[derive(Serialize)]
struct Findings<'a> {
    ok: bool,
    isolation_usable: bool,
    checks: &'a [Check],
}

/// Runs the command.
pub(super) async fn doctor(args: &DoctorArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let file = SettingsFile::load(args.config.as_deref())?;
    let wishes = RunArgs {
        isolation: args.isolation,
        python: args.python.clone(),
        answers: AnswerArgs { base_url: args.base_url.clone(), ..AnswerArgs::default() },
        sandbox_url: args.sandbox_url.clone(),
        ..RunArgs::default()
    };
    let operation = Operation::merge(&wishes, setting.environment, &file, None);
    let (usable, mut checks) = sandbox(&operation).await?;
    checks.push(env::check(setting.environment));
    checks.push(disk());
    checks.extend(open_files());
    let named = args.base_url.is_some()
        || setting.environment.base_url().is_some()
        || file.base_url.is_some();
    checks.extend(endpoint(&operation, setting.environment, named).await);
    let ok = checks.iter().all(|check| check.level != Level::Fail);
    if args.json {
        let findings = Findings { ok, isolation_usable: usable, checks: &checks };
        write(output::json(&findings))?;
    } else {
        write(output::data(&report::doctor(&checks, setting.data_paint)))?;
    }
    Ok(match (usable, ok) {
        (false, _) => Exit::Isolation,
        (true, false) => Exit::Error,
        (true, true) => Exit::Complete,
    })
}

/// Whether programs can be run where the settings say, and what was seen there.
async fn sandbox(operation: &Operation) -> Result<(bool, Vec<Check>), Failure> {
    if operation.sandbox_urls.is_empty() {
        let settings = live::sandbox_settings(operation.isolation, operation.python.as_deref(), 1)?;
        let diagnosis = diagnose(settings).await;
        return Ok((diagnosis.usable, sandbox_checks(&diagnosis)));
    }
    let reports = isomer_remote::survey(&operation.sandbox_urls, &remote::settings(operation))
        .await
        .map_err(|error| live::sandbox_failure(&error))?;
    let usable = reports.iter().any(|report| report.found.is_ok());
    Ok((usable, reports.iter().map(|report| server_check(report, usable)).collect()))
}

/// One of several servers may be missing.
fn server_check(report: &ServerReport, usable: bool) -> Check {
    let (level, detail, help) = match &report.found {
        Ok(found) if found.isolation == Some(Isolation::Full) => {
            (Level::Ok, remote::describe(found), None)
        }
        Ok(found) => (
            Level::Warn,
            remote::describe(found),
            Some("use `isomer sandbox serve` there for walls that are known"),
        ),
        Err(problem) => (
            if usable { Level::Warn } else { Level::Fail },
            problem.clone(),
            Some("check the address, and that the server is running"),
        ),
    };
    let detail = format!("{}: {detail}", report.url);
    Check { name: "sandbox".to_owned(), level, detail, help: help.map(str::to_owned) }
}

fn sandbox_checks(diagnosis: &Diagnosis) -> Vec<Check> {
    let python = match &diagnosis.python {
        Ok(found) => Check {
            name: "python".to_owned(),
            level: Level::Ok,
            detail: format!("{} at {}", found.version, found.path.display()),
            help: None,
        },
        Err(error) => Check {
            name: "python".to_owned(),
            level: Level::Fail,
            detail: error.clone(),
            help: Some("install Python 3.9 or newer, or name one with --python".to_owned()),
        },
    };
    let layers = diagnosis.layers.iter().map(|layer| Check {
        name: layer.name.to_owned(),
        level: match (layer.active, layer.optional) {
            (true, _) => Level::Ok,
            (false, true) => Level::Warn,
            (false, false) => Level::Fail,
        },
        detail: layer.detail.clone(),
        help: layer.help.map(str::to_owned),
    });
    // Python is above: the sandbox itself needs it.
    let others = diagnosis.languages.iter().filter(|state| state.language != Language::PYTHON);
    std::iter::once(python).chain(layers).chain(others.map(language)).collect()
}

/// A run needs no other language than Python.
fn language(state: &LanguageState) -> Check {
    let (level, detail, help) = match &state.version {
        Ok(version) => (Level::Ok, version.clone(), None),
        Err(error) => (Level::Warn, error.to_string(), error.help().map(str::to_owned)),
    };
    Check { name: state.language.title().to_owned(), level, detail, help }
}
