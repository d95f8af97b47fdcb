//! Repeats attempts that failed for a passing reason, a bounded number of times.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::sleep;

use crate::endpoint::Call;
use crate::failure::{Failure, Layer, Outcome};
use crate::settings::RetrySettings;
use crate::stats::Counters;
use crate::treatment::{Again, Treatment};

/// Attempts at a call whose failures may be billed.
const FEW: u32 = 3;

/// Repeats the attempts of the layers inside.
#[derive(Debug)]
pub(crate) struct Retried<L> {
    pub(crate) inner: L,
    pub(crate) settings: RetrySettings,
    pub(crate) counters: Arc<Counters>,
}

impl<L: Layer> Layer for Retried<L> {
    async fn call(&self, call: &Call, first: u32) -> Outcome {
        let settings = &self.settings;
        let mut delays = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(settings.first_delay)
            .with_max_delay(settings.longest_delay)
            .without_max_times()
            .build();
        let mut attempt = first;
        let mut billable = 0;
        loop {
            let failure = match self.inner.call(call, attempt).await {
                Ok(reply) => return Ok(reply),
                Err(failure) => failure,
            };
            let again = Treatment::of(&failure.error).again;
            billable += u32::from(again == Again::Few);
            let spent_up = attempt >= settings.attempts || billable >= FEW;
            if again == Again::Never || spent_up {
                return Err(failure);
            }
            let own = delays.next().unwrap_or(settings.longest_delay);
            let Some(delay) = self.delay(own, &failure) else { return Err(failure) };
            self.counters.retries.fetch_add(1, Ordering::Relaxed);
            sleep(delay).await;
            attempt += 1;
        }
    }
}

impl<L> Retried<L> {
    /// The delay before the next attempt: at least what the server asked for. `None` when it asked
    /// for more than we are ready to wait.
    fn delay(&self, own: Duration, failure: &Failure) -> Option<Duration> {
        match failure.retry_after {
            Some(asked) if asked > self.settings.longest_retry_after => None,
            Some(asked) => Some(asked.max(own.min(Duration::from_secs(1)))),
            None => Some(own),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;
    use crate::endpoint::Endpoint;
    use crate::error::{ModelError, Phase};
    use crate::lane::Lane;
    use crate::message::{Message, Purpose, Request, Sampling};
    use crate::settings::{ClientSettings, EndpointSettings};

    /// Always fails in the same way.
    struct Failing {
        attempts: AtomicU32,
        error: ModelError,
        retry_after: Option<Duration>,
    }

    impl Layer for &Failing {
        async fn call(&self, _call: &Call, attempt: u32) -> Outcome {
            assert_eq!(self.attempts.fetch_add(1, Ordering::Relaxed) + 1, attempt);
            let mut failure = Failure::new(self.error.clone());
            failure.retry_after = self.retry_after;
            Err(failure)
        }
    }

    fn call() -> Call {
        let endpoint = EndpointSettings::new("http://127.0.0.1:1", "m");
        let settings = ClientSettings::new(endpoint.clone());
        let lane = Arc::new(Lane::new("a".into(), &settings));
        let request = Request {
            role: "solver".into(),
            messages: vec![Message::user("hello")],
            sampling: Sampling::default(),
            sample: 0,
            purpose: Purpose::default(),
        };
        let endpoint = Arc::new(Endpoint::new(&endpoint, lane).unwrap());
        Call { request, endpoint, key: String::new() }
    }

    /// Attempts made and seconds waited.
    async fn check(error: ModelError, retry_after: Option<u64>) -> (u32, f64) {
        let retry_after = retry_after.map(Duration::from_secs);
        let inner = Failing { attempts: AtomicU32::new(0), error: error.clone(), retry_after };
        let retried = Retried {
            inner: &inner,
            settings: RetrySettings { attempts: 5, ..RetrySettings::default() },
            counters: Arc::default(),
        };
        let start = tokio::time::Instant::now();
        let failure = retried.call(&call(), 1).await.unwrap_err();
        assert_eq!(failure.error, error);
        (inner.attempts.load(Ordering::Relaxed), start.elapsed().as_secs_f64())
    }

    fn limited() -> ModelError {
        ModelError::RateLimited { message: String::new(), retry_after_s: None }
    }

    #[tokio::test(start_paused = true)]
    async fn attempts_are_bounded() {
        let (attempts, seconds) = check(limited(), None).await;
        assert_eq!(attempts, 5);
        // 0.5 + 1 + 2 + 4, each with jitter of up to itself.
        assert!((7.5..15.1).contains(&seconds), "{seconds}");
        let timeout = ModelError::Timeout { which: Phase::Idle, seconds: 60 };
        assert_eq!(check(timeout, None).await.0, FEW);
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_retry_after_is_obeyed() {
        let (attempts, seconds) = check(limited(), Some(90)).await;
        assert_eq!(attempts, 5);
        assert!((360.0..361.0).contains(&seconds), "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_after_beyond_the_limit_fails_at_once() {
        assert_eq!(check(limited(), Some(901)).await, (1, 0.0));
    }

    #[tokio::test(start_paused = true)]
    async fn permanent_errors_are_not_repeated() {
        let (endpoint, message) = (String::new(), String::new());
        for error in [
            ModelError::Unauthorized { endpoint: endpoint.clone(), message: message.clone() },
            ModelError::NotFound { endpoint, model: String::new(), message: message.clone() },
            ModelError::BadRequest { status: 400, message },
        ] {
            assert_eq!(check(error, None).await, (1, 0.0));
        }
    }
}
