//! Mutants of small programs, and of any.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::Operator;
use crate::Program;

/// `operator: before -> after` of all mutants.
fn all(source: &str) -> Vec<String> {
    let mutants = Program::parse(source).unwrap().mutants(usize::MAX);
    mutants
        .iter()
        .map(|one| format!("{}: {} -> {}", one.operator.as_str(), one.before, one.after))
        .collect()
}

fn of(source: &str, operator: Operator) -> Vec<String> {
    let mutants = Program::parse(source).unwrap().mutants(usize::MAX);
    mutants.into_iter().filter(|one| one.operator == operator).map(|one| one.after).collect()
}

#[test]
fn each_operator_makes_its_faults() {
    for (operator, source, expected) in [
        (Operator::Arithmetic, "x = a + b\n", &["x = a - b"][..]),
        (Operator::Arithmetic, "x //= a\n", &["x *= a"]),
        (Operator::Arithmetic, "x = -a\n", &["x = +a"]),
        (Operator::Arithmetic, "x = 'a' + b\ny = '%d' % c\nz = [d] * e\n", &[]),
        (Operator::Comparison, "x = a not in b\n", &["x = a in b"]),
        (Operator::Comparison, "x = a is b\n", &["x = a is not b"]),
        (Operator::Comparison, "x = a < b\n", &["x = a >= b"]),
        (Operator::Boundary, "x = a < b <= c\n", &["x = a <= b <= c", "x = a < b < c"]),
        (Operator::Boundary, "x = a == b\n", &[]),
        (Operator::Boolean, "x = a and not b\n", &["x = a or not b", "x = a and b"]),
        (Operator::Boolean, "f(True)\n", &["f(False)"]),
        (Operator::Constant, "x = 5\n", &["x = 4", "x = 6"]),
        (Operator::Constant, "x = a-0\n", &["x = a--1", "x = a-1"]),
        (Operator::Condition, "if(a):\n    pass\n", &["if not ((a)):"]),
        (
            Operator::Condition,
            "x = [a for a in b if c(a)]\n",
            &["x = [a for a in b if not (c(a))]"],
        ),
        (Operator::Condition, "if a < b:\n    pass\nif (not c):\n    pass\n", &[]),
        (Operator::Condition, "x = a if b else c\n", &["x = a if not (b) else c"]),
        (Operator::Statement, "f()\n", &["pass"]),
        (Operator::Statement, "x = 1\nx = 2\n", &["pass"]),
        (Operator::Statement, "def f(a):\n    a = 1\n    b = 2\n    return a\n", &["pass"]),
        (
            Operator::Statement,
            "def f(a):\n    if a:\n        return 1\n    return 2\n",
            &["pass", "pass"],
        ),
        (Operator::Statement, "if a:\n    x()\nelse:\n    y.z = 1\n", &["pass", "pass"]),
        (Operator::Return, "def f():\n    return [a]\n", &["return []"]),
        (Operator::Return, "def f():\n    return a, b\n", &["return None"]),
        (Operator::Return, "def f():\n    return a or b\n", &["return not (a or b)"]),
        (Operator::Return, "def f():\n    return a == b\n", &[]),
        (Operator::Loop, "while a:\n    break\n", &["continue"]),
        (Operator::Function, "x = min(a, b)\n", &["x = max(a, b)"]),
        (Operator::Function, "x = np.floor(a)\n", &["x = np.ceil(a)"]),
        (Operator::Function, "from math import floor\nx = floor(a)\n", &[]),
        (Operator::Function, "from math import ceil, floor\nx = floor(a)\n", &["x = ceil(a)"]),
        (Operator::Function, "def max(a): pass\nx = min(a)\n", &[]),
        (Operator::Index, "x = a[i]\n", &["x = a[i - 1]"]),
        (Operator::Index, "x = a[i:j]\n", &["x = a[(i) + 1:j]", "x = a[i:(j) - 1]"]),
        (Operator::Index, "x = a[:j]\n", &["x = a[1:j]", "x = a[:(j) - 1]"]),
        (Operator::Index, "x = a[::-1]\n", &["x = a[1::-1]"]),
        (Operator::Index, "x = a['b'], a[1], a[i, j]\n", &[]),
    ] {
        assert_eq!(of(source, operator), expected, "{source}");
    }
}

#[test]
fn what_says_nothing_is_left_alone() {
    for source in [
        "'''Returns 1.'''\n",
        "import a\nfrom b import c as d\n",
        "@cache(1)\ndef f(x: List[1]) -> 3:\n    'a'\n    pass\n",
        "assert 1 < 2, 'a'\n",
        "import sys\nsys.setrecursionlimit(10 ** 6)\n",
        "def f(): pass\nif __name__ == '__main__':\n    print(f() + 1)\n",
        "match a:\n    case 1: pass\n",
        "y: int\nx = f'{a:>{8}}'\n",
        "class A:\n    def __init__(self, a):\n        self.a = a\n",
    ] {
        assert_eq!(all(source), [""; 0], "{source}");
    }
}

#[test]
fn a_program_without_functions_is_below_its_guard() {
    let source = "if __name__ == '__main__':\n    x = a + b\n";
    assert_eq!(all(source), ["arithmetic: x = a + b -> x = a - b"]);
}

#[test]
fn lines_and_texts_say_where() {
    let source =
        "def f(a):\n    # ü\n    if a:\n        return (a +\n                1)\n    return 'é'\n";
    let mutants = Program::parse(source).unwrap().mutants(usize::MAX);
    let found = mutants.iter().find(|one| one.operator == Operator::Arithmetic).unwrap();
    assert_eq!((found.line, found.before.as_str()), (4, "return (a +"));
    assert_eq!(found.after, "return (a -");
    let negated = mutants.iter().find(|one| one.operator == Operator::Condition).unwrap();
    assert_eq!((negated.line, negated.after.as_str()), (3, "if not (a):"));
}

