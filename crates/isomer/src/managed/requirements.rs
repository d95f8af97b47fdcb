//! What belongs into the environment: a data file, and the Pythons it is made for.

/// The pins, as pip and uv read them.
pub(crate) const TEXT: &str = include_str!("../../python/requirements.txt");

/// What people ask for by name; the rest of the file is what these need.
pub(crate) const LIBRARIES: [&str; 6] =
    ["numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "pytest"];

/// First and last version of CPython that the pins are made for.
pub(super) const PYTHONS: ((u32, u32), (u32, u32)) = ((3, 9), (3, 14));

/// Changes with every pin.
pub(super) fn digest() -> String {
    blake3::hash(TEXT.as_bytes()).to_hex().to_string()
}

/// Whether the pins are made for this version.
pub(super) fn supports((major, minor): (u32, u32)) -> bool {
    (PYTHONS.0..=PYTHONS.1).contains(&(major, minor))
}

/// The range for people, such as `3.9 to 3.14`.
pub(super) fn range() -> String {
    let ((first, low), (last, high)) = PYTHONS;
    format!("{first}.{low} to {last}.{high}")
}

#[cfg(test)]
mod tests {
    use super::{LIBRARIES, TEXT, range, supports};

    fn pins() -> impl Iterator<Item = (&'static str, &'static str)> {
        TEXT.lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split_once("==").unwrap_or_else(|| panic!("`{line}` pins no version")))
    }

    #[test]
    fn everything_is_pinned_and_every_library_is_there() {
        for library in LIBRARIES {
            assert!(pins().any(|(name, _)| name == library), "{library}");
        }
        // One place is named by the file alone: where it is to be had is the user's setting.
        assert!(!TEXT.contains("http") && !TEXT.contains("--"), "options belong to the user");
    }

    #[test]
    fn the_range_is_that_of_the_data_file() {
        assert!(TEXT.contains(&format!("CPython {}", range())));
        assert!(supports((3, 9)) && supports((3, 14)));
        assert!(!supports((3, 8)) && !supports((3, 15)) && !supports((2, 12)));
    }
}
