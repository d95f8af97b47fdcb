//! No rule of any policy is without a row, and no row without a rule.

use std::collections::BTreeSet;

use isomer_sandbox::Isolation;
use serde_json::Value;

use crate::table::{ENDINGS, Row, Rule, rows};

const PROGRAM: &str = include_str!("../../policy/program.json");

/// What others may do.
const OTHERS: [&str; 3] = [
    include_str!("../../policy/driver.json"),
    include_str!("../../policy/native.json"),
    include_str!("../../policy/compiler.json"),
];

/// The rules of a policy that hold on this machine.
fn rules(policy: &str) -> Vec<Value> {
    let rules: Vec<Value> = serde_json::from_str(policy).unwrap();
    let here = |rule: &Value| {
        rule["only"].as_str().is_none_or(|only| only == "full" || only == std::env::consts::ARCH)
    };
    rules.into_iter().filter(here).collect()
}

fn name(rule: &Value) -> String {
    rule["syscall"].as_str().unwrap().to_owned()
}

/// The value that a rule with a condition wants.
fn condition(rule: &Value) -> Option<i64> {
    rule["args"][0]["val"].as_i64()
}

/// A rule and a row in the same words: name, value of the condition, only where a program is alone.
type Said = BTreeSet<(String, Option<i64>, bool)>;

#[test]
fn every_rule_for_programs_has_a_row_and_every_row_a_rule() {
    let ruled: Said = rules(PROGRAM)
        .iter()
        .map(|rule| (name(rule), condition(rule), rule["only"] == "full"))
        .collect();
    // What `fcntl` is refused elsewhere is not in the list.
    let allowed = |row: &Row| {
        row.rule.allows(Isolation::Full) && (row.name, row.condition.is_some()) != ("fcntl", true)
    };
    let rowed: Said = rows()
        .iter()
        .filter(|row| allowed(row))
        .map(|row| (row.name.to_owned(), row.condition, row.rule == Rule::AllowedAlone))
        .chain(ENDINGS.iter().map(|(name, ..)| ((*name).to_owned(), None, false)))
        .collect();
    let lonely: Vec<_> = ruled.symmetric_difference(&rowed).collect();
    assert!(lonely.is_empty(), "in one of list and table alone: {lonely:?}");
}

#[test]
fn every_condition_is_broken_by_a_row() {
    let broken: BTreeSet<_> = rows()
        .iter()
        .filter(|row| !row.rule.allows(Isolation::Full))
        .map(|row| row.name.to_owned())
        .collect();
    let rules = rules(PROGRAM);
    let missing: Vec<_> = rules
        .iter()
        .filter(|rule| condition(rule).is_some() && !broken.contains(&name(rule)))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_only_others_may_do_has_a_row() {
    let programs: BTreeSet<_> = rules(PROGRAM).iter().map(name).collect();
    let rowed: BTreeSet<_> = rows().iter().map(|row| row.name.to_owned()).collect();
    let missing: Vec<_> = OTHERS
        .into_iter()
        .flat_map(rules)
        .map(|rule| name(&rule))
        .filter(|name| !programs.contains(name) && !rowed.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
