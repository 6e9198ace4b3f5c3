// A first visit: no files at hand, one click, one answer; and the same in Chinese on a phone.
import { SCREENS, expect, open, reconcile, reconcileSample, requests, show, test } from "./workbench.ts";

test("the sample gives a reconciled month, is labelled, and can be removed", async ({ page }) => {
  await open(page);
  await page.waitForLoadState("networkidle");
  const loaded = requests().length;
  await page.getByRole("button", { name: "Try with sample data" }).click();
  await expect(page.getByText(/^Recognised: MFS Africa/)).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await reconcile(page);
  await expect(page.getByText("This is sample data.")).toBeVisible();
  await expect(page.getByText(/^Expected KES\s[\d,.]+, received KES\s/)).toBeVisible();
  await expect(page.getByRole("img", { name: "From expected to received, KES" })).toBeVisible();
  await page.getByRole("group", { name: "Currency", exact: true }).getByRole("button", { name: "NGN", exact: true }).click();
  await expect(page.getByText(/^Expected NGN\s/)).toBeVisible();
  // A tile leads to its rows.
  await page.getByRole("button", { name: /^Fee too high \d/ }).click();
  await expect(page.locator('button[data-code="FEE_OVERCHARGE"]')).toHaveAttribute("aria-pressed", "true");
  // Back is the browser's own.
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Summary" })).toBeVisible();
  await page.getByRole("button", { name: "Remove the sample" }).click();
  await expect(page.getByRole("button", { name: "Try with sample data" })).toBeVisible();
  await expect(page.getByRole("article")).toHaveCount(0);
  expect(requests().length).toBe(loaded);
});

test("a search narrows the matches, and says when there is nothing", async ({ page }) => {
  await reconcileSample(page);
  await show(page, "matches");
  await expect(page.getByRole("grid").getByRole("gridcell").first()).toHaveText(/\d/);
  const first = await page.getByRole("grid").getByRole("gridcell").first().innerText();
  await page.getByRole("searchbox", { name: "Search" }).fill(first.trim());
  await expect(page.getByRole("grid").getByRole("gridcell").first()).toHaveText(first);
  await page.getByRole("searchbox", { name: "Search" }).fill("no such order");
  await expect(page.getByRole("heading", { name: "Nothing found" })).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("every screen fits the width, in both languages", async ({ page }) => {
    await reconcileSample(page);
    for (const language of ["English", "简体中文"]) {
      await page.getByRole("button", { name: language }).click();
      for (const screen of SCREENS) {
        await show(page, screen);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${screen} in ${language}`).toBeLessThanOrEqual(0);
      }
    }
    await show(page, "matches");
    await expect(page.locator("cf-grid")).toHaveAttribute("cards", "");
    await page.getByRole("grid").getByRole("gridcell").first().click();
    await expect(page.getByRole("complementary")).toBeVisible();
    await page.getByRole("button", { name: "关闭详情" }).click();
    await expect(page.getByRole("grid")).toBeVisible();
  });
});
