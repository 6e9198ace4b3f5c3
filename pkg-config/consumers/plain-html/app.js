import { createReconciler } from "./node_modules/crossfoot/dist/index.js";

document.querySelector("#files").addEventListener("change", async (event) => {
  const file = Object.fromEntries([...event.target.files].map((file) => [file.name, file]));
  const reconciler = await createReconciler();
  await reconciler.addSource(file["orders.csv"], { side: "orders" });
  await reconciler.addSource(file["mfs.csv"], { side: "settlement" });
  const [contract, rates] = await Promise.all([file["fees.toml"].text(), file["fx.csv"].text()]);
  const when = { as_of: "2026-02-28", timezone: "Asia/Shanghai" };
  const run = await reconciler.reconcile({ ...when, contract, rates });
  document.querySelector("#totals").textContent = JSON.stringify(run.summary.per_currency);
});
