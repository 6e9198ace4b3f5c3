// What is wrong with a file is said in words: what, where, what to do. The rest goes on.
import { writeFileSync } from "node:fs";
import { demoPath, drop, expect, open, reconcile, show, test } from "./workbench.ts";

/** The smallest PNG there is. */
const PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
/** The first bytes of a workbook (a zip). */
const WORKBOOK = Buffer.concat([Buffer.from("PK\u0003\u0004\u0014\u0000\u0006\u0000", "latin1"), Buffer.alloc(200, 1)]);

test("files that are no tables are refused with a reason and a remedy", async ({ page }, info) => {
  const path = (name: string, bytes: string | Buffer) => {
    const to = info.outputPath(name);
    writeFileSync(to, bytes);
    return to;
  };
  await open(page);
  await drop(page, [
    path("empty.csv", ""),
    path("picture.csv", Buffer.from(PICTURE, "base64")),
    path("workbook.csv", WORKBOOK),
  ]);
  for (const name of ["empty.csv", "picture.csv", "workbook.csv"]) {
    const alert = page.getByRole("article", { name }).getByRole("alert");
    await expect(alert, name).toBeVisible();
    await expect(alert, name).toContainText("Where: " + name);
    await expect(alert, name).toContainText("What to do:");
  }
  await page.getByRole("button", { name: "简体中文" }).click();
  await expect(page.getByRole("article", { name: "empty.csv" }).getByRole("alert")).toContainText("处理办法");
});

test("rows that cannot be read are listed with their reason, and the rest is reconciled", async ({ page }, info) => {
  const orders = info.outputPath("orders.csv");
  writeFileSync(orders, [
    "order number,date,amount,currency",
    "A-1,2026-02-01,10.00,USD",
    "A-2,2026-02-02,12.345,USD",
    "A-3,31/02/2026,11.00,USD",
    "A-4,2026-02-03,13.00,XYZ",
    "A-5,2026-02-04",
    "A-6,2026-02-05,14.00,USD",
    "",
  ].join("\n"));
  await open(page);
  await drop(page, [orders, demoPath("mfs.csv")]);
  await expect(page.getByText("Looking at the file")).toHaveCount(0);
  await page.getByRole("article", { name: "orders.csv" }).getByRole("combobox").selectOption("orders");
  await reconcile(page);
  await show(page, "check");
  await expect(page.getByText("7 rows read: 2 used, 1 header or other structure, 4 skipped")).toBeVisible();
  for (const row of ["3", "4", "5", "6"]) {
    await expect(page.getByRole("rowheader", { name: row, exact: true })).toBeVisible();
  }
});

test("a mistake in the contract is told at its file, with line and column", async ({ page }, info) => {
  const contract = info.outputPath("fees.toml");
  writeFileSync(contract, "schema = 1\n[[fee]]\ncurrency = 12\npercent = 1\n");
  await open(page);
  await drop(page, [demoPath("orders.csv"), contract]);
  await page.getByRole("button", { name: "Reconcile", exact: true }).click();
  const alert = page.getByRole("article", { name: "fees.toml" }).getByRole("alert");
  await expect(alert).toContainText("Where: fees.toml, line 3, column 12");
  await expect(page.getByRole("button", { name: "Reconcile", exact: true })).toBeEnabled();
});

test("columns with unknown names can be chosen by hand", async ({ page }, info) => {
  const odd = info.outputPath("odd.csv");
  writeFileSync(odd, "foo;bar;baz\nA-1;2026-02-01;10,50\nA-2;2026-02-02;11,50\n");
  await open(page);
  await drop(page, [odd]);
  await expect(page.getByRole("article", { name: "odd.csv" }).getByRole("alert")).toContainText("Say under Check what each column is.");
  await page.getByRole("combobox", { name: "Used as" }).selectOption("orders");
  await page.getByLabel("Currency where none is stated").fill("eur");
  await page.getByLabel("Currency where none is stated").blur();
  await show(page, "check");
  for (const [field, column] of [["Order number", "foo"], ["Date and time", "bar"], ["Amount", "baz"]] as const) {
    await page.getByRole("combobox", { name: `Column of the file: ${field}`, exact: true }).selectOption(column);
  }
  await reconcile(page);
  await expect(page.getByText(/^Expected EUR\s22\.00, received EUR\s0\.00/)).toBeVisible();
});

test("the same file is not taken twice", async ({ page }) => {
  await open(page);
  await drop(page, [demoPath("orders.csv")]);
  await drop(page, [demoPath("orders.csv")]);
  await expect(page.getByRole("article")).toHaveCount(1);
  await expect(page.getByRole("alert")).toContainText("already in the list");
});

test("a file that misses the drop zone is taken all the same", async ({ page }) => {
  await open(page);
  const taken = await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["order number,date,amount,currency\nA-1,2026-02-01,10.00,USD\n"], "late.csv"));
    const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
    return event.defaultPrevented;
  });
  expect(taken).toBe(true);
  await expect(page.getByRole("article", { name: "late.csv" })).toBeVisible();
});

test("a time zone that nobody knows is named, and blocks the run", async ({ page }) => {
  await open(page);
  await drop(page, [demoPath("orders.csv")]);
  await page.getByLabel("Time zone").fill("Mars/Olympus");
  await page.getByLabel("Time zone").blur();
  await expect(page.getByText("“Mars/Olympus” is not a time zone").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Reconcile", exact: true })).toBeDisabled();
});
