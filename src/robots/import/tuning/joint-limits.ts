// Efforts and speeds of joints: those of the description where they can be, else estimated from what the arm weighs.
import { createRandom } from "../../../math/random.js";
import { Articulation } from "../../../physics/articulation/articulation.js";
import type { JointModel, LinkModel } from "../../../physics/articulation/articulation-model.js";
import type { DescribedJoint } from "../description.js";
import type { Assume } from "../links.js";

/** An estimated effort is this many times what gravity and an acceleration take at the reach limit. */
const EFFORT_FACTOR = 2;
/** That acceleration: rad/s² or m/s². */
const ACCELERATION = { revolute: 5, prismatic: 2 } as const;
/** No arm joint is estimated weaker than this share of the strongest, or this force, N. */
const LEAST_SHARE = 0.05;
const LEAST_FORCE = 20;
/** An effort of more than so many times the estimate is none that a motor has. */
const IMPLAUSIBLE = 100;
/** An estimated speed moves the tool at this speed at the reach limit, m/s, and turns at most so fast, rad/s. */
const TOOL_SPEED = 2;
const FASTEST_ESTIMATE = Math.PI;
/** Speeds beyond these are none that a joint of an arm has, rad/s or m/s; slower than that it does not move. */
const FASTEST = { revolute: 20, prismatic: 5 } as const;
const SLOWEST = 0.01;
/** Rotor inertia where the file gives none: kg m² per N m, at most so much; kg of what slides. */
const ROTOR = { perEffort: 0.002, most: 0.1, sliding: 0.1 } as const;
const POSTURES = 200;

const UNITS = { revolute: ["N m", "rad/s"], prismatic: ["N", "m/s"] } as const;

/** Return `links` with the efforts, speeds and rotor inertias of the arm's joints; servos have no gains yet. */
export function withArmLimits(
  links: readonly LinkModel[],
  described: readonly DescribedJoint[],
  armJoints: readonly string[],
  assume: Assume,
): LinkModel[] {
  const loads = loadsOf(links, armJoints);
  const estimates = loads.map(
    ({ gravity, inertia, type }) => EFFORT_FACTOR * (gravity + inertia * ACCELERATION[type]),
  );
  const strongest = Math.max(0, ...loads.map(({ type }, k) => (type === "revolute" ? estimates[k]! : 0)));
  const estimateOf = (k: number) => Number(digits(leastOf(k)));
  const leastOf = (k: number) =>
    loads[k]!.type === "revolute"
      ? Math.max(estimates[k]!, LEAST_SHARE * strongest)
      : Math.max(estimates[k]!, LEAST_FORCE);
  return links.map((link) => {
    const k = link.joint ? armJoints.indexOf(link.joint.name) : -1;
    if (k < 0) return link;
    const joint = link.joint!;
    const source = described.find(({ name }) => name === joint.name)!;
    const effortLimit = effortOf(source, joint, loads[k]!.gravity, estimateOf(k), assume);
    const velocityLimit = velocityOf(source, joint, loads[k]!.reach, assume);
    const rotor =
      joint.type === "prismatic" ? ROTOR.sliding : Math.min(ROTOR.most, ROTOR.perEffort * effortLimit);
    return { ...link, joint: { ...joint, effortLimit, velocityLimit, armature: source.armature ?? rotor } };
  });
}

/** What a joint carries at worst, of many postures. */
interface Load {
  readonly type: JointModel["type"];
  /** N m or N */
  readonly gravity: number;
  /** kg m² or kg */
  readonly inertia: number;
  /** How far the furthest link's origin gets from the joint, m. */
  readonly reach: number;
}

function loadsOf(links: readonly LinkModel[], armJoints: readonly string[]): Load[] {
  const arm = new Articulation({ links });
  const random = createRandom("joint limits");
  const movers = armJoints.map((name) => links.findIndex(({ joint }) => joint?.name === name));
  const loads = movers.map((mover) => ({
    type: links[mover]!.joint!.type,
    gravity: 0,
    inertia: 0,
    reach: 0,
  }));
  for (let posture = 0; posture <= POSTURES; posture++) {
    // the first one is the posture that the file draws
    const positions = Array.from(arm.lowerLimits, (lower, dof) =>
      posture === 0
        ? Math.max(lower, Math.min(0, arm.upperLimits[dof]!))
        : random.uniform(lower, arm.upperLimits[dof]!),
    );
    arm.reset(positions);
    for (const [k, load] of loads.entries()) {
      const dof = arm.dofOfLink[movers[k]!]!;
      load.gravity = Math.max(load.gravity, Math.abs(arm.biasForces[dof]!));
      load.inertia = Math.max(load.inertia, arm.massMatrix[dof * arm.numDofs + dof]! - arm.armature[dof]!);
      load.reach = Math.max(load.reach, furthestFrom(arm, movers[k]!));
    }
  }
  return loads;
}

function furthestFrom({ chains, linkPositions: P }: Articulation, mover: number): number {
  let furthest = 0;
  for (const [link, chain] of chains.entries()) {
    if (!chain.includes(mover)) continue;
    const away = [0, 1, 2].map((k) => P[3 * link + k]! - P[3 * mover + k]!);
    furthest = Math.max(furthest, Math.hypot(...away));
  }
  return furthest;
}

function effortOf(
  { effort }: DescribedJoint,
  { name, type }: JointModel,
  gravity: number,
  estimate: number,
  assume: Assume,
): number {
  const unit = UNITS[type][0];
  const how = `${digits(estimate)} ${unit} estimated, ${EFFORT_FACTOR} times what gravity and ${ACCELERATION[type]} ${type === "revolute" ? "rad" : "m"}/s² take at the reach limit`;
  if (effort === undefined || !(effort > 0)) {
    assume(`joint "${name}" has no effort limit: ${how}`);
    return estimate;
  }
  if (effort < gravity) {
    assume(
      `joint "${name}" would not hold itself at the reach limit with ${digits(effort)} ${unit} (${digits(gravity)} ${unit} needed): ${how}`,
    );
    return estimate;
  }
  if (effort <= IMPLAUSIBLE * estimate) return effort;
  const most = Number(digits(IMPLAUSIBLE * estimate));
  assume(
    `joint "${name}" has an effort limit of ${digits(effort)} ${unit}: ${digits(most)} ${unit} taken, ${IMPLAUSIBLE} times what is needed`,
  );
  return most;
}

function velocityOf(
  { velocity }: DescribedJoint,
  { name, type }: JointModel,
  reach: number,
  assume: Assume,
): number {
  const unit = UNITS[type][1];
  if (velocity !== undefined && velocity >= SLOWEST && velocity <= FASTEST[type]) return velocity;
  const estimate =
    type === "prismatic" ? TOOL_SPEED / 2 : Math.min(FASTEST_ESTIMATE, TOOL_SPEED / Math.max(reach, 1e-3));
  const got =
    velocity === undefined || !(velocity > 0)
      ? "no velocity limit"
      : `a velocity limit of ${digits(velocity)} ${unit}, which no arm has`;
  assume(`joint "${name}" has ${got}: ${digits(estimate)} ${unit} estimated`);
  return Number(estimate.toFixed(4));
}

/** Return a number as people read it. */
export function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
