//! Pages that are sent part by part, in the order of the document: no script puts anything in its place, so they are
//! the same without one, and nothing that is there moves.

use leptos::prelude::*;
use std::{future::Future, time::Duration};

/// How long a part may take that the page waits for: as long as a whole answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// In the context of a page that is streamed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Streamed;

/// What is not needed to begin: it is made when all before it is on its way to the reader. On a page that is rendered
/// whole it is just there.
pub(crate) fn later(part: impl FnOnce() -> AnyView + Send + 'static) -> AnyView {
    if use_context::<Streamed>().is_none() {
        return part();
    }
    Suspend::new(async move {
        on_its_way().await;
        part()
    })
    .into_any()
}

/// What is there when a future is: at once if that knows already, else the page is sent up to here.
pub(crate) fn when_known(part: impl Future<Output = AnyView> + Send + 'static) -> AnyView {
    Suspend::new(part).into_any()
}

/// How often a part gives way: an encoder that is asked for what it holds gives out 4 KiB at a time, and asks again
/// each time; then comes the connection.
const WAYS: u32 = 8;

/// Gives way until what was written has been sent.
async fn on_its_way() {
    for _ in 0..WAYS {
        tokio::task::yield_now().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{FutureExt, StreamExt};
    use hydration_context::SsrSharedContext;
    use std::sync::Arc;

    fn owner(streamed: bool) -> Owner {
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        owner.with(|| {
            if streamed {
                provide_context(Streamed);
            }
        });
        owner
    }

    fn page(part: impl Future<Output = AnyView> + Send + 'static) -> impl IntoView {
        view! {
            <h1>"Sliders"</h1>
            {when_known(part)}
            {later(|| view! { <p>"Charts"</p> }.into_any())}
        }
    }

    #[tokio::test]
    async fn what_comes_later_is_a_part_of_its_own_and_what_is_known_is_not() {
        let owner = owner(true);
        let known = async { view! { <p>"known"</p> }.into_any() };
        let parts: Vec<String> = owner.with(|| page(known).into_any().to_html_stream_in_order()).collect().await;
        assert_eq!(parts, ["<h1>Sliders</h1><p>known</p>", "<p>Charts</p>"]);
    }

    #[tokio::test]
    async fn a_part_that_waits_holds_back_nothing_before_it() {
        let owner = owner(true);
        let (arrive, arrived) = tokio::sync::oneshot::channel::<()>();
        let part = async move {
            let _ = arrived.await;
            view! { <p>"arrived"</p> }.into_any()
        };
        let mut parts = owner.with(|| page(part).into_any().to_html_stream_in_order());
        assert_eq!(parts.next().await.as_deref(), Some("<h1>Sliders</h1>"));
        assert_eq!(parts.next().now_or_never(), None, "the rest waits");
        arrive.send(()).unwrap();
        let rest: String = parts.collect().await;
        assert_eq!(rest, "<p>arrived</p><p>Charts</p>");
    }

    #[tokio::test]
    async fn on_a_page_that_is_rendered_whole_everything_is_there() {
        let owner = owner(false);
        let known = async { ().into_any() };
        let html = owner.with(|| page(known).into_any().to_html());
        assert!(html.contains("<p>Charts</p>"), "{html}");
    }
}
