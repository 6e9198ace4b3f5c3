// The real engine, in Node: what a caller of the package gets.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReconciler, withAnswers } from "../node.ts";
import type { LineRow, Page, Reconciler, Run, Views } from "../types.ts";

const wasm = readFileSync(new URL("../../pkg/crossfoot_bg.wasm", import.meta.url));
const reconcile = readFileSync(new URL("../../pkg/reconcile.wasm", import.meta.url));
const readers = readFileSync(new URL("../../pkg/readers_bg.wasm", import.meta.url));
const refused = (code: string) => expect.objectContaining({ code });

let reconciler: Reconciler;
let run: Run;

async function demo(orders: number, seed = 7): Promise<Reconciler> {
  const r = await createReconciler({ wasm, reconcile, readers });
  const { sources } = await r.demoFiles({ seed, orders });
  for (const { blob, name, side } of sources) await r.addSource(blob, { name, side });
  return r;
}

/** Every row of the lines view, page by page. */
async function allLines(query: object = {}): Promise<LineRow[]> {
  const rows: LineRow[] = [];
  for (;;) {
    const page = await run.page("lines", { ...query, offset: rows.length, limit: 500 });
    rows.push(...page.rows);
    if (rows.length >= page.total) return rows;
  }
}

beforeAll(async () => {
  reconciler = await demo(600);
  const { config } = await reconciler.demoFiles({ seed: 7, orders: 600 });
  run = await reconciler.reconcile(config);
}, 60_000);

afterAll(() => reconciler.dispose());

describe("a run in Node", () => {
  it("sums up what its views list", async () => {
    const { counts, proof, codes, sources } = run.summary;
    expect(proof).toMatchObject({ balanced: true, failures: [] });
    const lines = await allLines();
    expect(lines).toHaveLength(counts.orders + counts.settlement);
    for (const end of ["matched", "open", "in_transit", "excluded"] as const) {
      expect(lines.filter((row) => row.disposition === end)).toHaveLength(counts[end]);
      const page = await run.page("lines", { filter: { disposition: end }, limit: 1 });
      expect(page.total).toBe(counts[end]);
    }
    expect((await run.page("matches")).total).toBe(counts.matches);
    expect((await run.page("exceptions")).total).toBe(counts.exceptions);
    expect((await run.page("in_transit")).total).toBe(counts.in_transit);
    expect((await run.page("rejected")).total).toBe(counts.rejected);
    expect((await run.page("sources")).rows.map((source) => source.rows)).toEqual(sources.map((source) => source.rows));
    for (const { code, count, info } of codes) {
      if (info) continue;
      const all = await run.page("exceptions", { limit: 500 });
      expect(all.rows.filter((row) => row.code === code)).toHaveLength(count);
    }
  });

  it("filters and sorts alike in pages and in indexes", async () => {
    const lines = await allLines();
    const query = { filter: { side: "settlement", currency: "KES" }, sort: { by: "amount", descending: true } } as const;
    const index = await run.index("lines", query);
    const expected = lines
      .filter((row) => row.side === "settlement" && [row.currency, row.net_currency, row.original?.currency].includes("KES"))
      .sort((a, b) => Number(b.amount) - Number(a.amount) || a.index - b.index);
    expect([...index]).toEqual(expected.map((row) => row.index));
    const page = await run.page("lines", { ...query, offset: 5, limit: 10 });
    expect(page.rows.map((row) => row.index)).toEqual([...index.slice(5, 15)]);
    expect(page.total).toBe(index.length);
  });

  it("sorts by age whatever the clock of the row", async () => {
    const rows = await allLines({ sort: { by: "age" } });
    const instants = rows.map((row) => (row.occurred_at === undefined ? Infinity : Date.parse(row.occurred_at)));
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
  });

  it("finds rows by a part of a reference and by name", async () => {
    const [some] = (await run.page("lines", { offset: 40, limit: 1 })).rows;
    const reference = some?.reference ?? "";
    const found = await allLines({ filter: { text: reference.slice(1).toLowerCase() } });
    expect(found.map((row) => row.row)).toContain(some?.row);
    const named = await allLines({ filter: { text: some?.row } });
    expect(named.map((row) => row.row)).toContain(some?.row);
    expect(await allLines({ filter: { text: "no such reference" } })).toEqual([]);
  });

  it("names the same rows by code as the exceptions do", async () => {
    const exceptions = await pages("exceptions");
    const rows = exceptions.flatMap(({ facts }) => facts.filter(({ code }) => code === "LATE_SETTLEMENT").flatMap((fact) => fact.rows));
    const lines = await allLines({ filter: { code: "LATE_SETTLEMENT" } });
    expect(rows.length).toBeGreaterThan(0);
    expect(lines.map((line) => line.row).sort()).toEqual([...new Set(rows)].sort());
    for (const line of lines) expect(line.codes).toContain("LATE_SETTLEMENT");
  });

  it("explains where a row ended, with its own text", async () => {
    const { rows } = await run.page("matches", { filter: { code: "FEE_OVERCHARGE" }, limit: 1 });
    const [match] = rows;
    if (!match) throw new Error("the demo plants fee overcharges");
    const found = await run.explain(match.settlement[0] ?? "");
    expect(found.match?.row.id).toBe(match.id);
    expect(found.match?.lines).toHaveLength(match.order_count + match.settlement_count);
    expect(found.match?.evidence[0]?.value).not.toBe("");
    expect(found.exception).toMatchObject({ code: "FEE_OVERCHARGE", explanation: { en: expect.any(String), "zh-Hans": expect.any(String) } });
    expect(found.raw).toContain(found.line.transaction_id);
    await expect(run.explain("mfs.csv:999999")).rejects.toEqual(refused("query/unknown-row"));
  });

  it("explains every difference: the parts of a match add up to net − expected", async () => {
    for (const match of await pages("matches")) {
      const sums = new Map<string, bigint>();
      const add = (currency: string, amount: string, sign: bigint) =>
        sums.set(currency, (sums.get(currency) ?? 0n) + sign * BigInt(amount.replace(".", "")));
      for (const { currency, amount } of match.difference) add(currency, amount, 1n);
      add(match.expected.currency, match.expected.amount, 1n);
      add(match.net.currency, match.net.amount, -1n);
      expect([...sums.values()].every((sum) => sum === 0n), JSON.stringify(match)).toBe(true);
    }
  });

  it("refuses a page that is too long", async () => {
    await expect(run.page("lines", { limit: 501 })).rejects.toMatchObject({ name: "ConfigError", code: "query/limit", path: "limit" });
  });

  async function pages<V extends "exceptions" | "matches">(view: V): Promise<Views[V][]> {
    const rows: Views[V][] = [];
    for (;;) {
      const page: Page<Views[V]> = await run.page(view, { offset: rows.length, limit: 500 });
      rows.push(...page.rows);
      if (rows.length >= page.total) return rows;
    }
  }
});

