//! Schemas whose worth is known.
