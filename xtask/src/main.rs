//! The release pipeline.
fn main() {}
