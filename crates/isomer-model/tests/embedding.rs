//! Embeddings of an endpoint, and everything that can be wrong with them.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod support;

use base64::Engine;
use isomer_model::*;
use serde_json::{Value, json};
use support::*;

fn answer(vectors: &[Value]) -> Act {
    let data: Vec<Value> = vectors
        .iter()
        .enumerate()
        .map(|(index, vector)| json!({ "index": index, "embedding": vector }))
        .collect();
    say(200, &json!({ "data": data, "usage": { "prompt_tokens": 40, "total_tokens": 40 } }))
}

async fn embed(act: Act, texts: &[&str]) -> (Result<Embeddings, ModelError>, Server) {
    let server = Server::start(vec![act]).await;
    let client = EmbeddingClient::connect(&server.settings(), None).unwrap();
    (client.embed(texts).await, server)
}

#[tokio::test]
async fn vectors_come_in_order_at_length_one_with_their_price() {
    let data = json!([
        { "index": 1, "embedding": [0.0, -2.0] },
        { "index": 0, "embedding": [3.0, 4.0] },
    ]);
    let act = say(200, &json!({ "data": data, "usage": { "prompt_tokens": 500_000 } }));
    let server = Server::start(vec![act]).await;
    let mut settings = server.settings();
    settings.default_endpoint.api_key = Some(Secret::new("sk-word"));
    settings.default_endpoint.price =
        Some(Price { prompt: 0.02, cached_prompt: None, completion: 0.0 });
    let client = EmbeddingClient::connect(&settings, Some(2)).unwrap();
    let found = client.embed(&["one", ""]).await.unwrap();
    assert_eq!(found.vectors, [[0.6, 0.8], [0.0, -1.0]]);
    assert_eq!((found.usage.prompt_tokens, found.usage.estimated), (500_000, false));
    assert!((found.cost_usd.unwrap() - 0.01).abs() < 1e-12);
    let body = server.body(0);
    assert_eq!(body["input"], json!(["one", " "]));
    assert_eq!((&body["model"], &body["dimensions"]), (&json!("m"), &json!(2)));
    assert_eq!(server.headers(0)["authorization"], "Bearer sk-word");
}

#[tokio::test]
async fn base64_is_read_like_numbers() {
    let bytes: Vec<u8> = [0.6_f32, -0.8].iter().flat_map(|number| number.to_le_bytes()).collect();
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    let (found, _) = embed(answer(&[json!(text)]), &["a"]).await;
    assert_eq!(found.unwrap().vectors, [[0.6, -0.8]]);
}

#[tokio::test]
async fn useless_answers_are_errors_after_three_attempts() {
    let item = |index: usize, vector: Value| json!({ "index": index, "embedding": vector });
    let twice = json!([item(0, json!([1.0])), item(0, json!([1.0]))]);
    let beyond = json!([item(0, json!([1.0])), item(2, json!([1.0]))]);
    for (act, words) in [
        (answer(&[json!([1.0])]), "1 vectors for 2 texts"),
        (answer(&[json!([1.0]), json!([1.0, 0.0])]), "2 numbers and not 1"),
        (answer(&[json!([1.0]), json!([0.0])]), "length 0"),
        (answer(&[json!([1.0]), json!([null])]), "`null` in a vector"),
        (answer(&[json!([1.0]), json!([1e300])]), "length inf"),
        (answer(&[json!([1.0]), json!("AAA=")]), "2 bytes"),
        (answer(&[json!([1.0]), json!("AADAfw==")]), "length NaN"),
        (answer(&[json!([1.0]), json!(null)]), "without `embedding`"),
        (say(200, &json!({ "data": twice })), "two vectors for text 0"),
        (say(200, &json!({ "data": beyond })), "text 2 of 2"),
        (say(200, &json!({})), "0 vectors for 2 texts"),
        (Act::Say(200, vec![], "no JSON".into()), "expected ident"),
    ] {
        let (outcome, server) = embed(act, &["a", "b"]).await;
        let error = outcome.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!((error.kind(), server.hits()), ("invalid_json", 3), "{words}");
    }
}

#[tokio::test]
async fn failures_are_treated_like_those_of_questions() {
    let (outcome, server) = embed(say_error(401, "no"), &["a"]).await;
    assert_eq!((outcome.unwrap_err().kind(), server.hits()), ("unauthorized", 1));
    let acts = vec![say_error(429, "later"), say_error(503, "later"), answer(&[json!([1.0])])];
    let server = Server::start(acts).await;
    let client = EmbeddingClient::connect(&server.settings(), None).unwrap();
    assert_eq!(client.embed(&["a"]).await.unwrap().vectors, [[1.0]]);
    assert_eq!(server.hits(), 3);
    let (outcome, _) = embed(say(200, &json!({ "error": { "code": 400 } })), &["a"]).await;
    assert_eq!(outcome.unwrap_err().kind(), "bad_request");
}

#[tokio::test]
async fn many_texts_go_in_several_requests() {
    let vectors = |count| answer(&vec![json!([1.0]); count]);
    let server = Server::start(vec![vectors(32), vectors(32), vectors(6)]).await;
    let mut settings = server.settings();
    settings.jobs = 1;
    let client = EmbeddingClient::connect(&settings, None).unwrap();
    let found = client.embed(&["word"; 70]).await.unwrap();
    assert_eq!((found.vectors.len(), found.usage.prompt_tokens), (70, 120));
    assert_eq!(server.hits(), 3);
    let long = "x".repeat(100 << 10);
    let server = Server::start(vec![vectors(1)]).await;
    let client = EmbeddingClient::connect(&server.settings(), None).unwrap();
    assert_eq!(client.embed(&[&long, &long]).await.unwrap().vectors.len(), 2);
    assert_eq!((server.hits(), client.embed(&[]).await.unwrap().vectors.len()), (2, 0));
}

#[tokio::test]
async fn the_budget_is_kept() {
    let server = Server::start(vec![answer(&[json!([1.0])])]).await;
    let mut settings = server.settings();
    settings.budget.tokens = Some(100);
    let client = EmbeddingClient::connect(&settings, None).unwrap();
    assert!(client.embed(&["short"]).await.is_ok());
    let error = client.embed(&["long ".repeat(100).as_str()]).await.unwrap_err();
    assert_eq!((error.kind(), server.hits()), ("budget_reached", 1));
}
