//! The schemas that were tried for a run, and what became of them.

use isomer_flow::pack::ElementDefinition;
use isomer_flow::schema::{Change, Proposal};
use isomer_measure::schema::{Comparison, Score, Survey};
use serde::{Deserialize, Serialize};

use super::numbers::plural;
use super::schema::{schema_number, schema_range};
use super::wrap::prose;
use crate::output::Paint;

/// What all versions of a run were measured with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Terms {
    /// The pack's name.
    pub(crate) pack: String,
    /// Its digest with the run's own schema.
    pub(crate) pack_digest: String,
    /// What embedded the texts.
    pub(crate) embedder: String,
    /// Clusters asked for, if they were.
    pub(crate) clusters: Option<u32>,
    /// Positions of the seeds in the run.
    pub(crate) sample: Vec<u64>,
}

/// What became of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decision {
    /// The run's own schema.
    Start,
    /// Better than the best before.
    Kept,
    /// Measured, and not better.
    Refused,
    /// Never measured: no readable proposals, or none that give a schema.
    Unusable,
}

/// One version, or one try to get one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Attempt {
    /// The round, which is also the version's number; 0 is the run's own schema.
    pub(crate) round: u32,
    /// The version that was to be improved.
    pub(crate) parent: Option<u32>,
    /// What became of it.
    pub(crate) decision: Decision,
    /// Why.
    pub(crate) why: String,
    /// What the model proposed.
    pub(crate) proposals: Vec<Proposal>,
    /// The schema; empty if there is none.
    pub(crate) schema: Vec<ElementDefinition>,
    /// Seeds that its parent could take apart and it could not.
    pub(crate) lost: usize,
    /// The figures.
    pub(crate) survey: Option<Survey>,
    /// The parent's score on the same seeds.
    pub(crate) before: Option<Score>,
    /// Against the parent.
    pub(crate) comparison: Option<Comparison>,
}

/// All that was tried for a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct History {
    /// The run's folder.
    pub(crate) run: String,
    /// What everything was measured with.
    pub(crate) terms: Terms,
    /// The attempts in order.
    pub(crate) attempts: Vec<Attempt>,
}

impl History {
    /// The version that is best so far.
    pub(crate) fn best(&self) -> Option<&Attempt> {
        let kept =
            |attempt: &&Attempt| matches!(attempt.decision, Decision::Kept | Decision::Start);
        self.attempts.iter().rev().find(kept)
    }

    /// Rounds that are over.
    pub(crate) fn rounds(&self) -> u32 {
        self.attempts.last().map_or(0, |attempt| attempt.round)
    }
}

/// The whole history; 80 columns.
pub(crate) fn schema_history(history: &History, paint: Paint) -> String {
    let mut text = format!(
        "{} pack {}, {}, embedder {}\n\n{}\n",
        paint.bold(&history.run),
        history.terms.pack,
        plural(history.terms.sample.len() as u64, "seed"),
        history.terms.embedder,
        paint.bold(&format!(
            "{:<8}{:<10}{:>9}{:>7}{:>14}{:>9}{:>10}{:>9}",
            "version", "", "elements", "score", "95 %", "spread", "coverage", "sharing"
        ))
    );
    for attempt in &history.attempts {
        text.push_str(&row(attempt, paint));
    }
    for attempt in history.attempts.iter().skip(1) {
        text.push_str(&story(attempt, paint));
    }
    text.push_str(&ending(history, paint));
    text
}

fn row(attempt: &Attempt, paint: Paint) -> String {
    let (word, colour): (_, fn(Paint, &str) -> String) = match attempt.decision {
        Decision::Start => ("the run's", |paint, text| paint.dim(text)),
        Decision::Kept => ("kept", |paint, text| paint.good(text)),
        Decision::Refused => ("refused", |paint, text| paint.warn(text)),
        Decision::Unusable => ("unusable", |paint, text| paint.warn(text)),
    };
    let word = colour(paint, &format!("{word:<10}"));
    let Some(survey) = &attempt.survey else {
        return format!("{}\n", format!("{:<8}{word}", attempt.round).trim_end());
    };
    format!(
        "{:<8}{word}{:>9}{:>7}{:>14}{:>9}{:>10}{:>9}\n",
        attempt.round,
        attempt.schema.len(),
        schema_number(survey.score.total),
        schema_range(survey.score_interval),
        schema_number(survey.score.spread),
        schema_number(survey.score.coverage),
        schema_number(survey.score.sharing)
    )
}

