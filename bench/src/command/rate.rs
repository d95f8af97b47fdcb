//! How fast the mock itself is: the control that it is never what a measurement measures.

use std::time::{Duration, Instant};

use clap::Args;
use futures::{StreamExt, TryStreamExt, stream};
use isomer_bench::mock::{Mock, Profile};
use serde_json::json;

use crate::Failure;
use crate::table::print;

/// Ask the mock as fast as it answers
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// Questions to ask
    #[arg(long, default_value_t = 20_000)]
    questions: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for stream in [false, true] {
        let mock = Mock::start(Profile::default())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let wall = runtime.block_on(ask(&mock, arguments.questions, stream))?;
        #[expect(clippy::cast_precision_loss, reason = "nobody asks 2^52 questions")]
        let rate = arguments.questions as f64 / wall.as_secs_f64();
        let way = if stream { "streamed" } else { "whole" };
        rows.push(vec![way.to_owned(), mock.stats().answered.to_string(), format!("{rate:.0}")]);
    }
    print("The mock itself, one thread, asked by one other", &["answers", "count", "per s"], &rows);
    Ok(())
}

async fn ask(mock: &Mock, questions: usize, streamed: bool) -> Result<Duration, Failure> {
    let client = reqwest::Client::new();
    let url = format!("{}/chat/completions", mock.base_url());
    let started = Instant::now();
    stream::iter(0..questions)
        .map(|index| {
            // As long as a real prompt of the design stage.
            let filler = "Constant words come first. ".repeat(150);
            let prompt = format!("{filler}<statement> <comparison> question {index}");
            let body = json!({
                "model": "mock",
                "messages": [{"role": "user", "content": prompt}],
                "stream": streamed,
            });
            let request = client.post(&url).json(&body);
            async move { request.send().await?.error_for_status()?.bytes().await }
        })
        .buffer_unordered(64)
        .try_fold((), |(), _| async { Ok(()) })
        .await?;
    Ok(started.elapsed())
}
