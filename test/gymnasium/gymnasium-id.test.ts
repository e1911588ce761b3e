import { expect, test } from "vitest";
import { isGymnasiumName, ownPythonModule, parseGymnasiumName } from "../../src/gymnasium/gymnasium-id.js";

test("a name is an id, or a module and an id", () => {
  expect(parseGymnasiumName("gym:Reacher-v5")).toEqual({ id: "Reacher-v5" });
  expect(parseGymnasiumName("gym:my.envs:lab/Reach-v0")).toEqual({ module: "my.envs", id: "lab/Reach-v0" });
  expect(isGymnasiumName("Reach-v1")).toBe(false);
});

test.each(["gym:", "gym:a:b:C-v1", "gym:../evil:C-v1", "gym:a b", "gym:os;x:C-v1", "Reach-v1"])(
  "%s names nothing",
  (name) => {
    expect(() => parseGymnasiumName(name)).toThrow(
      `"${name}" names no environment of Gymnasium. Expected gym:Id, or gym:module:Id where a Python module registers it: gym:Reacher-v5, gym:panda_gym:PandaReachDense-v3.`,
    );
  },
);

test("modules of the user's own are told from packages that are known", () => {
  expect(ownPythonModule("gym:Reacher-v5")).toBeUndefined();
  expect(ownPythonModule("gym:panda_gym:PandaReach-v3")).toBeUndefined();
  expect(ownPythonModule("gym:panda_gym.evil:PandaReach-v3")).toBe("panda_gym.evil");
  expect(ownPythonModule("gym:mine:Line-v0")).toBe("mine");
});
