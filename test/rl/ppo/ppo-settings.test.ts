import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PPO_DEFAULTS } from "../../../src/rl/ppo/ppo-settings.js";
import { requireSettingRanges, settingGroup } from "../../../src/rl/validate-settings.js";

/** The comment of each field, by group and name, as the source has them. */
function documentedFields(): Map<string, { group: string; text: string }> {
  const source = readFileSync("src/rl/ppo/ppo-settings.ts", "utf8");
  const fields = new Map<string, { group: string; text: string }>();
  for (const [, name, body] of source.matchAll(/export interface (\w+)Settings \{\n([\s\S]+?)\n\}/g))
    for (const [, text, field] of body!.matchAll(/\/\*\*([\s\S]*?)\*\/\s+readonly (\w+)/g))
      fields.set(field!, { group: name!.toLowerCase(), text: text!.replaceAll(/\s+\*?\s*/g, " ") });
  return fields;
}

test("each setting says its default, and stands in the group that it is listed under", () => {
  const fields = documentedFields();
  expect(fields.size).toBeGreaterThan(30);
  for (const [name, { group }] of fields) expect([name, settingGroup(name)]).toEqual([name, group]);
  for (const [name, value] of Object.entries(PPO_DEFAULTS)) {
    const { text } = fields.get(name)!;
    const numbers = [...text.matchAll(/default:? (-?[\d.,e-]*\d|true|false)/g)].map(([, found]) =>
      found!.replaceAll(",", ""),
    );
    if (typeof value === "number") expect([name, numbers.map(Number)]).toEqual([name, [value]]);
    if (typeof value === "boolean") expect([name, numbers]).toEqual([name, [String(value)]]);
    if (typeof value === "string")
      expect([name, text]).toEqual([name, expect.stringContaining(`"${value}" (the default)`)]);
  }
});

test("each setting of a bounded number says its greatest value, and one above that is refused", () => {
  const fields = documentedFields();
  const bounded = [...fields].flatMap(([name, { text }]) => {
    const most = /: (?:above )?-?[\d.]+(?:,| \([^)]*\))? (?:to|at most) ([\d.,e]*\d)/.exec(text)?.[1];
    return most === undefined ? [] : [[name, Number(most.replaceAll(",", ""))] as const];
  });
  expect(bounded.length).toBeGreaterThan(20);
  for (const [name, most] of bounded) {
    expect(() => requireSettingRanges({ [name]: most }), name).not.toThrow();
    expect(() => requireSettingRanges({ [name]: 2 * most }), name).toThrow(
      `Setting "${name}" is ${2 * most}`,
    );
  }
});
