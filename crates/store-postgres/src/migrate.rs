//! Brings the schema to this version.

use crate::{error::Fault, partitions, session::Sessions};
use service::port::{StoreError, StoreResult};
use sqlx::{
    Executor,
    migrate::{MigrateError, Migrator},
};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// The numbers of the migrations that this program has.
pub(crate) fn known() -> Vec<i64> {
    MIGRATIONS.iter().map(|migration| migration.version).collect()
}

/// Processes that start at once take turns under sqlx's advisory lock.
pub(crate) async fn migrate(sessions: &Sessions) -> StoreResult<()> {
    let work = async {
        let mut session = sessions.get().await?;
        let limit = sessions.options().scan_timeout.as_millis();
        // The connection is not given back, so nobody else inherits this.
        sqlx::query("SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $1, false)")
            .bind(limit.to_string())
            .execute(&mut *session)
            .await?;
        if let Err(error) = MIGRATIONS.run_direct(None, &mut *session, false).await {
            return Ok(Err(schema(error)));
        }
        session.execute("SET lock_timeout = '10s'").await?;
        partitions::ensure_around_now(&mut session).await?;
        Ok(Ok(()))
    };
    sessions.within_scan(work).await?
}

fn schema(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) => Fault::Sql(error).into(),
        error => StoreError::Schema(error.to_string()),
    }
}
