//! Overload, money and outages, against a real socket.

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::join_all;
use isomer_model::*;
use support::*;

fn price() -> Price {
    // 100 tokens in and 50 out cost 0.02 dollars.
    Price { prompt: 100.0, cached_prompt: None, completion: 200.0 }
}

async fn ask_many(client: &Arc<Client>, count: u32) -> Vec<Result<Reply, ModelError>> {
    join_all((0..count).map(|sample| client.ask(Request { sample, ..request("hello") }))).await
}

#[tokio::test]
async fn a_server_with_few_slots_serves_all_calls_and_refuses_few() {
    let server = Server::with_slots(vec![ok("fine")], 4).await;
    let mut settings = server.settings();
    settings.jobs = 32;
    settings.retry.attempts = 20;
    let client = connect(settings, Arc::new(NoLedger)).unwrap();
    let outcomes = ask_many(&client, 400).await;
    assert!(outcomes.iter().all(Result::is_ok));
    let stats = client.stats();
    assert!(stats.concurrency_limit < 10, "{stats:?}");
    assert_eq!((stats.in_flight, stats.waiting, stats.calls, stats.failed), (0, 0, 400, 0));
    assert!(server.hits() < 520, "{} requests for 400 calls", server.hits());
}

#[tokio::test]
async fn a_storm_of_refusals_ends_in_bounded_errors() {
    let server = Server::start(vec![say_error(429, "no")]).await;
    let client = connect(server.settings(), Arc::new(NoLedger)).unwrap();
    let outcomes = tokio::time::timeout(Duration::from_secs(20), ask_many(&client, 50)).await;
    let outcomes = outcomes.unwrap();
    assert!(outcomes.iter().all(|o| o.as_ref().unwrap_err().kind() == "rate_limited"));
    assert_eq!(server.hits(), 50 * 8);
}

#[tokio::test]
async fn retry_after_holds_back_the_whole_lane() {
    let wait = vec![("retry-after", "1".to_owned())];
    let server = Server::start(vec![Act::Say(429, wait, String::new()), ok("fine")]).await;
    let client = connect(server.settings(), Arc::new(NoLedger)).unwrap();
    let start = Instant::now();
    client.ask(request("first")).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.hits(), 2);
}

#[tokio::test]
async fn jobs_are_the_most_calls_at_once() {
    let server = Server::with_slots(vec![ok("fine")], 100).await;
    let mut settings = server.settings();
    settings.jobs = 5;
    let client = connect(settings, Arc::new(NoLedger)).unwrap();
    ask_many(&client, 50).await;
    assert_eq!(server.most_busy(), 5);
}

#[tokio::test]
async fn the_budget_is_never_crossed_by_many_calls_at_once() {
    let server = Server::with_slots(vec![ok("fine")], 100).await;
    let mut settings = server.settings();
    settings.default_endpoint.price = Some(price());
    settings.budget =
        BudgetSettings { usd: Some(0.50), spent_usd: 0.10, ..BudgetSettings::default() };
    let ledger = Arc::new(MemoryLedger::default());
    let client = connect(settings, Arc::clone(&ledger) as Arc<dyn Ledger>).unwrap();
    let outcomes = ask_many(&client, 60).await;
    let paid = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let stats = client.stats();
    // A call reserves (11 + 100 tokens) 0.0211 dollars and costs 0.02: 19 fit into 0.40.
    assert_eq!((paid, server.hits(), ledger.statuses().len()), (19, 19, 19));
    assert!((stats.total_usd - 0.48).abs() < 1e-9 && (stats.cost_usd - 0.38).abs() < 1e-9);
    assert!(outcomes.iter().filter_map(|o| o.as_ref().err()).all(|e| e.kind() == "budget_reached"));
}

#[tokio::test]
async fn a_budget_in_tokens_needs_no_price() {
    let server = Server::start(vec![ok("fine")]).await;
    let mut settings = server.settings();
    settings.budget.tokens = Some(400);
    let client = connect(settings, Arc::new(NoLedger)).unwrap();
    // Each call reserves 108 + 100 tokens and uses 150.
    let long = "a question".repeat(20);
    let outcomes = join_all((0..10).map(|_| client.ask(request(&long)))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 2);
    assert_eq!(client.stats().total_tokens, 300);
}

#[tokio::test]
async fn the_ledger_is_written_before_the_reply_and_read_before_the_call() {
    let server = Server::start(vec![ok("fine")]).await;
    let ledger = Arc::new(MemoryLedger::default());
    let mut settings = server.settings();
    settings.default_endpoint.price = Some(price());
    settings.budget.usd = Some(0.03);
    for source in [Source::Live, Source::Ledger, Source::Ledger] {
        let client = connect(settings.clone(), Arc::clone(&ledger) as Arc<dyn Ledger>).unwrap();
        let reply = client.ask(request("hello")).await.unwrap();
        assert_eq!((reply.source, reply.cost_usd), (source, Some(0.02)));
        // A new start knows what is spent already; a hit costs nothing all the same.
        settings.budget.spent_usd = 0.02;
        let entries = ledger.entries.lock().unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!((entries[0].role.as_str(), entries[0].attempt), ("solver", 1));
        assert_eq!(entries[0].purpose.item, "item-1");
    }
    assert_eq!(server.hits(), 1);
}

