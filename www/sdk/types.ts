// The public contract of the npm package: every type that crosses its border, written by hand.
//
// Units, everywhere:
// - Money is an exact decimal string in MAJOR units of its currency ("1234.50", "-60.00",
//   "5000" for UGX), with exactly the currency's number of digits unless the file was finer.
//   It is never a JavaScript number. `Decimal` marks such a string.
// - Currencies are ISO 4217 codes. Nothing is ever summed or compared across currencies.
// - Dates are "YYYY-MM-DD". Instants are RFC 3339 with an offset ("2026-02-01T09:30:00+03:00").
// - A row's name is "<file name>:<row>": the physical line on which the record starts (text) or
//   the 1-based element (JSON, XML) or the sheet's row; further entries of one row end in "/fee",
//   "/tax", "/refund", "/void". A part has the names of what it lies in: "a.zip!b.csv:12", "book.xlsx#Sheet:12".
// - Sizes are bytes; counts are whole numbers.
// - A field that does not apply is absent (never null).

export type * from "./types/words.ts";
export type * from "./types/loading.ts";
export type * from "./types/sources.ts";
export type * from "./types/views.ts";
export type * from "./types/rows.ts";
export type * from "./types/report.ts";
export type * from "./types/reconciler.ts";
