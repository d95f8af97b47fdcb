//! System calls with nonsense for arguments: which of them a program's filter lets through.

use isomer_sandbox::Isolation;

/// What the filter is to do with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Let it through.
    Allowed,
    /// Let it through where a program can reach no process but its own.
    AllowedAlone,
    /// Refuse it.
    Refused,
    /// Refuse it. Without a filter it would do something, so that nobody tries.
    RefusedUntried,
}

impl Rule {
    /// Whether the call reaches the kernel behind these walls.
    pub(crate) fn allows(self, isolation: Isolation) -> bool {
        match self {
            Self::Allowed => true,
            Self::AllowedAlone => isolation == Isolation::Full,
            Self::Refused | Self::RefusedUntried => false,
        }
    }
}

/// One call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// Its name, as the policies have it.
    pub(crate) name: &'static str,
    pub(crate) number: i64,
    pub(crate) arguments: [i64; 6],
    /// The value of the condition that the arguments are about.
    pub(crate) condition: Option<i64>,
    pub(crate) rule: Rule,
}

/// No descriptor, address, process, size or set of flags: the kernel refuses whatever it is asked.
const NONSENSE: [i64; 6] = [-1; 6];

/// Calls of one rule by the names that the C library has for their numbers.
macro_rules! calls {
    ($rule:ident: $($number:ident)*) => {
        &[$(call(stringify!($number), libc::$number, Rule::$rule)),*]
    };
}

const fn call(constant: &'static str, number: i64, rule: Rule) -> Row {
    let name = constant.split_at("SYS_".len()).1;
    Row { name, number, arguments: NONSENSE, condition: None, rule }
}

const ALLOWED: &[Row] = calls![Allowed:
    SYS_read SYS_write SYS_readv SYS_writev SYS_pread64 SYS_pwrite64 SYS_preadv SYS_pwritev SYS_lseek
    SYS_close SYS_sendfile SYS_copy_file_range SYS_openat SYS_fstat SYS_newfstatat SYS_statx
    SYS_faccessat SYS_faccessat2 SYS_readlinkat SYS_getdents64 SYS_getcwd SYS_chdir SYS_fchdir
    SYS_statfs SYS_fstatfs SYS_umask SYS_mkdirat SYS_unlinkat SYS_renameat SYS_renameat2
    SYS_symlinkat SYS_linkat SYS_fchmod SYS_fchmodat SYS_utimensat SYS_truncate SYS_ftruncate
    SYS_fallocate SYS_fsync SYS_fdatasync SYS_flock SYS_dup SYS_dup3 SYS_fcntl SYS_pipe2 SYS_ppoll
    SYS_pselect6 SYS_epoll_create1 SYS_epoll_ctl SYS_epoll_pwait SYS_eventfd2 SYS_socketpair
    SYS_recvfrom SYS_mmap SYS_munmap SYS_mprotect SYS_mremap SYS_madvise SYS_brk SYS_futex
    SYS_set_robust_list SYS_get_robust_list SYS_rseq SYS_set_tid_address SYS_membarrier
    SYS_sched_yield SYS_sched_getaffinity SYS_getcpu SYS_rt_sigaction SYS_rt_sigprocmask
    SYS_rt_sigpending SYS_rt_sigtimedwait SYS_rt_sigsuspend SYS_sigaltstack SYS_restart_syscall
    SYS_setitimer SYS_getitimer SYS_clock_gettime SYS_clock_getres SYS_clock_nanosleep
    SYS_nanosleep SYS_gettimeofday SYS_times SYS_getpid SYS_getppid SYS_gettid SYS_getuid
    SYS_geteuid SYS_getgid SYS_getegid SYS_getgroups SYS_getresuid SYS_getresgid SYS_getpgid
    SYS_getsid SYS_getrandom SYS_getrusage SYS_getrlimit SYS_sysinfo SYS_uname SYS_wait4 SYS_waitid
];

