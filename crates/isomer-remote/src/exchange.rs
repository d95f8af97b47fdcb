//! One request and its answer, with what can go wrong between them.

use std::error::Error as _;
use std::time::{Duration, SystemTime};

use futures::stream::BoxStream;
use futures::{FutureExt as _, StreamExt as _};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tokio::time::timeout;

use crate::failure::{Failure, excerpt};
use crate::server::Server;

/// Most of an error page that is read, in bytes.
const MOST_OF_A_REFUSAL: usize = 64 << 10;

/// An answer with status 200, while it comes.
pub(crate) struct Answer {
    chunks: BoxStream<'static, reqwest::Result<Vec<u8>>>,
    patience: Duration,
    /// Bytes that may still come.
    left: usize,
}

/// Sends a job. The server may be silent for `patience`, and say `most` bytes.
pub(crate) async fn post(
    server: &Server,
    path: &str,
    body: Vec<u8>,
    patience: Duration,
    most: usize,
) -> Result<Answer, Failure> {
    let request = server.client.post(server.address.at(path));
    send(request.header(CONTENT_TYPE, "application/json").body(body), patience, most).await
}

/// Asks for something small.
pub(crate) async fn get(
    server: &Server,
    path: &str,
    patience: Duration,
) -> Result<Vec<u8>, Failure> {
    let request = server.client.get(server.address.at(path));
    send(request, patience, MOST_OF_A_REFUSAL).await?.whole().await
}

async fn send(request: RequestBuilder, patience: Duration, most: usize) -> Result<Answer, Failure> {
    // Answers are small or random, and a small compressed answer can be a huge one.
    let request = request.header(ACCEPT_ENCODING, "identity");
    let sent = timeout(patience, request.send()).await.map_err(|_| silent(patience))?;
    let response = sent.map_err(|error| Failure::Broken(cause(&error)))?;
    let status = response.status();
    let wait = retry_after(response.headers(), SystemTime::now());
    let mut answer = Answer::of(response, patience, most);
    if status == StatusCode::OK {
        return Ok(answer);
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Failure::Busy(wait));
    }
    answer.left = MOST_OF_A_REFUSAL;
    // The status says enough when the text does not come.
    let text = answer.whole().await.unwrap_or_default();
    let detail = format!("it answers {}: {}", status.as_u16(), reason(&text));
    Err(match status {
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNPROCESSABLE_ENTITY => Failure::Job(detail),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Failure::Missing(detail),
        status if status.is_redirection() => Failure::Missing(detail),
        _ => Failure::Broken(detail),
    })
}

impl Answer {
    fn of(response: Response, patience: Duration, most: usize) -> Self {
        let chunks = response.bytes_stream().map(|chunk| chunk.map(|bytes| bytes.to_vec())).boxed();
        Self { chunks, patience, left: most }
    }

    /// The next bytes; `None` at the end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let next = timeout(self.patience, self.chunks.next()).await;
        match next.map_err(|_| silent(self.patience))? {
            None => Ok(None),
            Some(Err(error)) => {
                Err(Failure::Broken(format!("its answer broke off: {}", cause(&error))))
            }
            Some(Ok(chunk)) => match self.left.checked_sub(chunk.len()) {
                Some(left) => {
                    self.left = left;
                    Ok(Some(chunk))
                }
                None => Err(Failure::Broken("its answer is too long".to_owned())),
            },
        }
    }

    /// All bytes.
    pub(crate) async fn whole(mut self) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk().boxed().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

fn silent(patience: Duration) -> Failure {
    Failure::Slow(format!("no answer within {} s", patience.as_secs()))
}

/// What an error page says: `detail`, as most servers of this kind call it, or how it begins.
fn reason(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    match serde_json::from_str::<Value>(&text) {
        Ok(json) => match json.get("detail") {
            Some(Value::String(detail)) => excerpt(detail),
            Some(detail) => excerpt(&detail.to_string()),
            None => excerpt(&text),
        },
        Err(_) => excerpt(&text),
    }
}

/// The wait that a server asks for, in seconds or as a date.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = httpdate::parse_http_date(value).ok()?;
    // A date in the past means at once.
    Some(date.duration_since(now).unwrap_or_default())
}

/// An error with its causes, without the address, which may carry a password.
pub(crate) fn cause(error: &reqwest::Error) -> String {
    let mut words = Vec::new();
    let mut next = error.source();
    while let Some(source) = next {
        words.push(source.to_string());
        next = source.source();
    }
    if words.is_empty() { "the request failed".to_owned() } else { excerpt(&words.join(": ")) }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use reqwest::header::{HeaderMap, HeaderValue};

    use super::{reason, retry_after};

    #[test]
    fn waits_are_read_in_both_forms() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        for (value, seconds) in [
            ("2", Some(2)),
            ("Sun, 06 Nov 1994 08:51:07 GMT", Some(90)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("1e300", None),
        ] {
            let headers = HeaderMap::from_iter([(
                reqwest::header::RETRY_AFTER,
                HeaderValue::from_static(value),
            )]);
            let wait = retry_after(&headers, now);
            assert_eq!(wait, seconds.map(Duration::from_secs), "{value}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), SystemTime::now()), None);
    }

    #[test]
    fn error_pages_are_told_in_one_line() {
        assert_eq!(reason(br#"{"detail":"the queue\nis full"}"#), "the queue is full");
        assert_eq!(reason(br#"{"detail":[{"msg":"no"}]}"#), r#"[{"msg":"no"}]"#);
        assert_eq!(reason(b"<html>\n<h1>Bad Gateway</h1>"), "<html> <h1>Bad Gateway</h1>");
        assert!(reason("x".repeat(1000).as_bytes()).chars().count() <= 301);
    }
}
