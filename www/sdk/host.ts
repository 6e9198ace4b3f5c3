// The engine's side of the protocol: it answers calls, in slices, so that a cancel is heard.
//
// The same class runs in the worker and, in Node, in the caller's own process. Jobs (reconcile,
// export) run one after another; small questions are answered in between.

import { type EngineModule, type EngineSession, type ReadersModule, type SourceSpec, type Want, crashOf } from "./engine.ts";
import { ReconcileError, toWire } from "./errors.ts";
import { Parts, PartsOfFile } from "./parts.ts";
import { preparedHash, recordAt } from "./prepared.ts";
import {
  type Args, type Call, type FromWorker, type LaterModule, type Operation, type Result, type SourceMessage, type ToWorker,
  WANTED, type WasmOrigin,
} from "./protocol.ts";
import { ChunkReader, unreadable } from "./reader.ts";
import { sha256 } from "./sha256.ts";
import type { DemoSource, ExportFormat, Progress, RunSummary } from "./types.ts";

/** A slice of work between two looks at the messages, in milliseconds. */
const SLICE_MS = 24;
/** What each export is. */
const MEDIA_TYPES: Record<ExportFormat, string> = {
  json: "application/json", csv: "text/csv;charset=utf-8", carry: "application/x-ndjson",
};
/** Entries of a phase's first step; later ones are as many as a slice takes. */
const FIRST_BUDGET = 1_000;
/** Entries of the largest step: a phase that has little to do must not leave the next one a step of seconds. */
const LARGEST_BUDGET = 50_000;
/** At most one progress message in this time, in milliseconds. */
const PROGRESS_MS = 50;
/** What a source is recognised by, as in `limits.rs`; of JSON, everything up to the second figure. */
export const HEAD_BYTES = 256 << 10;
const JSON_BYTES = 32 << 20;
/** Largest file that is unpacked, since it is held whole; `limits.rs` has the same. */
export const PACKED_BYTES = 256 << 20;
/** Bytes of memory beyond which the readers' instance is given back after its work. */
const READERS_BYTES = 64 << 20;

/** What the host needs from where it runs. */
export interface HostOptions {
  readonly engine: EngineModule;
  /** The engine's second part; absent where the engine is whole. */
  readonly second?: SecondPart;
  /** Compiles and starts the readers. */
  readonly loadReaders?: (wasm: WasmOrigin) => Promise<ReadersModule>;
  readonly post: (message: FromWorker, transfer?: Transferable[]) => void;
  /** Lets pending messages be handled. */
  readonly yieldNow: () => Promise<void>;
}

/** The part of the engine that reads files to their end and reconciles. */
export interface SecondPart {
  /** Whether the running engine has it. */
  linked(): boolean;
  /** Compiles it and links it to the running engine. */
  link(wasm: WasmOrigin): Promise<void>;
}

/** A finished run that the engine holds: the page's result, or a look at its files. */
interface CurrentRun {
  readonly id: number;
  readonly session: EngineSession;
  readonly sources: readonly SourceMessage[];
  /** Computed when the first document is written. */
  hashes?: Promise<string[]>;
}

/** Asks only whether something is a crash, and leaves its message for the report. */
const NO_PANIC = { takePanic: () => undefined };

/** Thrown inside a call that was cancelled. */
class Cancelled {}

/** Answers the calls of one page. */
export class Host {
  readonly #options: HostOptions;
  readonly #engine: EngineModule;
  #session: EngineSession | undefined;
  #run: CurrentRun | undefined;
  #look: CurrentRun | undefined;
  #linking: Promise<void> | undefined;
  #readers: Promise<ReadersModule> | undefined;
  #jobs: Promise<unknown> = Promise.resolve();
  #dead = false;
  readonly #open = new Map<number, Slices>();

  constructor(options: HostOptions) {
    this.#options = options;
    this.#engine = options.engine;
  }

