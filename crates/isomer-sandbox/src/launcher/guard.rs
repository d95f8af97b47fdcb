//! The launcher's outer half: it holds no secrets, waits, and takes the jail with it.

use std::fs::File;
use std::os::fd::{FromRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

/// Closes every descriptor that the host may have leaked into this process.
pub(super) fn close_all_but_standard() {
    // SAFETY: the launcher has just started and owns no descriptor but the standard ones.
    unsafe { libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0) };
}

/// The pipe from the host, unbuffered. The caller must not close it.
pub(super) fn standard_input() -> File {
    // SAFETY: descriptor 0 was opened by the host and stays open in this process.
    unsafe { File::from_raw_fd(0) }
}

/// Waits for the jail to end, or kills it when the host is gone; returns an exit status.
pub(super) fn watch(child: Pid) -> Result<i32, Errno> {
    // The host must see the end of the stream when the driver dies.
    // SAFETY: nothing in this half of the launcher uses descriptor 1 any more.
    unsafe { libc::close(1) };
    let handle = process_handle(child)?;
    // No events are asked for on the pipe: only the loss of its writer, the host, is reported.
    let mut watched = [
        libc::pollfd { fd: 0, events: 0, revents: 0 },
        libc::pollfd {
            fd: std::os::fd::AsRawFd::as_raw_fd(&handle),
            events: libc::POLLIN,
            revents: 0,
        },
    ];
    loop {
        // SAFETY: the array is valid for its two entries during the call.
        let ready = unsafe { libc::poll(watched.as_mut_ptr(), 2, -1) };
        if ready > 0 || Errno::last() != Errno::EINTR {
            break;
        }
    }
    if watched[1].revents == 0 {
        // The child may have ended at the same moment.
        let _ = kill(child, Signal::SIGKILL);
    }
    Ok(match waitpid(child, None)? {
        WaitStatus::Exited(_, status) => status,
        _ => 1,
    })
}

fn process_handle(child: Pid) -> Result<OwnedFd, Errno> {
    // SAFETY: plain system call; the result is checked before use.
    let handle = unsafe { libc::syscall(libc::SYS_pidfd_open, child.as_raw(), 0) };
    let handle = i32::try_from(Errno::result(handle)?).map_err(|_| Errno::EBADF)?;
    // SAFETY: the kernel has just given us this descriptor.
    Ok(unsafe { OwnedFd::from_raw_fd(handle) })
}
