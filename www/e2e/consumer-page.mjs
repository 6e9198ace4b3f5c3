// Gives a consumer's page the demo files and prints the totals that it shows:
// node e2e/consumer-page.mjs URL DEMO_FOLDER
import { chromium } from "@playwright/test";
import { chromiumOptions } from "./chromium.mjs";

const [url = "", demo = ""] = process.argv.slice(2);
const FILES = ["orders.csv", "mfs.csv", "fees.toml", "fx.csv"];
const TIMEOUT_MS = 30_000;

const browser = await chromium.launch(chromiumOptions());
try {
  const page = await browser.newPage();
  /** @type {string[]} */
  const problems = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(url);
  await page.locator("#files").setInputFiles(FILES.map((name) => `${demo}/${name}`));
  let totals = "";
  for (const end = Date.now() + TIMEOUT_MS; !totals && problems.length === 0 && Date.now() < end; ) {
    totals = (await page.locator("#totals").textContent()) ?? "";
    await page.waitForTimeout(50);
  }
  if (!totals || problems.length > 0) {
    console.error(problems.join("\n") || `no totals within ${TIMEOUT_MS / 1000} s`);
    process.exitCode = 1;
  }
  console.log(totals);
} finally {
  await browser.close();
}
