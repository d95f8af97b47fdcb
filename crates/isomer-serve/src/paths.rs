//! Paths as SandboxFusion's clients write them.

/// Where programs run.
const WORKING_FOLDER: &str = "/tmp/";

/// The path below the working folder, if that is where it leads.
pub(crate) fn below_working_folder(path: &str) -> Option<String> {
    let mut rest = path.strip_prefix(WORKING_FOLDER).unwrap_or(path);
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter;
    }
    let plain = |name: &str| !matches!(name, "" | "." | "..") && !name.contains('\0');
    rest.split('/').all(plain).then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::below_working_folder;

    #[test]
    fn only_paths_that_stay_below_are_taken() {
        for (path, below) in [
            ("a", Some("a")),
            ("./a/b.txt", Some("a/b.txt")),
            ("/tmp/a", Some("a")),
            ("/tmp/./a", Some("a")),
            ("/etc/passwd", None),
            ("../a", None),
            ("a/../../b", None),
            ("/tmp/", None),
            ("", None),
            ("a\0", None),
        ] {
            assert_eq!(below_working_folder(path).as_deref(), below, "{path}");
        }
    }
}
