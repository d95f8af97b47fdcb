//! Which names a program binds itself, and which are those of modules.

use std::collections::{BTreeMap, BTreeSet};

use crate::Program;
use crate::calls::is_builtin;

/// What names stand for. One scope is assumed for the whole program: a name that is bound anywhere
/// is taken for the program's own everywhere, unless it was imported.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Names of modules and of what is in them, by the name in the program.
    pub(crate) imported: BTreeMap<String, String>,
    /// The module of the only `from ... import *`.
    pub(crate) star: Option<String>,
    /// Other names that the program binds.
    pub(crate) own: BTreeSet<String>,
    /// How many functions it defines.
    functions: usize,
    /// Functions that its classes define.
    pub(crate) methods: BTreeSet<String>,
}

impl Names {
    pub(crate) fn has_functions(&self) -> bool {
        self.functions > 0
    }

    /// Whether a name stands for a builtin, or for what was imported by this name.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.imported.contains_key(name) || is_builtin(name) && !self.own.contains(name)
    }
}

impl Program {
    pub(crate) fn names(&self) -> Names {
        let mut names = Names::default();
        let mut stars = Vec::new();
        for place in 0..self.len() {
            match self.kind(place) {
                "import_statement" => self.import(place, &mut names),
                "import_from_statement" => stars.extend(self.import_from(place, &mut names)),
                "function_definition" => self.define(place, &mut names),
                "class_definition" => {
                    names
                        .own
                        .extend(self.child(place, "name").map(|name| self.text(name).to_owned()));
                }
                "identifier" if self.is_bound(place) => {
                    names.own.insert(self.text(place).to_owned());
                }
                _ => {}
            }
        }
        if let [only] = stars.as_slice() {
            names.star = Some(only.clone());
        }
        self.follow_aliases(&mut names);
        names
    }

    fn import(&self, place: usize, names: &mut Names) {
        for child in self.named_children(place) {
            let (module, alias) = self.imported_name(child);
            let (name, stands_for) = alias.map_or_else(
                || {
                    // `import a.b` binds `a`.
                    let first = module.split('.').next().unwrap_or_default();
                    (first.to_owned(), first.to_owned())
                },
                |alias| (alias, module.clone()),
            );
            names.imported.insert(name, stands_for);
        }
    }

    /// Returns the module if everything is imported from it.
    fn import_from(&self, place: usize, names: &mut Names) -> Option<String> {
        let module = self.child(place, "module_name")?;
        if self.kind(module) != "dotted_name" {
            return None;
        }
        let module = self.text(module).replace(char::is_whitespace, "");
        let mut star = None;
        for child in self.named_children(place).skip(1) {
            if self.kind(child) == "wildcard_import" {
                star = Some(module.clone());
                continue;
            }
            let (name, alias) = self.imported_name(child);
            names
                .imported
                .insert(alias.unwrap_or_else(|| name.clone()), format!("{module}.{name}"));
        }
        star
    }

    fn imported_name(&self, place: usize) -> (String, Option<String>) {
        let text = |place| self.text(place).replace(char::is_whitespace, "");
        if self.kind(place) != "aliased_import" {
            return (text(place), None);
        }
        let name = self.child(place, "name").map(text).unwrap_or_default();
        (name, self.child(place, "alias").map(text))
    }

    fn define(&self, place: usize, names: &mut Names) {
        let Some(name) = self.child(place, "name").map(|name| self.text(name).to_owned()) else {
            return;
        };
        names.functions += 1;
        let around = self.ancestors(place).find(|outer| {
            matches!(self.kind(*outer), "function_definition" | "class_definition" | "lambda")
        });
        if around.is_some_and(|outer| self.kind(outer) == "class_definition") {
            names.methods.insert(name);
        } else {
            names.own.insert(name);
        }
    }

    /// Whether an identifier is where a value is bound to it.
    pub(crate) fn is_bound(&self, place: usize) -> bool {
        let mut at = place;
        for outer in self.ancestors(place) {
            let field = self.node(at).field;
            match self.kind(outer) {
                "pattern_list"
                | "tuple_pattern"
                | "list_pattern"
                | "list_splat_pattern"
                | "dictionary_splat_pattern"
                | "as_pattern_target" => {}
                "assignment" | "augmented_assignment" | "for_statement" | "for_in_clause" => {
                    return field == Some("left");
                }
                "named_expression" | "default_parameter" | "typed_default_parameter" => {
                    return field == Some("name");
                }
                "typed_parameter" => return field != Some("type"),
                "parameters" | "lambda_parameters" | "case_pattern" => return true,
                "dotted_name" if self.node(outer).end == outer + 2 => {}
                "as_pattern" | "except_clause" => return field == Some("alias"),
                _ => return false,
            }
            at = outer;
        }
        false
    }

    /// `push = heapq.heappush` makes a name of another one.
    fn follow_aliases(&self, names: &mut Names) {
        for place in 0..self.len() {
            if self.kind(place) != "assignment" {
                continue;
            }
            let (Some(left), Some(right)) = (self.child(place, "left"), self.child(place, "right"))
            else {
                continue;
            };
            if self.kind(left) != "identifier" || self.kind(right) != "attribute" {
                continue;
            }
            if let Some(full) = self.dotted(right, names) {
                names.imported.entry(self.text(left).to_owned()).or_insert(full);
            }
        }
    }

    /// The full name of `a.b.c` where `a` is of a module.
    pub(crate) fn dotted(&self, place: usize, names: &Names) -> Option<String> {
        let mut parts = Vec::new();
        let mut at = place;
        while self.kind(at) == "attribute" {
            parts.push(self.text(self.child(at, "attribute")?));
            at = self.child(at, "object")?;
        }
        if self.kind(at) != "identifier" {
            return None;
        }
        let mut full = names.imported.get(self.text(at))?.clone();
        for part in parts.into_iter().rev() {
            full.push('.');
            full.push_str(part);
        }
        Some(full)
    }
}
