//! One problem at a time on one core.

use std::path::{Path, PathBuf};

use super::goals::Goals;
use super::{Arguments, open, show};
use crate::Failure;
use crate::sandbox::{Contender, Course, Fresh, Problem, compare, has_bubblewrap};
use crate::table::{line, progress};

/// The interpreter of the distribution: the cheapest to start that most machines have.
const SYSTEM: &str = "/usr/bin/python3";

pub(super) async fn run(arguments: &Arguments, goals: &mut Goals) -> Result<(), Failure> {
    let system = Path::new(SYSTEM).canonicalize().ok();
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    let mut seen: Vec<PathBuf> = Vec::new();
    for wish in [arguments.python.clone(), system.clone()] {
        if wish.is_none() && !seen.is_empty() {
            continue;
        }
        let sandbox = open(wish, 1).await?;
        let python = sandbox.python().path.clone();
        if seen.contains(&python) {
            continue;
        }
        line(&format!("\nPython {}: `{}`", sandbox.python().version, python.display()));
        let isomer = Contender::Isomer { sandbox, width: 1 };
        let mut plain = vec![python.clone()];
        plain.extend(system.clone().filter(|other| *other != python));
        let [one, suite] = tiny(arguments, isomer, &plain).await?;
        alone.extend(one);
        together.extend(suite);
        seen.push(python);
    }
    goals.at_least("a tiny test alone: times faster than `python3 -c`", 6.0, &alone);
    goals.at_least("tiny tests by 20: times faster than `python3 -c`", 6.0, &together);
    match &arguments.packages {
        Some(python) => packages(arguments, python, goals).await,
        None => Ok(()),
    }
}

/// Compares on tiny problems of one test and of 20; for both, the ratios to `python3 -c` of each of
/// these interpreters, of which the first is the sandbox's own.
async fn tiny(
    arguments: &Arguments,
    isomer: Contender,
    plain: &[PathBuf],
) -> Result<[Vec<f64>; 2], Failure> {
    let flags = ["-I", "-S"];
    let mut contenders = vec![isomer];
    contenders.extend(plain.iter().map(|python| Contender::Fresh(Fresh::plain(python, &[]))));
    contenders.push(Contender::Fresh(Fresh::plain(&plain[0], &flags)));
    contenders.extend(walled(&plain[0], &flags).await);
    let mut all = [Vec::new(), Vec::new()];
    for (ratios, tests) in all.iter_mut().zip([1, 20]) {
        let courses = judge(arguments, &contenders, &Problem::tiny(tests)).await?;
        ratios.extend(courses[1..=plain.len()].iter().map(|course| course.ratio(&courses[0])));
    }
    Ok(all)
}

async fn packages(arguments: &Arguments, python: &Path, goals: &mut Goals) -> Result<(), Failure> {
    let sandbox = open(Some(python.to_owned()), 1).await?;
    line(&format!("\nWith packages: `{}`, in the sandbox loaded before", python.display()));
    let fresh = Contender::Fresh(Fresh::plain(python, &[]));
    let mut contenders = vec![Contender::Isomer { sandbox, width: 1 }, fresh];
    contenders.extend(walled(python, &[]).await);
    for (problem, claim, goal) in [
        (Problem::import(), "a trivial test, pandas imported: times faster than fresh", 80.0),
        (Problem::groups(), "a small groupby with pandas: times faster than fresh", 30.0),
    ] {
        let courses = judge(arguments, &contenders, &problem).await?;
        goals.at_least(claim, goal, &[courses[1].ratio(&courses[0])]);
    }
    Ok(())
}

async fn walled(python: &Path, flags: &[&str]) -> Option<Contender> {
    has_bubblewrap().await.then(|| Contender::Fresh(Fresh::walled(python, flags)))
}

async fn judge(
    arguments: &Arguments,
    contenders: &[Contender],
    problem: &Problem,
) -> Result<Vec<Course>, Failure> {
    progress(&problem.name);
    let courses = compare(contenders, problem, arguments.plan(1)).await?;
    show(&format!("{}, one core", problem.name), problem.tests.len(), &courses);
    Ok(courses)
}
