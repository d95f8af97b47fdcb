//! Takes in a request: a place in the queue first, then its body.

use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use futures::StreamExt as _;
use serde_json::Value;

use crate::app::App;
use crate::gate::{Full, Place};
use crate::python_json;
use crate::refusal::Refusal;

/// How many times the largest body is read and thrown away before a refusal.
const DISCARDED_LIMITS: usize = 8;

/// How long a body may take to arrive: until then it holds a place in the queue.
const READ_SECONDS: u64 = 120;

/// A place in the queue and the body as JSON. Without a place nothing of the body is kept.
pub(crate) async fn receive(app: &App, request: Request) -> Result<(Place, Value), Refusal> {
    let body = request.into_body();
    let limit = app.settings.body_bytes;
    let place = match app.gate.enter() {
        Ok(place) => place,
        Err(Full(seconds)) => {
            discard(body, limit).await;
            return Err(Refusal::Busy(seconds));
        }
    };
    let late = || Refusal::Unread(format!("the body did not arrive within {READ_SECONDS} s"));
    let patience = Duration::from_secs(READ_SECONDS);
    let bytes = tokio::time::timeout(patience, bytes(body, limit)).await.map_err(|_| late())??;
    Ok((place, python_json::read(&bytes).map_err(Refusal::Syntax)?))
}

async fn bytes(body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    let announced = body.size_hint().lower();
    if announced > limit as u64 {
        discard(body, limit.saturating_mul(DISCARDED_LIMITS)).await;
        return Err(Refusal::TooLarge(limit));
    }
    let mut bytes = Vec::new();
    let mut frames = body.into_data_stream();
    while let Some(frame) = frames.next().await {
        let frame = frame.map_err(|error| Refusal::Unread(error.to_string()))?;
        if bytes.len() + frame.len() > limit {
            return Err(Refusal::TooLarge(limit));
        }
        bytes.extend_from_slice(&frame);
    }
    Ok(bytes)
}

/// Reads a body and forgets it: a client that is still sending when the connection closes sees a
/// broken connection and not the refusal.
async fn discard(body: Body, most: usize) {
    let mut frames = body.into_data_stream();
    let mut seen = 0;
    while let Some(Ok(frame)) = frames.next().await {
        seen += frame.len();
        if seen > most {
            return;
        }
    }
}
