# What everyone said about one budget.

aggregate-title = What everyone said: { $title }
aggregate-description = { $title }: the mean, median and spread of everyone's split, area by area.
aggregate-lede = The mean split of { $people }, as of { $moment }.
aggregate-nobody = Nobody submitted a split
aggregate-closed = This budget is closed and takes no more submissions.
aggregate-empty = Nobody has submitted a split yet
aggregate-empty-about = The first one is shown here at once.
aggregate-be-first = Be the first
aggregate-add = Add your split
aggregate-median = Median: half gave less
aggregate-middle = The middle half of people
aggregate-caution = Everyone here chose to take part, so this is not a representative poll. <method>How it is counted</method>.
aggregate-caption = Share of the budget that people gave. A quarter gave less than the lower quartile.
mean = Mean
median = Median
lower-quartile = Lower quartile
upper-quartile = Upper quartile
# What is marked is for screen readers only.
distribution = Distribution<hush> for { $name }</hush>
distribution-most = { $share } of people gave { $name } from { $from } to { $to }; this is the most common range.
distribution-name = Distribution for { $name }
distribution-caption = People by the share that they gave { $name }. What is on the border of two ranges counts in the higher one; ranges without anybody are left out.
distribution-ranges = Range
distribution-range = { $from } to { $to }
distribution-people = People
distribution-share = Share