#[cfg(target_arch = "x86_64")]
const ALLOWED_BY_OLDER_NAMES: &[Row] = calls![Allowed:
    SYS_open SYS_stat SYS_lstat SYS_access SYS_readlink SYS_mkdir SYS_unlink SYS_rmdir SYS_rename
    SYS_symlink SYS_link SYS_chmod SYS_dup2 SYS_pipe SYS_poll SYS_select SYS_epoll_wait SYS_alarm
    SYS_time SYS_getpgrp SYS_arch_prctl
];

#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_BY_OLDER_NAMES: &[Row] = &[];

const ALLOWED_ALONE: &[Row] = calls![AllowedAlone: SYS_kill SYS_tkill SYS_tgkill];

/// The question whether a process and a thread exist that do not.
const NOBODY: [i64; 6] = [i32::MAX as i64, i32::MAX as i64, 0, 0, 0, 0];

/// What the driver or a compiler may do and a program may not, and what no list has: a way to other
/// processes, to other walls, to the network, to what outlives a process, or into the kernel.
const REFUSED: &[Row] = calls![Refused:
    SYS_execve SYS_execveat SYS_setpgid SYS_pidfd_open SYS_splice SYS_memfd_create SYS_close_range
    SYS_clone3 SYS_ptrace SYS_process_vm_readv SYS_process_vm_writev SYS_pidfd_send_signal
    SYS_rt_sigqueueinfo SYS_setpriority SYS_sched_setaffinity SYS_sched_setscheduler
    SYS_unshare SYS_setns SYS_mount SYS_umount2 SYS_pivot_root SYS_chroot SYS_open_tree
    SYS_move_mount SYS_mount_setattr SYS_mknodat SYS_fchownat SYS_setxattr SYS_openat2
    SYS_setuid SYS_setgid SYS_setgroups SYS_capset SYS_setrlimit SYS_sethostname
    SYS_socket SYS_bind SYS_listen SYS_connect SYS_accept4 SYS_sendmsg SYS_recvmsg SYS_setsockopt
    SYS_shmget SYS_shmat SYS_semget SYS_msgsnd SYS_msgrcv SYS_mq_open SYS_add_key SYS_keyctl
    SYS_inotify_add_watch SYS_name_to_handle_at SYS_open_by_handle_at SYS_tee SYS_vmsplice
    SYS_seccomp SYS_bpf SYS_perf_event_open SYS_timer_create SYS_clock_settime SYS_preadv2
];

#[cfg(target_arch = "x86_64")]
const REFUSED_UNTRIED: &[Row] = calls![RefusedUntried: SYS_fork SYS_vfork];

#[cfg(not(target_arch = "x86_64"))]
const REFUSED_UNTRIED: &[Row] = &[];

