// What the page needs until a file can be dropped: node bench/first-load.mjs URL
// Everything that is requested before the network falls silent counts, each file by `gzip -9`. Counted apart
// is what comes after the engine's first part runs, by which a dropped CSV is recognised: its second
// part, which reconciles, the readers of archives and workbooks, and the screens that nobody sees first.
// `e2e/first-part.spec.ts` holds the parts of the engine back.
import { gzipSync } from "node:zlib";
import { chromium } from "@playwright/test";
import { chromiumOptions } from "../e2e/chromium.mjs";

const LIMIT_BYTES = 500_000;
const url = process.argv[2] ?? "";
const browser = await chromium.launch(chromiumOptions());
try {
  const page = await browser.newPage();
  /** @type {import("@playwright/test").Response[]} */
  const responses = [];
  page.on("response", (response) => responses.push(response));
  await page.goto(url, { waitUntil: "networkidle" });
  let [sum, later] = [0, 0];
  for (const response of responses.filter((response) => response.url().startsWith("http"))) {
    const body = await response.body();
    const size = gzipSync(body, { level: 9 }).length;
    if (/\/(inline-re\w+|later)-/.test(new URL(response.url()).pathname)) later += size;
    else sum += size;
    console.log(`${String(body.length).padStart(9)} bytes, gzip -9 ${String(size).padStart(7)}  ${new URL(response.url()).pathname}`);
  }
  console.log(`until a CSV can be dropped: ${sum} bytes of ${LIMIT_BYTES} (gzip -9)`);
  console.log(`after it, before a reconciliation or a workbook: ${later} bytes (gzip -9)`);
} finally {
  await browser.close();
}
