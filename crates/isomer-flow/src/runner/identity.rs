//! Ids of items: the same inputs give the same ids, and so the same dataset.

use isomer_record::{Id, Seed, Stage};

use crate::flow::{FLOW, row};
use crate::pack::Pack;
use crate::stages::FlowSettings;

/// The address of a seed's content, whatever pack reads it: decides where the seed sorts.
pub(super) fn content_id(seed: &Seed) -> Id {
    let solution = seed.solution.as_deref();
    Id::derive([
        seed.statement.as_str(),
        if solution.is_some() { "solution" } else { "" },
        solution.unwrap_or_default(),
    ])
}

/// The id of a seed as an item. Content alone counts: the same problem under two names is one item.
pub fn seed_id(pack: &Pack, seed: &Seed) -> Id {
    let version = row(Stage::Decompose).version.to_string();
    let content = content_id(seed);
    Id::derive([Stage::Decompose.as_str(), &version, &pack.digest, content.as_str()])
}

/// The id of a blueprint and of the task it becomes: its seed's item, the number of seeds and the
/// run's seed (which together determine the references), the sample, and the settings that could
/// change what comes out.
pub fn blueprint_id(
    pack: &Pack,
    settings: &FlowSettings,
    seed: &Id,
    seeds: u64,
    sample: u32,
) -> Id {
    let versions: Vec<String> = FLOW.iter().map(|row| row.version.to_string()).collect();
    let near_misses = settings.near_misses.unwrap_or(pack.harden.near_misses);
    let numbers = [
        settings.seed,
        seeds,
        u64::from(sample),
        u64::from(settings.format_retries),
        u64::from(settings.repairs),
        u64::from(settings.harden_rounds),
        u64::from(near_misses),
    ]
    .map(|number| number.to_string());
    let sampling = format!("{:?}", settings.sampling);
    let head = [Stage::Recombine.as_str(), &pack.digest, seed.as_str(), &sampling];
    let numbers = numbers.iter().chain(&versions).map(String::as_str);
    Id::derive(head.into_iter().chain(numbers))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use isomer_record::{Id, Origin, Seed};

    use super::{blueprint_id, seed_id};
    use crate::pack::Pack;
    use crate::stages::FlowSettings;

    fn pack() -> Pack {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pipeline/pack");
        Pack::load(&folder).unwrap()
    }

    fn seed(id: &str, solution: Option<&str>) -> Seed {
        Seed {
            id: id.to_owned(),
            statement: "Add.".to_owned(),
            solution: solution.map(str::to_owned),
            origin: Origin { file: "a".to_owned(), row: 1 },
        }
    }

    #[test]
    fn a_seed_is_its_content() {
        let pack = pack();
        let id = seed_id(&pack, &seed("a", None));
        assert_eq!(id, seed_id(&pack, &seed("b", None)));
        assert_ne!(id, seed_id(&pack, &seed("a", Some(""))));
    }

    #[test]
    fn whatever_changes_the_task_changes_its_id() {
        let pack = pack();
        let (item, settings) = (Id::derive(["a"]), FlowSettings::default());
        let other = FlowSettings { harden_rounds: 1, ..settings.clone() };
        let reseeded = FlowSettings { seed: 1, ..settings.clone() };
        let ids = BTreeSet::from([
            blueprint_id(&pack, &settings, &item, 9, 0),
            blueprint_id(&pack, &settings, &item, 9, 1),
            blueprint_id(&pack, &settings, &item, 10, 0),
            blueprint_id(&pack, &settings, &Id::derive(["b"]), 9, 0),
            blueprint_id(&pack, &other, &item, 9, 0),
            blueprint_id(&pack, &reseeded, &item, 9, 0),
        ]);
        assert_eq!(ids.len(), 6);
    }
}
