// Joints that move together: equality constraints and tendons become one leader with followers.
import { UsageError } from "../../../../math/usage-error.js";
import type { DescribedMimic } from "../../description.js";
import type { XmlElement } from "../xml.js";
import { childrenOf, mistake, numberOf, numbersOf, textOf } from "../xml-values.js";
import type { MjcfActuator } from "./actuators.js";
import type { MjcfJoint } from "./bodies.js";
import type { DefaultClasses } from "./default-classes.js";

/** The position of `joint` is `offset` plus `ratio` times that of `other`; without other it is `offset`. */
export interface Relation {
  readonly joint: string;
  readonly other?: string;
  readonly ratio: number;
  readonly offset: number;
}

/** A weighted sum of joint positions. */
export interface FixedTendon {
  readonly name: string;
  readonly terms: readonly { readonly joint: string; readonly coefficient: number }[];
}

/** Which joints lead, follow and stand still. */
export interface Couplings {
  readonly mimics: ReadonlyMap<string, DescribedMimic>;
  /** Positions of joints that cannot move. */
  readonly locked: ReadonlyMap<string, number>;
}

/** Read the fixed tendons of all `<tendon>` elements, by name. */
export function readTendons(sections: readonly XmlElement[]): ReadonlyMap<string, FixedTendon> {
  const tendons = new Map<string, FixedTendon>();
  for (const element of sections.flatMap((section) => childrenOf(section, "fixed"))) {
    const name = element.attributes.get("name") ?? "";
    const terms = childrenOf(element, "joint").map((term) => ({
      joint: textOf(term, "joint"),
      coefficient: numberOf(term, "coef"),
    }));
    tendons.set(name, { name, terms });
  }
  return tendons;
}

/** Read what equality constraints say of the robot's joints; `notes` gets what is mended. */
export function readRelations(
  sections: readonly XmlElement[],
  options: {
    readonly joints: ReadonlyMap<string, MjcfJoint>;
    readonly tendons: ReadonlyMap<string, FixedTendon>;
    readonly classes: DefaultClasses;
    readonly notes: string[];
  },
): Relation[] {
  const { joints, tendons, classes, notes } = options;
  const relations: Relation[] = [];
  for (const bare of sections.flatMap(({ children }) => children)) {
    const element = classes.apply(bare, undefined, "equality");
    if (element.attributes.get("active") === "false") continue;
    if (element.name === "joint") {
      const relation = ofJoints(element, joints, notes);
      if (relation) relations.push(relation);
    } else if (element.name === "tendon") {
      const relation = ofTendon(element, joints, tendons);
      if (relation) relations.push(relation);
    }
  }
  return relations;
}

/** Return the relations of joints that one actuator drives together by a tendon, which nothing else couples. */
export function drivenTogether(
  actuators: readonly MjcfActuator[],
  options: {
    readonly joints: ReadonlyMap<string, MjcfJoint>;
    readonly tendons: ReadonlyMap<string, FixedTendon>;
    readonly relations: readonly Relation[];
    readonly notes: string[];
  },
): Relation[] {
  const { joints, tendons, relations, notes } = options;
  const result: Relation[] = [];
  const own = new Set(actuators.flatMap(({ target }) => (target?.type === "joint" ? [target.name] : [])));
  const pulled = new Set(actuators.flatMap(({ target }) => (target?.type === "tendon" ? [target.name] : [])));
  const groups = new JointGroups(relations);
  for (const tendon of pulled) {
    const terms = tendons
      .get(tendon)
      ?.terms.filter(({ joint, coefficient }) => joints.has(joint) && coefficient !== 0);
    const [first, ...rest] = terms ?? [];
    if (!first || [first, ...rest].some(({ joint }) => own.has(joint))) continue;
    for (const { joint, coefficient } of rest) {
      if (groups.areOne(first.joint, joint)) continue;
      groups.join(first.joint, joint);
      const ratio = coefficient / first.coefficient;
      const offset = joints.get(joint)!.reference - ratio * joints.get(first.joint)!.reference;
      result.push({ joint, other: first.joint, ratio, offset });
      notes.push(
        `joints "${first.joint}" and "${joint}" are driven together by the tendon "${tendon}": they move alike, 1 to ${short(ratio)}`,
      );
    }
  }
  return result;
}

