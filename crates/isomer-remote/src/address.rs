//! Addresses of servers, as people write them.

use std::fmt;
use std::net::IpAddr;

use isomer_sandbox::SandboxError;
use reqwest::Url;

/// Paths that clients of these servers are told to put at the end of an address.
const PATHS: [&str; 7] = [
    "/run_code",
    "/common_evaluate_batch",
    "/common_evaluate",
    "/submit",
    "/v1/run",
    "/v1/judge",
    "/run",
];

/// Where a server is; shown without user name, password and query.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    base: Url,
}

impl Address {
    /// Reads an address, with or without the path of a request at its end.
    pub(crate) fn parse(text: &str) -> Result<Self, SandboxError> {
        let text = text.trim();
        let wrong = |detail: String| {
            // What stands before an `@` may be a password.
            let url = text.rsplit('@').next().unwrap_or_default().to_owned();
            SandboxError::Remote { url, detail }
        };
        let mut base =
            Url::parse(text).map_err(|error| wrong(format!("not an address: {error}")))?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(wrong("not an HTTP address, such as `http://127.0.0.1:8080`".to_owned()));
        }
        let path = base.path().trim_end_matches('/').to_owned();
        let path = PATHS.iter().find_map(|known| path.strip_suffix(known)).unwrap_or(&path);
        base.set_path(path.trim_end_matches('/'));
        base.set_fragment(None);
        Ok(Self { base })
    }

    /// The address of a request.
    pub(crate) fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url
    }

    /// Whether it names this machine, which no proxy can reach.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.base.host_str().unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Whether nothing is encrypted on the way.
    pub(crate) fn is_plain(&self) -> bool {
        self.base.scheme() == "http"
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = self.base.clone();
        // Only addresses that cannot have a user name refuse this.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_query(None);
        formatter.write_str(url.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn spellings_of_an_address_are_one() {
        for text in [
            "http://host:8080",
            " http://host:8080/ ",
            "http://host:8080/run_code",
            "http://host:8080/common_evaluate_batch/",
            "http://host:8080/v1/run",
            "http://user:word@host:8080/submit?token=abc#top",
        ] {
            assert_eq!(Address::parse(text).unwrap().to_string(), "http://host:8080", "{text}");
        }
        let nested = Address::parse("https://host/sandbox/run_code?token=abc").unwrap();
        assert_eq!(nested.to_string(), "https://host/sandbox");
        assert_eq!(nested.at("/v1/ping").as_str(), "https://host/sandbox/v1/ping?token=abc");
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        for text in ["", "host:8080", "ftp://host", "http://", "http://user:word@host:port"] {
            let error = Address::parse(text).unwrap_err().to_string();
            assert!(!error.contains("word"), "{error}");
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for local in
            ["http://localhost:1", "http://127.0.0.1", "http://[::1]:80", "http://127.9.0.1"]
        {
            assert!(Address::parse(local).unwrap().is_loopback(), "{local}");
        }
        for remote in ["http://localhost.example.com", "http://10.0.0.1", "http://[::2]"] {
            assert!(!Address::parse(remote).unwrap().is_loopback(), "{remote}");
        }
    }
}
