// The main job: drop the demo's files, and read what the command prints for them.
import { readFileSync, writeFileSync } from "node:fs";
import { DEMO_FILES, asWritten, cells, demoPath, drop, expect, open, reconcile, reconcileDemo, requests, result, resultBytes, setDates, show, shown, test } from "./workbench.ts";

/** Orders that take long enough to be cancelled by hand. */
const LARGE = 400_000;

test("the page shows the command's totals and exports its bytes, without a request", async ({ page }) => {
  const expected = result();
  await open(page);
  await page.waitForLoadState("networkidle");
  const loaded = requests().length;
  expect(loaded).toBeGreaterThan(0);

  await drop(page, DEMO_FILES.map(demoPath));
  const roles = page.getByRole("combobox", { name: "Used as" });
  await expect(roles).toHaveCount(DEMO_FILES.length);
  await expect(page.getByText("Looking at the file")).toHaveCount(0);
  const chosen = await roles.evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value));
  expect(chosen).toEqual(["orders", "settlement", "contract", "rates"]);
  await setDates(page, expected);
  await reconcile(page);

  const totals = await cells(page.getByRole("group", { name: "By currency", exact: true }).getByRole("table"));
  expect(totals.map(([currency, want, got, difference, , unexplained]) => [currency, want, got, difference, unexplained])).toEqual(
    expected.summary.per_currency.map((one) => [one.currency, shown(one.expected), shown(one.received), shown(one.difference), shown(one.unexplained)]),
  );
  // Each currency's unexplained part stands there by cause.
  for (const { currency, unexplained } of expected.summary.per_currency) {
    await page.getByRole("group", { name: "Currency", exact: true }).getByRole("button", { name: currency, exact: true }).click();
    const causes = await cells(page.getByRole("table", { name: "What the unexplained part is made of" }));
    expect(causes.length).toBeGreaterThan(5);
    expect(causes.at(-1)).toEqual([`Unexplained, ${currency}`, (unexplained.startsWith("-") ? "" : "+") + shown(unexplained)]);
  }
  await expect(page.getByRole("heading", { name: "Inputs and outputs agree to the last digit" })).toBeVisible();
  await expect(page.locator("[data-fingerprint]")).toHaveText(expected.proof.result_sha256);
  const rows = await cells(page.getByRole("group", { name: "Rows of the files" }).getByRole("table"));
  expect(rows.map(([file, , ...counts]) => [file, ...counts])).toEqual(
    expected.sources.map(({ file, rows: { read, entries, structural, rejected } }) =>
      [file, ...[read, entries, structural, rejected].map((n) => shown(String(n)))]),
  );

  await show(page, "export");
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator('button[data-format="json"]').click()]);
  expect(readFileSync(await download.path()).equals(resultBytes()), "the exported bytes are the command's").toBe(true);
  const [table] = await Promise.all([page.waitForEvent("download"), page.locator('button[data-format="csv"]').click()]);
  expect(readFileSync(await table.path(), "utf8")).toContain("orders.csv:2");

  await show(page, "matches");
  await show(page, "exceptions");
  expect(requests().length, "requests since the page was loaded").toBe(loaded);
});

test("the policy stands in the page too, and the browser keeps to it", async ({ page }) => {
  await page.goto("/");
  await page.waitForLoadState("networkidle");
  const meta = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  const shipped = JSON.parse(readFileSync("../pkg-config/csp.json", "utf8")) as { page: string[] };
  expect(meta).toBe(shipped.page.join("; "));
  const before = requests().length;
  const stopped = await page.evaluate(async () => {
    const violations: string[] = [];
    addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
    await fetch("/leak").catch(() => undefined);
    navigator.sendBeacon("/leak");
    new Image().src = "/leak";
    await new Promise((resolve) => setTimeout(resolve, 200));
    return violations;
  });
  expect(new Set(stopped)).toEqual(new Set(["connect-src", "img-src"]));
  expect(requests().length).toBe(before);
});

test("matches and exceptions are listed whole, each with its evidence", async ({ page }) => {
  const expected = result();
  await reconcileDemo(page);
  await show(page, "matches");
  const grid = page.getByRole("grid");
  await expect(grid).toHaveAttribute("aria-rowcount", String(expected.summary.counts.matches + 1));
  await grid.getByRole("gridcell").first().click();
  const details = page.locator("cf-row-detail");
  await expect(details.getByText("orders.csv:").first()).toBeVisible();
  await expect(details.getByText("mfs.csv:").first()).toBeVisible();
  await expect(details.getByText("Matched by")).toBeVisible();

  await show(page, "exceptions");
  await expect(grid).toHaveAttribute("aria-rowcount", String(expected.summary.counts.exceptions + 1));
  const codes = new Map<string, number>();
  for (const { code } of expected.exceptions) codes.set(code, (codes.get(code) ?? 0) + 1);
  for (const [code, count] of codes) {
    await expect(page.locator(`button[data-code="${code}"] > span`).nth(1), code).toHaveText(shown(String(count)));
  }
  await page.locator('button[data-code="FEE_OVERCHARGE"]').click();
  await expect(grid).toHaveAttribute("aria-rowcount", String((codes.get("FEE_OVERCHARGE") ?? 0) + 1));
  await grid.getByRole("gridcell").first().click();
  const explanation = asWritten(await details.locator(".why p").nth(1).innerText());
  expect(expected.exceptions.map((one) => one.explanation.en)).toContain(explanation);
  await page.getByRole("button", { name: "简体中文" }).click();
  const translated = asWritten(await details.locator(".why p").nth(1).innerText());
  expect(expected.exceptions.map((one) => one.explanation["zh-Hans"])).toContain(translated);
});

test("long work shows how far it is, can be cancelled, and can be started again", async ({ page }, info) => {
  const large = info.outputPath("orders.csv");
  const rows = Array.from({ length: LARGE }, (_, row) => `A-${row},2026-02-${String((row % 28) + 1).padStart(2, "0")},${row % 900}.50,USD`);
  writeFileSync(large, `order number,date,amount,currency\n${rows.join("\n")}\n`);
  await open(page);
  await page.locator("input[name=files]").setInputFiles(large);
  await expect(page.getByText("Looking at the file")).toHaveCount(0);
  await page.getByRole("combobox", { name: "Used as" }).selectOption("orders");
  await page.getByRole("button", { name: "Reconcile", exact: true }).click();
  await expect(page.getByRole("progressbar")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("status")).toHaveText("Cancelled. Nothing was changed.");
  await expect(page.getByRole("progressbar")).toHaveCount(0);
  await expect(page.getByRole("article", { name: "orders.csv" })).toBeVisible();
  await reconcile(page);
  await expect(page.getByText(`${shown(String(LARGE))}`).first()).toBeVisible();
});
