# What is on every page, and words that several pages use.

skip = Skip to main content
nav-main = Main
nav-allocate = Allocate
nav-everyone = Everyone
nav-budgets = Budgets
nav-history = History
nav-about = About
footer-anonymous = Allot is anonymous, opt-in and not a representative poll.
footer-sources = Sources
language = Language

# Numbers. What is 12.5 here is written as the language does it already.
percent = { $number }%
moment = { $moment } UTC
people =
    { $number ->
        [one] 1 person
       *[other] { $number } people
    }

# Whose share it is, above columns and beside bars.
you = You
everyone = Everyone
everyone-mean = Everyone, mean
actual = Actual
actual-spending = Actual spending
area = Area
# A link to that budget follows.
without-actual = This ballot has no official figures to compare with. One that has:

everyone-said = What everyone said
see-everyone = See what everyone said
choose-another = Choose another budget
as-table = All figures as a table
table-name = All figures
submitted-at = Submitted { $moment }
download-json = Download as JSON
download-csv = Download as CSV
delete-this = Delete this split …
deleted = Deleted
new-split = Make a new one

# Where the code of a receipt is typed.
code-label = The code of its receipt
code-refused = This code does not belong to this split. Check that the whole code was copied.
