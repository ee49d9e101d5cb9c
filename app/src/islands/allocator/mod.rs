//! The linked sliders.
//!
//! The form inside is complete without this island: the server rendered it, and it can be filled in and sent
//! without any script. The island reads what the form says, also what somebody already changed in it, keeps
//! it in a [`Ballot`], whose rules decide every move, and writes the ballot back to the form. Events are
//! listened to once, on the element around the form.

mod actions;
mod board;
mod draft;
mod outbox;
mod row;
mod send;
mod tax;
mod words;

use actions::Desk;
use leptos::{ev, html::Div, prelude::*, reactive::send_wrapper_ext::SendOption};
use std::time::Duration;

/// Brings the allocate form inside to life.
#[island]
pub fn Allocator(
    /// The form, rendered by the server.
    children: Children,
) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    // On the server it stays empty, so that the page may end in another thread than it began in.
    let desk = StoredValue::new(SendOption::<Desk>::new_local(None));
    // The desk exists once the island is in the browser; before that no event arrives.
    let at = move |act: fn(&Desk, &web_sys::Event)| {
        move |event: &web_sys::Event| {
            desk.with_value(|desk| {
                if let Some(desk) = &**desk {
                    act(desk, event);
                }
            });
        }
    };
    Effect::new(move |_| {
        let (Some(element), Some(owner)) = (root.get(), Owner::current()) else { return };
        // In a task of its own: on a slow phone the browser can answer to somebody in between.
        let open = move || desk.set_value(SendOption::new_local(Desk::open(&element)));
        set_timeout(move || owner.with(open), Duration::ZERO);
    });
    let (input, change, click, key) = (at(Desk::input), at(Desk::change), at(Desk::click), at(Desk::key));
    let (press, release, cancel, submit) = (at(Desk::press), at(Desk::release), at(Desk::cancel), at(Desk::submit));
    view! {
        <div
            node_ref=root
            on:input=move |e: ev::Event| input(&e)
            on:change=move |e: ev::Event| change(&e)
            on:click=move |e: ev::MouseEvent| click(&e)
            on:keydown=move |e: ev::KeyboardEvent| key(&e)
            on:pointerdown=move |e: ev::PointerEvent| press(&e)
            on:pointerup=move |e: ev::PointerEvent| release(&e)
            on:pointercancel=move |e: ev::PointerEvent| cancel(&e)
            on:submit=move |e: ev::SubmitEvent| submit(&e)
        >
            {children()}
        </div>
    }
}
