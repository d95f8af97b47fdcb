//! What `isomer doctor` looks at besides the sandbox: disk, open files, endpoints.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::report::{Check, Level};
use crate::settings::{Endpoint, Environment, Operation, is_loopback};

const GIB: u64 = 1 << 30;
/// Below this a run of any size fills the disk.
const LITTLE_DISK: u64 = GIB;
/// Sockets, jails' pipes and files of a run with the default number of jobs.
const FEW_FILES: u64 = 512;
const PATIENCE: Duration = Duration::from_secs(10);

fn check(name: &str, level: Level, detail: String, help: Option<&str>) -> Check {
    Check { name: name.to_owned(), level, detail, help: help.map(str::to_owned) }
}

/// Space in the working directory, where runs usually go.
pub(super) fn disk() -> Check {
    match fs4::available_space(".") {
        Ok(bytes) if bytes < LITTLE_DISK => check(
            "disk space",
            Level::Warn,
            format!("{} MiB free here", bytes >> 20),
            Some("a run keeps every paid answer; give it a few GiB"),
        ),
        Ok(bytes) => check("disk space", Level::Ok, format!("{} GiB free here", bytes / GIB), None),
        Err(error) => check("disk space", Level::Warn, format!("unknown: {error}"), None),
    }
}

/// The limit of open files, where the system tells it in `/proc`.
pub(super) fn open_files() -> Option<Check> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let soft = line.split_whitespace().next()?;
    let few = soft.parse::<u64>().is_ok_and(|number| number < FEW_FILES);
    Some(if few {
        check(
            "open files",
            Level::Warn,
            soft.to_owned(),
            Some("raise it with `ulimit -n 4096`, or use fewer --jobs"),
        )
    } else {
        check("open files", Level::Ok, soft.to_owned(), None)
    })
}

/// Asks each endpoint for its models, if there is a key for it or the user named one.
pub(super) async fn endpoint(
    operation: &Operation,
    environment: &Environment,
    named: bool,
) -> Vec<Check> {
    let distinct: BTreeMap<&str, &Endpoint> = operation
        .endpoints
        .values()
        .map(|endpoint| (endpoint.base_url.as_str(), endpoint))
        .collect();
    let mut checks = Vec::new();
    for (url, endpoint) in distinct {
        if endpoint.key.is_none() && !named {
            checks.push(check(
                "endpoint",
                Level::Warn,
                format!("{url} not asked: {} is not set", endpoint.key_variable),
                Some("set the key for runs of your own; `isomer quickstart` needs none"),
            ));
            continue;
        }
        checks.push(ask(url, endpoint, environment).await);
    }
    checks
}

async fn ask(url: &str, endpoint: &Endpoint, environment: &Environment) -> Check {
    // Many local servers have no list of models and work all the same.
    let level = if is_loopback(url) { Level::Warn } else { Level::Fail };
    let bad = |detail: String, help: &str| check("endpoint", level, detail, Some(help));
    let builder = reqwest::Client::builder().timeout(PATIENCE);
    // No proxy can reach this machine.
    let builder = if is_loopback(url) { builder.no_proxy() } else { builder };
    let client = match builder.build() {
        Ok(client) => client,
        Err(error) => return bad(error.to_string(), "check the system's certificates"),
    };
    let mut request = client.get(format!("{url}/models"));
    if let Some(key) = environment.get(&endpoint.key_variable) {
        request = request.bearer_auth(key);
    }
    match request.send().await {
        Ok(reply) if reply.status().is_success() => {
            check("endpoint", Level::Ok, format!("{url} answers"), None)
        }
        Ok(reply) if [401, 403].contains(&reply.status().as_u16()) => bad(
            format!("{url} refuses the key ({})", reply.status().as_u16()),
            &format!("set a valid key in {}", endpoint.key_variable),
        ),
        Ok(reply) => bad(
            format!("{url} answers {} to GET /models", reply.status().as_u16()),
            "check the base URL; most end in `/v1`",
        ),
        Err(error) => bad(
            format!("{url} does not answer: {}", error.without_url()),
            "check the base URL, the network and that the server is running",
        ),
    }
}
