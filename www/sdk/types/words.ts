// The words that rows are described in: money, days, names, kinds and states.

/** An exact decimal number as text, for example "-12.50". Never a JavaScript number. */
export type Decimal = string;

/** An ISO 4217 code, for example "KES". */
export type CurrencyCode = string;

/** A day as "YYYY-MM-DD". */
export type IsoDate = string;

/** An instant as RFC 3339 with an offset. */
export type IsoInstant = string;

/** A row's stable name within a run, for example "orders.csv:12" or "orders.csv:12/refund". */
export type RowName = string;

/** A number that names an entry within one run, from 0. Only meaningful for that run. */
export type EntryIndex = number;

/** Which view of the money a source gives. */
export type Side = "orders" | "settlement" | "bank" | "webhook";

/** What an entry does to the merchant's money. */
export type Kind =
  | "sale" | "refund" | "reversal" | "chargeback" | "chargeback_reversal" | "preauth" | "capture"
  | "void" | "payout" | "fee" | "adjustment" | "reserve" | "release" | "transfer" | "other";

/** What the source says about the state of a row. */
export type Status =
  | "unstated" | "paid" | "pending" | "authorized" | "failed" | "voided" | "refunded"
  | "partially_refunded";

/** Where an entry ends. Every entry has exactly one. */
export type Disposition = "open" | "matched" | "in_transit" | "excluded" | "closed_before";

/** An exception or note code such as "FEE_OVERCHARGE"; the list grows, so treat it as text. */
export type Code = string;

/** The same sentence in the languages of the product. */
export interface Localised {
  readonly en: string;
  readonly "zh-Hans": string;
}

/** An amount with its currency. */
export interface Money {
  readonly amount: Decimal;
  readonly currency: CurrencyCode;
}
