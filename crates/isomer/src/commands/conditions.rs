//! Limits and libraries of tasks, by the name of their pack.

use std::collections::BTreeMap;

use isomer_dataset::verify::Conditions;
use isomer_flow::pack::Pack;
use isomer_sandbox::Limits;

/// What every pack says, with the `packages` and `limits` of flags above it. Tasks of other packs are run
/// as those of `otherwise`, or by the defaults.
pub(super) fn of_packs(
    packs: &[Pack],
    otherwise: Option<&Pack>,
    packages: &[String],
    limits: impl Fn(Limits) -> Limits,
) -> Box<dyn Fn(&str) -> Conditions + Send + Sync> {
    let with_flags = |said: Limits, libraries: Vec<String>| Conditions {
        limits: limits(said),
        packages: libraries.into_iter().chain(packages.iter().cloned()).collect(),
    };
    let of = |pack: &Pack| {
        with_flags(pack.limits.solution.sandbox(), pack.libraries.values().cloned().collect())
    };
    let known: BTreeMap<String, Conditions> =
        packs.iter().map(|pack| (pack.name.clone(), of(pack))).collect();
    let otherwise = otherwise.map_or_else(|| with_flags(Limits::default(), Vec::new()), of);
    Box::new(move |pack| known.get(pack).unwrap_or(&otherwise).clone())
}
