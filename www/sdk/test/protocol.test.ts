import { afterEach, describe, expect, it, vi } from "vitest";
import { Connection } from "../connection.ts";
import { EngineCrashedError, LoadError } from "../errors.ts";
import { type FromWorker, PROTOCOL, type ToWorker, type TransportEvents } from "../protocol.ts";
import { ConnectedReconciler } from "../reconciler.ts";
import type { Progress, Reconciler } from "../types.ts";
import { FakeEngine, VERSIONS, loopback } from "./fake-engine.ts";

const WASM = { kind: "url", url: "unused" } as const;
const LATER = { reconcile: () => WASM, readers: () => WASM };

async function reconciler(engine: FakeEngine, opened?: () => void): Promise<Reconciler> {
  const connection = new Connection({ open: loopback(engine, opened), wasm: WASM, later: LATER });
  return new ConnectedReconciler(connection, await connection.start());
}

const file = (name: string, size: number) => new File([new Uint8Array(size)], name);
const code = (expected: string) => expect.objectContaining({ code: expected });

afterEach(() => vi.useRealTimers());

describe("a reconciler over the protocol", () => {
  it("reads every byte of every source and gives out a run", async () => {
    const engine = new FakeEngine();
    const r = await reconciler(engine);
    const orders = await r.addSource(file("orders.csv", 3_000_000));
    await r.addSource(new Uint8Array(10), { name: "mfs.csv", side: "settlement" });
    const run = await r.reconcile();
    expect(orders).toMatchObject({ id: 1, name: "orders.csv", size: 3_000_000, side: "orders" });
    expect(r.sources.map(({ name, side }) => [name, side])).toEqual([
      ["orders.csv", "orders"], ["mfs.csv", "settlement"],
    ]);
    expect(engine.received).toEqual([3_000_000, 10]);
    expect(run.summary).toMatchObject({ counts: { orders: 3_000_000 }, memory_bytes: 65_536 });
    expect(await run.index("lines")).toEqual(Uint32Array.of(3, 1, 2));
  });

  it("leaves a removed source out", async () => {
    const engine = new FakeEngine();
    const r = await reconciler(engine);
    const { id } = await r.addSource(file("a.csv", 7));
    await r.addSource(file("b.csv", 5));
    await r.removeSource(id);
    await r.reconcile();
    expect(engine.received).toEqual([5]);
  });

  it("unpacks a file only where that is needed, and loads the readers only then", async () => {
    const engine = new FakeEngine();
    const r = await reconciler(engine);
    const plain = file("orders.csv", 7);
    const itself = await r.unpack(plain);
    expect(itself.map(({ name, file, problem }) => [name, file.size, problem])).toEqual([["orders.csv", 7, undefined]]);
    expect(engine.calls).not.toContain("unpack");
    const parts = await r.unpack(new File(["Pa.csv:12345;!note:;b.csv:1"], "m.zip"));
    expect(parts.map(({ name, file, problem }) => [name, file.size, problem?.code])).toEqual([
      ["m.zip!a.csv", 5, undefined], ["m.zip!note", 0, "ingest/no-table"], ["m.zip!b.csv", 1, undefined],
    ]);
    await expect(r.unpack(new File(["Plocked"], "m.zip"))).rejects.toEqual(code("ingest/password-needed"));
    await expect(r.unpack(new File(["Plocked"], "m.zip"), { password: "pw" })).resolves.toHaveLength(1);
  });

  it("takes the only part of a file, the one that is named, or all that are known", async () => {
    const engine = new FakeEngine();
    const r = await reconciler(engine);
    expect(await r.addSource(new File(["Pa.csv:12345"], "one.zip"))).toMatchObject({ name: "one.zip!a.csv", size: 5 });
    const two = new File(["Pa.csv:123;!note:;b.csv:1"], "two.zip");
    await expect(r.addSource(two, { side: "orders", profile: "generic" })).rejects.toEqual(code("config/several-parts"));
    await expect(r.addSource(two, { part: "two.zip!c.csv" })).rejects.toEqual(code("config/unknown-part"));
    await expect(r.addSource(two, { part: "two.zip!note" })).rejects.toEqual(code("ingest/no-table"));
    await expect(r.addSource(two)).rejects.toEqual(code("ingest/no-known-part"));
    expect(await r.addSource(two, { part: "two.zip!b.csv" })).toMatchObject({ name: "two.zip!b.csv" });
    const three = new File(["Pa.csv:1234;b.csv:12"], "three.zip");
    const all = await r.addSources(three, { profile: "generic" });
    expect(all.map(({ name }) => name)).toEqual(["three.zip!a.csv", "three.zip!b.csv"]);
  });

  it("refuses a source without a name", async () => {
    const r = await reconciler(new FakeEngine());
    await expect(r.addSource(new Uint8Array(1))).rejects.toEqual(code("config/missing-name"));
  });

  it.each([false, true])("reports progress of each phase, growing (sources read twice: %s)", async (twice) => {
    const engine = new FakeEngine();
    engine.readsTwice = twice;
    const r = await reconciler(engine);
    await r.addSource(file("a.csv", 5_000_000));
    await r.addSource(file("b.csv", 3_000_000));
    const seen: Progress[] = [];
    await r.reconcile({}, { onProgress: (p) => seen.push(p) });
    expect(engine.received).toEqual([5_000_000, 3_000_000]);
    expect(new Set(seen.map((p) => p.phase))).toEqual(new Set(["reading", "matching"]));
    const reading = seen.filter((p) => p.phase === "reading").map((p) => p.completed);
    expect(reading).toEqual([...reading].sort((a, b) => a - b));
    expect(reading.at(-1)).toBeLessThanOrEqual(8_000_000);
    expect(seen[0]).toMatchObject({ total: 8_000_000 });
  });

  it("refuses the same file twice, on whichever side", async () => {
    const r = await reconciler(new FakeEngine());
    await r.addSource(new File(["same"], "a.csv"), { side: "orders" });
    await r.addSource(new File(["also"], "b.csv"), { side: "orders" });
    for (const [name, side] of [["c.csv", "settlement"], ["d.csv", "orders"]] as const) {
      const again = r.addSource(new File(["same"], name), { side });
      await expect(again).rejects.toMatchObject({ code: "ingest/duplicate-file", source: name });
    }
    expect(r.sources).toHaveLength(2);
  });

  it("passes the engine's errors on as typed ones and stays usable", async () => {
    const r = await reconciler(new FakeEngine());
    await expect(r.reconcile({ timezon: "UTC" } as never)).rejects.toMatchObject({
      name: "ConfigError", code: "config/unknown-field", path: "timezon",
    });
    await expect(r.reconcile()).resolves.toBeDefined();
  });

  it("releases a run when the next one starts", async () => {
    const r = await reconciler(new FakeEngine());
    const first = await r.reconcile();
    await first.page("lines");
    const second = await r.reconcile();
    await expect(first.page("lines")).rejects.toEqual(code("run/released"));
    await expect(first.export("json")).rejects.toEqual(code("run/released"));
    await expect(second.page("lines")).resolves.toMatchObject({ total: 0 });
  });

  it("writes a document with the sources' SHA-256, and tables without", async () => {
    const engine = new FakeEngine();
    const r = await reconciler(engine);
    await r.addSource(new File(["abc"], "a.csv"));
    const run = await r.reconcile();
    const json = await run.export("json");
    expect([json.type, await json.text()]).toEqual(["application/json", "ababab"]);
    await run.export("csv");
    expect(engine.calls.filter((c) => c.startsWith("beginExport"))).toEqual([
      "beginExport json ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "beginExport csv ",
    ]);
  });

  it("adds a row's own text to its explanation", async () => {
    const r = await reconciler(new FakeEngine());
    await r.addSource(new File(["a,b\n1,2\r\n3,4"], "a.csv"));
    const run = await r.reconcile();
    await expect(run.explain("a.csv:2")).resolves.toEqual({ line: { row: "a.csv:2" }, raw: "1,2" });
  });

  it("makes the demo's files", async () => {
    const r = await reconciler(new FakeEngine());
    const { sources, config } = await r.demoFiles({ seed: 7 });
    expect(config).toEqual({ as_of: "2026-02-25" });
    expect(await sources[0]?.blob.text()).toBe("7 2000");
  });
});

