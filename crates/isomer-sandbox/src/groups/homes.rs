//! Where groups can be made: found in the mounts and the membership of this process, and tried.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::PREFIX;

/// What a jail is bounded in.
const CONTROLLERS: [&str; 2] = ["memory", "pids"];

/// A folder below which groups can be made.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Home {
    /// Where groups are made.
    pub(super) folder: PathBuf,
    /// 1 or 2.
    pub(super) version: u8,
    /// What groups there are bounded in.
    pub(super) controllers: Vec<&'static str>,
}

/// A mounted hierarchy of groups.
struct Hierarchy<'text> {
    /// The group that is mounted.
    root: &'text str,
    place: &'text Path,
    version: u8,
    options: &'text str,
}

/// Reads a line of `mountinfo`.
fn hierarchy(line: &str) -> Option<Hierarchy<'_>> {
    let (mount, source) = line.split_once(" - ")?;
    let mut mount = mount.split(' ').skip(3);
    let (root, place) = (mount.next()?, Path::new(mount.next()?));
    let mut source = source.split(' ');
    let version = match source.next()? {
        "cgroup" => 1,
        "cgroup2" => 2,
        _ => return None,
    };
    Some(Hierarchy { root, place, version, options: source.nth(1).unwrap_or_default() })
}

impl Hierarchy<'_> {
    /// The folder of a group, unless it lies outside of what is mounted.
    fn folder(&self, group: &str) -> Option<PathBuf> {
        let below = Path::new(group).strip_prefix(self.root).ok()?;
        let plain = below.components().all(|part| matches!(part, std::path::Component::Normal(_)));
        plain.then(|| self.place.join(below))
    }
}

/// Where this process, a member of the groups listed in `membership`, may make new ones.
pub(super) fn homes(mountinfo: &str, membership: &str) -> Vec<Home> {
    let hierarchies: Vec<_> = mountinfo.lines().filter_map(hierarchy).collect();
    let of_version = |version| hierarchies.iter().filter(move |one| one.version == version);
    let own = |controller: &str| {
        membership.lines().find_map(|line| {
            let (_, rest) = line.split_once(':')?;
            let (controllers, group) = rest.split_once(':')?;
            controllers.split(',').any(|one| one == controller).then_some(group)
        })
    };
    let first = CONTROLLERS.iter().filter_map(|controller| {
        let group = own(controller)?;
        let mut mounted = of_version(1);
        let hierarchy = mounted.find(|one| one.options.split(',').any(|one| one == *controller))?;
        let folder = hierarchy.folder(group)?;
        may_make(&folder).then(|| Home { folder, version: 1, controllers: vec![*controller] })
    });
    let first: Vec<_> = first.collect();
    if !first.is_empty() {
        return first;
    }
    let second = own("").and_then(|group| {
        of_version(2).find_map(|hierarchy| {
            let folder = hierarchy.folder(group)?;
            // A group with members cannot hand its controllers down, so that ours may have to be
            // made beside it.
            let beside = (folder != hierarchy.place).then(|| folder.parent().map(Path::to_owned));
            let places = std::iter::once(folder.clone()).chain(beside.flatten());
            places.into_iter().find_map(home_of_second_version)
        })
    });
    second.into_iter().collect()
}

/// A folder of the second version whose children have a bound on memory, which it may have to be
/// told to give them.
fn home_of_second_version(folder: PathBuf) -> Option<Home> {
    let words = |file: &str| fs::read_to_string(folder.join(file)).unwrap_or_default();
    let (has, mut gives) = (words("cgroup.controllers"), words("cgroup.subtree_control"));
    for controller in CONTROLLERS {
        let listed = |words: &str| words.split_whitespace().any(|word| word == controller);
        if listed(&has) && !listed(&gives) {
            let file = folder.join("cgroup.subtree_control");
            let told = OpenOptions::new().append(true).open(file);
            if told.and_then(|mut file| write!(file, "+{controller}")).is_ok() {
                gives = format!("{gives} {controller}");
            }
        }
    }
    let controllers = CONTROLLERS.into_iter();
    let controllers: Vec<_> =
        controllers.filter(|one| gives.split_whitespace().any(|word| word == *one)).collect();
    (controllers.contains(&"memory") && may_make(&folder)).then_some(Home {
        folder,
        version: 2,
        controllers,
    })
}

/// Whether a group can be made here, tried by making one.
fn may_make(folder: &Path) -> bool {
    static TRIALS: AtomicU64 = AtomicU64::new(0);
    let number = TRIALS.fetch_add(1, Ordering::Relaxed);
    let trial = folder.join(format!("{PREFIX}trial-{}-{number}", std::process::id()));
    fs::create_dir(&trial).is_ok() && fs::remove_dir(&trial).is_ok()
}
