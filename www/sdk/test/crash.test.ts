// A real crash of the real engine. In a file of its own: the instance is shared by the whole process.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createReconciler } from "../node.ts";

const wasm = readFileSync(new URL("../../pkg/crossfoot_bg.wasm", import.meta.url));
const reconcile = readFileSync(new URL("../../pkg/reconcile.wasm", import.meta.url));
const readers = readFileSync(new URL("../../pkg/readers_bg.wasm", import.meta.url));

it("an engine that runs out of memory rejects with what happened, and the next call has a fresh one", async () => {
  const r = await createReconciler({ wasm, reconcile, readers: withMemoryLimit(readers, 24 << 20) });
  const sources = [(await r.demoFiles({ seed: 7, orders: 300 })).sources[0]];
  for (const source of sources) if (source) await r.addSource(source.blob, { name: source.name, side: source.side });
  await expect(r.demoFiles({ orders: 200_000 })).rejects.toMatchObject({ name: "EngineCrashedError", code: "engine/crashed" });
  const run = await r.reconcile();
  expect(run.summary.counts.orders).toBeGreaterThan(300);
  await r.dispose();
}, 60_000);

/** The same module with a largest size for its memory: the section that declares it, rewritten. */
function withMemoryLimit(module: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const leb = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);
  while (at < module.length) {
    const start = at;
    const id = module[at++];
    const size = number();
    const end = at + size;
    if (id === 5) {
      at += 2; // one memory, and whether it has a limit
      const body = [1, 1, ...leb(number()), ...leb(bytes >>> 16)];
      return Uint8Array.from([...module.subarray(0, start), 5, ...leb(body.length), ...body, ...module.subarray(end)]);
    }
    at = end;
  }
  throw new Error("the module declares no memory");
}

