# English. One message a line; the test in test/locales.test.ts holds both catalogues to the same keys and variables.

## Frame
skip-to-content = Skip to the content
language = Language
steps = Steps
close = Close
cancel = Cancel
local-only = Stays on this machine
theme-auto = Colours follow the system. Switch to light
theme-light = Light colours. Switch to dark
theme-dark = Dark colours. Follow the system
screen-files = Files
screen-check = Check
screen-summary = Summary
screen-matches = Matches
screen-exceptions = Exceptions
screen-export = Export
closed-files = Files
closed-check = Opens once a file is read
closed-summary = Opens after the first reconciliation
closed-matches = Opens after the first reconciliation
closed-exceptions = Opens after the first reconciliation
closed-export = Opens after the first reconciliation
promise-title = Your files stay on this machine
promise-text = Crossfoot reads and reconciles in this browser tab. Nothing is uploaded, and nothing is stored after you close the tab.
promise-policy = The page is served with a policy that forbids every connection (connect-src 'none'), and the browser enforces it.
promise-network = To check: open the developer tools, choose Network, and work as usual. The list stays empty.
promise-offline = Or switch off the network now. Everything goes on working.
promise-limits = A policy guards against faults in the page. It cannot guard against browser extensions, or against a changed copy of the page.

## Words used in many places
search = Search
search-hint = Order, reference or row
sort = Sort
sort-row = As found
sort-largest = Largest amount first
sort-smallest = Smallest amount first
sort-oldest = Oldest first
sort-youngest = Newest first
details = Details
nothing-found = Nothing found
nothing-found-hint = Try a part of the order number, or clear the search.
found-n = { $n ->
    [one] 1 row found
   *[other] { $shown } rows found
  }
measure = Measure
ended = Ended as
due-on = Due on { $date }: not counted as missing before that day.
side-orders = Orders
side-settlement = Settlement
side-bank = Bank
side-webhook = Events
yes = Yes
no = No
none = none
total = Total
currency = Currency
amount = Amount
fee = Fee
tax = Tax
net = Net
kind = Kind
row = Row
rows = Rows
rule = Rule
evidence = Evidence
fee-by-contract = Fee by the contract
note = Note
difference = Difference
loading = Loading…
show-more = Show { $n } more
bytes = { $n } bytes
kilobytes = { $n } KB
megabytes = { $n } MB

## Files
files-title = What was ordered, and what was paid?
files-lead = Add the order export and the settlement file of one period. Crossfoot compares them line by line.
drop-title = Drop the files here
drop-hint = CSV, TSV, JSON, Excel or OpenDocument, also in a zip archive or a folder. Several at once.
drop-now = Let go to add the files
choose-files = Choose files
choose-folder = Choose a folder
paste-open = Paste from a spreadsheet
paste-title = Paste from a spreadsheet
paste-hint = Copy the cells with their header in Excel, WPS or Google Sheets, and paste them here. Ctrl+V also works anywhere on this screen.
paste-add = Add as a file
paste-no-table = This is no table: it needs at least two columns or two lines.
pasted-name = Pasted { $time }
pasted-added = Added as { $file }.
mapping-added = The mapping in { $file } is remembered: files with its columns are read by it.
recognised-saved = your mapping of { $date } ({ $file })
recognised-file = the mapping in { $file }
recognised-own = { $profile }, with your answers
recognised-nothing = nothing known yet
recognised-columns = the columns that you chose
file-recognised = Recognised: { $profile } ·
file-what = What is { $file }?
file-what-short = What is in this file?
file-change = change
file-change-of = Change how { $file } is read
try-sample = Try with sample data
sample-hint = A made-up month of a seller in Kenya, Nigeria, Uganda and Côte d'Ivoire.
sample-banner = This is sample data. The orders, payments and faults in it are made up.
sample-clear = Remove the sample
sample-making = Making the sample data
promise-compare = Line by line
promise-compare-text = Each order against each payment; fees, exchange rates and due dates against the contract.
promise-prove = Proved to the last digit
promise-prove-text = A separate checker adds up every row of every file and of the result, and shows both sums.
promise-private = Nothing is uploaded
promise-private-text = The work is done in this browser tab, and its policy forbids every connection.
files-added = Files
file-role = Used as
role-orders = Orders
role-settlement = Settlement
role-bank = Bank
role-contract = Fee contract
role-rates = Exchange rates
role-ignore = Leave out
file-remove = Remove { $file }
file-detecting = Looking at the file
file-rows = { $n ->
    [one] 1 row
   *[other] { $shown } rows
  }
