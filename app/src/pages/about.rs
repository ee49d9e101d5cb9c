//! What this is: method, privacy, sources, data.

use crate::{api::Listed, components::Place, format, shell::Head};
use leptos::prelude::*;

pub(crate) fn head() -> Head {
    Head {
        title: "About".to_owned(),
        description:
            "How Allot counts, what it stores and for how long, where its figures come from, and its open API."
                .to_owned(),
        path: "/about".to_owned(),
        listed: true,
        place: Some(Place::About),
        palette: None,
        islands: false,
    }
}

pub(crate) fn view(budgets: Vec<Listed>) -> AnyView {
    let sources = budgets
        .into_iter()
        .map(|listed| {
            let budget = listed.budget;
            let text = match &budget.actual {
                Some(actual) => format!(
                    "{}, {} {}, {}. Shares are rounded so that they are exactly 100%.",
                    actual.source,
                    format::hundredths(actual.total_hundredths),
                    actual.unit,
                    actual.year
                ),
                None => "no actual spending, because we have no source that fits its areas.".to_owned(),
            };
            view! {
                <li>
                    <a href=listed.path>{budget.title}</a>
                    ": "
                    {text}
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="stack stack-loose">
            <div class="opening">
                <h1>"About Allot"</h1>
                <p class="lede">"Everyone pays taxes; here everyone says where they would go."</p>
            </div>
            <div class="prose">
                <h2 id="method">"Method"</h2>
                <p>
                    "You share out 100% over the areas of a budget, in steps as small as 0.01%. Your split is then compared with the mean of everyone who took part and, where an official source fits, with what was really spent."
                </p>
                <p>
                    "Taking part is open to anyone who wants to, so the people here are not a sample of a country. Read the figures as what participants said, not as a poll."
                </p>
                <ul>
                    <li>"The mean is exact. Medians and quartiles are exact to half a percentage point."</li>
                    <li>
                        "Agreement is 100 minus half the sum of all differences in percentage points: 100 means the same split, 0 means that nothing is shared."
                    </li>
                    <li>
                        "“More than 72% of the others” counts those who gave less, to the whole percent. A percentile adds half of those who gave about the same."
                    </li>
                    <li>
                        "If this device is remembered, only your newest split of a budget counts. Otherwise every submission stands alone, and counts."
                    </li>
                </ul>
                <h2 id="privacy">"Privacy"</h2>
                <p>"There is no account, no name, no e-mail address, no advertising and no tracking."</p>
                <ul>
                    <li>
                        "A submission is stored as its shares, its time, a random number as its address and, if you chose to be remembered, a random number for your device."
                    </li>
                    <li>
                        "The one lasting cookie is set only when you tick “Remember me”. It holds that random number, signed, for 400 days. "
                        <a href="/history#device">"You can take it back on every visit."</a>
                    </li>
                    <li>
                        "After you submit, a second cookie hands your receipt to the results page. It ends after ten minutes."
                    </li>
                    <li>
                        "Internet addresses are not stored. To stop floods, a keyed hash of the address is kept in memory; its key changes every day."
                    </li>
                    <li>
                        "A draft that you have not submitted stays in your browser, on your device, and is removed when you submit. So does your yearly tax, if you typed it, until you empty its field. Neither is sent."
                    </li>
                    <li>
                        "You can delete a submission with the receipt’s code, or from the device that is remembered. What everyone said is counted anew without it at once; its empty number is kept for 92 days so that it can’t come back."
                    </li>
                </ul>
                <h2 id="sources">"Sources of figures"</h2>
                <ul>{sources}</ul>
                <h2 id="api">"Data and API"</h2>
                <p>
                    "What everyone said is open data: " <code>"GET /api/v1/budgets/{budget}/aggregate"</code>
                    ". The whole interface is described in " <a href="/api/v1/openapi.json">"OpenAPI 3.1"</a> "."
                </p>
            </div>
        </div>
    }
    .into_any()
}