  /** Takes a message; the answer is posted. */
  receive(message: Exclude<ToWorker, { type: "init" }>): void {
    if (this.#dead) return;
    if (message.type === "cancel") this.#open.get(message.id)?.cancel();
    else if (message.type === "module") this.#load(message.module, message.wasm);
    else void this.#answer(message);
  }

  /** Gives the engine's objects back; used where there is no worker to end. */
  close(): void {
    this.#dead = true;
    for (const slices of this.#open.values()) slices.cancel();
    this.#session?.free();
    this.#session = undefined;
    this.#forgetLook();
  }

  async #answer(call: Call): Promise<void> {
    const slices = new Slices(this.#options, call.id);
    this.#open.set(call.id, slices);
    try {
      const value = await this.#dispatch(call, slices);
      const transfer = value instanceof Uint8Array || value instanceof Uint32Array ? [value.buffer] : [];
      this.#post({ type: "result", id: call.id, value }, transfer as Transferable[]);
    } catch (thrown) {
      await this.#report(call.id, thrown);
    } finally {
      this.#open.delete(call.id);
    }
  }

  /** Starts a module; what goes wrong is told by the call that needs it. */
  #load(module: LaterModule, wasm: WasmOrigin): void {
    if (module === "readers") {
      const readers = this.#options.loadReaders?.(wasm);
      this.#readers = readers;
      readers?.catch(() => {
        if (this.#readers === readers) this.#readers = undefined;
      });
    } else {
      const linking = this.#options.second?.link(wasm);
      this.#linking = linking;
      linking?.catch(() => {
        if (this.#linking === linking) this.#linking = undefined;
      });
    }
  }

  #needReaders(): Promise<ReadersModule> {
    return this.#readers ?? Promise.reject(wanted("readers", "The readers of archives and workbooks are not loaded."));
  }

  /** Waits until the engine can reconcile. */
  async #needSecond(): Promise<void> {
    const { second } = this.#options;
    if (second === undefined || second.linked()) return;
    await this.#linking;
    if (!second.linked()) throw wanted("reconcile", "The part of the engine that reconciles is not loaded.");
  }

  async #report(id: number, thrown: unknown): Promise<void> {
    if (thrown instanceof Cancelled) return this.#post({ type: "cancelled", id });
    const readers = await this.#readers?.catch(() => undefined);
    const takePanic = () => readers?.takePanic() ?? this.#engine.takePanic();
    const crash = crashOf(thrown, { takePanic });
    if (crash === undefined) return this.#post({ type: "error", id, error: toWire(thrown) });
    this.#post({ type: "crashed", error: crash });
    this.#dead = true;
  }

  #post(message: FromWorker, transfer: Transferable[] = []): void {
    if (!this.#dead) this.#options.post(message, transfer);
  }

