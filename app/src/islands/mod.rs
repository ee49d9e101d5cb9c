//! What hydrates in the browser. The server renders the whole markup; an island only brings it to life.

#[expect(unreachable_pub, reason = "the island macro makes what it writes public")]
mod allocator;

pub use allocator::Allocator;
