//! Changes of expressions.

use super::Operator;
use super::edit::Edits;
use super::number::neighbours;

/// Functions and methods that differ from their counterparts in one respect.
const COUNTERPARTS: [(&str, &str); 12] = [
    ("min", "max"),
    ("any", "all"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("idxmin", "idxmax"),
    ("floor", "ceil"),
    ("bisect_left", "bisect_right"),
    ("lower", "upper"),
    ("startswith", "endswith"),
    ("lstrip", "rstrip"),
    ("find", "rfind"),
    ("head", "tail"),
];

/// Operators that stand in for others; without `=` at the end.
fn arithmetic(operator: &str) -> Option<&'static str> {
    Some(match operator {
        "+" | "~" => "-",
        "-" | "*" => "+",
        "/" | "//" | "**" => "*",
        "%" => "//",
        "<<" => ">>",
        ">>" => "<<",
        "&" => "|",
        "|" | "^" => "&",
        _ => return None,
    })
}

fn contrary(comparison: &str) -> Option<&'static str> {
    Some(match comparison {
        "==" => "!=",
        "!=" | "<>" => "==",
        "<" => ">=",
        "<=" => ">",
        ">" => "<=",
        ">=" => "<",
        "in" => "not in",
        "not in" => "in",
        "is" => "is not",
        "is not" => "is",
        _ => return None,
    })
}

fn boundary(comparison: &str) -> Option<&'static str> {
    Some(match comparison {
        "<" => "<=",
        "<=" => "<",
        ">" => ">=",
        ">=" => ">",
        _ => return None,
    })
}

impl Edits<'_> {
    pub(super) fn of_expression(&mut self, place: usize) {
        match self.program.kind(place) {
            "binary_operator" | "augmented_assignment" | "unary_operator" => self.operator(place),
            "comparison_operator" => self.comparison(place),
            "boolean_operator" => self.boolean(place),
            "true" => self.replace(place, Operator::Boolean, "False"),
            "false" => self.replace(place, Operator::Boolean, "True"),
            "not_operator" => self.negation(place),
            "integer" | "float" => self.constant(place),
            "conditional_expression" => self.condition(self.program.named_children(place).nth(1)),
            "if_clause" => self.condition(self.program.named_children(place).next()),
            "call" => self.function(place),
            "subscript" => self.index(place),
            _ => {}
        }
    }

    fn operator(&mut self, place: usize) {
        let program = self.program;
        let text = |side: &str| {
            let kind = program.child(place, side).map_or("", |side| program.kind(side));
            matches!(
                kind,
                "string" | "concatenated_string" | "list" | "list_comprehension" | "tuple"
            )
        };
        let Some(operator) = program.child(place, "operator") else { return };
        // Texts and lists cannot be subtracted: that would fail at once and say nothing.
        if text("left") || text("right") {
            return;
        }
        let sign = program.kind(operator);
        let plain = sign.strip_suffix('=').unwrap_or(sign);
        let equals = &sign[plain.len()..];
        if let Some(other) =
            arithmetic(plain).filter(|_| plain != "+" || program.kind(place) != "unary_operator")
        {
            self.replace(operator, Operator::Arithmetic, format!("{other}{equals}"));
        }
    }

    fn comparison(&mut self, place: usize) {
        let program = self.program;
        let operators: Vec<usize> = program
            .children(place)
            .filter(|child| program.node(*child).field == Some("operators"))
            .collect();
        for operator in operators {
            let sign = program.kind(operator);
            if let Some(other) = contrary(sign) {
                self.replace(operator, Operator::Comparison, other);
            }
            if let Some(other) = boundary(sign) {
                self.replace(operator, Operator::Boundary, other);
            }
        }
    }

    fn boolean(&mut self, place: usize) {
        let Some(operator) = self.program.child(place, "operator") else { return };
        let other = if self.program.kind(operator) == "and" { "or" } else { "and" };
        self.replace(operator, Operator::Boolean, other);
    }

    fn negation(&mut self, place: usize) {
        let program = self.program;
        if let Some(argument) = program.child(place, "argument") {
            self.replace(place, Operator::Boolean, program.text(argument));
        }
    }

    fn constant(&mut self, place: usize) {
        for text in neighbours(self.program.text(place)) {
            self.replace(place, Operator::Constant, text);
        }
    }

    /// The contrary of a condition, unless another operator makes it.
    pub(super) fn condition(&mut self, place: Option<usize>) {
        let program = self.program;
        let Some(place) = place else { return };
        let mut inner = place;
        while program.kind(inner) == "parenthesized_expression" {
            let Some(child) = program.named_children(inner).next() else { return };
            inner = child;
        }
        let covered = match program.kind(inner) {
            "true" | "false" | "not_operator" | "integer" => true,
            "comparison_operator" => program.named_children(inner).count() == 2,
            _ => false,
        };
        if !covered {
            self.replace(place, Operator::Condition, format!("not ({})", program.text(place)));
        }
    }

    fn function(&mut self, place: usize) {
        let program = self.program;
        let Some(function) = program.child(place, "function") else { return };
        let name = match program.kind(function) {
            "identifier" => function,
            "attribute" => match program.child(function, "attribute") {
                Some(name) => name,
                None => return,
            },
            _ => return,
        };
        let other = COUNTERPARTS.iter().find_map(|(one, other)| match program.text(name) {
            text if text == *one => Some(*other),
            text if text == *other => Some(*one),
            _ => None,
        });
        if let Some(other) = other.filter(|other| name != function || self.names.knows(other)) {
            self.replace(name, Operator::Function, other);
        }
    }

    fn index(&mut self, place: usize) {
        let program = self.program;
        let mut subscripts =
            program.children(place).filter(|child| program.node(*child).field == Some("subscript"));
        let (Some(only), None) = (subscripts.next(), subscripts.next()) else { return };
        match program.kind(only) {
            "identifier" => {
                self.replace(only, Operator::Index, format!("{} - 1", program.text(only)));
            }
            "slice" => self.slice(only),
            _ => {}
        }
    }

    /// Numbers are changed as constants.
    fn slice(&mut self, place: usize) {
        let program = self.program;
        let mut colons = program.children(place).filter(|child| program.kind(*child) == ":");
        let Some(colon) = colons.next() else { return };
        let step = colons.next().unwrap_or(program.node(place).end);
        let ends: Vec<usize> = program
            .named_children(place)
            .filter(|end| *end < step && program.kind(*end) != "integer")
            .collect();
        if colon == place + 1 {
            let at = program.node(colon).bytes.start;
            self.put(at..at, Operator::Index, "1".to_owned());
        }
        for end in ends {
            let sign = if end < colon { '+' } else { '-' };
            self.replace(end, Operator::Index, format!("({}) {sign} 1", program.text(end)));
        }
    }
}
