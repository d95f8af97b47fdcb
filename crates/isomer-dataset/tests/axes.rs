//! Originality and diversity of small datasets, held against what one can count by hand.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use isomer_dataset::measure::{
    DiversityMeter, ElementValue, KnownSet, KnownSetBuilder, MeasureError, OriginalityMeter, Shape,
    Similarity, Subject,
};
use isomer_embed::{Embedder, Hashing};
use isomer_syntax::Program;

/// A text of ten words, shared with others by its first ones.
fn statement(kept: usize, own: &str) -> String {
    let words =
        ["a", "keeper", "counts", "the", "ships", "that", "pass", "his", "lighthouse", "now"];
    let own = (kept..words.len()).map(|at| format!("{own}{at}"));
    words[..kept].iter().map(|word| (*word).to_owned()).chain(own).collect::<Vec<_>>().join(" ")
}

fn vector(text: &str) -> Vec<f32> {
    Hashing::new().embed(&[text]).unwrap().remove(0)
}

struct Row {
    id: String,
    statement: String,
    vector: Vec<f32>,
    solution: String,
    shape: Option<Shape>,
}

fn row(id: &str, statement: String, solution: &str) -> Row {
    Row {
        id: id.to_owned(),
        vector: vector(&statement),
        statement,
        shape: (!solution.is_empty())
            .then(|| Program::parse(solution))
            .flatten()
            .map(|program| Shape::of(&program)),
        solution: solution.to_owned(),
    }
}

impl Row {
    fn subject(&self) -> Subject<'_> {
        Subject {
            id: &self.id,
            statement: &self.statement,
            solution: &self.solution,
            shape: self.shape.as_ref(),
            vector: &self.vector,
            ..Subject::default()
        }
    }
}

fn set(name: &str, rows: &[Row]) -> KnownSet {
    let mut set = KnownSetBuilder::new(name, &std::env::temp_dir()).unwrap();
    for row in rows {
        set.add(&[row.subject()]).unwrap();
    }
    set.finish().unwrap()
}

const LOOP: &str = "total = 0\nfor line in open(0):\n    total += int(line)\nprint(total)\n";
const RENAMED: &str = "s = 7\nfor x in open(1):\n    s += int(x)\nprint(s)\n";
const OTHER: &str = "import heapq\nprint(heapq.nlargest(2, map(int, input().split())))\n";

#[test]
fn nearest_neighbours_are_found_by_each_measure() {
    let seeds = [
        row("far", "Sort coins by weight on a broken balance, please.".to_owned(), OTHER),
        row("half", statement(7, "x"), "def f(:"),
        row("near", statement(9, "y"), LOOP),
    ];
    let mut meter = OriginalityMeter::new(vec![set("seeds", &seeds), set("empty", &[])]);
    let task = row("task", statement(10, ""), RENAMED);
    let alone = row("alone", "Nothing of this is known.".to_owned(), "");
    let found = meter.add(&[task.subject(), alone.subject()]).unwrap();

    // Of the six runs of five words, the row with nine words kept holds five.
    let of = |by| found[0].iter().find(|nearest| nearest.by == by).unwrap();
    for (by, value) in [
        (Similarity::Containment, 5.0 / 6.0),
        (Similarity::Jaccard, 5.0 / 7.0),
        (Similarity::Syntax, 1.0),
    ] {
        assert_eq!((of(by).set, of(by).other.as_str()), (0, "near"), "{by:?}");
        assert!((of(by).value - value).abs() < 1e-12, "{by:?} {}", of(by).value);
    }
    let cosine = seeds.iter().map(|seed| {
        let pairs = seed.vector.iter().zip(&task.vector);
        pairs.map(|(one, other)| f64::from(*one) * f64::from(*other)).sum::<f64>()
    });
    assert!((of(Similarity::Cosine).value - cosine.fold(-1.0, f64::max)).abs() < 1e-6);
    // Where nothing is shared there is a value, and no neighbour.
    assert_eq!(found[1].iter().map(|nearest| nearest.by).collect::<Vec<_>>(), [Similarity::Cosine]);

    let [seeds, empty] = meter.finish().unwrap().against.try_into().unwrap();
    assert_eq!((seeds.name.as_str(), seeds.rows, empty.rows), ("seeds", 3, 0));
    assert!(empty.cosine.is_none() && empty.containment.is_none() && empty.closest.is_empty());
    let containment = seeds.containment.unwrap();
    assert_eq!((containment.count, containment.quantiles[0]), (2, 0.0));
    assert_eq!(seeds.syntax.unwrap().count, 1);
    let closest = &seeds.closest;
    assert!(closest.iter().all(|pair| pair.by == Similarity::Cosine || pair.task == "task"));
    let pair = closest.iter().find(|pair| pair.by == Similarity::Syntax).unwrap();
    assert_eq!((pair.task_text.as_str(), pair.other_text.as_str()), (RENAMED, LOOP));
    let pair = closest.iter().find(|pair| pair.by == Similarity::Jaccard).unwrap();
    assert_eq!((&pair.task_text, &pair.other_text), (&task.statement, &statement(9, "y")));
}

