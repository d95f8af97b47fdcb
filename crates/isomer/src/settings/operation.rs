//! Settings that change how a run proceeds, and never its result.

use std::collections::BTreeMap;
use std::path::PathBuf;

use isomer_model::{Price, Secret};

use super::environment::{Environment, KEY_VARIABLE};
use super::file::{SettingsFile, TimeoutsTable};
use super::{IsolationName, ROLES, TARGET, defaults};
use crate::cli::{IsolationArg, RunArgs};
use crate::exit::Exit;
use crate::failure::Failure;

/// Everything that may differ from one start of a run to the next.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// Model calls in flight at most.
    pub(crate) jobs: u32,
    /// Programs at once; `None`: one per processor, or what remote sandboxes bear.
    pub(crate) sandbox_slots: Option<u32>,
    /// Remote sandboxes; empty: the one built in.
    pub(crate) sandbox_urls: Vec<String>,
    /// How strongly generated code is walled off.
    pub(crate) isolation: IsolationName,
    /// Whether the user said so.
    pub(crate) isolation_named: bool,
    /// The interpreter, if the user named one.
    pub(crate) python: Option<PathBuf>,
    /// Total cost of the run in US dollars.
    pub(crate) budget_usd: Option<f64>,
    /// Total tokens of the run.
    pub(crate) budget_tokens: Option<u64>,
    /// Requests per minute.
    pub(crate) requests_per_minute: Option<u32>,
    /// Tokens per minute.
    pub(crate) tokens_per_minute: Option<u32>,
    /// Tries after the first.
    pub(crate) retries: Option<u32>,
    /// Limits of one attempt, in seconds.
    pub(crate) timeouts: TimeoutsTable,
    /// The user's own prices.
    pub(crate) prices: BTreeMap<String, Price>,
    /// Recording to answer from.
    pub(crate) replay: Option<PathBuf>,
    /// Recording to write.
    pub(crate) record: Option<PathBuf>,
    /// Where each role is answered.
    pub(crate) endpoints: BTreeMap<String, Endpoint>,
    /// The endpoint of roles without one of their own.
    pub(crate) base_url: String,
}

/// Where a role is answered.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    /// Base URL, without a slash at its end.
    pub(crate) base_url: String,
    /// Name of the variable that holds the key.
    pub(crate) key_variable: String,
    /// The key.
    pub(crate) key: Option<Secret>,
}

impl Operation {
    /// Merges the layers; `last_base_url` is what an existing run used.
    pub(crate) fn merge(
        args: &RunArgs,
        environment: &Environment,
        file: &SettingsFile,
        last_base_url: Option<&str>,
    ) -> Self {
        let base_url = args
            .answers
            .base_url
            .as_deref()
            .or_else(|| environment.base_url())
            .or(file.base_url.as_deref())
            .or(last_base_url)
            .unwrap_or(defaults::BASE_URL);
        let base_url = base_url.trim_end_matches('/').to_owned();
        let endpoints = ROLES
            .iter()
            .map(|role| ((*role).to_owned(), endpoint(role, &base_url, environment, file)))
            .collect();
        let isolation = args.isolation.map(IsolationName::from).or(file.sandbox.isolation);
        let flag = (!args.sandbox_url.is_empty()).then(|| args.sandbox_url.clone());
        let urls = flag.or_else(|| environment.sandbox_urls()).or_else(|| file.sandbox.url.clone());
        Self {
            jobs: args.jobs.or(file.jobs).unwrap_or(defaults::JOBS),
            sandbox_slots: args.sandbox_slots.or(file.sandbox.slots),
            sandbox_urls: named(urls.unwrap_or_default()),
            isolation: isolation.unwrap_or(IsolationName::Full),
            isolation_named: isolation.is_some(),
            python: args.python.clone().or_else(|| file.sandbox.python.clone()),
            budget_usd: args.budget_usd.or(file.budget.usd),
            budget_tokens: args.budget_tokens.or(file.budget.tokens),
            requests_per_minute: args.requests_per_minute.or(file.limits.requests_per_minute),
            tokens_per_minute: args.tokens_per_minute.or(file.limits.tokens_per_minute),
            retries: file.limits.retries,
            timeouts: file.timeouts,
            prices: file.prices.clone(),
            replay: args.answers.replay.clone(),
            record: args.answers.record.clone(),
            endpoints,
            base_url,
        }
    }

    /// The same with the endpoint of the measured model alone.
    pub(crate) fn for_target(self, environment: &Environment, file: &SettingsFile) -> Self {
        let own = endpoint(TARGET, &self.base_url, environment, file);
        Self { endpoints: BTreeMap::from([(TARGET.to_owned(), own)]), ..self }
    }

    /// Refuses to begin without a key that will be needed.
    pub(crate) fn require_keys(&self) -> Result<(), Failure> {
        if self.replay.is_some() {
            return Ok(());
        }
        let missing = self
            .endpoints
            .values()
            .find(|endpoint| endpoint.key.is_none() && !is_loopback(&endpoint.base_url));
        let Some(endpoint) = missing else { return Ok(()) };
        Err(Failure::new(format!("no key for `{}`", endpoint.base_url))
            .help(format!(
                "set {}=…, or name a local endpoint with --base-url,\n\
                 or try `isomer quickstart`, which needs no key",
                endpoint.key_variable
            ))
            .exit(Exit::Usage))
    }
}

