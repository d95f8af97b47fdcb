//! Reports of tasks that nobody made, with figures that nobody measured: for looking at the page.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use isomer_dataset::measure::{
    Against, Closest, Counted, Coverage, Difficulty, Diversity, ElementSpread, Measured, Mutants,
    Nearest, Originality, PassAt, Place, Proxies, Similarity, Size, Spread, Survivor, Target,
    TaskMeasures, TaskPasses, TestMatrix, TestQuality,
};
use isomer_measure::proportion::Proportion;
use isomer_record::TaskLine;
use isomer_report::{
    Bounds, Example, Figures, Head, Page, ReasonFacts, RunFacts, Spending, StageFacts, Written,
};
use serde_json::json;

/// What would run if anything of a task were taken for markup.
pub(crate) const HOSTILE: &str = "</script></style><img src=x onerror=\"window.owned=1\"><svg onload=\"window.owned=1\">\
    <script>window.owned=1</script><!-- ${window.owned=1} \u{202e}\u{2028} `*|";

/// Lines that programs share.
const REST: &str = "one = 1\ntwo = 2\nthree = 3\nfour = 4\nfive = 5\n";

/// Writes a report of `count` tasks; `words` are in every text of it.
pub(crate) fn write(file: &Path, count: usize, words: &str, bounds: Bounds) -> Written {
    let measured = measured(count, words);
    let runs = [run(words)];
    let sources = [format!("runs/{words}")];
    let title = format!("Sample {words}");
    let head = Head {
        title: &title,
        made_by: "isomer",
        measured: &measured,
        runs: &runs,
        sources: &sources,
    };
    let out = BufWriter::new(File::create(file).unwrap());
    let mut page = Page::begin(out, &head, bounds).unwrap();
    for number in 0..count {
        let of_task = measures(number, words);
        let figures = Figures {
            cosine: Some(share(number)),
            passes: Some(share(number / 2)),
            mutants: Some(share(number / 3)),
            coverage: Some(0.75),
            lines: Some(4),
            cyclomatic: Some(2),
            ..Figures::default()
        };
        page.task(&task(number, words), &of_task, figures).unwrap();
    }
    page.end().unwrap().0
}

