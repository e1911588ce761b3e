// What an imported robot is called: an id of its own, and a title.
import type { RobotModel } from "../models/robot-model.js";
import { robots } from "../models/robots.js";
import type { RobotDescription } from "./description.js";

/**
 * Return id and title: `id` where it is given, else the description's name, else its file's.
 *
 * An id that was not asked for is never that of a robot that ships.
 */
export function nameRobot(
  { name, file }: RobotDescription,
  id: string | undefined,
  assume: (assumption: string) => void,
): Pick<RobotModel, "id" | "title"> {
  const fileName = file
    .split(/[\\/]/)
    .at(-1)!
    .replace(/(\.[A-Za-z]+)+$/, "");
  const title = name.trim() || fileName || "robot";
  if (id !== undefined) return { id, title };
  const found = slug(name) || slug(fileName) || "robot";
  if (!Object.hasOwn(robots, found)) return { id: found, title };
  assume(`the robot's id is "${found}-imported": "${found}" is one that armgym ships`);
  return { id: `${found}-imported`, title };
}

/** Letters and digits in small letters, joined by dashes; accents are taken off. */
function slug(text: string): string {
  const plain = text.normalize("NFKD").replaceAll(/\p{Mark}/gu, "");
  return plain
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .toLowerCase();
}
