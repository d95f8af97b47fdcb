//! What the tests of a task find, in the real sandbox.
//!
//! What pytest judges needs a Python that has it, named by `ISOMER_TEST_PYTHON`, and is left out
//! without. The test's own executable serves as the jail's launcher, which is why it has a `main` of
//! its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod coverage;
mod hostile;
mod mutants;
mod pytest;
mod world;

fn main() {
    isomer_sandbox::run_launcher_if_asked();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sandbox = world::sandbox(None).await;
        coverage::check(&sandbox).await;
        mutants::check(&sandbox).await;
        hostile::check(&sandbox).await;
        pytest::check().await;
    });
}
