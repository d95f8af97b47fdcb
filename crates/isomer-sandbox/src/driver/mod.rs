//! The driver: its source, and the frames that it is told with what to do.

use isomer_record::Trust;

use crate::policy::EXECUTE;
use crate::sandbox::Shared;
use crate::task::{Task, Work};
use crate::{Entry, PyValue, TestJob, first_use, frame, marshal, pytest};

/// Python source of what a program means: how it is compiled and run as a module of its own, and
/// what is told of its end on descriptor 3.
///
/// A driver that works elsewhere puts it before its own source, so that the same program ends the
/// same everywhere. It is to define `plain`, which takes the places of its machine out of a text,
/// and to leave its report in the form that [`crate::read_report`] reads.
pub const PROGRAM: &str = include_str!("program.py");

/// Source of our own driver.
pub(crate) const SOURCE: &str = concat!(
    include_str!("program.py"),
    include_str!("system.py"),
    include_str!("folder.py"),
    include_str!("warm.py"),
    include_str!("job.py"),
    include_str!("rehearse.py"),
    include_str!("main.py"),
);

/// The frame that the driver warms up from: filters, module paths, a program to rehearse, packages
/// and modules of ours.
pub(crate) fn setup(shared: &Shared, packages: &[String]) -> Vec<u8> {
    let sites = if packages.is_empty() { Vec::new() } else { shared.interpreter.sites() };
    let mut content = Vec::new();
    marshal::encode_tuple_head(6, &mut content);
    let policies = &shared.policies;
    let filters = [
        ("program", &policies.program),
        ("solution", &policies.solution),
        ("native", &policies.native),
        ("compiler", &policies.compiler),
    ];
    marshal::encode_tuple_head(filters.len(), &mut content);
    for (name, filter) in filters {
        marshal::encode_tuple_head(2, &mut content);
        marshal::encode(&text(name), &mut content);
        marshal::encode_bytes(filter, &mut content);
    }
    let door = [i128::from(EXECUTE), i128::from(policies.door)];
    let door = door.map(|number| PyValue::Int(number.into())).to_vec();
    marshal::encode(&PyValue::Tuple(door), &mut content);
    marshal::encode(&texts(&sites), &mut content);
    marshal::encode(&text(first_use::PYTHON), &mut content);
    marshal::encode(&first_use::modules(packages), &mut content);
    marshal::encode(&pytest::modules(packages), &mut content);
    frame::framed(&content)
}

/// The frame that the driver's `Job` is made from, and after it what only the job's own processes
/// read: source or command, function and files, and the program.
pub(crate) fn job(task: &Task<'_>) -> Vec<u8> {
    let job = task.job;
    let (kind, function) = match (&task.work, &job.entry) {
        (Work::Program(_) | Work::Tool { .. }, _) => ("exec", ""),
        (Work::Driver, Entry::Stdio) => ("stdio", ""),
        (Work::Driver, Entry::Call { function }) => ("call", function.as_str()),
    };
    let nothing: &[u8] = &[];
    let (policy, source, program) = match &task.work {
        Work::Driver => ("program", text(&job.source), nothing),
        Work::Program(program) => ("native", texts(program.command), program.content.as_slice()),
        Work::Tool { command, .. } => ("compiler", texts(command), nothing),
    };
    let (head, given) = with_files(&job.files, |files| vec![source, text(function), files]);
    let limits = &job.limits;
    let setup = vec![
        text(kind),
        number(limits.cpu_ms),
        number(limits.wall_ms),
        number(limits.memory_bytes),
        number(limits.output_bytes),
        number(limits.file_bytes),
        texts(&job.fetch),
        head,
        number(given.len() as u64),
        text(policy),
        number(program.len() as u64),
    ];
    message(setup, &[&given, program])
}

/// The frame that a session of tests is made from, and after it what only its own processes read.
pub(crate) fn session(test: &TestJob, trust: Trust) -> Vec<u8> {
    let (head, given) = with_files(&test.files, |files| vec![files]);
    let setup = vec![
        text(pytest::PACKAGE),
        number(test.limits.cpu_ms),
        number(test.limits.wall_ms),
        number(test.limits.memory_bytes),
        number(test.limits.file_bytes),
        PyValue::Bool(trust == Trust::TwoProcess),
        PyValue::Int(test.shift_clock_s.into()),
        number(test.solution.len() as u64),
        number(test.tests.len() as u64),
        head,
        number(given.len() as u64),
    ];
    message(setup, &[test.solution.as_bytes(), test.tests.as_bytes(), &given])
}

fn text(text: &str) -> PyValue {
    PyValue::Str(text.to_owned())
}

fn texts(texts: &[String]) -> PyValue {
    PyValue::Tuple(texts.iter().map(|one| text(one)).collect())
}

fn number(number: u64) -> PyValue {
    PyValue::Int(number.into())
}

/// A tuple made with the paths and sizes of files, and after it what is in them; and the tuple's
/// own length.
fn with_files(
    files: &[(String, Vec<u8>)],
    head: impl FnOnce(PyValue) -> Vec<PyValue>,
) -> (PyValue, Vec<u8>) {
    let names = files
        .iter()
        .map(|(path, content)| PyValue::Tuple(vec![text(path), number(content.len() as u64)]));
    let mut given = Vec::new();
    marshal::encode(&PyValue::Tuple(head(PyValue::Tuple(names.collect()))), &mut given);
    let length = number(given.len() as u64);
    given.extend(files.iter().flat_map(|(_, content)| content));
    (length, given)
}

/// A frame, and what follows it unframed.
fn message(setup: Vec<PyValue>, parts: &[&[u8]]) -> Vec<u8> {
    let mut content = Vec::new();
    marshal::encode(&PyValue::Tuple(setup), &mut content);
    let mut sent = frame::framed(&content);
    for part in parts {
        sent.extend_from_slice(part);
    }
    sent
}
