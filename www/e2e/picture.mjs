// Makes the README's picture of the page: node e2e/picture.mjs URL OUT.png
import { chromium } from "@playwright/test";
import { chromiumOptions } from "./chromium.mjs";

const [url = "", out = ""] = process.argv.slice(2);
const browser = await chromium.launch(chromiumOptions());
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: "light", locale: "en-US" });
  await page.goto(url);
  await page.getByRole("button", { name: "Try with sample data" }).click();
  await page.getByRole("button", { name: "Reconcile", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Summary" }).waitFor({ timeout: 60_000 });
  await page.locator("[data-fingerprint]").waitFor({ timeout: 60_000 });
  await page.screenshot({ path: out });
} finally {
  await browser.close();
}
