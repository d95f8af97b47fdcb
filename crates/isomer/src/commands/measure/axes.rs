//! Originality, diversity and signs of difficulty: one pass over texts and sources, no program run.

use std::path::PathBuf;

use isomer_dataset::measure::difficulty::{ProxyMeter, size};
use isomer_dataset::measure::{
    Diversity, DiversityMeter, ElementValue, KnownSet, MeasureError, Originality, OriginalityMeter,
    Proxies, Shape, Size, Subject, Tasks,
};
use isomer_record::TaskLine;
use isomer_syntax::Program;
use rayon::prelude::*;

use super::each::{EachTask, EachTaskWriter, OfTask};
use super::embedding::Embedding;
use super::sets;
use crate::failure::Failure;

/// Tasks looked at together: enough to keep all threads busy, few enough to hold.
const BATCH: usize = 512;

/// What the pass found.
pub(super) struct Axes {
    pub(super) embedder: String,
    pub(super) originality: Originality,
    pub(super) diversity: Diversity,
    pub(super) proxies: Proxies,
    /// What is said of single tasks.
    pub(super) each: EachTask,
}

/// Goes over all tasks. Blocks, except where an endpoint embeds.
pub(super) async fn axes(
    datasets: &[PathBuf],
    against: &[PathBuf],
    tasks: &Tasks,
    embedding: &mut Embedding,
) -> Result<Axes, Failure> {
    let scratch = tempfile::env::temp_dir();
    let mut known: Vec<KnownSet> = Vec::new();
    known.extend(sets::seeds(datasets, &scratch, embedding).await?);
    for path in against {
        known.push(sets::named(path, &scratch, embedding).await?);
    }
    let mut originality = OriginalityMeter::new(known);
    let mut diversity = DiversityMeter::new(&scratch).map_err(|error| failed(&error))?;
    let mut proxies = ProxyMeter::default();
    let mut each = EachTaskWriter::new(&scratch)?;
    let mut batch = Vec::with_capacity(BATCH);
    let mut lines = tasks.iter();
    loop {
        let line = lines.next().transpose();
        let line = line.map_err(|error| Failure::because("failed to read a task again", &error))?;
        let ended = line.is_none();
        batch.extend(line);
        if batch.len() < BATCH && !ended {
            continue;
        }
        let found = Batch::of(&batch, embedding).await?;
        let elements = found.elements();
        let subjects = found.subjects(&elements);
        let nearest = originality.add(&subjects).map_err(|error| failed(&error))?;
        diversity.add(&subjects).map_err(|error| failed(&error))?;
        for ((line, nearest), size) in found.lines.iter().zip(nearest).zip(&found.sizes) {
            proxies.add(line, *size);
            each.add(&OfTask { nearest, size: *size })?;
        }
        if ended {
            break;
        }
        drop(subjects);
        drop(elements);
        drop(found);
        batch.clear();
    }
    Ok(Axes {
        embedder: embedding.name().to_owned(),
        originality: originality.finish().map_err(|error| failed(&error))?,
        diversity: diversity.finish(),
        proxies: proxies.finish(),
        each: each.finish()?,
    })
}

/// Tasks with all that is compared of them.
struct Batch<'a> {
    lines: &'a [TaskLine],
    shapes: Vec<Option<Shape>>,
    sizes: Vec<Option<Size>>,
    statements: Vec<Vec<f32>>,
    /// Vectors of the elements' values, task by task.
    values: Vec<Vec<f32>>,
}

impl<'a> Batch<'a> {
    async fn of(lines: &'a [TaskLine], embedding: &mut Embedding) -> Result<Self, Failure> {
        let (shapes, sizes) = lines.par_iter().map(|line| program(&line.solution)).unzip();
        let texts: Vec<&str> = lines.iter().map(|line| line.statement.as_str()).collect();
        let statements = embedding.vectors(&texts).await?;
        let texts: Vec<&str> =
            lines.iter().flat_map(|line| line.elements.iter().map(|(_, value)| value)).collect();
        let values = embedding.vectors(&texts).await?;
        Ok(Self { lines, shapes, sizes, statements, values })
    }

    fn elements(&self) -> Vec<Vec<ElementValue<'_>>> {
        let mut vectors = self.values.iter();
        let element = |(name, value), vector| ElementValue { name, value, vector };
        self.lines
            .iter()
            .map(|line| {
                let own = line.elements.iter().zip(vectors.by_ref().take(line.elements.0.len()));
                own.map(|(one, vector)| element(one, vector.as_slice())).collect()
            })
            .collect()
    }

    fn subjects<'b>(&'b self, elements: &'b [Vec<ElementValue<'b>>]) -> Vec<Subject<'b>> {
        let subject = |(index, line): (usize, &'b TaskLine)| Subject {
            id: &line.id,
            statement: &line.statement,
            solution: &line.solution,
            shape: self.shapes[index].as_ref(),
            vector: &self.statements[index],
            elements: &elements[index],
            core: line.core_element.as_deref(),
        };
        self.lines.iter().enumerate().map(subject).collect()
    }
}

/// What a solution is made of, and how large it is; nothing of what is no Python.
pub(super) fn program(solution: &str) -> (Option<Shape>, Option<Size>) {
    if solution.trim().is_empty() {
        return (None, None);
    }
    let program = Program::parse(solution);
    let program = program.as_ref();
    (program.map(Shape::of), program.map(size))
}

pub(super) fn failed(error: &MeasureError) -> Failure {
    Failure::because("failed to compare texts", error)
}
