//! Every way an endpoint can answer, and what becomes of it.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod support;

use std::sync::Arc;

use isomer_model::*;
use serde_json::{Value, json};
use support::*;

/// `kind` of the error, attempts made, and entries in the ledger.
async fn check(act: Act, kind: &str, attempts: usize, recorded: usize) -> ModelError {
    let (outcome, statuses, hits) = ask_once(vec![act]).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), hits, statuses.len()), (kind, attempts, recorded), "{error}");
    assert!(statuses.iter().all(|status| status == kind));
    error
}

#[tokio::test]
async fn statuses_that_stop_the_run_are_asked_once() {
    for (status, kind) in [
        (400, "bad_request"),
        (401, "unauthorized"),
        (402, "payment_required"),
        (403, "forbidden"),
        (404, "not_found"),
        (307, "not_found"),
    ] {
        let error = check(say_error(status, "no"), kind, 1, 0).await;
        assert!(error.is_permanent() && error.help().is_some(), "{error}");
    }
    let error = check(say_error(429, "insufficient_quota"), "payment_required", 1, 0).await;
    assert!(error.is_permanent());
    let error = check(say_error(400, "Model Not Exist"), "not_found", 1, 0).await;
    assert!(error.to_string().contains("`m`"), "{error}");
}

#[tokio::test]
async fn statuses_of_one_question_do_not_stop_the_run() {
    let context = "This model's maximum context length is 8192 tokens";
    let filter = "Content Exists Risk";
    for (status, message, kind) in
        [(400, context, "overflow"), (413, "large", "overflow"), (400, filter, "refused")]
    {
        assert!(!check(say_error(status, message), kind, 1, 0).await.is_permanent());
    }
}

#[tokio::test]
async fn passing_failures_are_repeated_and_bounded() {
    for (status, kind) in [(429, "rate_limited"), (500, "server_error"), (503, "server_error")] {
        let server = Server::start(vec![say_error(status, "later")]).await;
        let mut settings = server.settings();
        settings.breaker.failures = 100;
        let client = connect(settings, Arc::new(NoLedger)).unwrap();
        let error = client.ask(request("hello")).await.unwrap_err();
        assert_eq!((error.kind(), server.hits()), (kind, 8));
        assert_eq!(client.stats().retries, 7);
    }
    let (outcome, statuses, hits) = ask_once(vec![say_error(500, "later"), ok("fine")]).await;
    assert_eq!((outcome.unwrap().text.as_str(), hits), ("fine", 2));
    assert_eq!(statuses, ["ok"]);
}

#[tokio::test]
async fn useless_replies_are_paid_for_kept_and_tried_three_times() {
    let choice = |message: Value, finish: &str| {
        say(200, &json!({ "choices": [{ "message": message, "finish_reason": finish }] }))
    };
    check(say(200, &json!({ "choices": [] })), "no_choices", 3, 3).await;
    check(say(200, &json!({})), "no_choices", 3, 3).await;
    check(choice(json!({ "content": null }), "stop"), "null_content", 3, 3).await;
    check(choice(json!({ "content": " \n" }), "stop"), "empty_content", 3, 3).await;
    check(Act::Say(200, vec![], "not json {".into()), "invalid_json", 3, 3).await;
    check(Act::Say(200, vec![], String::new()), "invalid_json", 3, 3).await;
}

#[tokio::test]
async fn truncated_and_refused_replies_carry_what_was_said() {
    let choice = |content: &str, finish: &str| {
        say(
            200,
            &json!({ "choices": [{ "message": { "content": content }, "finish_reason": finish }] }),
        )
    };
    for act in [choice("half a", "length"), choice("<think>half a", "stop")] {
        let error = check(act, "truncated", 1, 1).await;
        let partial = error.partial().unwrap();
        assert!(partial.text == "half a" || partial.reasoning.as_deref() == Some("half a"));
        assert!(partial.usage.estimated);
    }
    check(choice("no", "content_filter"), "refused", 1, 1).await;
    let refusal = json!({ "content": null, "refusal": "I will not" });
    let act = say(200, &json!({ "choices": [{ "message": refusal, "finish_reason": "stop" }] }));
    assert!(check(act, "refused", 1, 1).await.to_string().contains("I will not"));
}

