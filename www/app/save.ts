/** Decides how a file leaves the page: the browser saves it where the user's downloads go. */
import { t } from "./i18n.ts";
import { announcement } from "./store/store.ts";

/** Long enough for any browser to have taken the bytes of a saved blob. */
const KEEP_URL_MS = 60_000;

/** A file's name without its ending and without what some systems refuse. */
export function plainName(name: string): string {
  return name.replace(/\.[a-z0-9]+$/i, "").replaceAll(/[\\/:*?"<>|#!\s]+/g, "-");
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP_URL_MS);
  announcement.value = t("export-saved", { file: name });
}
