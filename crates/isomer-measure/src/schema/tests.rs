//! Schemas whose worth is known.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::{Labels, Survey, SurveySettings, compare, enough_items, survey};
use crate::information::mutual_information;

const KINDS: usize = 6;

/// Labels of problems with two independent sides, and of elements made from them.
struct World {
    problem: Vec<usize>,
    story: Vec<usize>,
    idea: Vec<usize>,
    noise: Vec<usize>,
    constant: Vec<usize>,
}

fn world(items: usize, seed: u64) -> World {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let mut column = |kinds: usize| -> Vec<usize> {
        (0..items).map(|_| random.random_range(0..kinds)).collect()
    };
    let (story, idea, noise) = (column(3), column(2), column(KINDS));
    let problem = story.iter().zip(&idea).map(|(story, idea)| story * 2 + idea).collect();
    World { problem, story, idea, noise, constant: vec![0; items] }
}

fn measured(problem: &[usize], elements: &[Vec<usize>]) -> Survey {
    let settings = SurveySettings { permutations: 50, draws: 200, seed: 1 };
    survey(Labels { problem, elements }, KINDS, settings)
}

/// Whether `new` is better than `old` on the same items.
fn gain(problem: &[usize], old: &[Vec<usize>], new: &[Vec<usize>]) -> super::Comparison {
    let (before, after) = (measured(problem, old), measured(problem, new));
    let labels = |elements| Labels { problem, elements };
    compare((labels(old), &before), (labels(new), &after), 200, 1)
}

#[test]
fn parts_of_a_score_are_what_they_should_be() {
    let World { problem, story, idea, .. } = world(600, 1);
    let survey = measured(&problem, &[story, idea]);
    // Independent elements that make up the problem: it is covered, and nothing is shared.
    assert!((survey.score.coverage - 1.0).abs() < 0.02, "{:?}", survey.score);
    assert!(survey.score.sharing.abs() < 0.01, "{:?}", survey.score);
    let spread = f64::midpoint(3_f64.ln(), 2_f64.ln()) / 6_f64.ln();
    assert!((survey.score.spread - spread).abs() < 0.01, "{:?}", survey.score);
    let about = survey.about[0];
    assert!((about.value - 3_f64.ln()).abs() < 0.02 && about.is_significant(), "{about:?}");
    assert!(about.interval.low < about.value && about.value < about.interval.high);
    assert!(!survey.shared[0][1].unwrap().is_significant());
    assert_eq!(survey.shared[0][1], survey.shared[1][0]);
}

#[test]
fn what_independent_labels_show_is_chance() {
    // The original's matrix shows about a nat where there is none.
    let noise = |seed| world(120, seed).noise;
    let survey = measured(&noise(2), &[noise(3), noise(4)]);
    let given = survey.given[0][1].unwrap();
    assert!(given.plain > 0.4, "{given:?}");
    assert!(given.miller_madow > 0.1, "{given:?}");
    assert!(given.value.abs() < 0.1 && !given.is_significant(), "{given:?}");
    assert!(given.interval.low < 0.02, "{given:?}");
}

#[test]
fn better_schemas_are_better() {
    let World { problem, story, idea, noise, constant } = world(300, 3);
    let all = [story.clone(), idea.clone()];
    for (worse, name) in [
        (vec![story.clone(), noise.clone()], "an element that tells nothing"),
        (vec![story.clone(), story.clone()], "an element twice"),
        (vec![story.clone(), constant], "an element that never differs"),
        (vec![story.clone(), idea.clone(), story.clone()], "an element more, known already"),
    ] {
        let comparison = gain(&problem, &worse, &all);
        assert!(comparison.is_better(), "{name}: {comparison:?}");
        assert!(comparison.confidence > 0.97, "{name}: {comparison:?}");
        let back = gain(&problem, &all, &worse);
        assert!(back.interval.high < 0.0, "{name}: {back:?}");
    }
}

#[test]
fn schemas_that_differ_by_luck_alone_are_not_better() {
    let mut better = 0;
    for seed in 0..20 {
        let World { problem, story, noise, .. } = world(120, 100 + seed);
        let other = world(120, 900 + seed).noise;
        let comparison = gain(&problem, &[story.clone(), noise], &[story, other]);
        better += u32::from(comparison.is_better());
    }
    assert!(better <= 2, "{better} of 20");
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say() {
    // One in five labels is drawn anew: the truth comes from a world that is large enough.
    let told = |items: usize, seed: u64| {
        let World { problem, noise, .. } = world(items, seed);
        let mut random = Pcg64Mcg::seed_from_u64(seed + 5000);
        let element: Vec<usize> = problem
            .iter()
            .zip(noise)
            .map(|(label, other)| if random.random_range(0..5) == 0 { other } else { *label })
            .collect();
        (problem, element)
    };
    let (problem, element) = told(60_000, 1);
    let truth = mutual_information(&problem, &element);
    let held = (0..40).filter(|seed| {
        let (problem, element) = told(300, 10 + seed);
        let interval = measured(&problem, &[element]).about[0].interval;
        interval.low <= truth && truth <= interval.high
    });
    let held = held.count();
    assert!((33..=40).contains(&held), "{held} of 40");
}

#[test]
fn everything_repeats_and_names_of_labels_play_no_part() {
    let World { problem, story, noise, .. } = world(150, 4);
    let elements = [story.clone(), noise.clone()];
    let once = measured(&problem, &elements);
    assert_eq!(once, measured(&problem, &elements));
    let renamed = [story.iter().map(|label| 10 - label).collect(), noise];
    assert_eq!(once.score, measured(&problem, &renamed).score);
}

#[test]
fn few_items_still_give_figures() {
    for items in [0, 1, 4] {
        let World { problem, story, constant, .. } = world(items, 5);
        let survey = measured(&problem, &[story, constant]);
        assert!(survey.score.total.is_finite(), "{items}: {survey:?}");
    }
    assert!(enough_items(10) > 1000 && enough_items(2) < 50);
}
