// The robots of a cell: one, or several with names and places of their own, in one articulation.
import { UsageError } from "../math/usage-error.js";
import type { ArticulationModel, LinkModel } from "../physics/articulation/articulation-model.js";
import { placedRobot, type RobotPlace } from "../robots/models/placed-robot.js";
import type { RobotModel } from "../robots/models/robot-model.js";
import { findRobot } from "../robots/models/robots.js";

/** One of several robots of a cell. */
export interface CellRobot {
  /** Unique in the cell: "left". Names of its joints, links, actions and observations begin with it and a slash. */
  readonly name: string;
  /** Id of the robot, or its data as JSON. */
  readonly robot: string;
  /** Where it is moved to; default: it stands where its data has it. */
  readonly base?: RobotPlace;
}

/** A robot with its place in the articulation. */
export interface RobotInCell {
  /** Empty where it is the only one. */
  readonly name: string;
  /** What the names of its joints and links begin with: its name and a slash, or nothing. */
  readonly prefix: string;
  readonly model: RobotModel;
  /** Its links, under the names that they have in the cell. */
  readonly articulation: ArticulationModel;
  readonly firstLink: number;
  readonly firstDof: number;
}

/** Places are the same to this, m. */
const SAME = 1e-6;

const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Return the robots of a cell with their places; throws a UsageError where names or bases are no good. */
export function robotsInCell(robot: string, several: readonly CellRobot[] | undefined): RobotInCell[] {
  if (!several) {
    const model = findRobot(robot);
    const { articulation } = model;
    return [{ name: "", prefix: "", model, articulation, firstLink: 0, firstDof: 0 }];
  }
  if (several.length === 0) throw new UsageError("robots is an empty list, expected one robot or more.");
  let [firstLink, firstDof] = [0, 0];
  return several.map((made, index) => {
    const { name, base } = made;
    if (!NAME.test(name))
      throw new UsageError(
        `robots[${index}].name is ${JSON.stringify(name)}, expected letters and digits: "left".`,
      );
    if (several.findIndex((other) => other.name === name) < index)
      throw new UsageError(`robots[${index}].name is "${name}", as that of another; names are unique.`);
    const numbers = base ? [...base.position, base.yaw ?? 0] : [];
    if (base && (base.position.length !== 3 || !numbers.every((value) => Math.abs(value) <= 100)))
      throw new UsageError(
        `robots[${index}].base of "${name}" is ${JSON.stringify(base)}, expected a position of three numbers up to 100 m and a yaw in rad.`,
      );
    const found = findRobot(made.robot);
    const model = base ? placedRobot(found, base) : found;
    const prefix = `${name}/`;
    const place = {
      name,
      prefix,
      model,
      articulation: renamed(model.articulation, prefix),
      firstLink,
      firstDof,
    };
    firstLink += model.articulation.links.length;
    firstDof += model.armJoints.length + (model.gripper ? 1 : 0);
    return place;
  });
}

/** Join the links of several robots to one articulation; each stands on a base of its own. */
export function joinedArticulation(robots: readonly RobotInCell[]): ArticulationModel {
  const [first, ...others] = robots;
  if (others.length === 0) return first!.articulation;
  const twins = findTwins(robots);
  const links = robots.flatMap(({ articulation, firstLink }) =>
    articulation.links.map(
      (link): LinkModel => ({
        ...(link.parent < 0 ? link : { ...link, parent: firstLink + link.parent }),
        ...(twins.has(link.name) ? { collision: [] } : {}),
      }),
    ),
  );
  const mayOverlap = robots.flatMap(({ articulation }) => articulation.mayOverlap ?? []);
  const ofTwins = mayOverlap.flatMap(([a, b]): (readonly [string, string])[] => {
    const [one, other] = [twins.get(a), twins.get(b)];
    return one === undefined && other === undefined ? [] : [[one ?? a, other ?? b]];
  });
  return { links, mayOverlap: [...mayOverlap, ...ofTwins] };
}

/** What carries several arms of one file is part of each of them: the copies collide once. Names of copies, with the first's. */
function findTwins(robots: readonly RobotInCell[]): Map<string, string> {
  const seen = new Map<string, { readonly name: string; readonly link: LinkModel }[]>();
  const twins = new Map<string, string>();
  for (const { articulation, prefix } of robots) {
    for (const link of articulation.links) {
      if (link.parent >= 0 || link.joint || link.collision.length === 0) continue;
      const own = link.name.slice(prefix.length);
      const known = seen.get(own) ?? [];
      const first = known.find((other) => isSame(other.link, link));
      if (first) twins.set(link.name, first.name);
      else seen.set(own, [...known, { name: link.name, link }]);
    }
  }
  return twins;
}

/** Do two links have the same shapes in the same place? */
function isSame(a: LinkModel, b: LinkModel): boolean {
  const isNear = (one: readonly number[], other: readonly number[]) =>
    one.every((value, k) => Math.abs(value - other[k]!) < SAME);
  // a turn and its negative are one
  const sign = a.quaternion.reduce((sum, value, k) => sum + value * b.quaternion[k]!, 0) < 0 ? -1 : 1;
  return (
    isNear(a.position, b.position) &&
    isNear(
      a.quaternion,
      b.quaternion.map((value) => sign * value),
    ) &&
    JSON.stringify(a.collision) === JSON.stringify(b.collision)
  );
}

function renamed({ links, mayOverlap }: ArticulationModel, prefix: string): ArticulationModel {
  return {
    links: links.map(({ joint, ...link }) => ({
      ...link,
      name: prefix + link.name,
      ...(joint
        ? {
            joint: {
              ...joint,
              name: prefix + joint.name,
              ...(joint.mimic === undefined ? {} : { mimic: prefix + joint.mimic }),
            },
          }
        : {}),
    })),
    ...(mayOverlap ? { mayOverlap: mayOverlap.map(([a, b]) => [prefix + a, prefix + b] as const) } : {}),
  };
}
