// What a described robot is drawn as: the visual shapes of its links.

import type { Color, SceneShape } from "../../../scene/scene.js";
import type { RobotLooks } from "../../models/robot-model.js";
import type { DescribedLink, DescribedShape, RobotDescription } from "../description.js";

const GREY: Color = [0.78, 0.79, 0.81, 1];

/** Return the looks of a robot, `root` being its base; undefined where the description draws nothing. */
export function looksOf({ links }: RobotDescription, root: DescribedLink): RobotLooks | undefined {
  if (links.every(({ visuals }) => visuals.length === 0)) return undefined;
  const base = shapesOf(root);
  const drawn = links.flatMap((link) => {
    const shapes = link === root ? undefined : shapesOf(link);
    return shapes ? [[link.name, shapes] as const] : [];
  });
  return { ...(base ? { base } : {}), links: Object.fromEntries(drawn) };
}

/** Undefined where the link has visual shapes and none of them can be drawn. */
function shapesOf({ visuals }: DescribedLink): SceneShape[] | undefined {
  const shapes = visuals.flatMap(shapeOf);
  return shapes.length > 0 || visuals.length === 0 ? shapes : undefined;
}

function shapeOf({ geometry, pose, color = GREY }: DescribedShape): SceneShape[] {
  return geometry.type === "mesh" ? [] : [{ ...geometry, ...pose, color }];
}
