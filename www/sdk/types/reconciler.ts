// The engine as JavaScript holds it, and the terms and the runs that it makes.

import type { Task, Versions } from "./loading.ts";
import type { Explanation, RunSummary } from "./report.ts";
import type { DetectOptions, Detection, Part, ProfileInfo, SourceId, SourceOptions, SourceSummary } from "./sources.ts";
import type { IndexQuery, Page, PageQuery, ViewName, Views } from "./views.ts";
import type { CurrencyCode, EntryIndex, IsoDate, RowName, Side } from "./words.ts";

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
  /** Holidays and make-up working days for the contract's settlement cycle: the text of a CSV `date,kind`. */
  readonly calendar?: string;
  /** The exchange rates: the text of a CSV `date,base,quote,rate` (and perhaps `source`), or of a JSON list of such rows. */
  readonly rates?: string;
  /** Tolerances and windows: the text of a `rules.toml`. */
  readonly rules?: string;
  /** The text of the carry-forward file that the run before wrote (`Run.export("carry")`) … */
  readonly carry?: string;
  /** … and its name, after which the sources of its open rows are called. Default: `carried`. */
  readonly carry_name?: string;
}

/** What `Run.export` writes. */
export type ExportFormat = "json" | "csv" | "carry";

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
  /** The result document (JSON), the lines as CSV, or what the next run takes up (carry). Byte for byte what the command writes. */
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
