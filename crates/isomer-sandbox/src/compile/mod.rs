//! From a source to a program: compilers run in jails too, and each source only once.

mod cache;
mod header;
mod image;
mod message;
mod toolchain;

use std::sync::Arc;

use crate::course::{Course, Lane};
use crate::language::{Compiled, Language};
use crate::sandbox::Shared;
use crate::task::{Program, Task, Work};
use crate::{Ending, Execution, Job, Sandbox, SandboxError, Stop, resources};

use cache::Cache;
use toolchain::{Toolchain, Toolchains};

/// What came of compiling a source.
#[derive(Clone)]
pub(crate) enum Build {
    /// The program.
    Program(Arc<Program>),
    /// Why there is none: the execution of the compiler, ending with a compile error.
    Refused(Arc<Execution>),
}

/// The compilers of a sandbox and what they have made.
#[derive(Default)]
pub(crate) struct Compilers {
    toolchains: Toolchains,
    cache: Cache,
}

/// The program of a source; compiled unless that was done before.
pub(crate) async fn build(
    sandbox: &Sandbox,
    language: Language,
    definition: &'static Compiled,
    source: &str,
) -> Result<Build, SandboxError> {
    let shared = &sandbox.shared;
    let compilers = &shared.compilers;
    let toolchain = compilers.toolchains.get(shared, language, definition).await?;
    let place = compilers.cache.place(toolchain.key(source));
    let built = place.get_or_try_init(|| async {
        header::consider(sandbox, &toolchain, source);
        compile(shared, &toolchain, source).await
    });
    let built = built.await?.clone();
    compilers.cache.trim();
    Ok(built)
}

/// The version of a language's compiler.
pub(crate) async fn version(
    shared: &Shared,
    language: Language,
    definition: &'static Compiled,
) -> Result<String, SandboxError> {
    let toolchain = shared.compilers.toolchains.get(shared, language, definition).await?;
    Ok(toolchain.version.clone())
}

async fn compile(
    shared: &Shared,
    toolchain: &Toolchain,
    source: &str,
) -> Result<Build, SandboxError> {
    let definition = toolchain.definition;
    if source.len() as u64 > definition.limits().file_bytes / 2 {
        return Ok(refused(Execution::without_run(message::exhausted())));
    }
    let mut arguments = Vec::new();
    let mut binds = toolchain.binds.clone();
    if let (Some(bind), Some(header)) = (toolchain.header.bind(), &definition.header) {
        binds.push(bind);
        arguments.extend_from_slice(&header.usage);
    }
    arguments.extend_from_slice(&definition.build);
    let step = Step {
        file: &definition.source,
        content: source,
        arguments: &arguments,
        result: &definition.result,
    };
    let (execution, result) = run(shared, toolchain, step, binds).await?;
    Ok(match (&execution.ending, result) {
        (Ending::Finished, Some(content)) => {
            let memory_bytes = image::memory(&content);
            Build::Program(Arc::new(Program { content, command: &definition.run, memory_bytes }))
        }
        (Ending::Finished, None) => {
            let detail = "the compiler finished without a result".to_owned();
            return Err(SandboxError::Broken { detail });
        }
        (Ending::TimeLimit, _) if execution.cpu_ms < definition.limits().cpu_ms => {
            // A compiler waits for nothing: it is the machine that is too slow.
            let detail = "the compiler gets too little processor time".to_owned();
            return Err(SandboxError::Broken { detail });
        }
        (ending, _) => {
            let ending = message::compile_error(definition, ending, &execution.stderr);
            refused(Execution { ending, stderr: message::steady(&execution.stderr), ..execution })
        }
    })
}

fn refused(execution: Execution) -> Build {
    Build::Refused(Arc::new(execution))
}

/// One call of a compiler.
struct Step<'step> {
    /// Name of the file that it reads.
    file: &'step str,
    content: &'step str,
    /// What it is told, after the flags that it is always told.
    arguments: &'step [String],
    /// Name of the file that it is to write.
    result: &'step str,
}

/// Runs the compiler in a jail; returns what it wrote, too.
async fn run(
    shared: &Shared,
    toolchain: &Toolchain,
    step: Step<'_>,
    binds: Vec<crate::launcher::Bind>,
) -> Result<(Execution, Option<Vec<u8>>), SandboxError> {
    let definition = toolchain.definition;
    let job = Job {
        limits: definition.limits(),
        files: vec![(step.file.to_owned(), step.content.as_bytes().to_vec())],
        fetch: vec![step.result.to_owned()],
        ..Job::default()
    };
    resources::check(&job.limits)?;
    let path = std::slice::from_ref(&toolchain.path);
    let command = [path, &definition.flags, step.arguments].concat();
    let task = Task { job: &job, work: Work::Tool { command, binds } };
    let course = Course::new(Stop::Never, vec![Vec::new()], |_, _| {});
    Lane::new(shared, &task, &course).run().await?;
    let missing = || SandboxError::Broken { detail: "no answer of the compiler".to_owned() };
    let mut execution = course.finish().pop().ok_or_else(missing)?;
    let result = std::mem::take(&mut execution.files).pop().map(|(_, content)| content);
    Ok((execution, result))
}
