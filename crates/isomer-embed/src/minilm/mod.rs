//! Sentence embeddings by BERT models of the MiniLM family, on the processor.

mod attention;
mod encoder;
mod folder;
mod layer;
mod model;
mod pointwise;
mod product;
mod tokens;
mod weights;

pub use model::MiniLm;
