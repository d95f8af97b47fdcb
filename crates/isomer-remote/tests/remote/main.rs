//! Remote sandboxes as they are: servers of ours, others, and what goes wrong with them.
//!
//! The test's own executable serves as the jail's launcher, which is why it has a `main` of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod balance;
mod faults;
mod jobs;
mod meaning;
mod mock;
mod ours;
mod world;

fn main() {
    isomer_sandbox::run_launcher_if_asked();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sandbox = world::sandbox().await;
        meaning::check(&sandbox).await;
        ours::check(&sandbox).await;
        faults::check().await;
        balance::check(&sandbox).await;
    });
}
