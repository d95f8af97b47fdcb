//! Runs a process and measures what it used, from `/proc` alone.
//!
//! When a process has ended and nobody has waited for it yet, its `/proc/PID/stat` still holds its
//! own processor time and that of every descendant that was waited for. The sandbox's programs are
//! such descendants, so one reading separates the two exactly.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How often the process is looked at.
const POLL: Duration = Duration::from_millis(5);

/// Length of a clock tick in `/proc/PID/stat`: 1/100 s on every Linux that Rust supports.
const TICK: Duration = Duration::from_millis(10);

/// What a finished process used.
#[derive(Clone, Debug)]
pub struct Measured {
    /// How it ended.
    pub status: ExitStatus,
    /// From start to end.
    pub wall: Duration,
    /// Processor time of the process itself.
    pub own_cpu: Duration,
    /// Processor time of all its descendants that were waited for.
    pub descendants_cpu: Duration,
    /// Peak resident memory of the process itself, in KiB (`VmHWM`, last seen at most 5 ms before
    /// the end).
    pub peak_kib: u64,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

/// A process whose output goes to files, so that it never waits for a reader.
#[derive(Debug)]
pub struct Watched {
    child: Child,
    started: Instant,
    folder: tempfile::TempDir,
    peak_kib: u64,
}

impl Watched {
    /// Starts `command` with its output in files.
    pub fn start(command: &mut Command) -> std::io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let child = command
            .stdin(Stdio::null())
            .stdout(File::create(folder.path().join("stdout"))?)
            .stderr(File::create(folder.path().join("stderr"))?)
            .spawn()?;
        Ok(Self { child, started: Instant::now(), folder, peak_kib: 0 })
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to standard error so far.
    pub fn stderr(&self) -> String {
        read(&self.folder.path().join("stderr"))
    }

    /// Waits for `length` or for the end, whichever is first; says whether it still runs.
    pub fn wait_for(&mut self, length: Duration) -> bool {
        let until = Instant::now() + length;
        loop {
            self.look();
            if self.has_ended() {
                return false;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            std::thread::sleep(POLL.min(left));
        }
    }

    /// Waits for the end and reads what was used.
    pub fn finish(mut self) -> std::io::Result<Measured> {
        while self.wait_for(Duration::from_secs(1)) {}
        self.reap()
    }

    /// Kills it without warning (signal 9) and reads what was used.
    pub fn kill(mut self) -> std::io::Result<Measured> {
        self.child.kill()?;
        while !self.has_ended() {
            std::thread::sleep(POLL);
        }
        self.reap()
    }

    fn reap(&mut self) -> std::io::Result<Measured> {
        let wall = self.started.elapsed();
        let times = fs::read_to_string(format!("/proc/{}/stat", self.pid()))?;
        let (own_cpu, descendants_cpu) = cpu_times(&times).unwrap_or_default();
        let status = self.child.wait()?;
        Ok(Measured {
            status,
            wall,
            own_cpu,
            descendants_cpu,
            peak_kib: self.peak_kib,
            stdout: read(&self.folder.path().join("stdout")),
            stderr: read(&self.folder.path().join("stderr")),
        })
    }

    fn look(&mut self) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid()));
        self.peak_kib = self.peak_kib.max(status.ok().and_then(|text| peak(&text)).unwrap_or(0));
    }

    fn has_ended(&self) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid()));
        stat.map_or(true, |text| fields(&text).next() == Some("Z"))
    }
}

impl Drop for Watched {
    /// A test that fails in between must not leave a process behind.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) && self.child.kill().is_ok() {
            let _ = self.child.wait();
        }
    }
}

fn read(path: &Path) -> String {
    fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

fn peak(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The fields of a `stat` line from the third on: the second is the command's name in brackets,
/// which may hold anything.
fn fields(stat: &str) -> impl Iterator<Item = &str> {
    stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace()
}

/// Own time and that of descendants: fields 14 and 15, 16 and 17 in proc(5).
fn cpu_times(stat: &str) -> Option<(Duration, Duration)> {
    let ticks: Vec<u32> = fields(stat).skip(11).take(4).filter_map(|t| t.parse().ok()).collect();
    let [user, system, children_user, children_system] = ticks.try_into().ok()?;
    Some((TICK * (user + system), TICK * (children_user + children_system)))
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    use super::{Watched, cpu_times};

    #[test]
    fn stat_lines_are_read_whatever_the_name() {
        let line = "7 (a) b) Z 1 7 7 0 -1 0 1 2 3 4 50 25 200 100 20 0";
        let expected = (Duration::from_millis(750), Duration::from_secs(3));
        assert_eq!(cpu_times(line), Some(expected));
    }

    #[test]
    fn own_time_and_that_of_descendants_are_told_apart() {
        let script = "python3 -c 'sum(range(20_000_000))'; echo out; echo err >&2; exit 3";
        let measured =
            Watched::start(Command::new("sh").args(["-c", script])).unwrap().finish().unwrap();
        assert_eq!(measured.status.code(), Some(3));
        assert_eq!((measured.stdout.as_str(), measured.stderr.as_str()), ("out\n", "err\n"));
        assert!(measured.descendants_cpu > Duration::from_millis(100), "{measured:?}");
        assert!(measured.own_cpu < Duration::from_millis(100), "{measured:?}");
        assert!(measured.peak_kib > 100, "{measured:?}");
    }

    #[test]
    fn a_killed_process_is_gone() {
        let mut watched = Watched::start(Command::new("sleep").arg("60")).unwrap();
        assert!(watched.wait_for(Duration::from_millis(20)));
        assert!(!watched.kill().unwrap().status.success());
    }
}
