# What the page says in place of the engine's own English: only where the engine names switches of the command.
# Keys: "/" of the code is written "-", and a remedy ends in "--remedy".
ingest-unknown-layout--remedy = Say under Check what each column is
ingest-no-amount--remedy = Say under Check which column holds the amount
ingest-no-evidence--remedy = Say under Check what each column is
ingest-unknown-profile--remedy = Choose a format from the list under Check
ingest-not-of-profile--remedy = Choose the format of the file under Check, or let its columns decide
ingest-unknown-column--remedy = Choose a column of the file under Check
ingest-wrong-side--remedy = Change what the file is used as