const LARGE: &str = "
import bisect
from collections import defaultdict


def solve(values, limit, start=0):
    '''Counts.'''
    seen = defaultdict(int)
    total, best = 0, -1
    for index, value in enumerate(values):
        if value < 0 or value > limit and index % 2 == 0:
            continue
        elif not value:
            break
        total += value * 3 - 1
        seen[value] += 1
        while total >= limit:
            total //= 2
            total = max(total, values[index:limit][0])
        best = min(best, bisect.bisect_left(values, value)) if best is not None else value
        flags = [flag for flag in seen if flag != start]
        if len(flags) > 10:
            raise ValueError(f'too many: {len(flags) + 1}')
    return best, [True for _ in flags]


class Store:
    def __init__(self):
        self.items = {}

    def put(self, key, item):
        if key in self.items:
            return False
        self.items[key] = item
        return True
";

#[test]
fn few_of_many_are_drawn_evenly() {
    let program = Program::parse(LARGE).unwrap();
    let all = program.mutants(usize::MAX);
    assert!(all.len() > 60, "{}", all.len());
    let operators =
        |mutants: &[super::Mutant]| mutants.iter().map(|one| one.operator).collect::<BTreeSet<_>>();
    assert_eq!(operators(&all).len(), 11);
    let few = program.mutants(11);
    assert_eq!(few.len(), 11);
    assert_eq!(operators(&few).len(), 11);
    assert!(few.iter().all(|one| all.contains(one)));
    assert_eq!(few, program.mutants(11));
    assert!(program.mutants(0).is_empty());
}

/// Pieces of which programs are made.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "a", "b", "c", "0", "1", "2.5", "0x1f", "True", "None", "'s'", "f'{a}x'", "[]", "(1, 2)",
        "...", "-1", "1j",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 3, |inner| {
        let binary = prop::sample::select(vec![
            "+", "-", "*", "/", "//", "%", "**", "<<", "&", "|", "<", "<=", "==", "!=", " in ",
            " not in ", " is ", " is not ", " and ", " or ",
        ]);
        prop_oneof![
            (inner.clone(), binary, inner.clone()).prop_map(|(a, sign, b)| format!("{a}{sign}{b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("(not({a}))")),
            inner.clone().prop_map(|a| format!("(not {a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("a[{a}:{b}]")),
            inner.clone().prop_map(|a| format!("b[:{a}]")),
            Just("c[a]".to_owned()),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("min({a}, {b}, key=all)")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} if {b} else c)")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a} for a in b if {b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{{a}: {b}}}")),
            inner.prop_map(|a| format!("(lambda a: {a})")),
        ]
    })
}

fn statement() -> impl Strategy<Value = String> {
    let simple = prop_oneof![
        expression().prop_map(|a| format!("a = {a}\n")),
        expression().prop_map(|a| format!("a += {a}\n")),
        expression().prop_map(|a| format!("print({a})\n")),
        expression().prop_map(|a| format!("b[a] = {a}; c = 1\n")),
        expression().prop_map(|a| format!("raise E({a})\n")),
        expression().prop_map(|a| format!("return {a}\n")),
        Just("return\n".to_owned()),
        Just("continue\n".to_owned()),
        Just("'doc'\n".to_owned()),
        expression().prop_map(|a| format!("if({a}): break\n")),
        expression().prop_map(|a| format!("assert {a}\n")),
    ];
    simple.prop_recursive(3, 16, 4, |inner| {
        let block = prop::collection::vec(inner, 1..4).prop_map(|block| {
            let indented = |statement: &String| {
                statement.lines().flat_map(|line| ["    ", line, "\n"]).collect::<String>()
            };
            block.iter().map(indented).collect::<String>()
        });
        prop_oneof![
            (expression(), block.clone()).prop_map(|(a, block)| format!("if {a}:\n{block}")),
            (expression(), block.clone(), block.clone()).prop_map(|(a, one, other)| format!(
                "if {a}:\n{one}elif not {a}:\n{other}else:\n{one}"
            )),
            (expression(), block.clone())
                .prop_map(|(a, block)| format!("for a in b, {a}:\n{block}")),
            (expression(), block.clone()).prop_map(|(a, block)| format!("while {a}:\n{block}")),
            block.clone().prop_map(|block| format!("def f(a, b=1):\n{block}")),
            block.prop_map(|block| format!("try:\n{block}except E as e:\n{block}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Every mutant parses, differs from the program and from the others, and differs where it says.
    #[test]
    fn mutants_are_programs_of_their_own(
        statements in prop::collection::vec(statement(), 1..4),
        most in 0_usize..40,
    ) {
        let source = statements.concat();
        let program = Program::parse(&source);
        prop_assert!(program.is_some(), "{}", source);
        let Some(program) = program else { return Ok(()) };
        let all = program.mutants(usize::MAX);
        let mut seen = BTreeSet::from([source.clone()]);
        for mutant in &all {
            prop_assert!(Program::parse(&mutant.source).is_some(), "{}", mutant.source);
            prop_assert!(seen.insert(mutant.source.clone()), "{}", mutant.source);
            let same = |one: &str, other: &str| one.lines().zip(other.lines()).take_while(|(a, b)| a == b).count();
            prop_assert_eq!(same(&source, &mutant.source) + 1, mutant.line as usize);
        }
        let few = program.mutants(most);
        prop_assert_eq!(few.len(), most.min(all.len()));
        prop_assert!(few.iter().all(|one| all.contains(one)));
    }
}
