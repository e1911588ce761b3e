// The servo of an imported gripper: its force where the file gives one that fingers can have, else an estimate.
import { Articulation } from "../../../physics/articulation/articulation.js";
import type { JointModel, LinkModel } from "../../../physics/articulation/articulation-model.js";
import type { GripperModel } from "../../models/robot-model.js";
import type { DescribedJoint } from "../description.js";
import type { Assume } from "../links.js";
import { digits } from "./joint-limits.js";

/** Force of each finger where the file gives none, and what fingers have at all, N. */
const FORCE = 40;
const LEAST_FORCE = 3;
const MOST_FORCE = 250;
/** A gap closes by twice what each finger's opening does, also where one jaw does all of it. */
const SIDES = 2;
/** A finger gives its whole force at this error, m, and lags by this time, s. */
const FULL_FORCE_ERROR = 0.01;
const LAG = 0.05;
/** Its servo is no faster than this, rad/s: rotor inertia makes up for light fingers. */
const FREQUENCY = 120;
/** Speed of each finger where the file gives none, and what fingers have at most, m/s. */
const SPEED = 0.15;
const FASTEST = 1;
const SLOWEST = 1e-3;

/** Return `links` with a servo for the gripper's joint, and for those of its followers that have one of their own. */
export function withGripperServo(
  links: readonly LinkModel[],
  { joint: leader, lever = 1 }: GripperModel,
  described: readonly DescribedJoint[],
  assume: Assume,
): LinkModel[] {
  const arm = new Articulation({ links });
  const dofOfGripper = arm.dofOfLink[links.findIndex(({ joint }) => joint?.name === leader)]!;
  const servos = Math.max(1, sharers(links, arm, dofOfGripper));
  return links.map((link) => {
    const { joint } = link;
    if (!joint || (joint.name !== leader && (joint.mimic !== leader || joint.effortLimit === 0))) return link;
    const source = described.find(({ name }) => name === joint.name)!;
    // metres of each finger per unit of its joint
    const perUnit = Math.abs((lever || 1) / (joint.mimicRatio ?? 1));
    const servo = servoOf(source, joint, { perUnit, share: SIDES / servos }, assume);
    const own = inertiaOf(arm, dofOfGripper) / servos;
    const rotor = Math.max(0, servo.stiffness / FREQUENCY ** 2 - own);
    return { ...link, joint: { ...joint, ...servo, armature: source.armature ?? Number(digits(rotor)) } };
  });
}

function servoOf(
  { effort, velocity, servo }: DescribedJoint,
  { name, type }: JointModel,
  { perUnit, share }: { readonly perUnit: number; readonly share: number },
  assume: Assume,
): Pick<JointModel, "effortLimit" | "velocityLimit" | "stiffness" | "damping"> {
  const [torque, speed] = type === "prismatic" ? ["N", "m/s"] : ["N m", "rad/s"];
  let effortLimit = effort ?? 0;
  // what a servo does it does to the gap, which closes from both sides
  const force = effortLimit / (share * perUnit);
  if (!(force >= LEAST_FORCE && force <= MOST_FORCE)) {
    effortLimit = Number(digits(FORCE * share * perUnit));
    const got =
      effort !== undefined && effort > 0
        ? `an effort limit of ${digits(effort)} ${torque}`
        : "no effort limit";
    assume(`gripper joint "${name}" has ${got}: ${effortLimit} ${torque}, ${FORCE} N at each finger`);
  }
  let velocityLimit = velocity ?? 0;
  if (!(velocityLimit * perUnit >= SLOWEST && velocityLimit * perUnit <= FASTEST)) {
    velocityLimit = Number(digits(SPEED / perUnit));
    assume(`gripper joint "${name}" moves at ${velocityLimit} ${speed}, the finger at ${SPEED} m/s`);
  }
  if (servo && servo.stiffness > 0 && servo.damping > 0)
    return { effortLimit, velocityLimit, ...gains(servo) };
  const stiffness = Number(digits((effortLimit * perUnit) / FULL_FORCE_ERROR));
  return { effortLimit, velocityLimit, stiffness, damping: Number(digits(LAG * stiffness)) };
}

function gains({ stiffness, damping }: NonNullable<DescribedJoint["servo"]>) {
  return { stiffness, damping };
}

function inertiaOf(arm: Articulation, dof: number): number {
  return arm.massMatrix[dof * arm.numDofs + dof]! - arm.armature[dof]!;
}

/** How many servos share a degree of freedom. */
function sharers(links: readonly LinkModel[], arm: Articulation, dof: number): number {
  return links.filter(({ joint }, link) => joint && joint.effortLimit > 0 && arm.dofOfLink[link] === dof)
    .length;
}