describe("sources", () => {
  it("that are no tables are refused with what they are", async () => {
    const r = await createReconciler({ wasm, reconcile, readers });
    const picture = new File(["\x89PNG\r\n\x1a\n\0\0\0\rIHDR"], "photo.csv");
    expect((await r.detect(picture)).problems).toEqual([refused("ingest/not-a-table")]);
    await expect(r.addSource(picture, { side: "orders" })).rejects.toMatchObject({ name: "IngestError", source: "photo.csv" });
    await r.dispose();
  });

  it("may be mapped by hand", async () => {
    const r = await createReconciler({ wasm, reconcile, readers });
    const file = new File(["nr;wert\nA-1;12,50\nA-2;7,00\n"], "x.csv");
    const summary = await r.addSource(file, { side: "orders", mapping: "reference=nr, amount=wert, currency='EUR'" });
    expect(summary.side).toBe("orders");
    const run = await r.reconcile();
    expect((await run.page("lines")).rows.map(({ reference, amount, currency }) => [reference, amount, currency])).toEqual([
      ["A-1", "12.50", "EUR"], ["A-2", "7.00", "EUR"],
    ]);
    await r.dispose();
  });

  it("keep the rows that could not be read, with their text", async () => {
    const r = await createReconciler({ wasm, reconcile, readers });
    await r.addSource(new File(["order_id,amount,currency\nA1,5.00,USD\nA2,12.345,USD\n"], "o.csv"), { side: "orders" });
    const run = await r.reconcile();
    expect((await run.page("rejected")).rows).toEqual([
      expect.objectContaining({ row: "o.csv:3", source: "o.csv", raw: "A2,12.345,USD", reason: expect.stringContaining("12.345") }),
    ]);
    expect(run.summary.counts).toMatchObject({ orders: 1, rejected: 1 });
    await r.dispose();
  });
});

