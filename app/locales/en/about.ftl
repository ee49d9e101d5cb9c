# What this is: method, privacy, sources, data.

about-title = About
about-description = How Allot counts, what it stores and for how long, where its figures come from, and its open API.
about-heading = About Allot
about-lede = Everyone pays taxes; here everyone says where they would go.

about-method = Method
about-split = You share out 100% over the areas of a budget, in steps as small as 0.01%. Your split is then compared with the mean of everyone who took part and, where an official source fits, with what was really spent.
about-sample = Taking part is open to anyone who wants to, so the people here are not a sample of a country. Read the figures as what participants said, not as a poll.
about-mean = The mean is exact. Medians and quartiles are exact to half a percentage point.
about-agreement = Agreement is 100 minus half the sum of all differences in percentage points: 100 means the same split, 0 means that nothing is shared.
about-more-than = “More than { $share } of the others” counts those who gave less, to the whole percent. A percentile adds half of those who gave about the same.
about-newest = If this device is remembered, only your newest split of a budget counts. Otherwise every submission stands alone, and counts.

about-privacy = Privacy
about-no-account = There is no account, no name, no e-mail address, no advertising and no tracking.
about-stored = A submission is stored as its shares, its time, a random number as its address and, if you chose to be remembered, a random number for your device.
about-cookie = The one lasting cookie is set only when you tick “Remember me”. It holds that random number, signed, for 400 days. <device>You can take it back on every visit.</device>
about-receipt = After you submit, a second cookie hands your receipt to the results page. It ends after ten minutes.
about-recent = After you have changed something, a third cookie says for a minute that this device has just done so, because a copy of the database may not know of it yet. It says nothing else.
about-addresses = Internet addresses are not stored. To stop floods, a keyed hash of the address is kept in memory, or shared between our servers for an hour at most; its key changes every day.
about-draft = A draft that you have not submitted stays in your browser, on your device, and is removed when you submit. So does your yearly tax, if you typed it, until you empty its field. Neither is sent.
about-device = What you submit waits in your browser until it is sent. Afterwards a copy of it stays there with its receipt: for a day, for 30 days if it had to wait, for 400 if this device is remembered. Where your browser can, pages that are the same for everyone are kept for when there is no connection. <kept>See all of it and remove it.</kept>
about-measured = To find slow pages, { $share } of visits tell this server how long the page took to appear and to answer: five numbers and the kind of page. No cookie goes with them, and nothing about you or your split. A browser that asks not to be tracked (Global Privacy Control, Do Not Track) tells nothing.
about-deletion = You can delete a submission with the receipt’s code, or from the device that is remembered. What everyone said is counted anew without it at once; its empty number is kept for 92 days so that it can’t come back.

about-sources = Sources of figures
about-source = { $source }, { $amount } { $unit }, { $year }. Shares are rounded so that they are exactly { $whole }.
about-no-source = no actual spending, because we have no source that fits its areas.

about-api = Data and API
about-open-data = What everyone said is open data: <code>GET /api/v1/budgets/{"{"}budget{"}"}/aggregate</code>. The whole interface is described in <openapi>OpenAPI 3.1</openapi>.
