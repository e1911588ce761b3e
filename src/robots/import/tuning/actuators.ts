// Servos of an imported robot: gains from the mass matrix at the rest posture, checked by the step response of each joint.
import { Articulation } from "../../../physics/articulation/articulation.js";
import type { JointModel, LinkModel } from "../../../physics/articulation/articulation-model.js";
import type { RobotModel } from "../../models/robot-model.js";
import type { DescribedJoint } from "../description.js";
import type { Assume } from "../links.js";
import { digits } from "./joint-limits.js";
import { stepResponse } from "./step-response.js";

/**
 * Natural frequency of a joint's servo, rad/s, and its damping ratio: like those of the arms that ship every joint then lags
 * behind a moving target by 2 * ratio / frequency = 0.1 s, all alike, so that the hand stays upright while it moves.
 */
const FREQUENCY = 60;
const DAMPING_RATIO = 3;
const LAG = (2 * DAMPING_RATIO) / FREQUENCY;
/** Dry friction holds a joint at most this far from its target, rad or m. */
const FRICTION_ERROR = { revolute: 5e-3, prismatic: 1e-3 } as const;
/** A step is good where it settles to 2 % within this time, s, and overshoots by no more than this share. */
const SETTLING = 0.6;
const OVERSHOOT = 0.05;
const TRIES = 8;
const MORE_DAMPING = 1.4;
const MORE_GAIN = 1.5;

/** Return `robot` with gains for the servos of its arm. */
export function withServos(
  robot: RobotModel,
  described: readonly DescribedJoint[],
  assume: Assume,
): RobotModel {
  const { armJoints, articulation } = robot;
  const arm = new Articulation(articulation);
  arm.reset(robot.home);
  let links = articulation.links.map((link) => {
    const { joint } = link;
    if (!joint || !armJoints.includes(joint.name)) return link;
    const dof = armJoints.indexOf(joint.name);
    const inertia = arm.massMatrix[dof * arm.numDofs + dof]!;
    const source = described.find(({ name }) => name === joint.name)!;
    return { ...link, joint: { ...joint, ...gainsOf(joint, inertia, source) } };
  });
  const responses: { readonly name: string; readonly settling: number; readonly overshoot: number }[] = [];
  for (const name of armJoints) {
    const isGiven = servoOf(described, name) !== undefined;
    let response = stepResponse({ ...robot, articulation: { ...articulation, links } }, name);
    for (let attempt = 0; attempt < TRIES && !isGood(response, isGiven); attempt++) {
      links = changed(links, name, response.overshoot > OVERSHOOT ? MORE_DAMPING : undefined);
      response = stepResponse({ ...robot, articulation: { ...articulation, links } }, name);
    }
    responses.push({ name, ...response });
  }
  const given = armJoints.filter((name) => servoOf(described, name)).length;
  assume(
    `servos: ${given === armJoints.length ? "gains as the file gives them" : `natural frequency ${FREQUENCY} rad/s, damping ratio ${DAMPING_RATIO} from the mass matrix at the rest posture`}` +
      `${given > 0 && given < armJoints.length ? ` (${given} as the file gives them)` : ""}; ${told(responses)}`,
  );
  return { ...robot, articulation: { ...articulation, links } };
}

function servoOf(described: readonly DescribedJoint[], name: string): DescribedJoint["servo"] {
  return givenServo(described.find((joint) => joint.name === name)!);
}

function givenServo({ servo }: DescribedJoint): DescribedJoint["servo"] {
  return servo && servo.stiffness > 0 ? servo : undefined;
}

function gainsOf(
  { type, viscousFriction }: JointModel,
  inertia: number,
  source: DescribedJoint,
): Pick<JointModel, "stiffness" | "damping"> {
  const servo = givenServo(source);
  if (servo) {
    const critical = 2 * Math.sqrt(servo.stiffness * inertia);
    const damping = servo.dampingRatio === undefined ? servo.damping : servo.dampingRatio * critical;
    return { stiffness: servo.stiffness, damping };
  }
  const stiffness = Math.max(
    FREQUENCY ** 2 * inertia,
    // friction alone must not make it lag more, nor hold it far from its target
    viscousFriction / LAG,
    source.friction / FRICTION_ERROR[type],
  );
  return { stiffness: rounded(stiffness), damping: rounded(Math.max(0, LAG * stiffness - viscousFriction)) };
}

/** What a file gives is changed only where it does not come to rest. */
function isGood({ settling, overshoot }: { settling: number; overshoot: number }, isGiven: boolean): boolean {
  return isGiven ? Number.isFinite(settling) : settling <= SETTLING && overshoot <= OVERSHOOT;
}

/** More damping against an overshoot, else more of both. */
function changed(links: LinkModel[], name: string, damping: number | undefined): LinkModel[] {
  return links.map((link) => {
    const { joint } = link;
    if (joint?.name !== name) return link;
    const stiffer = damping === undefined ? MORE_GAIN : 1;
    return {
      ...link,
      joint: {
        ...joint,
        stiffness: rounded(stiffer * joint.stiffness),
        damping: rounded((damping ?? MORE_GAIN) * Math.max(joint.damping, 1e-3 * joint.stiffness)),
      },
    };
  });
}

function told(responses: readonly { name: string; settling: number; overshoot: number }[]): string {
  const slowest = responses.reduce((a, b) => (b.settling > a.settling ? b : a));
  const widest = responses.reduce((a, b) => (b.overshoot > a.overshoot ? b : a));
  const settling = Number.isFinite(slowest.settling)
    ? `a step settles to 2 % within ${slowest.settling.toFixed(2)} s`
    : "a step does not settle";
  return `${settling} (joint "${slowest.name}"), overshoot ${(100 * widest.overshoot).toFixed(0)} %${widest.overshoot > 0.005 ? ` (joint "${widest.name}")` : ""}`;
}

function rounded(value: number): number {
  return Number(digits(value));
}
