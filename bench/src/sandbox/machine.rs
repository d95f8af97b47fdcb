//! What the machine tells: who is busy, and how much memory the jails take.

use std::fs;
use std::time::Instant;

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

use crate::Failure;

/// Ticks per second in `/proc`: 100 on every Linux that Rust supports.
const TICKS: f64 = 100.0;

/// The processors this process may use.
pub(crate) fn processors() -> Result<Vec<usize>, Failure> {
    let set = sched_getaffinity(Pid::from_raw(0))?;
    Ok((0..CpuSet::count()).filter(|core| set.is_set(*core).unwrap_or(false)).collect())
}

/// Confines this thread, and whatever it starts from now on, to some processors.
pub(crate) fn pin(cores: &[usize]) -> Result<(), Failure> {
    let mut set = CpuSet::new();
    for core in cores {
        set.set(*core)?;
    }
    Ok(sched_setaffinity(Pid::from_raw(0), &set)?)
}

/// A stretch of time in which the processors are watched.
#[derive(Debug)]
pub(crate) struct Busy {
    started: Instant,
    machine: (f64, f64),
    own: f64,
    cores: usize,
}

impl Busy {
    /// Starts to watch.
    pub(crate) fn watch(cores: usize) -> Result<Self, Failure> {
        Ok(Self { started: Instant::now(), machine: machine()?, own: own_work()?, cores })
    }

    /// The share of all processors that was busy at all, and the share that this process and its
    /// descendants used.
    pub(crate) fn shares(&self) -> Result<(f64, f64), Failure> {
        let (busy, all) = machine()?;
        #[expect(clippy::cast_precision_loss, reason = "no machine has 2^52 processors")]
        let time = self.started.elapsed().as_secs_f64() * self.cores as f64;
        let machine = (busy - self.machine.0) / (all - self.machine.1).max(1.0);
        Ok((machine, (own_work()? - self.own) / time))
    }
}

/// Ticks that the machine's processors were busy, and all ticks. Time taken by the hypervisor was
/// not this machine's to use and does not count.
fn machine() -> Result<(f64, f64), Failure> {
    let text = fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().unwrap_or_default();
    let ticks: Vec<f64> =
        line.split_whitespace().skip(1).take(7).filter_map(|word| word.parse().ok()).collect();
    let idle: f64 = ticks.iter().skip(3).take(2).sum();
    let all: f64 = ticks.iter().sum();
    Ok((all - idle, all))
}

/// Seconds of processor time that this process and its descendants have used, those that have
/// ended included.
pub(super) fn own_work() -> Result<f64, Failure> {
    let me = std::process::id();
    let ids = std::iter::once(me).chain(descendants(me)?);
    Ok(ids.filter_map(ticks).sum::<f64>() / TICKS)
}

/// Fields 14 to 17 of proc(5): the process's own, and those of children that it waited for.
fn ticks(id: u32) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let fields = text.rsplit_once(')')?.1.split_whitespace();
    fields.skip(11).take(4).map(|field| field.parse::<f64>().ok()).sum()
}

fn parent(id: u32) -> Option<u32> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    text.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

fn descendants(of: u32) -> Result<Vec<u32>, Failure> {
    let mut all = Vec::new();
    for entry in fs::read_dir("/proc")? {
        if let Ok(id) = entry?.file_name().to_string_lossy().parse()
            && let Some(parent) = parent(id)
        {
            all.push((id, parent));
        }
    }
    let mut found = vec![of];
    let mut at = 0;
    while let Some(above) = found.get(at).copied() {
        found.extend(all.iter().filter(|(_, parent)| *parent == above).map(|(id, _)| id));
        at += 1;
    }
    found.remove(0);
    Ok(found)
}

/// Memory of warm jails, each a launcher with what is below it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jails {
    /// How many there are.
    pub(crate) count: usize,
    /// Their resident memory in MiB, where what several share counts for each.
    pub(crate) resident: f64,
    /// Their memory in MiB with what several share divided among them; nothing where it may not be
    /// read.
    pub(crate) proportional: Option<f64>,
}

impl Jails {
    /// Looks at the largest children of this process, at most so many: a small one may be left of
    /// the sandbox's own trial.
    pub(crate) fn look(most: usize) -> Result<Self, Failure> {
        let me = std::process::id();
        let mut sizes = Vec::new();
        for child in descendants(me)?.into_iter().filter(|id| parent(*id) == Some(me)) {
            let ids: Vec<u32> = std::iter::once(child).chain(descendants(child)?).collect();
            let sum =
                |file: &str, name: &str| ids.iter().map(|id| mebibytes(*id, file, name)).sum();
            let resident: Option<f64> = sum("status", "VmRSS:");
            sizes.push((resident.unwrap_or(0.0), sum("smaps_rollup", "Pss:")));
        }
        sizes.sort_by(|one, other| other.0.total_cmp(&one.0));
        sizes.truncate(most);
        Ok(Self {
            count: sizes.len(),
            resident: sizes.iter().map(|size| size.0).sum(),
            proportional: sizes.iter().map(|size| size.1).sum(),
        })
    }
}

fn mebibytes(id: u32, file: &str, name: &str) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{id}/{file}")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kibibytes| kibibytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Jails, descendants, own_work};

    #[test]
    fn children_are_found_and_counted() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        assert!(descendants(std::process::id()).unwrap().contains(&child.id()));
        let jails = Jails::look(1).unwrap();
        assert!(jails.count == 1 && jails.resident > 0.0, "{jails:?}");
        child.kill().unwrap();
        child.wait().unwrap();
        let before = own_work().unwrap();
        let busy = "import sys; sum(range(20_000_000))";
        Command::new("python3").args(["-c", busy]).status().unwrap();
        assert!(own_work().unwrap() > before);
    }
}
