//! The whole pipeline with a scripted model and the real sandbox.
//!
//! What pytest judges needs a Python that has it, named by `ISOMER_TEST_PYTHON`, and is left out
//! without.
//!
//! The test's own executable serves as the jail's launcher, which is why it has a `main` of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod pytest;
mod runs;
mod script;
mod world;

fn main() {
    isomer_sandbox::run_launcher_if_asked();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let dataset = runs::a_run_gives_hardened_tasks().await;
        runs::an_interrupted_run_gives_the_same_dataset(&dataset).await;
        runs::a_refused_key_stops_the_run().await;
        runs::a_broken_endpoint_stops_the_run().await;
        runs::too_few_seeds_are_noticed_first().await;
        runs::strict_reading_stops_at_the_first_bad_row().await;
        pytest::all().await;
    });
}
