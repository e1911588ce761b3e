// Read a robot file of any format: what it is shows in its content, whatever its name says.
import { UsageError } from "../../../math/usage-error.js";
import type { RobotDescription } from "../description.js";
import type { ReadFile } from "../geometry/triangle-mesh.js";
import { decodeText } from "./decode-text.js";
import { readMjcf } from "./mjcf/read-mjcf.js";
import { readUrdf } from "./read-urdf.js";
import { expandXacro, isXacro } from "./xacro/expand-xacro.js";
import { parseXml, type XmlElement } from "./xml.js";

/** Formats of files that are no XML, by how they begin. */
const BEGINNINGS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^PXR-USDC/, "usd"],
  [/^\s*#usda/, "usd"],
  [/^PK/, "an archive. Unpack it, and give the robot's file in it (USDZ holds USD)"],
  [/^glTF/, "a glTF mesh, no robot. Give the URDF or MJCF that names it"],
  [/^solid\s/, "an STL mesh, no robot. Give the URDF or MJCF that names it"],
  [/^\s*[{[]/, "JSON, no robot"],
  [
    /^\s*(?:import|export|\/\/|\/\*|const)\b/,
    "a program, no robot. A module with robot data is used as it is",
  ],
];
const WHAT_IS_READ = "expected a robot as URDF, xacro or MJCF";
const USD =
  "USD, which is not read. Convert it to URDF: pip install nvidia-srl-usd-to-urdf, then usd_to_urdf -o robot.urdf";

/**
 * Read the robot in `bytes`, which `file` names: URDF, xacro or MJCF.
 *
 * `readFile` gives what it includes, `args` are values of a xacro's arguments by name. Throws a UsageError that names the file and line of
 * a mistake, or that says what the file is and what converts it.
 */
export function readRobot(
  bytes: Uint8Array,
  file: string,
  readFile: ReadFile,
  args: ReadonlyMap<string, string> = new Map(),
): RobotDescription {
  const head = String.fromCharCode(...bytes.subarray(0, 100));
  const known = BEGINNINGS.find(([pattern]) => pattern.test(head))?.[1];
  if (known === "usd") throw new UsageError(`${file} is ${USD} ${file}`);
  if (known) throw new UsageError(`${file} is ${known}; ${WHAT_IS_READ}.`);
  const text = decodeText(bytes, file);
  if (!/^\s*</.test(text)) throw new UsageError(`${file} is no XML; ${WHAT_IS_READ}.`);
  const root = parseXml(text, file);
  const asks = root.name === "robot" && isXacro(root);
  const [argument] = args.keys();
  if (argument !== undefined && !asks)
    throw new UsageError(`${file} is no xacro: it has no argument "${argument}".`);
  if (root.name === "robot") return readUrdf(asks ? expandXacro(root, file, { readFile, args }) : root, file);
  if (root.name === "mujoco") return readMjcf(root, file, readFile);
  throw new UsageError(`${file}:${root.line}: ${otherRoot(root, file)}`);
}

/** What a document is whose root is not a robot's, and what to do with it. */
function otherRoot({ name }: XmlElement, file: string): string {
  switch (name) {
    case "sdf":
    case "gazebo":
      return (
        "this is SDF, Gazebo's format, which is not read. Convert it to MJCF: pip install sdformat-mjcf, " +
        `then sdf2mjcf ${file} robot.xml`
      );
    case "mujocoinclude":
      return "this is a part of an MJCF that others include. Give the file whose root is <mujoco>.";
    case "COLLADA":
      return "this is a COLLADA mesh, no robot. Give the URDF or MJCF that names it.";
    default:
      return `the root is <${name}>, ${WHAT_IS_READ}: <robot> or <mujoco>.`;
  }
}
