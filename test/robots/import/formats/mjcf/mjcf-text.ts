// MJCF texts for tests, and what the reader makes of them.
import type { RobotDescription } from "../../../../../src/robots/import/description.js";
import { readMjcf } from "../../../../../src/robots/import/formats/mjcf/read-mjcf.js";
import { parseXml } from "../../../../../src/robots/import/formats/xml.js";

/** Something that weighs, with no symmetry. */
export const solid = '<geom type="box" size="0.02 0.03 0.05" pos="0.01 0.02 0.03" euler="0.1 0.2 0.3"/>';

/** Read the robot in `text`, which is called arm.xml; `files` are beside it. */
export function read(text: string, files: Readonly<Record<string, string>> = {}): RobotDescription {
  const readFile = (name: string) => (name in files ? new TextEncoder().encode(files[name]) : undefined);
  return readMjcf(parseXml(text, "arm.xml"), "arm.xml", readFile);
}