/** Decide who leads: of joints that move together the one that comes first in `order`. */
export function settle(relations: readonly Relation[], order: readonly string[]): Couplings {
  const mimics = new Map<string, DescribedMimic>();
  const locked = new Map<string, number>();
  for (const { joint, other, ratio, offset } of relations) {
    if (other === undefined || Math.abs(ratio) < 1e-9) locked.set(joint, offset);
  }
  const ways = waysOf(relations);
  const seen = new Set<string>();
  const spread = (leader: string, visit: (joint: string, ratio: number, offset: number) => void) => {
    const waiting = [{ joint: leader, ratio: 1, offset: 0 }];
    seen.add(leader);
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      for (const edge of ways.get(next.joint) ?? []) {
        if (seen.has(edge.to)) continue;
        seen.add(edge.to);
        const ratio = edge.ratio * next.ratio;
        const offset = edge.offset + edge.ratio * next.offset;
        visit(edge.to, ratio, offset);
        waiting.push({ joint: edge.to, ratio, offset });
      }
    }
  };
  for (const [joint, position] of [...locked]) {
    if (!seen.has(joint))
      spread(joint, (name, ratio, offset) => void locked.set(name, offset + ratio * position));
  }
  for (const leader of order) {
    if (seen.has(leader)) continue;
    spread(
      leader,
      (name, multiplier, offset) => void mimics.set(name, { joint: leader, multiplier, offset }),
    );
  }
  return { mimics, locked };
}

/** The position of `to` is `offset` plus `ratio` times that of the joint that it is listed for. */
interface Way {
  readonly to: string;
  readonly ratio: number;
  readonly offset: number;
}

/** Ways from each joint to those that a relation ties to it, in both directions. */
function waysOf(relations: readonly Relation[]): ReadonlyMap<string, readonly Way[]> {
  const ways = new Map<string, Way[]>();
  const add = (from: string, way: Way) => {
    const list = ways.get(from) ?? [];
    list.push(way);
    ways.set(from, list);
  };
  for (const { joint, other, ratio, offset } of relations) {
    if (other === undefined || Math.abs(ratio) < 1e-9) continue;
    add(other, { to: joint, ratio, offset });
    add(joint, { to: other, ratio: 1 / ratio, offset: 0 - offset / ratio });
  }
  return ways;
}

/** Joints that relations tie to each other. */
export class JointGroups {
  private readonly parents = new Map<string, string>();

  constructor(relations: readonly Relation[]) {
    for (const { joint, other } of relations) if (other !== undefined) this.join(joint, other);
  }

  areOne(a: string, b: string): boolean {
    return this.find(a) === this.find(b);
  }

  join(a: string, b: string): void {
    const [first, second] = [this.find(a), this.find(b)];
    if (first !== second) this.parents.set(first, second);
  }

  private find(joint: string): string {
    let root = joint;
    for (let next = this.parents.get(root); next !== undefined; next = this.parents.get(root)) root = next;
    // a shorter way for the next time
    if (root !== joint) this.parents.set(joint, root);
    return root;
  }
}

/** A number as notes show it. */
export function short(value: number): string {
  return String(Number(value.toFixed(4)) + 0);
}

function ofJoints(
  element: XmlElement,
  joints: ReadonlyMap<string, MjcfJoint>,
  notes: string[],
): Relation | undefined {
  const [first, second] = [textOf(element, "joint1"), element.attributes.get("joint2")];
  const follower = joints.get(first);
  const leader = second === undefined ? undefined : joints.get(second);
  if (!follower || (second !== undefined && !leader)) return undefined;
  const [a0, a1, ...higher] = coefficients(element);
  if (!leader) return { joint: first, ratio: 0, offset: follower.reference + a0 };
  if (leader === follower) throw mistake(element, `joint "${first}" is to follow itself`);
  if (higher.some((value) => value !== 0)) {
    notes.push(
      `joint "${first}" follows "${second}" by a polynomial of higher degree: its straight part counts`,
    );
  }
  return {
    joint: first,
    other: second!,
    ratio: a1,
    offset: follower.reference + a0 - a1 * leader.reference,
  };
}

/** Two joints of a tendon whose length is constant. */
function ofTendon(
  element: XmlElement,
  joints: ReadonlyMap<string, MjcfJoint>,
  tendons: ReadonlyMap<string, FixedTendon>,
): Relation | undefined {
  if (element.attributes.has("tendon2")) return undefined;
  const terms = tendons.get(textOf(element, "tendon1"))?.terms ?? [];
  const [one, other] = terms;
  if (!one || !other || terms.length !== 2) return undefined;
  const [first, second] = [joints.get(one.joint), joints.get(other.joint)];
  if (!first || !second || one.coefficient === 0) return undefined;
  const [a0] = coefficients(element);
  const ratio = 0 - other.coefficient / one.coefficient;
  const offset = first.reference - ratio * second.reference + a0 / one.coefficient;
  return { joint: one.joint, other: other.joint, ratio, offset };
}

function coefficients(element: XmlElement): [number, number, ...number[]] {
  const given = numbersOf(element, "polycoef", { fallback: [0, 1, 0, 0, 0] });
  if (given.length > 5) {
    throw new UsageError(
      `${element.file}:${element.line}: polycoef has ${given.length} numbers, expected 5 at most.`,
    );
  }
  const [a0 = 0, a1 = 1, ...higher] = given;
  return [a0, a1, ...higher];
}
