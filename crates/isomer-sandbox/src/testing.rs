//! Values and executions for tests.

use num_bigint::BigInt;
use proptest::prelude::*;

use crate::{Ending, Execution, Output, PyValue};

/// An execution that finished with this output.
pub(crate) fn finished(output: Output) -> Execution {
    Execution { output, ..Execution::without_run(Ending::Finished) }
}

/// Any plain value of moderate size.
pub(crate) fn any_value() -> impl Strategy<Value = PyValue> {
    let leaf = prop_oneof![
        Just(PyValue::None),
        any::<bool>().prop_map(PyValue::Bool),
        any::<i128>().prop_map(|number| PyValue::Int(BigInt::from(number))),
        (-3_i32..3).prop_map(|number| PyValue::Int(BigInt::from(number))),
        any::<f64>().prop_map(PyValue::Float),
        (-3_i32..3).prop_map(|number| PyValue::Float(f64::from(number) / 2.0)),
        ".{0,6}".prop_map(PyValue::Str),
        Just(PyValue::BrokenStr(vec![0xed, 0xa0, 0x80])),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(PyValue::List),
            prop::collection::vec(inner.clone(), 0..5).prop_map(PyValue::Tuple),
            prop::collection::vec((inner.clone(), inner), 0..4).prop_map(PyValue::Dict),
        ]
    })
}
