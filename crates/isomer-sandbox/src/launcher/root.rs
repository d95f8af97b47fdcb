//! A root file system of its own: the interpreter read-only, a small private `/tmp`, little else.

use std::ffi::CString;
use std::fs::{self, DirBuilder, File};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, symlink};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::unistd::{chdir, pivot_root};

use super::{Bind, Layer, Missing, Setup};

const LAYER: &str = "own root file system";

/// Where the new root is put together; every system has this folder, and nobody else sees what is
/// mounted there.
const STAGE: &str = "/tmp";

/// Devices without state.
const DEVICES: [&str; 4] = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];

/// Builds the root and moves into it, with `/tmp` as the working folder.
pub(super) fn build(setup: &Setup) -> Result<(), Missing> {
    let nothing = None::<&str>;
    mount(nothing, "/", nothing, MsFlags::MS_REC | MsFlags::MS_PRIVATE, nothing).layer(LAYER)?;
    // Taken before the stage hides what may lie below it.
    let trees = take_trees(setup)?;
    let plain = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(Some("jail"), STAGE, Some("tmpfs"), plain, Some("mode=755,size=1m")).layer(LAYER)?;
    for (tree, target, folder) in trees {
        place(&tree, &staged(&target), folder).layer(LAYER)?;
    }
    for bind in &setup.binds {
        match bind {
            Bind::Link(path, target) => {
                make_parent(&staged(path)).layer(LAYER)?;
                symlink(target, staged(path)).layer(LAYER)?;
            }
            Bind::Empty(path) => {
                let closed = plain | MsFlags::MS_RDONLY;
                mount(Some("jail"), &staged(path), Some("tmpfs"), closed, Some("mode=755"))
                    .layer(LAYER)?;
            }
            Bind::Folder(_) | Bind::File(_) | Bind::Shown(..) => {}
        }
    }
    for (name, target) in [("stdin", "0"), ("stdout", "1"), ("stderr", "2"), ("fd", "")] {
        let target = format!("/proc/self/fd/{target}");
        symlink(target, staged(&Path::new("/dev").join(name))).layer(LAYER)?;
    }
    let size = format!("mode=1777,nr_inodes=4096,size={}", setup.file_bytes.max(4096));
    let folder = make_folder(&staged(Path::new("/tmp"))).layer(LAYER)?;
    mount(Some("jail"), &folder, Some("tmpfs"), plain, Some(size.as_str())).layer(LAYER)?;
    let processes = make_folder(&staged(Path::new("/proc"))).layer(LAYER)?;
    let options = Some("subset=pid,hidepid=invisible");
    mount(Some("proc"), &processes, Some("proc"), plain | MsFlags::MS_NOEXEC, options)
        .layer("own /proc")?;
    enter().layer(LAYER)
}

/// Swaps the roots, lets go of the old one and closes the new one for writing.
fn enter() -> Result<(), Errno> {
    chdir(STAGE)?;
    pivot_root(".", ".")?;
    umount2(".", MntFlags::MNT_DETACH)?;
    chdir("/")?;
    let root = open_tree(Path::new("/"), 0)?;
    set_attributes(&root, libc::MOUNT_ATTR_RDONLY, 0)?;
    chdir("/tmp")
}

/// Detached copies of everything that will be visible: interpreter and devices.
fn take_trees(setup: &Setup) -> Result<Vec<(OwnedFd, PathBuf, bool)>, Missing> {
    let recursive = libc::AT_RECURSIVE.cast_unsigned();
    let mut trees = Vec::new();
    for bind in &setup.binds {
        let (path, target, folder) = match bind {
            Bind::Folder(path) => (path, path, true),
            Bind::Shown(path, target) => (path, target, true),
            Bind::File(path) => (path, path, false),
            Bind::Link(..) | Bind::Empty(_) => continue,
        };
        let tree = open_tree(path, libc::OPEN_TREE_CLONE | recursive).layer(LAYER)?;
        let closed = libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV;
        set_attributes(&tree, closed, recursive).layer(LAYER)?;
        trees.push((tree, target.clone(), folder));
    }
    for device in DEVICES {
        let path = Path::new(device);
        let tree = open_tree(path, libc::OPEN_TREE_CLONE).layer(LAYER)?;
        set_attributes(&tree, libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NOEXEC, 0).layer(LAYER)?;
        trees.push((tree, path.to_owned(), false));
    }
    Ok(trees)
}

fn staged(path: &Path) -> PathBuf {
    Path::new(STAGE).join(path.strip_prefix("/").unwrap_or(path))
}

fn make_folder(path: &Path) -> std::io::Result<PathBuf> {
    DirBuilder::new().recursive(true).mode(0o755).create(path)?;
    Ok(path.to_owned())
}

fn make_parent(path: &Path) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), |parent| make_folder(parent).map(|_| ()))
}

fn place(tree: &OwnedFd, target: &Path, folder: bool) -> std::io::Result<()> {
    if folder {
        make_folder(target)?;
    } else {
        make_parent(target)?;
        if !fs::exists(target)? {
            File::create(target)?;
        }
    }
    let target = CString::new(target.as_os_str().as_bytes())?;
    // SAFETY: both paths are valid strings for the duration of the call.
    let moved = unsafe {
        libc::syscall(
            libc::SYS_move_mount,
            tree.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_FDCWD,
            target.as_ptr(),
            libc::MOVE_MOUNT_F_EMPTY_PATH,
        )
    };
    Errno::result(moved)?;
    Ok(())
}

fn open_tree(path: &Path, flags: libc::c_uint) -> Result<OwnedFd, Errno> {
    let path = CString::new(path.as_os_str().as_bytes()).map_err(|_| Errno::EINVAL)?;
    let flags = flags | libc::OPEN_TREE_CLOEXEC;
    // SAFETY: the path is a valid string for the duration of the call.
    let tree = unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, path.as_ptr(), flags) };
    let tree = i32::try_from(Errno::result(tree)?).map_err(|_| Errno::EBADF)?;
    // SAFETY: the kernel has just given us this descriptor.
    Ok(unsafe { OwnedFd::from_raw_fd(tree) })
}

fn set_attributes(tree: &OwnedFd, attributes: u64, flags: libc::c_uint) -> Result<(), Errno> {
    let change =
        libc::mount_attr { attr_set: attributes, attr_clr: 0, propagation: 0, userns_fd: 0 };
    // SAFETY: the structure is valid for its size during the call.
    let set = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            tree.as_raw_fd(),
            c"".as_ptr(),
            flags | libc::AT_EMPTY_PATH.cast_unsigned(),
            &raw const change,
            size_of::<libc::mount_attr>(),
        )
    };
    Errno::result(set).map(|_| ())
}
