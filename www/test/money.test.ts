import { describe, expect, it } from "vitest";
import { isNegative, isZero, showAmount, showMoney, showMoneyIn, sum } from "../app/money.ts";

describe("showAmount", () => {
  it.each([
    ["0", "0"],
    ["0.00", "0.00"],
    ["-0.00", "0.00"],
    ["999", "999"],
    ["1000", "1,000"],
    ["1234567.50", "1,234,567.50"],
    ["-1234.5", "\u22121,234.5"],
    ["-0.01", "\u22120.01"],
    // Digits beyond what a float can hold stay as they are.
    ["90071992547409931234.5678", "90,071,992,547,409,931,234.5678"],
  ])("%s is shown as %s", (amount, shown) => {
    expect(showAmount(amount)).toBe(shown);
  });

  it("puts a plus before gains where asked, and none before zero", () => {
    expect(showAmount("12.50", { sign: true })).toBe("+12.50");
    expect(showAmount("0.00", { sign: true })).toBe("0.00");
    expect(showAmount("-12.50", { sign: true })).toBe("\u221212.50");
  });
});

it("showMoney keeps the code and the amount on one line", () => {
  expect(showMoney({ amount: "-5000", currency: "UGX" })).toBe("UGX\u00a0\u22125,000");
});

it("money inside a sentence is shown as everywhere", () => {
  expect(showMoneyIn("Ordered XOF 5000, charged NGN -124.65: due 2026-02-03, 100 times.")).toBe(
    "Ordered XOF\u00a05,000, charged NGN\u00a0\u2212124.65: due 2026-02-03, 100 times.",
  );
});

describe("sum", () => {
  it.each([
    [[], "0"],
    [["1.10", "2.20"], "3.30"],
    [["0.1", "0.25"], "0.35"],
    [["-0.05", "0.02"], "-0.03"],
    [["-1.00", "1"], "0.00"],
    [["9007199254740993", "1"], "9007199254740994"],
    [["-0.5", "-0.5"], "-1.0"],
  ] as [string[], string][])("%j is %s", (amounts, total) => {
    expect(sum(amounts)).toBe(total);
  });
});

it("knows nothing from little", () => {
  expect(isZero("-0.00")).toBe(true);
  expect(isZero("0.01")).toBe(false);
  expect(isNegative("-0.00")).toBe(false);
  expect(isNegative("-0.01")).toBe(true);
});
