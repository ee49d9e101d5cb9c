# The ballot.

allocate-title-error = Error: { $title }
allocate-description = { $title }: share out { $whole } over { $areas } areas, then see your split beside everyone's.
allocate-question = Where should your taxes go?
allocate-lede = Share out { $whole } over { $areas } areas. Then see your split beside everyone’s.
allocate-actual = The mark on each line is what was really spent in { $year }. Source: { $source }.
allocate-welcome =
    { $number ->
        [one] Welcome back. You have <history>1 submission</history>; a new one to this budget replaces the one that counts.
       *[other] Welcome back. You have <history>{ $number } submissions</history>; a new one to this budget replaces the one that counts.
    }
allocate-closed = This budget is closed
allocate-closed-about = It takes no more submissions. <everyone>See what everyone said</everyone> or <budgets>choose another budget</budgets>.

allocate-unscripted = Give each area a percentage, with up to two decimals, so that all of them together are exactly 100. The total is checked when you submit.
allocate-together = All areas together: exactly { $whole }.
allocate-remember = Remember me on this device, with one cookie and no name, so that a new split replaces this one and I find mine again.
allocate-alone = Without it, this split stands alone.
allocate-submit = Submit

allocate-presets = Start from
allocate-even = Even split
allocate-last = My last one
allocate-clear = Clear
allocate-undo = Undo
allocate-redo = Redo
allocate-auto = Auto-balance
allocate-show-actual = Show actual spending

# The shares in money.
tax-show = See the shares in money
tax-label = My yearly tax
tax-wrong = Write an amount, such as { $example }.
tax-about = The amounts are for you alone: what you type stays on this device and is never sent.

# After the name of an area: what its field is for.
allocate-unit = , percent
allocate-row-actual = Actual: { $share }
allocate-less = Less for { $name }
allocate-more = More for { $name }
allocate-lock = Lock { $name }

# What the page says while it is used. The browser fills in $left, $share and so on, in this order: name, share, left.
allocate-left = { $left } left to give
allocate-complete = All { $whole } given
allocate-go-on = Move a slider, use − and +, or type a number.
allocate-ready = Ready. You can still change it.
allocate-value = { $name }, { $share } percent, { $left } left
# A button follows:
say-nothing-left = Nothing is left. Take from another area, or
allocate-turn-on = turn on auto-balance
say-locked = This area is locked. Unlock it to change it.
say-others-locked = The other areas are locked and cannot make room.
say-unreadable = Not a number from 0 to 100 with up to two decimals.
say-mend = { $name }: this number can’t be read. Mend it to submit.
say-sending = Sending …
say-closed = This budget has closed and takes no more submissions.
say-failed = Something went wrong on our side. Submit again: it will count once.
say-old = This page has grown too old. Load it again and submit: your split is kept.

# Why a form was not taken.
allocate-not-whole = Your split is not { $whole } yet
refused-old = This form had grown too old
refused-old-about = Here it is again with your numbers. Please submit once more.
refused-unreadable = Some numbers can’t be read
refused-unreadable-about = Each share is a number from 0 to 100 with up to two decimals.
refused-sent = This form was sent before
refused-sent-about = If you want to submit these numbers as well, submit once more.
refused-limit = Too many submissions from here
refused-limit-about = Please try again in about { $minutes } min. Your numbers are still below.
refused-again = Your numbers are still below. Please submit again in a moment: it will count once.

# What is wrong with the share of an area, without a full stop.
wrong-empty = { $name } is empty
wrong-number = { $name } must be a number such as { $example }
wrong-sign = { $name } must not be negative
wrong-decimals = { $name } must have at most two decimals
wrong-range = { $name } must be from 0 to 100
wrong-too-little = The areas add up to { $sum }: { $left } is left to give.
wrong-too-much = The areas add up to { $sum }: take away { $over }.
