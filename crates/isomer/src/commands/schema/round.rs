//! One round: ask, apply, take apart, measure, decide.

use isomer_flow::pack::{ElementDefinition, Pack};
use isomer_flow::schema::{self, ElementFigures, Given, Proposal, ProposeVars, Refused};
use isomer_flow::stages::Exit as StageExit;
use isomer_measure::schema::{Comparison, Estimate, Survey, compare};
use isomer_record::Elements;
use isomer_store::{DecomposedSeed, TextKey};

use super::apart::{self, Asker};
use super::history::Log;
use super::lens::Lens;
use crate::failure::Failure;
use crate::output;
use crate::report::{Attempt, Decision, schema_number as number, schema_range as range};

/// Values of each element that the model sees.
const SHOWN_VALUES: usize = 5;

/// Characters of a value that it sees.
const SHOWN_OF_VALUE: usize = 240;

/// A schema that loses more than one seed in so many is worse, whatever it measures.
const LOST_ONE_IN: usize = 10;

/// Resamples of the comparison, and their seed.
const DRAWS: u32 = 1000;
const DRAWS_SEED: u64 = 0;

/// What a round works with.
pub(super) struct Round<'a> {
    pub(super) asker: &'a Asker<'a>,
    /// The run's pack.
    pub(super) pack: &'a Pack,
    pub(super) seeds: &'a [DecomposedSeed],
    pub(super) log: &'a Log,
}

/// The schema that is to be improved.
struct Parent<'a> {
    attempt: &'a Attempt,
    survey: &'a Survey,
    elements: Vec<Option<Elements>>,
}

impl Round<'_> {
    /// Runs the round; nothing of it counts before its attempt is in the log.
    pub(super) async fn run(&self, lens: &mut Lens) -> Result<Attempt, Failure> {
        let number = self.log.history.rounds() + 1;
        let parent = self.parent()?;
        self.tell(&format!("round {number}: asking for better elements"));
        let answer = self.ask(&parent).await;
        let proposals = match answer {
            Ok(proposals) => proposals,
            Err(StageExit::Dropped { detail, .. }) => {
                let why = format!("no answer could be read: {detail}");
                return Ok(attempt(number, &parent, why, Vec::new()));
            }
            Err(exit) => return Err(apart::failure(exit, self.asker.operation)),
        };
        let schema = match schema::apply(&parent.attempt.schema, &proposals) {
            Ok(schema) => schema,
            Err(error) => {
                let why = format!("the proposals give no schema: {error}");
                return Ok(attempt(number, &parent, why, proposals));
            }
        };
        if let Some(before) = self.log.history.attempts.iter().find(|one| one.schema == schema) {
            let why = format!("the proposals give version {} again", before.round);
            return Ok(attempt(number, &parent, why, proposals));
        }
        let mut attempt = attempt(number, &parent, String::new(), proposals);
        attempt.schema = schema;
        self.try_out(attempt, &parent, lens).await
    }

    fn parent(&self) -> Result<Parent<'_>, Failure> {
        let best = self.log.history.best();
        let found = best.and_then(|attempt| Some((attempt, attempt.survey.as_ref()?)));
        let Some((attempt, survey)) = found else {
            return Err(Failure::new("the history has no schema to improve"));
        };
        let elements = if attempt.round == 0 {
            self.seeds.iter().map(|one| Some(one.elements.clone())).collect()
        } else {
            self.log.read_decomposed(attempt.round)?
        };
        Ok(Parent { attempt, survey, elements })
    }

    async fn ask(&self, parent: &Parent<'_>) -> Result<Vec<Proposal>, StageExit> {
        let values: Vec<Vec<String>> = parent
            .attempt
            .schema
            .iter()
            .map(|element| shown(&parent.elements, &element.name))
            .collect();
        let mut vars = vars(self.pack, parent, &values);
        vars.refused = self.refused(parent.attempt.round);
        schema::propose(self.pack, self.asker.model, self.asker.settings, &vars).await
    }

    /// What was proposed for this parent before.
    fn refused(&self, parent: u32) -> Vec<Refused> {
        let before = self
            .log
            .history
            .attempts
            .iter()
            .filter(|one| one.parent == Some(parent) && one.decision != Decision::Kept);
        let refused = |one: &Attempt| Refused {
            proposals: serde_json::to_string(&one.proposals).unwrap_or_default(),
            why: one.why.clone(),
        };
        before.map(refused).collect()
    }

    /// Takes the seeds apart under the new schema, and measures both schemas where both could.
    async fn try_out(
        &self,
        mut attempt: Attempt,
        parent: &Parent<'_>,
        lens: &mut Lens,
    ) -> Result<Attempt, Failure> {
        let file = self.log.write_schema(attempt.round, &attempt.schema)?;
        let pack = match self.pack.clone().with_schema(&file) {
            Ok(pack) if pack.core.len() < pack.elements.len() => pack,
            Ok(_) => {
                attempt.why = "every element would be a core element".into();
                return Ok(attempt);
            }
            Err(error) => return Err(Failure::because("failed to load the new schema", &error)),
        };
        self.tell(&format!(
            "round {}: taking {} seeds apart by {} elements",
            attempt.round,
            self.seeds.len(),
            pack.elements.len()
        ));
        let elements = self.asker.take_apart(&pack, self.seeds).await?;
        let rows = self.seeds.iter().zip(&elements);
        self.log.write_decomposed(
            attempt.round,
            rows.map(|(one, elements)| (one.seed.id.as_str(), elements.as_ref())),
        )?;
        let mut both: Vec<(&DecomposedSeed, &Elements, &Elements)> = Vec::new();
        for ((seed, before), after) in self.seeds.iter().zip(&parent.elements).zip(&elements) {
            match (before, after) {
                (Some(before), Some(after)) => both.push((seed, before, after)),
                (Some(_), None) => attempt.lost += 1,
                (None, _) => {}
            }
        }
        if attempt.lost * LOST_ONE_IN > self.seeds.len() || both.len() < 4 {
            attempt.decision = Decision::Refused;
            attempt.why =
                format!("{} of {} seeds could not be taken apart", attempt.lost, self.seeds.len());
            return Ok(attempt);
        }
        decide(attempt, parent, &both, lens).await
    }

    fn tell(&self, text: &str) {
        if !self.asker.quiet {
            output::note(text);
        }
    }
}

