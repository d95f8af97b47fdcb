//! One attempt over HTTP: the innermost layer.

use std::error::Error;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use futures::StreamExt;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, ClientBuilder, RequestBuilder, Response, Url, redirect};
use serde_json::Value;

use crate::clock::Clock;
use crate::conclude::{conclude, error_object, from_status, is_html, unreadable};
use crate::endpoint::Call;
use crate::error::{ModelError, Phase};
use crate::failure::{Failure, Layer, Outcome};
use crate::settings::{ClientSettings, Timeouts, invalid};
use crate::stream;
use crate::wire::{self, Answer};

/// Largest reply that is read.
pub(crate) const MOST_BYTES: usize = 64 << 20;

/// Sends requests.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client,
    /// For servers on this machine, which no proxy can reach.
    direct: Client,
    timeouts: Timeouts,
    stream: bool,
}

impl Http {
    pub(crate) fn new(settings: &ClientSettings) -> Result<Self, ModelError> {
        let builder = || {
            Client::builder()
                .connect_timeout(settings.timeouts.connect)
                // A redirected POST loses its body; and the key must not follow to another host.
                .redirect(redirect::Policy::none())
                .user_agent(concat!("isomer/", env!("CARGO_PKG_VERSION")))
        };
        let all = || std::iter::once(&settings.default_endpoint).chain(settings.endpoints.values());
        // A machine without root certificates can still reach plain local servers.
        let plain = all().all(|endpoint| endpoint.base_url.trim_start().starts_with("http://"));
        let build = |configure: fn(ClientBuilder) -> ClientBuilder| {
            let client = configure(builder()).build().or_else(|error| {
                if plain { configure(builder()).tls_certs_only([]).build() } else { Err(error) }
            });
            client.map_err(|error| {
                invalid(
                    format!("the HTTP client cannot start: {}", cause(&error)),
                    "check that root certificates (`ca-certificates`) are installed",
                )
            })
        };
        Ok(Self {
            client: build(|builder| builder)?,
            direct: build(ClientBuilder::no_proxy)?,
            timeouts: settings.timeouts,
            stream: settings.stream,
        })
    }

    fn request(
        &self,
        call: &Call,
        body: &Value,
        stream: bool,
    ) -> Result<RequestBuilder, Box<Failure>> {
        let client = if is_loopback(&call.endpoint.url) { &self.direct } else { &self.client };
        let mut request = client
            .post(call.endpoint.url.clone())
            .header(ACCEPT, if stream { "text/event-stream" } else { "application/json" })
            .json(body);
        if let Some(key) = &call.endpoint.key {
            let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {}", key.expose())) else {
                let error = invalid("the API key has characters that no key has", "copy it again");
                return Err(Failure::new(error));
            };
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        Ok(request)
    }
}

impl Layer for Http {
    async fn call(&self, call: &Call, _attempt: u32) -> Outcome {
        let body = wire::request_body(call, self.stream);
        let (response, mut clock) = self.open(call, &body, self.stream).await?;
        let is_stream = content_type(response.headers())
            .is_some_and(|kind| kind.starts_with("text/event-stream"));
        if is_stream {
            stream::read(call, response, &mut clock).await
        } else {
            whole(call, response, &mut clock).await
        }
    }
}

impl Http {
    /// Sends a request and waits until an answer of status 200 begins.
    pub(crate) async fn open(
        &self,
        call: &Call,
        body: &Value,
        stream: bool,
    ) -> Result<(Response, Clock), Box<Failure>> {
        let request = self.request(call, body, stream)?;
        let mut clock = Clock::start(self.timeouts, stream);
        let response = match clock.wait(request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let mut failure = Failure::new(self.unsent(call, &error));
                failure.elapsed = clock.elapsed();
                return Err(failure);
            }
            Err(error) => return Err(stream::unanswered(call, error, &clock)),
        };
        if response.status().is_success() {
            Ok((response, clock))
        } else {
            Err(rejected(call, response, &mut clock).await)
        }
    }

    fn unsent(&self, call: &Call, error: &reqwest::Error) -> ModelError {
        let endpoint = call.endpoint.base_url.clone();
        let message = call.endpoint.excerpt(&cause(error));
        if error.is_timeout() {
            let seconds = self.timeouts.connect.as_secs();
            ModelError::Timeout { which: Phase::Connect, seconds }
        } else if message.contains("dns error") {
            ModelError::Dns { endpoint, message }
        } else {
            ModelError::Connection { endpoint, message }
        }
    }
}

/// A reply that is not streamed, whether or not that was asked for.
async fn whole(call: &Call, response: Response, clock: &mut Clock) -> Outcome {
    let whole = Whole::read(call, response, clock).await?;
    let outcome = match wire::parse(&whole.text) {
        Ok(mut parsed) => {
            if let Some(error) = parsed.error.take() {
                Err(Failure::new(error_object(call, &error)))
            } else {
                let mut answer = Answer::default();
                answer.add(parsed);
                conclude(call, answer, clock.elapsed())
            }
        }
        Err(why) => Err(whole.unusable(call, why, clock)),
    };
    outcome.map_err(|mut failure| {
        failure.elapsed = clock.elapsed();
        failure
    })
}

