// Closed linkages: the passive joints of a loop follow the one that is driven.
import type { Quat } from "../../../../math/quaternion.js";
import type { Pose } from "../../description.js";
import type { XmlElement } from "../xml.js";
import { mistake, numbersOf, vectorOf } from "../xml-values.js";
import type { MjcfBody, MjcfJoint } from "./bodies.js";
import type { CompilerSettings } from "./compiler.js";
import { JointGroups, type Relation, short } from "./couplings.js";
import type { DefaultClasses } from "./default-classes.js";
import { placeOf } from "./kinematics.js";
import { solveLinkage } from "./linkage.js";
import { compose, inverse, NO_POSE, poseOf } from "./poses.js";
import { isScalar } from "./robot-tree.js";

/** No robot has more: each is looked for in its trees. */
const MAX_CLOSURES = 500;

/** A linkage of more joints is left open: it is solved as one. */
const MAX_LOOP_JOINTS = 20;

/** Two places that a constraint holds together. */
interface Closure {
  readonly kind: "connect" | "weld";
  /** From the root to each body. */
  readonly paths: readonly [readonly MjcfBody[], readonly MjcfBody[]];
  /** Of the constraint in each body's frame. */
  readonly frames: readonly [Pose, Pose];
  /** Joints that move one of the places against the other. */
  readonly joints: readonly MjcfJoint[];
}

/** Return what the loops of the trees `roots` mean for its joints; `notes` gets how well, and what is not understood. */
export function closeLoops(
  roots: readonly MjcfBody[],
  sections: readonly XmlElement[],
  options: {
    readonly settings: CompilerSettings;
    readonly classes: DefaultClasses;
    readonly relations: readonly Relation[];
    readonly driven: ReadonlySet<string>;
    readonly notes: string[];
  },
): Relation[] {
  const closures: Closure[] = [];
  let count = 0;
  for (const bare of sections.flatMap(({ children }) => children)) {
    if (bare.name !== "connect" && bare.name !== "weld") continue;
    const element = options.classes.apply(bare, undefined, "equality");
    if (element.attributes.get("active") === "false") continue;
    count += 1;
    if (count > MAX_CLOSURES)
      throw mistake(bare, `more than ${MAX_CLOSURES} connects and welds: no robot has so many`);
    const found = roots.flatMap((root) => readClosure(element, root, options.settings) ?? []);
    if (found[0]) closures.push(found[0]);
    else
      options.notes.push(
        `the ${element.name} in line ${element.line} holds nothing of the robot together: left out`,
      );
  }
  return groups(closures).flatMap((group) => settleGroup(group, options));
}

/** Loops that share joints belong together. */
function groups(closures: readonly Closure[]): Closure[][] {
  const result: Closure[][] = [];
  for (const closure of closures) {
    const shares = ({ joints }: Closure) => joints.some((joint) => closure.joints.includes(joint));
    const touching = result.filter((group) => group.some(shares));
    for (const group of touching) result.splice(result.indexOf(group), 1);
    result.push([...touching.flat(), closure]);
  }
  return result;
}

function settleGroup(
  group: readonly Closure[],
  {
    relations,
    driven,
    notes,
  }: {
    readonly relations: readonly Relation[];
    readonly driven: ReadonlySet<string>;
    readonly notes: string[];
  },
): Relation[] {
  const joints = [...new Set(group.flatMap((closure) => closure.joints))];
  if (joints.length === 0) return [];
  if (joints.length > MAX_LOOP_JOINTS) {
    notes.push(
      `the closed linkage of "${joints[0]!.name}" and ${joints.length - 1} other joints is left open: it has more than ${MAX_LOOP_JOINTS}`,
    );
    return [];
  }
  const names = joints.map(({ name }) => `"${name}"`).join(", ");
  const direct = joints.filter(({ name }) => driven.has(name));
  const groups = new JointGroups(relations);
  const indirect = joints.filter(({ name }) => [...driven].some((other) => groups.areOne(name, other)));
  const [input, second] = direct.length > 0 ? direct : indirect.slice(0, 1);
  if (!input || second) {
    const why = input ? "several of its joints are driven" : "none of its joints is driven";
    notes.push(`the closed linkage of ${names} is left open: ${why}`);
    return [];
  }
  const passive = joints.filter((joint) => joint !== input);
  const residual = (positions: ReadonlyMap<string, number>) =>
    group.flatMap((closure) => errorOf(closure, positions));
  const solution = solveLinkage(input, passive, residual);
  if (typeof solution === "string") {
    notes.push(`the closed linkage of ${names} is left open: ${solution}`);
    return [];
  }
  notes.push(
    `the closed linkage of ${names} is driven by "${input.name}": ` +
      [
        ...solution.followers.map(
          ({ joint, ratio, deviation }) =>
            `"${joint.name}" follows it ${short(ratio)} to 1 (within ${short(deviation)} ${joint.type === "slide" ? "m" : "rad"})`,
        ),
        ...solution.held.map(({ name }) => `"${name}" stays at its limit`),
      ].join(", "),
  );
  return [
    ...solution.followers.map(({ joint, ratio, offset }) => ({
      joint: joint.name,
      other: input.name,
      ratio,
      offset,
    })),
    ...solution.held.map(({ name, reference }) => ({ joint: name, ratio: 0, offset: reference })),
  ];
}

