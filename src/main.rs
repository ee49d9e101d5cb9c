//! The server binary: composition only.

fn main() {}
