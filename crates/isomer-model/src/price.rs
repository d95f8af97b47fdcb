//! What tokens cost.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::reply::Usage;

const MILLION: f64 = 1_000_000.0;

/// Prices of a model in US dollars per million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// Tokens of the question.
    pub prompt: f64,
    /// Tokens of the question that the server had cached; `None` bills them like the others.
    #[serde(default)]
    pub cached_prompt: Option<f64>,
    /// Tokens of the answer.
    pub completion: f64,
}

static LIST: LazyLock<HashMap<String, Price>> =
    LazyLock::new(|| toml::from_str(include_str!("../prices.toml")).unwrap_or_default());

impl Price {
    /// The list price of a model this crate knows by name (`prices.toml`).
    ///
    /// Prices change: a user's own price always goes first.
    pub fn of_model(model: &str) -> Option<Self> {
        LIST.get(model).copied()
    }

    /// Price of `usage` in US dollars.
    #[expect(clippy::cast_precision_loss, reason = "token counts stay far below 2^52")]
    pub fn cost(&self, usage: &Usage) -> f64 {
        let cached = usage.cached_tokens.min(usage.prompt_tokens);
        let fresh = usage.prompt_tokens - cached;
        (fresh as f64 * self.prompt
            + cached as f64 * self.cached_prompt.unwrap_or(self.prompt)
            + usage.completion_tokens as f64 * self.completion)
            / MILLION
    }

    /// Whether every price is a number that can be charged.
    pub(crate) fn is_sound(&self) -> bool {
        [self.prompt, self.cached_prompt.unwrap_or(0.0), self.completion]
            .iter()
            .all(|price| price.is_finite() && *price >= 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_readable_and_sound() {
        let list: HashMap<String, Price> = toml::from_str(include_str!("../prices.toml")).unwrap();
        assert!(list.contains_key("deepseek-flash"));
        assert!(list.values().all(Price::is_sound));
        assert!(Price::of_model("a-model-nobody-sells").is_none());
    }

    #[test]
    fn cached_tokens_are_cheaper_and_never_negative() {
        let price = Price { prompt: 2.0, cached_prompt: Some(0.5), completion: 10.0 };
        let usage = Usage {
            prompt_tokens: 1_000_000,
            cached_tokens: 400_000,
            completion_tokens: 100_000,
            estimated: false,
        };
        assert!((price.cost(&usage) - (1.2 + 0.2 + 1.0)).abs() < 1e-12);
        // Some servers report more cached tokens than prompt tokens.
        let odd = Usage { prompt_tokens: 10, cached_tokens: 50, ..Usage::default() };
        assert!((price.cost(&odd) - 5e-6).abs() < 1e-15);
        let without = Price { cached_prompt: None, ..price };
        assert!((without.cost(&odd) - 2e-5).abs() < 1e-15);
    }
}
