//! Streamed answers (server-sent events).

use std::convert::Infallible;
use std::time::Duration;

use eventsource_stream::Eventsource;
use futures::{Stream, StreamExt};
use reqwest::Response;

use crate::clock::Clock;
use crate::conclude::{broken_off, conclude, error_object};
use crate::endpoint::Call;
use crate::error::ModelError;
use crate::failure::{Failure, Outcome, Spent};
use crate::http::{MOST_BYTES, cause};
use crate::wire::{self, Answer};

/// What servers send after the last chunk.
const DONE: &str = "[DONE]";

/// How long the connection may take to end after that.
const LAST_BYTES: Duration = Duration::from_millis(200);

/// Reads a streamed answer to its end.
pub(crate) async fn read(call: &Call, response: Response, clock: &mut Clock) -> Outcome {
    let mut answer = Answer::default();
    match collect(call, response, clock, &mut answer).await {
        Ok(()) => conclude(call, answer, clock.elapsed()),
        Err(error) => {
            let mut failure = broken_off(call, answer, error);
            failure.elapsed = clock.elapsed();
            Err(failure)
        }
    }
}

/// Adds chunks to `answer` until the server says it is done.
async fn collect(
    call: &Call,
    response: Response,
    clock: &mut Clock,
    answer: &mut Answer,
) -> Result<(), ModelError> {
    let (sender, receiver) = futures::channel::mpsc::unbounded::<Result<_, Infallible>>();
    // The parser swallows comments, which are signs of life: bytes are watched before it.
    let mut bytes = Box::pin(response.bytes_stream());
    let mut events = receiver.eventsource();
    let mut size = 0;
    loop {
        let chunk = match clock.wait(bytes.next()).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return ended(answer, "the connection was closed"),
            // Some servers forget to end what the model has ended.
            Err(_) if answer.finish.is_some() => return Ok(()),
            Err(error) => return Err(error),
        };
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => return ended(answer, &call.endpoint.excerpt(&cause(&error))),
        };
        size += chunk.len();
        if size > MOST_BYTES {
            return Err(ModelError::InvalidJson { message: "the stream has no end".into() });
        }
        // The receiver lives as long as this function.
        let _ = sender.unbounded_send(Ok(chunk));
        while let Some(data) = ready(&mut events)? {
            if data.trim() == DONE {
                drain(&mut bytes).await;
                return Ok(());
            }
            if take(call, &data, answer)? {
                clock.answering();
            }
        }
    }
}

/// Reads what follows the end, within reason: only a connection read to its end is used again.
async fn drain<S: Stream + Unpin>(bytes: &mut S) {
    let rest = async { while bytes.next().await.is_some() {} };
    // A server that keeps the connection busy loses it.
    let _ = tokio::time::timeout(LAST_BYTES, rest).await;
}

/// The next event that the bytes so far make up.
fn ready<S>(events: &mut S) -> Result<Option<String>, ModelError>
where
    S: Stream<
            Item = Result<
                eventsource_stream::Event,
                eventsource_stream::EventStreamError<Infallible>,
            >,
        > + Unpin,
{
    use futures::FutureExt;
    match events.next().now_or_never() {
        Some(Some(Ok(event))) => Ok(Some(event.data)),
        Some(Some(Err(error))) => Err(ModelError::InvalidJson { message: error.to_string() }),
        Some(None) | None => Ok(None),
    }
}

/// Takes one chunk in; tells whether the model said something.
fn take(call: &Call, data: &str, answer: &mut Answer) -> Result<bool, ModelError> {
    if data.trim().is_empty() {
        return Ok(false);
    }
    let mut body = wire::parse(data).map_err(|message| ModelError::InvalidJson { message })?;
    match body.error.take() {
        Some(error) => Err(error_object(call, &error)),
        None => Ok(answer.add(body)),
    }
}

/// The stream ended without a word: fine when the model had said why it stopped.
fn ended(answer: &Answer, message: &str) -> Result<(), ModelError> {
    if answer.finish.is_some() {
        return Ok(());
    }
    Err(ModelError::CutStream { received: answer.received(), message: message.to_owned() })
}

/// A call that got no answer in time: the question may have been read, and billed.
pub(crate) fn unanswered(call: &Call, error: ModelError, clock: &Clock) -> Box<Failure> {
    let usage = crate::estimate::usage(&call.request.messages, "", None);
    let mut failure = Failure::billed(error, Spent::at(call, usage), None);
    failure.elapsed = clock.elapsed();
    failure
}
