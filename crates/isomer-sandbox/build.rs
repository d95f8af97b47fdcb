//! Languages are embedded; a file that is added must lead to a new build.

fn main() {
    println!("cargo::rerun-if-changed=languages");
}
