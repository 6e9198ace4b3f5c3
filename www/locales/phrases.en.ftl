# Sentences that the engine writes into documents: assumptions, reasons of rejected rows, names of control totals.
# The page matches them against these patterns to say them in another language; see app/phrases.ts.
# A value named `inner` is a sentence of its own.

## Assumptions: what
what-as-of = as-of date
what-cycle = settlement cycle
what-fees = fees
what-time-zone = time zone
what-time-zone-of = time zone “{ $value }”
what-currency = currency
what-columns = columns
what-number-format = number format of { $column }
what-date-format = date format of { $column }
what-order-amount = amount of an order
what-further-rows = rows that continue an order
what-rows = rows
what-printed = printed totals
what-type = type “{ $value }”
what-status = status “{ $value }”
what-negative-type = type of rows with a negative amount
what-amount-sign = sign of amounts
what-fee-sign = sign of fees
what-shared-orders = shared order ids
what-scope = scope
what-unit-price = price of one piece
what-period = period
what-clocks = difference of clocks
what-header = header
what-tax = tax
what-damaged-text = damaged text
what-hidden = hidden characters
what-damaged-id = damaged id in { $column }
what-leading-zeros = leading zeros of { $column }
what-encoding = encoding
value-lost = lost
value-stray-quote = stray-quote
value-unclosed-quote = unclosed-quote
value-quotes-ignored = quotes-ignored
value-lost-character = lost-character
value-garbled = garbled
value-nul = nul
value-repeated-key = repeated-key
what-opening = opening balance
what-closing = closing balance
what-statements = statements
value-not-stated = not stated
value-do-not-follow = do not follow
value-as-stated = as stated
value-none = none
value-left-out = left out
value-of-net = that of the net
value-part-of-fee = part of the fee

## Assumptions: why
why-as-of = no date was given: the day after the latest instant in the files
why-no-as-of = no date was given and no row has one: nothing is late and nothing is in transit
why-cycle = no contract states one: every order is due on its own day
why-fees = no contract was given: the fees in the file are taken to be right
why-time-zone = neither the file nor its profile says in which zone its times are
why-currency = the file has no column for it; it was stated for the run
why-currency-open = neither a column nor a line of the file says in which currency its amounts are; its rows are read once that is stated
why-columns = no known layout; the columns were recognised by their names
why-number-contradiction = { $n } cells such as { $example } need a decimal point and { $other } such as { $another } a decimal comma; the rarer ones are rejected
why-number-undecided = { $inner }; no cell settles it, such as { $example }
why-number-as-in = as in the column { $column }
why-number-three-decimals = no currency in it has three decimals
why-number-either = { $example } could be { $one } or { $another }
why-date-either = { $example } could be { $one } or { $another }; no cell settles it
why-date-contradiction = { $n } cells such as { $example } need it, { $other } such as { $another } need { $format }; those are rejected
why-order-amount = no column states the order's total; what the file leaves out, such as shipping, is not in it
why-further-rows = their first row is not in this file; { $n } in all, such as { $example }
why-date-sibling = as in the other date column; { $example } alone could be either
why-no-rows = there is a header, but no row under it: export the file again if rows are missing
why-printed = the file does not end with the totals that this layout prints: it may be cut off
why-type = the word is in no vocabulary; the row keeps its amount and is compared with no order
why-fee-sign = the file does not say, and no net amount shows it
why-amount-sign = only so do amount, fee and tax lead to the net
why-period = no order is of these days: the orders are of { $one } to { $another }
why-clocks = its zone is not stated and was taken to be another one than that of { $value }
why-shared-orders = { $value } has them too, such as { $example }: the same orders twice are counted twice, and parts of one order in two files are one order; if they are orders of two shops, name the shop of each file as its scope
why-lone-scope = no file of the other side has it: the rows are matched with those of all files without one
why-unit-price-column = in all { $n } rows with a quantity of two or more, { $value } is { $example } × { $column }
why-unit-price-paid = in { $n } of { $other } matched orders of several pieces, such as { $example }, what was paid is the amount times the quantity: the amount may be the price of one piece
why-header = the first row holds values: the columns are called by their places, and what they are follows from their values alone
why-tax = amount less fee is the net only if the tax is left out
why-hidden = the sheet is hidden
why-opening = the movements cannot be proven against the closing balance of { $place }
why-one-balance = the movements cannot be proven against one balance alone: { $place }
why-closing = the file may be cut off: there is none for { $place }
why-gap = a statement may be missing: { $place } opens with { $one }, and the one before closed with { $another }
why-columns-unknown = its columns are not known
why-exponent = a spreadsheet wrote it as a number with an exponent, and its last digits are lost; it is no key. Export the file again and do not open it before it is added
why-truncated = a spreadsheet kept 15 digits of it and wrote zeros for the rest; it is no key. Export the file again and do not open it before it is added
why-id-date = a spreadsheet took it for a date; it is no key. Export the file again and do not open it before it is added
why-id-fault = a spreadsheet wrote an error in its place; it is no key
why-id-lost = a character of it is lost; it is no key. Export the file again
why-leading-zeros = nearly all of its numbers have { $n } digits, some have fewer, and none starts with a zero: a spreadsheet may have dropped them. Numbers that differ in leading zeros only are still matched where that is unique
why-hidden-characters = characters that nobody sees (zero-width, direction marks, non-breaking blanks) were taken out of the key
why-encoding = { $n } of { $other } characters above ASCII fit it; if text looks wrong, save the file as UTF-8
why-encoding-next = { $n } of { $other } characters above ASCII fit it; the next best is { $example }; if text looks wrong, save the file as UTF-8
why-stray-quote = a quote on this line is not closed or not escaped; the line is read so that it has as many cells as the others, with that quote as text
why-torn = a quote opens inside a cell and closes in a later one: a separator may be missing, and cells may stand under the wrong name
why-unclosed = a quote on this line is never closed; the line is read without quotes
why-quotes-ignored = too many quotes are never closed; from this line on quotes are text
why-nul = the line holds NUL characters; they are kept as they are
why-lost-character = column { $n } holds a character that is lost: its bytes are none of the encoding, or it was lost when the file was saved; export the file again
why-garbled = column { $n } holds “{ $value }”: the file was opened in a wrong encoding and saved again; export it again, and open it as UTF-8
why-row = { $inner }; row { $row }
why-rows = { $inner }; { $n } rows, the first is { $row }