/// Where the pictures and files of this test are kept to be looked at.
pub(crate) fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("report");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The id of a task.
pub(crate) fn id(number: usize, words: &str) -> String {
    format!("task-{number}{words}")
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn share(number: usize) -> f64 {
    (number % 11) as f64 / 10.0
}

fn spread(high: f64) -> Spread {
    let quantiles = [0.0, 0.1, 0.3, 0.5, 0.6, 0.8, 1.0].map(|part| part * high);
    let bins = (0..20).collect();
    Spread { count: 190, mean: 0.5 * high, quantiles, low: 0.0, high, bins }
}

fn task(number: usize, words: &str) -> TaskLine {
    let tests: Vec<String> = (0..12).map(|test| format!("{test} {words}\n")).collect();
    serde_json::from_value(json!({
        "id": id(number, words),
        "pack": format!("sample{words}"),
        "statement": format!("# Number {number} {words}\n\nAdd `a` and **b**, {words}.\n\n- one {words}\n- two\n\n```python\nadd(1, 2) == 3 # {words}\n```\nThe word of this one is w{number}w."),
        "judge_mode": "call",
        "fn_name": format!("add{words}"),
        "solution": format!("def add(a, b):\n    if a > b:  # {words}\n        return b + a\n    return a + b\n{REST}"),
        "generator": format!("def generate_tests(seed):\n    return {words:?}\n"),
        "tests": {"input": tests, "output": tests},
        "elements": {"Idea": format!("sums {words}"), (format!("Name {words}")): words},
        "core_elements": ["Idea"],
        "parents": [format!("seed {words}"), "another"],
        "near_misses": [
            {"code": format!("def add(a, b):\n    return a - b  # {words}\n"), "mistake": format!("the sign {words}"),
             "verdict_before": "accepted", "verdict_after": "wrong_answer", "status": "killed", "verdicts": vec!["wrong_answer"; 12]},
            {"code": format!("def add(a, b):\n    return b + a\n{REST}"), "mistake": words,
             "verdict_before": "accepted", "verdict_after": "accepted", "status": "survived", "verdicts": vec!["accepted"; 12]},
        ],
        "kill_rate_before": 0.0,
        "kill_rate_after": 0.5,
        "provenance": {"isomer": "0", "model": format!("model {words}"), "replayed": true, "pack_digest": words, "cost_usd": 0.01},
    }))
    .unwrap()
}

fn measures(number: usize, words: &str) -> TaskMeasures {
    let survivor = Survivor {
        line: 2,
        operator: format!("comparison{words}"),
        before: format!("a > b {words}"),
        after: "a >= b".to_owned(),
    };
    let by = Similarity::Cosine;
    TaskMeasures {
        id: id(number, words),
        nearest: vec![Nearest { set: 0, by, value: share(number), other: format!("seed {words}") }],
        size: Some(Size { lines: 4, tokens: 30, cyclomatic: 2 }),
        passes: Some(TaskPasses { samples: 8, passed: 3, low: 0.1, high: 0.7 }),
        matrix: Some(TestMatrix {
            tests: 12,
            rows: vec!["WAWRTMC-AAAA".to_owned(), "AAAAAAAAAAAA".to_owned()],
        }),
        mutants: Some(Mutants {
            made: 9,
            equivalent: 1,
            killed: 7,
            survivors: vec![survivor],
            ..Mutants::default()
        }),
        coverage: Some(Coverage {
            lines: 4,
            lines_reached: 3,
            branches: 2,
            branches_taken: 1,
            missed: vec![3],
        }),
    }
}

fn measured(count: usize, words: &str) -> Measured {
    let tasks = count as u64;
    let counted = |name: &str| Counted { name: format!("{name}{words}"), tasks: tasks / 2 };
    let pair = |by| Closest {
        by,
        value: 0.75,
        task: id(0, words),
        other: format!("seed {words}"),
        task_text: format!("Add the two numbers a and b. {words}"),
        other_text: format!("Multiply the two numbers a and c. {words}"),
    };
    let place = |number| Place {
        task: id(number, words),
        x: share(number).mul_add(1.8, -0.9),
        y: share(number / 11).mul_add(1.8, -0.9),
        cluster: u32::try_from(number % 9).unwrap(),
        label: format!("sums {words}"),
    };
    Measured {
        tasks,
        unusable: 1,
        embedder: Some(format!("hashing{words}")),
        originality: Originality {
            against: vec![Against {
                name: format!("seeds{words}"),
                rows: 12,
                cosine: Some(spread(1.0)),
                containment: Some(spread(1.0)),
                jaccard: None,
                syntax: Some(spread(1.0)),
                closest: vec![pair(Similarity::Cosine), pair(Similarity::Syntax)],
            }],
        },
        diversity: Diversity {
            elements: vec![ElementSpread {
                name: format!("Idea{words}"),
                tasks,
                clusters: 9,
                entropy: 1.5,
                effective: 4.48,
            }],
            vendi: Some(12.5),
            vendi_tasks: tasks,
            mean_distance: Some(0.6),
            sampled: tasks,
            near_duplicates: Proportion::of(1, tasks),
            near_duplicate_from: 0.7,
            calls: vec![counted("len")],
            nodes: vec![counted("call")],
            tags: vec![counted("sum")],
            map: (0..count.min(5000)).map(place).collect(),
        },
        difficulty: Difficulty {
            target: Some(Target {
                model: format!("target{words}"),
                replayed: true,
                samples: 8,
                pass_at: [1, 2, 4, 8].map(|k| PassAt { k, mean: 0.5, low: 0.4, high: 0.6 }).into(),
                spread: spread(1.0),
                band: (0.05, 0.8),
                inside: Proportion::of(tasks / 2, tasks),
                tasks,
                ..Target::default()
            }),
            proxies: Proxies { lines: Some(spread(40.0)), ..Proxies::default() },
        },
        test_quality: TestQuality {
            tasks,
            near_misses: Proportion::of(9, 10),
            mutants: Proportion::of(80, 90),
            mutant_kill_rates: Some(spread(1.0)),
            lines: Proportion::of(99, 100),
            unmeasured: vec![counted("no solution")],
            ..TestQuality::default()
        },
    }
}

fn run(words: &str) -> RunFacts {
    let example = Example {
        item: words.to_owned(),
        title: format!("A task {words}"),
        detail: words.to_owned(),
        evidence: vec![(words.to_owned(), words.to_owned())],
    };
    let reason =
        ReasonFacts { reason: format!("near_misses{words}"), count: 1, examples: vec![example] };
    let spent =
        Spending { calls: 9, prompt_tokens: 900, completion_tokens: 90, ..Spending::default() };
    let stage = StageFacts {
        stage: format!("harden{words}"),
        product: format!("hardened{words}"),
        kept: 9,
        dropped: 1,
        reasons: vec![reason],
        spent,
        work_ms: 900,
        ..StageFacts::default()
    };
    RunFacts {
        run: format!("runs/{words}"),
        state: "complete".to_owned(),
        pack: words.to_owned(),
        models: vec![words.to_owned()],
        replayed: true,
        seeds: Some(10),
        samples: 1,
        elapsed_ms: 1000,
        stages: vec![stage],
        spent,
        settings: vec![(words.to_owned(), words.to_owned())],
    }
}
