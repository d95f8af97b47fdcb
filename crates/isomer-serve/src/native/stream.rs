//! Answers line by line, while the work goes on.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream;
use isomer_sandbox::SandboxError;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::app::App;
use crate::gate::Place;
use crate::refusal::Refusal;
use crate::wire::Line;

/// Where the work puts its lines. They are as many as inputs, and kept until the client reads them.
pub(super) struct Lines(UnboundedSender<Result<String, Refusal>>);

impl Lines {
    /// Sends a line; without a client there is nobody to tell.
    pub(super) fn send(&self, line: String) {
        let _ = self.0.send(Ok(line));
    }
}

/// What is done in a slot.
pub(super) trait Work: Send + 'static {
    /// Does it, and sends a line for each part of the answer.
    fn run(self, app: &App, lines: &Lines)
    -> impl Future<Output = Result<(), SandboxError>> + Send;
}

/// Waits for a slot, works in it and streams what comes.
///
/// Until the first line is there, a failure has a status of its own; afterwards it is a line. When
/// the client goes away the work is dropped.
pub(super) async fn answer<W>(app: Arc<App>, place: Place, work: W) -> Result<Response, Refusal>
where
    W: Work,
{
    let (sender, mut receiver) = unbounded_channel();
    tokio::spawn(produce(app, place, work, Lines(sender)));
    match receiver.recv().await {
        Some(Ok(first)) => Ok(respond(first, receiver)),
        Some(Err(refusal)) => Err(refusal),
        None => Err(Refusal::Broken("the work ended without a word".to_owned())),
    }
}

fn respond(first: String, receiver: UnboundedReceiver<Result<String, Refusal>>) -> Response {
    let lines = stream::unfold((Some(first), receiver), async |(first, mut receiver)| {
        let line = match first {
            Some(line) => line,
            None => match receiver.recv().await? {
                Ok(line) => line,
                Err(refusal) => {
                    let detail = refusal.detail().as_str().unwrap_or_default().to_owned();
                    Line::Error { detail }.write()
                }
            },
        };
        Some((Ok::<_, Infallible>(line + "\n"), (None, receiver)))
    });
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response()
}

async fn produce<W: Work>(app: Arc<App>, place: Place, work: W, lines: Lines) {
    let work = app.in_slot(place, work.run(&app, &lines));
    let work = tokio::time::timeout(app.patience(), work);
    let refusal = tokio::select! {
        () = lines.0.closed() => return,
        result = work => match result {
            Ok(result) => app.settle(result).err(),
            Err(_) => Some(Refusal::TooLong(app.settings.request_seconds)),
        },
    };
    if let Some(refusal) = refusal {
        // Without a client there is nobody to tell.
        let _ = lines.0.send(Err(refusal));
    }
}
