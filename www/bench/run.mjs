// Measures the page of this folder in Chromium: node bench/run.mjs URL FOLDER_OF_THE_PAIR ROUNDS
import { chromium } from "@playwright/test";
import { chromiumOptions } from "../e2e/chromium.mjs";

const [url = "", pair = "", rounds = "5"] = process.argv.slice(2);
const options = chromiumOptions();
// A new profile each time, and room for what the bare join keeps.
const browser = await chromium.launch(options);
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  page.on("pageerror", (error) => console.error(`page error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") console.error(message.text());
  });
  await page.goto(url);
  await page.locator("#files").setInputFiles(
    ["orders", "mfs", "open-orders", "open-lines"].map((name) => `${pair}/${name}.csv`),
  );

  const ours = [];
  const papa = [];
  for (let round = 1; round <= Number(rounds); round += 1) {
    const join = await page.evaluate("bench.papa()");
    const run = await page.evaluate("bench.ours()");
    papa.push(join);
    ours.push(run);
    const phases = Object.entries(run.phases).map(([name, ms]) => `${name} ${seconds(ms)}`);
    console.log(
      `round ${round}: PapaParse + Map ${seconds(join.milliseconds)} (${join.matched} equal), ` +
        `Crossfoot ${seconds(run.milliseconds)} (${phases.join(", ")})`,
    );
  }
  const last = ours.at(-1);
  const [a, b] = [papa, ours].map((runs) => median(runs.map((run) => run.milliseconds)));
  console.log(`\nmedian: PapaParse + Map ${seconds(a)}, Crossfoot ${seconds(b)}, ratio ${(b / a).toFixed(2)}`);
  console.log(`matched ${last.counts.matched} entries, open ${last.counts.open}, proof holds: ${last.balanced}`);
  const perPair = last.memory_bytes / (last.counts.orders || 1);
  console.log(`WebAssembly.Memory after the run: ${last.memory_bytes} bytes, ${perPair.toFixed(0)} per pair`);
  console.log(`progress events: ${last.events}; longest task on the main thread: ${longest(ours)}`);
  for (const part of [0.1, 0.3, 0.5, 0.7, 0.9]) {
    const answer = await page.evaluate(`bench.cancel(${Math.round(b * part)})`);
    const text = answer
      ? `rejected after ${answer.rejected.toFixed(0)} ms, worker free after ${answer.answered.toFixed(0)} ms`
      : "the run was over";
    console.log(`cancel at ${Math.round(part * 100)} %: ${text}`);
  }
  const open = [];
  for (let round = 1; round <= Number(rounds); round += 1) open.push(await page.evaluate("bench.open()"));
  const matching = median(open.map((run) => run.phases.matching ?? Number.NaN));
  const { orders, matched } = open[0].counts;
  console.log(`without references: ${orders} × ${orders} rows matched in ${seconds(matching)} (${matched} rows in matches)`);
} finally {
  await browser.close();
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = [...numbers].sort((x, y) => x - y);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** @param {number} ms */
function seconds(ms) {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** @param {{ longestTask: number }[]} runs */
function longest(runs) {
  const milliseconds = Math.max(...runs.map((run) => run.longestTask));
  return milliseconds > 0 ? `${milliseconds.toFixed(0)} ms` : "none of 50 ms or more";
}