describe("cancelling", () => {
  it("stops the engine between two steps and rejects with the signal's reason", async () => {
    const engine = new FakeEngine();
    engine.work = 1e12;
    engine.stepMs = 5;
    const r = await reconciler(engine);
    await r.addSource(file("a.csv", 10));
    const abort = new AbortController();
    const running = r.reconcile({}, { signal: abort.signal, onProgress: (p) => p.phase === "matching" && abort.abort() });
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    expect(engine.calls.at(-1)).toBe("clear");
    const steps = engine.calls.length;
    await new Promise((settle) => setTimeout(settle, 30));
    expect(engine.calls.length).toBe(steps);
  });

  it("keeps every step short enough to be cancelled, however little the steps before it had to do", async () => {
    const engine = new FakeEngine();
    engine.work = 5_000_000;
    const r = await reconciler(engine);
    await r.addSource(file("orders.csv", 10));
    await r.reconcile();
    expect(engine.largestStep).toBeGreaterThan(10_000);
    expect(engine.largestStep).toBeLessThanOrEqual(50_000);
  });

  it("rejects with the caller's own reason, before anything is sent", async () => {
    const engine = new FakeEngine();
    const r = await reconciler(engine);
    const reason = new Error("changed my mind");
    await expect(r.reconcile({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(engine.calls).toEqual([]);
  });

  it("takes a waiting job out of the queue", async () => {
    const engine = new FakeEngine();
    engine.stepMs = 5;
    engine.work = 1e6;
    const r = await reconciler(engine);
    const abort = new AbortController();
    const first = r.reconcile();
    const second = r.reconcile({}, { signal: abort.signal });
    abort.abort();
    await expect(second).rejects.toMatchObject({ name: "AbortError" });
    await expect(first).resolves.toBeDefined();
    expect(engine.calls.filter((c) => c === "start")).toHaveLength(1);
  });

  it("ends a worker that does not answer, and a new one takes over", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let opened = 0;
    const terminated: number[] = [];
    const connection = new Connection({
      wasm: WASM,
      open: (events) => {
        const number = ++opened;
        return {
          post: (message: ToWorker) => {
            if (message.type === "init") events.message({ type: "ready", protocol: PROTOCOL, versions: VERSIONS });
            if (message.type === "call" && number > 1) events.message({ type: "result", id: message.id, value: [] });
          },
          terminate: () => terminated.push(number),
        };
      },
    });
    const abort = new AbortController();
    const stuck = connection.call("detect", { blob: new Blob([]), name: "a" }, { signal: abort.signal });
    const other = connection.call("profiles", {});
    const outcomes = Promise.allSettled([stuck, other]);
    await vi.advanceTimersByTimeAsync(10);
    abort.abort();
    await vi.advanceTimersByTimeAsync(5_100);
    const [first, second] = await outcomes;
    expect(first).toMatchObject({ reason: { name: "AbortError" } });
    expect(second).toMatchObject({ reason: { code: "engine/stopped" } });
    expect(terminated).toEqual([1]);
    await expect(connection.call("profiles", {})).resolves.toEqual([]);
    expect(opened).toBe(2);
  });
});

describe("a crash", () => {
  it("rejects every pending call with the panic's message; the next call has the same sources", async () => {
    const engine = new FakeEngine();
    let opened = 0;
    const r = await reconciler(engine, () => opened++);
    await r.addSource(file("a.csv", 42));
    engine.panicIn = "step";
    const [run, waiting] = await Promise.allSettled([r.reconcile(), r.reconcile()]);
    for (const outcome of [run, waiting]) {
      expect(outcome).toMatchObject({
        status: "rejected",
        reason: { code: "engine/crashed", message: expect.stringContaining("src/fake.rs:7") },
      });
      expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(EngineCrashedError);
    }
    await expect(r.reconcile()).resolves.toBeDefined();
    expect(engine.received).toEqual([42]);
    expect(opened).toBe(2);
  });

  it("releases the run that the dead engine held", async () => {
    const engine = new FakeEngine();
    const r = await reconciler(engine);
    const run = await r.reconcile();
    engine.panicIn = "page";
    await expect(run.page("lines")).rejects.toBeInstanceOf(EngineCrashedError);
    await expect(run.page("lines")).rejects.toEqual(code("run/released"));
  });
});

describe("loading", () => {
  const answering = (answer: (events: TransportEvents) => void) =>
    new Connection({
      wasm: WASM,
      open: (events) => ({ post: () => answer(events), terminate: () => {} }),
    });
  const failing = (message: FromWorker) => answering((events) => events.message(message)).start();

  it("refuses a worker of another release", async () => {
    await expect(failing({ type: "ready", protocol: 99, versions: VERSIONS })).rejects.toEqual(code("load/version-skew"));
  });

  it("passes on why the engine could not be compiled", async () => {
    const error = { code: "load/csp", message: "refused" };
    await expect(failing({ type: "failed", error })).rejects.toBeInstanceOf(LoadError);
  });

  it("explains a worker that dies without a word, and tries again at the next call", async () => {
    let tries = 0;
    const connection = answering((events) => {
      if (++tries === 1) events.failure({ code: "load/worker", message: "The worker failed to load." });
      else events.message({ type: "ready", protocol: PROTOCOL, versions: VERSIONS });
    });
    await expect(connection.start()).rejects.toEqual(code("load/worker"));
    await expect(connection.start()).resolves.toEqual(VERSIONS);
  });

  it("gives up after thirty seconds of silence", async () => {
    vi.useFakeTimers();
    const outcome = Promise.allSettled([answering(() => {}).start()]);
    await vi.advanceTimersByTimeAsync(30_001);
    expect((await outcome)[0]).toMatchObject({ reason: { code: "load/timeout" } });
  });

  it("can be aborted", async () => {
    const abort = new AbortController();
    const loading = answering(() => {}).start(abort.signal);
    abort.abort();
    await expect(loading).rejects.toMatchObject({ name: "AbortError" });
  });

  it("after dispose every call rejects, the pending ones too", async () => {
    const engine = new FakeEngine();
    engine.work = 1e12;
    const r = await reconciler(engine);
    const pending = r.reconcile();
    await r.dispose();
    await expect(pending).rejects.toEqual(code("engine/disposed"));
    await expect(r.profiles()).rejects.toEqual(code("engine/disposed"));
  });
});
