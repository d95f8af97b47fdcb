//! The page in a real browser: at the width of a desk and of a phone, by mouse and by keys, with
//! hostile words in every text, and with thousands of tasks.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test, and the lint spares only the tests themselves"
)]

mod chromium;
mod sample;

use std::time::{Duration, Instant};

use isomer_report::Bounds;
use serde_json::json;

use self::chromium::Browser;
use self::sample::{HOSTILE, folder, id, write};

const SIZES: [(&str, u32, u32); 2] = [("desk", 1280, 800), ("phone", 390, 844)];

/// A browser that shows a sample.
fn opened(name: &str, count: usize, words: &str) -> Option<Browser> {
    let mut browser = chromium::start()?;
    let file = folder().join(name);
    write(&file, count, words, Bounds::default());
    browser.open(&file);
    Some(browser)
}

fn expect_calm(browser: &Browser) {
    assert!(browser.complaints.is_empty(), "{:#?}", browser.complaints);
}

#[test]
fn nothing_is_wider_than_the_window_and_nothing_fails() {
    let Some(mut browser) = opened("sizes.html", 60, "") else { return };
    for (name, width, height) in SIZES {
        browser.resize(width, height);
        for place in ["summary", "tests", "tasks", "tasks/task-7"] {
            browser.go(place);
            browser.wait_for(
                "!location.hash.includes('task-') || document.querySelector('.task-page h2')",
            );
            assert_eq!(browser.overflow(), 0, "{place} at {width}");
            let picture = folder().join(format!("{name}-{}.png", place.replace('/', "-")));
            browser.picture(&picture);
            assert!(std::fs::metadata(picture).unwrap().len() > 10_000, "{place} is empty");
        }
    }
    expect_calm(&browser);
}

#[test]
fn tasks_are_found_sorted_and_opened_by_mouse_and_keys() {
    let Some(mut browser) = opened("tasks.html", 60, "") else { return };
    browser.resize(1280, 800);
    browser.press("/");
    browser.wait_for("document.activeElement.id === 'search'");
    // A word of one statement alone, which is packed until somebody searches.
    for letter in ["w", "4", "2", "w"] {
        browser.press(letter);
    }
    browser.wait_for("document.querySelector('#found').textContent === '1 of 60 tasks'");
    browser.press("Escape");
    browser.value("document.querySelector('.row').click()");
    browser.wait_for("document.querySelector('.task-page h2')?.textContent === 'Number 42'");
    assert_eq!(browser.value("document.querySelectorAll('.matrix tbody td').length"), json!(24));
    assert_eq!(browser.value("document.querySelectorAll('.line.missed').length"), json!(1));
    assert_eq!(browser.value("document.querySelectorAll('.survivor').length"), json!(1));
    let same = "document.querySelector('.line.unchanged').getBoundingClientRect().left";
    assert!(browser.value(same).as_f64().unwrap() > 0.0, "what is the same is counted in sight");
    assert_eq!(
        browser.value("document.querySelector('.near-miss .badge').textContent"),
        json!("▲ survived"),
        "what the tests miss is shown first"
    );
    browser.value("const box = document.querySelector('#search'); box.value = ''; box.dispatchEvent(new Event('input')); const sort = document.querySelector('[aria-label=\"Sort by\"]'); sort.value = 'cosine'; sort.dispatchEvent(new Event('change'));");
    let first = "document.querySelector('#list .row .row-value').textContent";
    assert_eq!(browser.value(first), json!("0"));
    browser.value("document.querySelector('[aria-label=\"Turn the order around\"]').click()");
    assert_eq!(browser.value(first), json!("1"));
    browser.go("tasks/task-5");
    browser.press("j");
    browser.wait_for("document.querySelector('.task-page h2')?.textContent !== 'Number 42'");
    browser.press("s");
    browser.wait_for("document.body.dataset.view === 'summary'");
    expect_calm(&browser);
}

