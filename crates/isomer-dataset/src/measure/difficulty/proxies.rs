//! Signs of difficulty that need no model: how long the statement is, and how large and branched the
//! reference solution.

use isomer_record::TaskLine;
use isomer_syntax::Program;

use crate::measure::{Proxies, Size, Spread};

/// The size of a program.
pub fn size(program: &Program) -> Size {
    let size = program.size();
    Size { lines: size.lines, tokens: size.tokens, cyclomatic: size.cyclomatic }
}

/// Sums up over tasks.
#[derive(Clone, Debug, Default)]
pub struct ProxyMeter {
    sizes: Vec<Size>,
    statements: Vec<u32>,
}

impl ProxyMeter {
    /// Adds a task.
    pub fn add(&mut self, task: &TaskLine, size: Option<Size>) {
        self.sizes.extend(size);
        let letters = task.statement.chars().count();
        self.statements.push(u32::try_from(letters).unwrap_or(u32::MAX));
    }

    /// The sums.
    pub fn finish(&self) -> Proxies {
        let of = |part: fn(&Size) -> u32| spread(self.sizes.iter().map(part));
        Proxies {
            lines: of(|size| size.lines),
            tokens: of(|size| size.tokens),
            cyclomatic: of(|size| size.cyclomatic),
            statement: spread(self.statements.iter().copied()),
        }
    }
}

/// Counts have no upper end of their own: the bins end at the greatest.
fn spread(counts: impl Iterator<Item = u32>) -> Option<Spread> {
    let counts: Vec<f64> = counts.map(f64::from).collect();
    let high = counts.iter().copied().fold(1.0, f64::max);
    Spread::of(counts, 0.0, high)
}

#[cfg(test)]
mod tests {
    use isomer_record::TaskLine;
    use isomer_syntax::Program;
    use serde_json::json;

    use super::ProxyMeter;

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let mut meter = ProxyMeter::default();
        for solution in ["print(1)\n", "if x:\n    print(1)\n", "", "int main() {}"] {
            let task: TaskLine = serde_json::from_value(
                json!({"id": "a", "statement": "Ädd.", "judge_mode": "stdio", "solution": solution}),
            )
            .unwrap();
            let size = Program::parse(&task.solution).filter(|_| !solution.is_empty());
            meter.add(&task, size.as_ref().map(super::size));
        }
        let proxies = meter.finish();
        assert_eq!(proxies.lines.as_ref().map(|lines| lines.count), Some(2));
        assert_eq!(proxies.cyclomatic.map(|paths| paths.quantiles[6]), Some(2.0));
        let statement = proxies.statement.unwrap();
        assert_eq!((statement.count, statement.mean), (4, 4.0));
        assert!(ProxyMeter::default().finish().statement.is_none());
    }
}
