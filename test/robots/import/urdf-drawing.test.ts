import { expect, test } from "vitest";
import { drawUrdf } from "../../../src/robots/import/urdf-drawing.js";

const ARM = `<?xml version="1.0"?>
<robot name="crane">
  <material name="orange"><color rgba="1 0.5 0 1"/></material>
  <link name="base">
    <visual>
      <origin xyz="0 0 0.25" rpy="1.5707963267948966 0 0"/>
      <geometry><cylinder radius="0.1" length="0.5"/></geometry>
      <material name="orange"/>
    </visual>
  </link>
  <link name="upper"><visual><geometry><box size="2 0.1 0.2"/></geometry><material name="own"><color rgba="0 0 1 0.5"/></material></visual></link>
  <link name="carriage"><collision><geometry><sphere radius="0.3"/></geometry></collision></link>
  <link name="follower"/>
  <joint name="turn" type="continuous">
    <parent link="base"/><child link="upper"/><origin xyz="0 0 0.5" rpy="0 0 1.5707963267948966"/><axis xyz="0 0 2"/>
  </joint>
  <joint name="slide" type="prismatic">
    <parent link="upper"/><child link="carriage"/><origin xyz="1 0 0"/><axis xyz="1 0 0"/>
    <limit lower="-0.5" upper="0.5" effort="0" velocity="0"/>
  </joint>
  <joint name="follow" type="prismatic">
    <parent link="upper"/><child link="follower"/><origin xyz="0 2 0"/><axis xyz="0 0 1"/>
    <mimic joint="slide" multiplier="-2" offset="0.1"/>
  </joint>
</robot>`;

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 9));

/** Positions of the links of `ARM` at joint positions. */
function placesAt(positions: Readonly<Record<string, number>>): number[][] {
  const poses = drawUrdf(ARM, "crane.urdf").posesAt(new Map(Object.entries(positions)));
  return [0, 1, 2, 3].map((link) => poses.slice(7 * link, 7 * link + 3));
}

test("links are where their joints put them, from the root on; a follower moves as its leader does", () => {
  // a quarter turn by the joint's origin and another by the joint: x and y of the upper link are turned round
  expect(placesAt({ turn: Math.PI / 2, slide: 0.25 })).toEqual([
    [0, 0, 0],
    near([0, 0, 0.5]),
    near([-1.25, 0, 0.5]),
    near([0, -2, 0.5 - 2 * 0.25 + 0.1]),
  ]);
  // nothing is known: all joints at 0, the follower at its offset; a position of its own goes above that
  expect(placesAt({})[3]).toEqual(near([-2, 0, 0.6]));
  expect(placesAt({ follow: 0.3 })[3]).toEqual(near([-2, 0, 0.8]));
  const poses = drawUrdf(ARM, "crane.urdf").posesAt(new Map([["turn", Math.PI / 2]]));
  expect(poses.slice(10, 14)).toEqual(near([0, 0, 1, 0]));
});

test("links are drawn as their visual shapes, else as their collision shapes, in the colours of their materials", () => {
  const { name, entities, joints, notes } = drawUrdf(ARM, "crane.urdf");
  expect(name).toBe("crane");
  expect(joints.map(({ name: joint, limits }) => [joint, limits])).toEqual([
    ["turn", undefined],
    ["slide", [-0.5, 0.5]],
  ]);
  expect(notes).toEqual([]);
  const half = expect.closeTo(Math.SQRT1_2, 12);
  expect(entities).toEqual([
    {
      id: "base",
      kind: "link",
      shapes: [
        {
          ...{ type: "cylinder", radius: 0.1, length: 0.5, position: [0, 0, 0.25] },
          ...{ quaternion: [half, 0, 0, half], color: [1, 0.5, 0, 1] },
        },
      ],
    },
    {
      id: "upper",
      kind: "link",
      shapes: [expect.objectContaining({ type: "box", size: [2, 0.1, 0.2], color: [0, 0, 1, 0.5] })],
    },
    { id: "carriage", kind: "link", shapes: [expect.objectContaining({ type: "sphere", radius: 0.3 })] },
    { id: "follower", kind: "link", shapes: [] },
  ]);
});

test("links that are meshes, which lie in other files, are drawn as tubes to their joints, and that is said", () => {
  const mesh = ARM.replace('<box size="2 0.1 0.2"/>', '<mesh filename="package://crane/upper.stl"/>');
  const { entities, notes } = drawUrdf(mesh, "crane.urdf");
  const { shapes } = entities[1]!;
  expect(shapes.map(({ type, position }) => [type, position])).toEqual([
    ["sphere", [0, 0, 0]],
    ["capsule", [0.5, 0, 0]],
    ["capsule", [0, 1, 0]],
  ]);
  expect(notes).toEqual([
    "The robot description names mesh files for 1 of 4 links, which a recording does not hold: they are drawn as simple shapes.",
  ]);
});

test("a description without any shapes is drawn as tubes and joints", () => {
  const bare = ARM.replace(/<(visual|collision)>.*?<\/\1>/gs, "");
  const { entities } = drawUrdf(bare, "crane.urdf");
  expect(entities.map(({ shapes }) => shapes.length)).toEqual([2, 3, 1, 1]);
});

test.each([
  ["<robot", "<droid", "crane.urdf:2: the root is <droid>, expected <robot>."],
  ['radius="0.3"', 'radius="-1"', "crane.urdf:12: <sphere> has a size of -1 m, expected more than 0."],
  ['xyz="1 0 0"/><axis', 'xyz="1 0"/><axis', 'crane.urdf:18: xyz="1 0" of <origin> is not three numbers.'],
  [
    'type="continuous"',
    'type="screw"',
    'crane.urdf:14: joint "turn" is of type "screw"; known: revolute, continuous, prismatic, fixed, floating, planar.',
  ],
  [
    '<mimic joint="slide"',
    '<mimic joint="none"',
    'crane.urdf:21: joint "follow" mimics "none", which is not there.',
  ],
  [
    '<mimic joint="slide"',
    '<mimic joint="follow"',
    'crane.urdf:21: joint "follow" mimics joints that mimic one another.',
  ],
  [
    '<child link="carriage"/>',
    '<child link="cart"/>',
    'crane.urdf:17: joint "slide" names link "cart", which is not there.',
  ],
  ['<axis xyz="0 0 2"/>', '<axis xyz="0 0 0"/>', 'crane.urdf:15: the axis of joint "turn" is zero.'],
  ['<link name="follower"/>', '<link name="upper"/>', 'crane.urdf:13: there are two links "upper".'],
])("what is wrong in a description is said with its line: %s", (right, wrong, message) => {
  const text = ARM.replaceAll(right, wrong).replaceAll(right.replace("<", "</"), wrong.replace("<", "</"));
  expect(() => drawUrdf(text, "crane.urdf")).toThrow(message);
});