file-rejected = { $n ->
    [one] 1 row not readable
   *[other] { $shown } rows not readable
  }
file-guess-name = Taken as { $role } because of the file name.
file-guess-content = Recognised as { $profile }.
file-guess-header = Taken as exchange rates because of its columns: date, base, quote, rate.
file-guess-hidden = The sheet is hidden in the workbook, so it is left out. Choose what it is to use it.
password = Password
password-open = Open
file-guess-unknown = The columns were not recognised. Choose what the file is, or map its columns under Check.
file-duplicate = { $file } is already in the list. Adding it twice would count it twice.
settings-title = How to read time
as-of = As of
as-of-hint = Payments due after this date are in transit, not missing. Empty: the day after the latest date in the files.
time-zone = Time zone
time-zone-hint = Used where a file states no zone of its own, and for the end of the as-of day.
time-zone-bad = “{ $zone }” is not a time zone that this browser knows. Use a name such as Africa/Nairobi, or UTC.
default-currency = Currency where none is stated
default-currency-hint = For files without a currency column. Empty: such rows are rejected.
run-start = Reconcile
run-again = Reconcile again
run-need-files = Add an order file and a settlement file to begin.
run-need-lines = There is no settlement file yet: every order would be open.
run-need-orders = There is no order file yet: every line would be open.
run-reading = Wait until all files are read.
run-changed = Something has changed since the last result. Reconcile again to see it.
check-first = Check how the files are read
files-clear = Remove all files

## Progress
work-reading = Reading the files
work-matching = Matching orders with payments
work-checking = Checking fees, rates and dates
work-proving = Proving the totals
work-writing = Writing the document
work-title = Reconciling
work-of = { $done } of { $total }
work-count = { $done } done
work-cancelled = Cancelled. Nothing was changed.
work-done = Done: { $matches } matches, { $exceptions } exceptions.

## Errors
error-where = Where
error-remedy = What to do
error-technical = Technical details
error-unexpected = Something unexpected went wrong.
error-unexpected-remedy = Try again. If it happens again, report the technical details.
place-line = { $file }, line { $line }
place-line-column = { $file }, line { $line }, column { $column }

## Check
no-currency-column = no column says the currency: answer the question above, or choose its column

## Fields of an entry
field-reference = Order number
field-transaction_id = Transaction id
field-order_number = Other order id
field-type = Kind
field-kind = Kind
field-status = Status
field-amount = Amount
field-fee = Fee
field-tax = Tax
field-net = Net
field-currency = Currency
field-net_currency = Net currency
field-original_amount = Original amount
field-original_currency = Original currency
field-fx_rate = Exchange rate
field-occurred_at = Date and time
field-settled_at = Settled on
field-batch = Payout or batch
field-memo = Memo
field-method = Operator or method
field-country = Country

