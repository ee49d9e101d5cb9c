# Deleting and exporting one submission.

manage-title = Manage a split
manage-description = Delete or export one split, on any device.
manage-heading = Manage this split
manage-see = See it beside everyone’s
manage-go-on = Go on
manage-counts = It counts.
manage-replaced = A newer one has replaced it in the count.
manage-along = Take it along
manage-back = Take it back
manage-back-about = It stops counting at once. You are asked before anything happens.

delete-title = Delete a split
delete-description = Take a split back: it stops counting at once.
delete-question = Delete this split?
delete-lede = It stops counting at once, its address leads nowhere any more, and nobody can bring it back.
delete-yes = Delete it
delete-no = Keep it
delete-done = Your split no longer counts
delete-done-about = <everyone>What everyone said</everyone> is counted without it already.
