//! Streamed answers, whole and broken.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use isomer_model::*;
use support::*;

const USAGE: &str = r#"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}"#;

fn delta(text: &str) -> String {
    format!(r#"{{"choices":[{{"index":0,"delta":{{"content":"{text}"}},"finish_reason":null}}]}}"#)
}

fn finish(word: &str) -> String {
    format!(r#"{{"choices":[{{"index":0,"delta":{{}},"finish_reason":"{word}"}}]}}"#)
}

async fn check(text: &str, expected: &str) -> Reply {
    let (outcome, statuses, hits) = ask_once(vec![stream(text)]).await;
    let reply = outcome.unwrap();
    assert_eq!((reply.text.as_str(), hits), (expected, 1));
    assert_eq!(statuses, ["ok"]);
    reply
}

#[tokio::test]
async fn pieces_are_put_together_with_usage_and_thinking() {
    let thinking =
        r#"{"model":"served","choices":[{"delta":{"reasoning_content":"hm","content":null}}]}"#;
    let text = format!(
        ": keep-alive\n\ndata: {thinking}\n\ndata: {}\n\ndata: {}\n\ndata: {}\n\n: OPENROUTER PROCESSING\n\ndata: {USAGE}\n\ndata: [DONE]\n\n",
        delta("a"),
        delta("b"),
        finish("stop"),
    );
    let reply = check(&text, "ab").await;
    assert_eq!(reply.reasoning.as_deref(), Some("hm"));
    assert_eq!((reply.usage.prompt_tokens, reply.usage.completion_tokens), (7, 2));
    assert_eq!(
        (reply.model.as_str(), reply.finish, reply.source),
        ("served", Finish::Stop, Source::Live)
    );
    assert!(!reply.usage.estimated);
}

#[tokio::test]
async fn line_ends_and_lines_of_data_may_be_of_any_kind() {
    let two_lines = delta("a").replace(r#","delta""#, "\ndata: ,\"delta\"");
    check(&format!("data: {two_lines}\n\ndata:{}\n\ndata: [DONE]\n\n", finish("stop")), "a").await;
    let crlf = format!(
        "event: x\r\nid: 1\r\ndata: {}\r\n\r\ndata: {}\r\n\r\n",
        delta("a"),
        finish("stop")
    );
    let reply = check(&crlf, "a").await;
    // No usage came: it is estimated, and says so.
    assert!(reply.usage.estimated && reply.usage.prompt_tokens > 0);
}

#[tokio::test]
async fn characters_split_between_pieces_survive() {
    let text = format!("data: {}\n\ndata: {}\n\n", delta("é漢😀"), finish("stop"));
    let pieces = text.bytes().map(|byte| vec![byte]).collect();
    let act = Act::Stream { pieces, pause: Duration::ZERO, broken: false };
    let (outcome, ..) = ask_once(vec![act]).await;
    assert_eq!(outcome.unwrap().text, "é漢😀");
}

#[tokio::test]
async fn a_server_that_ignores_streaming_is_understood() {
    let server = Server::start(vec![ok("plain")]).await;
    let client = connect(server.settings(), Arc::new(NoLedger)).unwrap();
    assert_eq!(client.ask(request("hello")).await.unwrap().text, "plain");
    let body = server.body(0);
    assert_eq!(body["stream"], true);
    assert_eq!(body["stream_options"]["include_usage"], true);
}

#[tokio::test]
async fn a_stream_that_ends_without_a_word_is_cut() {
    let text = format!("data: {}\n\ndata: {}", delta("half"), &delta("x")[..20]);
    for broken in [false, true] {
        let pieces = vec![text.clone().into_bytes()];
        let act = Act::Stream { pieces, pause: Duration::from_millis(20), broken };
        let (outcome, statuses, hits) = ask_once(vec![act]).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), hits), ("cut_stream", 3), "{error}");
        assert!(error.to_string().contains("4 characters"), "{error}");
        // What came was paid for.
        assert_eq!(statuses, ["cut_stream"; 3]);
    }
}

#[tokio::test]
async fn a_server_that_forgets_to_end_a_finished_stream_loses_nothing() {
    let text = format!("data: {}\n\ndata: {}\n\n", delta("whole"), finish("stop"));
    let pieces = vec![text.into_bytes()];
    let act = Act::Stream { pieces, pause: Duration::from_secs(5), broken: false };
    let server = Server::start(vec![act]).await;
    let mut settings = server.settings();
    settings.timeouts.idle = Duration::from_millis(50);
    let client = connect(settings, Arc::new(NoLedger)).unwrap();
    assert_eq!(client.ask(request("hello")).await.unwrap().text, "whole");
    assert_eq!(server.hits(), 1);
}

#[tokio::test]
async fn one_connection_serves_call_after_call() {
    let text = format!("data: {}\n\ndata: {}\n\ndata: [DONE]\n\n", delta("a"), finish("stop"));
    let server = Server::start(vec![stream(&text)]).await;
    let client = connect(server.settings(), Arc::new(NoLedger)).unwrap();
    for sample in 0..20 {
        client.ask(Request { sample, ..request("hello") }).await.unwrap();
    }
    assert_eq!((server.hits(), server.connections()), (20, 1));
}

#[tokio::test]
async fn an_error_in_the_middle_of_a_stream_counts() {
    let error = r#"{"error":{"code":429,"message":"slow down"}}"#;
    let bad = stream(&format!("data: {}\n\ndata: {error}\n\n", delta("a")));
    let good = stream(&format!("data: {}\n\ndata: {}\n\n", delta("b"), finish("stop")));
    let (outcome, statuses, hits) = ask_once(vec![bad, good]).await;
    assert_eq!((outcome.unwrap().text.as_str(), hits), ("b", 2));
    assert_eq!(statuses, ["rate_limited", "ok"]);
}

/// Which limit of time ends a call to a server that does `act`.
async fn timeout(act: Act, streamed: bool) -> (Phase, Vec<String>) {
    let server = Server::start(vec![act]).await;
    let mut settings = server.settings();
    settings.stream = streamed;
    settings.retry.attempts = 1;
    settings.timeouts.first_token = Duration::from_millis(600);
    settings.timeouts.idle = Duration::from_millis(300);
    settings.timeouts.total = Duration::from_millis(1500);
    let ledger = Arc::new(MemoryLedger::default());
    let client = connect(settings, Arc::clone(&ledger) as Arc<dyn Ledger>).unwrap();
    match client.ask(request("hello")).await.unwrap_err() {
        ModelError::Timeout { which, .. } => (which, ledger.statuses()),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_hanging_server_is_left_in_every_phase() {
    let long = Duration::from_secs(5);
    assert_eq!(timeout(Act::Hang(long), true).await.0, Phase::FirstToken);
    assert_eq!(timeout(Act::Hang(long), false).await.0, Phase::Total);
    let halting =
        |text: String| Act::Stream { pieces: vec![text.into_bytes()], pause: long, broken: false };
    let (phase, statuses) = timeout(halting(format!("data: {}\n\n", delta("a"))), true).await;
    assert_eq!((phase, statuses), (Phase::Idle, vec!["timeout".to_owned()]));
    // Comments are a sign of life, but no token.
    assert_eq!(timeout(halting(": wait\n\n".into()), true).await.0, Phase::FirstToken);
}
