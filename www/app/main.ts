/** Starts the page. */
import { effect } from "@preact/signals-core";
import { locale } from "./i18n.ts";
import { show, startScreens } from "./screens.ts";
import { droppedFiles } from "./store/dropped.ts";
import { addFiles, warmUp } from "./store/intake.ts";
import { startTheme } from "./theme.ts";
import "./app.ts";

startTheme();
startScreens();
effect(() => {
  document.documentElement.lang = locale.value;
});
// Two frames on, the page has been painted.
requestAnimationFrame(() => requestAnimationFrame(() => void warmUp()));

// A file that misses the drop zone would otherwise take the browser to itself, and all work with it.
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  if (event.defaultPrevented) return;
  event.preventDefault();
  show("files");
  void droppedFiles(event.dataTransfer).then(addFiles);
});
