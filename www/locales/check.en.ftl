## Check: how each file is read. Loaded after the first screen.
check-title = Check how the files are read
check-lead = Every row is used, is structure such as a header or a total, or is skipped with a reason. Answer what is open; the rest only needs a look.
check-reading = Reading the files…
check-large = These files are large: what becomes of their rows is shown here after you reconcile.
check-clear = No open questions
check-questions = { $n ->
    [one] 1 question
   *[other] { $n } questions
  }
check-warned = { $n ->
    [one] 1 note
   *[other] { $n } notes
  }
check-skipped = { $n ->
    [one] 1 row skipped
   *[other] { $shown } rows skipped
  }
check-totals-off = { $n ->
    [one] 1 total differs
   *[other] { $n } totals differ
  }
check-unnamed = Say what its columns are
check-unreadable = Cannot be read
check-go = Reconcile { $orders } orders with { $lines } settlement lines
check-answered = Answered: { $answer }

check-recognised = Recognised:
check-change = change
check-change-close = close
check-change-close-of = Close the settings of { $file }
check-change-of = Change how { $file } is read
check-profile = Format
check-profile-auto = detected
check-profile-detect = Detect it again
check-delimiter = Separator
check-header-row = Header in line { $row }
check-header-none = No header
check-header-title = Which line has the names of the columns?
check-header-lead = Choose the line. What stands above it, such as the name of the account, is left out.
check-header-lines = First lines of the file
check-header-here = Header
check-header-of = Line { $line } has the names of the columns: { $names }
check-header-more = Show more lines
check-line = Line
check-line-of = Line { $line }:
check-file = File

check-own-title = Your answers
check-take-back = take back
check-take-back-of = Take back: { $question }
check-reset = Forget all of this and read the file as detected
check-keep = Read the next file with these columns the same way
check-keep-hint = Remembered in this browser only: the name of the file, names of columns, formats and words, but no rows and no amounts.
saved-title = { $n ->
    [one] This browser remembers how to read 1 kind of file
   *[other] This browser remembers how to read { $n } kinds of files
  }
saved-save = Save as a file
saved-save-of = Save as a file: the mapping of { $file }
saved-forget = Forget
saved-forget-of = Forget the mapping of { $file }
check-keep-refused = This browser does not let the page remember anything. Save the mapping as a file instead.
check-mapping-open = Use a mapping from a file
check-mapping-save = Save the mapping as a file
check-mapping-bad = This file holds no mapping. Choose one that was saved here or with “crossfoot detect --mapping”.
check-mapping-taken = Read by the mapping in { $file }.

check-columns = Columns
check-columns-lead = What each column is, and what its first values were read as. Choose another column where one was taken wrongly.
check-no-columns = The names of the columns are not known. Say which one is which: an order number, a date and an amount are enough.
check-more-fields = More fields
check-own = chosen
check-field = Field
check-column = Column of the file
check-sample = In the file
check-parsed = Read as
check-empty = (empty)
check-no-key = not used as an id
check-less = less { $column }
check-unmapped = Not used
check-unmapped-count = { $n } columns are not used
check-in-out = Line { $line }: in the file → read as
check-unmapped-columns = Columns that are not used: { $columns }

check-accounting = { $read } rows read: { $entries } used, { $structural } header or other structure, { $rejected } skipped
check-accounting-bad = { $read } rows read, but { $entries } used, { $structural } structure and { $rejected } skipped: this does not add up
check-download = { $n ->
    [one] Download the skipped row with its reason
   *[other] Download the { $shown } skipped rows with reasons
  }
check-skipped-name = { $file }-skipped-rows.csv
check-rejected = Skipped rows
check-rejected-lead = These rows are in no total. Answer the questions above, or correct the rows at their source and add the file again.
check-rejected-kept = The first { $n } are kept.
check-reason = Reason
check-raw = Row in the file
check-warnings = Worth knowing
check-assumptions = { $n ->
    [one] 1 thing that was taken to be so
   *[other] { $n } things that were taken to be so
  }
check-controls = Totals that the file states
check-control = Total
check-stated = Stated in the file
check-computed = Computed from the rows
check-agrees = Agrees
check-differs = Differs
check-drift = The column “{ $missing }” is gone. “{ $unknown }” seems to be the same under another name; it is not read. Choose it above.

## Questions
question-date = In which order are day and month written in “{ $subject }”?
question-numbers = What number is “{ $example }” in “{ $subject }”?
question-zone = In which time zone are the times in this file?
question-fee-sign = Were fees such as “{ $example }” charged to you or paid to you?
question-fee-sign-any = Is a positive fee one that you were charged?
question-type = What is a row of the type “{ $subject }”?
question-status = What does the status “{ $subject }” mean?
question-header = The first row looks like data: does this file have no header?
question-currency = In which currency are the amounts?
question-either-why = “{ $example }” can be read in two ways, and no row of the file settles it.
question-zone-why = Neither the file nor its format says it.
question-fee-sign-why = { $n ->
    [one] The file does not say it, and no net amount shows it. 1 row depends on it.
   *[other] The file does not say it, and no net amount shows it. { $shown } rows depend on it.
  }
question-type-why = { $n ->
    [one] 1 row has this type. Until you answer, its amount counts, but it is compared with no order.
   *[other] { $shown } rows have this type. Until you answer, their amounts count, but they are compared with no order.
  }
question-status-why = { $n ->
    [one] 1 row has this status. Until you answer, it is taken as paid.
   *[other] { $shown } rows have this status. Until you answer, they are taken as paid.
  }
question-currency-why = { $n ->
    [one] No column says it, so 1 row is skipped until you do.
   *[other] No column says it, so { $shown } rows are skipped until you do.
  }
question-taken = taken for now
question-header-yes = Yes, the columns below are right
question-more = Something else…
question-zone-other = Another time zone
question-currency-other = Another currency
question-other-other = Your answer
question-use = Use it
question-currency-bad = “{ $currency }” is no currency code. Write three letters, such as USD.
answer-date-dmy = Day first
answer-date-mdy = Month first
answer-numbers-point = Decimal point, as in 1,234.50
answer-numbers-comma = Decimal comma, as in 1.234,50
answer-fee-charged = Charged to me
answer-fee-paid = Paid to me

## Warnings
warning-shared-order-ids = { $value } order numbers are in another file too
warning-order-numbers-in-another-field = Lines without an order have order numbers in another field: { $value }
warning-price-of-one-piece = Amounts may be the price of one piece: { $value } orders
warning-period = These rows are of other days than the orders: { $value }
warning-difference-of-clocks = The clocks of two files are { $value } apart
warning-damaged-id = A spreadsheet has damaged ids in “{ $column }”, such as { $value }
warning-damaged-text = A part of the text is damaged
warning-hidden-characters = Hidden characters were taken out of ids
warning-leading-zeros = “{ $column }” may have lost its leading zeros
warning-number-format = The numbers in “{ $column }” are written in two ways
warning-date-format = The dates in “{ $column }” are written in two ways
warning-rows = The file has a header and no rows
warning-printed-totals = The totals at the end of the file are missing
