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

// ---------------------------------------------------------------------------------------------
// Start and stop

/** What `checkSupport` found. */
export interface Support {
  /** Whether the engine can run here. */
  readonly supported: boolean;
  /** What is missing, each a plain sentence that says what to do. Empty when supported. */
  readonly missing: readonly string[];
}

/** Where the engine comes from. Everything is optional. */
export interface CreateOptions {
  /** Address of the worker file. Default: `worker.js` beside this module. */
  readonly workerUrl?: string | URL;
  /** Address of the WebAssembly file. Default: `crossfoot.wasm` beside this module. */
  readonly wasmUrl?: string | URL;
  /**
   * The worker itself, or a function that makes one (called again after a crash). For bundlers'
   * `?worker` imports, Trusted Types policies and tests.
   */
  readonly worker?: Worker | (() => Worker);
  /** The WebAssembly, already at hand: then `wasmUrl` is not fetched. */
  readonly wasm?: WebAssembly.Module | BufferSource | Response | Promise<Response>;
  /** Address of the engine's second part, which reconciles; fetched as soon as the first part runs, and
   *  of the same release. Default: `reconcile.wasm` beside this module. */
  readonly reconcileUrl?: string | URL;
  /** That part, already at hand. */
  readonly reconcile?: WebAssembly.Module | BufferSource | Response | Promise<Response>;
  /** Address of the WebAssembly file with the readers of archives, workbooks, XML and
   *  statements; fetched when a file needs it. Default: `readers.wasm` beside this module. */
  readonly readersUrl?: string | URL;
  /** That file, already at hand. */
  readonly readers?: WebAssembly.Module | BufferSource | Response | Promise<Response>;
  /** Gives up loading; the promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
}

/** Which versions answered. */
export interface Versions {
  /** Of the npm package, for example "0.1.0". */
  readonly package: string;
  /** Of the engine; equal to `package` unless files of two releases were mixed. */
  readonly engine: string;
  /** Of the matching rules: a change of it may change results. */
  readonly ruleset: string;
  /** Of the result document. */
  readonly schema: number;
}

/** What every long call takes. */
export interface Task {
  /** Cancels the call: it rejects with `signal.reason` (an `AbortError` by default). */
  readonly signal?: AbortSignal;
  /** Called at most about 20 times a second. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a call has come. */
export interface Progress {
  /** What is being done now: "reading", then "matching", "checking", "proving"; or "writing". */
  readonly phase: Phase;
  /** Done so far in this phase: bytes when reading or writing, units of work otherwise. */
  readonly completed: number;
  /** All of this phase in the same unit; absent while it is not known. */
  readonly total?: number;
}

/** The parts of a long call, in their order. The list may grow. */
export type Phase = "reading" | "matching" | "checking" | "proving" | "writing" | (string & {});

// ---------------------------------------------------------------------------------------------
// Sources

/** Names a source within one reconciler. */
export type SourceId = number;

/** How a source is to be read. */
export interface SourceOptions {
  /** The file's name as it appears in row names. Default: `File.name`. */
  readonly name?: string;
  /** Whose view this is. Default: what the detected profile says; required for unknown files. */
  readonly side?: Side;
  /** Reads the file by this profile, instead of by what its header looks like. */
  readonly profile?: string;
  /**
   * Of which shop, marketplace or account the source speaks. Several exports of one side are one side; an order
   * number says which order is meant only within its scope. It counts where both sides have it.
   */
  readonly scope?: string;
  /** The user's own mapping: a saved one, or the text of `--columns` without the file's name. */
  readonly mapping?: Mapping | string;
  /** Mappings that were saved, the best first: the first whose `fingerprint` is that of a header in the file reads it.
   *  Without effect beside `mapping`. */
  readonly saved?: readonly Mapping[];
  /** The password of an archive. */
  readonly password?: string;
  /** Which part of an archive or a workbook: its full name, such as "a.zip!b.csv" or "book.xlsx#Sheet". */
  readonly part?: string;
}

/** A part of a file: a file of an archive, a sheet of a workbook, or a plain file itself. */
export interface Part {
  /** Its full name, as it stands in row names. */
  readonly name: string;
  /** What `addSource` takes: the text itself, or records that were made of a sheet. */
  readonly file: File;
  /** Whether the file does not show it (a hidden sheet). */
  readonly hidden: boolean;
  /** Why it holds no table. */
  readonly problem?: Problem;
}

/**
 * A mapping as it is saved and loaded: the same schema as a provider profile. The keys of
 * `columns` are fields of an entry ("reference", "amount", "occurred_at", …).
 */
export interface Mapping {
  readonly [key: string]: unknown;
}

/** What is known of a file before it is looked at. */
export interface DetectOptions {
  /** The side for which it will be read: guesses of that side count. */
  readonly side?: Side;
  /** The profile by which it will be read. */
  readonly profile?: string;
  /** Physical line of the header, from 1, where a person says so: what stands above it is no part of the table. */
  readonly headerRow?: number;
  /** Saved mappings, as in `SourceOptions.saved`: `Detection.saved` says which of them is for this file. */
  readonly saved?: readonly Mapping[];
}

/** An answer to a question of an `Assumption`. */
export interface Answer {
  /** `Assumption.path`, such as "fields.occurred_at.format"; "fields" asks only whether what was found is right. */
  readonly path: string;
  /** One of `Assumption.options`, or any text where there are none. */
  readonly value: string;
}

/** What a file looks like, from its first bytes. */
export interface Detection {
  /** Of what the file seems to be made: "csv", "json", "fixed-width", … or "unknown". */
  readonly format: string;
  /** Encoding by its WHATWG name: "utf-8", "gb18030". Absent when it is not a text. */
  readonly encoding?: string;
  /** The cell separator of a text table: ",", ";", "\t", "|". */
  readonly delimiter?: string;
  /** Physical line of the header, from 1; where none was recognised, the line that has the most names. 0: the table has none.
   *  Absent for JSON. */
  readonly headerRow?: number;
  /** The columns with up to five values each, before any mapping. */
  readonly columns: readonly { readonly name: string; readonly samples: readonly string[] }[];
  /** What files of this layout have in common: the folded names of the columns. A saved mapping names it. */
  readonly fingerprint: string;
  /** Which of the saved mappings is for this file, by its place in the list; absent if none is. */
  readonly saved?: number;
  /** The first records (at most 40) as they are cut into cells, with their physical lines, sheet rows or elements. */
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[] }[];
  /** Profiles that fit, best first. Empty: map the columns yourself. */
  readonly guesses: readonly FormatGuess[];
  /** What is wrong with the file, if anything; reading would report the same. */
  readonly problems: readonly Problem[];
}

/** A profile that fits a file. */
export interface FormatGuess {
  /** Name for `SourceOptions.profile`. */
  readonly profile: string;
  /** What people call it, for example "MFS Africa settlement". */
  readonly title: Localised;
  /** The side that this profile describes. */
  readonly side: Side;
  /** "signature": every column that identifies the profile is there; "synonyms": columns were
   *  recognised by their names and need a look. */
  readonly basis: "signature" | "synonyms";
  /** The guess as a mapping, the text of its JSON: to change, to save under its `fingerprint` (the folded header), and to
   *  read the next file of this layout by. */
  readonly mapping: string;
  /** Which columns of the file feed which fields, as `[field, column]`. */
  readonly columns: readonly (readonly [field: string, column: string])[];
}

/** A problem with input, as data. Thrown errors carry the same fields. */
export interface Problem {
  /** Stable, for example "ingest/bad-amount": the key for a translation. */
  readonly code: string;
  /** What happened, one English sentence without the place. */
  readonly message: string;
  /** What to do, in English. */
  readonly remedy?: string;
  /** The values in `message`, by name, for a translation. */
  readonly args: Readonly<Record<string, string>>;
  /** The file. */
  readonly source?: string;
  /** Physical line, or element of a JSON array, from 1. */
  readonly line?: number;
  /** The column's name, or its number from 1 where it has none. */
  readonly column?: string;
}

/** A source that was added. */
export interface SourceSummary {
  readonly id: SourceId;
  readonly name: string;
  readonly side: Side;
  /** Size in bytes. */
  readonly size: number;
  /** The profile that it will be read by; "mapping" for the user's own. */
  readonly profile: string;
  /** Which of `SourceOptions.saved` it will be read by; absent if none is for it. */
  readonly saved?: number;
  readonly detection: Detection;
}

/** A provider profile that the engine knows. */
export interface ProfileInfo {
  readonly name: string;
  readonly title: Localised;
  /** Absent where the profile fits either side. */
  readonly side?: Side;
  /** On what it was tried: "real" files, "documented" layouts, … */
  readonly status: string;
  /** Where the format is documented, or why it is known. */
  readonly source?: string;
}

// ---------------------------------------------------------------------------------------------
// A run

/** What a run depends on besides its sources. An unknown key is a `ConfigError`. */
export interface ReconcileConfig {
  /**
   * The run looks at the world as of the end of this local date. Default: the day after the
   * latest instant in the sources, listed as an assumption.
   */
  readonly as_of?: IsoDate;
  /** IANA name or offset ("Asia/Shanghai", "+08:00"). Default: "UTC". */
  readonly timezone?: string;
  /** The currency of files that state none. */
  readonly currency?: CurrencyCode;
  /** The fee contract: the text of a `fees.toml`. */
  readonly contract?: string;
  /** The exchange rates: the text of a CSV `date,base,quote,rate`. */
  readonly rates?: string;
  /** Tolerances and windows: the text of a `rules.toml`. */
  readonly rules?: string;
}

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
  /** On `lines`, `matches`, `exceptions`: this code is among the row's codes. */
  readonly code?: Code;
  /** On `exceptions`: this code is the headline, as `RunSummary.codes` counts them. */
  readonly headline?: Code;
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
  /** What is wrong, in which column, and what to do; English. */
  readonly reason: string;
  /** The row as it stands in the file, cut where it is long. */
  readonly raw: string;
}

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
  /** Exceptions with this headline (or notes, for info codes). */
  readonly count: number;
  /** Whether it is only noted on the match. */
  readonly info: boolean;
  /** Money at stake per currency, received − expected. */
  readonly amounts: readonly Money[];
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
  /** The row as it stands in the file. Absent where the source is no longer at hand. */
  readonly raw?: string;
}

