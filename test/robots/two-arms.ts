// A torso that is lifted and looks about, with two unequal arms: a left one of six joints with two fingers, a right one of five.

type Numbers = readonly number[];

function link(name: string, mass: number, shape = ""): string {
  return (
    `<link name="${name}"><inertial><mass value="${mass}"/>` +
    `<inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>${shape}</link>`
  );
}

function box(size: Numbers, at: Numbers): string {
  return `<collision><origin xyz="${at.join(" ")}"/><geometry><box size="${size.join(" ")}"/></geometry></collision>`;
}

interface Joint {
  readonly type?: string;
  readonly xyz?: Numbers;
  readonly rpy?: Numbers;
  readonly axis?: Numbers;
  readonly limits?: readonly [number, number];
  readonly effort?: number;
  readonly mimic?: string;
}

function joint(name: string, parent: string, child: string, options: Joint): string {
  const {
    type = "revolute",
    xyz = [0, 0, 0],
    rpy = [0, 0, 0],
    axis = [0, 0, 1],
    limits = [-2.9, 2.9],
  } = options;
  const mimic = options.mimic ? `<mimic joint="${options.mimic}"/>` : "";
  return (
    `<joint name="${name}" type="${type}"><parent link="${parent}"/><child link="${child}"/>` +
    `<origin xyz="${xyz.join(" ")}" rpy="${rpy.join(" ")}"/><axis xyz="${axis.join(" ")}"/>` +
    `<limit lower="${limits[0]}" upper="${limits[1]}" effort="${options.effort ?? 80}" velocity="3"/>${mimic}</joint>`
  );
}

const Y = [0, 1, 0] as const;
const X = [1, 0, 0] as const;
const bar = (length: number) => box([0.8 * length, 0.05, 0.05], [length / 2, 0, 0]);

/** Where the shoulders are on the torso, m. */
export const SHOULDERS = { left: [0.05, 0.25, 0.3], right: [0.05, -0.2, 0.25] } as const;
/** The torso's lift starts at this, m; it stands so high above the floor, too. */
export const LIFT = { lower: 0.1, height: 0.2 } as const;

export const TWO_ARMS = `<robot name="two arms">
  ${link("base_link", 30, box([0.3, 0.3, 0.1], [0, 0, 0.05]))}
  ${link("torso", 10, box([0.08, 0.3, 0.2], [-0.05, 0, 0.1]))}
  ${joint("torso_lift", "base_link", "torso", { type: "prismatic", xyz: [0, 0, LIFT.height], limits: [LIFT.lower, 0.4] })}
  ${link("head_pan", 1)}${joint("head_pan", "torso", "head_pan", { xyz: [0, 0, 0.4] })}
  ${link("head_tilt", 1)}${joint("head_tilt", "head_pan", "head_tilt", { axis: Y })}
  ${link("left_base", 1)}${joint("left_mount", "torso", "left_base", { type: "fixed", xyz: SHOULDERS.left })}
  ${link("left_1", 3)}${joint("left_j1", "left_base", "left_1", {})}
  ${link("left_2", 3, bar(0.35))}${joint("left_j2", "left_1", "left_2", { axis: Y })}
  ${link("left_3", 2, bar(0.3))}${joint("left_j3", "left_2", "left_3", { xyz: [0.35, 0, 0], axis: Y })}
  ${link("left_4", 1)}${joint("left_j4", "left_3", "left_4", { xyz: [0.3, 0, 0], axis: X })}
  ${link("left_5", 1)}${joint("left_j5", "left_4", "left_5", { xyz: [0.05, 0, 0], axis: Y })}
  ${link("left_6", 0.4)}${joint("left_j6", "left_5", "left_6", { xyz: [0.05, 0, 0], axis: X })}
  ${link("left_hand", 0.4, box([0.08, 0.1, 0.05], [0.04, 0, 0]))}
  ${joint("left_flange", "left_6", "left_hand", { type: "fixed", xyz: [0.02, 0, 0] })}
  ${link("left_finger_a", 0.03, box([0.05, 0.01, 0.02], [0.03, 0.005, 0]))}
  ${joint("left_slide_a", "left_hand", "left_finger_a", { type: "prismatic", xyz: [0.08, 0, 0], axis: Y, limits: [0, 0.04], effort: 40 })}
  ${link("left_finger_b", 0.03, box([0.05, 0.01, 0.02], [0.03, -0.005, 0]))}
  ${joint("left_slide_b", "left_hand", "left_finger_b", { type: "prismatic", xyz: [0.08, 0, 0], axis: [0, -1, 0], limits: [0, 0.04], effort: 40, mimic: "left_slide_a" })}
  ${link("right_1", 3)}${joint("right_j1", "torso", "right_1", { xyz: SHOULDERS.right })}
  ${link("right_2", 3, bar(0.35))}${joint("right_j2", "right_1", "right_2", { axis: Y })}
  ${link("right_3", 2, bar(0.3))}${joint("right_j3", "right_2", "right_3", { xyz: [0.35, 0, 0], axis: Y })}
  ${link("right_4", 0.5, box([0.1, 0.03, 0.03], [0.05, 0, 0]))}${joint("right_j4", "right_3", "right_4", { xyz: [0.3, 0, 0], axis: Y })}
  ${link("right_5", 0.3)}${joint("right_j5", "right_4", "right_5", { xyz: [0.1, 0, 0], axis: X })}
</robot>`;
