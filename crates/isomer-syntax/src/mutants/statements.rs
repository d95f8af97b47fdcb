//! Changes of statements.

use super::Operator;
use super::edit::Edits;

impl Edits<'_> {
    pub(super) fn of_statement(&mut self, place: usize) {
        match self.program.kind(place) {
            "expression_statement" if self.is_effective(place) => self.delete(place),
            "delete_statement" | "raise_statement" => self.delete(place),
            "break_statement" => {
                self.replace(place, Operator::Loop, "continue");
                self.delete(place);
            }
            "continue_statement" => {
                self.replace(place, Operator::Loop, "break");
                self.delete(place);
            }
            "return_statement" => {
                self.returned(place);
                if !self.is_last_of_function(place) {
                    self.delete(place);
                }
            }
            "if_statement" => {
                self.condition(self.program.child(place, "condition"));
                if self.program.child(place, "alternative").is_none()
                    && !self.program.is_main_guard(place)
                {
                    self.delete(place);
                }
            }
            "elif_clause" | "while_statement" => {
                self.condition(self.program.child(place, "condition"));
            }
            _ => {}
        }
    }

    fn delete(&mut self, place: usize) {
        self.replace(place, Operator::Statement, "pass");
    }

    /// Whether a program can go on without an expression statement, and does something else then.
    fn is_effective(&self, statement: usize) -> bool {
        let program = self.program;
        let Some(only) = program.named_children(statement).next() else { return false };
        match program.kind(only) {
            "call" | "await" | "augmented_assignment" => true,
            "assignment" if program.child(only, "right").is_none() => false,
            "assignment" => {
                program.child(only, "left").is_some_and(|left| match program.kind(left) {
                    "attribute" => !self.is_in_constructor(statement),
                    "subscript" => true,
                    "identifier" => self.has_value(left),
                    _ => false,
                })
            }
            _ => false,
        }
    }

    /// Attributes have no value before the constructor gives them one.
    fn is_in_constructor(&self, statement: usize) -> bool {
        let program = self.program;
        let function = program
            .ancestors(statement)
            .find(|outer| program.kind(*outer) == "function_definition");
        let name = function.and_then(|function| program.child(function, "name"));
        name.is_some_and(|name| program.text(name) == "__init__")
    }

    /// Whether a name is bound before, in the same function.
    fn has_value(&self, name: usize) -> bool {
        let program = self.program;
        let function = program
            .ancestors(name)
            .find(|outer| matches!(program.kind(*outer), "function_definition" | "module"));
        let from = function.unwrap_or(0);
        (from..name).any(|place| {
            program.kind(place) == "identifier"
                && program.text(place) == program.text(name)
                && program.is_bound(place)
        })
    }

    /// Whether what follows a `return` is the end of its function.
    fn is_last_of_function(&self, statement: usize) -> bool {
        let program = self.program;
        let block = program.node(statement).parent;
        let function = program.node(block).parent;
        program.kind(function) == "function_definition"
            && program.named_children(block).last() == Some(statement)
    }

    fn returned(&mut self, statement: usize) {
        let program = self.program;
        let Some(value) = program.named_children(statement).next() else { return };
        let text = match program.kind(value) {
            // Other operators change these.
            "true"
            | "false"
            | "none"
            | "integer"
            | "float"
            | "not_operator"
            | "comparison_operator" => return,
            "boolean_operator" => format!("not ({})", program.text(value)),
            "list" | "list_comprehension" => "[]".to_owned(),
            "dictionary" | "dictionary_comprehension" => "{}".to_owned(),
            "string" | "concatenated_string" => "''".to_owned(),
            _ => "None".to_owned(),
        };
        self.replace(value, Operator::Return, text);
    }
}
