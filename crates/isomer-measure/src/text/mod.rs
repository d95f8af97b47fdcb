//! How much two texts share: shingles, MinHash signatures, bands, containment.
