//! Where programs run, and under which conditions.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

use isomer_dataset::verify::Conditions;
use isomer_flow::pack::Pack;
use isomer_record::JudgeMode;
use isomer_sandbox::Limits;

use super::gather::Gathered;
use crate::cli::{AnswerArgs, MeasureArgs, RunArgs};
use crate::commands::{Setting, python};
use crate::failure::Failure;
use crate::managed::Need;
use crate::settings::{Operation, SettingsFile};

/// What a task's pack asks for, by the pack's name.
pub(super) type ConditionsOf = Arc<dyn Fn(&str) -> Conditions + Send + Sync>;

/// The limits and libraries of every pack; others get the defaults.
pub(super) fn conditions(packs: &[Pack], args: &MeasureArgs) -> ConditionsOf {
    let with_flags = |limits: Limits, libraries: Vec<String>| Conditions {
        limits,
        packages: libraries
            .into_iter()
            .chain(args.programs.walls.packages.iter().cloned())
            .collect(),
    };
    let of = |pack: &Pack| {
        with_flags(pack.limits.solution.sandbox(), pack.libraries.values().cloned().collect())
    };
    let known: BTreeMap<String, Conditions> =
        packs.iter().map(|pack| (pack.name.clone(), of(pack))).collect();
    let otherwise = with_flags(Limits::default(), Vec::new());
    Arc::new(move |pack| known.get(pack).unwrap_or(&otherwise).clone())
}

/// What flags, environment and file say of sandbox and endpoint.
pub(super) fn operation(
    args: &MeasureArgs,
    file: &SettingsFile,
    setting: Setting<'_>,
) -> Operation {
    let wishes = RunArgs {
        answers: AnswerArgs {
            base_url: args.target.base_url.clone(),
            replay: args.target.replay.clone(),
            record: args.target.record.clone(),
        },
        budget_usd: args.target.budget_usd,
        jobs: args.target.jobs,
        ..args.programs.as_run()
    };
    Operation::merge(&wishes, setting.environment, file, None).for_target(setting.environment, file)
}

/// The Python that has what the tasks need.
pub(super) fn choose_python(
    packs: &[Pack],
    gathered: &Gathered,
    operation: &mut Operation,
    setting: Setting<'_>,
) -> Result<Option<File>, Failure> {
    let used = packs.iter().filter(|pack| gathered.packs.contains(&pack.name));
    let mut needs: Vec<Need> = used.map(Need::of).collect();
    if needs.iter().all(Need::is_empty) && gathered.modes.contains(&JudgeMode::Pytest) {
        needs.push(Need::of_test_files());
    }
    python::choose(&needs, operation, setting)
}
