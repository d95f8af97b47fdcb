//! k-means on rows whose clusters are known.
