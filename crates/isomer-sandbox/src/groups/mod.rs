//! Control groups: a bound for all that a jail uses together, its files and the kernel's memory for
//! it included.
//!
//! Optional: where no group may be made, the limits of each process are what there is. The host
//! finds out where groups can be made and names them; the launcher makes, enters and removes them.

mod homes;

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use homes::{Home, homes};

/// The layer of the wall that groups are.
pub(crate) const LAYER: &str = "control groups";

/// How names of groups begin.
const PREFIX: &str = "isomer-";

/// Tasks of a jail: driver, threads of a program, and some to clean up with.
const TASKS: u64 = 128;

/// Age at which an empty group is one that a launcher left because it was killed.
const STALE: Duration = Duration::from_secs(60);

/// One folder that the launcher makes and the jail joins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Group {
    /// The folder, which does not exist yet.
    pub(crate) folder: PathBuf,
    /// Files to write into it.
    pub(crate) settings: Vec<GroupSetting>,
}

/// One file of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GroupSetting {
    /// Its name.
    pub(crate) file: String,
    /// What is written into it.
    pub(crate) value: String,
    /// Whether some kernels do not have it.
    pub(crate) optional: bool,
}

/// Where the groups of one sandbox are, if there are any.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    homes: Vec<Home>,
    /// Beginning of the names of this sandbox's groups, unlike any other's.
    names: String,
    next: AtomicU64,
}

impl Groups {
    /// Looks for places where this process may make groups, and clears away what others left there.
    pub(crate) fn find() -> Self {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        let homes = homes(&read("/proc/self/mountinfo"), &read("/proc/self/cgroup"));
        let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let names = format!("{PREFIX}{}-{:x}-", std::process::id(), time.as_micros());
        let groups = Self { homes, names, next: AtomicU64::new(0) };
        groups.sweep(STALE);
        groups
    }

    /// Whether jails get groups.
    pub(crate) fn are_there(&self) -> bool {
        !self.homes.is_empty()
    }

    /// One line for a person.
    pub(crate) fn describe(&self) -> String {
        let Some(first) = self.homes.first() else {
            return "none: limits by rlimit only".to_owned();
        };
        let controllers: Vec<_> =
            self.homes.iter().flat_map(|home| home.controllers.iter().copied()).collect();
        format!("v{}: {}", first.version, controllers.join(", "))
    }

    /// A new jail's groups with this much memory for all of it.
    pub(crate) fn make(&self, memory_bytes: u64) -> Vec<Group> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}{number}", self.names);
        let group = |home: &Home| Group {
            folder: home.folder.join(&name),
            settings: home.settings(memory_bytes),
        };
        self.homes.iter().map(group).collect()
    }

    /// Removes the groups of launchers that could not do so themselves.
    pub(crate) fn sweep_stale(&self) {
        self.sweep(STALE);
    }

    fn sweep(&self, age: Duration) {
        for home in &self.homes {
            for entry in fs::read_dir(&home.folder).into_iter().flatten().flatten() {
                let made = entry.metadata().and_then(|metadata| metadata.modified());
                let old = made.is_ok_and(|made| made.elapsed().is_ok_and(|past| past >= age));
                if old && entry.file_name().to_string_lossy().starts_with(PREFIX) {
                    // The system refuses to remove a group with somebody in it, and so do we.
                    let _ = fs::remove_dir(entry.path());
                }
            }
        }
    }
}

impl Home {
    /// The files of a group that is made there.
    fn settings(&self, memory_bytes: u64) -> Vec<GroupSetting> {
        let memory = memory_bytes.to_string();
        let setting = |file: &str, value: &str, optional| {
            let (file, value) = (file.to_owned(), value.to_owned());
            GroupSetting { file, value, optional }
        };
        let of = |controller: &&str| match (*controller, self.version) {
            ("memory", 1) => vec![
                setting("memory.limit_in_bytes", &memory, false),
                setting("memory.memsw.limit_in_bytes", &memory, true),
            ],
            ("memory", _) => {
                vec![setting("memory.max", &memory, false), setting("memory.swap.max", "0", true)]
            }
            _ => vec![setting("pids.max", &TASKS.to_string(), false)],
        };
        self.controllers.iter().flat_map(of).collect()
    }
}

