//! What may be spent: an upper estimate is reserved before each call, and a call that could cross
//! the budget is not made.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::endpoint::Call;
use crate::error::ModelError;
use crate::estimate;
use crate::failure::{Failure, Layer, Outcome, Spent};
use crate::reply::Usage;
use crate::settings::BudgetSettings;

/// An amount of both currencies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Amount {
    usd: f64,
    tokens: u64,
}

impl Amount {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "token counts are far below 2^52, and positive"
    )]
    fn times(self, (usd, tokens): (f64, f64)) -> Self {
        Self { usd: self.usd * usd, tokens: (self.tokens as f64 * tokens).ceil() as u64 }
    }
}

/// The purse that all calls share.
#[derive(Debug)]
pub(crate) struct Budget {
    usd: Option<f64>,
    tokens: Option<u64>,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    spent: Amount,
    reserved: Amount,
    reservations: usize,
    /// How far calls went beyond their estimates in dollars and in tokens, as factors of at least 1:
    /// some servers add text of their own to a question, or ignore the limit of the answer.
    excess: (f64, f64),
}

enum Decision {
    Reserved(Amount),
    /// Calls under way hold more than they will use: wait for them.
    Wait,
    Refuse(ModelError),
}

impl Budget {
    pub(crate) fn new(settings: &BudgetSettings) -> Self {
        let spent = Amount { usd: settings.spent_usd, tokens: settings.spent_tokens };
        let state =
            State { spent, reserved: Amount::default(), reservations: 0, excess: (1.0, 1.0) };
        Self {
            usd: settings.usd,
            tokens: settings.tokens,
            state: Mutex::new(state),
            changed: Notify::new(),
        }
    }

