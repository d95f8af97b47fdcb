//! `if __name__ == "__main__":`, which runs in programs and never in modules.

use crate::Program;

impl Program {
    /// Whether a node is an `if` statement that asks for the module's name.
    pub(crate) fn is_main_guard(&self, place: usize) -> bool {
        if self.kind(place) != "if_statement" {
            return false;
        }
        let Some(condition) = self.child(place, "condition") else { return false };
        let mut words = self.named_children(condition).map(|child| self.text(child));
        self.kind(condition) == "comparison_operator" && words.any(|word| word == "__name__")
    }
}
