//! Everything that can go wrong, each with its cause and what to do about it.

use crate::reply::Reply;
use crate::treatment::Treatment;

/// Which limit of time was exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Opening the connection.
    Connect,
    /// From sending the question to the first piece of the answer.
    FirstToken,
    /// Between two pieces of a streamed answer.
    Idle,
    /// The whole call.
    Total,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Connect => "no connection",
            Self::FirstToken => "no first token",
            Self::Idle => "no further token",
            Self::Total => "no complete answer",
        })
    }
}

/// Why there is no reply.
///
/// Texts of servers are shortened and never contain the API key.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The settings contradict themselves or lack something.
    #[error("unusable model settings: {message}")]
    InvalidSettings {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// The recording has no reply to this request.
    #[error(
        "the recording has no reply for item `{item}` in stage `{stage}` (key `{short}`)",
        short = key.get(..12).unwrap_or(key)
    )]
    MissingRecording {
        /// The stage that asked.
        stage: String,
        /// The item it asked for.
        item: String,
        /// The recording key that was looked for.
        key: String,
    },
    /// A recording cannot be read or written.
    #[error("recording `{path}`: {message}")]
    Recording {
        /// The file.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// The ledger did not take or give an entry; going on would lose paid replies.
    #[error("the ledger of paid calls failed: {message}")]
    Ledger {
        /// What is wrong.
        message: String,
    },
    /// The next call could cross the budget, so it was not made.
    #[error("the budget of {limit} is reached: {spent} spent, the next call may take {next}")]
    BudgetReached {
        /// The budget with its unit.
        limit: String,
        /// What was spent, earlier starts of the run included.
        spent: String,
        /// Upper estimate of the call that was not made.
        next: String,
    },
    /// 401: the key is missing or wrong.
    #[error("`{endpoint}` refused the API key (401): {message}")]
    Unauthorized {
        /// The endpoint's base URL.
        endpoint: String,
        /// The server's words.
        message: String,
    },
    /// 402: the account has no credit.
    #[error("the account at `{endpoint}` has no credit (402): {message}")]
    PaymentRequired {
        /// The endpoint's base URL.
        endpoint: String,
        /// The server's words.
        message: String,
    },
    /// 403: the key may not do this.
    #[error("`{endpoint}` forbids the call (403): {message}")]
    Forbidden {
        /// The endpoint's base URL.
        endpoint: String,
        /// The server's words.
        message: String,
    },
    /// 404 or a redirect: no such model or path.
    #[error("`{endpoint}` knows no model `{model}` or no such path: {message}")]
    NotFound {
        /// The endpoint's base URL.
        endpoint: String,
        /// The model asked for.
        model: String,
        /// The server's words.
        message: String,
    },
    /// 400, 422 and other refusals of the request's form.
    #[error("the endpoint rejected the request ({status}): {message}")]
    BadRequest {
        /// The HTTP status.
        status: u16,
        /// The server's words.
        message: String,
    },
    /// Question and answer do not fit the model's context.
    #[error("the request does not fit the model's context: {message}")]
    Overflow {
        /// The server's words.
        message: String,
    },
    /// 429 to the last attempt.
    #[error("the endpoint limits the rate of calls (429): {message}")]
    RateLimited {
        /// The server's words.
        message: String,
        /// The wait in seconds that the server asked for.
        retry_after_s: Option<u64>,
    },
    /// 5xx.
    #[error("the endpoint failed ({status}): {message}")]
    ServerError {
        /// The HTTP status.
        status: u16,
        /// The server's words.
        message: String,
    },
    /// A limit of time was exceeded.
    #[error("{which} within {seconds} s")]
    Timeout {
        /// Which limit.
        which: Phase,
        /// The limit in seconds.
        seconds: u64,
    },
    /// No connection, or it broke before the answer began.
    #[error("connection to `{endpoint}` failed: {message}")]
    Connection {
        /// The endpoint's base URL.
        endpoint: String,
        /// The chain of causes.
        message: String,
    },
    /// The endpoint's host name is not known.
    #[error("the host of `{endpoint}` was not found: {message}")]
    Dns {
        /// The endpoint's base URL.
        endpoint: String,
        /// The chain of causes.
        message: String,
    },
    /// The answer broke off.
    #[error("the answer broke off after {received} characters: {message}")]
    CutStream {
        /// Characters that had come.
        received: usize,
        /// What ended it.
        message: String,
    },
    /// A reply without `choices`.
    #[error("the reply has no choices")]
    NoChoices,
    /// A reply whose content is `null` or missing.
    #[error("the reply's content is null")]
    NullContent {
        /// The reply; its text is empty.
        partial: Box<Reply>,
    },
    /// A reply whose content is empty or white space.
    #[error("the reply's content is empty")]
    EmptyContent {
        /// The reply.
        partial: Box<Reply>,
    },
    /// A web page where JSON was expected.
    #[error("the endpoint answered with a web page: {title}")]
    HtmlPage {
        /// The page's title or first words.
        title: String,
    },
    /// Something else where JSON was expected.
    #[error("the reply is not the expected JSON: {message}")]
    InvalidJson {
        /// Where it stops being JSON, or what it lacks.
        message: String,
    },
    /// The model ran out of tokens, in its answer or still thinking.
    #[error("the reply was cut at the limit of tokens ({} used)", partial.usage.completion_tokens)]
    Truncated {
        /// What had come.
        partial: Box<Reply>,
    },
    /// The model or the provider's filter refused.
    #[error("the model or its provider refused: {reason}")]
    Refused {
        /// In their words.
        reason: String,
        /// The reply, when there was one.
        partial: Option<Box<Reply>>,
    },
    /// The endpoint kept failing for so long that calls are not made any more.
    #[error("`{endpoint}` has been failing for {seconds} s, no more calls are made; last: {last}")]
    BreakerOpen {
        /// The endpoint's base URL.
        endpoint: String,
        /// How long, in seconds.
        seconds: u64,
        /// The last failure.
        last: String,
    },
}

