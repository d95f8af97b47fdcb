//! The limits of time of one attempt.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::error::{ModelError, Phase};
use crate::settings::Timeouts;

/// Watches one attempt from its start.
#[derive(Debug)]
pub(crate) struct Clock {
    limits: Timeouts,
    start: Instant,
    alive: Instant,
    stream: bool,
    answering: bool,
}

impl Clock {
    /// Starts an attempt; only a streamed one has limits for the first token and between tokens.
    pub(crate) fn start(limits: Timeouts, stream: bool) -> Self {
        let now = Instant::now();
        Self { limits, start: now, alive: now, stream, answering: false }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// The model has begun to answer.
    pub(crate) fn answering(&mut self) {
        self.answering = true;
    }

    /// Waits for something that shows the server is alive.
    pub(crate) async fn wait<F: Future>(&mut self, future: F) -> Result<F::Output, ModelError> {
        let (deadline, which, limit) = self.next();
        match timeout_at(deadline, future).await {
            Ok(output) => {
                self.alive = Instant::now();
                Ok(output)
            }
            Err(_) => Err(ModelError::Timeout { which, seconds: limit.as_secs() }),
        }
    }

    fn next(&self) -> (Instant, Phase, Duration) {
        let limits = &self.limits;
        let total = (self.start + limits.total, Phase::Total, limits.total);
        if !self.stream {
            return total;
        }
        let token = if self.answering {
            (self.alive + limits.idle, Phase::Idle, limits.idle)
        } else {
            (self.start + limits.first_token, Phase::FirstToken, limits.first_token)
        };
        if token.0 < total.0 { token } else { total }
    }
}
