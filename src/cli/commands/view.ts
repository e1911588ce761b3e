// armgym view
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { ProgressLine } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import { isDataset } from "../../runs/dataset-folder.js";
import { isRunFolder } from "../../runs/owned-folder.js";
import { endingAtOnce, endSignal } from "../end-signals.js";
import { envOption, port } from "../flags.js";
import { exportFolder, exportHtml } from "../view/view-export.js";
import { startViewServer } from "../view/view-server.js";
import { type ViewTarget, viewTarget } from "../view/view-target.js";
import { viewableFile } from "../view/viewable-file.js";

interface ViewFlags {
  readonly port?: number;
  readonly host: string;
  /** Write one file that opens from disk, instead of serving. */
  readonly html?: string;
  /** Write a folder that any web host serves, instead of serving. */
  readonly folder?: string;
  /** Modules of the user's own to find the environments of runs in. */
  readonly env: readonly string[];
}

/** Define `armgym view`. */
export function define(command: Command): void {
  command
    .argument(
      "[path]",
      "folder of runs, a run, a LeRobot v3 data set, or a recording: one of armgym's, or an MCAP file with sensor_msgs/JointState and a URDF",
      "runs",
    )
    .option("--port <n>", "port; default: any free one", port)
    .option("--host <name>", "address to listen on; the default is this machine only", "127.0.0.1")
    .option("--html <file>", "write one page that holds everything and opens from disk, and end")
    .option("--folder <folder>", "write a folder that any web host serves, and end")
    .addOption(envOption())
    .addHelpText(
      "after",
      "\nExample:\n  armgym view runs\n  armgym view runs/PickPlace-v1__ppo-mlp__1__20260102-030405 --html out.html\n",
    )
    .action(viewCommand);
}

/** Serve the viewer until Ctrl-C, or write it down. */
async function viewCommand(path: string, options: ViewFlags): Promise<void> {
  const full = resolve(path);
  if (!existsSync(full))
    throw new UsageError(`There is nothing at ${path}. Train first: "armgym train Reach-v1".`);
  if (isDataset(full)) return viewDataset(full, options);
  const isFolder = statSync(full).isDirectory();
  if (isFolder) refuseWithoutRuns(path, full);
  const shown = isFolder ? full : await viewableFile(full, path);
  await view({ ...viewTarget(shown), ...(shown === full ? {} : { source: dirname(full) }) }, options);
}

/** View a data set; recordings of its episodes are made in a folder that is gone in the end. */
async function viewDataset(full: string, options: ViewFlags): Promise<void> {
  const recordings = mkdtempSync(join(tmpdir(), "armgym-view-"));
  process.once("exit", () => rmSync(recordings, { recursive: true, force: true }));
  // what reads tables and plays episodes is loaded only for a data set
  const { datasetTarget } = await import("../view/dataset-target.js");
  const { notices, ...target } = await datasetTarget(full, recordings);
  for (const notice of notices) process.stderr.write(`${notice}\n`);
  await view(target, options);
}

async function view(
  { episode, ...viewed }: ViewTarget & { readonly episode?: string },
  options: ViewFlags,
): Promise<void> {
  const target = { ...viewed, modules: options.env };
  const { only, loose } = target;
  if (options.html !== undefined || options.folder !== undefined) {
    const { html, folder } = options;
    const write = (name: string, run: () => ReturnType<typeof exportHtml>) =>
      endingAtOnce(new ProgressLine(process.stderr), () => `nothing was written to ${name}.`, run);
    if (html !== undefined) printWritten(await write(html, () => exportHtml(target, html)));
    if (folder !== undefined) printWritten(await write(folder, () => exportFolder(target, folder)));
    return;
  }
  const server = await startViewServer({
    ...target,
    host: options.host,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const run = only ?? loose;
  const fragment = run
    ? `#run=${encodeURIComponent(run)}${episode ? `&episode=${encodeURIComponent(episode)}` : ""}`
    : "";
  const addresses = server.addresses.map((address) => `${address}${fragment}`);
  // before it is said: the answer may come at once
  const ended = endSignal();
  process.stdout.write(`Viewer: ${addresses.join("\n        ")}\nCtrl-C ends it.\n`);
  await ended;
  await server.close();
}

function printWritten({
  path,
  episodes,
  bytes,
  left,
  leftMeshes,
}: Awaited<ReturnType<typeof exportHtml>>): void {
  const size = (bytes / 2 ** 20).toFixed(1);
  process.stdout.write(
    `Wrote ${path}: ${episodes} episode${episodes === 1 ? "" : "s"}, ${size} MB in all.\n`,
  );
  for (const reason of leftMeshes) process.stdout.write(`${reason}\n`);
  for (const reason of left) process.stdout.write(`Without a policy: ${reason}\n`);
}

/** Say at once what the page could only show as nothing. */
function refuseWithoutRuns(path: string, full: string): void {
  if (isRunFolder(full) || readdirSync(full).some((name) => isRunFolder(join(full, name)))) return;
  throw new UsageError(`There are no runs in ${path}. Train first: "armgym train Reach-v1".`);
}
