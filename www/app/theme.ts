/** Decides light or dark: the system's choice unless the user has made one. */
import { signal } from "@preact/signals-core";

export type Theme = "auto" | "light" | "dark";

const STORED = "crossfoot.theme";
const NEXT: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };

export const theme = signal<Theme>("auto");

export function startTheme(): void {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(STORED);
  } catch {
    // Storage may be refused; the system's choice then holds.
  }
  apply(stored === "light" || stored === "dark" ? stored : "auto");
}

/** The next of system, light, dark. */
export function cycleTheme(): void {
  const next = NEXT[theme.value];
  apply(next);
  try {
    if (next === "auto") localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, next);
  } catch {
    // As above.
  }
}

function apply(next: Theme): void {
  theme.value = next;
  if (next === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = next;
}
