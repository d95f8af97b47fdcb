//! Schemas out of answers, and packs out of templates.

use std::sync::Mutex;

use async_trait::async_trait;
use isomer_model::{Finish, Model, ModelError, Reply, Request, Sampling, Source, Usage};
use isomer_record::{JudgeMode, Origin, Seed};

use super::proposal::read;
use super::{InferError, NewPack, Proposal, infer};
use crate::pack::Pack;

const GOOD: &str = r#"{"elements": [{"name": "Idea", "definition": "What has to be
thought out."}, {"name": "World", "definition": "What it is about."}], "core": ["idea"]}"#;

fn names(proposal: &Proposal) -> Vec<&str> {
    proposal.elements.iter().map(|element| element.name.as_str()).collect()
}

#[test]
fn schemas_are_found_in_all_usual_shapes() {
    let pairs = r#"[{"name": "Idea", "definition": "a"}, {"name": "World", "definition": "b"}]"#;
    for reply in [
        GOOD.replace('\n', " "),
        format!("Some thoughts {{about}} [it].\n\n```json\n{}\n```\n", GOOD.replace('\n', " ")),
        format!("First try: {{\"elements\": {}, \"core\": \"World\"}}\nBetter:\n{{\"elements\": {pairs}, \"core\": \"Idea\"}}",
            pairs.replace("Idea", "Draft")),
        format!("{{\"schema\": {pairs}, \"core_elements\": \"Idea\"}}"),
        r#"{"elements": {"Idea": "a", "World": "b"}, "core": ["Idea"]}"#.to_owned(),
        "{\"elements\": [\n{\"name\": \"Idea\", \"description\": \"a, ]\",},\n{\"name\": \"World\", \
         \"description\": \"b\"},\n],\n\"core\": [\"Idea\",],}"
            .to_owned(),
    ] {
        let proposal = read(&reply).unwrap_or_else(|missing| panic!("{missing}\n{reply}"));
        assert_eq!(names(&proposal), ["Idea", "World"], "{reply}");
        assert_eq!(proposal.core, ["Idea"], "{reply}");
    }
}

#[test]
fn what_an_answer_lacks_is_said_to_the_model() {
    let with =
        |elements: &str, core: &str| format!("{{\"elements\": [{elements}], \"core\": {core}}}");
    let element = |name: &str| format!("{{\"name\": \"{name}\", \"definition\": \"d\"}}");
    let two = [element("A"), element("B")].join(",");
    let six = ["A", "B", "C", "D", "E", "F"].map(element).join(",");
    for (reply, words) in [
        ("I cannot do that.".to_owned(), "There is no JSON object"),
        ("{\"elements\": [\"A\", \"B\"]}".to_owned(), "There is no JSON object"),
        (with(&element("A"), "[\"A\"]"), "has 1 elements; 2 to 5"),
        (with(&six, "[\"A\"]"), "has 6 elements"),
        (with(&[element("A"), element("a")].join(","), "[\"A\"]"), "defined twice"),
        (with(&[element("A: b"), element("B")].join(","), "[\"B\"]"), "reply grammar"),
        (with(&two, "[]"), "does not name a core element"),
        (with(&two, "[\"C\"]"), "no element of the schema"),
        (with(&two, "[\"A\", \"B\"]"), "not all of them"),
    ] {
        let missing = read(&reply).unwrap_err();
        assert!(missing.contains(words), "{missing}");
    }
}

#[test]
fn a_new_pack_of_every_mode_is_without_fault() {
    let proposal = read(&GOOD.replace('\n', " ")).unwrap();
    for mode in [JudgeMode::Stdio, JudgeMode::Call, JudgeMode::Pytest] {
        let pack = NewPack {
            name: "a_new-one",
            task_type: "tasks with \"quotes\" and \\ in their name",
            judge_mode: mode,
            proposal: &proposal,
        };
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in pack.files().unwrap() {
            assert!(!text.contains("[[") && !text.contains("[%"), "{name} is not filled in");
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let loaded = Pack::check(folder.path()).unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(loaded.title, "A new one");
        assert_eq!(loaded.task_type, pack.task_type);
        assert_eq!((loaded.judge_modes, loaded.core), (vec![mode], vec!["Idea".to_owned()]));
        assert_eq!(loaded.elements, proposal.elements);
    }
}

/// Answers in turn, and keeps what it was asked.
struct Script {
    answers: Mutex<Vec<&'static str>>,
    asked: Mutex<Vec<Request>>,
}

#[async_trait]
impl Model for Script {
    async fn ask(&self, request: Request) -> Result<Reply, ModelError> {
        self.asked.lock().unwrap().push(request);
        let text = self.answers.lock().unwrap().remove(0).to_owned();
        Ok(Reply {
            text,
            reasoning: None,
            finish: Finish::Stop,
            usage: Usage::default(),
            model: "script".to_owned(),
            cost_usd: None,
            elapsed_ms: 0,
            source: Source::Live,
        })
    }
}

async fn ask(
    answers: &[&'static str],
    examples: usize,
) -> (Result<Proposal, InferError>, Vec<Request>) {
    let script = Script { answers: Mutex::new(answers.to_vec()), asked: Mutex::default() };
    let seed = |number: usize| Seed {
        id: number.to_string(),
        statement: format!("Task number {number}. {}", "x".repeat(5000)),
        solution: number.is_multiple_of(2).then(|| "print(1)".to_owned()),
        origin: Origin { file: "examples.jsonl".to_owned(), row: number as u64 },
    };
    let examples: Vec<Seed> = (0..examples).map(seed).collect();
    let found = infer(&script, "puzzles", &examples, &Sampling::default()).await;
    (found.map(|found| found.proposal), script.asked.into_inner().unwrap())
}

#[tokio::test]
async fn an_unusable_answer_is_asked_for_again_with_the_reason() {
    let (found, asked) = ask(&["No.", "{\"elements\": []}", GOOD_ON_ONE_LINE], 12).await;
    assert_eq!(names(&found.unwrap()), ["Idea", "World"]);
    assert_eq!(asked.len(), 3);
    let question = &asked[0].messages[1].content;
    assert!(question.contains("puzzles") && question.contains("Task number 9."), "{question}");
    assert!(!question.contains("Task number 10."), "ten examples are enough");
    assert!(question.len() < 50_000, "long examples are cut");
    let again = &asked[2].messages.last().unwrap().content;
    assert!(again.contains("There is no JSON object"), "{again}");
    assert_eq!(asked[2].messages.len(), 6);
}

const GOOD_ON_ONE_LINE: &str = r#"{"elements": [{"name": "Idea", "definition": "a"},
{"name": "World", "definition": "b"}], "core": ["Idea"]}"#;

#[tokio::test]
async fn too_little_to_go_by_and_answers_without_use_are_errors() {
    let (found, asked) = ask(&[], 2).await;
    assert!(matches!(found, Err(InferError::TooFewExamples(2))) && asked.is_empty());
    let (found, asked) = ask(&["No.", "", "Never."], 3).await;
    assert!(matches!(found, Err(InferError::Unusable { reply, .. }) if reply == "Never."));
    assert_eq!(asked.len(), 3);
    assert_eq!(asked[2].messages[4].content, "(no answer)");
}
