//! Contenders take turns on the same problem, so that whatever else the machine does hits all.

use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt, stream};

use super::machine::own_work;
use super::{Contender, Problem};
use crate::Failure;

/// How long and how often contenders are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Turns of each contender.
    pub(crate) rounds: usize,
    /// Length of a turn; the problems solved in it are as many as fit, but at least one.
    pub(crate) turn: Duration,
    /// Problems at once.
    pub(crate) at_once: usize,
}

/// How one contender did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Course {
    /// Its name.
    pub(crate) name: String,
    /// Seconds per problem in each turn: the turn's length over the problems solved in it.
    pub(crate) turns: Vec<f64>,
    /// Seconds that each single problem took, in ascending order.
    pub(crate) singles: Vec<f64>,
    /// Seconds of processor time per problem in each turn: this process's and its descendants';
    /// none where others did the work.
    pub(crate) work: Vec<f64>,
}

impl Course {
    /// Median of the seconds per problem.
    pub(crate) fn median(&self) -> f64 {
        median(&self.turns)
    }

    /// Median of the seconds of processor time per problem.
    pub(crate) fn median_work(&self) -> Option<f64> {
        (!self.work.is_empty()).then(|| median(&self.work))
    }

    /// How many times as long as another contender it took: the median over the rounds, each of
    /// which compares two turns that followed one another.
    pub(crate) fn ratio(&self, to: &Self) -> f64 {
        let ratios: Vec<f64> =
            self.turns.iter().zip(&to.turns).map(|(own, other)| own / other).collect();
        median(&ratios)
    }
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    percentile(&values, 0.5)
}

/// The value below which this share of ascending values lies; 0 without values.
pub(crate) fn percentile(ascending: &[f64], share: f64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list that fits into memory"
    )]
    let at = (share * ascending.len().saturating_sub(1) as f64).round() as usize;
    ascending.get(at).copied().unwrap_or(0.0)
}

/// Lets all contenders solve the problem in turn.
pub(crate) async fn compare(
    contenders: &[Contender],
    problem: &Problem,
    plan: Plan,
) -> Result<Vec<Course>, Failure> {
    let mut courses = Vec::new();
    let mut counts = Vec::new();
    for contender in contenders {
        // The first one warms up what can be warmed up.
        turn(contender, problem, plan.at_once, plan.at_once).await?;
        let (wall, _) = turn(contender, problem, plan.at_once, plan.at_once).await?;
        counts.push(fitting(plan, wall));
        courses.push(Course { name: contender.name(), ..Course::default() });
    }
    for _ in 0..plan.rounds {
        for ((contender, course), count) in contenders.iter().zip(&mut courses).zip(&counts) {
            let before = own_work()?;
            let (wall, singles) = turn(contender, problem, plan.at_once, *count).await?;
            #[expect(clippy::cast_precision_loss, reason = "nobody waits for 2^52 problems")]
            let problems = *count as f64;
            course.turns.push(wall.as_secs_f64() / problems);
            if contender.works_for_us() {
                course.work.push((own_work()? - before) / problems);
            }
            course.singles.extend(singles);
        }
    }
    for course in &mut courses {
        course.singles.sort_by(f64::total_cmp);
    }
    Ok(courses)
}

/// How many problems a turn has, given how long the first few took.
fn fitting(plan: Plan, wall: Duration) -> usize {
    let batches = plan.turn.as_nanos() / wall.as_nanos().max(1);
    usize::try_from(batches).unwrap_or(usize::MAX).clamp(1, 10_000) * plan.at_once
}

async fn turn(
    contender: &Contender,
    problem: &Problem,
    at_once: usize,
    count: usize,
) -> Result<(Duration, Vec<f64>), Failure> {
    let started = Instant::now();
    let singles = stream::iter(0..count)
        .map(|_| async {
            let started = Instant::now();
            contender.solve(problem).await?;
            Ok::<_, Failure>(started.elapsed().as_secs_f64())
        })
        .buffer_unordered(at_once)
        .try_collect()
        .await?;
    Ok((started.elapsed(), singles))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Course, Plan, fitting, percentile};

    #[test]
    fn percentiles_lie_in_the_list() {
        let values: Vec<f64> = (0..101).map(f64::from).collect();
        assert!((percentile(&values, 0.5) - 50.0).abs() < 1e-9);
        assert!((percentile(&values, 0.95) - 95.0).abs() < 1e-9);
        assert!(percentile(&[], 0.5).abs() < 1e-9);
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        // Twice as slow in each round, though the machine was ten times slower in the second.
        let slow = Course { turns: vec![2.0, 20.0, 2.0], ..Course::default() };
        let fast = Course { turns: vec![1.0, 10.0, 1.0], ..Course::default() };
        assert!((slow.ratio(&fast) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_turn_has_whole_batches() {
        let plan = Plan { rounds: 1, turn: Duration::from_millis(100), at_once: 8 };
        assert_eq!(fitting(plan, Duration::from_millis(30)), 24);
        assert_eq!(fitting(plan, Duration::from_secs(1)), 8);
    }
}
