# What a device keeps by itself, the line about it on every page, and a new version.

outbox-waiting = { $number } not yet sent
outbox-refused = { $number } not taken
outbox-sent = Sent and counted

update-label = New version
update-about = A new version of this site is ready. Your numbers stay as they are.
update-switch = Switch to it

say-kept = Saved on this device, not yet sent. It is sent by itself as soon as there is a connection.
say-kept-until = Saved on this device, not yet sent. It is sent by itself in about { $minutes } min.
say-unsaved = There is no connection, and your browser keeps nothing for this site just now. Leave this page open, and submit again when there is one.
say-changed = The areas of this budget have changed. Load this page again; your split is kept.

offline-title = On this device
offline-description = What this device keeps without a connection: splits that wait to be sent, and those it has sent.
offline-lede = Splits that you submit are saved here before they are sent, so that none is lost on the way.
offline-result = Your split
offline-result-lede = There is no connection. This is what your device knows of it.
offline-history-lede = There is no connection. These are the splits that your device knows of.
offline-away = No connection
offline-away-lede = This page can’t be reached just now. What you have begun is kept, and you can go on without a connection.
offline-again = Try again
offline-split = Split your taxes
offline-unscripted = Nothing is kept on a device without JavaScript. Everything else works as usual.
offline-blocked = Your browser keeps nothing for this site
offline-blocked-about = Perhaps this is a private window, or storage is blocked or full. Everything works with a connection; without one, nothing can be saved.
offline-unsaved = The last split could not be saved here
offline-splits = Splits
offline-empty = Nothing waits here, and nothing was sent from here lately.
offline-long = What is kept, and for how long
offline-long-about = A split waits here until it is sent. After that it stays, with the code that deletes it, for a day; for 30 days if it had to wait; for 400 days if this device is remembered. Drafts are kept too. All of it stays on this device.
offline-pages-kept = These pages and what everyone said are kept too, for when there is no connection.
offline-pages-lost = Your browser keeps no pages of this site just now: without a connection they can’t be opened. What waits here is sent when you come back with one.
offline-remove-all = Remove all of it from this device

kept-sending = Sending
kept-waiting = Not yet sent
kept-counted = Counted
kept-replaced = Replaced
kept-deleted = Deleted
kept-refused = Not taken
kept-sending-why = Saved on this device. It is being sent.
kept-offline-why = Saved on this device, not yet sent. It is sent by itself as soon as there is a connection.
kept-busy-why = Saved on this device, not yet sent: the site is very busy. It is tried again by itself.
kept-limited-why = Saved on this device, not yet sent: too many came from here within an hour. It is sent by itself later.
kept-counted-why = Sent, and counted.
kept-replaced-why = Sent. A newer split of yours counts in its place.
kept-closed-why = This budget closed before the split arrived. It does not count. You can remove it here and split another budget.
kept-gone-why = This budget is no longer here. The split does not count. You can remove it here and split another budget.
kept-changed-why = The areas of this budget have changed. Take the split back into the form and submit it anew.
kept-deleted-why = This split had arrived, and was deleted since. It does not count. If it should, split anew.
kept-unsure-why = This split was sent long ago and nobody can tell any more whether it arrived. If it should count, split anew.
kept-failed-why = The site refused this split. Take it back into the form and submit it anew.
kept-shares = Its shares
kept-area = Area
kept-you = You
kept-mean = Everyone, mean
kept-everyone = Everyone’s mean (submissions: { $people }), as of { $moment }.
kept-nobody = What everyone said is not on this device.
kept-results = See it beside everyone’s
kept-manage = Export or delete it
kept-edit = Take it back into the form
kept-forget = Remove from this device
