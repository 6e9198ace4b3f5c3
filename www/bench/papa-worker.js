// The bare join of two files: PapaParse reads them, a Map joins them by reference, and equal
// amounts are counted. No fees, no duplicates, no totals, no proof.
/* global importScripts, Papa */
importScripts("papaparse.min.js");

/** @param {{ data: [File, File] }} message */
onmessage = async ({ data: [orders, settlement] }) => {
  const started = performance.now();
  const [header = [], ...rows] = await table(orders);
  const reference = header.indexOf("order_number");
  const total = header.indexOf("total");
  const amounts = new Map();
  for (const row of rows) amounts.set(row[reference], row[total]);

  const [head = [], ...lines] = await table(settlement);
  const key = head.indexOf("transaction_reference");
  const received = head.indexOf("amount_received");
  let matched = 0;
  for (const line of lines) {
    if (amounts.get(line[key]) === line[received]) matched += 1;
  }
  postMessage({ milliseconds: performance.now() - started, matched });
};

/** @param {File} file @returns {Promise<string[][]>} */
async function table(file) {
  // @ts-expect-error PapaParse comes with importScripts.
  return Papa.parse(await file.text(), { skipEmptyLines: true }).data;
}

postMessage("ready");
