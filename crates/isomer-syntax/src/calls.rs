//! Which functions a program calls that are not its own.

use std::collections::BTreeSet;

use crate::Program;
use crate::names::Names;

impl Program {
    /// Functions and classes that are called, or decorate, by the full names of their modules, such as
    /// `numpy.cumsum` for `np.cumsum` and `heapq.heappush` for `push` after
    /// `push = heapq.heappush`; builtins by their names, such as `sorted`; methods of whatever else
    /// with a dot, such as `.append`. What the program itself defines is left out.
    ///
    /// Scopes are not told apart: a name that is bound anywhere in the program is its own.
    pub fn calls(&self) -> BTreeSet<String> {
        let names = self.names();
        let called = |place: usize| match self.kind(place) {
            "call" => self.child(place, "function"),
            // A decorator with arguments is a call by itself.
            "decorator" => {
                self.named_children(place).next().filter(|child| self.kind(*child) != "call")
            }
            _ => None,
        };
        (0..self.len())
            .filter_map(called)
            .filter_map(|function| self.resolved(function, &names))
            .collect()
    }

    fn resolved(&self, function: usize, names: &Names) -> Option<String> {
        match self.kind(function) {
            "identifier" => resolved_name(self.text(function), names),
            "attribute" => self.dotted(function, names).or_else(|| {
                let method = self.text(self.child(function, "attribute")?);
                (!names.methods.contains(method)).then(|| format!(".{method}"))
            }),
            _ => None,
        }
    }
}

fn resolved_name(name: &str, names: &Names) -> Option<String> {
    if let Some(full) = names.imported.get(name) {
        return Some(full.clone());
    }
    if names.own.contains(name) {
        return None;
    }
    if is_builtin(name) {
        return Some(name.to_owned());
    }
    names.star.as_ref().map(|module| format!("{module}.{name}"))
}

pub(crate) fn is_builtin(name: &str) -> bool {
    BUILTINS.binary_search(&name).is_ok()
}

/// Functions and classes that every program has, without exceptions; in the order of their bytes.
const BUILTINS: [&str; 73] = [
    "__import__",
    "abs",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "exit",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "quit",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];

#[cfg(test)]
mod tests {
    use super::BUILTINS;
    use crate::Program;

    fn calls(source: &str) -> Vec<String> {
        Program::parse(source).unwrap().calls().into_iter().collect()
    }

    #[test]
    fn builtins_are_in_order() {
        assert!(BUILTINS.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn names_are_followed_to_their_modules() {
        for (source, expected) in [
            ("import numpy as np\nnp.cumsum(a)\n", &["numpy.cumsum"][..]),
            ("import numpy.linalg as la\nla.norm(a)\n", &["numpy.linalg.norm"]),
            ("import os.path\nos.path.join(a)\nos.getcwd()\n", &["os.getcwd", "os.path.join"]),
            (
                "from heapq import heappush as p, heappop\np(a)\nheappop(a)\n",
                &["heapq.heappop", "heapq.heappush"],
            ),
            ("from heapq import (\n    heappush,\n)\nheappush(a)\n", &["heapq.heappush"]),
            ("import heapq\npush = heapq.heappush\npush(a)\n", &["heapq.heappush"]),
            ("from math import *\ngcd(len(a), f(b))\ndef f(x): pass\n", &["len", "math.gcd"]),
            (
                "import sys\ninput = sys.stdin.readline\ninput().split()\n",
                &[".split", "sys.stdin.readline"],
            ),
            (
                "from functools import lru_cache, cache\n@lru_cache(None)\ndef f(): pass\n@cache\ndef g(): pass\n",
                &["functools.cache", "functools.lru_cache"],
            ),
        ] {
            assert_eq!(calls(source), expected, "{source}");
        }
    }

    #[test]
    fn what_the_program_defines_is_its_own() {
        for (source, expected) in [
            ("def f(a): return a()\nf(len)\nsorted(a)\n", &["sorted"][..]),
            ("sum = lambda x: x\nsum(1)\n", &[]),
            ("class A:\n    def m(self): self.n.append(1)\nA().m()\n", &[".append"]),
            ("for f, (g, h) in a: f(g(h()))\n", &[]),
            ("def k(f, g=len, *h, i: int = 1, **j): f(); g(); h(); i(); j()\n", &[]),
            ("with open(a) as f: f()\n", &["open"]),
            ("try: a()\nexcept E as e: e()\n", &[]),
            ("if (n := len(a)): n()\n", &["len"]),
            ("match a:\n    case [f]: f()\n", &[]),
            ("from .own import f\nf()\n", &[]),
            ("x[0]()\n(lambda: 1)()\n", &[]),
            ("print('a'.join(map(str, b)))\n", &[".join", "map", "print"]),
        ] {
            assert_eq!(calls(source), expected, "{source}");
        }
    }
}
