//! The server over HTTP, with the real sandbox behind it. Every response is checked against the
//! OpenAPI file.
//!
//! The test's own executable serves as the jail's launcher, which is why it has a `main` of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod broken;
mod defects;
mod description;
mod evaluate;
mod fuzz;
mod load;
mod native;
mod pytest;
mod run_code;
mod world;

fn main() {
    isomer_sandbox::run_launcher_if_asked();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sandbox = world::sandbox().await;
        description::check(&sandbox).await;
        run_code::check(&sandbox).await;
        evaluate::check(&sandbox).await;
        native::check(&sandbox).await;
        pytest::check(&sandbox).await;
        defects::check(&sandbox).await;
        broken::check().await;
        load::check(&sandbox).await;
        fuzz::check(&sandbox).await;
    });
}
