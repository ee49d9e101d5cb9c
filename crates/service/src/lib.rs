//! Use cases of Allot over ports. Knows no database, no HTTP and no environment.

pub mod port;
