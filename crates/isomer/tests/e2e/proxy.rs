//! A proxy for the world outside, which cannot reach this machine.

use crate::remote::Server;
use crate::support::{Place, complete, finish, quick};

/// Nothing listens there.
const PROXY: &str = "http://127.0.0.1:9";

#[test]
fn servers_on_this_machine_are_reached_directly() {
    let place = Place::new(6);
    let (mock, server) = (quick(), Server::ours(&place));
    let mut run = place.run("out", &mock, &["--sandbox-url", &server.url]);
    for variable in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        run.env(variable, PROXY);
    }
    complete(run.env_remove("NO_PROXY").env_remove("no_proxy"));
    let url = mock.base_url();
    let mut doctor = place.isomer();
    doctor.args(["doctor", "--base-url", &url, "--sandbox-url", &server.url]);
    let measured = finish(doctor.env("HTTP_PROXY", PROXY).env("http_proxy", PROXY));
    assert!(measured.stdout.contains("full isolation"), "{}", measured.stdout);
    assert!(!measured.stdout.contains("does not answer"), "{}", measured.stdout);
}
