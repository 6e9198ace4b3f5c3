// The same bytes natively and in WebAssembly: the command's documents against the package's, on the
// demo, on months by chance, on every golden case, and on texts that the platform's decoder reads.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { workbook, zip } from "../../e2e/archive.ts";
import { HEAD_BYTES } from "../host.ts";
import { createReconciler } from "../node.ts";
import type { ReconcileConfig, Side } from "../types.ts";

const command = process.env["CROSSFOOT_BIN"];
const wasm = compiled("crossfoot_bg");
const reconcile = compiled("reconcile");
const readers = compiled("readers_bg");
/** Compiled once: it takes longer than most of the cases. */
function compiled(name: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`../../pkg/${name}.wasm`, import.meta.url)));
}

const golden = new URL("../../../tests/golden/", import.meta.url).pathname;
const work = mkdtempSync(join(tmpdir(), "crossfoot-parity-"));

afterAll(() => rmSync(work, { recursive: true }));

interface Case {
  readonly files: readonly { path: string; side?: Side }[];
  readonly config: ReconcileConfig;
  /** The text of `--columns`, with the file's name. */
  readonly columns?: string;
  /** The text of a saved mapping. */
  readonly mapping?: string;
  readonly profile?: string;
}

/** What came out: the documents, or that the sources were refused. */
type Outcome = { json: string; csv: string } | { refused: true };

async function inWasm(one: Case): Promise<Outcome & { sides: Side[] }> {
  const reconciler = await createReconciler({ wasm, reconcile, readers });
  const sides: Side[] = [];
  try {
    for (const { path, side } of one.files) {
      const columns = one.columns?.slice(one.columns.indexOf(":") + 1);
      const mapping = columns ?? (one.mapping === undefined ? undefined : JSON.parse(one.mapping));
      const options = { name: basename(path), ...(side && { side }), ...(mapping && { mapping }), ...(one.profile && { profile: one.profile }) };
      sides.push((await reconciler.addSource(readFileSync(path), options)).side);
    }
    const run = await reconciler.reconcile(one.config);
    // Not `text()`, which drops a byte order mark.
    const text = async (format: "json" | "csv") => Buffer.from(await (await run.export(format)).arrayBuffer()).toString();
    return { json: await text("json"), csv: await text("csv"), sides };
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== "IngestError") throw thrown;
    return { refused: true, sides };
  } finally {
    await reconciler.dispose();
  }
}

function natively(one: Case, sides: readonly Side[]): Outcome {
  const folder = mkdtempSync(join(work, "native-"));
  const { as_of, timezone, currency, contract, rates, rules } = one.config;
  const text = (name: string, value: string | undefined) => {
    if (value === undefined) return [];
    writeFileSync(join(folder, name), value);
    return [join(folder, name)];
  };
  const flag = (name: string, values: readonly string[]) => values.flatMap((value) => [name, value]);
  const of = (side: Side) => one.files.filter((_, at) => (sides[at] ?? "orders") === side).map(({ path }) => path);
  const given = (value: string | undefined) => (value === undefined ? [] : [value]);
  const args = [
    "reconcile", "--quiet", "--out", join(folder, "out"),
    ...flag("--orders", of("orders")), ...flag("--settlement", of("settlement")), ...flag("--bank", of("bank")),
    ...flag("--contract", text("fees.toml", contract)), ...flag("--rates", text("fx.csv", rates)),
    ...flag("--rules", text("rules.toml", rules)),
    ...flag("--mapping", text("mapping.json", one.mapping)), ...flag("--columns", given(one.columns)),
    ...flag("--profile", one.profile ? one.files.map(({ path }) => `${basename(path)}=${one.profile}`) : []),
    ...flag("--as-of", given(as_of)), ...flag("--timezone", given(timezone)), ...flag("--currency", given(currency)),
  ];
  try {
    execFileSync(command ?? "", args, { stdio: "pipe" });
  } catch (thrown) {
    const { status, stderr } = thrown as { status: number | null; stderr: Buffer };
    if (status === 2 && /^error: (unexpected|invalid|the argument|a value)/.test(String(stderr))) throw new Error(`${args.join(" ")}: ${stderr}`);
    if (status === 2) return { refused: true };
    if (status !== 1) throw thrown;
  }
  const read = (name: string) => readFileSync(join(folder, "out", name), "utf8");
  const outcome = { json: read("result.json"), csv: read("lines.csv") };
  rmSync(folder, { recursive: true });
  return outcome;
}