/// An attempt that came to nothing, as long as nobody says otherwise.
fn attempt(number: u32, parent: &Parent<'_>, why: String, proposals: Vec<Proposal>) -> Attempt {
    Attempt {
        round: number,
        parent: Some(parent.attempt.round),
        decision: Decision::Unusable,
        why,
        proposals,
        schema: Vec::new(),
        lost: 0,
        survey: None,
        before: None,
        comparison: None,
    }
}

async fn decide(
    mut attempt: Attempt,
    parent: &Parent<'_>,
    both: &[(&DecomposedSeed, &Elements, &Elements)],
    lens: &mut Lens,
) -> Result<Attempt, Failure> {
    let seeds: Vec<&DecomposedSeed> = both.iter().map(|(seed, ..)| *seed).collect();
    let before: Vec<&Elements> = both.iter().map(|(_, before, _)| *before).collect();
    let after: Vec<&Elements> = both.iter().map(|(.., after)| *after).collect();
    let (problem, keys_before) = keys(lens, &parent.attempt.schema, &seeds, &before).await?;
    let (_, keys_after) = keys(lens, &attempt.schema, &seeds, &after).await?;
    let old = lens.measure(&problem, &keys_before)?;
    let new = lens.measure(&problem, &keys_after)?;
    let comparison =
        compare((old.labels(), &old.survey), (new.labels(), &new.survey), DRAWS, DRAWS_SEED);
    attempt.decision = if comparison.is_better() { Decision::Kept } else { Decision::Refused };
    attempt.why = verdict(&comparison, attempt.lost);
    attempt.before = Some(old.survey.score);
    attempt.survey = Some(new.survey);
    attempt.comparison = Some(comparison);
    Ok(attempt)
}

fn verdict(comparison: &Comparison, lost: usize) -> String {
    let Comparison { gain, interval, confidence } = comparison;
    let sign = if *gain > 0.0 { "+" } else { "" };
    let what = if comparison.is_better() {
        "better beyond doubt"
    } else if interval.high < 0.0 {
        "worse beyond doubt"
    } else {
        "no better beyond doubt"
    };
    let lost =
        if lost > 0 { format!("; {lost} seeds could not be taken apart") } else { String::new() };
    format!(
        "{what}: score {sign}{}, 95 % interval {}, better in {:.0} % of resamples{lost}",
        number(*gain),
        range(*interval),
        confidence * 100.0
    )
}

/// Embeds the texts of seeds and the values of a schema.
pub(super) async fn keys(
    lens: &mut Lens,
    schema: &[ElementDefinition],
    seeds: &[&DecomposedSeed],
    elements: &[&Elements],
) -> Result<(Vec<TextKey>, Vec<Vec<TextKey>>), Failure> {
    let statements: Vec<&str> = seeds.iter().map(|one| one.seed.statement.as_str()).collect();
    let problem = lens.keep(&statements).await?;
    let mut keys = Vec::with_capacity(schema.len());
    for element in schema {
        let values: Vec<&str> =
            elements.iter().map(|one| one.get(&element.name).unwrap_or_default()).collect();
        keys.push(lens.keep(&values).await?);
    }
    Ok((problem, keys))
}

fn shown(elements: &[Option<Elements>], name: &str) -> Vec<String> {
    let values = elements.iter().flatten().filter_map(|elements| elements.get(name));
    values
        .take(SHOWN_VALUES)
        .map(|value| {
            let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
            line.chars().take(SHOWN_OF_VALUE).collect()
        })
        .collect()
}

fn vars<'a>(pack: &'a Pack, parent: &'a Parent<'_>, values: &'a [Vec<String>]) -> ProposeVars<'a> {
    let survey = parent.survey;
    let schema = &parent.attempt.schema;
    #[expect(clippy::cast_precision_loss, reason = "clusters are few")]
    let most = (survey.clusters.max(2) as f64).ln();
    let cell = |cell: &Option<Estimate>| number(cell.map_or(0.0, |estimate| estimate.value));
    let others = |place: usize| {
        let others = schema.iter().enumerate().filter(move |(other, _)| *other != place);
        others
            .map(|(other, element)| Given {
                name: &element.name,
                given: cell(&survey.given[place][other]),
                shared: cell(&survey.shared[place][other]),
            })
            .collect()
    };
    let element = |(place, element): (usize, &'a ElementDefinition)| ElementFigures {
        name: &element.name,
        definition: &element.definition,
        entropy: number(survey.entropy[place].value / most),
        about: number(survey.about[place].value),
        others: others(place),
        values: values[place].iter().map(String::as_str).collect(),
    };
    ProposeVars {
        task_type: &pack.task_type,
        seeds: survey.items,
        elements: schema.iter().enumerate().map(element).collect(),
        spread: number(survey.score.spread),
        coverage: number(survey.score.coverage),
        sharing: number(survey.score.sharing),
        total: number(survey.score.total),
        refused: Vec::new(),
    }
}
