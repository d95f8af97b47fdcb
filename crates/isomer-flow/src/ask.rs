//! One question to the model, asked again when the answer has the wrong form.

use isomer_model::{Message, Model, ModelError, Purpose, Request, Sampling};
use isomer_record::DropReason;
use serde::Serialize;
use serde_json::json;

use crate::pack::{AgainVars, Pack, Prompt};
use crate::reply::Missing;
use crate::stages::{Cx, Exit, FlowSettings, Item};

/// Characters of a cut-off answer that are shown back: enough to recognise it, too few to copy.
const SHOWN_OF_TRUNCATED: usize = 400;

const CUT_OFF: &str = "The answer was cut off because it was too long. Answer again, completely, and \
                       be much briefer.";

/// An answer that could not be used.
struct Unusable {
    reason: DropReason,
    missing: String,
    reply: String,
}

/// Asks until `parse` accepts the answer, at most `format_retries` times more.
///
/// # Errors
/// [`Exit::Dropped`] when no answer had the asked form; otherwise what the model's failure means.
pub(crate) async fn ask<V, T, P>(
    cx: &Cx,
    item: &Item,
    prompt: Prompt,
    vars: &V,
    parse: P,
) -> Result<T, Exit>
where
    V: Serialize + Sync,
    T: Send,
    P: Fn(&str) -> Result<T, Missing> + Send + Sync,
{
    let asker = Asker { pack: &cx.pack, model: &*cx.model, settings: &cx.settings };
    asker.ask(item, prompt, vars, parse).await
}

/// What a question needs, and nothing of the rest of a [`Cx`].
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub(crate) pack: &'a Pack,
    pub(crate) model: &'a dyn Model,
    pub(crate) settings: &'a FlowSettings,
}

impl Asker<'_> {
    /// As [`ask`].
    pub(crate) async fn ask<V, T, P>(
        self,
        item: &Item,
        prompt: Prompt,
        vars: &V,
        parse: P,
    ) -> Result<T, Exit>
    where
        V: Serialize + Sync,
        T: Send,
        P: Fn(&str) -> Result<T, Missing> + Send + Sync,
    {
        let messages = self.pack.render(prompt, vars)?;
        self.converse(self.request(item, prompt, messages), parse).await
    }

    /// Asks, and as long as the answer cannot be used, says why and asks again.
    pub(crate) async fn converse<T, P>(self, mut request: Request, parse: P) -> Result<T, Exit>
    where
        T: Send,
        P: Fn(&str) -> Result<T, Missing> + Send + Sync,
    {
        let mut left = self.settings.format_retries;
        loop {
            let unusable = match self.model.ask(request.clone()).await {
                Ok(reply) => match parse(&reply.text) {
                    Ok(product) => return Ok(product),
                    Err(missing) => misshapen(missing, reply.text),
                },
                Err(error) => cut_off(error)?,
            };
            if left == 0 {
                return Err(unusable.into());
            }
            left -= 1;
            request.messages.push(Message::assistant(shown(&unusable)));
            let again = AgainVars { missing: &unusable.missing };
            request.messages.extend(self.pack.render(Prompt::Again, again)?);
        }
    }

    /// A question with the sampling of the prompt's role.
    pub(crate) fn request(self, item: &Item, prompt: Prompt, messages: Vec<Message>) -> Request {
        let role = prompt.role().unwrap_or_default();
        let chosen = self.settings.sampling.get(role).cloned().unwrap_or_default();
        Request {
            role: role.to_owned(),
            messages,
            sampling: over(&chosen, &self.pack.sampling(prompt)),
            sample: item.sample,
            purpose: Purpose {
                stage: item.stage.as_str().to_owned(),
                item: item.id.as_str().to_owned(),
            },
        }
    }
}

fn over(chosen: &Sampling, default: &Sampling) -> Sampling {
    Sampling {
        temperature: chosen.temperature.or(default.temperature),
        top_p: chosen.top_p.or(default.top_p),
        max_tokens: chosen.max_tokens.or(default.max_tokens),
        seed: chosen.seed.or(default.seed),
    }
}

fn misshapen(missing: Missing, reply: String) -> Unusable {
    let reason = if missing.refusal { DropReason::Refused } else { DropReason::ReplyUnreadable };
    Unusable { reason, missing: missing.text, reply }
}

/// A cut-off answer is worth another try and a refusal is an answer; all else is an error.
fn cut_off(error: ModelError) -> Result<Unusable, Exit> {
    match error {
        ModelError::Truncated { partial } => Ok(Unusable {
            reason: DropReason::ReplyTruncated,
            missing: CUT_OFF.to_owned(),
            reply: partial.text,
        }),
        ModelError::Refused { reason, partial } => Err(Exit::dropped(DropReason::Refused, reason)
            .with_evidence(json!({ "reply": partial.map(|reply| reply.text) }))),
        error => Err(error.into()),
    }
}

/// What the conversation shows as the model's own earlier answer; some servers refuse empty ones.
fn shown(unusable: &Unusable) -> String {
    let reply = unusable.reply.trim();
    if reply.is_empty() {
        return "(no answer)".to_owned();
    }
    match unusable.reason {
        DropReason::ReplyTruncated => reply.chars().take(SHOWN_OF_TRUNCATED).collect(),
        _ => reply.to_owned(),
    }
}

impl From<Unusable> for Exit {
    fn from(unusable: Unusable) -> Self {
        Self::dropped(unusable.reason, unusable.missing)
            .with_evidence(json!({ "reply": unusable.reply }))
    }
}
