//! The servers under measurement: started on free ports with data of their own, stopped with the run.

mod allot;
mod bare;
mod pgbench;
mod postgres;
mod redis;
mod server;
pub(crate) mod usage;

pub(crate) use allot::Allot;
pub(crate) use bare::start as start_bare;
pub(crate) use postgres::Postgres;
pub(crate) use redis::Redis;
pub(crate) use server::Server;
