/** Starts the page. */
import { effect } from "@preact/signals-core";
import { locale } from "./i18n.ts";
import { startScreens } from "./screens.ts";
import { warmUp } from "./store/intake.ts";
import { startTheme } from "./theme.ts";
import "./app.ts";

startTheme();
startScreens();
effect(() => {
  document.documentElement.lang = locale.value;
});
// Two frames on, the page has been painted.
requestAnimationFrame(() => requestAnimationFrame(() => void warmUp()));
