// The posture that a keyframe names.
import type { XmlElement } from "../xml.js";
import { childrenOf, numbersOf } from "../xml-values.js";
import type { MjcfJoint } from "./bodies.js";

/** Coordinates that a joint takes. */
const COORDINATES = { hinge: 1, slide: 1, ball: 4, free: 7 } as const;

/** Names of keyframes that a robot rests in, and not in the middle of a movement; the first is looked for first. */
const RESTING = [/home/i, /neutral|rest|ready|init|default|stand/i];

/** Return the joint positions of the keyframe called home or the like, or of the only one; undefined where there is none. */
export function readPosture(
  sections: readonly XmlElement[],
  joints: readonly MjcfJoint[],
  notes: string[],
): { readonly name: string; readonly positions: ReadonlyMap<string, number> } | undefined {
  const keys = sections
    .flatMap((section) => childrenOf(section, "key"))
    .filter(({ attributes }) => attributes.has("qpos"));
  const named = RESTING.flatMap((pattern) =>
    keys.filter(({ attributes }) => pattern.test(attributes.get("name") ?? "")),
  );
  const key = named[0] ?? (keys.length === 1 ? keys[0] : undefined);
  if (!key) return undefined;
  const name = key.attributes.get("name") ?? "unnamed";
  const values = numbersOf(key, "qpos");
  const expected = joints.reduce((sum, { type }) => sum + COORDINATES[type], 0);
  if (values.length !== expected) {
    notes.push(
      `the keyframe "${name}" has ${values.length} coordinates, the file's joints have ${expected}: it is left out`,
    );
    return undefined;
  }
  const positions = new Map<string, number>();
  let next = 0;
  for (const joint of joints) {
    if (COORDINATES[joint.type] === 1) positions.set(joint.name, values[next]!);
    next += COORDINATES[joint.type];
  }
  return { name, positions };
}
