//! Places for those who follow: so many in all, and so many of one network.
//!
//! A place is a connection that stays. Nobody should be able to take all of them from one address; schools and carriers,
//! which share one, still find room.

use service::AddressKey;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The share of all places that one network may take.
const SHARE: usize = 4;
/// So many it may always take, where there are few.
const FEW: usize = 16;

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// All are taken.
    All,
    /// This network has its share.
    Network,
}

/// The places of one server.
pub(crate) struct Places {
    all: Arc<Semaphore>,
    each: usize,
    networks: Arc<Networks>,
}

type Networks = Mutex<HashMap<AddressKey, usize>>;

impl Places {
    pub(crate) fn new(all: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), each: (all / SHARE).max(FEW), networks: Arc::default() }
    }

    /// Takes a place until it is dropped. Nobody's address is kept longer, and only as a keyed hash.
    pub(super) fn take(&self, network: Option<AddressKey>) -> Result<Place, Full> {
        let permit = Arc::clone(&self.all).try_acquire_owned().map_err(|_| Full::All)?;
        let Some(network) = network else { return Ok(Place { _permit: permit, network: None }) };
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = networks.entry(network).or_default();
        if *taken >= self.each {
            return Err(Full::Network);
        }
        *taken += 1;
        Ok(Place { _permit: permit, network: Some((network, Arc::clone(&self.networks))) })
    }
}

/// One place; dropping it gives it back.
pub(super) struct Place {
    _permit: OwnedSemaphorePermit,
    network: Option<(AddressKey, Arc<Networks>)>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((network, networks)) = &self.network else { return };
        let mut networks = networks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = networks.get_mut(network) {
            *taken -= 1;
            if *taken == 0 {
                networks.remove(network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_gets_its_share_and_gives_it_back() {
        let places = Places::new(100);
        let (school, home) = (Some(AddressKey(1)), Some(AddressKey(2)));
        let mut taken: Vec<_> = (0..25).map(|_| places.take(school).ok().unwrap()).collect();
        assert_eq!(places.take(school).err(), Some(Full::Network));
        let other = places.take(home);
        assert!(other.is_ok());
        taken.pop();
        assert!(places.take(school).is_ok());
        drop((taken, other));
        assert!(places.networks.lock().unwrap().is_empty(), "nobody is remembered");
    }

    #[test]
    fn all_places_together_are_bounded() {
        let places = Places::new(2);
        let _taken = [places.take(None).ok().unwrap(), places.take(Some(AddressKey(1))).ok().unwrap()];
        assert_eq!(places.take(Some(AddressKey(2))).err(), Some(Full::All));
    }
}
