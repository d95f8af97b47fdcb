//! What a misspelt name may have meant.

/// Sentences for an error about `wrong`: the nearest of `names` if one is near, and all of them.
pub(super) fn suggest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let folded = wrong.to_lowercase();
    let nearest = names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&folded, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 3)
        .min_by_key(|(distance, _)| *distance);
    let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match nearest {
        Some((_, name)) => format!("did you mean `{name}`? There are: {}", list.join(", ")),
        None => format!("there are: {}", list.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn near_names_are_offered_and_far_ones_are_not() {
        let names = ["Story Background", "Difficulty Level"];
        assert!(suggest("story backgruond", names).starts_with("did you mean `Story Background`?"));
        assert_eq!(suggest("Colour", names), "there are: `Story Background`, `Difficulty Level`");
    }
}
