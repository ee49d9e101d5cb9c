# Pages for what cannot be shown.

failure-allocate = Allocate your taxes
not-found = There is no page at this address
not-found-about = If you typed the address, check it. If you followed a link, it may be out of date.
unreadable = This request can’t be read
unreadable-about = The address or the form is not as this site makes them. Go back, load the page anew and try again.
no-such-submission = There is no submission at this address
no-such-submission-about = Check that the whole link was copied: its last part is 36 characters long.
gone = This submission was deleted
gone-about = Whoever made it took it back. It no longer counts in what everyone said.
busy = Too busy just now
busy-about = Nothing is lost. Please try again in a moment.
broken = Something went wrong on our side
broken-about = It has been recorded and will be looked at. Please try again in a moment.

# Pages for what goes wrong before any page is made.
error-back = Back to the start
error-cross-origin = The request came from another site
error-cross-origin-about = The form was sent from another site. Please open this site and send it from there.
error-too-large = The request is too large
error-too-large-about = What was sent is larger than anything this site asks for.
error-misdirected = Unknown host
error-misdirected-about = This server listens for its own machine only. Its operator can set ALLOT_PUBLIC_URL.
error-unavailable = Not available right now
error-unavailable-about = The server is busy. Please try again in a moment: nothing counts twice.
error-internal = Something went wrong
error-internal-about = That was our fault, and it has been noted. Please try again.
