// armgym view
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../math/usage-error.js";
import { startViewServer, viewTarget } from "./view-server.js";

/** Serve the viewer until Ctrl-C. */
export async function viewCommand(
  path: string,
  options: { readonly port?: number; readonly host: string },
): Promise<void> {
  const full = resolve(path);
  if (!existsSync(full))
    throw new UsageError(`There is nothing at ${path}. Train first: "armgym train Reach-v1".`);
  const { runs, only, episode } = viewTarget(full);
  const server = await startViewServer({
    runs,
    host: options.host,
    ...(only ? { only } : {}),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const fragment = only
    ? `#run=${encodeURIComponent(only)}${episode ? `&episode=${encodeURIComponent(episode)}` : ""}`
    : "";
  process.stdout.write(`Viewer: ${server.address}${fragment}\nCtrl-C ends it.\n`);
  await new Promise<void>((done) => process.once("SIGINT", () => done()));
  await server.close();
}