#[tokio::test]
async fn a_web_page_is_named_by_its_title() {
    let page = "<!DOCTYPE html><html><head><title>Welcome here</title></head></html>";
    let html = vec![("content-type", "text/html; charset=utf-8".to_owned())];
    let error = check(Act::Say(200, html.clone(), page.into()), "html_page", 3, 0).await;
    assert!(error.to_string().contains("Welcome here"), "{error}");
    let error = check(Act::Say(404, html, page.into()), "not_found", 1, 0).await;
    assert!(error.to_string().ends_with("Welcome here"), "{error}");
}

#[tokio::test]
async fn an_error_object_inside_a_good_status_is_an_error() {
    let object = |code: Value| json!({ "error": { "code": code, "message": "bad" } });
    check(say(200, &object(json!(401))), "unauthorized", 1, 0).await;
    check(say(200, &object(json!("402"))), "payment_required", 1, 0).await;
    let (outcome, _, hits) = ask_once(vec![say(200, &object(json!(429))), ok("fine")]).await;
    assert_eq!((outcome.unwrap().text.as_str(), hits), ("fine", 2));
}

#[tokio::test]
async fn nobody_there_is_a_connection_error_and_no_such_host_another() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for (url, kind) in [(url.as_str(), "connection"), ("http://no-such-host.invalid", "dns")] {
        let server = Server::start(vec![ok("unused")]).await;
        let mut settings = server.settings();
        settings.default_endpoint.base_url = url.to_owned();
        settings.retry.attempts = 2;
        let client = connect(settings, Arc::new(NoLedger)).unwrap();
        let error = client.ask(request("hello")).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(url), "{error}");
    }
}

#[tokio::test]
async fn the_key_goes_to_the_server_and_nowhere_else() {
    let echo = "Incorrect API key provided: sk-very-secret-1234. It is sk-very-s***1234";
    let server = Server::start(vec![say_error(401, echo)]).await;
    let mut settings = server.settings();
    settings.default_endpoint.api_key = Some(Secret::new("sk-very-secret-1234\n"));
    let shown = format!("{settings:?}");
    let ledger = Arc::new(MemoryLedger::default());
    let client = connect(settings, ledger).unwrap();
    let error = client.ask(request("hello")).await.unwrap_err();
    assert_eq!(server.headers(0)["authorization"], "Bearer sk-very-secret-1234");
    for text in [shown, format!("{error} {error:?} {:?}", error.help())] {
        assert!(!text.contains("secret") && text.contains("***"), "{text}");
    }
}

#[tokio::test]
async fn odd_text_is_sent_and_received_unharmed() {
    let odd = "\u{0}\u{7f}\u{202e}\u{feff}\u{fffd}\u{10ffff} \\ud800 \"é漢😀";
    let lone = good("x").to_string().replace("\"x\"", r#""a \ud800 b""#);
    let server = Server::start(vec![Act::Say(200, vec![], lone)]).await;
    let client = connect(server.settings(), Arc::new(NoLedger)).unwrap();
    let reply = client.ask(request(odd)).await.unwrap();
    assert_eq!(reply.text, "a \u{fffd} b");
    assert_eq!(server.body(0)["messages"][0]["content"], odd);
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_before_any_call() {
    let refuse = |change: fn(&mut ClientSettings)| {
        let mut settings = ClientSettings::new(EndpointSettings::new("http://127.0.0.1:1", "m"));
        change(&mut settings);
        connect(settings, Arc::new(NoLedger)).err().unwrap().to_string()
    };
    assert!(refuse(|s| s.budget.usd = Some(1.0)).contains("price of model `m` is unknown"));
    assert!(refuse(|s| s.jobs = 0).contains("`jobs`"));
    assert!(refuse(|s| s.default_endpoint.model = " ".into()).contains("no model"));
    assert!(refuse(|s| s.default_endpoint.base_url = "api.host".into()).contains("base URL"));
    assert!(refuse(|s| s.budget.usd = Some(f64::NAN)).contains("budget"));
}
