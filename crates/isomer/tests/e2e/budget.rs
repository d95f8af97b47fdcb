//! A budget stops before the call that would cross it, and a larger one goes on.

use crate::support::{Place, complete, finish, quick};

#[test]
fn tokens_are_never_overspent() {
    let place = Place::new(8);
    let mock = quick();
    let limit = 40_000_u64;
    let measured = finish(&mut place.run("out", &mock, &["--budget-tokens", &limit.to_string()]));
    assert_eq!(measured.status.code(), Some(3), "{}", measured.stderr);
    assert!(measured.stderr.contains("budget"), "{}", measured.stderr);
    let paid = mock.stats().answered;
    assert!(paid > 2, "{paid} calls");
    assert!(spent(&place) <= limit, "{} of {limit} tokens", spent(&place));
    complete(&mut place.run("out", &mock, &["--budget-tokens", "100000000"]));
    assert_eq!(mock.stats().answered_again, 0);
    assert!(!place.tasks("out").is_empty());
}

fn spent(place: &Place) -> u64 {
    let status = place.status("out");
    let tokens = |name: &str| status["spent"][name].as_u64().unwrap_or_else(|| panic!("{status}"));
    tokens("prompt_tokens") + tokens("completion_tokens")
}

#[test]
fn dollars_are_never_overspent() {
    let place = Place::new(8);
    let settings = std::fs::read_to_string(place.path("isomer.toml")).unwrap();
    let priced = format!("{settings}\n[prices.mock]\nprompt = 10.0\ncompletion = 20.0\n");
    std::fs::write(place.path("isomer.toml"), priced).unwrap();
    let mock = quick();
    let measured = finish(&mut place.run("out", &mock, &["--budget-usd", "0.5"]));
    assert_eq!(measured.status.code(), Some(3), "{}", measured.stderr);
    let status = place.status("out");
    let cost = status["spent"]["cost_usd"].as_f64().unwrap_or_else(|| panic!("{status}"));
    assert!(0.0 < cost && cost <= 0.5, "{cost}");
    complete(&mut place.run("out", &mock, &["--budget-usd", "500"]));
    assert_eq!(mock.stats().answered_again, 0);
}
