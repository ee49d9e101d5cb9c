//! An export read row by row, in order.

use crate::port::{ExactSubmission, LegacyResult, Overview, Part, StoreError, StoreResult, Tombstone, Transfer};
use std::{collections::VecDeque, sync::Arc};
use tokio::{sync::mpsc, task::JoinHandle};

/// Parts that may wait: one is read while the other is used.
const AHEAD: usize = 2;

/// Asks for kinds in the order in which they come; what is not asked for is passed over.
pub(crate) struct Cursor {
    parts: mpsc::Receiver<Part>,
    export: Option<JoinHandle<StoreResult<()>>>,
    /// A part of a kind that was not asked for yet.
    next: Option<Part>,
    rows: VecDeque<ExactSubmission>,
}

impl Cursor {
    pub(crate) fn over(store: &Arc<dyn Transfer>) -> Self {
        let (send, parts) = mpsc::channel(AHEAD);
        let store = Arc::clone(store);
        let export = tokio::spawn(async move { store.export(send).await });
        Self { parts, export: Some(export), next: None, rows: VecDeque::new() }
    }

    async fn peek(&mut self) -> StoreResult<Option<&Part>> {
        if self.next.is_none() {
            self.next = self.parts.recv().await;
        }
        if self.next.is_none()
            && let Some(export) = self.export.take()
        {
            export.await.map_err(|error| StoreError::Failed(error.to_string()))??;
        }
        Ok(self.next.as_ref())
    }

    pub(crate) async fn overview(&mut self) -> StoreResult<Overview> {
        self.peek().await?;
        match self.next.take() {
            Some(Part::Overview(overview)) => Ok(overview),
            _ => Err(StoreError::Failed("an export began without its overview".into())),
        }
    }

    /// The next tombstones; empty when there are no more.
    pub(crate) async fn tombstones(&mut self) -> StoreResult<Vec<Tombstone>> {
        while let Some(Part::Overview(_)) = self.peek().await? {
            self.next = None;
        }
        match self.next.take() {
            Some(Part::Tombstones(tombstones)) => Ok(tombstones),
            other => {
                self.next = other;
                Ok(Vec::new())
            }
        }
    }

    /// The next submission, without taking it.
    pub(crate) async fn submission(&mut self) -> StoreResult<Option<&ExactSubmission>> {
        while self.rows.is_empty() {
            match self.peek().await? {
                Some(Part::Overview(_) | Part::Tombstones(_)) => self.next = None,
                Some(Part::Submissions(_)) => {
                    if let Some(Part::Submissions(rows)) = self.next.take() {
                        self.rows = rows.into();
                    }
                }
                Some(Part::LegacyResults(_)) | None => return Ok(None),
            }
        }
        Ok(self.rows.front())
    }

    /// Takes the submission that `submission` told.
    pub(crate) fn take(&mut self) -> Option<ExactSubmission> {
        self.rows.pop_front()
    }

    /// The next addresses from before; empty when there are no more.
    pub(crate) async fn legacy_results(&mut self) -> StoreResult<Vec<LegacyResult>> {
        match self.peek().await? {
            Some(Part::LegacyResults(_)) => {}
            _ => return Ok(Vec::new()),
        }
        match self.next.take() {
            Some(Part::LegacyResults(results)) => Ok(results),
            _ => Ok(Vec::new()),
        }
    }
}
