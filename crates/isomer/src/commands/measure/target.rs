//! A target model's success: what it will cost, and then its samples.

use std::path::Path;
use std::sync::Arc;

use isomer_dataset::measure::difficulty::{
    self, ANSWER_TOKENS, Estimate, Plan, SampleError, Sampled, Sampler, Tally, can_be_judged,
};
use isomer_dataset::measure::{Kept, Target, Tasks};
use isomer_flow::runner::StopLevel;
use isomer_model::{Client, Model, ModelError, Price, Sampling};
use isomer_store::Spent;
use tokio::sync::watch;

use super::folder;
use super::ledger::TargetLedger;
use super::place::ConditionsOf;
use crate::cli::{MeasureArgs, TargetArgs};
use crate::commands::remote::Programs;
use crate::commands::{Setting, live};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::progress;
use crate::report;
use crate::settings::{Operation, RoleModel, SettingsFile, TARGET, is_loopback};

/// Everything that sampling needs.
pub(super) struct Asking {
    model: String,
    sampler: Sampler,
    /// Where paid answers are; a recording has none.
    live: Option<(Arc<Client>, Arc<TargetLedger>)>,
    operation: Operation,
    conditions: ConditionsOf,
    width: usize,
}

/// What came of asking.
pub(super) struct Asked {
    pub(super) target: Target,
    pub(super) tally: Tally,
    /// What went wrong first with a sample that could not be had or judged.
    pub(super) trouble: Option<String>,
    pub(super) exit: Exit,
}

impl Asking {
    /// Opens the model and what is kept of it. Nothing is asked yet.
    pub(super) async fn open(
        args: &MeasureArgs,
        model: &str,
        folder: &Path,
        file: &SettingsFile,
        operation: &Operation,
        programs: &Programs,
        conditions: ConditionsOf,
    ) -> Result<Self, Failure> {
        if operation.replay.is_none() {
            operation.require_keys()?;
        }
        folder::make(folder)?;
        let role = role(model, file);
        let failed = |error: &ModelError| live::model_failure(error, operation);
        let (asked, client): (Arc<dyn Model>, _) = if let Some(path) = &operation.replay {
            (live::replay(path, operation)?, None)
        } else {
            let ledger = Arc::new(TargetLedger::open(folder, model).await?);
            let spent = ledger.spent().await?;
            let client = connect(operation, &role, spent, &ledger)?;
            let asked: Arc<dyn Model> = match &operation.record {
                Some(path) => {
                    isomer_model::recorder(client.clone(), path).map_err(|error| failed(&error))?
                }
                None => client.clone(),
            };
            (asked, Some((client, ledger)))
        };
        let trials = Kept::open(&folder.join("samples.jsonl"));
        let sampling = Sampling {
            temperature: role.temperature,
            top_p: role.top_p,
            max_tokens: role.max_tokens,
            seed: None,
        };
        Ok(Self {
            model: model.to_owned(),
            sampler: Sampler {
                model: asked,
                sandbox: Arc::clone(&programs.sandbox),
                sampling,
                trials: trials.map_err(|error| super::kept_failure(&error))?,
            },
            live: client,
            operation: operation.clone(),
            conditions,
            width: operation.jobs as usize
                + 2 * args.programs.sandbox_slots.map_or(programs.slots, |n| n as usize),
        })
    }

    /// Says what is going to be asked and what that costs, and asks whether to go on where that is
    /// not free and nobody has agreed. False if the answer is no.
    pub(super) async fn agree(
        &self,
        args: &TargetArgs,
        tasks: &Tasks,
        setting: Setting<'_>,
    ) -> Result<bool, Failure> {
        let Some((client, ledger)) = &self.live else { return Ok(true) };
        let estimate = self.estimate(args.k, tasks, client).await?;
        if estimate.calls == 0 {
            return Ok(true);
        }
        let spent = ledger.spent().await?;
        let each = self.answer_tokens(&spent);
        let price = self.operation.prices.get(&self.model).copied();
        let price = price.or_else(|| Price::of_model(&self.model));
        let cost = price.map(|price| estimate.cost_usd(&price, each));
        let url = client.destination(TARGET).0;
        let free = cost.map_or_else(|| is_loopback(url), |cost| cost <= 0.0);
        let agreed = free || args.yes || args.budget_usd.is_some();
        if !setting.loudness.quiet || !agreed {
            output::note(&self.told(&estimate, each, cost, url));
        }
        if agreed {
            return Ok(true);
        }
        let answer = if setting.environment.interactive { output::confirm("Go on?") } else { None };
        answer.ok_or_else(|| {
            Failure::usage("asking the target model costs money, and nobody has agreed to it")
                .help("agree with --yes, or with --budget-usd and the most it may cost")
        })
    }

    fn told(&self, estimate: &Estimate, each: u64, cost: Option<f64>, url: &str) -> String {
        let count = report::count;
        let cost = match cost {
            Some(cost) => format!("about {}", report::dollars(cost)),
            None => "at a price that is not known (see [prices] in isomer.toml)".to_owned(),
        };
        let earlier = match estimate.answered {
            0 => String::new(),
            answered => format!(", beside {} answered before", count(answered)),
        };
        format!(
            "Asking `{}` at {url}: {} calls{earlier},\n\
             about {} tokens of questions and {} of answers ({} each; thinking takes more),\n{cost}",
            self.model,
            count(estimate.calls),
            count(estimate.prompt_tokens),
            count(estimate.completion_tokens(each)),
            count(each),
        )
    }