describe("a mapping", () => {
  const text = "Order No,Date,Amount,Fee,Currency\nA1,03/04/2026,10.00,0.30,USD\nA2,05/04/2026,x,0.30,USD\n";
  const may = new File([text], "psp-may.csv");

  it("is made of a guess and the answers to its questions, and reads the next file with that header", async () => {
    const r = await createReconciler({ wasm, reconcile, readers });
    const found = await r.detect(may, { side: "settlement" });
    expect([found.headerRow, found.fingerprint]).toEqual([1, "orderno,date,amount,fee,currency"]);
    expect(found.rows[1]).toEqual({ row: 2, cells: ["A1", "03/04/2026", "10.00", "0.30", "USD"] });
    await r.addSource(may, { side: "settlement" });
    const look = await r.preview();
    const asked = look.summary.sources[0]?.assumptions.filter(({ confirmed }) => confirmed === false) ?? [];
    const path = "fields.occurred_at.format";
    expect(asked.find((one) => one.path === path)).toMatchObject({ value: "dmy", options: ["dmy", "mdy"] });
    const [guess] = found.guesses;
    if (!guess) throw new Error("the file is known by its columns");
    const saved = withAnswers(guess, [...asked.map(({ path = "", options, value }) => ({ path, value: options?.[0] ?? value })), { path, value: "mdy" }]);

    const june = new File([text.replaceAll("/2026", "/2027")], "psp-june.csv");
    const other = { schema: 1, fingerprint: "some,other,header", fields: {} };
    expect((await r.detect(june, { saved: [other, saved] })).saved).toBe(1);
    const summary = await r.addSource(june, { side: "settlement", saved: [other, saved] });
    expect(summary.saved).toBe(1);
    const run = await r.reconcile();
    expect((await run.page("lines", { filter: { source: "psp-june.csv" } })).rows[0]?.occurred_at).toBe("2027-03-04");
    expect(run.summary.sources[1]?.assumptions.filter(({ confirmed }) => confirmed === false)).toEqual([]);

    const foreign = await r.addSource(new File([text.replace("Order No", "Order ID")], "c.csv"), { side: "settlement", saved: [saved] });
    expect(foreign.saved).toBeUndefined();
    await r.dispose();
  });

  it("keeps a word as one step of a path, whatever is in it", () => {
    const made = withAnswers({ fields: { type: "Kind" } }, [
      { path: "fields.type.words.odd. word", value: "sale" }, { path: "fields.type.words.__proto__", value: "fee" },
      { path: "fields", value: "yes" }, { path: "zone", value: "Asia/Shanghai" },
    ]);
    expect(JSON.stringify(made)).toBe(
      '{"fields":{"type":{"columns":"Kind","words":{"odd. word":"sale","__proto__":"fee"}}},"zone":"Asia/Shanghai"}',
    );
  });
});

describe("a look at the files", () => {
  it("shows what is made of them beside the run, and ends with the next run", async () => {
    const r = await createReconciler({ wasm, reconcile, readers });
    await r.addSource(new File(["order_id,amount,currency\nA1,5.00,USD\n"], "o.csv"), { side: "orders" });
    const run = await r.reconcile();
    await r.addSource(new File(["order_id,amount,currency\nA2,5.00,USD\nA3,x,USD\n"], "p.csv"), { side: "orders" });
    const look = await r.preview({ currency: "USD" });
    expect((await look.page("lines")).total).toBe(2);
    expect((await look.page("rejected", { filter: { source: "p.csv" } })).rows[0]?.row).toBe("p.csv:3");
    expect((await run.page("lines")).total).toBe(1);
    await expect(look.export("json")).rejects.toEqual(refused("run/released"));
    expect((await (await run.export("csv")).text()).split("\n").length).toBeGreaterThan(1);
    await r.reconcile();
    await expect(look.page("lines")).rejects.toEqual(refused("run/released"));
    await r.dispose();
  });

  it("of a file that cannot be read leaves the run as it is", async () => {
    const r = await createReconciler({ wasm, reconcile, readers });
    await r.addSource(new File(["order_id,amount,currency\nA1,5.00,USD\n"], "o.csv"), { side: "orders" });
    const run = await r.reconcile();
    await r.addSource(new File(["[{\"id\":\"1\",\"amount\":\"5\"},"], "cut.json"), { side: "orders", mapping: "reference=id, amount=amount" }).catch(() => undefined);
    await r.preview({ timezone: "Mars/Olympus" }).then(() => expect.unreachable(), () => undefined);
    expect((await run.page("lines")).total).toBe(1);
    await r.dispose();
  });
});

describe("the real engine", () => {
  it("can be cancelled while it reads and while it matches, and used again", async () => {
    const r = await demo(4_000);
    for (const phase of ["reading", "matching"]) {
      const abort = new AbortController();
      const onProgress = (progress: { phase: string }) => progress.phase === phase && abort.abort();
      await expect(r.reconcile({}, { signal: abort.signal, onProgress })).rejects.toMatchObject({ name: "AbortError" });
    }
    const run = await r.reconcile();
    expect(run.summary.counts.orders).toBeGreaterThan(4_000);
    await r.dispose();
  }, 60_000);
});
