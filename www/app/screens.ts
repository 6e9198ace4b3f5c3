/** Decides which screen is shown: the address's hash names it, so that Back works. */
import { signal } from "@preact/signals-core";
import type { IconName } from "./icons.ts";

export const SCREENS = ["files", "check", "summary", "matches", "exceptions", "export"] as const;

export type Screen = (typeof SCREENS)[number];

export const SCREEN_ICONS: Record<Screen, IconName> = {
  files: "files",
  check: "check",
  summary: "summary",
  matches: "matches",
  exceptions: "exceptions",
  export: "export",
};

export const screen = signal<Screen>("files");

/** Shows a screen and makes it a step of the browser's history. */
export function show(next: Screen): void {
  if (screen.value === next) return;
  history.pushState(null, "", `#${next}`);
  screen.value = next;
  scrollTo(0, 0);
}

/** Follows Back, Forward and links of the form `#summary`; the first screen is always Files, since nothing is loaded. */
export function startScreens(): void {
  history.replaceState(null, "", "#files");
  addEventListener("popstate", () => {
    const named = SCREENS.find((name) => `#${name}` === location.hash);
    if (named) screen.value = named;
  });
}
