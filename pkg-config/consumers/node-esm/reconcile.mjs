// @ts-check
import { readFile } from "node:fs/promises";
import { createReconciler } from "crossfoot";

const read = (/** @type {string} */ name) => readFile(`${process.argv[2]}/${name}`);
const text = async (/** @type {string} */ name) => String(await read(name));
const reconciler = await createReconciler();
await reconciler.addSource(await read("orders.csv"), { name: "orders.csv", side: "orders" });
await reconciler.addSource(await read("mfs.csv"), { name: "mfs.csv", side: "settlement" });
const when = { as_of: "2026-02-28", timezone: "Asia/Shanghai" };
const run = await reconciler.reconcile({ ...when, contract: await text("fees.toml"), rates: await text("fx.csv") });
console.log(JSON.stringify(run.summary.per_currency));
await reconciler.dispose();
