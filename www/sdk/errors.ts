// The errors that the package throws, and how they cross from the worker to the page.
//
// `code` is stable and decides the class; `message` is one English sentence, `remedy` says what to
// do. Cancelling is no error of ours: a cancelled call rejects with `signal.reason`, as `fetch` does.

/** Anything that went wrong. Check `code`; the classes only save a string comparison. */
export class ReconcileError extends Error {
  /** Stable, "area/what": "config/unknown-field", "ingest/unreadable", "run/released", … */
  readonly code: string;
  /** What to do about it, in English; empty where there is nothing to say. */
  readonly remedy: string;
  /** The values in `message`, by name, for a translation. */
  readonly details: Readonly<Record<string, string>>;

  constructor(wire: WireError) {
    super(wire.message);
    this.name = new.target.name;
    this.code = wire.code;
    this.remedy = wire.remedy ?? "";
    this.details = wire.args ?? {};
  }
}

/** The configuration, or a query, is not understood. */
export class ConfigError extends ReconcileError {
  /** The key at fault, for example "timezone"; empty where it is the whole. */
  readonly path: string;

  constructor(wire: WireError) {
    super(wire);
    this.path = wire.path ?? "";
  }
}

/** A source, a contract or a rate table cannot be read at all. Single bad rows are data: see the view `rejected`. */
export class IngestError extends ReconcileError {
  /** The file's name. */
  readonly source: string;
  /** Physical line, or element of a JSON array, from 1. */
  readonly line: number | undefined;
  /** The column's name, or its number from 1 where it has none. */
  readonly column: string | undefined;

  constructor(wire: WireError) {
    super(wire);
    this.source = wire.source ?? "";
    this.line = wire.line;
    this.column = wire.column;
  }
}

/** A stated limit was reached: bytes, rows, columns, … */
export class LimitError extends ReconcileError {}

/** The worker or the WebAssembly could not be loaded: address, MIME type, policy, version. */
export class LoadError extends ReconcileError {}

/**
 * The engine stopped in the middle of its work. Every pending call rejects with this; the sources
 * are kept, and the next call starts a fresh engine.
 */
export class EngineCrashedError extends ReconcileError {}

/** An error as it is posted: a plain object, since not every browser clones an `Error` whole. */
export interface WireError {
  code: string;
  message: string;
  remedy?: string;
  args?: Record<string, string>;
  path?: string;
  source?: string;
  line?: number;
  column?: string;
}

const CLASSES: readonly (readonly [prefix: string, type: new (wire: WireError) => ReconcileError])[] = [
  ["config/", ConfigError],
  ["query/", ConfigError],
  ["ingest/", IngestError],
  ["fees/", IngestError],
  ["calendar/", IngestError],
  ["fx/", IngestError],
  ["rules/", IngestError],
  ["limit/", LimitError],
  ["load/", LoadError],
  ["engine/crashed", EngineCrashedError],
];

/** Makes the error that a posted one stands for. */
export function fromWire(wire: WireError): ReconcileError {
  const found = CLASSES.find(([prefix]) => wire.code.startsWith(prefix));
  return new (found?.[1] ?? ReconcileError)(wire);
}

/** Whether something thrown is already in the shape that is posted; the engine throws these. */
export function isWireError(thrown: unknown): thrown is WireError {
  return (
    typeof thrown === "object" && thrown !== null &&
    "code" in thrown && typeof thrown.code === "string" &&
    "message" in thrown && typeof thrown.message === "string"
  );
}

/** A plain object for anything thrown. */
export function toWire(thrown: unknown): WireError {
  if (thrown instanceof ReconcileError) {
    return strip({
      code: thrown.code,
      message: thrown.message,
      remedy: thrown.remedy,
      args: { ...thrown.details },
      path: thrown instanceof ConfigError ? thrown.path : undefined,
      source: thrown instanceof IngestError ? thrown.source : undefined,
      line: thrown instanceof IngestError ? thrown.line : undefined,
      column: thrown instanceof IngestError ? thrown.column : undefined,
    });
  }
  if (isWireError(thrown) && !(thrown instanceof Error)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "engine/internal", message };
}

/** The same fields without those that are undefined. */
function strip(fields: { [K in keyof WireError]: WireError[K] | undefined }): WireError {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as WireError;
}
