//! Where programs run, and under which conditions.

use std::fs::File;
use std::sync::Arc;

use isomer_dataset::verify::Conditions;
use isomer_flow::pack::Pack;
use isomer_record::JudgeMode;

use super::gather::Gathered;
use crate::cli::{AnswerArgs, MeasureArgs, RunArgs};
use crate::commands::{Setting, conditions, python};
use crate::failure::Failure;
use crate::managed::Need;
use crate::settings::{Operation, SettingsFile};

/// What a task's pack asks for, by the pack's name.
pub(super) type ConditionsOf = Arc<dyn Fn(&str) -> Conditions + Send + Sync>;

/// The limits and libraries of every pack; others get the defaults.
pub(super) fn conditions(packs: &[Pack], args: &MeasureArgs) -> ConditionsOf {
    conditions::of_packs(packs, None, &args.programs.walls.packages, |limits| limits).into()
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
