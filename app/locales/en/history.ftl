# My submissions, and whether this device is remembered.

history-title = My history
history-description = The splits that this device has submitted, and which of them count.
history-lede = Of each budget, your newest split counts. The older ones stay here.
history-unknown = This device is not remembered
history-unknown-about = Each split that you submit from here stands alone, and only its own address leads to it. If you let this device be remembered, your splits are listed here.
history-empty = Nothing here yet
history-empty-about = This device is remembered. Your first split will be listed here.
history-empty-way = Split your taxes
history-counts = Counts
history-replaced = Replaced
# What is marked is for screen readers only.
history-delete = Delete<hush> the split of { $moment }</hush>
history-newer = Newer splits
history-older = Older splits
history-all = All of it
history-all-about = Everything that this device has submitted, to keep or to take back.
history-delete-all = Delete everything …

device-title = Cookies and this device
device-known = This device is remembered by one cookie with a random number. If you forget it, your splits stay counted, but nothing leads from here to them any more.
device-unknown = To be remembered takes one cookie with a random number: no name, no address. A new split then replaces your former one instead of counting beside it.
device-forget = Forget this device
device-remember = Remember this device

# Deleting everything that this device has submitted.
delete-all-title = Delete everything
delete-all-description = Take all splits of this device back: they stop counting at once.
delete-all-question = Delete all your splits?
delete-all-lede =
    { $number ->
        [one] This device has submitted 1 split. Nothing of it counts from then on, and nobody can bring it back.
       *[other] This device has submitted { $number } splits. Nothing of it counts from then on, and nobody can bring it back.
    }
# The marks are names of files: they stay as they are.
delete-all-copies = <json>Download them as JSON</json> or <csv>as CSV</csv> first, if you want to keep a copy.
delete-all-yes =
    { $number ->
        [one] Delete 1 split
       *[other] Delete { $number } splits
    }
delete-all-no = Keep everything
delete-all-done =
    { $number ->
        [one] 1 split deleted
       *[other] { $number } splits deleted
    }
delete-all-done-about = What everyone said is counted without you already.
