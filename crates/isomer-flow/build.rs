//! Packs are embedded; a file that is added to one must lead to a new build.

fn main() {
    println!("cargo::rerun-if-changed=../../packs");
}