/// Addresses without those that are blank, which name none.
fn named(urls: Vec<String>) -> Vec<String> {
    urls.into_iter().map(|url| url.trim().to_owned()).filter(|url| !url.is_empty()).collect()
}

fn endpoint(
    role: &str,
    base_url: &str,
    environment: &Environment,
    file: &SettingsFile,
) -> Endpoint {
    let own = file.roles.get(role).cloned().unwrap_or_default();
    let key_variable = own
        .api_key_env
        .or_else(|| file.api_key_env.clone())
        .unwrap_or_else(|| KEY_VARIABLE.to_owned());
    Endpoint {
        base_url: own
            .base_url
            .map_or_else(|| base_url.to_owned(), |own| own.trim_end_matches('/').to_owned()),
        key: environment.get(&key_variable).map(Secret::new),
        key_variable,
    }
}

/// Whether a URL names this machine, whose servers seldom ask for a key.
pub(crate) fn is_loopback(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split(['/', '?']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    if host.starts_with("[::1]") {
        return true;
    }
    let name = host.split(':').next().unwrap_or_default();
    name == "localhost"
        || name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

impl From<IsolationArg> for IsolationName {
    fn from(level: IsolationArg) -> Self {
        match level {
            IsolationArg::Full => Self::Full,
            IsolationArg::Reduced => Self::Reduced,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Operation, is_loopback};
    use crate::cli::{AnswerArgs, RunArgs};
    use crate::output::Paint;
    use crate::settings::{Environment, SettingsFile};

    fn merge(args: &RunArgs, variables: &[(&str, &str)], file: &str) -> Operation {
        let file = SettingsFile::parse(file, "isomer.toml").unwrap();
        Operation::merge(args, &Environment::of(variables), &file, None)
    }

    #[test]
    fn a_missing_key_is_named_before_anything_happens() {
        let failure = merge(&RunArgs::default(), &[], "").require_keys().unwrap_err();
        insta::assert_snapshot!(failure.render(Paint::default()), @r"
        error: no key for `https://api.deepseek.com/v1`
        help: set OPENAI_API_KEY=…, or name a local endpoint with --base-url,
          or try `isomer quickstart`, which needs no key
        ");
    }

    #[test]
    fn loopback_and_replay_need_no_key() {
        let from = |answers| RunArgs { answers, ..RunArgs::default() };
        let local = from(AnswerArgs {
            base_url: Some("http://127.0.0.1:8000/v1".into()),
            ..AnswerArgs::default()
        });
        assert!(merge(&local, &[], "").require_keys().is_ok());
        let replay = from(AnswerArgs { replay: Some("r.jsonl".into()), ..AnswerArgs::default() });
        assert!(merge(&replay, &[], "").require_keys().is_ok());
        let role = "[roles.solver]\nbase_url = 'https://example.com/v1'\napi_key_env = 'OTHER'";
        let failure = merge(&local, &[("OPENAI_API_KEY", "k")], role).require_keys().unwrap_err();
        assert!(failure.render(Paint::default()).contains("set OTHER="));
        assert!(merge(&local, &[("OTHER", "k")], role).require_keys().is_ok());
    }

    #[test]
    fn remote_sandboxes_are_named_by_flag_over_environment_over_file() {
        let file = "[sandbox]\nurl = ['http://file', 'http://second']";
        let variable = [("SANDBOX_URL", "http://one, http://two,")];
        let flag = |urls: &[&str]| RunArgs {
            sandbox_url: urls.iter().map(|url| (*url).to_owned()).collect(),
            ..RunArgs::default()
        };
        for (args, variables, expected) in [
            (flag(&[]), &[][..], &["http://file", "http://second"][..]),
            (flag(&[]), &variable[..], &["http://one", "http://two"]),
            (flag(&["http://flag"]), &variable[..], &["http://flag"]),
            (flag(&[""]), &variable[..], &[]),
        ] {
            assert_eq!(merge(&args, variables, file).sandbox_urls, expected);
        }
        assert!(merge(&RunArgs::default(), &[], "").sandbox_urls.is_empty());
    }

    #[test]
    fn keys_are_never_shown() {
        let operation = merge(&RunArgs::default(), &[("OPENAI_API_KEY", "sk-hidden-1")], "");
        assert!(!format!("{operation:?}").contains("hidden"));
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for local in
            ["http://localhost:1/v1", "http://127.0.0.1", "http://[::1]:80/", "http://127.9.0.1/x"]
        {
            assert!(is_loopback(local), "{local}");
        }
        for remote in [
            "https://localhost.example.com/v1",
            "http://10.0.0.1",
            "http://127.0.0.1.nip.io/",
            "http://a/127.0.0.1",
        ] {
            assert!(!is_loopback(remote), "{remote}");
        }
    }
}
