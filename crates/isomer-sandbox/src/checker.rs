//! Checkers: programs that judge where comparing is not enough, because several answers are right.
//!
//! A checker is itself not trusted. It runs in the sandbox like any program, sees its own trial alone,
//! and what goes wrong with it is said of it and never of the answer it was to judge.

use futures::future::try_join_all;
use isomer_record::Verdict;
use serde_json::{Value, json};

use crate::judge::verdict;
use crate::{Ending, Entry, Execution, Job, Limits, Output, PyValue, Sandbox, SandboxError};

/// A program that says whether an answer is right.
#[derive(Clone, Debug)]
pub struct Checker {
    /// Python source.
    pub source: String,
    /// How it is asked and answers.
    pub protocol: CheckerProtocol,
    /// Limits of each trial. There is always room for the files of [`CheckerProtocol::Files`] and
    /// [`CheckerProtocol::Arguments`].
    pub limits: Limits,
}

/// How a checker is asked and answers. Where a protocol knows text only, other values are written as
/// JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CheckerProtocol {
    /// It defines `check(input, output, expected)`, which returns `True` or `False`.
    #[default]
    Function,
    /// As ScaleBox's `special_judge_program`: it finds `stdin.txt`, `stdout.txt` (the expected answer)
    /// and `answer.txt` (the answer to judge) in its working folder. A right answer is exit status 0,
    /// a wrong one any other, or a failed assertion.
    Files,
    /// As `generated_checker` of open-r1's Codeforces problems: its arguments are the paths of the
    /// input, the expected answer and the answer to judge; it prints `1` for a right answer and `0`
    /// for a wrong one.
    Arguments,
}

/// One answer to judge.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckTrial {
    /// What the program was given.
    pub input: Value,
    /// What it answered, of an execution that finished.
    pub output: Output,
    /// What the reference answered.
    pub expected: Value,
}

/// A checker that gave no verdict. It proves nothing about the answer, which is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckerFailed {
    /// It did not come to an end as its protocol wants.
    #[error("the checker did not finish: {}", .0.describe())]
    Ended(Ending),
    /// It finished and said something else.
    #[error("the checker did not say whether the answer is right: {0}")]
    Nonsense(&'static str),
}

impl Sandbox {
    /// Asks a checker about each trial. The verdicts, in the order of the trials, are
    /// [`Verdict::Accepted`] and [`Verdict::WrongAnswer`].
    ///
    /// An answer that is none, or that JSON cannot carry (NaN, keys that are no strings, integers of
    /// more than 4300 digits), is wrong without a question.
    ///
    /// # Errors
    ///
    /// Only for failures of the sandbox itself, or limits that it does not take.
    pub async fn check(
        &self,
        checker: &Checker,
        trials: &[CheckTrial],
    ) -> Result<Vec<Result<Verdict, CheckerFailed>>, SandboxError> {
        let questions: Vec<_> = trials.iter().map(Question::of).collect();
        let runs = checker.jobs(questions.iter().flatten()).into_iter().map(|job| self.run(job));
        let mut executions = try_join_all(runs).await?.into_iter().flatten();
        let verdict = |question: Option<Question<'_>>| match question {
            None => Ok(Verdict::WrongAnswer),
            Some(_) => match executions.next() {
                Some(execution) => checker.protocol.verdict(&execution),
                None => Err(CheckerFailed::Ended(Ending::NotRun)),
            },
        };
        Ok(questions.into_iter().map(verdict).collect())
    }
}

/// A trial whose answer a checker can be shown.
struct Question<'trial> {
    input: &'trial Value,
    output: Value,
    expected: &'trial Value,
}

impl<'trial> Question<'trial> {
    fn of(trial: &'trial CheckTrial) -> Option<Self> {
        let output = match &trial.output {
            Output::Text(text) => Value::String(text.clone()),
            Output::Value(value) => value.to_json().ok()?,
            Output::None => return None,
        };
        Some(Self { input: &trial.input, output, expected: &trial.expected })
    }

