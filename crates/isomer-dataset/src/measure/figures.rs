//! What is said of a whole dataset.

use std::collections::BTreeMap;

use isomer_measure::proportion::Proportion;
use serde::{Deserialize, Serialize};

/// All that was measured.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Measured {
    /// Tasks measured.
    pub tasks: u64,
    /// Rows that are no tasks.
    pub unusable: u64,
    /// What turned texts into vectors, if anything did.
    pub embedder: Option<String>,
    /// How far the tasks are from what is already there.
    pub originality: Originality,
    /// How far they are from each other.
    pub diversity: Diversity,
    /// How hard they are.
    pub difficulty: Difficulty,
    /// What their tests find.
    pub test_quality: TestQuality,
}

/// How one number is spread over tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// How many numbers.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    /// Least, 5 %, 25 %, 50 %, 75 %, 95 %, greatest; linear between neighbours.
    pub quantiles: [f64; 7],
    /// Lower end of the first bin.
    pub low: f64,
    /// Upper end of the last bin.
    pub high: f64,
    /// Numbers in each of twenty bins of equal width; what is outside counts in the nearest.
    pub bins: Vec<u64>,
}

/// Nearest neighbours in each named set.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Originality {
    /// One for each set, its own seeds first.
    pub against: Vec<Against>,
}

/// How close the tasks come to one set.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Against {
    /// What the user calls the set: `seeds`, or a path.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Cosine of each task to its nearest neighbour, from -1 to 1; needs an embedder.
    pub cosine: Option<Spread>,
    /// Largest share of a task's word 5-grams that one row of the set holds, from 0 to 1.
    pub containment: Option<Spread>,
    /// Largest Jaccard similarity of word 5-grams, from 0 to 1: exact of the row named, which is
    /// found by sketches where the set is large.
    pub jaccard: Option<Spread>,
    /// Largest Jaccard similarity of blinded syntax trees of solutions, from 0 to 1; needs
    /// solutions on both sides.
    pub syntax: Option<Spread>,
    /// The closest pairs by each measure, most alike first.
    pub closest: Vec<Closest>,
}

/// How two texts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Similarity {
    /// Cosine of embeddings of statements.
    Cosine,
    /// Containment of word n-grams of statements.
    Containment,
    /// Jaccard similarity of word shingles of statements.
    Jaccard,
    /// Jaccard similarity of blinded syntax trees of solutions.
    Syntax,
}

/// Two that are much alike.
#[derive(Clone, Debug, Serialize)]
pub struct Closest {
    /// By which measure.
    pub by: Similarity,
    /// How much.
    pub value: f64,
    /// The task's id.
    pub task: String,
    /// The other's id or place.
    pub other: String,
    /// What was compared, cut to 4,000 characters.
    pub task_text: String,
    /// What it was compared with, cut likewise.
    pub other_text: String,
}

/// How much the tasks differ.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Diversity {
    /// Each element of the schema, on the tasks in the sample.
    pub elements: Vec<ElementSpread>,
    /// Tasks in the sample that elements and map are computed on: all, or as many as fit, drawn by
    /// their ids.
    pub sampled: u64,
    /// Vendi score of the statements' embeddings (Friedman and Dieng, arXiv 2210.02410): the
    /// exponential of the entropy of the eigenvalues of their cosine matrix over n.
    pub vendi: Option<f64>,
    /// Tasks the Vendi score was computed on.
    pub vendi_tasks: u64,
    /// Mean of one minus cosine over pairs of different tasks.
    pub mean_distance: Option<f64>,
    /// Share of tasks that nearly repeat an earlier one.
    pub near_duplicates: Proportion,
    /// Jaccard similarity of shingles from which two count as near-duplicates.
    pub near_duplicate_from: f64,
    /// Library functions and builtins that solutions call, by the number of tasks, most common first.
    pub calls: Vec<Counted>,
    /// Types of syntax nodes in solutions, likewise.
    pub nodes: Vec<Counted>,
    /// Tags or strategies, likewise: words of the elements that more than one task has.
    pub tags: Vec<Counted>,
    /// Where each task is in the plane of the two principal components of its elements' embedding.
    pub map: Vec<Place>,
}

