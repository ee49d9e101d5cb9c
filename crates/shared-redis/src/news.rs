//! What other processes announced, until somebody listens: the newest version of each budget, so that however many
//! announcements come, this stays small.

use service::port::{BudgetId, Head, Version};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tokio::sync::Notify;

/// Budgets that are remembered at most. Only somebody who writes nonsense to the channel comes near.
const BUDGETS: usize = 4096;

#[derive(Debug, Default)]
pub(crate) struct News {
    newest: Mutex<HashMap<BudgetId, Version>>,
    arrived: Notify,
}

impl News {
    /// Takes an announcement: a budget and its version, with a space between. Anything else is dropped.
    pub(crate) fn announce(&self, text: &[u8]) {
        let Some(head) = read(text) else { return };
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.len() < BUDGETS || newest.contains_key(&head.budget) {
            let known = newest.entry(head.budget).or_default();
            *known = head.version.max(*known);
            self.arrived.notify_one();
        }
    }

    /// Waits for the first and answers all. Nothing is lost when nobody waits to the end.
    pub(crate) async fn take(&self) -> Vec<Head> {
        loop {
            let news: Vec<Head> = {
                let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
                newest.drain().map(|(budget, version)| Head { budget, version }).collect()
            };
            if !news.is_empty() {
                return news;
            }
            self.arrived.notified().await;
        }
    }
}

fn read(text: &[u8]) -> Option<Head> {
    let (budget, version) = std::str::from_utf8(text).ok()?.split_once(' ')?;
    Some(Head { budget: BudgetId(budget.parse().ok()?), version: Version(version.parse().ok()?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn many_announcements_of_a_budget_are_one_piece_of_news() {
        let news = News::default();
        for text in ["1 0000000000000000007", "1 9", "2 3", "1 8", "", "x y", "1", "99999999999 1", "\u{fffd} 1"] {
            news.announce(text.as_bytes());
        }
        let mut heard = news.take().await;
        heard.sort_by_key(|head| head.budget);
        let head = |budget, version| Head { budget: BudgetId(budget), version: Version(version) };
        assert_eq!(heard, [head(1, 9), head(2, 3)]);
    }

    #[test]
    fn nonsense_does_not_fill_the_memory() {
        let news = News::default();
        for budget in 0..100_000 {
            news.announce(format!("{budget} 1").as_bytes());
        }
        assert!(news.newest.lock().unwrap().len() <= BUDGETS);
    }
}
