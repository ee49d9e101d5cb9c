//! Small drawings on buttons. Their buttons have names of their own.

use leptos::prelude::*;

/// What is drawn, as strokes in a box of 24.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Minus,
    Plus,
    Open,
    Shut,
    Undo,
    Redo,
}

impl Shape {
    const fn path(self) -> &'static str {
        match self {
            Self::Minus => "M5 12h14",
            Self::Plus => "M5 12h14M12 5v14",
            Self::Open => "M5 11h14v9H5zM8 11V8a4 4 0 0 1 7.5-2",
            Self::Shut => "M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3M12 14.5v2",
            Self::Undo => "M9 5 4 10l5 5M4 10h10a5 5 0 0 1 0 10h-3",
            Self::Redo => "m15 5 5 5-5 5M20 10H10a5 5 0 0 0 0 10h3",
        }
    }
}

#[component]
pub(crate) fn Icon(shape: Shape, #[prop(optional)] class: &'static str) -> AnyView {
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path
                d=shape.path()
                fill="none"
                stroke="currentColor"
                stroke-width="2"
                stroke-linecap="round"
                stroke-linejoin="round"
            />
        </svg>
    }
    .into_any()
}
