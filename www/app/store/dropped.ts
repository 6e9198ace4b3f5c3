/** Decides which files were dropped: those themselves, and those in dropped folders. */

/** Must be called while the drop is handled: afterwards the browser tells nothing of it. */
export async function droppedFiles(transfer: DataTransfer | null): Promise<File[]> {
  const items = [...(transfer?.items ?? [])].filter(({ kind }) => kind === "file");
  const found = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const lists = await Promise.all(
    found.map(({ entry, file }) => (isFolder(entry) ? within(entry) : Promise.resolve(file ? [file] : []))),
  );
  return lists.flat();
}

function isFolder(entry: FileSystemEntry | null): entry is FileSystemDirectoryEntry {
  return entry?.isDirectory === true;
}

/** All files under a folder, by name; what the system hides there is none of the user's. */
async function within(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    // A folder is told in pieces; an empty one is the last.
    const piece = await new Promise<FileSystemEntry[]>((settle, fail) => reader.readEntries(settle, fail));
    if (piece.length === 0) break;
    entries.push(...piece);
  }
  const shown = entries.filter(({ name }) => !name.startsWith(".")).sort((a, b) => (a.name < b.name ? -1 : 1));
  const lists = await Promise.all(
    shown.map((entry) =>
      isFolder(entry)
        ? within(entry)
        : new Promise<File[]>((settle, fail) => (entry as FileSystemFileEntry).file((file) => settle([file]), fail)),
    ),
  );
  return lists.flat();
}