async function expectTheSame(one: Case): Promise<Outcome> {
  const { sides, ...outcome } = await inWasm(one);
  // The command has no flag for other sides yet.
  if (sides.some((side) => side !== "orders" && side !== "settlement")) return outcome;
  const native = natively(one, sides);
  // Not `toEqual` on the texts: a diff of megabytes would take longer than the rest of the suite.
  if ("json" in outcome && "json" in native) {
    expect(firstDifference(outcome.json, native.json)).toBe("");
    expect(firstDifference(outcome.csv, native.csv)).toBe("");
  } else expect("refused" in outcome).toBe("refused" in native);
  return outcome;
}

function firstDifference(ours: string, theirs: string): string {
  if (ours === theirs) return "";
  const [a, b] = [ours.split("\n"), theirs.split("\n")];
  const at = a.findIndex((line, number) => line !== b[number]);
  return `line ${at + 1}\n  wasm:   ${a[at]?.slice(0, 400)}\n  native: ${b[at]?.slice(0, 400)}`;
}

function* folders(root: string): Generator<string> {
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
    if (entry.name === "case.toml") yield entry.parentPath;
  }
}

/** The settings of a golden case: its `key = "text"` lines, and the files of each side where it lists them. */
function goldenCase(folder: string): Case {
  const [text = ""] = readFileSync(join(folder, "case.toml"), "utf8").split("\n[expect]");
  const settings = new Map([...text.matchAll(/^(\w+) = (?:"((?:[^"\\]|\\.)*)"|'''\n([^]*?)'''|'([^']*)')/gm)].map(([, key = "", a, b, c]) => [key, a ?? b ?? c ?? ""]));
  const extra = ["case.toml", "expected.json", "fees.toml", "fx.csv", "rules.toml"];
  const names = readdirSync(folder).filter((name) => !extra.includes(name));
  const file = (name: string) => (readdirSync(folder).includes(name) ? readFileSync(join(folder, name), "utf8") : undefined);
  const side = settings.get("side") as Side | undefined;
  const config = Object.fromEntries(
    Object.entries({
      as_of: settings.get("as_of"), timezone: settings.get("timezone"), currency: settings.get("currency"),
      contract: file("fees.toml"), rates: file("fx.csv"), rules: file("rules.toml"),
    }).filter(([, value]) => value !== undefined),
  );
  const own = Object.fromEntries(["columns", "mapping", "profile"].map((key) => [key, settings.get(key)]).filter(([, value]) => value !== undefined));
  const listed = (["orders", "settlement"] as const).flatMap((of) => {
    const [, list = ""] = new RegExp(`^${of} = \\[(.*)\\]$`, "m").exec(text) ?? [];
    return [...list.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => ({ path: join(folder, name), side: of }));
  });
  const found = names.map((name) => ({ path: join(folder, name), ...(side && { side }) }));
  return { files: listed.length > 0 ? listed : found, config, ...own };
}

/** How many months by chance: more of them in a deep test. */
const MONTHS = Number(process.env["CROSSFOOT_MONTHS"] ?? 1_000);

const TERMS: ReconcileConfig = {
  as_of: "2026-02-05",
  timezone: "Africa/Nairobi",
  contract: 'schema = 1\n[settlement]\ncycle = "D+2"\n[[fee]]\ncurrency = "KES"\nfixed = "1.50"\n',
  rates: "date,base,quote,rate\n2026-02-01,KES,USD,0.0077\n",
  rules: '[tolerance]\nabsolute = { NGN = "150.00" }\n[without_reference]\nmatch = "automatic"\n',
};

/** Few numbers, amounts and minutes, so that rows share keys, sums and instants. */
function smallMonth(seed: number): Record<"orders.csv" | "mfs.csv", string> {
  let state = seed;
  const below = (bound: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  const pick = <T>(list: readonly [T, ...T[]]): T => list[below(list.length)] ?? list[0];
  const amount = () => pick(["100.00", "100.00", "250.00", "350.00", "10000.00", "150.00"]);
  const minute = () => `0${below(8)}`;
  const rows = (row: () => string) => Array.from({ length: 1 + below(14) }, row).join("");
  const order = () => {
    const time = `2026-02-03 01:${minute()}:00 +0300`;
    const name = pick(["K-1", "K-2", "K-11", "k1", "0077", "K-3"]);
    const status = pick(["paid", "paid", "paid", "pending", "voided", "partially_refunded"]);
    return `${name},${status},${time},${pick(["KES", "KES", "NGN"])},${amount()},${time},Tea,${pick(["0.00", "0.00", "100.00"])},${pick(["", "T1", "T2"])}\n`;
  };
  const line = () => {
    const reference = pick(["K-1", "K-1", "K-2", "order k-1", "ORD#K-2", "77", "K-1+K-2", "K-2;K-3", "X-9", ""]);
    const kind = pick(["payment", "payment", "payment", "payment", "refund", "reversal", "chargeback", "fee", "payout"]);
    const currency = pick(["KES", "KES", "NGN"]);
    const gross = amount();
    const fee = pick([0, 0, 1.5, 2]);
    const net = (Number(gross) - fee).toFixed(2);
    const status = pick(["SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL", "FAILED", "PENDING"]);
    return `${pick(["", "T1", "T2", "T3", "T4"])},${reference},${kind},${status},${currency},${gross},${fee.toFixed(2)},${currency},1.00000,${net},2026-02-02T22:${minute()}:00Z,2026-02-0${3 + below(4)}\n`;
  };
  return {
    "orders.csv": `Name,Financial Status,Paid at,Currency,Total,Created at,Lineitem name,Refunded Amount,Payment Reference\n${rows(order)}`,
    "mfs.csv": `transaction_id,transaction_reference,type,status,currency,amount_received,fee_deduction,settlement_currency,fx_rate,net_amount,created_at,settlement_date\n${rows(line)}`,
  };
}

describe.skipIf(command === undefined)("native and WebAssembly give the same bytes", { timeout: 60_000 }, () => {
  it.each([1, 7, 42])("for the demo with seed %i", async (seed) => {
    const folder = join(work, `demo-${seed}`);
    execFileSync(command ?? "", ["demo", "--out", folder, "--seed", String(seed), "--orders", "400"]);
    const reconciler = await createReconciler({ wasm, reconcile, readers });
    const demo = await reconciler.demoFiles({ seed, orders: 400 });
    await reconciler.dispose();
    for (const { name, blob } of demo.sources) {
      expect(Buffer.from(await blob.arrayBuffer()).equals(readFileSync(join(folder, name))), name).toBe(true);
    }
    const files = demo.sources.map(({ name, side }) => ({ path: join(folder, name), side }));
    expect(await expectTheSame({ files, config: demo.config })).toHaveProperty("json");
  });

  const cases = [...folders(golden)].sort();
  it("has golden cases to look at", () => expect(cases.length).toBeGreaterThan(20));
  it.each(cases.map((folder) => [folder.slice(golden.length), folder]))("for the golden case %s", async (_, folder) => {
    await expectTheSame(goldenCase(folder));
  });

  it(`for ${MONTHS} small months by chance`, { timeout: 600_000 }, async () => {
    for (let seed = 1; seed <= MONTHS; seed++) {
      const folder = join(work, `month-${seed}`);
      mkdirSync(folder);
      const month = smallMonth(seed);
      for (const name of ["orders.csv", "mfs.csv"] as const) writeFileSync(join(folder, name), month[name]);
      const files = [
        { path: join(folder, "orders.csv"), side: "orders" as const },
        { path: join(folder, "mfs.csv"), side: "settlement" as const },
      ];
      expect(await expectTheSame({ files, config: TERMS }), `seed ${seed}`).toHaveProperty("json");
      rmSync(folder, { recursive: true });
    }
  });

  it("for an archive and a workbook, whose parts are named, hashed and left out alike", async () => {
    const folder = join(work, "packed");
    mkdirSync(folder, { recursive: true });
    const orders = "order number,date,amount,currency\nA-1,2026-02-01,10.00,USD\n";
    const lines = [
      ["transaction id", "order number", "date", "amount", "fee", "net", "currency"],
      ["t1", "A-1", "2026-02-02", 10, -0.3, 9.7, "USD"],
      ["t2", "A-9", "2026-02-03", 0.1, 0, "x", "USD"],
    ];
    writeFileSync(join(folder, "orders.zip"), zip({ "notes.txt": "nothing\n", "订单.csv": orders }));
    writeFileSync(join(folder, "book.xlsx"), workbook({ Cover: [["Statement"]], Lines: lines, Empty: [] }));
    const files = [
      { path: join(folder, "orders.zip"), side: "orders" as const },
      { path: join(folder, "book.xlsx"), side: "settlement" as const },
    ];
    const outcome = await expectTheSame({ files, config: {} });
    if (!("json" in outcome)) throw new Error("refused");
    const { sources } = JSON.parse(outcome.json) as { sources: { file: string; sha256: string; assumptions: { value: string }[] }[] };
    const hash = createHash("sha256").update(readFileSync(join(folder, "book.xlsx"))).digest("hex");
    expect(sources.map(({ file }) => file)).toEqual(["orders.zip!订单.csv", "book.xlsx#Lines"]);
    expect(sources[1]?.sha256).toBe(hash);
    expect(sources[1]?.assumptions.map(({ value }) => value)).toEqual(expect.arrayContaining(["book.xlsx#Cover", "book.xlsx#Empty"]));
  });

  it.each(["gb18030", "utf-16le", "utf-16be"])("for a file in %s with every character it decodes", async (encoding) => {
    const path = join(work, encoding, "orders.csv");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, everyCharacter(encoding));
    const outcome = await expectTheSame({ files: [{ path, side: "orders" }], config: {} });
    expect("json" in outcome && outcome.json).toContain('"memo":"');
  });
});

/** An orders file whose memos hold all characters of an encoding that it can tell apart. */
function everyCharacter(encoding: string): Uint8Array {
  return encoding === "gb18030" ? everyGb18030() : someUtf16(encoding);
}

/** Ordinary Chinese first, since the encoding is decided by it; then every pair of bytes. */
function everyGb18030(): Uint8Array {
  const decoder = new TextDecoder("gb18030", { fatal: true });
  const pieces: Uint8Array[] = [Buffer.from("b6a9b5a5bac52cb1b8d7a22cbdf0b6ee2cb1d2d6d60a", "hex")]; // 订单号,备注,金额,币种
  const row = (name: string, memo: readonly number[]) =>
    pieces.push(Buffer.from(`${name},`), Uint8Array.from(memo), Buffer.from(",1.00,CNY\n"));
  for (let at = 0; at * 22 < HEAD_BYTES; at++) row(`P${at}`, [0xb6, 0xa9, 0xb5, 0xa5, 0xb2, 0xe8]);
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    const memo: number[] = [];
    const add = (...bytes: number[]) => decodes(decoder, bytes) && memo.push(...bytes);
    for (let trail = 0x40; trail <= 0xfe; trail++) add(lead, trail);
    for (let third = 0x81; third <= 0xfe; third += 5) add(lead, 0x30, third, 0x35);
    row(`O${lead}`, memo);
  }
  return Buffer.concat(pieces);
}

function someUtf16(encoding: string): Uint8Array {
  const rows = ["order_id,memo,amount,currency"];
  for (let start = 0xa1; start < 0x20_000; start += 997) {
    const points = Array.from({ length: 60 }, (_, at) => start + at).filter((point) => point < 0xd800 || point > 0xdfff);
    rows.push(`O${start},${String.fromCodePoint(...points)},1.00,CNY`);
  }
  const bytes = Buffer.from(`\ufeff${rows.join("\n")}\n`, "utf16le");
  return encoding === "utf-16be" ? bytes.swap16() : bytes;
}

function decodes(decoder: TextDecoder, bytes: readonly number[]): boolean {
  try {
    return decoder.decode(Uint8Array.from(bytes)).length > 0;
  } catch {
    return false;
  }
}
