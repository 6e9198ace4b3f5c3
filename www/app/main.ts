/** Starts the page. */
import { effect } from "@preact/signals-core";
import { locale } from "./i18n.ts";
import { startScreens } from "./screens.ts";
import { startTheme } from "./theme.ts";
import "./app.ts";

startTheme();
startScreens();
effect(() => {
  document.documentElement.lang = locale.value;
});
