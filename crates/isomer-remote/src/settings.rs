//! How patient the client is, and with how much at once.

use std::time::Duration;

use isomer_sandbox::Isolation;

/// Bounds of a [`crate::RemoteSandbox`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteSettings {
    /// Jobs in flight at most, over all servers; `None`: as many as the servers bear.
    pub slots: Option<usize>,
    /// How programs must be walled off. `None`: a server that says that its walls are reduced is
    /// refused, one that says nothing is trusted. `Full`: a server has to say that they are full.
    /// `Reduced`: any will do.
    pub isolation: Option<Isolation>,
    /// Attempts at an input before its job fails; refusals of full servers do not count.
    pub attempts: u32,
    /// How long a connection may take.
    pub connect: Duration,
    /// How long a server may be silent beyond the time that the program is allowed.
    pub patience: Duration,
    /// How long no server at all may work before jobs fail.
    pub outage: Duration,
    /// How long full servers may refuse a job before it fails.
    pub busy: Duration,
}

impl Default for RemoteSettings {
    fn default() -> Self {
        Self {
            slots: None,
            isolation: None,
            attempts: 5,
            connect: Duration::from_secs(5),
            patience: Duration::from_secs(120),
            outage: Duration::from_secs(60),
            busy: Duration::from_secs(600),
        }
    }
}
