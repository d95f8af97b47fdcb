//! Many problems at once on all cores, other projects' servers among those who judge them.

use std::path::PathBuf;

use super::goals::Goals;
use super::{Arguments, open, show};
use crate::Failure;
use crate::sandbox::{Busy, Contender, Course, Jails, Plan, Problem, compare, percentile};
use crate::table::{line, print, progress};

pub(super) async fn run(
    arguments: &Arguments,
    cores: usize,
    goals: &mut Goals,
) -> Result<(), Failure> {
    peers(arguments, cores, goals).await?;
    let mut problems = vec![(Problem::tiny(1), arguments.python.clone())];
    problems.push((Problem::tiny(20), arguments.python.clone()));
    if arguments.packages.is_some() {
        problems.push((Problem::groups(), arguments.packages.clone()));
    }
    let (mut speeds, mut rooms, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    for (problem, python) in &problems {
        for &at_once in &arguments.at_once {
            progress(&format!("{}, {at_once} at once", problem.name));
            let crowd = Crowd::gather(arguments, problem, python.clone(), at_once, cores).await?;
            if at_once == 8 {
                shares.push(crowd.busy * 100.0);
            }
            speeds.push(crowd.speed(problem, at_once, cores));
            rooms.push(crowd.room(problem));
        }
    }
    let head = ["problem", "at once", "tests per s", "and core", "p50 ms", "p95 ms", "busy", "own"];
    print(&format!("At once, {cores} cores"), &head, &speeds);
    line(
        "\nBusy: the share of all cores that was not idle. Own: the share that this process, the \
         jails and their programs used; less than busy means that others were at work, or the \
         kernel on nobody's account.",
    );
    let head = ["warm for", "jails", "MiB per jail, resident", "MiB per jail, proportional"];
    print("Memory of warm jails", &head, &rooms);
    goals.at_least("% of the cores busy at 8 at once", 95.0, &shares);
    Ok(())
}

/// The same 20-test problem for all, one and several at once.
async fn peers(arguments: &Arguments, cores: usize, goals: &mut Goals) -> Result<(), Failure> {
    if arguments.peers.is_empty() {
        return Ok(());
    }
    let problem = Problem::tiny(20);
    let mut contenders = Vec::new();
    contenders.extend(arguments.peers.iter().cloned().map(Contender::Peer));
    let mut ratios = vec![Vec::new(); contenders.len()];
    for at_once in [1, 8] {
        progress(&format!("{}, other servers, {at_once} at once", problem.name));
        let sandbox = open(arguments.python.clone(), cores).await?;
        // One problem may use all cores, as it may at the peers; with several, they share.
        let width = if at_once == 1 { cores } else { 1 };
        contenders.insert(0, Contender::Isomer { sandbox, width });
        let courses = compare(&contenders, &problem, arguments.plan(at_once)).await?;
        contenders.remove(0);
        let title = format!("{}, {at_once} at once, {cores} cores", problem.name);
        show(&title, problem.tests.len(), &courses);
        for (ratios, course) in ratios.iter_mut().zip(&courses[1..]) {
            ratios.push(course.ratio(&courses[0]));
        }
    }
    for (peer, ratios) in arguments.peers.iter().zip(&ratios) {
        let goal = match peer.name.as_str() {
            "sandboxfusion" => 12.0,
            "sandboxfusion-lite" => 50.0,
            "scalebox" => 3.0,
            _ => 1.0,
        };
        let claim = format!("a 20-test problem: times faster than {}", peer.name);
        goals.at_least(&claim, goal, ratios);
    }
    Ok(())
}

/// One problem, judged by several jails at once.
struct Crowd {
    course: Course,
    busy: f64,
    own: f64,
    memory: Jails,
}

impl Crowd {
    async fn gather(
        arguments: &Arguments,
        problem: &Problem,
        python: Option<PathBuf>,
        at_once: usize,
        cores: usize,
    ) -> Result<Self, Failure> {
        let sandbox = open(python, at_once).await?;
        let contenders = [Contender::Isomer { sandbox, width: 1 }];
        let plan = arguments.plan(at_once);
        // Starts the jails, which is not to be measured.
        compare(&contenders, problem, Plan { rounds: 1, ..plan }).await?;
        let watch = Busy::watch(cores)?;
        let mut courses = compare(&contenders, problem, plan).await?;
        let (busy, own) = watch.shares()?;
        let memory = Jails::look(at_once)?;
        let course = courses.pop().unwrap_or_default();
        Ok(Self { course, busy, own, memory })
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of tests and cores")]
    fn speed(&self, problem: &Problem, at_once: usize, cores: usize) -> Vec<String> {
        let rate = problem.tests.len() as f64 / self.course.median();
        let at = |share| percentile(&self.course.singles, share) * 1e3;
        vec![
            problem.name.clone(),
            at_once.to_string(),
            format!("{rate:.0}"),
            format!("{:.0}", rate / cores as f64),
            format!("{:.1}", at(0.5)),
            format!("{:.1}", at(0.95)),
            format!("{:.0} %", self.busy * 100.0),
            format!("{:.0} %", self.own * 100.0),
        ]
    }

    fn room(&self, problem: &Problem) -> Vec<String> {
        let Jails { count, resident, proportional } = self.memory;
        #[expect(clippy::cast_precision_loss, reason = "a number of jails")]
        let each = |sum: f64| format!("{:.1}", sum / count as f64);
        vec![
            problem.name.clone(),
            count.to_string(),
            each(resident),
            proportional.map_or_else(|| "not readable".to_owned(), each),
        ]
    }
}
