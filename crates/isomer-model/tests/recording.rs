//! Recordings: written once, repaired, replayed alike.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod support;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use isomer_model::*;
use support::*;

fn reply(text: &str) -> Reply {
    Reply {
        text: text.into(),
        reasoning: None,
        finish: Finish::Stop,
        usage: Usage { prompt_tokens: 10, completion_tokens: 5, ..Usage::default() },
        model: "served".into(),
        cost_usd: Some(0.001),
        elapsed_ms: 12,
        source: Source::Ledger,
    }
}

fn model() -> Arc<dyn Model> {
    let cut = ModelError::Truncated { partial: Box::new(reply("half")) };
    let failed = ModelError::ServerError { status: 500, message: "down".into() };
    Arc::new(Fixed(Mutex::new(HashMap::from([
        ("one".to_owned(), Ok(reply("é 1"))),
        ("two".to_owned(), Ok(reply("2\n2"))),
        ("cut".to_owned(), Err(cut)),
        ("failed".to_owned(), Err(failed)),
    ]))))
}

async fn record(path: &Path, texts: &[&str]) {
    let recorder = recorder(model(), path).unwrap();
    for text in texts {
        let _ = recorder.ask(request(text)).await;
    }
}

fn lines(path: &Path) -> usize {
    std::fs::read_to_string(path).unwrap().lines().count()
}

#[tokio::test]
async fn what_is_recorded_is_replayed_alike_every_time() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("recording.jsonl");
    record(&path, &["one", "two", "one", "cut", "failed"]).await;
    assert_eq!(lines(&path), 3, "each key once, and no failure without a reply");
    let from_file = replay(&path).unwrap();
    let bytes: &'static [u8] = Box::leak(std::fs::read(&path).unwrap().into_boxed_slice());
    let embedded = replay_embedded("quickstart", bytes).unwrap();
    assert_eq!((from_file.len(), embedded.len()), (3, 3));
    for model in [from_file as Arc<dyn Model>, embedded] {
        for _ in 0..2 {
            let two = model.ask(request("two")).await.unwrap();
            assert_eq!(two, Reply { source: Source::Recording, ..reply("2\n2") });
            let cut = model.ask(request("cut")).await.unwrap_err();
            assert_eq!((cut.kind(), cut.partial().unwrap().text.as_str()), ("truncated", "half"));
        }
    }
}

#[tokio::test]
async fn a_missing_reply_is_named_and_stops_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("recording.jsonl");
    record(&path, &["one"]).await;
    let error = replay(&path).unwrap().ask(request("two")).await.unwrap_err();
    assert!(error.is_permanent());
    let text = error.to_string();
    assert!(text.contains("`item-1`") && text.contains("`solve`"), "{text}");
}

#[tokio::test]
async fn a_torn_last_line_is_repaired_and_written_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("recording.jsonl");
    record(&path, &["one", "two"]).await;
    let whole = std::fs::read(&path).unwrap();
    let second = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for length in [second + 1, second + 100, whole.len() - 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        // Not yet repaired: what is whole can be replayed.
        let most = if length == whole.len() - 1 { 2 } else { 1 };
        assert_eq!(replay(&path).unwrap().len(), most);
        record(&path, &["one", "two"]).await;
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }
}

#[tokio::test]
async fn a_broken_line_in_the_middle_is_an_error_with_its_number() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("recording.jsonl");
    record(&path, &["one", "two"]).await;
    let text = std::fs::read_to_string(&path).unwrap().replacen('\n', "\nbroken\n", 1);
    std::fs::write(&path, text).unwrap();
    for error in [replay(&path).err().unwrap(), recorder(model(), &path).err().unwrap()] {
        assert!(error.to_string().contains("line 2"), "{error}");
    }
    let missing = replay(&dir.path().join("nothing.jsonl")).err().unwrap();
    assert!(missing.to_string().contains("nothing.jsonl"), "{missing}");
}

#[tokio::test]
async fn replies_from_the_ledger_are_recorded_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("recording.jsonl");
    let server = Server::start(vec![ok("fine")]).await;
    let ledger: Arc<dyn Ledger> = Arc::new(MemoryLedger::default());
    let client = connect(server.settings(), Arc::clone(&ledger)).unwrap();
    client.ask(request("hello")).await.unwrap();
    let client = connect(server.settings(), ledger).unwrap();
    let recorder = recorder(client, &path).unwrap();
    assert_eq!(recorder.ask(request("hello")).await.unwrap().source, Source::Ledger);
    let replayed = replay(&path).unwrap().ask(request("hello")).await.unwrap();
    assert_eq!((replayed.text.as_str(), replayed.source), ("fine", Source::Recording));
    assert_eq!(server.hits(), 1);
}
