// What a YAML file holds, as values of expressions.
import { parse, type ScalarTag } from "yaml";
import { evaluateExpression } from "./evaluate-expression.js";
import { MATH } from "./python-functions.js";
import { numeric, type Value } from "./python-values.js";

const MOST_LENGTH = 2_000_000;
/** Units that xacro knows, in rad or m. */
const UNITS: Readonly<Record<string, number>> = {
  radians: 1,
  degrees: Math.PI / 180,
  meters: 1,
  millimeters: 0.001,
  foot: 0.3048,
  inches: 0.0254,
};
const UNIT_TAGS: ScalarTag[] = Object.entries(UNITS).map(([unit, factor]) => ({
  tag: `!${unit}`,
  resolve: (text) => {
    const number = numeric(evaluateExpression(text, (name) => MATH.get(name)));
    if (number === undefined) throw new Error(`!${unit} ${text} is no number`);
    return Number(number) * factor;
  },
}));

/** Words that Python's reader takes for truth values besides true and false. */
const WORDS: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:yes|Yes|YES|on|On|ON|no|No|NO|off|Off|OFF)$/,
  resolve: (text) => /^(?:yes|on)$/i.test(text),
};

/** Read the YAML in `text`; throws an Error that says what is wrong with it. */
export function yamlValues(text: string): Value {
  if (text.length > MOST_LENGTH) throw new Error(`it is larger than ${MOST_LENGTH / 1e6} MB`);
  return pythonValue(
    parse(text, {
      ...{ intAsBigInt: true, mapAsMap: true },
      // of two keys of a name the last one counts, as for Python's reader
      uniqueKeys: false,
      customTags: [...UNIT_TAGS, WORDS],
    }),
  );
}

function pythonValue(node: unknown): Value {
  if (Array.isArray(node)) return node.map(pythonValue);
  if (node instanceof Map)
    return new Map(
      [...(node as Map<unknown, unknown>)].map(([key, item]) => [pythonValue(key), pythonValue(item)]),
    );
  if (node === null || node === undefined) return null;
  if (["boolean", "bigint", "number", "string"].includes(typeof node)) return node as Value;
  return String(node);
}
