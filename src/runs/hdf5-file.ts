// HDF5 files by h5wasm, which is loaded only when one is written.
import { renameSync } from "node:fs";
import { dirname } from "node:path";
import type { Group } from "h5wasm/node";
import { optionText, UsageError } from "../math/usage-error.js";
import type { Hdf5Group } from "../recording/robomimic.js";
import { explainWriteError } from "./atomic-write.js";
import { makeFolders } from "./make-folders.js";

type Library = typeof import("h5wasm/node");

/** Load h5wasm; throws a UsageError with the way to install it where it is missing. */
export async function loadHdf5(): Promise<Library> {
  try {
    const library = await import("h5wasm/node");
    await library.ready;
    return library;
  } catch {
    throw new UsageError(
      `A file of robomimic needs h5wasm, which is not installed. Run "npm install h5wasm", or leave ${optionText("robomimic")} out.`,
    );
  }
}

/** Write `root` to `file`; it appears there only when it is whole. */
export function writeHdf5({ File }: Library, file: string, root: Hdf5Group): void {
  const draft = `${file}.draft`;
  try {
    makeFolders(dirname(file));
    const handle = new File(draft, "w");
    fill(handle, root);
    handle.close();
    renameSync(draft, file);
  } catch (error) {
    throw explainWriteError(file, error, "robomimic");
  }
}

function fill(group: Group, { attributes, groups, datasets }: Hdf5Group): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "string") group.create_attribute(name, value);
    else group.create_attribute(name, value, null, "<q");
  }
  for (const [name, { shape, values }] of Object.entries(datasets))
    group.create_dataset({ name, data: values, shape: [...shape] });
  for (const [name, content] of Object.entries(groups)) fill(group.create_group(name), content);
}