    /// Input, expected answer and answer under these names.
    fn files(&self, names: [&str; 3]) -> Vec<(String, Vec<u8>)> {
        let values = [self.input, self.expected, &self.output];
        names.into_iter().zip(values).map(|(name, value)| (name.to_owned(), text(value))).collect()
    }
}

/// A value as a file has it.
fn text(value: &Value) -> Vec<u8> {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned).into_bytes()
}

impl Checker {
    /// Jobs whose executions, one after the other, answer the questions.
    fn jobs<'a>(&self, questions: impl Iterator<Item = &'a Question<'a>>) -> Vec<Job> {
        match self.protocol {
            CheckerProtocol::Function => {
                let inputs: Vec<_> = questions
                    .map(|question| json!([question.input, question.output, question.expected]))
                    .collect();
                vec![Job {
                    source: self.source.clone(),
                    entry: Entry::Call { function: "check".to_owned() },
                    width: inputs.len(),
                    inputs,
                    limits: self.limits,
                    ..Job::default()
                }]
            }
            CheckerProtocol::Files => questions
                .map(|question| {
                    let files = question.files(["stdin.txt", "stdout.txt", "answer.txt"]);
                    self.job_with_files(self.source.clone(), files)
                })
                .collect(),
            CheckerProtocol::Arguments => questions
                .map(|question| {
                    let names = ["input.txt", "correct_output.txt", "solution_output.txt"];
                    let mut files = question.files(names);
                    files.push(("checker.py".to_owned(), self.source.clone().into_bytes()));
                    self.job_with_files(WITH_ARGUMENTS.to_owned(), files)
                })
                .collect(),
        }
    }

    fn job_with_files(&self, source: String, files: Vec<(String, Vec<u8>)>) -> Job {
        let mut limits = self.limits;
        let size: usize = files.iter().map(|(_, content)| content.len()).sum();
        // Rounded, because jails are used again only for jobs that want the same room.
        let room = (2 * size as u64).next_power_of_two().min(MOST_FILE_BYTES);
        limits.file_bytes = limits.file_bytes.max(room);
        Job { source, files, limits, inputs: vec![json!("")], ..Job::default() }
    }
}

/// The most that [`Limits::file_bytes`] may be.
const MOST_FILE_BYTES: u64 = 1 << 30;

/// Runs `checker.py` as a main program with arguments.
const WITH_ARGUMENTS: &str = "\
import runpy, sys
sys.argv = ['checker.py', 'input.txt', 'correct_output.txt', 'solution_output.txt']
runpy.run_path('checker.py', run_name='__main__')
";

impl CheckerProtocol {
    /// What a checker said.
    fn verdict(self, execution: &Execution) -> Result<Verdict, CheckerFailed> {
        match (self, &execution.ending, &execution.output) {
            (Self::Function, Ending::Finished, Output::Value(PyValue::Bool(right))) => {
                Ok(verdict(*right))
            }
            (Self::Function, Ending::Finished, _) => {
                Err(CheckerFailed::Nonsense("`check` did not return a bool"))
            }
            (Self::Files, Ending::Finished, _) => Ok(Verdict::Accepted),
            (Self::Files, Ending::ExitStatus(_), _) => Ok(Verdict::WrongAnswer),
            (Self::Files, Ending::Exception { kind, .. }, _) if kind == "AssertionError" => {
                Ok(Verdict::WrongAnswer)
            }
            (Self::Arguments, Ending::Finished, Output::Text(said)) => match said.trim() {
                "1" => Ok(Verdict::Accepted),
                "0" => Ok(Verdict::WrongAnswer),
                _ => Err(CheckerFailed::Nonsense("it printed neither `1` nor `0`")),
            },
            (_, ending, _) => Err(CheckerFailed::Ended(ending.clone())),
        }
    }
}
