// The views of a run, and which rows of them are asked for.

import type { SourceReport } from "./report.ts";
import type { ExceptionRow, InTransitRow, LineRow, MatchRow, RejectedRow } from "./rows.ts";
import type { Code, CurrencyCode, Disposition, Kind, Side } from "./words.ts";

/** The views of a run. Each is a list of rows with a fixed order. */
export interface Views {
  /** Every entry of every source, in reading order. */
  readonly lines: LineRow;
  /** Every match, in the order in which they were found. */
  readonly matches: MatchRow;
  /** What a person may have to act on. */
  readonly exceptions: ExceptionRow;
  /** Orders that are not due yet (在途). */
  readonly in_transit: InTransitRow;
  /** Rows that could not be read, with their text. */
  readonly rejected: RejectedRow;
  /** The files. */
  readonly sources: SourceReport;
}

/** The name of a view. */
export type ViewName = keyof Views;

/** Which rows; all given conditions must hold. A condition that a view has no field for is an error. */
export interface Filter {
  /** On every view but `in_transit`: a row of this side takes part. */
  readonly side?: Side;
  /** On `lines`. */
  readonly disposition?: Disposition;
  /** On `lines`. */
  readonly kind?: Kind;
  /** On `lines`, `matches`, `exceptions` and `rejected`: this code is among the row's codes. */
  readonly code?: Code;
  /** On `exceptions`: this code is the headline, as `RunSummary.codes` counts them. */
  readonly headline?: Code;
  /** On `exceptions`: the id of a `Cause` of the summary. */
  readonly cause?: string;
  /** On `lines`, `matches`, `exceptions`, `in_transit`. */
  readonly currency?: CurrencyCode;
  /** On `lines`, `in_transit` and `rejected`: rows of this file. */
  readonly source?: string;
  /**
   * A part of a reference, transaction id, order number, payout or memo, or "file:12" for a row's
   * name; upper and lower case are equal. On `rejected`, a part of the row or of the reason.
   */
  readonly text?: string;
}

/** Order of the rows. Equal rows keep the view's own order. */
export interface Sort {
  /**
   * "row": the view's own order. "amount": by currency, then by amount (an exception's difference,
   * a match's expected gross). "age": by instant, oldest first.
   */
  readonly by: "row" | "amount" | "age";
  /** Largest, youngest or last first. Default: false. */
  readonly descending?: boolean;
}

/** Which rows, in which order. */
export interface IndexQuery {
  readonly filter?: Filter;
  readonly sort?: Sort;
}

/** A page of a view. */
export interface PageQuery extends IndexQuery {
  /** The first row of the page among those that pass the filter, from 0. Default: 0. */
  readonly offset?: number;
  /** At most this many rows, 1 to 500. Default: 100. */
  readonly limit?: number;
}

/** The answer to a `PageQuery`. */
export interface Page<Row> {
  /** How many rows pass the filter. */
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly Row[];
}