fn story(attempt: &Attempt, paint: Paint) -> String {
    let parent = attempt.parent.unwrap_or_default();
    let mut text =
        format!("\n{}\n", paint.bold(&format!("version {} from {parent}", attempt.round)));
    for proposal in &attempt.proposals {
        let words = format!("{}: {}", change(&proposal.change), proposal.rationale);
        text.push_str(&prose(&words, usize::MAX));
    }
    text.push_str(&prose(&attempt.why, usize::MAX));
    text
}

fn change(change: &Change) -> String {
    match change {
        Change::Add(element) => format!("add `{}`", element.name),
        Change::Remove { element } => format!("remove `{element}`"),
        Change::Merge { elements, into } => {
            format!("merge `{}` into `{}`", elements.join("`, `"), into.name)
        }
        Change::Split { element, into } => {
            let names: Vec<&str> = into.iter().map(|element| element.name.as_str()).collect();
            format!("split `{element}` into `{}`", names.join("`, `"))
        }
        Change::Refine { element, into } if *element == into.name => format!("refine `{element}`"),
        Change::Refine { element, into } => format!("refine `{element}` as `{}`", into.name),
    }
}

fn ending(history: &History, paint: Paint) -> String {
    let Some(best) = history.best() else { return String::new() };
    let file = format!("{}/schema/versions/{}.json", history.run, best.round);
    if best.round == 0 {
        return format!("\n{} the run's own schema, {file}\n", paint.bold("best:"));
    }
    format!(
        "\n{} version {}, {file}\nuse it: isomer run SEEDS -o NEW --schema {file}\n",
        paint.bold("best:"),
        best.round
    )
}

#[cfg(test)]
mod tests {
    use isomer_flow::pack::ElementDefinition;
    use isomer_flow::schema::{Change, Proposal};
    use isomer_measure::information::Interval;
    use isomer_measure::schema::{Comparison, Score};

    use super::{Attempt, Decision, History, Terms, schema_history};
    use crate::output::Paint;
    use crate::report::schema::tests::measurement;

    fn attempt(round: u32, decision: Decision, change: Change) -> Attempt {
        let element =
            |name: &str| ElementDefinition { name: name.to_owned(), definition: "d".to_owned() };
        let comparison = Comparison {
            gain: 0.12,
            interval: Interval { low: 0.03, high: 0.21 },
            confidence: 0.994,
        };
        Attempt {
            round,
            parent: round.checked_sub(1),
            decision,
            why: "better beyond doubt: score +0.12, 95 % interval 0.03–0.21, better in 99 % of \
                  resamples"
                .to_owned(),
            proposals: vec![Proposal {
                change,
                rationale: "its values hardly differ, and what they say the story says too"
                    .to_owned(),
            }],
            schema: ["Idea", "Story"].map(element).to_vec(),
            lost: 0,
            survey: (decision != Decision::Unusable).then(|| measurement().survey),
            before: Some(Score::default()),
            comparison: Some(comparison),
        }
    }

    #[test]
    fn every_attempt_has_a_row_and_a_reason() {
        let element =
            |name: &str| ElementDefinition { name: name.to_owned(), definition: "d".to_owned() };
        let remove = |name: &str| Change::Remove { element: name.to_owned() };
        let merge = Change::Merge {
            elements: vec!["Idea".to_owned(), "Difficulty".to_owned()],
            into: element("Insight"),
        };
        let split = Change::Split {
            element: "Idea".to_owned(),
            into: vec![element("Technique"), element("Invariant")],
        };
        let history = History {
            run: "runs/first".to_owned(),
            terms: Terms {
                pack: "algorithm".to_owned(),
                pack_digest: "abc".to_owned(),
                embedder: "hashing-256".to_owned(),
                clusters: None,
                sample: vec![0; 200],
            },
            attempts: vec![
                attempt(0, Decision::Start, remove("")),
                attempt(1, Decision::Kept, merge),
                attempt(2, Decision::Refused, split),
                attempt(3, Decision::Unusable, remove("Stroy")),
            ],
        };
        assert_eq!((history.best().unwrap().round, history.rounds()), (1, 3));
        insta::assert_snapshot!(schema_history(&history, Paint::default()));
    }
}
