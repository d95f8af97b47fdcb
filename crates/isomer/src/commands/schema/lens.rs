//! How texts become labels: embedded once, kept beside the run, clustered.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use isomer_measure::cluster::{KMeans, Matrix, usual_clusters};
use isomer_measure::schema::{Labels, Survey, SurveySettings, survey};
use isomer_store::{Embeddings, StoreError, TextKey};

use super::folder;
use crate::cli::LensArgs;
use crate::commands::Setting;
use crate::commands::embedder::{Source, Wanted};
use crate::failure::Failure;
use crate::output;
use crate::settings::RunFile;

/// Texts embedded and kept together: few enough that a kill loses little.
const BATCH: usize = 256;

/// How often progress is told.
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// Seed of clusters, permutations and resamples. No setting: nobody should try until one pleases.
const SEED: u64 = 0;

/// An embedder with its kept vectors.
pub(super) struct Lens {
    source: Source,
    kept: Embeddings,
    clusters: Option<u32>,
    quiet: bool,
    embedded: u64,
    told: Instant,
}

impl Lens {
    /// Opens the embedder and what it has embedded for this run.
    pub(super) fn open(
        run: &Path,
        args: &LensArgs,
        config: Option<&Path>,
        setting: Setting<'_>,
    ) -> Result<Self, Failure> {
        let run_file = RunFile::require(run)?;
        let wanted = Wanted {
            embedder: &args.embedder,
            model: args.embedding_model.as_deref(),
            url: args.embedding_url.as_deref(),
            last_url: Some(&run_file.base_url),
            config,
        };
        let source = Source::open(wanted, setting)?;
        let path = folder::make(run)?.join("embeddings.db");
        let kept = Embeddings::open(&path, source.name()).map_err(|error| store_failure(&error))?;
        Ok(Self {
            source,
            kept,
            clusters: args.clusters,
            quiet: setting.loudness.quiet,
            embedded: 0,
            told: Instant::now(),
        })
    }

    /// The embedder's name, for records.
    pub(super) fn name(&self) -> &str {
        self.source.name()
    }

    /// Clusters of so many items.
    pub(super) fn clusters(&self, items: usize) -> usize {
        self.clusters.map_or_else(|| usual_clusters(items), |clusters| clusters as usize).min(items)
    }

    /// Makes sure that each text's vector is kept, and returns the keys.
    pub(super) async fn keep(&mut self, texts: &[&str]) -> Result<Vec<TextKey>, Failure> {
        let keys: Vec<TextKey> =
            texts.iter().map(|text| *blake3::hash(text.as_bytes()).as_bytes()).collect();
        let mut seen = HashSet::new();
        let mut missing: Vec<(TextKey, &str)> = Vec::new();
        for (key, text) in keys.iter().zip(texts) {
            if seen.insert(key) && !self.kept.has(key).map_err(|error| store_failure(&error))? {
                missing.push((*key, text));
            }
        }
        for batch in missing.chunks(BATCH) {
            let texts: Vec<&str> = batch.iter().map(|(_, text)| *text).collect();
            let vectors = self.source.embed(&texts).await?;
            let rows: Vec<_> = batch.iter().map(|(key, _)| *key).zip(vectors).collect();
            self.kept.add(&rows).map_err(|error| store_failure(&error))?;
            self.tell(rows.len() as u64);
        }
        Ok(keys)
    }

    fn tell(&mut self, more: u64) {
        self.embedded += more;
        if !self.quiet && self.told.elapsed() >= TOLD_EVERY {
            self.told = Instant::now();
            output::note(&format!("embedded {} texts", self.embedded));
        }
    }

    /// The labels of texts whose vectors are kept.
    pub(super) fn labels(&self, keys: &[TextKey]) -> Result<Vec<usize>, Failure> {
        let mut numbers = Vec::with_capacity(keys.len() * self.kept.dimensions());
        for key in keys {
            if !self.kept.append(key, &mut numbers).map_err(|error| store_failure(&error))? {
                return Err(Failure::new("an embedding vanished while it was needed")
                    .help("does something else write to the run's `schema` folder?"));
            }
        }
        let matrix = Matrix::new(numbers, self.kept.dimensions())
            .map_err(|error| Failure::because("failed to cluster embeddings", &error))?;
        let settings =
            KMeans { clusters: self.clusters(keys.len()), ..KMeans::usual(keys.len(), SEED) };
        Ok(settings.run(&matrix).labels)
    }

    /// Labels and figures of one schema on a set of seeds.
    pub(super) fn measure(
        &self,
        problem: &[TextKey],
        elements: &[Vec<TextKey>],
    ) -> Result<Measured, Failure> {
        let problem = self.labels(problem)?;
        let elements =
            elements.iter().map(|keys| self.labels(keys)).collect::<Result<Vec<_>, _>>()?;
        let labels = Labels { problem: &problem, elements: &elements };
        let settings = SurveySettings { seed: SEED, ..SurveySettings::default() };
        let survey = survey(labels, self.clusters(problem.len()), settings);
        Ok(Measured { problem, elements, survey })
    }
}

/// A schema's labels and what they say.
pub(super) struct Measured {
    problem: Vec<usize>,
    elements: Vec<Vec<usize>>,
    /// The figures.
    pub(super) survey: Survey,
}

impl Measured {
    /// The labels.
    pub(super) fn labels(&self) -> Labels<'_> {
        Labels { problem: &self.problem, elements: &self.elements }
    }
}

pub(super) fn store_failure(error: &StoreError) -> Failure {
    Failure::because("failed to keep embeddings", error)
}