#[test]
fn vectors_that_make_no_sense_are_told() {
    let wrong = |vector: Vec<f32>| {
        let mut set = KnownSetBuilder::new("s", &std::env::temp_dir()).unwrap();
        let row = Subject { id: "a", vector: &[1.0, 0.0], ..Subject::default() };
        set.add(&[row]).unwrap();
        let mut meter = OriginalityMeter::new(vec![set.finish().unwrap()]);
        meter.add(&[Subject { id: "b", vector: &vector, ..Subject::default() }]).unwrap_err()
    };
    let error = wrong(vec![1.0; 3]);
    assert_eq!(error.to_string(), "the vector of `b` has 3 numbers, others have 2");
    for vector in [vec![0.0, 0.0], vec![f32::NAN, 1.0]] {
        let error = wrong(vector);
        assert!(matches!(error, MeasureError::Direction { .. }), "{error}");
    }
}

#[test]
fn diversity_is_what_one_counts() {
    let mut meter = DiversityMeter::new(&std::env::temp_dir()).unwrap();
    let ideas = ["binary search on the answer", "binary search, then a heap", "sweep the circle"];
    let rows: Vec<Row> = (0..30)
        .map(|number| {
            // Every tenth is the one before, in other letters.
            let text = match number % 10 {
                9 => statement(10, "").to_uppercase() + &format!(" {}", number - 1),
                _ => statement(10, "") + &format!(" {number}"),
            };
            let text =
                if number % 10 < 8 { format!("{number} {text} {number} ").repeat(3) } else { text };
            row(&number.to_string(), text, if number % 2 == 0 { LOOP } else { OTHER })
        })
        .collect();
    let vectors = ideas.map(vector);
    let values: Vec<[ElementValue<'_>; 1]> = (0..30)
        .map(|number| {
            let (value, vector) = (ideas[number % 3], vectors[number % 3].as_slice());
            [ElementValue { name: "Idea", value, vector }]
        })
        .collect();
    let subjects: Vec<Subject<'_>> = rows
        .iter()
        .zip(&values)
        .map(|(row, elements)| Subject { elements, core: Some("Idea"), ..row.subject() })
        .collect();
    for batch in subjects.chunks(7) {
        meter.add(batch).unwrap();
    }
    let found = meter.finish();
    assert_eq!(found.near_duplicates.of, 30);
    assert_eq!(found.near_duplicates.share, Some(5.0 / 30.0));
    let [idea] = found.elements.as_slice() else { panic!("{:?}", found.elements) };
    assert_eq!((idea.name.as_str(), idea.tasks, idea.clusters, found.sampled), ("Idea", 30, 3, 30));
    // Of three equally common values the correction would give more than three.
    assert!((idea.effective - 3.0).abs() < 1e-9 && (idea.entropy - 3.0_f64.ln()).abs() < 1e-9);
    assert_eq!(found.vendi_tasks, 30);
    assert!(found.vendi.unwrap() > 1.5 && found.vendi.unwrap() < 30.0);
    assert!((0.0..1.0).contains(&found.mean_distance.unwrap()));
    let tasks = |counted: &[isomer_dataset::measure::Counted], name: &str| {
        counted.iter().find(|one| one.name == name).map(|one| one.tasks)
    };
    assert_eq!(tasks(&found.tags, "binary search"), Some(20));
    assert_eq!(tasks(&found.tags, "sweep circle"), None);
    assert_eq!(tasks(&found.calls, "heapq.nlargest"), Some(15));
    assert_eq!(tasks(&found.calls, "print"), Some(30));
    assert_eq!(tasks(&found.nodes, "for_statement"), Some(15));
    assert_eq!(found.map.len(), 30);
    let (first, fourth) = (&found.map[0], &found.map[3]);
    assert_eq!((first.cluster, first.label.as_str()), (fourth.cluster, ideas[0]));
    assert!((first.x - fourth.x).abs() < 1e-9 && (first.y - fourth.y).abs() < 1e-9);
    assert_ne!(first.cluster, found.map[1].cluster);
    let widest = found.map.iter().flat_map(|place| [place.x.abs(), place.y.abs()]);
    assert!((widest.fold(0.0, f64::max) - 1.0).abs() < 1e-12);
}

#[test]
fn nothing_is_a_dataset_too() {
    let found = DiversityMeter::new(&std::env::temp_dir()).unwrap().finish();
    assert!(found.vendi.is_none() && found.mean_distance.is_none() && found.map.is_empty());
    let mut meter = DiversityMeter::new(&std::env::temp_dir()).unwrap();
    // A single task of other makers: no elements, no vector, no solution.
    meter.add(&[Subject { id: "a", statement: "Add.", ..Subject::default() }]).unwrap();
    let found = meter.finish();
    assert_eq!((found.near_duplicates.of, found.vendi, found.sampled), (1, None, 1));
}
