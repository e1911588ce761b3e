// Joints at their limits are named.
import { expect, test } from "vitest";
import { jointWarnings } from "../../../viewer/episodes/joint-warnings.js";

const header = {
  jointNames: ["shoulder", "elbow", "finger_joint1"],
  jointLimits: [
    [-2, 2],
    [0, 1],
    [0, 0.04],
  ] as [number, number][],
};

test("a joint is named where less than 3 % of its range is left; a gripper never is", () => {
  expect(jointWarnings(header, { jointPositions: [0, 0.5, 0] })).toBeUndefined();
  expect(jointWarnings(header, { jointPositions: [-1.89, 0.98, 0] })).toBe(
    "⚠ shoulder at its lower limit, elbow at its upper limit",
  );
});

test("old recordings, without limits, warn of nothing", () => {
  expect(jointWarnings({ jointNames: ["shoulder"] }, { jointPositions: [9] })).toBeUndefined();
});
