//! One server: where it is and how to reach it.

use reqwest::{Client, redirect};

use isomer_sandbox::SandboxError;

use crate::address::Address;
use crate::exchange::cause;
use crate::settings::RemoteSettings;

/// A server and its connections.
#[derive(Debug)]
pub(crate) struct Server {
    /// Where it is.
    pub(crate) address: Address,
    /// Its connections.
    pub(crate) client: Client,
}

impl Server {
    /// Prepares connections and makes none.
    pub(crate) fn new(address: Address, settings: &RemoteSettings) -> Result<Self, SandboxError> {
        let builder = || {
            let builder = Client::builder()
                .connect_timeout(settings.connect)
                // A redirected POST loses its body.
                .redirect(redirect::Policy::none())
                .user_agent(concat!("isomer/", env!("CARGO_PKG_VERSION")));
            if address.is_loopback() { builder.no_proxy() } else { builder }
        };
        let client = builder().build().or_else(|error| {
            // A machine without root certificates can still reach plain servers.
            if address.is_plain() { builder().tls_certs_only([]).build() } else { Err(error) }
        });
        let client = client.map_err(|error| SandboxError::Remote {
            url: address.to_string(),
            detail: format!("the HTTP client cannot start: {}", cause(&error)),
        })?;
        Ok(Self { address, client })
    }
}
