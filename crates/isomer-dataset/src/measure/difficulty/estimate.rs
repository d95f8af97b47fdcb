//! What asking will cost, as far as it can be told before anybody is asked.

use isomer_model::{Message, Price, Usage};

/// Tokens of an answer as long as none is known: some paragraphs and a program. Models that think
/// aloud take several times as many.
pub const ANSWER_TOKENS: u64 = 1500;

/// Bytes of English or code that make a token.
const TOKEN_BYTES: u64 = 4;

/// What chat templates put around a message, in tokens.
const PER_MESSAGE: u64 = 8;

/// What is still to be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Questions.
    pub calls: u64,
    /// Tokens of all questions together, from their lengths.
    pub prompt_tokens: u64,
    /// Answers that are there from earlier starts.
    pub answered: u64,
}

impl Estimate {
    /// Adds one question.
    pub fn add(&mut self, messages: &[Message]) {
        let tokens =
            |message: &Message| (message.content.len() as u64).div_ceil(TOKEN_BYTES) + PER_MESSAGE;
        self.calls += 1;
        self.prompt_tokens += messages.iter().map(tokens).sum::<u64>();
    }

    /// Tokens of all answers, if each has so many.
    pub const fn completion_tokens(&self, each: u64) -> u64 {
        self.calls.saturating_mul(each)
    }

    /// The price in US dollars, if each answer has so many tokens.
    pub fn cost_usd(&self, price: &Price, each: u64) -> f64 {
        price.cost(&Usage {
            prompt_tokens: self.prompt_tokens,
            completion_tokens: self.completion_tokens(each),
            ..Usage::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use isomer_model::{Message, Price};

    use super::Estimate;

    #[test]
    fn questions_are_estimated_by_their_length() {
        let mut estimate = Estimate::default();
        estimate.add(&[Message::system("a".repeat(401)), Message::user("b".repeat(40))]);
        estimate.add(&[Message::user("")]);
        assert_eq!((estimate.calls, estimate.prompt_tokens), (2, 101 + 8 + 10 + 8 + 8));
        let price = Price { prompt: 1.0, cached_prompt: None, completion: 2.0 };
        let wanted = (135.0 + 2.0 * 2.0 * 1500.0) / 1e6;
        assert!((estimate.cost_usd(&price, 1500) - wanted).abs() < 1e-12);
    }
}
