// For everyone: no violation that axe knows on any screen, and the whole job without a mouse.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { SCREENS, drop, expect, open, reconcile, reconcileSample, show, test } from "./workbench.ts";
import type { Page } from "@playwright/test";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(where: Document, options: object): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }> } };
    const found = await axe.run(document, { resultTypes: ["violations"] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${JSON.stringify(target)} ${failureSummary ?? ""}`).slice(0, 3).join("; ")}`);
  });
}

// Words do not depend on the colours, so each language is looked at in one of the two.
for (const [scheme, language] of [["light", "English"], ["dark", "简体中文"]] as const) {
  test(`axe finds nothing on any screen, in ${language}, in ${scheme} colours`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await open(page);
    await page.evaluate(AXE);
    expect(await violations(page), "empty").toEqual([]);
    await page.getByRole("button", { name: "Try with sample data" }).click();
    await reconcile(page);
    await page.getByRole("button", { name: language }).click();
    for (const screen of SCREENS) {
      await show(page, screen);
      if (screen === "matches" || screen === "exceptions") {
        await page.getByRole("grid").getByRole("gridcell").first().click();
        await expect(page.getByRole("complementary").getByRole("heading", { level: 2 })).toBeVisible();
      }
      expect(await violations(page), screen).toEqual([]);
    }
  });
}

for (const [scheme, language] of [["light", "English"], ["dark", "简体中文"]] as const) {
  test(`axe finds nothing in questions, headers and skipped rows, in ${language}, in ${scheme} colours`, async ({ page }, info) => {
    const path = info.outputPath("psp.csv");
    writeFileSync(path, [
      "My shop,,,,", "Order No,Transaction ID,Date,Amount,Type", "A-1,T1,03/04/2026 10:00,10.00,odd", "A-2,T2,04/04/2026 10:00,x,odd", "1.2E+17,T3,05/04/2026 10:00,3.00,odd", "",
    ].join("\n"));
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await open(page);
    await page.evaluate(AXE);
    await page.getByRole("button", { name: "Paste from a spreadsheet" }).click();
    expect(await violations(page), "paste").toEqual([]);
    await page.keyboard.press("Escape");
    await drop(page, [path]);
    await expect(page.getByRole("article", { name: "psp.csv" })).toBeVisible();
    await page.getByRole("button", { name: language }).click();
    await show(page, "check");
    await page.locator("[data-path='fields.currency.value'] button[data-value=USD]").click();
    await expect(page.locator("cf-question-list h3")).toHaveCount(3);
    await page.locator("cf-format-line button[aria-expanded]").click();
    await expect(page.getByRole("radio").first()).toBeVisible();
    for (const summary of await page.locator("cf-column-map summary, cf-source-report summary").all()) await summary.click();
    expect(await violations(page), "check").toEqual([]);
  });
}

/** Presses Tab until the focus is on something whose text or label fits. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const ring = element ? getComputedStyle(element).outlineStyle !== "none" : false;
      return { text: (element?.getAttribute("aria-label") ?? element?.textContent ?? "").trim(), role: element?.getAttribute("role") ?? "", ring };
    });
    if (name.test(focused.text) || name.test(`role=${focused.role}`)) {
      expect(focused.ring, `the focus on ${focused.text} can be seen`).toBe(true);
      return;
    }
  }
  throw new Error(`the focus never came to ${String(name)}`);
}

test("the whole job by keyboard", async ({ page }) => {
  await open(page);
  await tabTo(page, /^Try with sample data$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Reconcile", exact: true })).toBeEnabled();
  await tabTo(page, /^Reconcile$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Summary" })).toBeVisible({ timeout: 30_000 });
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());

  await tabTo(page, /^Exceptions/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("grid")).toBeVisible();
  await tabTo(page, /^role=gridcell$/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const details = page.getByRole("complementary", { name: "Details" });
  await expect(details).toBeVisible();
  await expect(page.locator('[role="row"][aria-rowindex="4"]')).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Control+End");
  const last = await page.getByRole("grid").getAttribute("aria-rowcount");
  await expect(page.locator(`[role="row"][aria-rowindex="${last}"]`)).toBeVisible();
  await page.keyboard.press("Control+Home");
  await tabTo(page, /^Close the details$/);
  await page.keyboard.press("Escape");
  await expect(details).toHaveCount(0);
  // The row that was looked at has the focus again.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.locator('[role="row"][aria-rowindex="5"]')).toHaveAttribute("aria-selected", "true");

  await page.evaluate(() => scrollTo(0, 0));
  await page.locator("body").focus();
  await tabTo(page, /^Export$/);
  await page.keyboard.press("Enter");
  await tabTo(page, /^Save crossfoot-result\.json$/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  expect(download.suggestedFilename()).toBe("crossfoot-result.json");
});

test("the language and the colours follow the user", async ({ page }) => {
  await reconcileSample(page);
  await page.getByRole("button", { name: "简体中文" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
  await expect(page.getByRole("heading", { level: 1, name: "汇总" })).toBeVisible();
  await page.getByRole("button", { name: /颜色跟随系统/ }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.getByRole("button", { name: /浅色/ }).click();
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(background).toBe("rgb(18, 22, 26)");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "卖了多少，收到多少？" })).toBeVisible();
});
