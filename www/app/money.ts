/** Decides how an exact decimal string from the engine is shown; it never computes with it. */

export const MINUS = "\u2212";

export interface MoneyValue {
  readonly amount: string;
  readonly currency: string;
}

/** "-1234567.50" gives "−1,234,567.50". Digits are regrouped, never rounded or padded. */
export function showAmount(amount: string, options: { sign?: boolean } = {}): string {
  const negative = amount.startsWith("-");
  const plain = negative || amount.startsWith("+") ? amount.slice(1) : amount;
  const [whole = "0", fraction] = plain.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const digits = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  if (negative && !isZero(amount)) return MINUS + digits;
  return options.sign && !isZero(amount) ? `+${digits}` : digits;
}

/** As `showAmount`, with the currency code in front: "KES −1,200.00". */
export function showMoney(value: MoneyValue, options: { sign?: boolean } = {}): string {
  return `${value.currency}\u00a0${showAmount(value.amount, options)}`;
}

/** A sentence of the engine with its money as the page shows it: "KES -1234.50" gives "KES −1,234.50". */
export function showMoneyIn(sentence: string): string {
  return sentence.replace(/\b([A-Z]{3}) (-?\d+(?:\.\d+)?)/g, (_all, currency: string, amount: string) => showMoney({ amount, currency }));
}

export function isZero(amount: string): boolean {
  return !/[1-9]/.test(amount);
}

export function isNegative(amount: string): boolean {
  return amount.startsWith("-") && !isZero(amount);
}

/** The same amount on the other side of zero. */
export function negated(amount: string): string {
  return amount.startsWith("-") ? amount.slice(1) : `-${amount}`;
}

/** A length on a drawing, the only place where an amount may become a float. */
export function toDrawing(amount: string): number {
  return Number(amount);
}

/** The exact sum of decimal strings, with as many digits as the finest of them. */
export function sum(amounts: readonly string[]): string {
  const digits = Math.max(0, ...amounts.map((amount) => amount.split(".")[1]?.length ?? 0));
  let total = 0n;
  for (const amount of amounts) {
    const [whole = "0", fraction = ""] = amount.split(".");
    total += BigInt(whole + fraction.padEnd(digits, "0"));
  }
  const negative = total < 0n;
  const text = (negative ? -total : total).toString().padStart(digits + 1, "0");
  const cut = text.length - digits;
  return (negative ? "-" : "") + text.slice(0, cut) + (digits > 0 ? `.${text.slice(cut)}` : "");
}
