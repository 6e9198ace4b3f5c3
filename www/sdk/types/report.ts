// What a run comes to: its files, sums, proof, and why a row ended where it did.

import type { Versions } from "./loading.ts";
import type { ExceptionRow, Fact, InTransitRow, LineRow, MatchRow } from "./rows.ts";
import type { Code, CurrencyCode, Decimal, IsoDate, Kind, Localised, Money, Side } from "./words.ts";

/** What was read from a source. */
export interface SourceReport {
  readonly index: number;
  readonly file: string;
  readonly side: Side;
  /** Of which shop, marketplace or account it speaks; "" where that was not stated. */
  readonly scope: string;
  readonly profile: string;
  readonly encoding: string;
  /** Currencies that occur, sorted. */
  readonly currency: readonly CurrencyCode[];
  /** read = entries + structural + rejected. */
  readonly rows: {
    readonly read: number;
    readonly entries: number;
    readonly structural: number;
    readonly rejected: number;
  };
  /** Printed totals, recomputed. */
  readonly controls: readonly {
    readonly name: string;
    readonly stated: string;
    readonly computed: string;
    readonly ok: boolean;
  }[];
  /** Columns that the format reads and the file does not have, and those that seem to hold the same and are not read. */
  readonly drift?: { readonly missing: readonly string[]; readonly unknown: readonly string[] };
  readonly assumptions: readonly Assumption[];
  /** Balances that a source of a bank states; empty elsewhere. */
  readonly balances: readonly StatedBalance[];
}

/** A balance that a bank statement or a response of balances states. */
export interface StatedBalance {
  /** The account; empty where the file names none. */
  readonly account: string;
  readonly balance: "opening" | "closing" | "balance" | "available" | "frozen";
  readonly amount: Decimal;
  readonly currency: CurrencyCode;
  /** The ISO date on which it holds; empty where the file names none. */
  readonly on: string;
}

/** Something that the files did not say and that the result rests on. */
export interface Assumption {
  readonly what: string;
  readonly value: string;
  readonly why: string;
  /** Present where the file leaves a choice that a person has to confirm. */
  readonly confirmed?: false;
  /** Where the answer stands in a mapping, such as "fields.occurred_at.format"; "" if no mapping can answer. */
  readonly path?: string;
  /** The answers there are; none: any text. */
  readonly options?: readonly string[];
}

/** The money of one currency, from expected to received. */
export interface CurrencySummary {
  readonly currency: CurrencyCode;
  /** Gross of the orders due by `as_of`, less refunds that the order side records. */
  readonly expected: Decimal;
  /** Σ net of the settlement's lines other than payouts. */
  readonly received: Decimal;
  /** received − expected. */
  readonly difference: Decimal;
  /** The explained parts of the difference, in the order of a waterfall. */
  readonly explained: readonly { readonly part: string; readonly amount: Decimal }[];
  /** difference − Σ explained. */
  readonly unexplained: Decimal;
  /** Orders that are open or in transit by the days since they were due, the youngest first; gross. */
  readonly ageing?: readonly {
    readonly bucket: "not_due" | "1-7" | "8-14" | "15-30" | "31-60" | "61-90" | "over_90" | "undated";
    readonly rows: number;
    readonly amount: Decimal;
  }[];
  /** What is due after `as_of`: orders that are not settled yet (gross), then settled lines that are paid out later (net). */
  readonly forecast?: readonly {
    readonly on: IsoDate;
    readonly side: "orders" | "settlement";
    readonly rows: number;
    readonly amount: Decimal;
  }[];
  /** Lines that were paid out before, on and after the day on which the contract has them due. */
  readonly paid?: { readonly early: number; readonly on_time: number; readonly late: number };
  /** Conversions into this currency by day and provider, held against the reference rates. */
  readonly fx?: readonly {
    readonly on: IsoDate;
    /** The name of the profile. */
    readonly provider: string;
    readonly from: CurrencyCode;
    /** The reference rate: units of this currency for one unit of `from`. */
    readonly rate: Decimal;
    /** Who stated it, where the rate table says so. */
    readonly source?: string;
    readonly rows: number;
    /** What was converted, in the currency `from`. */
    readonly sent: Decimal;
    /** What it was worth at the reference rate. */
    readonly fair: Decimal;
    readonly arrived: Decimal;
    /** arrived − fair. */
    readonly spread: Decimal;
    /** The spread in hundredths of a percent of `fair`. */
    readonly basis_points?: Decimal;
  }[];
  /** What changing reference rates did to conversions into this currency (汇兑损益). */
  readonly fx_gains?: readonly {
    readonly from: CurrencyCode;
    readonly rows: number;
    /** From the day of the order to that of the provider's line. */
    readonly to_settlement: Decimal;
    /** From the day of the line to that of the payout. */
    readonly to_payout: Decimal;
    /** Lines of which a reference rate is missing. */
    readonly unknown: number;
  }[];
}

/** Counts of a run. */
export interface Counts {
  readonly orders: number;
  readonly settlement: number;
  readonly bank: number;
  readonly matched: number;
  readonly open: number;
  readonly in_transit: number;
  readonly excluded: number;
  readonly closed_before: number;
  readonly matches: number;
  readonly exceptions: number;
  readonly rejected: number;
}

