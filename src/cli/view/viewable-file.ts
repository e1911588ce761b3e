// A recording that the viewer can show: one of ours as it is, one of another program's as a copy that is ours.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { readRecording } from "../../recording/mcap-read.js";
import { writeRecordingTo } from "../../recording/mcap-write.js";
import { atomicWriteParts } from "../../runs/atomic-write.js";
import { openForeignRecording } from "../../runs/foreign-recording.js";
import { keepMeshFile } from "../../runs/mesh-files.js";
import { LARGEST, readWholeFile } from "../../runs/read-file.js";
import { robotFiles } from "../../runs/robot-files.js";

/** Folders that ROS packages lie in, as ROS 2 and ROS 1 say it. */
function rosPackages(): string[] {
  const { AMENT_PREFIX_PATH = "", ROS_PACKAGE_PATH = "" } = process.env;
  const shares = AMENT_PREFIX_PATH.split(delimiter).map((prefix) => prefix && join(prefix, "share"));
  return [...shares, ...ROS_PACKAGE_PATH.split(delimiter)].filter((folder) => folder !== "");
}

/**
 * Return the path of what is shown of the recording at `full`, which the user calls `path`; a copy goes when this process ends.
 *
 * Throws a UsageError where nothing of it can be shown.
 */
export async function viewableFile(full: string, path: string): Promise<string> {
  const bytes = readWholeFile(full, LARGEST.recording);
  const recording = await openForeignRecording(bytes, path, robotFiles(full, rosPackages()));
  if (!recording) {
    readRecording(bytes, path, { partial: true });
    return full;
  }
  const folder = mkdtempSync(join(tmpdir(), "armgym-view-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const copy = join(folder, `${basename(full).replace(/\.mcap$/, "")}.mcap`);
  if (recording.meshFile) keepMeshFile(recording.meshFile, folder);
  await atomicWriteParts(copy, (write) => writeRecordingTo(recording, write));
  return copy;
}
