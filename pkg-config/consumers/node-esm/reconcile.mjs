// @ts-check
import { readFile } from "node:fs/promises";
import { createReconciler } from "crossfoot";

const read = (/** @type {string} */ name) => readFile(`${process.argv[2]}/${name}`);
const reconciler = await createReconciler();
await reconciler.addSource(await read("orders.csv"), { name: "orders.csv", side: "orders" });
await reconciler.addSource(await read("mfs.csv"), { name: "mfs.csv", side: "settlement" });
const { as_of } = JSON.parse(String(await read("truth.json")));
const run = await reconciler.reconcile({ as_of, contract: String(await read("fees.toml")), rates: String(await read("fx.csv")) });
console.log(JSON.stringify(run.summary.per_currency));
await reconciler.dispose();
