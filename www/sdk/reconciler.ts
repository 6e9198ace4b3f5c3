// What a caller holds: the reconciler with its sources, and the runs that it gives out.
//
// Sources stay with the page as Blobs and are posted, by reference, with every job. The engine keeps
// nothing that could be lost: after a crash the next call simply starts over with the same files.

import type { Connection } from "./connection.ts";
import { ConfigError, IngestError, fromWire } from "./errors.ts";
import type { SourceMessage } from "./protocol.ts";
import type {
  DemoFiles, DemoOptions, DetectOptions, Detection, EntryIndex, Explanation, ExportFormat, IndexQuery, Mapping, Page, Part,
  PageQuery, ProfileInfo, ReconcileConfig, Reconciler, RowName, Run, RunSummary, SourceId,
  SourceOptions, SourceSummary, Task, Versions, ViewName, Views,
} from "./types.ts";

/** The reconciler over a connection, whatever carries that. */
export class ConnectedReconciler implements Reconciler {
  readonly versions: Versions;
  readonly #connection: Connection;
  readonly #sources = new Map<SourceId, { message: SourceMessage; summary: SourceSummary }>();
  #lastId = 0;

  constructor(connection: Connection, versions: Versions) {
    this.#connection = connection;
    this.versions = versions;
  }

