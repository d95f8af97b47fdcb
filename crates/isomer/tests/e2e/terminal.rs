//! A person at a terminal.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use nix::pty::openpty;

/// What a person saw.
pub(crate) struct Seen {
    pub(crate) code: Option<i32>,
    /// Standard error, with what was typed.
    pub(crate) screen: String,
    pub(crate) stdout: String,
}

/// Runs to the end at a terminal on which `typed` waits to be read.
pub(crate) fn at_terminal(command: &mut Command, typed: &str) -> Seen {
    let terminal = openpty(None, None).unwrap();
    let mut master = File::from(terminal.master);
    master.write_all(typed.as_bytes()).unwrap();
    command.stdin(terminal.slave.try_clone().unwrap()).stderr(terminal.slave);
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    // The last holder of the other side must be the child, or reading would never end.
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let reader = std::thread::spawn(move || {
        let mut screen = Vec::new();
        let mut piece = [0; 4096];
        // Linux says EIO where the end is.
        while let Ok(length @ 1..) = master.read(&mut piece) {
            screen.extend_from_slice(&piece[..length]);
        }
        String::from_utf8_lossy(&screen).into_owned()
    });
    let output = child.wait_with_output().unwrap();
    Seen {
        code: output.status.code(),
        screen: reader.join().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
    }
}
