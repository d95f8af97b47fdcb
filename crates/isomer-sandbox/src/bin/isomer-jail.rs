//! A launcher with nothing else in it, for the tests of this crate and for users of the library.

fn main() -> std::process::ExitCode {
    isomer_sandbox::run_launcher_if_asked();
    std::process::ExitCode::FAILURE
}
