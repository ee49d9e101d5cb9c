//! Which part of the server an address belongs to: decides the form of errors and headers.

/// A part of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    /// The aggregate, answered from memory.
    Aggregate,
    /// The page of an aggregate, answered from memory.
    AggregatePage,
    /// `/api`.
    Api,
    /// Health, metrics, explanations of problems, what pages measured.
    Operations,
    /// Content-hashed files.
    File,
    /// Everything that people look at.
    Page,
}

impl Area {
    pub(super) fn of(path: &str) -> Self {
        let first = path[1.min(path.len())..].split('/').next().unwrap_or_default();
        match first {
            "api" => Self::Api,
            "health" | "metrics" | "problems" | "vitals" => Self::Operations,
            "pkg" => Self::File,
            _ => Self::Page,
        }
    }

    /// For the metrics.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Aggregate => "aggregate",
            Self::Api => "api",
            Self::Operations => "operations",
            Self::File => "file",
            Self::Page | Self::AggregatePage => "page",
        }
    }

    /// Whether people look at it.
    pub(super) const fn is_page(self) -> bool {
        matches!(self, Self::Page | Self::AggregatePage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_part_of_the_path_decides() {
        for (path, area) in [
            ("/api/v1/budgets", Area::Api),
            ("/api", Area::Api),
            ("/apis", Area::Page),
            ("/health", Area::Operations),
            ("/vitals", Area::Operations),
            ("/pkg/x.js", Area::File),
            ("/", Area::Page),
            ("", Area::Page),
            ("*", Area::Page),
        ] {
            assert_eq!(Area::of(path), area, "{path}");
        }
    }
}