  get sources(): readonly SourceSummary[] {
    return Array.from(this.#sources.values(), ({ summary }) => summary);
  }

  detect(source: Blob, { signal, saved, ...known }: DetectOptions & Pick<Task, "signal"> = {}): Promise<Detection> {
    const message = { blob: source, name: nameOf(source), ...known, fingerprints: fingerprintsOf(saved) };
    return this.#connection.call("detect", message, task(signal, undefined));
  }

  async unpack(
    source: Blob, { name = nameOf(source), password, signal }: Pick<SourceOptions, "name" | "password"> & Pick<Task, "signal"> = {},
  ): Promise<readonly Part[]> {
    const parts = await this.#connection.call("unpack", { blob: source, name, password }, task(signal, undefined));
    return parts.map(({ name, blob, hidden, problem }) => ({
      name, file: new File([blob], name), hidden, ...(problem && { problem: { args: {}, ...problem } }),
    }));
  }

  async addSource(source: Blob | Uint8Array, options: SourceOptions & Task = {}): Promise<SourceSummary> {
    const [chosen, ...more] = await this.#chosen(source, options);
    if (chosen === undefined || more.length > 0) {
      throw severalParts(chosen?.message.name ?? "", more.map(({ message: { name } }) => name));
    }
    return this.#add(chosen, task(options.signal, options.onProgress));
  }

  async addSources(source: Blob | Uint8Array, options: SourceOptions & Task = {}): Promise<readonly SourceSummary[]> {
    const added: SourceSummary[] = [];
    for (const chosen of await this.#chosen(source, options)) {
      added.push(await this.#add(chosen, task(options.signal, options.onProgress)));
    }
    return added;
  }

  /** What to read of a file: itself, or those of its parts that are named or known. */
  async #chosen(source: Blob | Uint8Array, options: SourceOptions & Task): Promise<readonly Chosen[]> {
    const { signal, onProgress: _, password, part, saved = [], ...given } = options;
    const blob = source instanceof Blob ? source : new Blob([source as BlobPart]);
    const name = given.name ?? nameOf(blob);
    const found = await this.#connection.call("unpack", { blob, name, password }, task(signal, undefined));
    const parts = found.filter((one) => part === undefined || one.name === part);
    if (parts.length === 0) throw unknownPart(part ?? name, found.map(({ name }) => name));
    const only = parts.length === 1;
    const taken: Chosen[] = [];
    const leftOut: (readonly [string, string])[] = [];
    for (const { name, blob, hidden, problem } of parts) {
      if (only && problem !== undefined) throw fromWire(problem);
      const found =
        saved.length > 0 && given.mapping === undefined
          ? (await this.#connection.call("detect", { blob, name, ...(given.side && { side: given.side }), fingerprints: fingerprintsOf(saved) }, task(signal, undefined))).saved
          : undefined;
      const why =
        only || found !== undefined ? undefined
        : problem !== undefined ? problem.message
        : given.profile !== undefined || given.mapping !== undefined ? undefined
        : hidden ? "the sheet is hidden"
        : (await this.#connection.call("detect", { blob, name }, task(signal, undefined))).guesses.length > 0 ? undefined
        : "its columns are not known";
      if (why === undefined) taken.push(readBy({ ...given, name, blob }, saved, found));
      else leftOut.push([name, why]);
    }
    const [first, ...rest] = taken;
    if (first === undefined) throw nothingKnown(name, leftOut);
    return [leftOut.length > 0 ? { ...first, message: { ...first.message, leftOut } } : first, ...rest];
  }

  async #add({ message, saved }: Chosen, task: Task): Promise<SourceSummary> {
    const { blob, name } = message;
    const seen = await this.#connection.call("inspect", message, task);
    await this.#refuseCopy(message);
    const id = ++this.#lastId;
    const summary = { id, name, size: blob.size, ...seen, ...(saved === undefined ? {} : { saved }) };
    this.#sources.set(id, { message: { ...message, side: seen.side }, summary });
    return summary;
  }

  /** The same bytes twice would count every row twice. Only files of one size need to be compared. */
  async #refuseCopy({ blob, name }: SourceMessage): Promise<void> {
    for (const { message } of this.#sources.values()) {
      if (message.blob.size !== blob.size) continue;
      const hash = (of: SourceMessage) => this.#connection.call("hash", { blob: of.blob, name: of.name });
      const [mine, theirs] = await Promise.all([hash({ blob, name }), hash(message)]);
      if (mine === theirs) throw duplicate(name, message.name);
    }
  }

  removeSource(id: SourceId): Promise<void> {
    this.#sources.delete(id);
    return Promise.resolve();
  }

  async preview(config: ReconcileConfig = {}, task: Task = {}): Promise<Run> {
    const sources = Array.from(this.#sources.values(), ({ message }) => message);
    const { run, summary } = await this.#connection.call("preview", { sources, config }, task);
    return new ConnectedRun(this.#connection, run, summary);
  }

  async reconcile(config: ReconcileConfig = {}, task: Task = {}): Promise<Run> {
    const sources = Array.from(this.#sources.values(), ({ message }) => message);
    const { run, summary } = await this.#connection.call("reconcile", { sources, config }, task);
    return new ConnectedRun(this.#connection, run, summary);
  }

  profiles(): Promise<readonly ProfileInfo[]> {
    return this.#connection.call("profiles", {});
  }

  demoFiles(options: DemoOptions = {}): Promise<DemoFiles> {
    return this.#connection.call("demo", options);
  }

  dispose(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

class ConnectedRun implements Run {
  readonly summary: RunSummary;
  readonly #connection: Connection;
  readonly #run: number;

  constructor(connection: Connection, run: number, summary: RunSummary) {
    this.#connection = connection;
    this.#run = run;
    this.summary = summary;
  }

  async page<V extends ViewName>(
    view: V, query: PageQuery = {}, task: Pick<Task, "signal"> = {},
  ): Promise<Page<Views[V]>> {
    const page = await this.#connection.call("page", { run: this.#run, view, query }, task);
    return page as Page<Views[V]>;
  }

  index(view: ViewName, query: IndexQuery = {}, task: Pick<Task, "signal"> = {}): Promise<Uint32Array> {
    return this.#connection.call("index", { run: this.#run, view, query }, task);
  }

  explain(row: EntryIndex | RowName): Promise<Explanation> {
    return this.#connection.call("explain", { run: this.#run, row });
  }

  export(format: ExportFormat, task: Task = {}): Promise<Blob> {
    return this.#connection.call("export", { run: this.#run, format }, task);
  }
}

/** What is to be read of a file, and by which of the saved mappings. */
interface Chosen {
  readonly message: SourceMessage;
  readonly saved?: number;
}

function readBy(message: SourceMessage, saved: readonly Mapping[], index: number | undefined): Chosen {
  const mapping = index === undefined ? undefined : saved[index];
  return index === undefined || mapping === undefined ? { message } : { message: { ...message, mapping }, saved: index };
}

/** The fingerprints of saved mappings, place by place; "" where one names none. */
function fingerprintsOf(saved: readonly Mapping[] = []): string[] {
  return saved.map(({ fingerprint }) => (typeof fingerprint === "string" ? fingerprint : ""));
}

function task(signal: Task["signal"], onProgress: Task["onProgress"]): Task {
  return { ...(signal && { signal }), ...(onProgress && { onProgress }) };
}

function duplicate(name: string, earlier: string): IngestError {
  return new IngestError({
    code: "ingest/duplicate-file",
    message: `it is the same file as ${earlier}`,
    remedy: "Add it once only.",
    args: { earlier },
    source: name,
  });
}

function severalParts(first: string, more: readonly string[]): ConfigError {
  const parts = [first, ...more].join(", ");
  return new ConfigError({
    code: "config/several-parts",
    message: `the file has several tables: ${parts}`,
    remedy: "Name one of them as options.part, or add all with addSources().",
    args: { parts },
    path: "part",
  });
}

function unknownPart(part: string, found: readonly string[]): ConfigError {
  const parts = found.join(", ");
  return new ConfigError({
    code: "config/unknown-part",
    message: `there is no part ${part}`,
    remedy: `The file has ${parts}.`,
    args: { part, parts },
    path: "part",
  });
}

function nothingKnown(name: string, leftOut: readonly (readonly [name: string, why: string])[]): IngestError {
  const parts = leftOut.map(([name, why]) => `${name} (${why})`).join(", ");
  return new IngestError({
    code: "ingest/no-known-part",
    message: `none of its parts is a known table: ${parts}`,
    remedy: "Name one of them as options.part, and give it a mapping.",
    args: { parts },
    source: name,
  });
}

function nameOf(blob: Blob): string {
  const name: unknown = "name" in blob ? blob.name : undefined;
  if (typeof name === "string" && name !== "") return name;
  throw new ConfigError({
    code: "config/missing-name",
    message: "A source without a file name needs options.name.",
    path: "name",
  });
}
