import { expect, test } from "vitest";
import { evaluateExpression } from "../../../../../src/robots/import/formats/xacro/evaluate-expression.js";
import { BUILTINS, MATH } from "../../../../../src/robots/import/formats/xacro/python-functions.js";
import { str, type Value } from "../../../../../src/robots/import/formats/xacro/python-values.js";

const names = new Map<string, Value>([
  ["i", 2n],
  ["mass", 1.5],
  ["prefix", "left_"],
  ["sides", ["left", "right"]],
  ["limits", new Map<Value, Value>([["joint1", new Map<Value, Value>([["lower", -2.5]])]])],
  ["math", { kind: "namespace", get: (name: string) => MATH.get(name) }],
]);
const text = (source: string) =>
  str(evaluateExpression(source, (name) => names.get(name) ?? BUILTINS.get(name) ?? MATH.get(name)));

// what Python 3.11 prints for str() of each
test.each([
  ["1 + 2 * 3 - 4 / 2", "5.0"],
  ["7 // 2, -7 // 2, 7 % 3, -7 % 3, 7.5 // 2", "[3, -4, 1, 2, 3.0]"],
  ["-2 ** 2", "-4"],
  ["2 ** -1", "0.5"],
  ["2 ** 3 ** 2", "512"],
  ["- - 3", "3"],
  ["1e-7", "1e-07"],
  ["2.0", "2.0"],
  ["1e22", "1e+22"],
  ["0.1 + 0.2", "0.30000000000000004"],
  ["pi / 2", "1.5707963267948966"],
  ["math.sin(radians(90)) + math.cos(0)", "2.0"],
  [
    "round(2.5), round(3.5), round(2.345, 2), abs(-3), int('7') + int(2.9), float('1e3')",
    "[2, 4, 2.35, 3, 9, 1000.0]",
  ],
  ["min(3, 1.5), max([1, 4, 2]), sum([1, 2]), len(sides), floor(2.7)", "[1.5, 4, 3, 2, 2]"],
  ["'a' + \"b\" + str(1.0) + str(i)", "ab1.02"],
  ["'-' * 3", "---"],
  ["prefix + 'arm' if prefix else ''", "left_arm"],
  ["'' if prefix == 'left_' else 1 / 0", ""],
  ["1 < i <= 2 and not i == 3 or undefined", "True"],
  [
    "'left' in sides, 'up' not in sides, 'ef' in prefix, None is None, i is not 3",
    "[True, True, True, True, True]",
  ],
  ["sides[0] + sides[-1] + prefix[0:-1]", "leftrightleft"],
  ["limits['joint1']['lower'] * i", "-5.0"],
  ["limits.joint1.lower", "-2.5"],
  ["limits.get('joint9', 3)", "3"],
  ["dict(a=1, b=[2])", "{'a': 1, 'b': [2]}"],
  ["'a,b'.split(',')", "['a', 'b']"],
  ["'-'.join(['a', 'b']).upper().replace('-', '+')", "A+B"],
  ["[True, False, None]", "[True, False, None]"],
  ["range(1, 6, 2)", "[1, 3, 5]"],
  ["(1)", "1"],
  ["(1,)", "[1]"],
])("%s is %s", (source, expected) => {
  expect(text(source)).toBe(expected);
});

test.each([
  ["mas", '"mas" is not defined'],
  ["1 / 0", "division by zero"],
  ["'a' + 1", "str + int has no meaning"],
  ["sides[2]", "there is no item 2 among 2"],
  ["limits['joint2']", "there is no key 'joint2'; it has: 'joint1'"],
  ["limits.__class__", 'dict has no "__class__"'],
  ["prefix.format(1)", 'str has no "format"'],
  ["math.gamma(2)", '"gamma" is not known there'],
  ["sqrt(-1)", "sqrt() has no value there"],
  ["i(2)", "int cannot be called"],
  ["1 +", '"the end" is not understood there'],
  ["(1", 'expected ")", got "the end"'],
  ["1 2", '"2" is not expected there'],
  ["lambda: 1", '"lambda" is not understood there'],
  ["[x for x in sides]", 'expected ",", got "for"'],
  ["a = 1", '"=" is not expected there'],
  ["1 < 'a'", "int and str have no order"],
  ["#", '"#" is not understood'],
  ["9 ** 9 ** 9", "the number is too large"],
  ["'a' * 10 ** 9", "the result is too long"],
  ["range(10 ** 9)", "the range is too long"],
  ["(".repeat(70), "it nests more than 60 deep"],
  [`${"1+".repeat(3000)}1`, "an expression of 6001 characters is too long"],
])("%s is refused: %s", (source, message) => {
  expect(() => text(source)).toThrow(new Error(message));
});
