//! Made-up problems with their elements, as long as those of the quickstart.

use isomer_record::Elements;

use crate::splitmix::SplitMix;

/// Words of a problem.
const PROBLEM: usize = 220;

/// Words of an element's value.
const VALUE: usize = 70;

/// Each value is about one of these.
const TOPICS: [&str; 10] = [
    "graph edge node path cycle tree root bridge network shortest flow matching",
    "string letter word prefix suffix palindrome pattern alphabet substring text typing reading",
    "number prime divisor modulo factor multiple digit remainder integer sum product power",
    "array window segment prefix range interval queries update index position left right",
    "harbour ship cargo crane island tide captain lighthouse sailor port anchor storm",
    "bakery bread oven flour customer morning basket cake order shop sugar recipe",
    "game player move board piece turn winner loser strategy score round chance",
    "train station track ticket passenger schedule platform engine signal delay travel city",
    "grid row column cell wall robot maze corner square step direction obstacle",
    "greedy dynamic programming search binary queue stack heap sorting recursion memory state",
];

/// Words of any text.
const COMMON: &str = "the a of and in to is that for it with as are on be this by from or at which each \
                      every must there than more less most least after before given find how many what \
                      when same other one two three all any first last only can may if then between";

/// The problem with this number; the same on every machine.
pub(super) fn problem(number: u64) -> String {
    // A problem tells something of its first two elements, or there would be nothing to measure.
    let topics = [topic(number, 0), topic(number, 1)];
    text(&topics, PROBLEM, number << 8 | 0xFF)
}

/// The elements of the problem with this number.
pub(super) fn elements(number: u64, names: &[String]) -> Elements {
    let values = (0_u64..).zip(names).map(|(place, name)| {
        let value = text(&[topic(number, place)], VALUE, number << 8 | place);
        (name.clone(), value)
    });
    Elements(values.collect())
}

/// What an element of a problem is about.
fn topic(number: u64, place: u64) -> &'static str {
    let draw = SplitMix(number << 8 | place | 0x80).next();
    TOPICS[usize::try_from(draw % 10).unwrap_or_default()]
}

fn text(topics: &[&'static str], length: usize, seed: u64) -> String {
    let mut random = SplitMix(seed);
    let of_topic: Vec<&str> = topics.iter().flat_map(|topic| topic.split(' ')).collect();
    let common: Vec<&str> = COMMON.split_whitespace().collect();
    let mut pick = |words: &[&'static str]| {
        let draw = random.next() % (words.len() as u64);
        words[usize::try_from(draw).unwrap_or_default()]
    };
    let words = (0..length).map(|place| pick(if place % 2 == 0 { &common } else { &of_topic }));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{elements, problem};

    #[test]
    fn texts_differ_and_repeat() {
        let names = ["One".to_owned(), "Two".to_owned()];
        let all: HashSet<String> = (0..500)
            .flat_map(|number| {
                let elements = elements(number, &names);
                assert_eq!(elements, super::elements(number, &names));
                elements.0.into_values().chain([problem(number)]).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(all.len(), 1500);
    }
}