/** Undefined where one of the bodies is not the robot's. */
function readClosure(element: XmlElement, root: MjcfBody, settings: CompilerSettings): Closure | undefined {
  const kind = element.name === "weld" ? "weld" : "connect";
  const ends = ([1, 2] as const).map((k) => endOf(element, root, k, settings));
  const [first, second] = ends;
  if (!first || !second) return undefined;
  const paths = [first.path, second.path] as const;
  const none = new Map<string, number>();
  const between = compose(inverse(placeOf(paths[1], none)), placeOf(paths[0], none));
  const frames =
    first.frame && second.frame ? ([first.frame, second.frame] as const) : framesOf(element, between);
  const shared = paths[0].filter((body) => paths[1].includes(body));
  const joints = [...paths[0], ...paths[1]]
    .filter((body) => !shared.includes(body))
    .flatMap((body) => body.joints.filter(isScalar));
  return { kind, paths, frames, joints };
}

/** The path to a body, or to the body of a site with the site's place in it. */
function endOf(
  element: XmlElement,
  root: MjcfBody,
  end: 1 | 2,
  settings: CompilerSettings,
): { readonly path: readonly MjcfBody[]; readonly frame?: Pose } | undefined {
  const site = element.attributes.get(`site${end}`);
  const body = element.attributes.get(`body${end}`);
  const holds = (candidate: MjcfBody) =>
    site === undefined
      ? candidate.name === body
      : candidate.sites.some(({ element: { attributes } }) => attributes.get("name") === site);
  // no second body is the world, on which the robot stands
  if (end === 2 && site === undefined && (body === undefined || body === "world")) return { path: [] };
  const path = pathTo(root, holds);
  if (!path || site === undefined) return path && { path };
  const part = path.at(-1)!.sites.find(({ element: { attributes } }) => attributes.get("name") === site)!;
  return { path, frame: compose(part.frame, poseOf(part.element, settings)) };
}

/** Frames of a constraint in both bodies; `between` is the place of the first in the second as the file places them. */
function framesOf(element: XmlElement, between: Pose): readonly [Pose, Pose] {
  if (element.name === "connect") {
    const anchor: Pose = { ...NO_POSE, position: vectorOf(element, "anchor", [0, 0, 0]) };
    return [anchor, compose(between, anchor)];
  }
  const anchor: Pose = { ...NO_POSE, position: vectorOf(element, "anchor", [0, 0, 0]) };
  const [x, y, z, w, i, j, k] = numbersOf(element, "relpose", { count: 7, fallback: [0, 1, 0, 0, 0, 0, 0] });
  const length = Math.hypot(w!, i!, j!, k!);
  // all zeros mean: as the file places them
  if (length < 1e-12) return [compose(inverse(between), anchor), anchor];
  const turn: Quat = [i! / length, j! / length, k! / length, w! / length];
  return [compose({ position: [x!, y!, z!], quaternion: turn }, anchor), anchor];
}

function pathTo(body: MjcfBody, isIt: (body: MjcfBody) => boolean): MjcfBody[] | undefined {
  if (isIt(body)) return [body];
  for (const child of body.bodies) {
    const path = pathTo(child, isIt);
    if (path) return [body, ...path];
  }
  return undefined;
}

/** What a constraint is off by: m, and for a weld twice the vector part of the turn. */
function errorOf({ kind, paths, frames }: Closure, positions: ReadonlyMap<string, number>): number[] {
  const [a, b] = [0, 1].map((k) => compose(placeOf(paths[k]!, positions), frames[k]!)) as [Pose, Pose];
  const { position, quaternion } = compose(inverse(a), b);
  if (kind === "connect") return [...position];
  const sign = quaternion[3] < 0 ? -2 : 2;
  return [...position, ...[0, 1, 2].map((k) => sign * quaternion[k]!)];
}
