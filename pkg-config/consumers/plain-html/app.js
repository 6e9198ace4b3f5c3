import { createReconciler } from "./node_modules/crossfoot/dist/index.js";

document.querySelector("#files").addEventListener("change", async (event) => {
  const file = Object.fromEntries([...event.target.files].map((file) => [file.name, file]));
  const reconciler = await createReconciler();
  await reconciler.addSource(file["orders.csv"], { side: "orders" });
  await reconciler.addSource(file["mfs.csv"], { side: "settlement" });
  const truth = JSON.parse(await file["truth.json"].text());
  const [contract, rates] = await Promise.all([file["fees.toml"].text(), file["fx.csv"].text()]);
  const run = await reconciler.reconcile({ as_of: truth.as_of, contract, rates });
  document.querySelector("#totals").textContent = JSON.stringify(run.summary.per_currency);
});