#[tokio::test]
async fn a_ledger_that_fails_stops_the_run() {
    let server = Server::start(vec![ok("fine")]).await;
    let ledger = Arc::new(MemoryLedger { broken: true, ..MemoryLedger::default() });
    let client = connect(server.settings(), ledger).unwrap();
    let error = client.ask(request("hello")).await.unwrap_err();
    assert!(error.is_permanent() && error.to_string().contains("disk full"), "{error}");
}

#[tokio::test]
async fn useless_replies_are_not_served_from_the_ledger() {
    let cut = serde_json::json!({ "choices": [{ "message": { "content": "x" }, "finish_reason": "length" }] });
    let server = Server::start(vec![say(200, &cut), ok("fine")]).await;
    let ledger = Arc::new(MemoryLedger::default());
    let client = connect(server.settings(), Arc::clone(&ledger) as Arc<dyn Ledger>).unwrap();
    assert_eq!(client.ask(request("hello")).await.unwrap_err().kind(), "truncated");
    assert_eq!(client.ask(request("hello")).await.unwrap().source, Source::Live);
    assert_eq!(ledger.statuses(), ["truncated", "ok"]);
}

#[tokio::test]
async fn a_call_that_is_dropped_gives_everything_back() {
    let server = Server::start(vec![Act::Hang(Duration::from_secs(5)), ok("fine")]).await;
    let mut settings = server.settings();
    settings.jobs = 1;
    settings.budget.tokens = Some(200);
    let client = connect(settings, Arc::new(NoLedger)).unwrap();
    let asked =
        tokio::time::timeout(Duration::from_millis(100), client.ask(request("hello"))).await;
    assert!(asked.is_err());
    assert_eq!((client.stats().in_flight, client.stats().total_tokens), (0, 0));
    assert_eq!(client.ask(request("again")).await.unwrap().text, "fine");
}

#[tokio::test]
async fn an_outage_pauses_all_calls_and_ends_with_one_probe() {
    let mut acts = vec![say_error(500, "down"); 4];
    acts.push(ok("fine"));
    let server = Server::start(acts).await;
    let mut settings = server.settings();
    settings.breaker.failures = 4;
    settings.breaker.pause = Duration::from_millis(1500);
    let client = connect(settings, Arc::new(NoLedger)).unwrap();
    let calls = tokio::spawn({
        let client = Arc::clone(&client);
        async move { ask_many(&client, 4).await }
    });
    while client.stats().waiting < 4 {
        assert!(!calls.is_finished());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(server.hits(), 4);
    assert!(client.stats().paused_for.is_some());
    assert!(calls.await.unwrap().iter().all(Result::is_ok));
    assert_eq!(server.hits(), 8);
}

#[tokio::test]
async fn an_endpoint_that_is_down_for_good_stops_the_run() {
    let server = Server::start(vec![say_error(500, "down")]).await;
    let mut settings = server.settings();
    settings.breaker.failures = 3;
    settings.breaker.pause = Duration::from_millis(20);
    settings.breaker.give_up_unproven_after = Duration::from_millis(100);
    settings.retry.attempts = 50;
    let client = connect(settings, Arc::new(NoLedger)).unwrap();
    let outcomes = ask_many(&client, 8).await;
    let open =
        outcomes.iter().filter_map(|o| o.as_ref().err()).find(|e| e.kind() == "breaker_open");
    assert!(open.unwrap().is_permanent());
    assert!(server.hits() < 25, "{}", server.hits());
}

#[tokio::test]
async fn roles_go_to_their_own_endpoints_with_their_own_fields() {
    let (one, two) = (Server::start(vec![ok("one")]).await, Server::start(vec![ok("two")]).await);
    let mut settings = one.settings();
    settings.stream = false;
    let mut own = EndpointSettings::new(format!("{}/v1/", two.url), "other");
    own.token_limit_field = TokenLimitField::MaxCompletionTokens;
    own.extra_body.insert("top_k".into(), 5.into());
    settings.endpoints.insert("designer".into(), own);
    let client = connect(settings, Arc::new(NoLedger)).unwrap();
    assert_eq!(client.destination("designer").1, "other");
    assert_eq!(client.ask(request("hello")).await.unwrap().text, "one");
    let designer = Request { role: "designer".into(), ..request("hello") };
    assert_eq!(client.ask(designer).await.unwrap().text, "two");
    let body = two.body(0);
    assert_eq!(
        (&body["model"], &body["top_k"], &body["max_completion_tokens"]),
        (&"other".into(), &5.into(), &100.into())
    );
    assert!(body.get("max_tokens").is_none());
    assert_eq!(one.body(0)["max_tokens"], 100);
}
