// How long the page's worker reads files that are written in awkward ways, beside a clean one of the same size, in
// interleaved rounds: node bench/readers.mjs URL FOLDER ROUNDS MEGABYTES
import { statSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { chromiumOptions } from "../e2e/chromium.mjs";
import { WAYS, fileName, writeAll } from "./ways.mjs";

const [url = "", folder = "", rounds = "5", megabytes = "100"] = process.argv.slice(2);
writeAll(folder, Number(megabytes));
const browser = await chromium.launch(chromiumOptions());
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  page.on("pageerror", (error) => console.error(`page error: ${error.message}`));
  await page.goto(url);
  await page.locator("#files").setInputFiles(WAYS.map((way) => join(folder, fileName(way))));
  const times = WAYS.map(() => /** @type {number[]} */ ([]));
  for (let round = 1; round <= Number(rounds); round += 1) {
    // Each round begins with another file, so that none always comes first.
    for (let step = 0; step < WAYS.length; step += 1) {
      const index = (step + round) % WAYS.length;
      const milliseconds = await page.evaluate(`bench.read(${JSON.stringify(fileName(WAYS[index] ?? { name: "" }))})`);
      times[index]?.push(milliseconds);
    }
    console.log(`round ${round}: ${times.map((all) => ((all.at(-1) ?? 0) / 1000).toFixed(2)).join(", ")} s`);
  }
  // Each round is a comparison of its own: a machine that is slower for a while is so for all files of the round.
  const [clean = []] = times;
  for (const [index, way] of WAYS.entries()) {
    const own = times[index] ?? [];
    const ratio = median(own.map((time, round) => time / (clean[round] ?? Number.NaN)));
    const size = statSync(join(folder, fileName(way))).size >> 20;
    console.log(`${way.name.padEnd(20)}${String(size).padStart(5)} MB, median ${(median(own) / 1000).toFixed(2)} s, ${ratio.toFixed(2)} of clean`);
  }
} finally {
  await browser.close();
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = [...numbers].sort((x, y) => x - y);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
