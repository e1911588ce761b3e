import { expect, test } from "vitest";
import { envs } from "../../../envs/index.js";
import { deepFreeze, frozenCopy } from "../../../src/env/settings/plain-data.js";

/** Paths of all lists and records in `value` that somebody could change. */
function changeable(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  const inner = Object.entries(value).flatMap(([key, part]) => changeable(part, `${path}.${key}`));
  return Object.isFrozen(value) ? inner : [path, ...inner];
}

test.each(Object.values(envs).map((env) => [env.id, env] as const))(
  "%s hands out nothing by which a caller could change it or another environment",
  (_, factory) => {
    const { spec, observationSpace, actionSpace } = factory.create({
      observationMode: "camera+state",
      randomization: "default",
      visualRandomization: "default",
      curriculum: true,
    });
    const handed = { spec, observationSpace, actionSpace, defaults: factory.defaults };
    expect(Object.entries(handed).flatMap(([name, value]) => changeable(value, name))).toEqual([]);
    const config = spec.config as { solver: { iterations: number } };
    expect(() => {
      config.solver.iterations = 1;
    }).toThrow(TypeError);
  },
);

test("a frozen copy leaves the original as it was, and shares nothing with it but what is no plain data", () => {
  const array = new Float32Array(2);
  const original = { list: [{ a: 1 }], array };
  const copy = frozenCopy(original);
  original.list[0]!.a = 2;
  expect(copy).toEqual({ list: [{ a: 1 }], array });
  expect(copy.array).toBe(array);
  expect(deepFreeze(original)).toBe(original);
  expect(changeable(original, "original")).toEqual([]);
});