  #dispatch(call: Call, slices: Slices): Promise<Result<Operation>> {
    switch (call.op) {
      case "detect": return this.#detect(call.args);
      case "inspect": return this.#inspect(call.args);
      case "unpack": return this.#unpack(call.args);
      case "hash": return sha256(call.args.blob, call.args.name, this.#engine.Sha256);
      case "profiles": return Promise.resolve(this.#engine.profiles());
      case "demo": return this.#demo(call.args);
      case "page": return this.#ask(call.args.run, (s) => s.page(call.args.view, call.args.query));
      case "index": return this.#ask(call.args.run, (s) => s.index(call.args.view, call.args.query));
      case "explain": return this.#explain(call.args);
      case "preview": return this.#inTurn(slices, () => this.#preview(call.id, call.args, slices));
      case "reconcile": return this.#inTurn(slices, () => this.#reconcile(call.id, call.args, slices));
      case "export": return this.#inTurn(slices, () => this.#export(call.args, slices));
    }
  }

  /** Runs a job when the jobs before it are over. */
  #inTurn<T>(slices: Slices, job: () => Promise<T>): Promise<T> {
    const turn = this.#jobs.then(() => {
      slices.check();
      return job();
    });
    this.#jobs = turn.catch(() => undefined);
    return turn;
  }

  async #detect({ blob, name, side, profile, headerRow, fingerprints = [] }: Args<"detect">): Promise<Result<"detect">> {
    const look = (head: Uint8Array) =>
      this.#engine.detect(name, head, head.byteLength === blob.size, side, profile, headerRow, [...fingerprints]);
    const first = look(await bytesOf(blob, name, HEAD_BYTES));
    // JSON is understood only as a whole.
    if (first.format !== "json" || blob.size <= HEAD_BYTES || blob.size > JSON_BYTES) return first;
    return look(await bytesOf(blob, name, blob.size));
  }

  async #inspect(source: Args<"inspect">): Promise<Result<"inspect">> {
    const { blob, name } = source;
    const head = await bytesOf(blob, name, HEAD_BYTES);
    return this.#engine.inspect(specOf(source), head, blob.size <= HEAD_BYTES);
  }

  /** The parts of a file; a text is its own only part, and needs no second module. */
  async #unpack({ blob, name, password }: Args<"unpack">): Promise<Result<"unpack">> {
    const head = await bytesOf(blob, name, HEAD_BYTES);
    if (!this.#engine.needsUnpacking(head)) return [{ name, blob, hidden: false }];
    if (blob.size > PACKED_BYTES) throw tooLarge(name);
    const readers = await this.#needReaders();
    const parts = new PartsOfFile();
    readers.unpack(name, await bytesOf(blob, name, blob.size), password, parts);
    if (readers.memoryBytes() > READERS_BYTES) readers.reset();
    return parts.all;
  }

  async #demo({ seed = 1, orders = 2000 }: Args<"demo">): Promise<Result<"demo">> {
    const readers = await this.#needReaders();
    const demo = new readers.Demo(seed, orders);
    const sources: DemoSource[] = [
      { name: "orders.csv", side: "orders", blob: new Blob([demo.orders() as BlobPart]) },
      { name: "mfs.csv", side: "settlement", blob: new Blob([demo.settlement() as BlobPart]) },
    ];
    const config = demo.config();
    demo.free();
    return { sources, config };
  }

  async #reconcile(id: number, args: Args<"reconcile">, slices: Slices): Promise<Result<"reconcile">> {
    await this.#needSecond();
    this.#run = undefined;
    this.#forgetLook();
    const session = (this.#session ??= new this.#engine.Session());
    const summary = await this.#job(session, args, slices);
    this.#run = { id, session, sources: args.sources };
    return { run: id, summary };
  }

  async #preview(id: number, args: Args<"preview">, slices: Slices): Promise<Result<"preview">> {
    await this.#needSecond();
    this.#forgetLook();
    const session = new this.#engine.Session();
    try {
      const summary = await this.#job(session, args, slices);
      this.#look = { id, session, sources: args.sources };
      return { run: id, summary };
    } catch (thrown) {
      if (crashOf(thrown, NO_PANIC) === undefined) session.free();
      throw thrown;
    }
  }

  /** Reads and reconciles in a session; one that failed is left empty. */
  async #job(session: EngineSession, { sources, config }: Args<"reconcile">, slices: Slices): Promise<RunSummary> {
    try {
      session.start(config);
      for (const source of sources) session.addSource(specOf(source), source.blob.size);
      await read(session, sources, slices);
      await compute(session, slices);
      return { ...session.finish(), memory_bytes: this.#engine.memoryBytes() };
    } catch (thrown) {
      if (crashOf(thrown, NO_PANIC) === undefined) session.clear();
      throw thrown;
    }
  }

  #forgetLook(): void {
    this.#look?.session.free();
    this.#look = undefined;
  }

  /** A run that the page still holds; the engine has only the latest, and the latest look. */
  #held(id: number): CurrentRun {
    const held = [this.#run, this.#look].find((run) => run?.id === id);
    if (held === undefined) throw released();
    return held;
  }

  async #ask<T>(run: number, question: (session: EngineSession) => T): Promise<T> {
    return question(this.#held(run).session);
  }

  async #explain({ run, row }: Args<"explain">): Promise<Result<"explain">> {
    const { place, ...explanation } = await this.#ask(run, (s) => s.explain(row));
    const source = place === undefined ? undefined : this.#held(run).sources[place.source];
    if (place === undefined || source === undefined) return explanation;
    const raw = (await recordAt(source.blob, place.offset)) ?? (await firstLine(source.blob, place.offset));
    return raw === undefined ? explanation : { ...explanation, raw };
  }

  async #export({ run, format }: Args<"export">, slices: Slices): Promise<Blob> {
    const current = this.#run;
    if (current?.id !== run) throw released();
    const hashes = format === "json" ? await (current.hashes ??= this.#hash(current.sources)) : [];
    const { session } = current;
    session.beginExport(format, hashes);
    const parts = new Parts();
    for (;;) {
      const bytes = session.nextChunk();
      if (bytes === undefined) break;
      parts.push(bytes);
      await slices.next({ phase: "writing", completed: parts.size });
    }
    return parts.blob(MEDIA_TYPES[format]);
  }

  #hash(sources: readonly SourceMessage[]): Promise<string[]> {
    return Promise.all(
      sources.map(async ({ blob, name }) => (await preparedHash(blob)) ?? sha256(blob, name, this.#engine.Sha256)),
    );
  }
}

function wanted(module: LaterModule, message: string): ReconcileError {
  return new ReconcileError({ code: WANTED[module], message, remedy: `Use the ${module}.wasm of the same release.` });
}

