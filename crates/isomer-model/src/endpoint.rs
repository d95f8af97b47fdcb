//! An endpoint's settings, checked and made ready for calls.

use std::sync::Arc;

use reqwest::Url;
use serde_json::{Map, Value};

use crate::error::ModelError;
use crate::lane::Lane;
use crate::message::Request;
use crate::price::Price;
use crate::secret::{Secret, redact_key_like};
use crate::settings::{EndpointSettings, TokenLimitField, invalid};

/// Longest text of a server that is passed on, in characters.
const EXCERPT: usize = 400;

/// Where calls of a role go.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// Normalised; part of the cache key, and shown in errors: without user name or password.
    pub(crate) base_url: String,
    pub(crate) url: Url,
    pub(crate) model: String,
    pub(crate) key: Option<Secret>,
    pub(crate) price: Option<Price>,
    pub(crate) extra_body: Map<String, Value>,
    pub(crate) token_limit_field: TokenLimitField,
    pub(crate) stream_usage: bool,
    pub(crate) lane: Arc<Lane>,
}

impl Endpoint {
    pub(crate) fn new(settings: &EndpointSettings, lane: Arc<Lane>) -> Result<Self, ModelError> {
        let base = normalise(&settings.base_url)?;
        let mut url = base.clone();
        url.set_path(&format!("{}/chat/completions", base.path().trim_end_matches('/')));
        Ok(Self {
            base_url: shown(&base),
            url,
            model: settings.model.clone(),
            key: settings.api_key.clone().filter(|key| !key.expose().is_empty()),
            price: settings.price.or_else(|| Price::of_model(&settings.model)),
            extra_body: settings.extra_body.clone(),
            token_limit_field: settings.token_limit_field,
            stream_usage: settings.stream_usage,
            lane,
        })
    }

    /// The same endpoint's address for embeddings.
    pub(crate) fn for_embeddings(mut self) -> Self {
        let path = self.url.path().trim_end_matches("/chat/completions");
        let path = format!("{path}/embeddings");
        self.url.set_path(&path);
        self
    }

    /// A server's text made fit to be shown: short, on one line, without keys.
    pub(crate) fn excerpt(&self, text: &str) -> String {
        let text = self.key.as_ref().map_or_else(|| text.to_owned(), |key| key.redact(text));
        let text = redact_key_like(&text);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let short: String = words.chars().take(EXCERPT).collect();
        if short.len() < words.len() { format!("{short}…") } else { short }
    }
}

/// One question on its way to an endpoint.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) request: Request,
    pub(crate) endpoint: Arc<Endpoint>,
    /// The cache key.
    pub(crate) key: String,
}

/// Brings the spellings of a base URL to one: no slash, `/chat/completions` or `/embeddings` at the
/// end, `/v1` when there is no path.
pub(crate) fn normalise(text: &str) -> Result<Url, ModelError> {
    let help = "write it like `https://api.deepseek.com/v1`";
    let mut url = Url::parse(text.trim())
        .map_err(|error| invalid(format!("base URL `{text}`: {error}"), help))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(invalid(format!("base URL `{text}` is not an HTTP address"), help));
    }
    let path = url.path().trim_end_matches('/');
    let methods = ["/chat/completions", "/embeddings"];
    let path = methods.iter().find_map(|method| path.strip_suffix(method)).unwrap_or(path);
    let path = path.trim_end_matches('/');
    let path = if path.is_empty() { "/v1".to_owned() } else { path.to_owned() };
    url.set_path(&path);
    url.set_fragment(None);
    Ok(url)
}

/// A URL without the password that may be in it.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Only URLs that cannot have a user name refuse this.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_base_url_are_one() {
        for text in [
            "https://api.deepseek.com",
            "https://api.deepseek.com/",
            "https://api.deepseek.com/v1",
            " https://api.deepseek.com/v1/ ",
            "https://api.deepseek.com/v1/chat/completions",
            "https://api.deepseek.com/v1/embeddings/",
        ] {
            assert_eq!(normalise(text).unwrap().as_str(), "https://api.deepseek.com/v1");
        }
        let own = normalise("http://127.0.0.1:8000/openai/v2/").unwrap();
        assert_eq!(own.as_str(), "http://127.0.0.1:8000/openai/v2");
    }

    #[test]
    fn what_is_no_http_address_is_refused() {
        for text in ["", "api.deepseek.com/v1", "ftp://host/v1", "http://"] {
            assert_eq!(normalise(text).unwrap_err().kind(), "invalid_settings", "{text}");
        }
    }

    #[test]
    fn a_password_in_the_url_is_not_shown() {
        let url = normalise("http://user:word@host/v1?key=abc").unwrap();
        assert_eq!(shown(&url), "http://host/v1");
    }
}
