//! Elements of a sample of tasks: how their values spread, and where each task lies among them.

use std::collections::BTreeMap;

use isomer_measure::cluster::{KMeans, Matrix};
use isomer_measure::information::corrected_entropy;
use isomer_measure::vectors::{Components, unit};

use super::sample::Sample;
use crate::measure::{ElementSpread, Place, Subject};

/// Tasks in the sample: more than a map can show, and enough for ten clusters.
const MOST_TASKS: usize = 10_000;

/// Numbers of all vectors in the sample, 4 bytes each. Long vectors make it smaller.
const MOST_NUMBERS: usize = 32 << 20;

/// Tasks that the plane of the map is laid through.
const PLANE: usize = 1_024;

/// Characters of a label.
const LABEL: usize = 160;

/// Seed of clusters. No setting: nobody should try until one pleases.
const SEED: u64 = 0;

/// Elements in the order of their first appearance, and a sample of tasks.
#[derive(Debug)]
pub(super) struct Elements {
    names: Vec<String>,
    /// Tasks that have each.
    tasks: Vec<u64>,
    sample: Sample<Sampled>,
}

/// What is kept of a task.
#[derive(Clone, Debug)]
struct Sampled {
    id: String,
    label: String,
    /// The core element, by its place among names.
    core: Option<usize>,
    /// Vectors of values, by element.
    values: BTreeMap<usize, Vec<f32>>,
    /// The mean direction of the values; of tasks without elements, that of the statement.
    point: Vec<f32>,
}

/// What is said of them.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) elements: Vec<ElementSpread>,
    pub(super) sampled: u64,
    pub(super) map: Vec<Place>,
}

impl Default for Elements {
    fn default() -> Self {
        Self { names: Vec::new(), tasks: Vec::new(), sample: Sample::new(MOST_TASKS) }
    }
}

impl Elements {
    /// Adds a task; `vector` is the unit vector of its statement, or empty.
    pub(super) fn add(&mut self, task: &Subject<'_>, vector: &[f32]) {
        let places: Vec<usize> = task.elements.iter().map(|one| self.place(one.name)).collect();
        for place in &places {
            self.tasks[*place] += 1;
        }
        let numbers: usize = task.elements.iter().map(|one| one.vector.len()).sum();
        self.sample.at_most(MOST_NUMBERS / (numbers + vector.len()).max(1));
        let names = &self.names;
        self.sample.offer(task.id, || {
            let core = task.core.and_then(|core| names.iter().position(|name| name == core));
            let value = task.elements.iter().find(|one| Some(one.name) == task.core);
            let first = task.statement.lines().find(|line| !line.trim().is_empty());
            let label = value.map_or(first.unwrap_or_default(), |one| one.value).trim();
            let vectors = places.iter().zip(task.elements.iter());
            let values: BTreeMap<usize, Vec<f32>> =
                vectors.filter_map(|(place, one)| Some((*place, unit(one.vector)?))).collect();
            let point = mean(values.values()).unwrap_or_else(|| vector.to_vec());
            let label = label.chars().take(LABEL).collect();
            Sampled { id: task.id.to_owned(), label, core, values, point }
        });
    }

    fn place(&mut self, name: &str) -> usize {
        self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.tasks.push(0);
            self.names.len() - 1
        })
    }

    pub(super) fn finish(self) -> Said {
        let sample = self.sample.finish();
        let mut said = Said { sampled: sample.len() as u64, ..Said::default() };
        let mut clusters: Vec<BTreeMap<usize, usize>> = Vec::new();
        for (place, (name, tasks)) in self.names.into_iter().zip(self.tasks).enumerate() {
            let of_task = labels(&sample, |task| task.values.get(&place));
            let labels: Vec<usize> = of_task.values().copied().collect();
            said.elements.push(spread(name, tasks, &labels));
            clusters.push(of_task);
        }
        let statements = labels(&sample, |task| task.core.is_none().then_some(&task.point));
        let cluster = |number: usize, task: &Sampled| {
            let of_task = task.core.map_or(&statements, |core| &clusters[core]);
            of_task.get(&number).copied().and_then(|label| u32::try_from(label).ok())
        };
        said.map = map(&sample, |number| cluster(number, &sample[number]).unwrap_or_default());
        said
    }
}

/// The direction of the sum of vectors of one length.
fn mean<'a>(vectors: impl Iterator<Item = &'a Vec<f32>>) -> Option<Vec<f32>> {
    let sum = vectors.fold(Vec::new(), |sum: Vec<f32>, vector| {
        if sum.is_empty() {
            return vector.clone();
        }
        sum.iter().zip(vector).map(|(one, other)| one + other).collect()
    });
    unit(&sum)
}

/// The cluster of each task that has a vector as long as the first one.
fn labels<'a>(
    sample: &'a [Sampled],
    vector: impl Fn(&'a Sampled) -> Option<&'a Vec<f32>>,
) -> BTreeMap<usize, usize> {
    let all = sample.iter().enumerate().filter_map(|(number, task)| Some((number, vector(task)?)));
    let (numbers, vectors): (Vec<usize>, Vec<&Vec<f32>>) =
        all.filter(|(_, vector)| !vector.is_empty()).unzip();
    let columns = vectors.first().map_or(0, |vector| vector.len());
    let rows: Vec<f32> = vectors.into_iter().flatten().copied().collect();
    let Ok(matrix) = Matrix::new(rows, columns) else { return BTreeMap::new() };
    let labels = KMeans::usual(matrix.rows(), SEED).run(&matrix).labels;
    numbers.into_iter().zip(labels).collect()
}

/// As `isomer schema measure` computes it: no more than the number of clusters allows, which the
/// correction knows nothing of.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn spread(name: String, tasks: u64, labels: &[usize]) -> ElementSpread {
    let clusters = labels.iter().max().map_or(0, |most| most + 1);
    let most = (clusters.max(1) as f64).ln();
    let entropy = corrected_entropy(labels).min(most);
    let effective = if clusters == 0 { 0.0 } else { entropy.exp() };
    ElementSpread { name, tasks, clusters: clusters as u64, entropy, effective }
}

/// Places in the plane in which a part of the sample differs most, on one scale.
fn map(sample: &[Sampled], cluster: impl Fn(usize) -> u32) -> Vec<Place> {
    let columns = sample.first().map_or(0, |task| task.point.len());
    let step = sample.len().div_ceil(PLANE).max(1);
    let some = sample.iter().step_by(step).flat_map(|task| task.point.iter());
    let plane = Components::of(&some.copied().collect::<Vec<_>>(), columns);
    let Some(plane) = plane else { return Vec::new() };
    let places: Vec<[f64; 2]> = sample.iter().map(|task| plane.place(&task.point)).collect();
    let widest = places.iter().flatten().fold(0.0_f64, |most, place| most.max(place.abs()));
    let scale = if widest > 0.0 { widest } else { 1.0 };
    let tasks = sample.iter().enumerate().zip(places);
    tasks
        .map(|((number, task), [x, y])| Place {
            task: task.id.clone(),
            x: x / scale,
            y: y / scale,
            cluster: cluster(number),
            label: task.label.clone(),
        })
        .collect()
}
