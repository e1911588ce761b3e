// armgym view
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "../math/usage-error.js";
import { readRecording } from "../replay/mcap-read.js";
import { isRunFolder } from "./run-folder.js";
import { startViewServer, viewTarget } from "./view-server.js";

/** Serve the viewer until Ctrl-C. */
export async function viewCommand(
  path: string,
  options: { readonly port?: number; readonly host: string },
): Promise<void> {
  const full = resolve(path);
  if (!existsSync(full))
    throw new UsageError(`There is nothing at ${path}. Train first: "armgym train Reach-v1".`);
  refuseUnviewable(path, full);
  const { runs, only, loose, episode } = viewTarget(full);
  const server = await startViewServer({
    runs,
    host: options.host,
    ...(only ? { only } : {}),
    ...(loose ? { loose } : {}),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const run = only ?? loose;
  const fragment = run
    ? `#run=${encodeURIComponent(run)}${episode ? `&episode=${encodeURIComponent(episode)}` : ""}`
    : "";
  process.stdout.write(`Viewer: ${server.address}${fragment}\nCtrl-C ends it.\n`);
  await new Promise<void>((done) => process.once("SIGINT", () => done()));
  await server.close();
}

/** Say at once what the page could only show as nothing. */
function refuseUnviewable(path: string, full: string): void {
  if (statSync(full).isDirectory()) {
    if (isRunFolder(full) || readdirSync(full).some((name) => isRunFolder(join(full, name)))) return;
    throw new UsageError(`There are no runs in ${path}. Train first: "armgym train Reach-v1".`);
  }
  readRecording(readFileSync(full), path);
}