/** What `Run.export` writes. */
export type ExportFormat = "json" | "csv";

/**
 * A finished run. It lives in the engine; only pages leave it. Starting the next run, a crash or
 * `dispose` releases it: its methods then reject with code "run/released".
 */
export interface Run {
  readonly summary: RunSummary;
  /** Rows of a view, at most 500. */
  page<V extends ViewName>(view: V, query?: PageQuery, task?: Pick<Task, "signal">): Promise<Page<Views[V]>>;
  /** The `index` of every row that passes the filter, in the order of the sort: 4 bytes a row. */
  index(view: ViewName, query?: IndexQuery, task?: Pick<Task, "signal">): Promise<Uint32Array>;
  /** Where an entry ended, and why. */
  explain(row: EntryIndex | RowName): Promise<Explanation>;
  /** The result document (JSON) or the lines as CSV. Byte for byte what the command writes. */
  export(format: ExportFormat, task?: Task): Promise<Blob>;
}

/** A file of the demo. */
export interface DemoSource {
  readonly name: string;
  readonly side: Side;
  readonly blob: Blob;
}

/** A realistic month with planted exceptions; the same bytes as `crossfoot demo` writes. */
export interface DemoFiles {
  readonly sources: readonly DemoSource[];
  readonly config: ReconcileConfig;
}

