import { describe, expect, test } from "vitest";
import { read, solid } from "./mjcf-text.js";

describe("actuators", () => {
  const robot = (actuators: string, more = "") =>
    read(
      `<mujoco><compiler angle="radian"/>${more}<worldbody><body name="base">
        <body name="a"><joint name="j1" range="-1 3"/>${solid}<body name="b">
          <joint name="j2" range="-2 1" actuatorfrcrange="-7 7"/>${solid}</body></body>
      </body></worldbody><actuator>${actuators}</actuator></mujoco>`,
    ).joints.filter(({ type }) => type !== "fixed");

  test("a position servo gives gains, effort and the range of its commands, its gear counted", () => {
    const [j1, j2] = robot(
      `<position joint="j1" kp="50" kv="3" gear="2" forcerange="-20 30" ctrlrange="-2 4"/>
       <general joint="j2" biastype="affine" gainprm="0.5" biasprm="1 -4 -0.5" ctrlrange="0 255" forcerange="-9 9"/>`,
    );
    expect(j1).toMatchObject({
      ...{ driven: true, effort: 60, servo: { stiffness: 200, damping: 12 }, command: [-1, 2] },
    });
    // length = (0.5 * control + 1) / 4; the joint takes 7 N m
    expect(j2).toMatchObject({ effort: 7, servo: { stiffness: 4, damping: 0.5 }, command: [0.25, 32.125] });
  });

  test("motors give effort by their range, defaults of every kind of actuator are shared", () => {
    const [j1, j2] = robot(
      '<motor class="big" joint="j1"/><position joint="j2" dampratio="0.7" inheritrange="0.5"/>',
      '<default><position kp="8"/><default class="big"><motor gear="10" ctrlrange="-1 2"/></default></default>',
    );
    expect(j1).toMatchObject({ driven: true, effort: 20 });
    expect(j1!.servo).toBeUndefined();
    expect(j2).toMatchObject({
      ...{ driven: true, effort: 7, command: [-1.25, 0.25] },
      servo: { stiffness: 8, damping: 0, dampingRatio: 0.7 },
    });
  });

  test("a joint that none drives is told", () => {
    const [j1, j2] = robot('<velocity joint="j2" kv="3" forcerange="-2 2"/>');
    expect(j1!.driven).toBe(false);
    expect(j2).toMatchObject({ driven: true, effort: 2 });
    expect(j2!.servo).toBeUndefined();
  });
});

