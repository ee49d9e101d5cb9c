//! A PostgreSQL database of taxbudget, the Django application before Allot. Only ever read.

use crate::{Options, error::Fault, export, session::Sessions};
use async_trait::async_trait;
use domain::Timestamp;
use service::port::{OldCategory, OldRow, OldShare, Predecessor, StoreResult};
use sqlx::{Row, postgres::PgRow};
use tokio::sync::mpsc;

/// A budget has forty at most: whoever has more is refused for that.
const CATEGORIES: &str = "
    SELECT id::bigint AS id, name::text AS name, description::text AS description, color::text AS color
    FROM allocator_budgetcategory ORDER BY display_order, name LIMIT 1000";

/// A time without a zone is UTC, as Django writes it. Several submissions of a session are one, the newest.
const ROWS: &str = "DECLARE page NO SCROLL CURSOR FOR
    SELECT coalesce(s.session_key, a.session_key) AS key, coalesce(s.submitted, false) AS submitted,
        CASE WHEN isfinite(s.at) THEN floor(extract(epoch FROM s.at) * 1000)::bigint END AS ms,
        coalesce(a.has_share, false) AS has_share, a.category_id, a.percentage
    FROM (SELECT session_key::text COLLATE \"C\" AS session_key, true AS submitted, max(submitted_at) AS at
          FROM allocator_allocationsubmission GROUP BY 1) AS s
    FULL JOIN (SELECT session_key::text COLLATE \"C\" AS session_key, true AS has_share,
                   category_id::bigint AS category_id, percentage::text AS percentage
               FROM allocator_userallocation) AS a ON a.session_key = s.session_key
    ORDER BY 1";

/// One database.
pub struct PgTaxbudget {
    sessions: Sessions,
}

impl PgTaxbudget {
    /// Takes a URL as [`crate::PgStore::connect`] does.
    ///
    /// # Errors
    /// When the URL is not understood or the database can't be reached.
    pub async fn connect(url: &str) -> StoreResult<Self> {
        let old = Self { sessions: Sessions::new(url, Options::default())? };
        old.sessions.get().await?.done();
        Ok(old)
    }
}

#[async_trait]
impl Predecessor for PgTaxbudget {
    async fn categories(&self) -> StoreResult<Vec<OldCategory>> {
        let work = async {
            let mut session = self.sessions.get().await?;
            let rows = sqlx::query(CATEGORIES).fetch_all(&mut *session).await?;
            session.done();
            rows.iter().map(category).collect::<Result<_, Fault>>()
        };
        Ok(self.sessions.within(work).await?)
    }

    async fn rows(&self, pages: mpsc::Sender<Vec<OldRow>>) -> StoreResult<()> {
        // No limit on the whole: the receiver sets the pace, and every round trip has a limit of its own.
        let work = async {
            let mut session = export::begin(&self.sessions).await?;
            export::pages(&self.sessions, &mut session, ROWS, row, |page| page, &pages).await
        };
        work.await?;
        Ok(())
    }
}

fn category(row: &PgRow) -> Result<OldCategory, Fault> {
    Ok(OldCategory {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        color: row.try_get("color")?,
    })
}

fn row(row: &PgRow) -> Result<OldRow, Fault> {
    let share = OldShare { category: row.try_get("category_id")?, percentage: row.try_get("percentage")? };
    Ok(OldRow {
        session_key: row.try_get("key")?,
        submitted: row.try_get("submitted")?,
        at: row.try_get::<Option<i64>, _>("ms")?.map(Timestamp::from_millis),
        share: row.try_get::<bool, _>("has_share")?.then_some(share),
    })
}
