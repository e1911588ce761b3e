// The goal of a cell: a place, or an object that goes with it, and the sphere that marks it.
import { IDENTITY_QUATERNION } from "../../math/quaternion.js";
import type { FreeBody } from "../../physics/bodies/free-body.js";
import type { SceneEntity } from "../../scene/scene.js";
import type { RobotCellOptions } from "../cell-options.js";
import { type CellPart, type CellSnapshot, writePose } from "./cell-part.js";

/** Where the goal is. */
export class CellGoal implements CellPart {
  /** World, m. */
  readonly position = new Float64Array(3);
  /** Which of the objects the sphere goes with; -1: it stands at the goal. */
  marked = -1;
  private readonly sphere: readonly SceneEntity[];
  private readonly objects: readonly FreeBody[];

  /** `look` (default: it is not drawn) is that of the sphere. */
  constructor(objects: readonly FreeBody[], look: RobotCellOptions["goal"]) {
    this.objects = objects;
    this.sphere = look ? [sphereOf(look)] : [];
  }

  entities(): readonly SceneEntity[] {
    return this.sphere;
  }

  poses(out: Float64Array, offset: number): number {
    if (this.sphere.length === 0) return offset;
    return writePose(out, offset, this.objects[this.marked]?.position ?? this.position);
  }

  snapshot(): Pick<CellSnapshot, "goal" | "marked"> {
    return { goal: this.position.slice(), marked: this.marked };
  }

  restore({ goal, marked }: CellSnapshot): void {
    this.position.set(goal);
    this.marked = marked;
  }
}

function sphereOf({ radius, color, seenInFirst }: NonNullable<RobotCellOptions["goal"]>): SceneEntity {
  return {
    id: "goal",
    kind: "goal",
    shapes: [{ type: "sphere", radius, color, position: [0, 0, 0], quaternion: IDENTITY_QUATERNION }],
    ...(seenInFirst === undefined ? {} : { seenInFirst }),
  };
}