/// How many processes the system has killed in these groups for want of memory.
pub(crate) fn memory_kills(groups: &[Group]) -> u64 {
    let counts = groups.iter().flat_map(|group| {
        ["memory.events", "memory.oom_control"].map(|file| {
            let lines = fs::read_to_string(group.folder.join(file)).unwrap_or_default();
            let count = lines.lines().find_map(|line| line.strip_prefix("oom_kill "));
            count.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
        })
    });
    counts.sum()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::time::Duration;

    use super::homes::{Home, homes};
    use super::{Groups, memory_kills};

    fn write(folder: &Path, files: &[(&str, &str)]) {
        fs::create_dir_all(folder).unwrap();
        for (name, content) in files {
            fs::write(folder.join(name), content).unwrap();
        }
    }

    fn mounted(place: &Path, root: &str, kind: &str, options: &str) -> String {
        format!(
            "35 31 0:32 {root} {} rw,relatime shared:9 - {kind} {kind} {options}\n",
            place.display()
        )
    }

    fn groups(homes: Vec<Home>) -> Groups {
        Groups { homes, names: "isomer-7-".to_owned(), ..Groups::default() }
    }

    fn values(groups: &Groups) -> Vec<(String, String)> {
        let made = groups.make(1 << 20);
        let settings = made.iter().flat_map(|group| {
            let name = group.folder.strip_prefix(std::env::temp_dir()).unwrap().components();
            let name: std::path::PathBuf = name.skip(1).collect();
            group
                .settings
                .iter()
                .map(move |one| (format!("{}/{}", name.display(), one.file), one.value.clone()))
        });
        settings.collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(file, value)| ((*file).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_first_version_has_a_home_for_each_controller() {
        let top = tempfile::tempdir().unwrap();
        let (memory, pids) = (top.path().join("memory"), top.path().join("pids"));
        write(&memory.join("job/7"), &[]);
        write(&pids, &[]);
        let mounts = mounted(&memory, "/", "cgroup", "rw,memory")
            + &mounted(&pids, "/", "cgroup", "rw,pids")
            + &mounted(&top.path().join("unified"), "/", "cgroup2", "rw,nsdelegate");
        let found = groups(homes(&mounts, "9:name=systemd:/\n8:pids:/\n4:memory:/job/7\n0::/\n"));
        assert_eq!(found.describe(), "v1: memory, pids");
        assert_eq!(
            values(&found),
            pairs(&[
                ("memory/job/7/isomer-7-0/memory.limit_in_bytes", "1048576"),
                ("memory/job/7/isomer-7-0/memory.memsw.limit_in_bytes", "1048576"),
                ("pids/isomer-7-0/pids.max", "128"),
            ])
        );
        assert_eq!(fs::read_dir(memory.join("job/7")).unwrap().count(), 0, "the trial is left");
        // A container that shows its own group as the root, and one that hides it.
        let inner = mounted(&memory.join("job"), "/job", "cgroup", "rw,memory");
        assert_eq!(homes(&inner, "4:memory:/job/7\n")[0].folder, memory.join("job/7"));
        assert!(homes(&inner, "4:memory:/other\n").is_empty());
        assert!(homes(&inner, "4:memory:/job/../..\n").is_empty());
    }

    #[test]
    fn the_second_version_hands_controllers_down() {
        let top = tempfile::tempdir().unwrap();
        let own = top.path().join("user/scope");
        let control = "cgroup.subtree_control";
        write(&own, &[("cgroup.controllers", "cpu memory pids\n"), (control, "\n")]);
        let mounts = mounted(top.path(), "/", "cgroup2", "rw");
        let found = groups(homes(&mounts, "0::/user/scope\n"));
        assert_eq!(found.describe(), "v2: memory, pids");
        assert_eq!(fs::read_to_string(own.join(control)).unwrap(), "\n+memory+pids");
        assert_eq!(
            values(&found),
            pairs(&[
                ("user/scope/isomer-7-0/memory.max", "1048576"),
                ("user/scope/isomer-7-0/memory.swap.max", "0"),
                ("user/scope/isomer-7-0/pids.max", "128"),
            ])
        );
    }

    #[test]
    fn the_second_version_makes_groups_beside_a_full_one() {
        let top = tempfile::tempdir().unwrap();
        let (above, own) = (top.path().join("user"), top.path().join("user/scope"));
        write(&above, &[("cgroup.controllers", "memory"), ("cgroup.subtree_control", "memory\n")]);
        // What cannot be written stands for a group that has members.
        write(&own, &[("cgroup.controllers", "memory\n")]);
        let mounts = mounted(top.path(), "/", "cgroup2", "rw");
        let found = groups(homes(&mounts, "0::/user/scope\n"));
        assert_eq!(found.describe(), "v2: memory");
        assert_eq!(found.homes[0].folder, above);
    }

    #[test]
    fn without_controllers_or_rights_there_are_no_groups() {
        let top = tempfile::tempdir().unwrap();
        write(top.path(), &[("cgroup.controllers", "hugetlb\n"), ("cgroup.subtree_control", "")]);
        let mounts = mounted(top.path(), "/", "cgroup2", "rw");
        let missing = mounted(&top.path().join("none"), "/", "cgroup", "rw,memory");
        for (mounts, membership) in [
            (mounts.as_str(), "0::/\n"),
            (missing.as_str(), "4:memory:/\n"),
            ("", "0::/\n"),
            (mounts.as_str(), ""),
            ("damaged - ", "::"),
        ] {
            let found = groups(homes(mounts, membership));
            assert!(!found.are_there() && found.make(1).is_empty(), "{mounts}");
            assert_eq!(found.describe(), "none: limits by rlimit only");
        }
    }

    #[test]
    fn stale_groups_are_removed_and_others_kept() {
        let top = tempfile::tempdir().unwrap();
        let home = Home { folder: top.path().to_owned(), version: 1, controllers: vec!["memory"] };
        for name in ["isomer-1-2-3", "isomer-1-2-4/member", "other"] {
            fs::create_dir_all(top.path().join(name)).unwrap();
        }
        let groups = groups(vec![home]);
        groups.sweep_stale();
        assert!(top.path().join("isomer-1-2-3").exists(), "it may be about to be joined");
        groups.sweep(Duration::ZERO);
        assert!(!top.path().join("isomer-1-2-3").exists());
        assert!(top.path().join("isomer-1-2-4").exists() && top.path().join("other").exists());
    }

    #[test]
    fn kills_are_counted_in_either_version() {
        let top = tempfile::tempdir().unwrap();
        let home = Home { folder: top.path().to_owned(), version: 1, controllers: vec!["memory"] };
        let made = groups(vec![home]).make(1);
        assert_eq!(memory_kills(&made), 0);
        write(&made[0].folder, &[("memory.oom_control", "under_oom 0\noom_kill 2\n")]);
        assert_eq!(memory_kills(&made), 2);
        write(
            &made[0].folder,
            &[("memory.oom_control", ""), ("memory.events", "oom 9\noom_kill 3\n")],
        );
        assert_eq!(memory_kills(&made), 3);
    }
}
