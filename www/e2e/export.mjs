// Reconciles the demo files through an installed package and prints the result document, which
// must be the command's, byte for byte: node e2e/export.mjs PACKAGE_FOLDER DEMO_FOLDER
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [folder = "", demo = ""] = process.argv.slice(2);
const { createReconciler } = await import(String(pathToFileURL(`${folder}/dist/node.js`)));
const read = (/** @type {string} */ name) => readFile(`${demo}/${name}`);
const text = async (/** @type {string} */ name) => String(await read(name));

const reconciler = await createReconciler();
await reconciler.addSource(await read("orders.csv"), { name: "orders.csv", side: "orders" });
await reconciler.addSource(await read("mfs.csv"), { name: "mfs.csv", side: "settlement" });
const [contract, rates] = [await text("fees.toml"), await text("fx.csv")];
const run = await reconciler.reconcile({ as_of: "2026-02-28", timezone: "Asia/Shanghai", contract, rates });
const document = await run.export("json");
process.stdout.write(Buffer.from(await document.arrayBuffer()));
await reconciler.dispose();