#[test]
fn the_map_opens_what_is_clicked_and_walks_by_arrows() {
    let Some(mut browser) = opened("map.html", 60, "") else { return };
    browser.resize(1280, 800);
    browser.wait_for("document.querySelector('.map .task')");
    browser.value("document.querySelector('.map').scrollIntoView({block: 'center'})");
    let place = browser.value("(() => { const box = document.querySelectorAll('.map .task')[3].getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()");
    browser.click(place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
    browser.wait_for("document.querySelector('.task-page h2')?.textContent === 'Number 3'");
    browser.go("diversity");
    browser.value("document.querySelector('.map').focus()");
    browser.press("ArrowRight");
    browser.press("ArrowRight");
    browser.wait_for("document.querySelector('.map .here')");
    browser.press("Enter");
    browser.wait_for("document.body.dataset.view === 'tasks'");
    expect_calm(&browser);
}

#[test]
fn nothing_in_a_task_becomes_markup() {
    let Some(mut browser) = opened("hostile.html", 12, HOSTILE) else { return };
    for (_, width, height) in SIZES {
        browser.resize(width, height);
        browser.go("summary");
        browser
            .value("document.querySelectorAll('details').forEach((node) => { node.open = true; })");
        browser.value("document.querySelectorAll('[data-tip]').forEach((node) => node.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})))");
        assert_eq!(browser.overflow(), 0, "summary at {width}");
        browser.value(&format!(
            "location.hash = 'tasks/' + encodeURIComponent({})",
            json!(id(3, HOSTILE))
        ));
        browser.wait_for("document.querySelector('.task-page h2')");
        browser
            .value("document.querySelectorAll('details').forEach((node) => { node.open = true; })");
        assert_eq!(browser.overflow(), 0, "task at {width}");
    }
    assert_eq!(browser.value("typeof window.owned"), json!("undefined"));
    assert_eq!(browser.value("document.querySelectorAll('img, iframe, object, [onerror], [onload], a[href]:not([href^=\"#\"])').length"), json!(0));
    assert_eq!(browser.value("document.querySelectorAll('script:not([type])').length"), json!(1));
    assert_eq!(
        browser.value(
            "document.querySelector('.statement').textContent.includes('<img src=x onerror=')"
        ),
        json!(true),
        "it is shown as what it is"
    );
    assert_eq!(
        browser.value("document.body.innerText.includes('\\u202e')"),
        json!(false),
        "what turns text around is made visible"
    );
    expect_calm(&browser);
    // Even a mistake in the page's own script could not make markup of a text.
    for attempt in ["p.innerHTML = '<b>'", "p.setAttribute('onclick', 'window.owned = 1')"] {
        let tried = format!(
            "(() => {{ const p = document.createElement('p'); try {{ {attempt}; return 'done'; }} catch {{ return 'refused'; }} }})()"
        );
        assert_eq!(browser.value(&tried), json!("refused"), "{attempt}");
    }
}

#[test]
fn five_thousand_tasks_open_at_once() {
    let Some(mut browser) = chromium::start() else { return };
    let file = folder().join("large.html");
    let written = write(&file, 5000, "", Bounds::default());
    assert_eq!(written.whole, 5000);
    browser.resize(1280, 800);
    let start = Instant::now();
    browser.open(&file);
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    browser.go("tasks");
    assert!(browser.value("document.querySelectorAll('.row').length").as_u64().unwrap() < 60);
    browser
        .value("const list = document.querySelector('#list'); list.scrollTop = list.scrollHeight");
    browser.wait_for("[...document.querySelectorAll('.row-title')].some((node) => node.textContent === 'Number 4999')");
    // The longest time that the page does not answer while all statements are read.
    let longest = browser.value("new Promise((done) => { let [last, longest] = [performance.now(), 0]; const beat = () => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; if (document.querySelector('#found').textContent === '1 of 5 000 tasks'.replace(' 000', '\\u202f000')) done(longest); else setTimeout(beat); }; const box = document.querySelector('#search'); box.value = 'w4321w'; box.dispatchEvent(new Event('input')); beat(); })");
    assert!(longest.as_f64().unwrap() < 1000.0, "{longest} ms without an answer");
    expect_calm(&browser);
}

#[test]
fn what_was_left_out_is_said() {
    let Some(mut browser) = chromium::start() else { return };
    let file = folder().join("bounded.html");
    let bounds = Bounds { most_bytes: 260_000 };
    let written = write(&file, 3000, "", bounds);
    assert!(written.whole < written.listed && written.listed < written.tasks, "{written:?}");
    browser.open(&file);
    let note = browser.value("document.querySelector('.notes').innerText");
    assert!(note.as_str().unwrap().contains("can be opened here"), "{note}");
    browser.go(&format!("tasks/task-{}", written.listed - 1));
    browser
        .wait_for("document.querySelector('.detail .missing')?.textContent.includes('left out')");
    expect_calm(&browser);
}

#[test]
fn a_report_of_nothing_says_so() {
    let Some(mut browser) = chromium::start() else { return };
    let file = folder().join("nothing.html");
    let measured = isomer_dataset::measure::Measured::default();
    let head = isomer_report::Head {
        title: "Nothing",
        made_by: "isomer",
        measured: &measured,
        runs: &[],
        sources: &[],
    };
    let out = std::fs::File::create(&file).unwrap();
    isomer_report::Page::begin(out, &head, Bounds::default()).unwrap().end().unwrap();
    for (_, width, height) in SIZES {
        browser.resize(width, height);
        browser.open(&file);
        assert_eq!(browser.value("document.querySelectorAll('.missing').length"), json!(3));
        browser.go("tasks");
        assert_eq!(browser.overflow(), 0);
    }
    expect_calm(&browser);
}