    async fn estimate(
        &self,
        samples: u32,
        tasks: &Tasks,
        client: &Client,
    ) -> Result<Estimate, Failure> {
        let mut estimate = Estimate::default();
        for task in tasks.iter() {
            let task = task.map_err(|error| super::kept_failure(&error))?;
            if !can_be_judged(&task) {
                continue;
            }
            let conditions = (self.conditions)(&task.pack);
            for sample in 0..samples {
                let request = self.sampler.request(&task, &conditions, sample);
                let request = request
                    .map_err(|error| Failure::because("failed to write the question", &error))?;
                let known = client.remembers(&request).await;
                if known.map_err(|error| live::model_failure(&error, &self.operation))? {
                    estimate.answered += 1;
                } else {
                    estimate.add(&request.messages);
                }
            }
        }
        Ok(estimate)
    }

    /// What an answer takes: the mean of those that are there, or a guess, and never more than may be.
    fn answer_tokens(&self, spent: &Spent) -> u64 {
        let most = self.sampler.sampling.max_tokens.map_or(u64::MAX, u64::from);
        let guess = spent.completion_tokens.checked_div(spent.calls).unwrap_or(ANSWER_TOKENS);
        guess.min(most)
    }

    /// Samples all tasks.
    pub(super) async fn ask(
        &self,
        args: &TargetArgs,
        tasks: Arc<Tasks>,
        mut level: watch::Receiver<StopLevel>,
        setting: Setting<'_>,
    ) -> Result<Asked, Failure> {
        let plan =
            Plan { samples: args.k, width: self.width, conditions: Arc::clone(&self.conditions) };
        let template = "{wide_bar} {human_pos} of {human_len} samples, {per_sec}, {eta} left";
        let all = tasks.len() as u64 * u64::from(args.k);
        let bar = progress::bar(Some(all), template, setting);
        let stopped = level.clone();
        let stop = async move {
            let _ = level.wait_for(|level| *level >= StopLevel::Drain).await;
        };
        let sampled = difficulty::sample(tasks, &self.sampler, &plan, stop, |progress| {
            bar.set_position(progress.done);
        })
        .await;
        bar.finish_and_clear();
        self.sampler.trials.sync().map_err(|error| super::kept_failure(&error))?;
        let interrupted = *stopped.borrow() >= StopLevel::Drain;
        self.concluded(sampled, args.band, interrupted).await
    }

    async fn concluded(
        &self,
        sampled: Sampled,
        band: (f64, f64),
        interrupted: bool,
    ) -> Result<Asked, Failure> {
        let Sampled { tally, ended, trouble } = sampled;
        let exit = match ended {
            Some(SampleError::Model(ModelError::BudgetReached { .. })) => Exit::Budget,
            Some(error) => return Err(self.failed(&error)),
            None if interrupted => Exit::Interrupted,
            None => Exit::Complete,
        };
        let mut target = tally.finish(band);
        target.model.clone_from(&self.model);
        if let Some((_, ledger)) = &self.live {
            let spent = ledger.spent().await?;
            target.calls = spent.calls;
            target.prompt_tokens = spent.prompt_tokens;
            target.completion_tokens = spent.completion_tokens;
            target.cost_usd = (spent.unpriced_calls == 0).then_some(spent.cost_usd);
        }
        let exit = match exit {
            Exit::Complete if target.unjudged > 0 => Exit::Unjudged,
            exit => exit,
        };
        Ok(Asked { target, tally, trouble, exit })
    }

    fn failed(&self, error: &SampleError) -> Failure {
        match error {
            SampleError::Model(error) => live::model_failure(error, &self.operation),
            SampleError::Sandbox(error) => live::sandbox_failure(error),
            SampleError::Dataset(error) => super::kept_failure(error),
            SampleError::Prompt(error) => Failure::because("failed to write the question", error),
        }
    }
}

/// Model and sampling of the target: the flag names the model, `[roles.target]` the rest.
fn role(model: &str, file: &SettingsFile) -> RoleModel {
    let own = file.roles.get(TARGET).cloned().unwrap_or_default();
    RoleModel {
        model: model.to_owned(),
        temperature: own.temperature.or(file.sampling.temperature),
        top_p: own.top_p.or(file.sampling.top_p),
        max_tokens: own.max_tokens.or(file.sampling.max_tokens),
    }
}

fn connect(
    operation: &Operation,
    role: &RoleModel,
    spent: Spent,
    ledger: &Arc<TargetLedger>,
) -> Result<Arc<Client>, Failure> {
    let roles = [(TARGET.to_owned(), role.clone())].into_iter().collect();
    let settings = live::client_settings(operation, &roles, spent);
    let ledger: Arc<dyn isomer_model::Ledger> = ledger.clone();
    isomer_model::connect(settings, ledger).map_err(|error| live::model_failure(&error, operation))
}
