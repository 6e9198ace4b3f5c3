// An engine made of plain objects, so that the protocol can be tested without WebAssembly.
//
// It "reconciles" by counting bytes: reading, then as many units of work as there were bytes.

import type { EngineModule, EngineSession, ReadersModule, SourceSpec, Step, Want } from "../engine.ts";
import { Host } from "../host.ts";
import type { FromWorker, ToWorker, Transport, TransportEvents } from "../protocol.ts";
import { PROTOCOL } from "../protocol.ts";
import type { RunSummary, Versions } from "../types.ts";

export const VERSIONS: Versions = { package: "1.0.0", engine: "1.0.0", ruleset: "1", schema: 1 };

/** What a test sets up and looks at. */
export class FakeEngine {
  /** Names of the methods that were called, in order. */
  readonly calls: string[] = [];
  /** Bytes that arrived, by source. */
  received: number[] = [];
  /** The next call of this method panics. */
  panicIn: string | undefined;
  /** How long a step takes, in milliseconds of a busy thread. */
  stepMs = 0;
  /** Whether each source is first read for evidence. */
  readsTwice = false;
  /** The most units of work that one step was asked for. */
  largestStep = 0;
  /** Units of work after reading. */
  work = 100_000;
  #panic: string | undefined;

  readonly module: EngineModule;
  /** The second module: a packed file is `P`, then its parts as `name:content;…`; `!` before a name is a problem. */
  readonly readers: ReadersModule;

  constructor() {
    const fake = this;
    this.module = {
      Session: class implements EngineSession {
        #sizes: number[] = [];
        #done = 0;
        #again = false;
        start(config: object) {
          fake.record("start");
          if ("timezon" in config) throw { code: "config/unknown-field", message: "unknown field", path: "timezon" };
          fake.received = [];
          this.#sizes = [];
          this.#done = 0;
          this.#again = false;
        }
        addSource(_spec: SourceSpec, size: number) {
          fake.received.push(0);
          return this.#sizes.push(size) - 1;
        }
        wants(): Want | undefined {
          const source = this.#sizes.findIndex((size) => size >= 0);
          return source < 0 ? undefined : { source, pass: this.#again ? "read" : "evidence" };
        }
        push(bytes: Uint8Array) {
          fake.record("push");
          const source = this.wants()?.source ?? 0;
          if (fake.readsTwice && !this.#again) return;
          this.#again ||= !fake.readsTwice;
          fake.received[source] = (fake.received[source] ?? 0) + bytes.byteLength;
        }
        end() {
          const source = this.wants()?.source ?? 0;
          if (fake.readsTwice && !this.#again) {
            this.#again = true;
            return;
          }
          this.#again = false;
          this.#sizes[source] = -1;
        }
        step(budget: number): Step {
          fake.record("step");
          fake.largestStep = Math.max(fake.largestStep, budget);
          const until = performance.now() + fake.stepMs;
          while (performance.now() < until);
          this.#done = Math.min(fake.work, this.#done + budget);
          return { phase: "matching", completed: this.#done, total: fake.work, done: this.#done === fake.work };
        }
        finish() {
          fake.record("finish");
          return { schema: 1, counts: { orders: fake.received[0] ?? 0 } } as RunSummary;
        }
        clear() {
          fake.record("clear");
        }
        page() {
          fake.record("page");
          return { total: 0, offset: 0, rows: [] };
        }
        index() {
          return Uint32Array.of(3, 1, 2);
        }
        explain(row: number | string) {
          return { line: { row }, place: { source: 0, offset: 4 } } as never;
        }
        #chunks = 0;
        beginExport(format: string, hashes: string[]) {
          this.#chunks = 3;
          fake.calls.push(`beginExport ${format} ${hashes.join()}`);
        }
        nextChunk() {
          return this.#chunks-- > 0 ? new TextEncoder().encode("ab") : undefined;
        }
        free() {
          fake.record("free");
        }
      },
      Sha256: class {
        update() {}
        finish() {
          return "engine";
        }
        free() {}
      },
      versions: () => VERSIONS,
      profiles: () => [],
      detect: (name, _head, _whole, _side, _profile, _row, fingerprints) => {
        const saved = fingerprints.indexOf(`header of ${name}`);
        const found = { format: "csv", columns: [{ name, samples: [] }], fingerprint: "", rows: [], guesses: [], problems: [] };
        return saved < 0 ? found : { ...found, saved };
      },
      inspect: (spec) => {
        fake.record("inspect");
        const detection = { format: "csv", columns: [], fingerprint: "", rows: [], guesses: [], problems: [] };
        return { profile: "generic", side: spec.side ?? "orders", detection };
      },
      needsUnpacking: (head) => head[0] === 0x50,
      takePanic: () => fake.#panic,
      memoryBytes: () => 65_536,
    };
    this.readers = {
      unpack: (name, bytes, password, parts) => {
        fake.record("unpack");
        const text = new TextDecoder().decode(bytes.subarray(1));
        if (text.startsWith("locked") && password !== "pw") throw { code: "ingest/password-needed", message: "locked" };
        for (const part of text.split(";")) {
          const [title = "", content = ""] = part.split(":");
          parts.begin(`${name}!${title.replace("!", "")}`, false);
          parts.bytes(new TextEncoder().encode(content));
          parts.end(title.startsWith("!") ? { code: "ingest/no-table", message: "no table" } : undefined);
        }
      },
      Demo: class {
        readonly #text: string;
        constructor(seed: number, orders: number) {
          this.#text = `${seed} ${orders}`;
        }
        orders() {
          return new TextEncoder().encode(this.#text);
        }
        settlement() {
          return new Uint8Array();
        }
        config() {
          return { as_of: "2026-02-25" };
        }
        free() {}
      },
      takePanic: () => undefined,
      memoryBytes: () => 65_536,
      reset: () => fake.record("reset"),
    };
  }

  record(method: string): void {
    this.calls.push(method);
    if (this.panicIn !== method) return;
    this.panicIn = undefined;
    this.#panic = "the impossible happened at src/fake.rs:7";
    throw new WebAssembly.RuntimeError("unreachable");
  }
}

/** A transport to a host in this thread; every message is cloned, as between threads. */
export function loopback(engine: FakeEngine, opened: () => void = () => {}) {
  return (events: TransportEvents): Transport => {
    opened();
    let open = true;
    const deliver = (message: FromWorker) => {
      const clone = structuredClone(message);
      setImmediate(() => open && events.message(clone));
    };
    const host = new Host({
      engine: engine.module,
      loadReaders: () => Promise.resolve(engine.readers),
      post: deliver,
      yieldNow: () => new Promise((settle) => setImmediate(settle)),
    });
    return {
      post(message: ToWorker) {
        const clone = structuredClone(message);
        if (clone.type === "init") deliver({ type: "ready", protocol: PROTOCOL, versions: VERSIONS });
        else setImmediate(() => open && host.receive(clone));
      },
      terminate() {
        open = false;
        host.close();
      },
    };
  };
}
