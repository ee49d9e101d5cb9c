//! Shares in basis points.

use serde::{Deserialize, Serialize};

/// The points of a whole allocation: 100 % in hundredths of a percent.
pub const WHOLE: u16 = 10_000;

/// A share in basis points, hundredths of a percent: 0 to 10 000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = u16, minimum = 0, maximum = 10000))]
pub struct Points(u16);

impl Points {
    /// No share at all.
    pub const ZERO: Self = Self(0);
    /// The whole, 100 %.
    pub const WHOLE: Self = Self(WHOLE);

    /// `None` above 10 000.
    #[must_use]
    pub const fn new(points: u16) -> Option<Self> {
        if points <= WHOLE { Some(Self(points)) } else { None }
    }

    /// The basis points, 0 to 10 000.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for Points {
    type Error = &'static str;

    fn try_from(points: u16) -> Result<Self, Self::Error> {
        Self::new(points).ok_or("points must be from 0 to 10000")
    }
}

impl From<Points> for u16 {
    fn from(points: Points) -> Self {
        points.0
    }
}