/** How often a code occurs, and how much money it is about. */
export interface CodeCount {
  readonly code: Code;
  /** Exceptions with this headline (or notes, for info codes), and what is stated of files themselves. */
  readonly count: number;
  /** How many of them are stated of a file: rows that could not be read, printed totals that differ, changed columns. */
  readonly files: number;
  /** Whether it is only noted on the match. */
  readonly info: boolean;
  /** Money at stake per currency, received − expected. */
  readonly amounts: readonly Money[];
}

/** What was charged for lines of one provider and currency: in a month by one method, or in a payout. Fees are negative. */
export interface FeeTotal {
  /** The profile of the source. */
  readonly provider: string;
  /** The payout; absent where the lines are those of a method and a month. */
  readonly payout?: string;
  readonly method?: string;
  /** `YYYY-MM`. */
  readonly month?: string;
  readonly currency: CurrencyCode;
  readonly lines: number;
  readonly charged: Decimal;
  /** What of it was more than the contract allows, negative. */
  readonly over: Decimal;
  /** What was charged too little, positive. */
  readonly under: Decimal;
  /** Lines whose fee the contract does not tell. */
  readonly not_known: number;
}

/**
 * A total of the proof: what came in = Σ over where it ended. Beside the fields below it has one
 * decimal for each disposition ("matched", "open", …).
 */
export interface ProofTotal {
  readonly side: Side;
  readonly kind: Kind;
  readonly currency: CurrencyCode;
  /** Which figure: "amount", "fee", "tax" or "net". */
  readonly measure: string;
  /** Entries. */
  readonly rows: number;
  readonly input: Decimal;
  readonly ties: boolean;
  readonly [disposition: string]: unknown;
}

/** What is frozen on one account, as the sources state it last; part of its balance, and added to nothing. */
export interface FrozenFunds {
  /** The account; empty where the file names none. */
  readonly account: string;
  readonly currency: CurrencyCode;
  /** The ISO date on which it was so; empty where the file names none. */
  readonly on: string;
  readonly amount: Decimal;
}

/** The proof that every cent of every input is accounted for. */
export interface Proof {
  /** Whether every total, every currency and the rows of every source tie. */
  readonly balanced: boolean;
  readonly totals: readonly ProofTotal[];
  /** What is frozen on the accounts whose balances the sources state: money there that cannot be spent. */
  readonly frozen: readonly FrozenFunds[];
  /** What does not hold, as sentences; empty when balanced. */
  readonly failures: readonly string[];
}

/** Why several exceptions are there: what to act on once and not row by row. */
export interface Cause {
  /** For `Filter.cause`. */
  readonly id: string;
  /**
   * "gap": a page or day of a file is missing. "unit": a file is read in cents for units, or the reverse.
   * "store": the orders of a shop are not there. "fee_change": another fee is charged since a day.
   */
  readonly cause: "gap" | "unit" | "store" | "fee_change";
  readonly title: Localised;
  /** How many exceptions. */
  readonly count: number;
  /** Their unexplained money, by currency. */
  readonly amounts: readonly Money[];
}

/** A run in a nutshell; small whatever the size of the input. */
export interface RunSummary {
  readonly schema: 1;
  readonly versions: Versions;
  /** The last day that the run looked at; empty where no file has a date. */
  /** Absent where it was not stated and no row has a date. */
  readonly as_of?: IsoDate;
  readonly timezone: string;
  readonly sources: readonly SourceReport[];
  readonly per_currency: readonly CurrencySummary[];
  readonly counts: Counts;
  readonly codes: readonly CodeCount[];
  /** Exceptions with one cause, in the order in which their first rows happened; left out if there are none. */
  readonly causes?: readonly Cause[];
  /** What was charged, by provider, currency, method and month, and then by payout. Absent without a contract. */
  readonly fees?: readonly FeeTotal[];
  /** What the result rests on without being told: the assumptions of all sources, each once. */
  readonly assumptions: readonly Assumption[];
  readonly proof: Proof;
  /** Size of the engine's memory after the run, in bytes. */
  readonly memory_bytes: number;
}

/** What speaks for a match. */
export type Evidence = {
  /** What agrees: "transaction_id", "reference", "order_number", "normalised_reference", "reference_list", "amount", "sum", "mistyped_reference". */
  readonly kind: string;
  /** The value on which both sides agree. */
  readonly value: string;
  /** How the orders write it, where that differs. */
  readonly orders?: string;
  /** How the settlement writes it, where that differs. */
  readonly settlement?: string;
};

/** Everything about one entry. */
export interface Explanation {
  readonly line: LineRow;
  /** Its match with all of its lines (at most 500 of them). */
  readonly match?: {
    readonly row: MatchRow;
    readonly lines: readonly LineRow[];
    readonly evidence: readonly Evidence[];
    readonly notes: readonly Fact[];
  };
  readonly exception?: ExceptionRow;
  readonly in_transit?: InTransitRow;
  /** How its fee is worked out by the contract, such as `1,250.35 × 1.5 % = 18.76 + 5.00 = 23.76 KES`. */
  readonly calculation?: Localised;
  /** The row as it stands in the file. Absent where the source is no longer at hand. */
  readonly raw?: string;
}