/// All of an answer, or what came of it.
pub(crate) struct Whole {
    pub(crate) text: String,
    is_html: bool,
    /// What broke it off.
    broken: Option<String>,
}

impl Whole {
    pub(crate) async fn read(
        call: &Call,
        response: Response,
        clock: &mut Clock,
    ) -> Result<Self, Box<Failure>> {
        let kind = content_type(response.headers()).map(str::to_owned);
        match body(response, clock).await {
            Ok((text, broken)) => {
                Ok(Self { is_html: is_html(kind.as_deref(), &text), text, broken })
            }
            Err(error) => Err(stream::unanswered(call, error, clock)),
        }
    }

    /// What to call an answer that is not what it should be.
    pub(crate) fn unusable(&self, call: &Call, why: String, clock: &Clock) -> Box<Failure> {
        let Some(cause) = &self.broken else {
            return unreadable(call, &self.text, self.is_html, why);
        };
        let message = call.endpoint.excerpt(cause);
        let received = self.text.chars().count();
        stream::unanswered(call, ModelError::CutStream { received, message }, clock)
    }
}

/// An answer with another status than 200.
async fn rejected(call: &Call, response: Response, clock: &mut Clock) -> Box<Failure> {
    let status = response.status().as_u16();
    let wait = retry_after(response.headers(), SystemTime::now());
    let location = response.headers().get("location").and_then(|to| to.to_str().ok());
    let redirect = location.map(|to| format!("the server redirects to `{to}`"));
    // The status says enough when the text does not come.
    let text = body(response, clock).await.map(|(text, _)| text).unwrap_or_default();
    let mut error = from_status(call, status, redirect.as_deref().unwrap_or(&text));
    if let ModelError::RateLimited { retry_after_s, .. } = &mut error {
        *retry_after_s = wait.map(|wait| wait.as_secs());
    }
    let mut failure = Failure::new(error);
    failure.retry_after = wait;
    failure.elapsed = clock.elapsed();
    failure
}

/// The text of a body, and what broke it off.
async fn body(
    response: Response,
    clock: &mut Clock,
) -> Result<(String, Option<String>), ModelError> {
    let mut bytes = Vec::new();
    let mut chunks = Box::pin(response.bytes_stream());
    let mut broken = None;
    while let Some(chunk) = clock.wait(chunks.next()).await? {
        match chunk {
            Ok(chunk) if bytes.len() + chunk.len() <= MOST_BYTES => bytes.extend_from_slice(&chunk),
            Ok(_) => broken = Some("the reply is too large".to_owned()),
            Err(error) => broken = Some(cause(&error)),
        }
        if broken.is_some() {
            break;
        }
    }
    Ok((String::from_utf8_lossy(&bytes).into_owned(), broken))
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok())
}

/// The wait that a server asks for: `Retry-After` in seconds or as a date, or `retry-after-ms`.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(ms) = text("retry-after-ms").and_then(|ms| ms.parse::<f64>().ok()) {
        return Duration::try_from_secs_f64(ms / 1000.0).ok();
    }
    let value = text(RETRY_AFTER.as_str())?;
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = httpdate::parse_http_date(value).ok()?;
    // A date in the past means at once.
    Some(date.duration_since(now).unwrap_or_default())
}

/// Whether an address is on this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An error with its causes, without the URL (which may carry a password).
pub(crate) fn cause(error: &reqwest::Error) -> String {
    let mut words = Vec::new();
    let mut next: Option<&dyn Error> = error.source();
    while let Some(source) = next {
        words.push(source.to_string());
        next = source.source();
    }
    if words.is_empty() { "request failed".to_owned() } else { words.join(": ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &'static str, value: &'static str, expected: Option<u64>) {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let wait = retry_after(&headers, now);
        assert_eq!(wait.map(|wait| wait.as_secs()), expected, "{name}: {value}");
    }

    #[test]
    fn only_this_machine_is_loopback() {
        let check = |url: &str| is_loopback(&Url::parse(url).unwrap());
        for local in
            ["http://localhost:1", "http://127.0.0.1/v1", "http://[::1]:80", "http://127.9.9.9"]
        {
            assert!(check(local), "{local}");
        }
        for remote in ["http://localhost.example.com", "http://10.0.0.1", "http://[::2]/127.0.0.1"]
        {
            assert!(!check(remote), "{remote}");
        }
    }

    #[test]
    fn retry_after_is_read_in_every_form() {
        check("retry-after", "90", Some(90));
        check("retry-after", " 1.5 ", Some(1));
        check("retry-after", "Sun, 06 Nov 1994 08:51:07 GMT", Some(90));
        check("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT", Some(0));
        check("retry-after-ms", "2500", Some(2));
        check("retry-after", "soon", None);
        check("retry-after", "-1", None);
        check("retry-after", "1e300", None);
    }
}
