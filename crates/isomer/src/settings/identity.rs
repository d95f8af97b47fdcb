//! What decides the result of a run, and how two such descriptions differ.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Everything that decides which tasks a run makes. Stored in `run.toml` when the run begins; a
/// resume must agree with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    /// Where answers come from.
    pub(crate) answers: Answers,
    /// Blueprints per seed.
    pub(crate) samples: u32,
    /// Seed of every random choice.
    pub(crate) seed: u64,
    /// Repairs of a failing candidate.
    pub(crate) repairs: u32,
    /// Near-misses asked for per task.
    pub(crate) near_misses: u32,
    /// Rewrites of the tests.
    pub(crate) harden_rounds: u32,
    /// The seeds.
    pub(crate) seeds: SeedsIdentity,
    /// The domain.
    pub(crate) pack: PackIdentity,
    /// Model and sampling by role; with a recording its own models count, and these say only how
    /// the questions were put.
    pub(crate) roles: BTreeMap<String, RoleModel>,
}

/// Where answers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Answers {
    /// An endpoint.
    Live,
    /// A recording.
    Recording,
}

/// The seed files by their content; where they are is kept only to find them again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedsIdentity {
    /// BLAKE3 of the files' bytes, in the order given.
    pub(crate) digest: String,
    /// The files.
    pub(crate) files: Vec<PathBuf>,
    /// Whether an unusable row stops the start.
    pub(crate) strict: bool,
}

/// The domain pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackIdentity {
    /// Name or folder, as it is loaded again.
    pub(crate) source: String,
    /// Digest of all that the pack says, replaced schema and core elements included.
    pub(crate) digest: String,
    /// Schema file that replaces the pack's elements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) schema: Option<PathBuf>,
    /// Names of the core elements.
    pub(crate) core: Vec<String>,
}

/// Model and sampling of one role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleModel {
    /// The model.
    pub(crate) model: String,
    /// As in the request, if it was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) temperature: Option<f64>,
    /// As in the request, if it was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top_p: Option<f64>,
    /// As in the request, if it was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_tokens: Option<u32>,
}

/// One setting in which a resume differs from its run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The setting, as `run.toml` calls it.
    pub(crate) name: String,
    /// Its value in the run.
    pub(crate) run: String,
    /// Its value now.
    pub(crate) now: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is {} in the run and {} now", self.name, self.run, self.now)
    }
}

impl Identity {
    /// Every way in which `now` contradicts this run, in a fixed order.
    pub(crate) fn differences(&self, now: &Self) -> Vec<Difference> {
        let mut list = Differences(Vec::new());
        list.add("answers", &self.answers, &now.answers);
        if now.samples < self.samples {
            // What is paid for cannot be taken back; more of it is welcome.
            list.add("samples", &self.samples, &now.samples);
        }
        list.add("seed", &self.seed, &now.seed);
        list.add("repairs", &self.repairs, &now.repairs);
        list.add("near_misses", &self.near_misses, &now.near_misses);
        list.add("harden_rounds", &self.harden_rounds, &now.harden_rounds);
        list.add("seeds.digest", short(&self.seeds.digest), short(&now.seeds.digest));
        list.add("pack.core", &self.pack.core.join(", "), &now.pack.core.join(", "));
        list.add("pack.digest", short(&self.pack.digest), short(&now.pack.digest));
        for role in super::ROLES {
            let run = self.roles.get(*role).cloned().unwrap_or_default();
            let now = now.roles.get(*role).cloned().unwrap_or_default();
            // A recording answers whatever the model is called; the questions still count.
            if self.answers == Answers::Live {
                list.add(&format!("roles.{role}.model"), &run.model, &now.model);
            }
            list.add_optional(
                &format!("roles.{role}.temperature"),
                run.temperature.as_ref(),
                now.temperature.as_ref(),
            );
            list.add_optional(
                &format!("roles.{role}.top_p"),
                run.top_p.as_ref(),
                now.top_p.as_ref(),
            );
            list.add_optional(
                &format!("roles.{role}.max_tokens"),
                run.max_tokens.as_ref(),
                now.max_tokens.as_ref(),
            );
        }
        together(&list.0)
    }
}

/// What differs in the same way for every role is said once.
fn together(differences: &[Difference]) -> Vec<Difference> {
    let of_role = |name: &str| {
        let (_, field) = name.strip_prefix("roles.")?.split_once('.')?;
        Some(format!("roles.*.{field}"))
    };
    let mut list: Vec<Difference> = Vec::new();
    for one in differences {
        let Some(name) = of_role(&one.name) else {
            list.push(one.clone());
            continue;
        };
        let same = |other: &&Difference| {
            of_role(&other.name).as_ref() == Some(&name)
                && (&other.run, &other.now) == (&one.run, &one.now)
        };
        let merged = Difference { name: name.clone(), ..one.clone() };
        if differences.iter().filter(same).count() < super::ROLES.len() {
            list.push(one.clone());
        } else if !list.contains(&merged) {
            list.push(merged);
        }
    }
    list
}

struct Differences(Vec<Difference>);

impl Differences {
    fn add<T: fmt::Display + PartialEq + ?Sized>(&mut self, name: &str, run: &T, now: &T) {
        if run != now {
            self.push(name, format!("`{run}`"), format!("`{now}`"));
        }
    }

    fn add_optional<T: fmt::Display + PartialEq>(
        &mut self,
        name: &str,
        run: Option<&T>,
        now: Option<&T>,
    ) {
        let text = |value: Option<&T>| {
            value.map_or_else(|| "unset".to_owned(), |value| format!("`{value}`"))
        };
        if run != now {
            self.push(name, text(run), text(now));
        }
    }

    fn push(&mut self, name: &str, run: String, now: String) {
        self.0.push(Difference { name: name.to_owned(), run, now });
    }
}

/// Enough of a digest to tell two apart.
fn short(digest: &str) -> &str {
    digest.get(..16).unwrap_or(digest)
}

impl fmt::Display for Answers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Live => "live",
            Self::Recording => "recording",
        })
    }
}
