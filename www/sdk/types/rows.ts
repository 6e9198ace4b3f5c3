// The rows of the views.

import type { SourceId } from "./sources.ts";
import type { Code, CurrencyCode, Decimal, Disposition, EntryIndex, IsoDate, IsoInstant, Kind, Localised, Money, RowName, Side, Status } from "./words.ts";

/** An entry: the one normalised record that every row becomes. */
export interface LineRow {
  readonly index: EntryIndex;
  readonly row: RowName;
  readonly source: SourceId;
  readonly side: Side;
  readonly kind: Kind;
  readonly status: Status;
  readonly disposition: Disposition;
  /** Why it is excluded, for example "failed". */
  readonly reason?: string;
  /** The reference that both sides know; on orders, the order number. */
  readonly reference?: string;
  /** The provider's name for the transaction. */
  readonly transaction_id?: string;
  /** A second name for the order. */
  readonly order_number?: string;
  /** The payout or batch. */
  readonly batch?: string;
  /** The operator or payment method. */
  readonly method?: string;
  /** On the clock of the file; a date where it states no time of day. */
  readonly occurred_at?: IsoInstant | IsoDate;
  readonly settled_on?: IsoDate;
  /** Gross, in `currency`, as the merchant sees it: sale +, refund −. */
  readonly amount: Decimal;
  /** − when charged; in `currency`. */
  readonly fee: Decimal;
  /** − when charged; in `currency`. */
  readonly tax: Decimal;
  /** amount + fee + tax + adjustments, in `net_currency`. */
  readonly net: Decimal;
  readonly currency: CurrencyCode;
  /** Present where it differs from `currency`. */
  readonly net_currency?: CurrencyCode;
  /** The amount in the order's currency where the line was converted before its fees. */
  readonly original?: Money;
  /** Units of settlement currency for one unit of the order's currency. */
  readonly fx_rate?: Decimal;
  /** `index` of its row in the view `matches`. */
  readonly match?: number;
  /** `index` of its row in the view `exceptions`. */
  readonly exception?: number;
  /** Codes of all facts and notes that name this row. */
  readonly codes: readonly Code[];
}

/** One part of a difference. */
export interface DifferencePart extends Money {
  /** "fee", "tax", "fx_out", "fx_in", "rounding", "tolerance", "unexplained", … */
  readonly part: string;
}

/** Something noted about rows. */
export interface Fact {
  readonly code: Code;
  readonly rows: readonly RowName[];
  /** What it should have been: an amount, a rate, a date, a status or a currency. */
  readonly expected?: string;
  /** What it is, in the same terms. */
  readonly actual?: string;
  /** Received − expected, as far as this fact goes. */
  readonly amount?: Decimal;
  readonly currency?: CurrencyCode;
}

/** Entries of two sides that are the same money. */
export interface MatchRow {
  readonly index: number;
  readonly id: string;
  /** Code of the rule that found it, for example "M010". */
  readonly rule: string;
  /** "forced", "interchangeable" or "ambiguous". */
  readonly class: string;
  /** Order rows; at most 20 of `order_count`. */
  readonly orders: readonly RowName[];
  readonly order_count: number;
  /** Settlement rows; at most 20 of `settlement_count`. */
  readonly settlement: readonly RowName[];
  readonly settlement_count: number;
  /** The reference by which people know it. */
  readonly reference?: string;
  /** Entry index of the first order row, or of the first line: for `explain`. */
  readonly first: EntryIndex;
  readonly occurred_at?: IsoInstant | IsoDate;
  readonly settled_on?: IsoDate;
  /** Gross of the order side, in its currency. */
  readonly expected: Money;
  /** Gross of the settlement side in the same currency, before fees. */
  readonly received: Money;
  /** Net of the settlement side, in the currency that was paid out. */
  readonly net: Money;
  /** From expected to net: the parts add up, per currency. */
  readonly difference: readonly DifferencePart[];
  /** `index` of its row in the view `exceptions`. */
  readonly exception?: number;
  /** Codes of the notes and of the exception's facts. */
  readonly codes: readonly Code[];
}

/** What a person may have to act on: it annotates a match or an open entry. */
export interface ExceptionRow {
  readonly index: number;
  readonly id: string;
  /** The headline: one of the facts' codes. */
  readonly code: Code;
  /** "open" until a decision closes it. */
  readonly state: string;
  /** Rows that it is about. */
  readonly rows: readonly RowName[];
  /** Entry index of the first of them: for `explain`. */
  readonly first: EntryIndex;
  readonly reference?: string;
  readonly side: Side;
  readonly occurred_at?: IsoInstant | IsoDate;
  /** Money at stake: received − expected (negative = short). */
  readonly amount: Decimal;
  readonly currency: CurrencyCode;
  /** `index` of its row in the view `matches`, if it annotates one. */
  readonly match?: number;
  readonly codes: readonly Code[];
  readonly facts: readonly Fact[];
  readonly explanation: Localised;
  /** Rows that nearly fit, nearest first. */
  readonly candidates: readonly Candidate[];
  /** Why an open payment is in no match. */
  readonly why_not?: WhyNot;
}

/** The row that comes nearest to an open payment, and the smallest change of the rules that would match the two. */
export interface WhyNot {
  /** The nearest row of the other side; absent where none is near. */
  readonly nearest?: Candidate;
  /** Settings of `rules.toml` with the values that would match the two; empty where none would. */
  readonly change: readonly { readonly setting: string; readonly value: string }[];
  /** How many other rows of the currency could be matched in another way with that change. */
  readonly touches?: number;
  readonly explanation: Localised;
}

/** A row that nearly fits an open one. */
export type Candidate = {
  readonly row: RowName;
  readonly index: EntryIndex;
  readonly amount: Decimal;
  readonly currency: CurrencyCode;
};

/** An order that is not due yet. */
export interface InTransitRow {
  readonly index: EntryIndex;
  readonly row: RowName;
  readonly reference?: string;
  readonly occurred_at?: IsoInstant | IsoDate;
  readonly amount: Decimal;
  readonly currency: CurrencyCode;
  /** The day by which the money has to be there. */
  readonly due: IsoDate;
}

/** A row that could not be read. */
export interface RejectedRow {
  readonly index: number;
  readonly row: RowName;
  /** The file. */
  readonly source: string;
  readonly side: Side;
  /** "BAD_DATE", "PRECISION_ERROR", or "UNPARSEABLE" for all else. */
  readonly code: Code;
  /** What is wrong, in which column, and what to do; English. */
  readonly reason: string;
  /** The row as it stands in the file, cut where it is long. */
  readonly raw: string;
}
