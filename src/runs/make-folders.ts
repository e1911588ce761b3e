// Make a folder with those above it.
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Make the folder `path` where it is missing, and those above it; throws what the file system says.
 *
 * Node's own recursive mkdir never returns where a file system says of a new folder that it does not exist, as /proc does.
 */
export function makeFolders(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  const above = dirname(path);
  if (above !== path && !existsSync(above)) makeFolders(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // another process may have made it meanwhile
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST" && statSync(path).isDirectory();
    if (!isThere) throw error;
  }
}
