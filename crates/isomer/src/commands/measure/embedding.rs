//! Texts as vectors, each computed or paid for once.

use std::path::Path;

use isomer_store::{Embeddings, StoreError, TextKey};

use crate::cli::MeasureArgs;
use crate::commands::Setting;
use crate::commands::embedder::{Source, Wanted};
use crate::failure::Failure;

/// Texts embedded and kept together: few enough that a kill loses little.
const BATCH: usize = 256;

/// An embedder with what it has embedded.
pub(super) struct Embedding {
    source: Source,
    /// Nothing is kept where computing again is as fast as reading.
    kept: Option<Embeddings>,
}

impl Embedding {
    /// Opens what `--embedder` names; vectors that are worth it are kept in `folder`.
    pub(super) fn open(
        args: &MeasureArgs,
        folder: &Path,
        setting: Setting<'_>,
    ) -> Result<Self, Failure> {
        let url = args.embedding_url.as_deref().or(args.target.base_url.as_deref());
        let wanted = Wanted {
            embedder: &args.embedder,
            model: args.embedding_model.as_deref(),
            url,
            last_url: None,
            config: args.programs.walls.config.as_deref(),
        };
        let source = Source::open(wanted, setting)?;
        let kept = if source.is_instant() {
            None
        } else {
            super::folder::make(folder)?;
            let path = folder.join("embeddings.db");
            Some(Embeddings::open(&path, source.name()).map_err(|error| failed(&error))?)
        };
        Ok(Self { source, kept })
    }

    /// The embedder's name, for records.
    pub(super) fn name(&self) -> &str {
        self.source.name()
    }

    /// One vector for each text.
    pub(super) async fn vectors(&mut self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Failure> {
        let Some(kept) = &mut self.kept else { return self.source.embed(texts).await };
        let key = |text: &&str| -> TextKey { *blake3::hash(text.as_bytes()).as_bytes() };
        let keys: Vec<TextKey> = texts.iter().map(key).collect();
        let mut missing: Vec<(TextKey, &str)> = Vec::new();
        for (key, text) in keys.iter().zip(texts) {
            if !kept.has(key).map_err(|error| failed(&error))? {
                missing.push((*key, text));
            }
        }
        missing.sort_unstable();
        missing.dedup();
        for batch in missing.chunks(BATCH) {
            let texts: Vec<&str> = batch.iter().map(|(_, text)| *text).collect();
            let vectors = self.source.embed(&texts).await?;
            let rows: Vec<_> = batch.iter().map(|(key, _)| *key).zip(vectors).collect();
            kept.add(&rows).map_err(|error| failed(&error))?;
        }
        keys.iter()
            .map(|key| {
                let mut vector = Vec::with_capacity(kept.dimensions());
                kept.append(key, &mut vector).map_err(|error| failed(&error))?;
                Ok(vector)
            })
            .collect()
    }
}

fn failed(error: &StoreError) -> Failure {
    Failure::because("failed to keep embeddings", error)
}
