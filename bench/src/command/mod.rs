//! One file per command.

pub(crate) mod all;
pub(crate) mod calls;
pub(crate) mod crash;
pub(crate) mod curate;
pub(crate) mod export;
pub(crate) mod memory;
pub(crate) mod rate;
pub(crate) mod sandbox;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod throughput;
