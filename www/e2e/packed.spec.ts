// Files in files: an archive and a workbook become their parts, a password is asked for in the page,
// and nothing is requested for any of it.
import { writeFileSync } from "node:fs";
import { workbook, zip } from "./archive.ts";
import { drop, expect, open, reconcile, requests, show, test } from "./workbench.ts";

const ORDERS = "order number,date,amount,currency\nA-1,2026-02-01,10.00,USD\nA-2,2026-02-02,20.00,USD\n";
const LINES = [
  ["transaction id", "order number", "date", "amount", "fee", "net", "currency"],
  ["t1", "A-1", "2026-02-02", 10, -0.3, 9.7, "USD"],
  ["t2", "A-2", "2026-02-03", 20, -0.6, 19.4, "USD"],
] as const;

test("a locked archive and a workbook are opened, and their rows are named by their parts", async ({ page }, info) => {
  const [archive, book] = [info.outputPath("orders.zip"), info.outputPath("book.xlsx")];
  writeFileSync(archive, zip({ "2026/orders.csv": ORDERS, "readme.txt": "hello\n" }, "123456"));
  writeFileSync(book, workbook({ Lines: LINES, Cover: [["Statement of February"]] }));
  await open(page);
  await page.waitForLoadState("networkidle");
  const loaded = requests().length;
  await drop(page, [archive, book]);

  // The workbook is its sheets; the one that holds no table is on the list and says so.
  await expect(page.getByRole("article", { name: "book.xlsx#Lines" }).getByText("XLSX", { exact: true })).toBeVisible();
  await expect(page.getByRole("article", { name: "book.xlsx#Cover" }).getByRole("alert")).toBeVisible();

  const locked = page.getByRole("article", { name: "orders.zip" });
  await expect(locked.getByRole("alert")).toContainText("protected with a password");
  await page.getByRole("button", { name: "简体中文" }).click();
  await expect(locked.getByRole("alert")).toContainText("文件受密码保护");
  await page.getByRole("button", { name: "English" }).click();
  await locked.getByLabel("Password").fill("654321");
  await locked.getByRole("button", { name: "Open" }).click();
  await expect(locked.getByRole("alert")).toContainText("not the password");
  await locked.getByLabel("Password").fill("123456");
  await locked.getByRole("button", { name: "Open" }).click();
  await expect(page.getByRole("article", { name: "orders.zip!2026/orders.csv" })).toBeVisible();
  await expect(page.getByRole("article", { name: "orders.zip", exact: true })).toHaveCount(0);

  await page.getByRole("article", { name: "orders.zip!2026/orders.csv" }).getByRole("combobox").selectOption("orders");
  await page.getByRole("article", { name: "book.xlsx#Lines" }).getByRole("combobox").selectOption("settlement");
  await reconcile(page);
  await expect(page.getByText(/^Expected USD\s30\.00, received USD\s29\.10/)).toBeVisible();
  await show(page, "matches");
  await page.getByRole("grid").getByRole("gridcell").first().click();
  await expect(page.getByText("book.xlsx#Lines:2").first()).toBeVisible();
  expect(requests().length, "requests since the page was loaded").toBe(loaded);
});

test("an archive that would be huge is refused at its file", async ({ page }, info) => {
  const bomb = info.outputPath("bomb.zip");
  const archive = zip({ "a.csv": "a,b\n1,2\n" });
  // The directory says a gigabyte.
  const directory = archive.lastIndexOf("PK\u0001\u0002", undefined, "latin1");
  archive.writeUInt32LE(1 << 30, directory + 24);
  writeFileSync(bomb, archive);
  await open(page);
  await drop(page, [bomb]);
  await expect(page.getByRole("article", { name: "bomb.zip" }).getByRole("alert")).toContainText("unpacks to more than 256 MB");
});