    /// Holds what a call is estimated to take at `most`.
    async fn reserve(self: &Arc<Self>, most: Amount) -> Result<Reservation, ModelError> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            match self.decide(most) {
                Decision::Reserved(held) => {
                    return Ok(Reservation { budget: Arc::clone(self), most, held });
                }
                Decision::Refuse(error) => return Err(error),
                Decision::Wait => changed.await,
            }
        }
    }

    fn decide(&self, most: Amount) -> Decision {
        let mut state = self.state();
        let (spent, reserved) = (state.spent, state.reserved);
        let most = most.times(state.excess);
        let usd = |held: f64| self.usd.is_some_and(|limit| spent.usd + held + most.usd > limit);
        let tokens = |held: u64| {
            self.tokens.is_some_and(|limit| {
                spent.tokens.saturating_add(held).saturating_add(most.tokens) > limit
            })
        };
        if usd(0.0) {
            return Decision::Refuse(ModelError::BudgetReached {
                limit: dollars(self.usd.unwrap_or_default()),
                spent: dollars(spent.usd),
                next: dollars(most.usd),
            });
        }
        if tokens(0) {
            return Decision::Refuse(ModelError::BudgetReached {
                limit: format!("{} tokens", self.tokens.unwrap_or_default()),
                spent: format!("{} tokens", spent.tokens),
                next: format!("{} tokens", most.tokens),
            });
        }
        if usd(reserved.usd) || tokens(reserved.tokens) {
            return Decision::Wait;
        }
        state.reserved.usd += most.usd;
        state.reserved.tokens = reserved.tokens.saturating_add(most.tokens);
        state.reservations += 1;
        Decision::Reserved(most)
    }

    /// Dollars and tokens spent, earlier starts included.
    pub(crate) fn spent(&self) -> (f64, u64) {
        let state = self.state();
        (state.spent.usd, state.spent.tokens)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn dollars(amount: f64) -> String {
    format!("{amount:.4} USD")
}

/// A part of the purse held for one call; given back when dropped.
#[derive(Debug)]
struct Reservation {
    budget: Arc<Budget>,
    /// The estimate.
    most: Amount,
    /// What is held: the estimate with the excess of earlier calls.
    held: Amount,
}

impl Reservation {
    #[expect(clippy::cast_precision_loss, reason = "token counts are far below 2^52")]
    fn settle(self, spent: Spent) {
        let mut state = self.budget.state();
        let cost = spent.cost_usd.unwrap_or_default();
        if self.most.usd > 0.0 {
            state.excess.0 = state.excess.0.max(cost / self.most.usd);
        }
        let share = spent.usage.total() as f64 / self.most.tokens.max(1) as f64;
        state.excess.1 = state.excess.1.max(share);
        state.spent.usd += cost;
        state.spent.tokens = state.spent.tokens.saturating_add(spent.usage.total());
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut state = self.budget.state();
        state.reservations -= 1;
        state.reserved.tokens = state.reserved.tokens.saturating_sub(self.held.tokens);
        state.reserved.usd -= self.held.usd;
        if state.reservations == 0 {
            // Sums of floating-point numbers do not come back to zero by themselves.
            state.reserved.usd = 0.0;
        }
        drop(state);
        self.budget.changed.notify_waiters();
    }
}

/// Asks the purse before each attempt.
#[derive(Debug)]
pub(crate) struct Budgeted<L> {
    pub(crate) inner: L,
    pub(crate) budget: Arc<Budget>,
    pub(crate) assumed_answer_tokens: u32,
}

impl<L: Layer> Layer for Budgeted<L> {
    async fn call(&self, call: &Call, attempt: u32) -> Outcome {
        let answer = call.request.sampling.max_tokens.unwrap_or(self.assumed_answer_tokens);
        let usage = Usage {
            prompt_tokens: estimate::most_prompt(&call.request.messages),
            completion_tokens: u64::from(answer),
            ..Usage::default()
        };
        let usd = Spent::at(call, usage).cost_usd.unwrap_or_default();
        let most = Amount { usd, tokens: usage.total() };
        let reservation = self.budget.reserve(most).await.map_err(Failure::new)?;
        let outcome = self.inner.call(call, attempt).await;
        if let Some(spent) = Spent::of(&outcome) {
            reservation.settle(spent);
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(usd: Option<f64>, tokens: Option<u64>) -> Arc<Budget> {
        let settings = BudgetSettings { usd, tokens, spent_usd: 0.5, spent_tokens: 100 };
        Arc::new(Budget::new(&settings))
    }

    fn spent(usd: f64, tokens: u64) -> Spent {
        let usage = Usage { completion_tokens: tokens, ..Usage::default() };
        Spent { usage, cost_usd: Some(usd) }
    }

    #[tokio::test]
    async fn the_call_that_could_cross_is_refused_and_a_smaller_one_is_not() {
        let budget = budget(Some(1.0), None);
        let error = budget.reserve(Amount { usd: 0.51, tokens: 1 }).await.unwrap_err();
        assert_eq!(error.kind(), "budget_reached");
        assert!(!error.is_permanent());
        let held = budget.reserve(Amount { usd: 0.5, tokens: 1 }).await.unwrap();
        held.settle(spent(0.25, 10));
        assert_eq!(budget.spent(), (0.75, 110));
    }

    #[tokio::test]
    async fn a_call_waits_for_reservations_rather_than_being_refused() {
        let budget = budget(None, Some(200));
        let first = budget.reserve(Amount { usd: 0.0, tokens: 80 }).await.unwrap();
        let mut second = Box::pin(budget.reserve(Amount { usd: 0.0, tokens: 80 }));
        assert!(futures::poll!(&mut second).is_pending());
        first.settle(spent(0.0, 20));
        let second = second.await.unwrap();
        let mut third = Box::pin(budget.reserve(Amount { usd: 0.0, tokens: 80 }));
        assert!(futures::poll!(&mut third).is_pending());
        second.settle(spent(0.0, 80));
        assert_eq!(third.await.unwrap_err().kind(), "budget_reached");
    }

    #[tokio::test]
    async fn a_dropped_call_gives_its_reservation_back() {
        let budget = budget(None, Some(200));
        drop(budget.reserve(Amount { usd: 0.0, tokens: 100 }).await.unwrap());
        budget.reserve(Amount { usd: 0.0, tokens: 100 }).await.unwrap();
        assert_eq!(budget.spent().1, 100);
    }

    #[tokio::test]
    async fn calls_beyond_their_estimate_raise_the_next_estimates() {
        let budget = budget(None, Some(400));
        let most = Amount { usd: 0.0, tokens: 50 };
        budget.reserve(most).await.unwrap().settle(spent(0.0, 100));
        assert_eq!(budget.spent().1, 200);
        let second = budget.reserve(most).await.unwrap();
        assert_eq!(second.held.tokens, 100);
        second.settle(spent(0.0, 120));
        // 320 spent; the next may take 120.
        assert_eq!(budget.reserve(most).await.unwrap_err().kind(), "budget_reached");
    }
}
