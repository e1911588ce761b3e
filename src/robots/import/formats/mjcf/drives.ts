// What actuators mean for each joint: effort, servo, and the positions that it can be told to go to.
import type { DescribedJoint, DescribedMimic } from "../../description.js";
import { numbersOf } from "../xml-values.js";
import type { MjcfActuator } from "./actuators.js";
import type { MjcfJoint } from "./bodies.js";
import type { CompilerSettings } from "./compiler.js";
import { choice } from "./compiler.js";
import type { FixedTendon } from "./couplings.js";

/** What of a described joint its actuators give. */
export type Drive = Pick<DescribedJoint, "effort" | "driven" | "servo" | "command">;

/** How an actuator's length depends on the joint that leads: `slope` times its position plus `offset`. */
interface Transmission {
  readonly joint: string;
  readonly slope: number;
  readonly offset: number;
  /** The length depends on this joint alone. */
  readonly alone: boolean;
}

/** Return what drives each joint, by joint; followers are passive, what drives them counts for their leader. */
export function drivesOf(
  actuators: readonly MjcfActuator[],
  options: {
    readonly joints: ReadonlyMap<string, MjcfJoint>;
    readonly tendons: ReadonlyMap<string, FixedTendon>;
    readonly mimics: ReadonlyMap<string, DescribedMimic>;
    readonly settings: CompilerSettings;
  },
): ReadonlyMap<string, Drive> {
  const { joints, mimics, settings } = options;
  const parts = new Map<string, { actuator: MjcfActuator; transmission: Transmission }[]>();
  for (const actuator of actuators) {
    for (const transmission of transmissionsOf(actuator, options)) {
      const list = parts.get(transmission.joint) ?? [];
      list.push({ actuator, transmission });
      parts.set(transmission.joint, list);
    }
  }
  const isDriven = actuators.length > 0;
  const drives = new Map<string, Drive>();
  for (const [name, joint] of joints) {
    const driving = parts.get(name) ?? [];
    const strength = strengthOf(driving, joint, settings);
    const servo = servoOf(driving);
    const command = commandOf(driving, joint);
    drives.set(name, {
      ...(isDriven && !mimics.has(name) ? { driven: driving.length > 0 } : {}),
      ...(strength === undefined ? {} : { effort: strength }),
      ...(servo ? { servo } : {}),
      ...(command ? { command } : {}),
    });
  }
  return drives;
}

function transmissionsOf(
  { target, gear }: MjcfActuator,
  options: {
    readonly joints: ReadonlyMap<string, MjcfJoint>;
    readonly tendons: ReadonlyMap<string, FixedTendon>;
    readonly mimics: ReadonlyMap<string, DescribedMimic>;
  },
): Transmission[] {
  const { joints, tendons, mimics } = options;
  if (!target) return [];
  const terms =
    target.type === "joint"
      ? [{ joint: target.name, coefficient: 1 }]
      : (tendons.get(target.name)?.terms ?? []);
  const sums = new Map<string, { slope: number; offset: number }>();
  for (const { joint, coefficient } of terms) {
    if (!joints.has(joint)) continue;
    const { joint: leader, multiplier, offset } = mimics.get(joint) ?? { joint, multiplier: 1, offset: 0 };
    const sum = sums.get(leader) ?? { slope: 0, offset: 0 };
    sum.slope += gear * coefficient * multiplier;
    sum.offset += gear * coefficient * offset;
    sums.set(leader, sum);
  }
  return [...sums]
    .filter(([, { slope }]) => slope !== 0)
    .map(([joint, sum]) => ({ joint, ...sum, alone: sums.size === 1 }));
}

type Driving = readonly { readonly actuator: MjcfActuator; readonly transmission: Transmission }[];

/** Greatest torque of all actuators together, within what the joint takes; undefined where nothing says. */
function strengthOf(driving: Driving, joint: MjcfJoint, settings: CompilerSettings): number | undefined {
  const limits = driving.map(
    ({ actuator: { force, bias, gain, control, integrates }, transmission: { slope } }) => {
      const free = bias[1] === 0 && bias[2] === 0 && !integrates && control !== undefined;
      const forces = force ?? (free ? control.map((value) => gain * value + bias[0]) : [Number.NaN]);
      return Math.abs(slope) * Math.max(...forces.map(Math.abs));
    },
  );
  const total = limits.reduce((sum, limit) => sum + limit, 0);
  const [low, high] = numbersOf(joint.element, "actuatorfrcrange", { count: 2, fallback: [0, 0] });
  const flag = choice(joint.element, "actuatorfrclimited", ["false", "true", "auto"], "auto");
  const isLimited = low! < high! && (flag === "auto" ? settings.autolimits : flag === "true");
  const own = isLimited ? Math.max(Math.abs(low!), Math.abs(high!)) : undefined;
  if (driving.length === 0 || !(total > 0)) return own;
  return own === undefined ? total : Math.min(own, total);
}

/** Undefined where no actuator holds a position. */
function servoOf(driving: Driving): Drive["servo"] {
  let stiffness = 0;
  let damping = 0;
  let dampingRatio: number | undefined;
  for (const { actuator, transmission } of driving) {
    stiffness -= actuator.bias[1] * transmission.slope ** 2;
    damping -= actuator.bias[2] * transmission.slope ** 2;
    dampingRatio ??= actuator.dampingRatio;
  }
  if (!(stiffness > 0)) return undefined;
  return {
    stiffness,
    damping: Math.max(0, damping),
    ...(dampingRatio === undefined ? {} : { dampingRatio }),
  };
}

/** Range of the positions that the first actuator that holds one is commanded to. */
function commandOf(driving: Driving, { range }: MjcfJoint): Drive["command"] {
  const holding = driving.find(({ actuator: { bias } }) => bias[1] < 0);
  if (!holding?.transmission.alone) return undefined;
  const { actuator, transmission } = holding;
  if (actuator.inheritRange > 0 && range) {
    const [middle, half] = [(range[0] + range[1]) / 2, ((range[1] - range[0]) / 2) * actuator.inheritRange];
    return [middle - half, middle + half];
  }
  const positions = actuator.control?.map((control) => {
    const length = (actuator.gain * control + actuator.bias[0]) / (0 - actuator.bias[1]);
    return (length - transmission.offset) / transmission.slope;
  });
  if (!positions || positions[0] === positions[1]) return undefined;
  return [Math.min(...positions), Math.max(...positions)];
}
