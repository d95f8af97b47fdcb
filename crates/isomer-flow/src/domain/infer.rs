//! Asks a model for the elements of a domain.

use isomer_model::{Message, Model, ModelError, Purpose, Request, Sampling};
use isomer_record::Seed;
use serde::Serialize;

use super::proposal::{self, Proposal};
use super::template::{self, TemplateError};

/// Examples that are shown to the model; more cost tokens and add little.
pub const MOST_EXAMPLES: usize = 10;

/// Fewest examples: with two, whatever differs looks like an element.
const FEWEST_EXAMPLES: usize = 3;

/// Characters of a statement or solution that are shown: examples are to give an idea.
const SHOWN: usize = 4000;

/// Times the question is asked again when the answer cannot be used.
const RETRIES: u32 = 2;

const CUT_OFF: &str = "It was cut off because it was too long; be much briefer.";

/// Who is asked: the role that will use the schema first.
const ROLE: &str = "decomposer";

/// Why there is no schema.
#[derive(Debug, thiserror::Error)]
pub enum InferError {
    /// Too few examples.
    #[error(
        "{0} examples are too few to tell what differs from task to task: {FEWEST_EXAMPLES} are needed"
    )]
    TooFewExamples(usize),
    /// The model could not be asked.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The prompt is at fault.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// No answer was of use.
    #[error("no answer of the model could be used; the last one: {missing}")]
    Unusable {
        /// What it lacked.
        missing: String,
        /// Its text.
        reply: String,
    },
}

/// A schema, and who proposed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inferred {
    /// Elements and core.
    pub proposal: Proposal,
    /// The model that answered, as the server names it.
    pub model: String,
}

/// Variables of the question.
#[derive(Debug, Serialize)]
struct QuestionVars<'a> {
    task_type: &'a str,
    examples: &'a [Example],
    missing: &'a str,
}

/// An example as the prompt shows it.
#[derive(Debug, Serialize)]
struct Example {
    statement: String,
    solution: Option<String>,
}

/// Infers the elements of tasks of one kind from the first few `examples`.
///
/// `sampling` wins over the question's own defaults.
///
/// # Errors
///
/// With fewer than three examples, when the model cannot be asked, and when none of its answers
/// could be read as a schema.
pub async fn infer(
    model: &dyn Model,
    task_type: &str,
    examples: &[Seed],
    sampling: &Sampling,
) -> Result<Inferred, InferError> {
    if examples.len() < FEWEST_EXAMPLES {
        return Err(InferError::TooFewExamples(examples.len()));
    }
    let shown: Vec<Example> = examples.iter().take(MOST_EXAMPLES).map(Example::of).collect();
    let ask =
        |missing: &str| template::question(QuestionVars { task_type, examples: &shown, missing });
    let [system, user, _] = ask("")?;
    let mut messages = vec![Message::system(system), Message::user(user)];
    let mut left = RETRIES;
    loop {
        let (reply, missing) = match model.ask(request(&messages, sampling)).await {
            Ok(reply) => match proposal::read(&reply.text) {
                Ok(proposal) => return Ok(Inferred { proposal, model: reply.model }),
                Err(missing) => (reply.text, missing),
            },
            Err(ModelError::Truncated { partial }) => (partial.text, CUT_OFF.to_owned()),
            Err(error) => return Err(error.into()),
        };
        if left == 0 {
            return Err(InferError::Unusable { missing, reply });
        }
        left -= 1;
        let [_, _, again] = ask(&missing)?;
        // Some servers refuse empty messages.
        let said = if reply.trim().is_empty() { "(no answer)".to_owned() } else { cut(&reply) };
        messages.extend([Message::assistant(said), Message::user(again)]);
    }
}

impl Example {
    fn of(seed: &Seed) -> Self {
        Self { statement: cut(&seed.statement), solution: seed.solution.as_deref().map(cut) }
    }
}

/// The beginning of a long text.
fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} […]", &text[..end]),
        None => text.to_owned(),
    }
}

fn request(messages: &[Message], sampling: &Sampling) -> Request {
    Request {
        role: ROLE.to_owned(),
        messages: messages.to_vec(),
        sampling: Sampling {
            temperature: sampling.temperature.or(Some(0.3)),
            top_p: sampling.top_p,
            max_tokens: sampling.max_tokens.or(Some(16_384)),
            seed: sampling.seed,
        },
        sample: 0,
        purpose: Purpose { stage: "infer".to_owned(), item: "schema".to_owned() },
    }
}