## Summary
summary-title = Summary
summary-open = How some values are meant is still open; the result takes the likelier reading.
summary-answer = Answer the questions
summary-asof = As of { $date } ({ $zone })
summary-no-date = No row has a date: nothing is late and nothing is in transit
answer = Expected { $expected }, received { $received }, difference { $difference }: { $explained } explained, { $unexplained } unexplained.
answer-tied = Expected and received agree to the last digit: { $expected }.
expected = Expected
received = Received
explained = Explained
unexplained = Unexplained
per-currency = By currency
waterfall-title = From expected to received, { $currency }
waterfall-broken = The axis does not begin at zero, so that small parts can be seen. Cut bars are longer than drawn.
waterfall-table = The same figures as a table
part = Part
part-expected = Expected
part-received = Received
part-unexplained = Unexplained
part-adjustment = Adjustments
part-fee = Fees
part-fx_in = Converted in
part-fx_out = Converted out
part-fx_spread = Exchange spread
part-reserve = Reserve
part-rounding = Rounding
part-tax = Tax
part-tolerance = Within tolerance
part-transfer = Own transfers
causes-title = What the unexplained part is made of
causes-rest = From exceptions listed in another currency
tiles-title = What needs attention
noted-only = Noted only: no effect on the money
in-files = In a file itself: see Check
tiles-none = Nothing is open.
rejected-rows = Not readable
matched-rows = Matched rows
open-rows = Open rows
in-transit-rows = Not due yet
excluded-rows = Excluded
closed-rows = Closed before
proof-title = Proof
proof-holds = Inputs and outputs agree to the last digit
proof-fails = The proof does not hold
proof-holds-text = A separate checker added every row of every file and every row of the result, by currency and side, and found the same sums.
proof-fails-text = Do not use this result. The totals below do not agree; please report it with the technical details.
proof-side = Side
proof-input = Input
proof-hash = Fingerprint of the result (SHA-256)
proof-hash-make = Compute
proof-all-totals = { $n ->
    [one] The single total
   *[other] All { $shown } totals, by kind and measure
  }
proof-hash-hint = Changes with any digit of the result. Kept in the exported JSON.
proof-dispositions = Inputs = results, by currency and side
proof-frozen = Frozen funds of the accounts
proof-rows-title = Rows of the files
proof-balanced = Balanced
read = Read
entries = Entries
structural = Structure
rejected = Rejected
file = File
copy = Copy
copied = Copied
disposition-matched = Matched
disposition-open = Open
disposition-in_transit = Not due yet
disposition-excluded = Excluded
disposition-closed_before = Closed before
assumptions-run = Assumptions of this run
assumptions-run-lead = Where the files or settings are silent, this was taken.

## Matches
matches-title = Matches
matches-lead = Every order with all lines that paid, refunded or charged it.
matches-empty = No order was found on both sides.
matches-empty-hint = Check that both files cover the same period and that the order number stands in both of them.
matches-label = Matches, { $n } rows
order = Order
order-amount = Order amount
settled-gross = Settled gross
how-matched = Matched by
notes = Notes
match-parts = Parts of the difference
match-class = Certainty
class-forced = Only possible pairing
class-interchangeable = Interchangeable
class-ambiguous = Ambiguous
detail-close = Close the details
and-more = and { $n } more
occurred = Date
settled = Settled
status = Status
original = Original amount
reference = Reference

## Kinds of entries
kind-sale = Sale
kind-refund = Refund
kind-reversal = Reversal
kind-chargeback = Chargeback
kind-chargeback_reversal = Chargeback reversed
kind-preauth = Pre-authorisation
kind-capture = Capture
kind-void = Void
kind-payout = Payout
kind-fee = Fee
kind-adjustment = Adjustment
kind-reserve = Reserve
kind-release = Release
kind-transfer = Transfer
kind-other = Other

## Rules
rule-M010 = Transaction id
rule-M020 = Order number
rule-M030 = Second order number
rule-M040 = Order number, normalised
rule-M050 = One payment for several orders
rule-M055 = A reference one slip away, same amount and time
rule-M060 = Amount and time, without a reference
rule-M070 = Amount within the tolerance, without a reference
rule-M080 = The only rows that add up, without a reference
rule-M100 = Linked to its payment
rule-M110 = A payout and its deposit
evidence-transaction_id = Transaction id
evidence-reference = Order number
evidence-order_number = Second order number
evidence-normalised_reference = Order number, normalised
evidence-reference_list = List of order numbers
evidence-amount = Amount and time
evidence-mistyped_reference = Order number, one slip away
evidence-sum = Sum
evidence-payout = Payout
evidence-original = Original payment

