# Choosing a budget.

budgets-title = Choose a budget
budgets-description = The budgets that you can split, with or without official figures to compare with.
budgets-lede = Each is a ballot of its own: split it, then compare.
budgets-nobody = nobody yet
budgets-with-actual = With actual spending: { $currency } { $amount } { $unit }, { $year }. { $source }.
budgets-without-actual = Without official figures: compare with everyone.
budgets-split = Split it
budgets-split-name = Split it: { $title }
budgets-everyone-name = Everyone: { $title }
areas = { $number } areas
closed = Closed
