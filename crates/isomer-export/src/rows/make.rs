//! Making rows.

use isomer_record::JudgeMode;
use serde_json::{Map, Value, json};

use crate::format::Format;
use crate::prompt::prompt;
use crate::python::dumps;
use crate::rows::columns::{Kind, columns};
use crate::trial::Trial;
use crate::written::{Written, write};

/// The rows of a task, with its tests in this order; one, except for pairs. `index` counts the tasks
/// of the export, and `raw` is the line as it was read.
pub(crate) fn rows(
    format: Format,
    trial: &Trial,
    tests: &[usize],
    index: u64,
    raw: &Value,
) -> Vec<Value> {
    let written: Vec<Written> =
        tests.iter().filter_map(|test| write(format, trial, *test)).collect();
    let maker = Maker { format, trial, written, index };
    match format {
        Format::Verl => vec![maker.verl()],
        Format::LiveCodeBench => vec![maker.live_code_bench()],
        Format::NemoGym => vec![maker.nemo_gym()],
        Format::OpenR1 => vec![maker.open_r1()],
        Format::OpenR1Checker => vec![maker.open_r1_checker()],
        Format::Verifiers => vec![maker.verifiers()],
        Format::OpenRlhf => vec![maker.openrlhf()],
        Format::OpenInstruct => vec![maker.open_instruct()],
        Format::Taco => vec![maker.taco()],
        Format::Jsonl => vec![raw.clone()],
        Format::Parquet => vec![flat(raw)],
        Format::Dpo => maker.pairs(),
    }
}

struct Maker<'a> {
    format: Format,
    trial: &'a Trial,
    written: Vec<Written>,
    index: u64,
}

impl Maker<'_> {
    fn ask(&self) -> Value {
        json!([{"role": "user", "content": self.prompt()}])
    }

    fn prompt(&self) -> String {
        prompt(self.format, &self.trial.line)
    }

    fn fn_name(&self) -> Option<&str> {
        match self.trial.line.judge_mode {
            JudgeMode::Call => self.trial.line.fn_name.as_deref(),
            _ => None,
        }
    }

    /// `{"inputs": […], "outputs": […], "fn_name"?: …}`.
    fn in_outs(&self) -> Value {
        let inputs: Vec<&Value> = self.written.iter().map(|test| &test.input).collect();
        let outputs: Vec<&Value> = self.written.iter().map(|test| &test.output).collect();
        let mut object = json!({"inputs": inputs, "outputs": outputs});
        if let Some(name) = self.fn_name() {
            object["fn_name"] = json!(name);
        }
        object
    }

    fn verl(&self) -> Value {
        json!({
            // One of four names that have a grader.
            "data_source": "taco",
            "prompt": self.ask(),
            "ability": "code",
            "reward_model": {"style": "rule", "ground_truth": dumps(&self.in_outs())},
            "extra_info": {"split": "train", "index": self.index, "isomer_id": self.trial.line.id},
        })
    }

    fn live_code_bench(&self) -> Value {
        let kind = if self.fn_name().is_some() { "functional" } else { "stdin" };
        let test = |test: &Written| {
            json!({
                "input": test.input,
                "output": test.output,
                "testtype": kind,
                "metadata": {"func_name": self.fn_name()},
            })
        };
        let list = dumps(&self.written.iter().map(test).collect());
        json!({
            "data_source": "livecodebench",
            "prompt": self.ask(),
            "env_class": "lcb",
            "reward_spec": {"method": "rule", "ground_truth": list},
            "extra_info": {"index": self.index, "isomer_id": self.trial.line.id},
            "uid": format!("isomer_{}", self.trial.line.id),
            "index": self.index,
            "question": self.prompt(),
            "ground_truth": list,
            "starter_code": "",
            "metadata": "{}",
        })
    }

    fn nemo_gym(&self) -> Value {
        let mut tests = self.in_outs();
        tests["fn_name"] = json!(self.fn_name());
        json!({
            "responses_create_params": {"input": self.ask()},
            "verifier_metadata": {"unit_tests": tests},
            "hash_id": self.trial.line.id,
            "dataset": "isomer",
            "source": "isomer",
        })
    }

    fn plain_tests(&self) -> Vec<Value> {
        self.written
            .iter()
            .map(|test| json!({"input": test.input, "output": test.output}))
            .collect()
    }

    fn open_r1(&self) -> Value {
        let test = |test: &Written| json!({"input": test.input, "output": test.output, "type": "stdin_stdout"});
        let tests: Vec<Value> = self.written.iter().map(test).collect();
        json!({
            "prompt": self.ask(),
            "verification_info": {"language": "python", "test_cases": tests},
            "isomer_id": self.trial.line.id,
        })
    }

    fn open_r1_checker(&self) -> Value {
        json!({
            "prompt": self.ask(),
            "id": format!("0/{}", self.trial.line.id),
            "language": "python",
            "official_tests": self.plain_tests(),
            "generated_checker": crate::checker::source(self.trial.line.comparison),
            "time_limit": 10.0,
            "memory_limit": 1024.0,
            "input_mode": "stdio",
        })
    }

    fn verifiers(&self) -> Value {
        let info = json!({"source": "isomer", "tests": dumps(&self.in_outs()), "isomer_id": self.trial.line.id});
        json!({"question": self.prompt(), "answer": "", "info": dumps(&info)})
    }

    fn openrlhf(&self) -> Value {
        let label = dumps(&self.in_outs());
        json!({"input": self.ask(), "label": label, "datasource": "isomer", "isomer_id": self.trial.line.id})
    }

    fn open_instruct(&self) -> Value {
        let call = self.fn_name().is_some();
        let tests = if call {
            self.written.iter().map(|test| test.input.clone()).collect()
        } else {
            self.plain_tests()
        };
        json!({
            "messages": self.ask(),
            "ground_truth": dumps(&Value::Array(tests)),
            "dataset": if call { "code" } else { "code_stdio" },
            "isomer_id": self.trial.line.id,
        })
    }

    fn taco(&self) -> Value {
        let line = &self.trial.line;
        json!({
            "question": self.prompt(),
            "solutions": dumps(&json!([line.solution])),
            "starter_code": "",
            "input_output": dumps(&self.in_outs()),
            "difficulty": "UNKNOWN_DIFFICULTY",
            "name": line.id,
            "source": "isomer",
        })
    }

    fn pairs(&self) -> Vec<Value> {
        let line = &self.trial.line;
        let answer = |code: &str| json!([{"role": "assistant", "content": format!("```python\n{}\n```", code.trim_end())}]);
        let pair = |index: usize| {
            let near_miss = &line.near_misses.get(index)?;
            Some(json!({
                "prompt": self.ask(),
                "chosen": answer(&line.solution),
                "rejected": answer(&near_miss.code),
                "isomer_id": line.id,
                "near_miss": index,
                "mistake": near_miss.mistake,
            }))
        };
        self.trial.wrong().filter_map(|(index, _)| pair(index)).collect()
    }
}

/// A line as columns: what is nested becomes JSON text, so that rows of all kinds share one schema.
fn flat(raw: &Value) -> Value {
    let mut row = Map::new();
    for column in columns(Format::Parquet) {
        let value = raw.get(column.name).cloned().unwrap_or_default();
        let value = match (&column.kind, value) {
            (Kind::Text, value @ (Value::Null | Value::String(_))) => value,
            (Kind::Text, value) => Value::String(value.to_string()),
            (_, value) => value,
        };
        row.insert(column.name.to_owned(), value);
    }
    Value::Object(row)
}
