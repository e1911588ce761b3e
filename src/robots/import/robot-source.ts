// Robot data as the text of a TypeScript module.
import type { RobotModel } from "../models/robot-model.js";

const LINE_WIDTH = 110;

/** A robot and the assumptions it rests on; `name`: what it is called in a cell of several. */
export interface WrittenRobot {
  readonly name: string;
  readonly robot: RobotModel;
  readonly assumptions: readonly string[];
}

/** Write a module that exports the robots, their assumptions above them; of several also `robots`, the setting of a cell that holds them all. */
export function robotsSource(written: readonly WrittenRobot[]): string {
  const several = written.length > 1;
  return [
    ...written.flatMap(({ robot, assumptions }) => [
      `// ${oneLine(robot.title)}, made by "armgym import". What the URDF did not say was assumed:`,
      ...assumptions.map((assumption) => `// - ${oneLine(assumption)}`),
    ]),
    `import type { ${several ? "CellRobot, " : ""}RobotModel } from "armgym";`,
    "",
    ...written.flatMap(({ robot }) => [
      `export const ${variable(robot)}: RobotModel = ${write(robot, "")};`,
      "",
    ]),
    ...(several
      ? [
          "/** All of them in one cell: new RobotCell({ ...config, robots }). */",
          "export const robots: readonly CellRobot[] = [",
          ...written.map(
            ({ name, robot }) =>
              `  { name: ${JSON.stringify(name)}, robot: JSON.stringify(${variable(robot)}) },`,
          ),
          "];",
          "",
        ]
      : []),
  ].join("\n");
}

function variable({ id }: RobotModel): string {
  const words = id.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const camel = words.map((word, k) => (k === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join("");
  return /^[A-Za-z]/.test(camel) ? camel : `robot${camel}`;
}

function write(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const entries = isList
    ? value.map((item) => write(item, inner))
    : Object.entries(value).map(([key, item]) => `${property(key)}: ${write(item, inner)}`);
  const [open, close] = isList ? ["[", "]"] : ["{ ", " }"];
  const line = `${open}${entries.join(", ")}${close}`;
  if (entries.length === 0) return isList ? "[]" : "{}";
  if (!line.includes("\n") && indent.length + line.length < LINE_WIDTH - 20) return line;
  return `${open.trim()}\n${entries.map((entry) => `${inner}${entry},\n`).join("")}${indent}${close.trim()}`;
}

function property(key: string): string {
  // what stands there by its plain name becomes no property
  if (key === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

/** Names of a file must not break out of the comment. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]+/g, " ");
}