## Reasons of rejected rows
reason-number = column { $column }: “{ $value }” is not an amount; check that the right column is mapped, or correct the cell
reason-scientific = column { $column }: “{ $value }” is in scientific notation, which a spreadsheet uses when it drops digits; export the file again and load it without opening it in a spreadsheet
reason-too-fine = column { $column }: “{ $value }” has { $n } decimals, but this column can have { $most }; correct the amount; if the file really counts finer, state that in its mapping
reason-marks = column { $column }: “{ $value }” does not fit the column's format { $format }; correct the cell, or state the column's number format in the mapping
reason-signs = column { $column }: “{ $value }” has more than one sign or an unclosed parenthesis; write the amount with one sign, such as -5.00 or (5.00)
reason-other-currency = column { $column }: “{ $value }” carries the sign of another currency than { $currency }; correct the currency of the row or the sign in the cell
reason-digits = column { $column }: “{ $value }” has more than 28 digits; check that the right column is mapped: this looks like an id
reason-not-a-date = column { $column }: “{ $value }” is not a date in the column's format; correct the cell, or state the column's date format in the mapping
reason-no-such-day = column { $column }: “{ $value }” is not a date: there is no day { $day } in month { $month } of { $year }; correct the cell, or state the column's date format in the mapping
reason-no-such-time = column { $column }: “{ $value }” has a time of day that no clock shows; correct the cell: hours go from 0 to 23, minutes and seconds to 59
reason-zone = column { $column }: “{ $value }” names a time zone that is unknown or means several; write the offset instead, such as +08:00, or state the zone in the mapping
reason-year = column { $column }: “{ $value }” is outside the years 1 to 9999; check the unit of the column: seconds and milliseconds are easily confused
reason-rate = column { $column }: “{ $value }” is no exchange rate above zero: correct the cell
reason-currency-empty = column { $column } is empty: fill in the ISO 4217 code of the currency, such as USD
reason-currency-unknown = column { $column }: “{ $value }” is no currency of ISO 4217: write its code, such as USD or KES
reason-currency-absent = the file has no column for the currency: state it with --currency, or map it with --columns 'FILE: currency=…'
reason-few-cells = the row has { $n } cells, but the header has { $most } columns; “{ $column }” and what follows is missing: complete the row, or export the file again
reason-many-cells = the row has { $n } cells, but the header has { $most } columns: put the cell that holds a separator in quotes, or export the file again
reason-no-amount = nothing says how much: { $column } are empty; fill in the amount, or remove the row
reason-no-amount-one = nothing says how much: { $column } is empty; fill in the amount, or remove the row
reason-no-net = the net is empty and no exchange rate leads to it: fill in the net or the rate
reason-amounts-digits = the amounts have more than 28 digits: check that the right columns are mapped

## Names of control totals
control-bounds = opening + movements = closing
control-opening = { $place }: opening + movements = closing
control-balances = { $place }: { $one } + movements = { $another }
control-credits = { $place }: credits
control-debits = { $place }: debits
control-net = { $place }: net of the movements
control-number-credits = { $place }: number of credits
control-number-debits = { $place }: number of debits
control-frozen = { $place }: frozen funds
control-credit-bookings = number of credit bookings
control-debit-bookings = number of debit bookings
control-account-total = account { $place } control total
control-account-records = account { $place } records
control-group-total = group control total
control-group-accounts = group accounts
control-group-records = group records
control-file-total = file control total
control-file-groups = file groups
control-file-records = file records
control-running-balance = running balance
control-identity = rows whose amount + fee + tax is the net
control-rows-with = rows with { $formula }
