// The engine comes in two parts: by the first a file is recognised, the second reconciles. Here the
// second, and the readers, are held back or do not come at all.
import { DEMO_FILES, demoPath, drop, expect, reconcile, test } from "./workbench.ts";

const LATER = /inline-(reconcile|readers)/;

test("files are recognised before the part that reconciles has come", async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((settle) => (release = settle));
  await page.route(LATER, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/");
  await drop(page, DEMO_FILES.slice(0, 2).map(demoPath));
  await expect(page.getByText(/^Recognised: MFS Africa/)).toBeVisible();
  await expect(page.getByText(/^Recognised: Shopify/)).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByRole("button", { name: "Reconcile", exact: true }).click();
  release();
  await expect(page.getByRole("heading", { level: 1, name: "Summary" })).toBeVisible({ timeout: 30_000 });
});

test("a part that does not come is said, with what to do", async ({ page }) => {
  await page.route(/inline-reconcile/, (route) => route.abort());
  await page.goto("/");
  await drop(page, DEMO_FILES.slice(0, 2).map(demoPath));
  await expect(page.getByText(/^Recognised: MFS Africa/)).toBeVisible();
  await page.getByRole("button", { name: "Reconcile", exact: true }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("could not be fetched");
  await expect(alert).toContainText("Reload the page");
  await page.unroute(/inline-reconcile/);
  await page.goto("/");
  await drop(page, DEMO_FILES.slice(0, 2).map(demoPath));
  await reconcile(page);
});
