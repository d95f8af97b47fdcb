//! Where a run's programs are run: here, or on servers.

use std::sync::Arc;

use isomer_record::JudgeMode;
use isomer_remote::{Found, Protocol, RemoteSandbox, RemoteSettings, ServerReport};
use isomer_sandbox::{Execute, Isolation};

use super::{Setting, live};
use crate::failure::Failure;
use crate::output;
use crate::settings::{IsolationName, Operation};

/// What runs programs, and how many at once keep it busy.
pub(super) struct Programs {
    pub(super) sandbox: Arc<dyn Execute>,
    pub(super) slots: usize,
}

/// Opens the sandbox built in, or asks the servers that the user named what they are.
pub(super) async fn programs(
    operation: &Operation,
    modes: &[JudgeMode],
    setting: Setting<'_>,
) -> Result<Programs, Failure> {
    if operation.sandbox_urls.is_empty() {
        let slots = live::slots(operation.sandbox_slots);
        return Ok(Programs { sandbox: Arc::new(live::sandbox(operation).await?), slots });
    }
    let sandbox = RemoteSandbox::open(&operation.sandbox_urls, settings(operation))
        .await
        .map_err(|error| live::sandbox_failure(&error))?;
    if modes.contains(&JudgeMode::Pytest) {
        judge_tests(&sandbox.servers())?;
    }
    if !setting.loudness.quiet {
        for line in sandbox.servers().iter().filter_map(caution) {
            output::note(&format!("{} {line}", setting.paint.warn("warning:")));
        }
    }
    let slots = sandbox.slots();
    Ok(Programs { sandbox: Arc::new(sandbox), slots })
}

/// Refuses servers that cannot judge by test files, before anything is paid for.
fn judge_tests(servers: &[ServerReport]) -> Result<(), Failure> {
    let found = servers.iter().filter_map(|server| server.found.as_ref().ok());
    if found.into_iter().any(|found| found.protocol == Protocol::Isomer) {
        return Ok(());
    }
    let told = "the tasks of this pack are judged by pytest, which none of the sandboxes does";
    Err(Failure::usage(told)
        .help("leave out `--sandbox-url`, or name a server that `isomer sandbox serve` started"))
}

/// The settings of remote sandboxes.
pub(super) fn settings(operation: &Operation) -> RemoteSettings {
    RemoteSettings {
        slots: operation.sandbox_slots.map(|slots| slots as usize),
        isolation: operation.isolation_named.then_some(match operation.isolation {
            IsolationName::Full => Isolation::Full,
            IsolationName::Reduced => Isolation::Reduced,
        }),
        ..RemoteSettings::default()
    }
}

/// What a user should know before programs run there.
fn caution(server: &ServerReport) -> Option<String> {
    let url = &server.url;
    match &server.found {
        Err(problem) => Some(format!("sandbox `{url}` is left out for now: {problem}")),
        Ok(Found { isolation: Some(Isolation::Full), .. }) => None,
        Ok(Found { isolation: Some(Isolation::Reduced), .. }) => {
            Some(format!("sandbox `{url}` walls programs off less than fully"))
        }
        Ok(Found { isolation: None, .. }) => {
            Some(format!("sandbox `{url}` does not say how it walls programs off; it is trusted"))
        }
    }
}

/// A server in one line.
pub(super) fn describe(found: &Found) -> String {
    let protocol = match found.protocol {
        Protocol::Isomer => "isomer",
        Protocol::RunCode => "SandboxFusion's protocol",
    };
    let jobs = found.jobs.map(|jobs| format!(", {jobs} at once")).unwrap_or_default();
    let isolation = match found.isolation {
        Some(Isolation::Full) => "full isolation",
        Some(Isolation::Reduced) => "reduced isolation",
        None => "isolation unknown",
    };
    format!("{protocol}, Python {}{jobs}, {isolation}", found.python)
}

#[cfg(test)]
mod tests {
    use isomer_remote::{Found, Protocol, ServerReport};
    use isomer_sandbox::Isolation;

    use super::{caution, describe, judge_tests};

    fn found(protocol: Protocol, isolation: Option<Isolation>) -> Found {
        let jobs = (protocol == Protocol::Isomer).then_some(4);
        Found { protocol, python: "3.12.3".to_owned(), jobs, isolation }
    }

    #[test]
    fn a_user_is_warned_of_what_is_not_fully_walled_off() {
        let report = |found| ServerReport { url: "http://host".to_owned(), found };
        let full = found(Protocol::Isomer, Some(Isolation::Full));
        assert_eq!(caution(&report(Ok(full))), None);
        for (found, words) in [
            (Ok(found(Protocol::Isomer, Some(Isolation::Reduced))), "less than fully"),
            (Ok(found(Protocol::RunCode, None)), "does not say"),
            (Err("refused".to_owned()), "left out for now: refused"),
        ] {
            assert!(caution(&report(found)).unwrap().contains(words));
        }
    }

    #[test]
    fn servers_that_do_not_judge_by_pytest_are_refused_together() {
        let report = |protocol| ServerReport {
            url: "http://host".to_owned(),
            found: Ok(found(protocol, Some(Isolation::Full))),
        };
        let others = [report(Protocol::RunCode), report(Protocol::RunCode)];
        assert!(judge_tests(&others).is_err());
        assert!(judge_tests(&[others[0].clone(), report(Protocol::Isomer)]).is_ok());
    }

    #[test]
    fn a_server_is_told_in_one_line() {
        assert_eq!(
            describe(&found(Protocol::Isomer, Some(Isolation::Full))),
            "isomer, Python 3.12.3, 4 at once, full isolation"
        );
        assert_eq!(
            describe(&found(Protocol::RunCode, None)),
            "SandboxFusion's protocol, Python 3.12.3, isolation unknown"
        );
    }
}
