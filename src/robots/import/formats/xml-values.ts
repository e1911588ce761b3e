// What elements hold: children, texts, numbers and vectors, every mistake told with its file and line.
import { UsageError } from "../../../math/usage-error.js";
import type { Vec3 } from "../../../math/vector.js";
import type { XmlElement } from "./xml.js";

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
/** Characters of a value that a message shows. */
const MOST_SHOWN = 100;
const INFINITE = /^[+-]?inf(inity)?$/i;

/** Return the error that says what is wrong with an element. */
export function mistake({ file, line }: XmlElement, message: string): UsageError {
  return new UsageError(`${file}:${line}: ${message}.`);
}

/** Line of the main file where an element stands, or where what brought it in stands. */
export function mainLine({ line, mainLine: main }: XmlElement): number {
  return main ?? line;
}

/** Return all children of a kind. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** Return the first child of a kind. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** Return the first child of a kind; throws where there is none. */
export function neededChild(element: XmlElement, name: string): XmlElement {
  const child = childOf(element, name);
  if (child) return child;
  throw mistake(element, `<${element.name}> lacks <${name}>`);
}

/** Read an attribute that is not empty; throws where it is. */
export function textOf(element: XmlElement, attribute: string): string {
  const value = element.attributes.get(attribute);
  if (value) return value;
  throw mistake(element, `<${element.name}> lacks ${attribute}`);
}

/** Read a number, which may be infinite where `infinite` says so; `fallback` where there is none. */
export function numberOf(
  element: XmlElement,
  attribute: string,
  { fallback, infinite = false }: { readonly fallback?: number; readonly infinite?: boolean } = {},
): number {
  const text = element.attributes.get(attribute);
  if (text === undefined && fallback !== undefined) return fallback;
  const value = toNumber(text ?? "");
  if (Number.isFinite(value) || (infinite && !Number.isNaN(value))) return value;
  throw mistake(
    element,
    text === undefined
      ? `<${element.name}> lacks ${attribute}`
      : `${attribute}="${shortened(text)}" of <${element.name}> is not a ${Number.isNaN(value) ? "" : "finite "}number${hint(text)}`,
  );
}

/** Read all numbers of an attribute, `count` where it is given; `fallback` where the attribute is missing. */
export function numbersOf(
  element: XmlElement,
  attribute: string,
  { count, fallback }: { readonly count?: number; readonly fallback?: readonly number[] } = {},
): readonly number[] {
  const text = element.attributes.get(attribute);
  if (text === undefined && fallback) return fallback;
  const values = (text ?? "").trim().split(/\s+/).map(toNumber);
  if (values.every(Number.isFinite) && (count === undefined || values.length === count)) return values;
  const expected = count === undefined ? "numbers" : `${COUNTS[count] ?? count} numbers`;
  throw mistake(
    element,
    `${attribute}="${shortened(text ?? "")}" of <${element.name}> is not ${expected}${hint(text)}`,
  );
}

const COUNTS: Readonly<Record<number, string>> = { 2: "two", 3: "three", 4: "four", 6: "six" };

/** Read three numbers; `fallback` where there are none. */
export function vectorOf(element: XmlElement, attribute: string, fallback?: Vec3): Vec3 {
  const [x, y, z] = numbersOf(element, attribute, { count: 3, ...(fallback ? { fallback } : {}) });
  return [x!, y!, z!];
}

/** Value of a number as XML files write them, ±Infinity for "inf"; NaN for everything else. */
export function toNumber(text: string): number {
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) return Number(trimmed);
  return INFINITE.test(trimmed) ? Infinity * (trimmed.startsWith("-") ? -1 : 1) : Number.NaN;
}

function shortened(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}

function hint(text: string | undefined): string {
  if (text?.includes("${")) return "; expand the xacro first: xacro robot.xacro > robot.urdf";
  if (text && /\d,\s*\d/.test(text)) return "; numbers have decimal points and are parted by blanks";
  return "";
}
