//! Faults of packs are named with file and line; overrides change the digest and nothing hidden.

use std::fs;
use std::path::Path;

use isomer_model::MessageRole;
use isomer_record::Elements;
use tempfile::TempDir;

use super::samples::Samples;
use super::{DecomposeVars, Pack, PackError, Prompt, RecombineVars};

/// Writes the `algorithm` pack to disk, with `old` replaced by `new` in `file`.
fn edited(file: &str, old: &str, new: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/algorithm");
    fs::create_dir(folder.path().join("prompts")).unwrap();
    let prompts = fs::read_dir(source.join("prompts")).unwrap();
    let names = prompts.map(|entry| format!("prompts/{}", entry.unwrap().file_name().display()));
    for name in names.chain(["pack.toml".into(), "elements.json".into()]) {
        let text = fs::read_to_string(source.join(&name)).unwrap();
        let text = if name == file {
            assert!(text.contains(old), "{file} has no {old:?}");
            text.replacen(old, new, 1)
        } else {
            text
        };
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Loads the edited pack and checks that the error is at the line where `new` stands (the last line
/// of it), and that message and help say `words`.
#[track_caller]
fn check(file: &str, old: &str, new: &str, words: &[&str]) {
    let folder = edited(file, old, new);
    let text = fs::read_to_string(folder.path().join(file)).unwrap();
    let last = new.trim_end().lines().last().unwrap_or_default();
    let line = 1 + text.lines().position(|line| line.contains(last)).unwrap();
    let error = Pack::load(folder.path()).unwrap_err();
    assert!(Path::new(&error.file).ends_with(file), "{error}");
    assert_eq!(error.line, Some(line), "{error}");
    let said = format!("{error} {}", error.help.clone().unwrap_or_default());
    for word in words {
        assert!(said.contains(word), "{word:?} is not in {said:?}");
    }
}

#[test]
fn faults_of_the_manifest_are_found() {
    let check = |old, new, words: &[&str]| check("pack.toml", old, new, words);
    check("version = 1", "version = 1\ncolour = 2", &["colour"]);
    check("version = 1", "version = \"one\"", &["u32"]);
    check("title = \"Algorithm problems\"", "title = \"  \"", &["`title` is empty"]);
    check("[\"stdio\", \"call\"]", "[\"stdin\"]", &["stdin", "stdio"]);
    check("[\"stdio\", \"call\"]", "[\"call\", \"call\"]", &["judge_modes"]);
    check(
        "[\"Core Algorithm Idea\"]",
        "[\"Core Algoritm Idea\"]",
        &["no element", "did you mean `Core Algorithm Idea`", "`Difficulty Level`"],
    );
    check("wall_ms = 20000", "wall_ms = 100", &["`wall_ms` is 100", "4000..="]);
    check("max_tests = 60", "max_tests = 6", &["`max_tests` is 6", "10..="]);
    check("memory_mib = 512", "memory_mib = 0", &["`memory_mib`"]);
    check("min_counted = 2", "min_counted = 9", &["1..=5"]);
    check("min_kill_rate = 0.8", "min_kill_rate = 1.8", &["0..=1"]);
    check("[sampling.decomposer]", "[sampling.decompozer]", &["did you mean `decomposer`"]);
    check("temperature = 1.0", "temperature = 7.5", &["out of range"]);
    check("[harden]", "[harden", &[]);
}

#[test]
fn faults_of_the_schema_are_found() {
    let check = |old, new, words: &[&str]| check("elements.json", old, new, words);
    check("\"definition\":", "\"meaning\":", &["unknown field `meaning`"]);
    let whole = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/algorithm/elements.json"),
    )
    .unwrap();
    check(
        &whole,
        "[\n{\"name\": \"A\", \"definition\": \"a\"},\n{\"name\": \"a \", \"definition\": \"b\"}]",
        &["`a` is defined twice"],
    );
    check(
        &whole,
        "[\n{\"name\": \"A\", \"definition\": \" \"}\n]".trim_end_matches("\n]"),
        &["has no definition"],
    );
    let six: Vec<String> =
        (1..=6).map(|n| format!("\n{{\"name\": \"E{n}\", \"definition\": \"d\"}}")).collect();
    let six = format!("[{}", six.join(","));
    check(&whole, &six, &["at most 5", "`E6`"]);
    check(&whole, "[\n{\"name\": \"A: b\", \"definition\": \"d\"}", &["reply grammar"]);
}

#[test]
fn faults_of_prompts_are_found() {
    let check = |file: &str, old, new, words: &[&str]| {
        check(&format!("prompts/{file}.j2"), old, new, words);
    };
    check("decompose", "{{ statement }}", "{{ statment }}", &["`statment`", "`statement`"]);
    check("recombine", "limits.solution.cpu_ms", "limits.solution.cpu", &["undefined"]);
    check("solve", "{% if design.comparison", "{% iff design.comparison", &["unknown statement"]);
    check("harden", "{{ previous_attempt }}", "{{ previous_attempt.x.y }}", &["undefined"]);
    check("repair", "{{ evidence }}", "{{ evidence | shout }}", &["shout"]);
}

#[test]
fn faults_without_a_line_name_the_file() {
    let folder = edited("pack.toml", "name", "name");
    fs::remove_file(folder.path().join("prompts/repair.j2")).unwrap();
    let error = Pack::load(folder.path()).unwrap_err();
    assert!(error.file.ends_with("prompts/repair.j2") && error.line.is_none(), "{error}");

    let folder = edited("pack.toml", "name", "name");
    fs::write(folder.path().join("prompts/repairs.j2"), "").unwrap();
    let error = Pack::load(folder.path()).unwrap_err();
    assert!(error.help.unwrap().starts_with("did you mean `repair.j2`"));

    let folder = edited("prompts/solve.j2", "{% block user %}", "{% block question %}");
    let error = Pack::load(folder.path()).unwrap_err();
    assert!(error.file.ends_with("prompts/solve.j2") && error.message.contains("user"), "{error}");
}

#[test]
fn every_embedded_pack_loads_and_equals_its_folder() {
    assert!(Pack::names().contains(&"algorithm"));
    for name in Pack::names() {
        let embedded = Pack::embedded(name).unwrap();
        assert_eq!(embedded.name, name);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs").join(name);
        assert_eq!(Pack::load(&folder).unwrap().digest, embedded.digest);
    }
    let help = Pack::embedded("algoritm").unwrap_err().help.unwrap();
    assert!(help.starts_with("did you mean `algorithm`"), "{help}");
}

#[test]
fn line_ends_of_a_checkout_do_not_change_the_digest() {
    let folder = edited("pack.toml", "name", "name");
    let file = folder.path().join("prompts/solve.j2");
    let text = fs::read_to_string(&file).unwrap().replace('\n', "\r\n");
    fs::write(&file, text).unwrap();
    let pack = Pack::load(folder.path()).unwrap();
    assert_eq!(pack.digest, Pack::embedded("algorithm").unwrap().digest);
    let other = edited("prompts/solve.j2", "You may think first", "Think first");
    let other = Pack::load(other.path()).unwrap();
    assert_ne!(other.digest, pack.digest);
    assert_ne!(other.prompts_digest, pack.prompts_digest);
}

#[test]
fn a_misspelt_core_element_is_an_error_with_the_list() {
    let pack = || Pack::embedded("algorithm").unwrap();
    let PackError { message, help, .. } =
        pack().with_core(&["Story Backgroud".to_owned()]).unwrap_err();
    assert_eq!(message, "`Story Backgroud` is no element of the schema");
    assert_eq!(
        help.unwrap(),
        "did you mean `Story Background`? There are: `Core Algorithm Idea`, `Story Background`, \
         `Strategy Diversity`, `Difficulty Level`"
    );
    let one = ["difficulty level".to_owned(), "Story Background".to_owned()];
    let two = ["Story Background".to_owned(), "Difficulty Level".to_owned()];
    let [one, two] = [one, two].map(|core| pack().with_core(&core).unwrap());
    assert_eq!(one.core, ["Story Background", "Difficulty Level"]);
    assert_eq!(one.digest, two.digest);
    assert_ne!(one.digest, pack().digest);
    let all: Vec<String> = pack().elements.into_iter().map(|element| element.name).collect();
    assert!(pack().with_core(&all).unwrap_err().message.contains("nothing to recombine"));
    assert!(pack().with_core(&[]).is_err());
}

#[test]
fn another_schema_keeps_the_core_it_still_has() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("schema.json");
    let with = |text: &str| {
        fs::write(&file, text).unwrap();
        Pack::embedded("algorithm").unwrap().with_schema(&file)
    };
    let kept = r#"[{"name": "X", "definition": "x"},
                   {"name": "Core Algorithm Idea", "definition": "y"}]"#;
    assert_eq!(with(kept).unwrap().core, ["Core Algorithm Idea"]);
    let other = with(r#"[{"name": "X", "definition": "x"}, {"name": "Y", "definition": "y"}]"#);
    let other = other.unwrap();
    assert_eq!(other.core, ["X"]);
    assert_ne!(other.digest, with(kept).unwrap().digest);
    let error = with("[\n{}]").unwrap_err();
    assert_eq!((error.file, error.line), (file.display().to_string(), Some(2)));
}

#[test]
fn the_system_message_is_constant_over_what_varies() {
    for name in Pack::names() {
        let pack = Pack::embedded(name).unwrap();
        let samples = Samples {
            modes: &pack.judge_modes,
            limits: &pack.limits,
            libraries: pack.library_names(),
        };
        for prompt in Prompt::ALL.into_iter().filter(|prompt| *prompt != Prompt::Again) {
            let messages = samples
                .of(prompt)
                .into_iter()
                .map(|vars| pack.render(prompt, vars).unwrap())
                .collect::<Vec<_>>();
            for variant in &messages {
                assert_eq!(variant[0].role, MessageRole::System);
                assert_eq!(variant[0].content, messages[0][0].content, "{name}: {prompt:?}");
            }
        }
    }
}

#[test]
fn prompts_show_what_they_are_given() {
    let pack = Pack::embedded("algorithm").unwrap();
    let vars = DecomposeVars {
        elements: &pack.elements,
        statement: "Count {{ ships }} & <berths>.",
        solution: Some("print(1 < 2)"),
    };
    let messages = pack.render(Prompt::Decompose, vars).unwrap();
    assert!(messages[0].content.contains(&pack.elements[0].definition));
    assert!(messages[1].content.contains("Count {{ ships }} & <berths>."));
    assert!(messages[1].content.contains("print(1 < 2)"));

    let own = Elements(
        pack.elements.iter().rev().map(|e| (e.name.clone(), format!("own {}", e.name))).collect(),
    );
    let reference = own.without(&pack.core);
    let vars = RecombineVars {
        elements: &pack.elements,
        core: &pack.core,
        own: &own,
        references: &[reference.clone(), reference.clone(), reference],
        limits: &pack.limits,
        libraries: &[],
    };
    let user = &pack.render(Prompt::Recombine, vars).unwrap()[1].content;
    assert_eq!(user.matches("Core Algorithm Idea: own").count(), 1);
    assert_eq!(user.matches("Story Background: own").count(), 4);
    let order = ["Difficulty Level: own", "Story Background: own"].map(|text| user.find(text));
    assert!(order[0] < order[1], "elements are shown in their own order");
}