impl ModelError {
    /// Whether every other call must be expected to fail in the same way, so that a run should stop
    /// at once (401, 402, 403, 404, 400, a broken ledger, a missing recording, an endpoint that is
    /// down for good).
    ///
    /// [`ModelError::BudgetReached`] is not among them: it ends a run too, but in good order.
    pub fn is_permanent(&self) -> bool {
        Treatment::of(self).stops_run
    }

    /// A short stable name: the status of a failed call in the ledger.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::InvalidSettings { .. } => "invalid_settings",
            Self::MissingRecording { .. } => "missing_recording",
            Self::Recording { .. } => "recording",
            Self::Ledger { .. } => "ledger",
            Self::BudgetReached { .. } => "budget_reached",
            Self::Unauthorized { .. } => "unauthorized",
            Self::PaymentRequired { .. } => "payment_required",
            Self::Forbidden { .. } => "forbidden",
            Self::NotFound { .. } => "not_found",
            Self::BadRequest { .. } => "bad_request",
            Self::Overflow { .. } => "overflow",
            Self::RateLimited { .. } => "rate_limited",
            Self::ServerError { .. } => "server_error",
            Self::Timeout { .. } => "timeout",
            Self::Connection { .. } => "connection",
            Self::Dns { .. } => "dns",
            Self::CutStream { .. } => "cut_stream",
            Self::NoChoices => "no_choices",
            Self::NullContent { .. } => "null_content",
            Self::EmptyContent { .. } => "empty_content",
            Self::HtmlPage { .. } => "html_page",
            Self::InvalidJson { .. } => "invalid_json",
            Self::Truncated { .. } => "truncated",
            Self::Refused { .. } => "refused",
            Self::BreakerOpen { .. } => "breaker_open",
        }
    }

    /// What the user can do about it.
    pub fn help(&self) -> Option<String> {
        let text = match self {
            Self::InvalidSettings { help, .. } => return help.clone(),
            Self::MissingRecording { .. } => {
                "seeds, pack, settings or program differ from those of the recording: record anew, \
                 or ask a live endpoint"
            }
            Self::Ledger { .. } => "check that the run's folder is writable and its disk not full",
            Self::BudgetReached { .. } => {
                "raise the budget and start the run again: nothing paid is paid twice"
            }
            Self::Unauthorized { .. } => "set a valid API key for this endpoint",
            Self::PaymentRequired { .. } => "top up the account, then start the run again",
            Self::Forbidden { .. } => "check what the key is allowed to do, and the model's region",
            Self::NotFound { .. } => {
                "check the model's name (providers retire names) and the base URL; most end in `/v1`"
            }
            Self::BadRequest { .. } => {
                "check the sampling settings and extra fields against the server's documentation"
            }
            Self::Overflow { .. } => "lower `max_tokens` or use a model with a longer context",
            Self::RateLimited { .. } => "lower the jobs or set requests and tokens per minute",
            Self::Timeout { which: Phase::Connect, .. }
            | Self::Connection { .. }
            | Self::Dns { .. } => "check the base URL, the network and that the server is running",
            Self::Timeout { .. } => "raise the limit of time, or use fewer jobs or a faster model",
            Self::HtmlPage { .. } => "the base URL seems to lead to a web site, not to an API",
            Self::Truncated { .. } => "raise `max_tokens`",
            Self::BreakerOpen { .. } => "start the run again when the endpoint works: it resumes",
            Self::Recording { .. }
            | Self::ServerError { .. }
            | Self::CutStream { .. }
            | Self::NoChoices
            | Self::NullContent { .. }
            | Self::EmptyContent { .. }
            | Self::InvalidJson { .. }
            | Self::Refused { .. } => return None,
        };
        Some(text.to_owned())
    }

    /// What the model did say, where that was something.
    pub fn partial(&self) -> Option<&Reply> {
        match self {
            Self::NullContent { partial }
            | Self::EmptyContent { partial }
            | Self::Truncated { partial }
            | Self::Refused { partial: Some(partial), .. } => Some(partial),
            _ => None,
        }
    }
}
