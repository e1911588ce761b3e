// Which of the trees in the world is the robot; the others are its surroundings.
import { UsageError } from "../../../../math/usage-error.js";
import type { MjcfActuator } from "./actuators.js";
import type { MjcfBody, MjcfJoint, MjcfTree } from "./bodies.js";
import type { FixedTendon } from "./couplings.js";

/** Names listed of what is left out. */
const MOST_NAMES = 8;

/**
 * Return the tree with the most driven joints, or else with the most joints, before others that have as many.
 *
 * `notes` gets what is left out.
 */
export function chooseRobots(
  { bodies, numWorldGeoms }: MjcfTree,
  driven: ReadonlySet<string>,
  file: string,
  notes: string[],
): readonly MjcfBody[] {
  const score = (body: MjcfBody) => {
    const names = jointsOf(body)
      .filter(isScalar)
      .map(({ name }) => name);
    return { driven: names.filter((name) => driven.has(name)).length, all: names.length };
  };
  const scores = new Map(bodies.map((body) => [body, score(body)]));
  const order = (a: MjcfBody, b: MjcfBody) =>
    scores.get(b)!.driven - scores.get(a)!.driven || scores.get(b)!.all - scores.get(a)!.all;
  const [first, ...others] = bodies.toSorted(order);
  if (!first) throw new UsageError(`${file}: <worldbody> has no <body>: there is no robot in it.`);
  const robots = [first, ...others.filter((body) => order(first, body) === 0 && scores.get(first)!.all > 0)];
  const scenery = bodies.filter((body) => !robots.includes(body));
  const names = listed(robots);
  if (scenery.length > 0)
    notes.push(`the surroundings of the robot ${names} are left out: ${listed(scenery)}`);
  if (numWorldGeoms > 0) {
    notes.push(
      `what stands in the world is left out: ${numWorldGeoms} ${numWorldGeoms === 1 ? "geom" : "geoms"}`,
    );
  }
  for (const { name, pose } of robots) {
    if (Math.hypot(...pose.position) < 1e-6) continue;
    const at = pose.position.map((value) => Number(value.toFixed(4)) + 0).join(", ");
    notes.push(`"${name}" stands at (${at}) m in its scene: here at the origin`);
  }
  return robots;
}

/** Return the joints of a body and of all bodies on it, in the order of the model. */
export function jointsOf(body: MjcfBody): MjcfJoint[] {
  return [...body.joints, ...body.bodies.flatMap(jointsOf)];
}

/** Whether a joint has one coordinate. */
export function isScalar({ type }: MjcfJoint): boolean {
  return type === "hinge" || type === "slide";
}

/** Return the names of the joints that an actuator drives. */
export function drivenJoints(
  actuators: readonly MjcfActuator[],
  tendons: ReadonlyMap<string, FixedTendon>,
): ReadonlySet<string> {
  return new Set(
    actuators.flatMap(({ target }) => {
      if (target?.type === "joint") return [target.name];
      return target ? (tendons.get(target.name)?.terms ?? []).map(({ joint }) => joint) : [];
    }),
  );
}

function listed(bodies: readonly MjcfBody[]): string {
  const names = bodies.slice(0, MOST_NAMES).map(({ name }) => `"${name}"`);
  const more = bodies.length - names.length;
  return names.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