/** Gives the job the bytes that it asks for: each source from its start, once or twice. */
async function read(
  session: EngineSession, sources: readonly SourceMessage[], slices: Slices,
): Promise<void> {
  const total = sources.reduce((sum, { blob }) => sum + blob.size, 0);
  const reading = new ReadingProgress(total);
  for (let want = session.wants(); want !== undefined; want = session.wants()) {
    const source = sources[want.source];
    if (source === undefined) throw new Error(`the engine wants source ${want.source}`);
    const { blob, name } = source;
    const reader = new ChunkReader(blob, name);
    reading.begin(want.source, blob.size, want.pass);
    try {
      for (let offset = 0; offset < blob.size; ) {
        const bytes = await reader.read(offset);
        session.push(bytes);
        offset += bytes.byteLength;
        if (offset === bytes.byteLength) reading.pass = session.wants()?.pass ?? "read";
        await slices.next(reading.at(offset));
      }
    } finally {
      reader.close();
    }
    session.end();
  }
}

/** Bytes that were read, where a source that is read twice counts half each time. */
class ReadingProgress {
  pass: Want["pass"] = "read";
  readonly #total: number;
  #before = 0;
  #source = -1;
  #size = 0;
  #again = false;

  constructor(total: number) {
    this.#total = total;
  }

  begin(source: number, size: number, pass: Want["pass"]): void {
    this.#again = source === this.#source;
    if (!this.#again) this.#before += this.#size;
    [this.#source, this.#size, this.pass] = [source, size, pass];
  }

  at(offset: number): Progress {
    const halves = this.#again ? this.#size + offset : this.pass === "read" ? 2 * offset : offset;
    return { phase: "reading", completed: this.#before + Math.floor(halves / 2), total: this.#total };
  }
}

/** Steps through the phases after reading; a step is as long as a slice, whatever the machine. */
async function compute(session: EngineSession, slices: Slices): Promise<void> {
  let budget = FIRST_BUDGET;
  let phase = "";
  for (;;) {
    // An entry costs more in one phase than in another: each begins carefully.
    const started = performance.now();
    const { done, ...progress } = session.step(Math.round(budget));
    if (done) return;
    if (progress.phase !== phase) budget = FIRST_BUDGET;
    phase = progress.phase;
    const factor = SLICE_MS / Math.max(0.1, performance.now() - started);
    budget = Math.min(LARGEST_BUDGET, Math.max(500, budget * Math.min(2, Math.max(0.25, factor))));
    await slices.next(progress);
  }
}

/** The slices of one call: where it yields, reports, and hears that it was cancelled. */
class Slices {
  readonly #options: HostOptions;
  readonly #id: number;
  #cancelled = false;
  #since = performance.now();
  #reported = 0;
  #phase = "";

  constructor(options: HostOptions, id: number) {
    this.#options = options;
    this.#id = id;
  }

  cancel(): void {
    this.#cancelled = true;
  }

  check(): void {
    if (this.#cancelled) throw new Cancelled();
  }

  /** Ends a piece of work; yields when the slice is used up. */
  async next(progress: Progress): Promise<void> {
    const now = performance.now();
    if (now - this.#reported >= PROGRESS_MS || progress.phase !== this.#phase) {
      this.#reported = now;
      this.#phase = progress.phase;
      this.#options.post({ type: "progress", id: this.#id, progress });
    }
    if (now - this.#since < SLICE_MS) return;
    await this.#options.yieldNow();
    this.#since = performance.now();
    this.check();
  }
}

/** A source as the engine is told about it: a mapping is a text, whichever of the two it is. */
function specOf({ name, side, profile, scope, mapping, leftOut, secrets }: SourceMessage): SourceSpec {
  const spec = { name, side, profile, scope, left_out: leftOut, ...(secrets && { secrets }) };
  if (mapping === undefined) return spec;
  return typeof mapping === "string" ? { ...spec, columns: mapping } : { ...spec, mapping: JSON.stringify(mapping) };
}

async function bytesOf(blob: Blob, name: string, count: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.slice(0, count).arrayBuffer());
  } catch (thrown) {
    throw unreadable(name, thrown);
  }
}

/** The physical line at `offset` of a UTF-8 text, cut at 4 KiB; nothing where the file is gone. */
async function firstLine(blob: Blob, offset: number): Promise<string | undefined> {
  try {
    const bytes = new Uint8Array(await blob.slice(offset, offset + 4096).arrayBuffer());
    const end = bytes.findIndex((byte) => byte === 10 || byte === 13);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  } catch {
    return undefined;
  }
}

function tooLarge(name: string): ReconcileError {
  return new ReconcileError({
    code: "limit/packed",
    message: `${name} is larger than ${PACKED_BYTES >> 20} MB`,
    remedy: "Unpack it, or save the workbook as CSV, and add the files that it holds.",
  });
}

function released(): ReconcileError {
  return new ReconcileError({
    code: "run/released",
    message: "This run is no longer in the engine: another one was started, or the engine was restarted.",
    remedy: "Reconcile again and use the new run.",
  });
}
