//! Step 3: a blueprint becomes a complete task statement.

use isomer_record::{Blueprint, Design, DropReason, Id, JudgeMode};
use serde_json::json;

use super::{Cx, Exit, Item};
use crate::ask::ask;
use crate::pack::{DesignVars, Prompt};
use crate::reply;

/// Asks for a statement to `blueprint`, in one of the pack's judge modes.
pub async fn run(cx: &Cx, item: &Item, blueprint: Blueprint) -> Result<Design, Exit> {
    let judge_mode = judge_mode(&cx.pack.judge_modes, &blueprint.parents, item.sample);
    let vars = DesignVars {
        elements: &cx.pack.elements,
        blueprint: &blueprint.elements,
        core: &blueprint.core,
        judge_mode,
        limits: &cx.pack.limits,
        libraries: &cx.pack.library_names(),
    };
    let parse = |text: &str| reply::design(text, judge_mode);
    let design = ask(cx, item, Prompt::Design, &vars, parse).await?;
    let (length, fewest) =
        (design.statement.chars().count() as u64, cx.pack.limits.statement.min_chars);
    if length < fewest {
        let detail = format!("{length} characters, at least {fewest} are needed");
        return Err(Exit::dropped(DropReason::StatementTooShort, detail)
            .with_evidence(json!({ "statement": design.statement })));
    }
    Ok(design)
}

/// The mode a blueprint's task is judged by: balanced over many, always the same for one, and the
/// same whatever the pack's words are, so that a changed prompt alone moves no task to another mode.
fn judge_mode(modes: &[JudgeMode], parents: &[String], sample: u32) -> JudgeMode {
    let sample = sample.to_string();
    let origin = Id::derive(parents.iter().map(String::as_str).chain([sample.as_str()]));
    let drawn = origin.entropy().checked_rem(modes.len() as u64).unwrap_or(0);
    usize::try_from(drawn)
        .ok()
        .and_then(|index| modes.get(index))
        .copied()
        .unwrap_or(JudgeMode::Stdio)
}

#[cfg(test)]
mod tests {
    use isomer_record::JudgeMode;

    use super::judge_mode;

    #[test]
    fn modes_are_balanced_and_repeatable() {
        let modes = [JudgeMode::Stdio, JudgeMode::Call];
        let parents = ["a".to_owned(), "b".to_owned()];
        let drawn: Vec<JudgeMode> =
            (0..1000).map(|sample| judge_mode(&modes, &parents, sample)).collect();
        let calls = drawn.iter().filter(|mode| **mode == JudgeMode::Call).count();
        assert!((400..600).contains(&calls), "{calls}");
        assert_eq!(judge_mode(&modes, &parents, 0), drawn[0]);
    }
}