/** What is generated. */
export interface DemoOptions {
  /** Default: 1. The same seed gives the same bytes. */
  readonly seed?: number;
  /** 1 to 200,000. Default: 2,000. */
  readonly orders?: number;
}

/** The engine in its worker. One reconciler is one job at a time. */
export interface Reconciler extends AsyncDisposable {
  readonly versions: Versions;
  /** What a file looks like, from its first 256 KiB. */
  detect(source: Blob, options?: DetectOptions & Pick<Task, "signal">): Promise<Detection>;
  /** The parts of an archive or a workbook; of any other file, itself. */
  unpack(source: Blob, options?: Pick<SourceOptions, "name" | "password"> & Pick<Task, "signal">): Promise<readonly Part[]>;
  /**
   * Looks at the head of a file and keeps it for the next run. Nothing is copied. Of an archive or a
   * workbook it takes the part that is named or the only one that is known.
   */
  addSource(source: Blob | Uint8Array, options?: SourceOptions & Task): Promise<SourceSummary>;
  /** The same for every part that is known; what is left out is said in the result. */
  addSources(source: Blob | Uint8Array, options?: SourceOptions & Task): Promise<readonly SourceSummary[]>;
  removeSource(id: SourceId): Promise<void>;
  /** What was added, in that order. */
  readonly sources: readonly SourceSummary[];
  /**
   * Reads all sources to show what is made of them, before anything rests on it: rows, rejected rows, assumptions and
   * questions, as in a `Run`, which lives until the next look or the next `reconcile` and cannot be exported. The
   * run that `reconcile` gave stays as it is.
   */
  preview(config?: ReconcileConfig, task?: Task): Promise<Run>;
  /** Reads all sources and reconciles them. */
  reconcile(config?: ReconcileConfig, task?: Task): Promise<Run>;
  /** The profiles that the engine knows. */
  profiles(): Promise<readonly ProfileInfo[]>;
  /** Sample data, made in the worker. */
  demoFiles(options?: DemoOptions): Promise<DemoFiles>;
  /** Ends the worker, which is the only way to give its memory back. Pending calls reject. */
  dispose(): Promise<void>;
}
