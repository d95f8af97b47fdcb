//! Embedded folders are read by a macro that the compiler does not track.

fn main() {
    println!("cargo:rerun-if-changed=../../examples/quickstart");
}
