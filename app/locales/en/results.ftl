# One submission beside everyone's and the actual spending.

results-title = A split of { $title }
results-description = One split of { $title } beside everyone’s.
results-description-agreement = One split of { $title } beside everyone’s. It agrees with everyone’s by { $agreement }.
results-heading = Your split beside everyone’s
results-first = You are the first. As others take part, everyone’s mean moves away from yours.
results-compared = Compared with the mean of { $people }.
results-replaced = A newer split has replaced this one in the count.
results-areas = Area by area
results-caution = Everyone here chose to take part: this is not a representative poll.
results-source = Actual: { $source }, { $year }.
results-again = Change my mind
results-delete = Delete this split
results-caption = Shares of the budget. Your percentile: those who gave less, plus half of those who gave about the same.
results-percentile = Your percentile
actual-spending-in = Actual spending, { $year }

receipt-counted = Your split is counted
receipt-link = The address of this page is yours to share. To export or delete the split later, even on another device, keep this link to yourself. It is shown only now:
receipt-code = Its code, wherever it is asked for:

score-everyone = Agreement with everyone
score-everyone-about = The part of the budget that you and the mean split alike.
score-actual = Agreement with actual spending
score-actual-about = The part of the budget that goes where you want it to go.

share = Share
share-copy = Copy link
share-copied = The link is copied.
share-failed = Please copy it yourself:

# The biggest differences. Before the sentence stands the name of the area.
findings-title = Where you differ most
finding-more = { $points ->
        [one] 1 point
       *[other] { $points } points
    } more than the mean.
finding-less = { $points ->
        [one] 1 point
       *[other] { $points } points
    } less than the mean.
finding-more-than = { $points ->
        [one] 1 point
       *[other] { $points } points
    } more than the mean, more than { $others }.
finding-less-than = { $points ->
        [one] 1 point
       *[other] { $points } points
    } less than the mean, less than { $others }.
others-one = the one other person
others-both = both others
others-all = all { $all } others
others-some = { $some } of the { $all } others
others-few = a few others
others-nearly = nearly all others
others-share = { $share } of the others
