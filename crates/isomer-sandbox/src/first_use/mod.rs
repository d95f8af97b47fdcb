//! Programs that use a package once while a jail is warmed, so that what it loads late and keeps
//! for later is there before the first of many programs needs it.

use crate::PyValue;

/// What is done with Python itself, in every jail.
pub(crate) const PYTHON: &str = include_str!("python.py");

/// Packages with what is done with them.
const PACKAGES: [(&str, &str); 2] =
    [("numpy", include_str!("numpy.py")), ("pandas", include_str!("pandas.py"))];

/// Modules to load, each with its program, which is empty for most.
pub(crate) fn modules(packages: &[String]) -> PyValue {
    let package = |name: &String| {
        let known = PACKAGES.iter().find(|(package, _)| package == name);
        let program = known.map_or("", |(_, program)| program);
        PyValue::Tuple(vec![PyValue::Str(name.clone()), PyValue::Str(program.to_owned())])
    };
    PyValue::Tuple(packages.iter().map(package).collect())
}
