//! What is left alone.

use crate::Program;

/// Calls that set the interpreter up and say nothing about answers.
const SETTING_UP: [&str; 3] = ["setrecursionlimit", "stack_size", "filterwarnings"];

impl Program {
    /// Whether nothing is changed in a node.
    pub(super) fn is_quiet(&self, place: usize) -> bool {
        match self.kind(place) {
            "comment"
            | "import_statement"
            | "import_from_statement"
            | "future_import_statement"
            | "assert_statement"
            | "type"
            | "type_parameter"
            | "type_alias_statement"
            | "decorator"
            | "case_pattern"
            | "format_specifier"
            | "print_statement"
            | "exec_statement"
            | "global_statement"
            | "nonlocal_statement" => true,
            // Whether something is written at once or later.
            "keyword_argument" => {
                self.child(place, "name").is_some_and(|name| self.text(name) == "flush")
            }
            "comparison_operator" => self.is_guarding(place),
            "expression_statement" => self.is_documentation(place) || self.sets_up(place),
            _ => false,
        }
    }

    /// Whether a comparison is the condition of `if __name__ == "__main__":`.
    fn is_guarding(&self, comparison: usize) -> bool {
        self.node(comparison).field == Some("condition")
            && self.is_main_guard(self.node(comparison).parent)
    }

    fn sets_up(&self, statement: usize) -> bool {
        let Some(call) =
            self.named_children(statement).next().filter(|call| self.kind(*call) == "call")
        else {
            return false;
        };
        let Some(function) = self.child(call, "function") else { return false };
        let name = self.text(self.child(function, "attribute").unwrap_or(function));
        SETTING_UP.contains(&name)
    }
}
