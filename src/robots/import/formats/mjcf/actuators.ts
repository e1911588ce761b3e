// Actuators: what drives which joint, how strongly and with which gains.
import type { XmlElement } from "../xml.js";
import { numberOf, numbersOf } from "../xml-values.js";
import { type CompilerSettings, choice } from "./compiler.js";
import { type DefaultClasses, isActuator } from "./default-classes.js";

/** What drives joints by the force gain · control + bias(length, velocity). */
export interface MjcfActuator {
  readonly name: string;
  readonly element: XmlElement;
  /** What it acts on. */
  readonly target: ActuatorTarget | undefined;
  /** Force per unit of control; 0 where it is none of these. */
  readonly gain: number;
  /** The bias: constant, per length, per velocity. */
  readonly bias: readonly [number, number, number];
  /** Damping as a ratio of the critical one; then the bias has none. */
  readonly dampingRatio?: number;
  /** Lengths per unit of the joint. */
  readonly gear: number;
  /** The control is a rate, and integrated to what the gain is for. */
  readonly integrates: boolean;
  /** Range of what the gain is for. */
  readonly control?: readonly [number, number];
  /** The control covers this share of the range of its joint; 0 where it does not. */
  readonly inheritRange: number;
  readonly force?: readonly [number, number];
}

/** A joint or a tendon. */
export interface ActuatorTarget {
  readonly type: "joint" | "tendon";
  readonly name: string;
}

/** What elements say of an actuator so far. */
interface Draft {
  gain: number[];
  bias: number[];
  gainType: string;
  biasType: string;
  integrates: boolean;
}

/** Read all `<actuator>` elements. */
export function readActuators(
  sections: readonly XmlElement[],
  settings: CompilerSettings,
  classes: DefaultClasses,
): MjcfActuator[] {
  const elements = sections.flatMap(({ children }) => children.filter(isActuator));
  return elements.map((element) => {
    const steps = classes.actuatorElements(element);
    const draft: Draft = {
      gain: [1, 0, 0],
      bias: [0, 0, 0],
      gainType: "fixed",
      biasType: "none",
      integrates: false,
    };
    const merged = new Map<string, string>();
    for (const step of steps) {
      apply(draft, step);
      for (const [key, value] of step.attributes) merged.set(key, value);
    }
    return finished({ ...element, attributes: merged }, draft, settings);
  });
}

function finished(element: XmlElement, draft: Draft, settings: CompilerSettings): MjcfActuator {
  const range = (name: string, limited: string): readonly [number, number] | undefined => {
    const [low, high] = numbersOf(element, name, { count: 2, fallback: [0, 0] });
    const flag = choice(element, limited, ["false", "true", "auto"], "auto");
    const holds = flag === "auto" ? settings.autolimits : flag === "true";
    return holds && low! < high! ? [low!, high!] : undefined;
  };
  const hasBias = draft.biasType === "affine";
  const ratio = hasBias && draft.bias[2]! > 0 && draft.gain[0] === 0 - draft.bias[1]!;
  const [gear = 1] = numbersOf(element, "gear", { fallback: [1] });
  const control = draft.integrates ? range("actrange", "actlimited") : range("ctrlrange", "ctrllimited");
  const force = range("forcerange", "forcelimited");
  const [b0, b1, b2] = draft.bias as [number, number, number];
  return {
    name: element.attributes.get("name") ?? "",
    element,
    target: targetOf(element),
    gain: draft.gainType === "fixed" ? draft.gain[0]! : 0,
    bias: hasBias ? [b0, b1, ratio ? 0 : b2] : [0, 0, 0],
    ...(ratio ? { dampingRatio: b2 } : {}),
    gear,
    integrates: draft.integrates,
    ...(control ? { control } : {}),
    inheritRange: numberOf(element, "inheritrange", { fallback: 0 }),
    ...(force ? { force } : {}),
  };
}

function targetOf({ attributes }: XmlElement): ActuatorTarget | undefined {
  const joint = attributes.get("joint") ?? attributes.get("jointinparent");
  if (joint !== undefined) return { type: "joint", name: joint };
  const tendon = attributes.get("tendon");
  return tendon === undefined ? undefined : { type: "tendon", name: tendon };
}

/** Let an element say what it says of an actuator. */
function apply(draft: Draft, element: XmlElement): void {
  const number = (name: string, fallback: number) => numberOf(element, name, { fallback });
  switch (element.name) {
    case "general": {
      draft.gainType = element.attributes.get("gaintype") ?? draft.gainType;
      draft.biasType = element.attributes.get("biastype") ?? draft.biasType;
      const dynamics = element.attributes.get("dyntype");
      if (dynamics !== undefined) draft.integrates = dynamics === "integrator";
      overlay(draft.gain, numbersOf(element, "gainprm", { fallback: [] }));
      overlay(draft.bias, numbersOf(element, "biasprm", { fallback: [] }));
      break;
    }
    case "motor":
      Object.assign(draft, { gain: [1, 0, 0], gainType: "fixed", biasType: "none", integrates: false });
      break;
    case "position":
    case "intvelocity": {
      const kp = number("kp", draft.gain[0]!);
      draft.gain[0] = kp;
      draft.bias[1] = 0 - kp;
      if (element.attributes.has("kv")) draft.bias[2] = 0 - number("kv", 0);
      if (element.attributes.has("dampratio")) draft.bias[2] = number("dampratio", 0);
      Object.assign(draft, {
        gainType: "fixed",
        biasType: "affine",
        integrates: element.name === "intvelocity",
      });
      break;
    }
    case "velocity": {
      const kv = number("kv", draft.gain[0]!);
      Object.assign(draft, {
        gain: [kv, 0, 0],
        bias: [0, 0, 0 - kv],
        gainType: "fixed",
        biasType: "affine",
        integrates: false,
      });
      break;
    }
    default:
      // muscles, dampers, cylinders and the like are no servos of a joint
      Object.assign(draft, { gainType: element.name, biasType: "none", integrates: false });
  }
}

function overlay(target: number[], values: readonly number[]): void {
  for (const [k, value] of values.slice(0, target.length).entries()) target[k] = value;
}
