//! `isomer sandbox serve`: the sandbox over HTTP.

use std::net::SocketAddr;

use isomer_flow::runner::StopLevel;
use isomer_sandbox::{Job, Sandbox};
use isomer_serve::{Served, ServerSettings, serve};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::sandbox::operation;
use super::{Setting, live, signals};
use crate::cli::SandboxServeArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// Runs the command until it is told to stop.
pub(super) async fn run(args: &SandboxServeArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let addresses = addresses(&args.addr).await?;
    refuse_strangers(args, &addresses)?;
    let operation = operation(&args.walls, args.jobs, setting)?;
    let sandbox = live::sandbox(&operation).await?;
    load(&sandbox, &args.walls.packages).await?;
    let listener = TcpListener::bind(addresses.as_slice()).await.map_err(|error| {
        Failure::because(format!("failed to listen on `{}`", args.addr), &error)
            .help("name another port with --addr, or port 0 for any free one")
    })?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::because("failed to find the own address", &error))?;
    let settings = ServerSettings {
        jobs: live::slots(operation.sandbox_slots),
        queue: args.queue as usize,
        body_bytes: (args.body_mib as usize) << 20,
        request_seconds: args.timeout,
        packages: args.walls.packages.clone(),
        drain_seconds: args.drain,
    };
    let quiet = setting.loudness.quiet;
    let say = move |text: &str| {
        if !quiet {
            output::note(text);
        }
    };
    let stop = signals::listen(move |level| {
        say(match level {
            StopLevel::Now => "stopping at once",
            _ => "finishing what was accepted; Ctrl-C again stops at once",
        });
    })?;
    let python = &sandbox.python().version;
    say(&format!(
        "serving on http://{address} with {} at once, {} waiting, Python {python}",
        settings.jobs, settings.queue
    ));
    let at_once = reached(stop.clone(), StopLevel::Now);
    tokio::select! {
        served = serve(listener, sandbox, settings, reached(stop, StopLevel::Drain)) => match served {
            Ok(Served::All) => Ok(Exit::Complete),
            Ok(Served::Abandoned) => {
                Err(Failure::new("some requests were not finished within the time to drain")
                    .help("give it more with --drain"))
            }
            Err(error) => Err(Failure::because("failed to serve", &error)),
        },
        () = at_once => Ok(Exit::Interrupted),
    }
}

/// Finds out now, and not at the first request, whether all packages are there.
async fn load(sandbox: &Sandbox, packages: &[String]) -> Result<(), Failure> {
    let job =
        Job { inputs: vec![String::new().into()], packages: packages.to_vec(), ..Job::default() };
    let loaded = sandbox.run(job).await;
    loaded.map_err(|error| Failure::because("failed to load the packages", &error))?;
    Ok(())
}

async fn addresses(name: &str) -> Result<Vec<SocketAddr>, Failure> {
    let fail = |message: String| Failure::usage(message).help("write it as HOST:PORT");
    let found = tokio::net::lookup_host(name)
        .await
        .map_err(|error| fail(format!("`{name}` is not an address: {error}")))?;
    Ok(found.collect())
}

/// Without authentication, only this machine is served unless the user says otherwise.
fn refuse_strangers(args: &SandboxServeArgs, addresses: &[SocketAddr]) -> Result<(), Failure> {
    let loopback = addresses.iter().all(|address| address.ip().is_loopback());
    if loopback || args.public {
        return Ok(());
    }
    Err(Failure::usage(format!("`{}` can be reached from other machines", args.addr)).help(
        "there is no authentication: whoever reaches it can use up this machine;\n\
         add --public if that is what you want",
    ))
}

/// Waits until the user wants at least this.
async fn reached(mut stop: watch::Receiver<StopLevel>, level: StopLevel) {
    // The sender lives as long as the process.
    let _ = stop.wait_for(|current| *current >= level).await;
}