## States
status-unstated = Not stated
status-paid = Paid
status-pending = Pending
status-authorized = Authorised
status-failed = Failed
status-voided = Voided
status-refunded = Refunded
status-partially_refunded = Refunded in part
reason-failed = failed
reason-pending = pending
reason-not_paid = not paid
reason-authorisation = authorisation only
reason-payout = payout
reason-provider_fee = provider's own fee
reason-own_balance = movement of the own balance

## Exceptions
exceptions-title = Exceptions
exceptions-lead = Rows that a person may have to act on.
exceptions-none = Nothing is open
exceptions-none-hint = Every row of every file is matched, not due yet, or excluded with a reason.
exceptions-label = Exceptions, { $n } rows
exceptions-all = All
exceptions-filter = By cause
exceptions-in-files = In the files themselves
cause = Cause
facts = Facts
candidates = Nearest candidates
explanation = What happened
at-stake = Unexplained
fact-expected = Expected
fact-actual = Found
fact-amount = Difference
fact-rows = Rows

code-MISSING_IN_SETTLEMENT = Missing in the settlement
code-MISSING_IN_ORDERS = Missing in the orders
code-DUPLICATE_IN_SETTLEMENT = Paid twice
code-DUPLICATE_IN_ORDERS = Order listed twice
code-DOUBLE_CLAIM = Already closed earlier
code-FILE_GAP = Gap in the files
code-AMOUNT_OVER = Amount too high
code-AMOUNT_UNDER = Amount too low
code-WITHIN_TOLERANCE = Within tolerance
code-PARTIAL_SETTLEMENT = Paid in part
code-ROUNDING = Rounding
code-SIGN_MISMATCH = Wrong sign
code-UNIT_MISMATCH = Wrong unit (×100)
code-CURRENCY_MISMATCH = Wrong currency
code-FX_RATE_VARIANCE = Exchange rate off
code-FX_RATE_INVERTED = Exchange rate inverted
code-FX_RATE_PER_HUNDRED = Exchange rate per hundred
code-FX_CURRENCY_SWAPPED = Currencies swapped
code-FX_RATE_MISSING = No reference rate
code-PRECISION_ERROR = Too many decimals
code-FEE_OVERCHARGE = Fee too high
code-FEE_UNDERCHARGE = Fee too low
code-FEE_MISSING = Fee missing
code-FEE_UNKNOWN_TYPE = Unknown fee
code-STATUS_MISMATCH = Status differs
code-REFUND_UNMATCHED = Refund without order
code-REVERSAL_UNMATCHED = Reversal without order
code-CHARGEBACK = Chargeback
code-CUTOFF_SHIFT = Other day (cut-off)
code-LATE_SETTLEMENT = Settled late
code-EARLY_SETTLEMENT = Settled early
code-PAYOUT_TOTAL_MISMATCH = Payout total differs
code-CONTROL_TOTAL_MISMATCH = Control total differs
code-LINE_IDENTITY_BROKEN = Line does not add up
code-RESERVE_HELD = Reserve held
code-RESERVE_RELEASED = Reserve released
code-AMBIGUOUS_PAIR = Ambiguous pair
code-SEARCH_BUDGET_REACHED = Search limit reached
code-AMBIGUOUS_SUBSET = Several sets add up
code-LOW_EVIDENCE = Weak evidence
code-REFERENCE_MISMATCH = Reference differs
code-UNPARSEABLE = Not readable
code-MISSING_KEY = No order number

## Export
export-title = Export
export-lead = The files are made in this browser and saved by it.
export-json = Result document
export-json-text = Everything: sources, entries, matches, exceptions and the proof, with amounts as exact decimal strings. For archives, programs and “crossfoot verify”.
export-csv = Table of rows
export-csv-text = One line per row of the inputs with where it ended, for a spreadsheet. Text cells are guarded against formulas; amounts stay numbers.
export-make = Make the file
export-save = Save
export-making = Making the file
export-ready = { $file }, { $size }
export-saved = { $file } was handed to the browser for saving.
