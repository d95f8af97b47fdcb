//! What a compiler's many words say about the first error.

use crate::Ending;
use crate::execution::clean_message;
use crate::language::Compiled;

/// What is said when a compiler needs more than it may have.
const EXHAUSTED: &str = "compiling takes more time or memory than allowed";

/// The ending of a source that takes too much to compile.
pub(super) fn exhausted() -> Ending {
    Ending::CompileError { message: EXHAUSTED.to_owned(), line: None }
}

/// The ending of a source whose compiler ended like this and said that.
pub(super) fn compile_error(definition: &Compiled, ending: &Ending, words: &str) -> Ending {
    let has_ended = matches!(ending, Ending::ExitStatus(_) | Ending::Finished);
    if !has_ended || definition.exhausted.iter().any(|mark| words.contains(mark)) {
        return exhausted();
    }
    let found = words.lines().find_map(|line| {
        let mut marks = definition.marks.iter();
        marks.find_map(|mark| line.find(mark).map(|at| (line, at, mark.as_str())))
    });
    let source = &definition.source;
    let (message, line) = match found {
        Some((line, at, mark)) => {
            // A mark that is a sentence about errors to come is no part of the message.
            let text = if mark.ends_with(": ") { &line[at + mark.len()..] } else { &line[at..] };
            (text, line_number(&line[..at], source))
        }
        None => ("the compiler failed", None),
    };
    // An error in a library is due to the line that led there; others tell who includes it.
    let mut leading = words.lines().filter(|line| line.starts_with(source.as_str()));
    let line = line
        .or_else(|| leading.find_map(|line| line_number(line, source)))
        .or_else(|| line_number(words, source));
    Ending::CompileError { message: clean_message(message, ""), line }
}

/// A compiler's words without the random part of the names of its temporary files.
pub(super) fn steady(words: &str) -> String {
    const BEFORE: &str = "./cc";
    let mut parts = words.split(BEFORE);
    let mut steady = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let random = part.bytes().take(6).take_while(u8::is_ascii_alphanumeric).count();
        steady.push_str(BEFORE);
        steady.push_str(&part[random..]);
    }
    steady
}

/// The first line of the source that is named.
fn line_number(words: &str, source: &str) -> Option<u32> {
    words.match_indices(source).find_map(|(at, _)| {
        let rest = words[at + source.len()..].strip_prefix(':')?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest[..digits].parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::{compile_error, steady};
    use crate::{Ending, Language};

    fn described(words: &str) -> String {
        let definition = Language::named("cpp").and_then(Language::compiled).unwrap();
        compile_error(definition, &Ending::ExitStatus(1), words).describe()
    }

    #[test]
    fn the_first_error_counts() {
        let words = "solution.cpp: In function 'int main()':\n\
                     solution.cpp:3:5: error: 'x' was not declared in this scope\n\
                     solution.cpp:9:5: error: 'y' was not declared in this scope\n";
        let expected = "does not compile: 'x' was not declared in this scope (line 3)";
        assert_eq!(described(words), expected);
    }

    #[test]
    fn an_error_in_a_library_is_the_fault_of_a_line() {
        let words = "In file included from /usr/include/c++/12/map:60,\n\
                     \x20                from solution.cpp:1:\n\
                     /usr/include/c++/12/bits/stl_function.h: In instantiation of 'bool f()':\n\
                     solution.cpp:7:12:   required from here\n\
                     /usr/include/c++/12/bits/stl_function.h:408:20: error: no match for 'operator<'\n";
        assert_eq!(described(words), "does not compile: no match for 'operator<' (line 7)");
    }

    #[test]
    fn the_linker_speaks_another_way() {
        let words = "/usr/bin/ld: ./ccxJ2pQk.o: in function `main':\n\
                     solution.cpp:(.text.startup+0x5): undefined reference to `f()'\n\
                     collect2: error: ld returned 1 exit status\n";
        assert_eq!(described(words), "does not compile: undefined reference to `f()'");
    }

    #[test]
    fn names_that_change_are_shortened() {
        assert_eq!(steady("./ccxJ2pQk.o: x"), "./cc.o: x");
        assert_eq!(steady("./ccé ./x ./cc"), "./ccé ./x ./cc");
    }

    #[test]
    fn exhaustion_is_told_apart() {
        let expected = "does not compile: compiling takes more time or memory than allowed";
        assert_eq!(described("cc1plus: out of memory allocating 65536 bytes"), expected);
        let words = "g++: fatal error: Killed signal terminated program cc1plus";
        assert_eq!(described(words), expected);
        let definition = Language::named("cpp").and_then(Language::compiled).unwrap();
        assert_eq!(compile_error(definition, &Ending::TimeLimit, "").describe(), expected);
    }

    #[test]
    fn silence_and_nonsense_are_errors_too() {
        assert_eq!(described(""), "does not compile: the compiler failed");
        let words = "solution.cpp:99999999999999: error: \u{7}?";
        assert_eq!(described(words), "does not compile: ?");
    }
}