describe("joints that move together", () => {
  const fingers = (more: string, ranges = ["0 0.04", "0 0.04"]) =>
    read(`<mujoco><worldbody><body name="hand">
        <body name="left"><joint name="l" type="slide" axis="0 1 0" range="${ranges[0]}"/>${solid}</body>
        <body name="right"><joint name="r" type="slide" axis="0 -1 0" range="${ranges[1]}" ref="0.01"/>${solid}</body>
      </body></worldbody>${more}</mujoco>`);
  const mimics = ({ joints }: ReturnType<typeof read>) =>
    Object.fromEntries(joints.flatMap(({ name, mimic }) => (mimic ? [[name, mimic]] : [])));

  test("an equality makes the driven joint lead, whichever is written first", () => {
    const equality = '<equality><joint joint1="l" joint2="r" polycoef="0.002 -0.5"/></equality>';
    // l = 0.002 - 0.5 (r - 0.01)
    const undriven = mimics(fingers(equality));
    expect(undriven.r).toMatchObject({ joint: "l", multiplier: -2 });
    expect(undriven.r!.offset).toBeCloseTo(0.014, 12);
    const driven = mimics(fingers(`${equality}<actuator><motor joint="r"/></actuator>`));
    expect(driven.l).toMatchObject({ joint: "r", multiplier: -0.5 });
    expect(driven.l!.offset).toBeCloseTo(0.007, 12);
  });

  test("a tendon that drives both adds up at the one that leads", () => {
    const { joints, notes } =
      fingers(`<tendon><fixed name="both"><joint joint="l" coef="0.5"/><joint joint="r" coef="0.25"/></fixed></tendon>
      <actuator><general tendon="both" biastype="affine" gainprm="0.016" biasprm="0 -80 -8" ctrlrange="0 200" forcerange="-40 40"/></actuator>`);
    const [l, r] = joints.slice(0, 2);
    // r - 0.01 = 0.5 l; length = 0.5 l + 0.25 r = 0.625 l + 0.0025
    expect(r!.mimic).toEqual({ joint: "l", multiplier: 0.5, offset: 0.01 });
    expect(l).toMatchObject({
      driven: true,
      effort: 25,
      servo: { stiffness: 80 * 0.625 ** 2, damping: 8 * 0.625 ** 2 },
    });
    expect(l!.command![0]).toBeCloseTo(-0.0025 / 0.625, 12);
    expect(l!.command![1]).toBeCloseTo((0.04 - 0.0025) / 0.625, 12);
    expect(notes).toContain(
      'joints "l" and "r" are driven together by the tendon "both": they move alike, 1 to 0.5',
    );
  });

  test("a tendon of constant length couples its two joints", () => {
    const { joints } =
      fingers(`<tendon><fixed name="t"><joint joint="l" coef="1"/><joint joint="r" coef="-2"/></fixed></tendon>
      <equality><tendon tendon1="t" polycoef="0.003"/></equality><actuator><motor joint="r"/></actuator>`);
    // l - 2 (r - 0.01) = 0.003
    expect(joints[0]!.mimic).toMatchObject({ joint: "r", multiplier: 2 });
    expect(joints[0]!.mimic!.offset).toBeCloseTo(-0.017, 12);
  });

  test("a joint that an equality holds is welded there", () => {
    const { joints, notes } = fingers('<equality><joint joint1="l" polycoef="0.03"/></equality>');
    expect(joints[0]).toMatchObject({ name: "left_fixed", type: "fixed", pose: { position: [0, 0.03, 0] } });
    expect(notes).toContain('joint "l" is held by a constraint: welded');
  });
});

describe("closed linkages", () => {
  // a four-bar on a base of 0.1 m: crank 0.05, coupler (leaf), rocker 0.05; a parallelogram where `base` is the coupler's length
  const linkage = (
    coupler: string,
    more = "",
  ) => `<mujoco><compiler angle="radian"/><worldbody><body name="base">
      <body name="crank"><joint name="drive" axis="0 1 0" range="-0.5 0.6"/>${solid}
        <body name="coupler" pos="0 0 0.05"><joint name="elbow" axis="0 1 0" ${coupler}/>${solid}</body></body>
      <body name="rocker" pos="0.1 0 0"><joint name="swing" axis="0 -1 0"/>${solid}
        <body name="finger" pos="0 0 0.05"><joint name="wrist" axis="0 1 0" ${more}/>${solid}</body></body>
    </body></worldbody>
    <equality><connect body1="coupler" body2="finger" anchor="0.1 0 0"/></equality>
    <actuator><position joint="drive" kp="5"/></actuator></mujoco>`;

  test("the passive joints of a parallelogram follow the driven one, one to one", () => {
    const { joints, notes } = read(linkage("", 'range="0 1"'));
    const mimics = Object.fromEntries(joints.flatMap(({ name, mimic }) => (mimic ? [[name, mimic]] : [])));
    expect(mimics.elbow).toEqual({ joint: "drive", multiplier: -1, offset: 0 });
    expect(mimics.swing).toEqual({ joint: "drive", multiplier: -1, offset: 0 });
    expect(joints.some(({ name }) => name === "wrist")).toBe(false);
    expect(notes).toContain(
      'the closed linkage of "drive", "elbow", "swing", "wrist" is driven by "drive": "elbow" follows it -1 to 1 (within 0 rad), ' +
        '"swing" follows it -1 to 1 (within 0 rad), "wrist" stays at its limit',
    );
  });

  test("one with more freedom than the driven joint takes is left open, with a word", () => {
    const { joints, notes } = read(linkage(""));
    expect(joints.some(({ mimic }) => mimic)).toBe(false);
    expect(notes).toContain(
      'the closed linkage of "drive", "elbow", "swing", "wrist" is left open: it has more freedom than one driven joint takes',
    );
  });
});
