// Opens the page of the wasm test runner and prints its report: node e2e/wasm-tests.mjs URL
import { chromium } from "@playwright/test";
import { chromiumOptions } from "./chromium.mjs";

const TIMEOUT_MS = 120_000;
const url = process.argv[2] ?? "";
const browser = await chromium.launch(chromiumOptions());
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(`page error: ${error.message}`));
  await openWhenReady(page, url);
  const report = await finished(page);
  console.log(report);
  process.exitCode = report.includes("test result: ok") ? 0 : 1;
} finally {
  await browser.close();
}

/** The runner needs a moment until it listens.
 * @param {import("@playwright/test").Page} page
 * @param {string} address */
async function openWhenReady(page, address) {
  for (const end = Date.now() + TIMEOUT_MS; ; ) {
    try {
      await page.goto(address);
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await page.waitForTimeout(200);
    }
  }
}

/** @param {import("@playwright/test").Page} page */
async function finished(page) {
  let text = "";
  for (const end = Date.now() + TIMEOUT_MS; Date.now() < end; ) {
    text = (await page.locator("#output").textContent()) ?? "";
    if (text.includes("test result: ")) return text;
    await page.waitForTimeout(100);
  }
  return `${text}\nthe tests did not end within ${TIMEOUT_MS / 1000} s`;
}
