//! Servers of other projects, asked as their own clients ask them.

use std::str::FromStr;

use serde_json::{Value, json};

use super::Problem;
use crate::Failure;

/// What a server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// SandboxFusion's `/submit` with inline tests.
    SandboxFusion,
    /// ScaleBox's `/common_evaluate_batch`.
    ScaleBox,
}

/// A server that is running already.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    /// Its name in tables.
    pub(crate) name: String,
    protocol: Protocol,
    url: String,
    client: reqwest::Client,
}

impl FromStr for Peer {
    type Err = String;

    /// `sandboxfusion=URL`, `sandboxfusion-lite=URL` or `scalebox=URL`; any other name is followed
    /// by the protocol, as in `mine:scalebox=URL`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, url) = text.split_once('=').ok_or("expected NAME=URL")?;
        let (name, protocol) = name.split_once(':').unwrap_or((name, name));
        let (protocol, path) = match protocol {
            "sandboxfusion" | "sandboxfusion-lite" => (Protocol::SandboxFusion, "submit"),
            "scalebox" => (Protocol::ScaleBox, "common_evaluate_batch"),
            _ => return Err(format!("`{protocol}` is neither `sandboxfusion` nor `scalebox`")),
        };
        let url = format!("{}/{path}", url.trim_end_matches('/'));
        let client = reqwest::Client::builder().no_proxy().build().map_err(|e| e.to_string())?;
        Ok(Self { name: name.to_owned(), protocol, url, client })
    }
}

impl Peer {
    /// Judges a problem of a right program.
    pub(crate) async fn solve(&self, problem: &Problem) -> Result<(), Failure> {
        let request = self.client.post(&self.url).json(&self.question(problem));
        let answer: Value = request.send().await?.json().await?;
        let tests = answer["tests"].as_array().map_or(0, Vec::len);
        if answer["accepted"] == true && tests == problem.tests.len() {
            return Ok(());
        }
        let answer: String = answer.to_string().chars().take(300).collect();
        Err(format!("{} did not solve `{}`: {answer}", self.name, problem.name).into())
    }

    fn question(&self, problem: &Problem) -> Value {
        let completion = format!("```python\n{}\n```", problem.source);
        let (inputs, outputs): (Vec<_>, Vec<_>) = problem.tests.iter().cloned().unzip();
        let extra = json!({"run_all_cases": true});
        match self.protocol {
            Protocol::SandboxFusion => {
                let tests: Vec<Value> = inputs
                    .iter()
                    .zip(&outputs)
                    .map(|(stdin, stdout)| {
                        json!({"input": {"stdin": stdin}, "output": {"stdout": stdout}})
                    })
                    .collect();
                json!({
                    "dataset": "bench",
                    "id": 0,
                    "completion": completion,
                    "config": {
                        "dataset_type": "CommonOJDataset",
                        "language": "python",
                        "run_timeout": 20,
                        "provided_data": {"test": tests},
                        "extra": extra,
                    },
                })
            }
            Protocol::ScaleBox => json!({
                "completion": completion,
                "config": {
                    "language": "python",
                    "run_timeout": 20,
                    "provided_data": {"test_cases": {
                        "type": "stdin_stdout",
                        "fn_name": null,
                        "input": inputs,
                        "output": outputs,
                    }},
                    "extra": extra,
                },
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Peer, Protocol};
    use crate::sandbox::Problem;

    #[test]
    fn names_tell_the_protocol() {
        let peer: Peer = "sandboxfusion-lite=http://127.0.0.1:1/".parse().unwrap();
        assert_eq!(peer.url, "http://127.0.0.1:1/submit");
        let peer: Peer = "mine:scalebox=http://127.0.0.1:1".parse().unwrap();
        assert_eq!((peer.name.as_str(), peer.protocol), ("mine", Protocol::ScaleBox));
        assert!("http://127.0.0.1:1".parse::<Peer>().is_err());
        assert!("other=http://127.0.0.1:1".parse::<Peer>().is_err());
    }

    #[test]
    fn a_question_holds_every_test() {
        let problem = Problem::tiny(3);
        for (name, path) in [
            ("sandboxfusion", "/config/provided_data/test/2/output/stdout"),
            ("scalebox", "/config/provided_data/test_cases/output/2"),
        ] {
            let peer: Peer = format!("{name}=http://127.0.0.1:1").parse().unwrap();
            let question = peer.question(&problem);
            assert_eq!(question.pointer(path).unwrap(), "4\n");
            assert!(question["completion"].as_str().unwrap().contains(problem.source));
        }
    }
}
