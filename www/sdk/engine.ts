// What the two WebAssembly modules export, as TypeScript sees them: the twin of src/wasm/mod.rs.
//
// Everything throws plain objects of the shape of `WireError`. A Rust panic throws a
// `WebAssembly.RuntimeError` instead and leaves the instance unusable; `takePanic` says why.

import type { WireError } from "./errors.ts";
import type {
  Detection, Explanation, IndexQuery, Page, PageQuery, ProfileInfo, ReconcileConfig, RunSummary,
  Side, Versions, ViewName, Views,
} from "./types.ts";

/** A source as the engine is told about it. */
export interface SourceSpec {
  name: string;
  side?: Side | undefined;
  profile?: string | undefined;
  /** Of which shop, marketplace or account it speaks. */
  scope?: string | undefined;
  /** A saved mapping, as the text of its JSON. */
  mapping?: string | undefined;
  /** A mapping in one line: the text of `--columns` without the file's name. */
  columns?: string | undefined;
  /** Parts of the same file that are not read, each with the reason. */
  left_out?: readonly (readonly [name: string, why: string])[] | undefined;
  /** By which pushed events are signed. */
  secrets?: readonly string[];
}

/** The source whose bytes are to be pushed next, from its start to its end. */
export interface Want {
  source: number;
  /** "evidence": read once to learn how its columns are written. It may turn out to be enough. */
  pass: "evidence" | "read";
}

/** Where a job stands after a step. */
export interface Step {
  phase: string;
  completed: number;
  total?: number;
  done: boolean;
}

/** One job and the run that it ends in. */
export interface EngineSession {
  /** Starts a job; the previous job or run is dropped. */
  start(config: ReconcileConfig): void;
  addSource(spec: SourceSpec, size: number): number;
  /** What is to be read next, or nothing when reading is over. */
  wants(): Want | undefined;
  push(bytes: Uint8Array): void;
  /** The source that is wanted has no more bytes. */
  end(): void;
  /** Works on about `budget` entries. */
  step(budget: number): Step;
  /** Turns the finished job into a run. */
  finish(): Omit<RunSummary, "memory_bytes">;
  /** Drops job and run. */
  clear(): void;
  page(view: ViewName, query: PageQuery): Page<Views[ViewName]>;
  index(view: ViewName, query: IndexQuery): Uint32Array;
  explain(row: number | string): Explanation & { place?: { source: number; offset: number } };
  /** Starts to write; `sha256` are those of the sources, in their order. */
  beginExport(format: string, sha256: string[]): void;
  /** The next bytes, or nothing when the document is complete. */
  nextChunk(): Uint8Array | undefined;
  free(): void;
}

/** The engine: its first part, and with a session also the second. */
export interface EngineModule {
  /** Only where the second part is linked. */
  Session: new () => EngineSession;
  /** SHA-256 in pieces, for sources that are too large to be hashed in one. */
  Sha256: new () => { update(bytes: Uint8Array): void; finish(): string; free(): void };
  versions(): Versions;
  profiles(): ProfileInfo[];
  /** Whether the readers have to unpack a file before it is read, by its first bytes. */
  needsUnpacking(head: Uint8Array): boolean;
  detect(
    name: string, head: Uint8Array, whole: boolean, side: Side | undefined, profile: string | undefined,
    headerRow: number | undefined, fingerprints: string[],
  ): Detection;
  inspect(
    spec: SourceSpec, head: Uint8Array, whole: boolean,
  ): { profile: string; side: Side; detection: Detection };
  /** Message and place of the panic that stopped the engine. */
  takePanic(): string | undefined;
  /** Bytes of WebAssembly memory; it never shrinks. */
  memoryBytes(): number;
}

/** Takes the parts of a file as they come; its methods must not throw. */
export interface PartsTaker {
  begin(name: string, hidden: boolean): void;
  bytes(bytes: Uint8Array): void;
  /** The part is complete, or no table at all. */
  end(problem: WireError | undefined): void;
}

/** The readers: for files that few have, and the sample month. */
export interface ReadersModule {
  unpack(name: string, bytes: Uint8Array, password: string | undefined, parts: PartsTaker): void;
  /** The sample month. */
  Demo: new (seed: number, orders: number) => {
    orders(): Uint8Array;
    settlement(): Uint8Array;
    config(): ReconcileConfig;
    free(): void;
  };
  takePanic(): string | undefined;
  memoryBytes(): number;
  /** Forgets the instance, the only way to give its memory back; its objects are then stale. */
  reset(): void;
}

/** Whether `thrown` means that the engine is gone, and the error to report if so. */
export function crashOf(thrown: unknown, engine: Pick<EngineModule, "takePanic">): WireError | undefined {
  if (!isFatal(thrown)) return undefined;
  const panic = takePanic(engine);
  const why = panic ?? `it gave no reason, most likely because memory ran out (${thrown.message})`;
  return {
    code: "engine/crashed",
    message: `The engine stopped: ${why}.`,
    remedy: "Your files are untouched; the next call starts a fresh engine. Please report this with the message.",
  };
}

/**
 * A trap, or a stack that overflowed: in both the instance stopped halfway. Or, in Node, an object
 * of an instance that was replaced after another reconciler's panic.
 */
function isFatal(thrown: unknown): thrown is Error {
  if (thrown instanceof WebAssembly.RuntimeError) return true;
  return thrown instanceof Error && /call stack|too much recursion|stale object/i.test(thrown.message);
}

function takePanic(engine: Pick<EngineModule, "takePanic">): string | undefined {
  try {
    return engine.takePanic();
  } catch {
    return undefined; // the instance may be too broken even for this
  }
}
