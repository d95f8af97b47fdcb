//! Ctrl-C and SIGTERM become requests to stop.

use isomer_flow::runner::StopLevel;
use tokio::sync::watch;

use crate::failure::Failure;

/// The first Ctrl-C or SIGTERM drains, the second Ctrl-C stops at once. `told` hears of each new
/// level. The task ends with the process.
pub(super) fn listen(
    told: impl Fn(StopLevel) + Send + 'static,
) -> Result<watch::Receiver<StopLevel>, Failure> {
    let (sender, receiver) = watch::channel(StopLevel::Run);
    forward(sender, told)?;
    Ok(receiver)
}

/// The same for a channel that others write to, too.
pub(super) fn forward(
    sender: watch::Sender<StopLevel>,
    told: impl Fn(StopLevel) + Send + 'static,
) -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let fail = |error| Failure::because("failed to listen for signals", &error);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(fail)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(fail)?;
    tokio::spawn(async move {
        loop {
            let level = tokio::select! {
                _ = interrupt.recv() => match *sender.borrow() {
                    StopLevel::Run => StopLevel::Drain,
                    _ => StopLevel::Now,
                },
                _ = terminate.recv() => StopLevel::Drain,
            };
            if level > *sender.borrow() {
                told(level);
                sender.send_replace(level);
            }
        }
    });
    Ok(())
}
