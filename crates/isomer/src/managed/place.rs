//! Where the environment is.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::settings::Environment;

/// The folder of the environment, whether or not there is one already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place(PathBuf);

impl Place {
    /// `$ISOMER_ENV`, else a folder among the user's data.
    pub(crate) fn find(environment: &Environment) -> Result<Self, Failure> {
        if let Some(named) = environment.get("ISOMER_ENV") {
            return crate::settings::absolute(Path::new(named)).map(Self);
        }
        let data = environment
            .get("XDG_DATA_HOME")
            .map(PathBuf::from)
            // The specification has relative paths ignored.
            .filter(|path| path.is_absolute())
            .or_else(|| Some(Path::new(environment.get("HOME")?).join(".local/share")));
        let data = data.ok_or_else(|| {
            Failure::new("there is no place for the Python environment: HOME is not set")
                .help("name a folder in ISOMER_ENV")
        })?;
        Ok(Self(data.join("isomer/python")))
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// The interpreter in it.
    pub(crate) fn python(&self) -> PathBuf {
        self.0.join("bin/python")
    }

    /// What says who made it and whether it is complete.
    pub(super) fn marker(&self) -> PathBuf {
        self.0.join("isomer-environment.json")
    }

    /// Held by whoever makes the environment, and shared by those who use it. Beside the folder,
    /// which comes and goes.
    pub(super) fn lock(&self) -> PathBuf {
        self.beside("lock")
    }

    /// Where an older environment waits until the new one is complete.
    pub(super) fn before(&self) -> PathBuf {
        self.beside("before")
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.0.clone().into_os_string();
        name.push(".");
        name.push(ending);
        name.into()
    }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use crate::settings::Environment;

    #[test]
    fn the_user_names_the_place_or_has_a_home() {
        let found = |pairs: &[(&str, &str)]| Place::find(&Environment::of(pairs));
        let home = ("HOME", "/home/me");
        for (variables, expected) in [
            (&[home, ("ISOMER_ENV", "/opt/env")][..], "/opt/env"),
            (&[home, ("XDG_DATA_HOME", "/data")], "/data/isomer/python"),
            (&[home, ("XDG_DATA_HOME", "relative")], "/home/me/.local/share/isomer/python"),
            (&[home], "/home/me/.local/share/isomer/python"),
        ] {
            assert_eq!(found(variables).unwrap().folder().to_str(), Some(expected));
        }
        assert!(found(&[]).is_err());
        assert_eq!(found(&[home]).unwrap().lock().extension().unwrap(), "lock");
    }
}