/// Values of one element.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ElementSpread {
    /// The element.
    pub name: String,
    /// Tasks that have it, in the sample or not.
    pub tasks: u64,
    /// Clusters of like values, as `schema measure` makes them.
    pub clusters: u64,
    /// Entropy of the clusters, in nats.
    pub entropy: f64,
    /// Its exponential: as many equally common values have this entropy.
    pub effective: f64,
}

/// How many tasks have something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// What.
    pub name: String,
    /// How many tasks.
    pub tasks: u64,
}

/// A task's place on the map.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Place {
    /// The task's id.
    pub task: String,
    /// First principal component, scaled to -1 to 1.
    pub x: f64,
    /// Second.
    pub y: f64,
    /// Cluster of its core element.
    pub cluster: u32,
    /// Value of its core element, cut to 160 characters.
    pub label: String,
}

/// How hard the tasks are.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Difficulty {
    /// What a model makes of them; nothing if none was asked.
    pub target: Option<Target>,
    /// What is known without asking: signs of difficulty, not difficulty.
    pub proxies: Proxies,
}

/// A model's success.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Target {
    /// Its name.
    pub model: String,
    /// True if its answers came from a recording.
    pub replayed: bool,
    /// Samples per task.
    pub samples: u32,
    /// Unbiased pass@k (Chen et al., arXiv 2107.03374), averaged over tasks, for k of 1, 2, 4, 8...
    /// up to the samples.
    pub pass_at: Vec<PassAt>,
    /// Share of samples that pass, per task.
    pub spread: Spread,
    /// Lower and upper end of the band that teaches.
    pub band: (f64, f64),
    /// Tasks whose share of passing samples lies within the band.
    pub inside: Proportion,
    /// Tasks for which all samples were judged.
    pub tasks: u64,
    /// Model calls, those of earlier starts included.
    pub calls: u64,
    /// Tokens asked with.
    pub prompt_tokens: u64,
    /// Tokens answered.
    pub completion_tokens: u64,
    /// What it cost in US dollars, where prices are known.
    pub cost_usd: Option<f64>,
    /// Mean share of pairs of a task's samples that answer differently on some test. Of two that
    /// fail first on the same test and answer the same there, nothing more is known: they agree.
    pub disagreement: Option<f64>,
    /// Samples by verdict, or by why there was nothing to judge.
    pub outcomes: BTreeMap<String, u64>,
    /// Samples that could not be had or judged, by no fault of the model.
    pub unjudged: u64,
    /// Tasks that nobody was asked about because no answer could be judged, by reason.
    pub unmeasured: Vec<Counted>,
}

/// pass@k of a dataset.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PassAt {
    /// k.
    pub k: u32,
    /// Mean over tasks.
    pub mean: f64,
    /// Lower end of its 95 % interval, by bootstrap over tasks.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Size and shape of reference solutions.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Proxies {
    /// Lines of code, without blank lines and comments.
    pub lines: Option<Spread>,
    /// Tokens.
    pub tokens: Option<Spread>,
    /// Cyclomatic complexity (McCabe 1976): decisions plus one.
    pub cyclomatic: Option<Spread>,
    /// Characters of the statement.
    pub statement: Option<Spread>,
}

/// What the tests find.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TestQuality {
    /// Tasks whose tests were run.
    pub tasks: u64,
    /// Tasks whose reference solution their own tests reject.
    pub reference_rejected: u64,
    /// Tasks that could not be run, by reason.
    pub unmeasured: Vec<Counted>,
    /// Tests per task.
    pub tests: Option<Spread>,
    /// Near-misses that are killed.
    pub near_misses: Proportion,
    /// Mutants that are killed, of those not equivalent.
    pub mutants: Proportion,
    /// Mutants that no generated input separates from the reference.
    pub equivalent: u64,
    /// Share of each task's mutants that are killed.
    pub mutant_kill_rates: Option<Spread>,
    /// Lines of references that the tests reach.
    pub lines: Proportion,
    /// Branches of references that the tests take.
    pub branches: Proportion,
    /// Labelled solutions, if some were given.
    pub pools: Option<Pools>,
}

/// Labelled solutions before the tests of their tasks.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pools {
    /// Share of right solutions that are accepted.
    pub true_positive: Proportion,
    /// Share of wrong solutions that are rejected.
    pub true_negative: Proportion,
}
