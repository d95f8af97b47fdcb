//! `status` and `show` on runs that live, were killed, or are complete.

use isomer_bench::process::Watched;
use serde_json::{Value, json};

use crate::support::{Place, complete, finish, quick, slow, wait_for_requests};

#[test]
fn a_live_and_a_killed_run_can_be_looked_at() {
    let place = Place::new(8);
    let mock = slow(300);
    let process = Watched::start(&mut place.run("out", &mock, &["--jobs", "4"])).unwrap();
    wait_for_requests(&mock, 9);
    look(&place);
    process.kill().unwrap();
    look(&place);
    // Looking must not have changed what a resume finds.
    complete(&mut place.run("out", &quick(), &[]));
    look(&place);
}

fn look(place: &Place) {
    let status = place.status("out");
    assert!(status["spent"]["calls"].as_u64().is_some_and(|calls| calls > 0), "{status}");
    let text = complete(place.isomer().args(["status", "out"])).stdout;
    assert!(text.contains("decompose") || text.contains("seeds"), "{text}");
    complete(place.isomer().args(["show", "out"]));
}

#[test]
fn a_task_is_found_by_the_beginning_of_its_id_and_by_its_seed() {
    let place = Place::new(6);
    complete(&mut place.run("out", &quick(), &[]));
    let tasks = place.tasks("out");
    let (id, seed) = (tasks[0]["id"].as_str().unwrap(), tasks[0]["parents"][0].as_str().unwrap());
    let whole = complete(place.isomer().args(["show", "out", &id[..10]])).stdout;
    assert!(whole.contains(tasks[0]["statement"].as_str().unwrap().lines().next().unwrap()));
    let made = complete(place.isomer().args(["show", "out", seed])).stdout;
    assert!(made.contains(&id[..8]), "{made}");
    let json = complete(place.isomer().args(["show", "out", id, "--json"])).stdout;
    serde_json::from_str::<Value>(&json).unwrap();
}

#[test]
fn figures_for_programs_stand_alone_on_standard_output() {
    let place = Place::new(6);
    complete(&mut place.run("out", &quick(), &["--json"]));
    let solution = |task: &Value| json!({"task_id": task["id"], "code": task["solution"]});
    let rows: Vec<String> = place.tasks("out").iter().map(|t| solution(t).to_string()).collect();
    std::fs::write(place.path("solutions.jsonl"), rows.join("\n")).unwrap();
    for line in [
        "run -o out --base-url http://127.0.0.1:9/v1",
        "status out",
        "show out",
        "schema measure out",
        "measure out --no-run",
        "measure out --no-run --report report.html",
        "curate out -o curated.jsonl",
        "verify out --solutions solutions.jsonl",
        "export out --format jsonl -o exported.jsonl",
        "pack list",
    ] {
        let said = complete(place.isomer().args(line.split(' ')).arg("--json")).stdout;
        serde_json::from_str::<Value>(&said).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}

#[test]
fn what_is_no_run_and_no_item_is_said() {
    let place = Place::new(6);
    let none = finish(place.isomer().args(["status", "nothing-here"]));
    assert_ne!(none.status.code(), Some(0));
    assert!(none.stderr.contains("nothing-here"), "{}", none.stderr);
    complete(&mut place.run("out", &quick(), &[]));
    let item = finish(place.isomer().args(["show", "out", "no-such-item"]));
    assert_ne!(item.status.code(), Some(0));
    assert!(item.stderr.contains("no-such-item"), "{}", item.stderr);
}
