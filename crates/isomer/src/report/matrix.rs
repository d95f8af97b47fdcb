//! Near-misses against tests, one mark a test: a picture of what each test is good for.

use isomer_record::{NearMiss, NearMissStatus, Verdict};

use crate::output::Paint;

/// Marks in one row.
const WIDTH: usize = 60;

/// The marks and what they mean.
pub(crate) const LEGEND: [&str; 3] = [
    "· passed  x wrong answer  e error  t time  m memory  o output  ! does not run",
    "- not run",
    "killed late: the first tests had accepted it",
];

/// One letter a verdict, readable without colour.
const fn mark(verdict: Verdict) -> char {
    match verdict {
        Verdict::Accepted => '·',
        Verdict::WrongAnswer => 'x',
        Verdict::RuntimeError => 'e',
        Verdict::TimeLimit => 't',
        Verdict::MemoryLimit => 'm',
        Verdict::OutputLimit => 'o',
        Verdict::CompileError | Verdict::MissingFunction => '!',
        Verdict::NotRun => '-',
    }
}

/// What became of a near-miss, in the words of the report.
pub(crate) fn fate(near_miss: &NearMiss) -> &'static str {
    match near_miss.status {
        NearMissStatus::Killed if near_miss.verdict_before == Verdict::Accepted => "killed late",
        NearMissStatus::Killed => "killed",
        NearMissStatus::Survived => "survived",
        NearMissStatus::Indistinguishable => "same as reference",
        NearMissStatus::Invalid => "not counted",
    }
}

/// The marks of one near-miss, cut into rows.
pub(crate) fn rows(near_miss: &NearMiss, paint: Paint) -> Vec<String> {
    near_miss
        .verdicts
        .chunks(WIDTH)
        .map(|chunk| {
            let marks: String = chunk.iter().map(|verdict| mark(*verdict)).collect();
            match near_miss.status {
                NearMissStatus::Killed => paint.good(&marks),
                NearMissStatus::Survived => paint.bad(&marks),
                NearMissStatus::Indistinguishable | NearMissStatus::Invalid => paint.dim(&marks),
            }
        })
        .collect()
}

/// The marks of each test, one column a near-miss.
pub(crate) fn columns(near_misses: &[NearMiss], paint: Paint) -> impl Iterator<Item = String> {
    let tests = near_misses.iter().map(|near_miss| near_miss.verdicts.len()).max().unwrap_or(0);
    (0..tests).map(move |test| {
        let marks = near_misses.iter().map(|near_miss| near_miss.verdicts.get(test));
        let mark = |verdict: Option<&Verdict>| verdict.map_or(' ', |verdict| mark(*verdict));
        let row: Vec<String> = marks.map(|verdict| format!("{:>3}", mark(verdict))).collect();
        let row = row.concat();
        if row.contains(|mark| !matches!(mark, ' ' | '·' | '-')) { paint.good(&row) } else { row }
    })
}

#[cfg(test)]
mod tests {
    use isomer_record::{NearMiss, NearMissStatus, Verdict};

    use super::{LEGEND, fate, rows};
    use crate::output::Paint;

    #[test]
    fn every_verdict_has_a_mark_that_the_legend_explains() {
        let verdicts = vec![
            Verdict::Accepted,
            Verdict::WrongAnswer,
            Verdict::RuntimeError,
            Verdict::TimeLimit,
            Verdict::MemoryLimit,
            Verdict::OutputLimit,
            Verdict::CompileError,
            Verdict::MissingFunction,
            Verdict::NotRun,
        ];
        let near_miss = NearMiss {
            code: String::new(),
            mistake: String::new(),
            verdict_before: Verdict::Accepted,
            verdict_after: Verdict::WrongAnswer,
            status: NearMissStatus::Killed,
            verdicts,
        };
        assert_eq!(fate(&near_miss), "killed late");
        let rows = rows(&near_miss, Paint::default());
        assert_eq!(rows, ["·xetmo!!-"]);
        assert!(rows[0].chars().all(|letter| LEGEND[..2].concat().contains(letter)));
    }
}