/// Calls that come with a condition: its value, the first arguments, and what is to become of them.
const CONDITIONAL: &[(&str, i64, i64, &[i64], Rule)] = &[
    // Threads, said badly, and what is none: with an address space, a table of files, or namespaces.
    ("clone", libc::SYS_clone, THREAD, &[THREAD], Rule::Allowed),
    ("clone", libc::SYS_clone, THREAD, &[libc::CLONE_SIGHAND as i64], Rule::Refused),
    ("clone", libc::SYS_clone, THREAD, &[0x0002_0200], Rule::Refused),
    ("clone", libc::SYS_clone, THREAD, &[libc::SIGCHLD as i64, 0], Rule::RefusedUntried),
    // Limits of the process itself; the upper half of a number is none of a process.
    ("prlimit64", libc::SYS_prlimit64, 0, &[0, 7, 0, 0], Rule::Allowed),
    ("prlimit64", libc::SYS_prlimit64, 0, &[1 << 32, 7, 0, 0], Rule::Allowed),
    ("prlimit64", libc::SYS_prlimit64, 0, &[1, -1, 0, 0], Rule::Refused),
    ("sendto", libc::SYS_sendto, 0, &[-1, 0, 0, 0, 0, 0], Rule::Allowed),
    ("sendto", libc::SYS_sendto, 0, &[-1, 0, 0, 0, 1, 0], Rule::Refused),
    ("sendto", libc::SYS_sendto, 0, &[-1, 0, 0, 0, 1 << 32, 0], Rule::Refused),
    ("prctl", libc::SYS_prctl, 15, &[libc::PR_SET_NAME as i64], Rule::Allowed),
    ("prctl", libc::SYS_prctl, 15, &[libc::PR_SET_PDEATHSIG as i64], Rule::Refused),
    ("prctl", libc::SYS_prctl, 15, &[libc::PR_SET_DUMPABLE as i64], Rule::Refused),
    ("prctl", libc::SYS_prctl, 15, &[libc::PR_SET_SECCOMP as i64], Rule::Refused),
    ("prctl", libc::SYS_prctl, 15, &[libc::PR_SET_NO_NEW_PRIVS as i64], Rule::Refused),
    ("prctl", libc::SYS_prctl, 15, &[libc::PR_SET_MM as i64], Rule::Refused),
    ("ioctl", libc::SYS_ioctl, 0x5401, &[-1, 0x5401], Rule::Allowed),
    ("ioctl", libc::SYS_ioctl, 0x5413, &[-1, 0x5413], Rule::Allowed),
    ("ioctl", libc::SYS_ioctl, 0x5450, &[-1, 0x5450], Rule::Allowed),
    ("ioctl", libc::SYS_ioctl, 0x5451, &[-1, 0x5451], Rule::Allowed),
    ("ioctl", libc::SYS_ioctl, 0x5421, &[-1, 0x5421], Rule::Allowed),
    ("ioctl", libc::SYS_ioctl, 0x541b, &[-1, 0x541b], Rule::Allowed),
    // TIOCSTI and TIOCLINUX, which type into a terminal, the former with an upper half too.
    ("ioctl", libc::SYS_ioctl, 0x5401, &[-1, 0x5412], Rule::Refused),
    ("ioctl", libc::SYS_ioctl, 0x5401, &[-1, 0x5401_0000_5412], Rule::Refused),
    ("ioctl", libc::SYS_ioctl, 0x5401, &[-1, 0x541c], Rule::Refused),
    // FIOSETOWN, and a copy of a file's blocks.
    ("ioctl", libc::SYS_ioctl, 0x5401, &[-1, 0x8901], Rule::Refused),
    ("ioctl", libc::SYS_ioctl, 0x5401, &[-1, 0x4004_9409], Rule::Refused),
    // F_SETOWN, F_SETSIG and F_SETOWN_EX make the kernel send signals.
    ("fcntl", libc::SYS_fcntl, 8, &[-1, 8], Rule::AllowedAlone),
    ("fcntl", libc::SYS_fcntl, 10, &[-1, 10], Rule::AllowedAlone),
    ("fcntl", libc::SYS_fcntl, 15, &[-1, 15], Rule::AllowedAlone),
];

const THREAD: i64 = libc::CLONE_THREAD as i64;

/// All calls that say something and let the process go on.
pub(crate) fn rows() -> Vec<Row> {
    let plain = [ALLOWED, ALLOWED_BY_OLDER_NAMES, REFUSED, REFUSED_UNTRIED];
    let alone = ALLOWED_ALONE.iter().map(|row| Row { arguments: NOBODY, ..*row });
    let conditional = CONDITIONAL.iter().map(|(name, number, value, first, rule)| {
        let mut arguments = NONSENSE;
        arguments[..first.len()].copy_from_slice(first);
        Row { name, number: *number, arguments, condition: Some(*value), rule: *rule }
    });
    plain.into_iter().flatten().copied().chain(alone).chain(conditional).collect()
}

/// Calls after which a process does not go on, and how it ends.
pub(crate) const ENDINGS: &[(&str, i64, &str)] = &[
    ("exit", libc::SYS_exit, "exit status 255"),
    ("exit_group", libc::SYS_exit_group, "exit status 255"),
    ("rt_sigreturn", libc::SYS_rt_sigreturn, "killed by SIGSEGV"),
    #[cfg(target_arch = "x86_64")]
    ("pause", libc::SYS_pause, "time limit exceeded"),
];
