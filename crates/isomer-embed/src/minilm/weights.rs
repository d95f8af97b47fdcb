//! Trained numbers out of a safetensors file.

use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors};

use super::folder::Folder;
use crate::error::EmbedError;

pub(super) const FILE: &str = "model.safetensors";

/// The tensors of a file.
pub(super) struct Weights<'a> {
    folder: &'a Folder,
    tensors: SafeTensors<'a>,
}

impl<'a> Weights<'a> {
    pub(super) fn parse(folder: &'a Folder, bytes: &'a [u8]) -> Result<Self, EmbedError> {
        let tensors = SafeTensors::deserialize(bytes)
            .map_err(|error| folder.malformed(FILE, error.to_string()))?;
        Ok(Self { folder, tensors })
    }

    /// The numbers of the tensor `name`, which must have this shape, row after row.
    pub(super) fn take(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EmbedError> {
        let malformed = |message| self.folder.malformed(FILE, message);
        let tensor = self
            .tensors
            .tensor(name)
            .map_err(|_| malformed(format!("it has no tensor `{name}`")))?;
        if tensor.shape() != shape {
            let found = tensor.shape();
            return Err(malformed(format!("`{name}` has shape {found:?} and not {shape:?}")));
        }
        let values: Vec<f32> = match tensor.dtype() {
            Dtype::F32 => convert(tensor.data(), f32::from_le_bytes),
            Dtype::F16 => convert(tensor.data(), |bytes| f16::from_le_bytes(bytes).to_f32()),
            Dtype::BF16 => convert(tensor.data(), |bytes| bf16::from_le_bytes(bytes).to_f32()),
            other => return Err(malformed(format!("`{name}` has numbers of type {other:?}"))),
        };
        if !values.iter().all(|value| value.is_finite()) {
            return Err(malformed(format!("`{name}` has numbers that are not finite")));
        }
        Ok(values)
    }
}

fn convert<const WIDTH: usize>(bytes: &[u8], number: impl Fn([u8; WIDTH]) -> f32) -> Vec<f32> {
    bytes.as_chunks::<WIDTH>().0.iter().map(|bytes| number(*bytes)).collect()
}
