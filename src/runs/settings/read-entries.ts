// The entries of a settings file, YAML or JSON, and the line of everything in it: data from anywhere, checked whole.
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { isPlain } from "../../env/settings/merge-config.js";
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";
import { isReadableVersion, VERSION } from "../../version.js";
import { showCommand } from "../command-names.js";
import { LARGEST, readWholeFile } from "../read-file.js";

type Plain = Readonly<Record<string, unknown>>;

/** What an entry of a settings file may be. */
export type EntryKind = keyof typeof EXPECTED;

/** What a settings file holds. */
export interface SettingsEntries {
  /** Its entries, each of its kind, but for the version that wrote it. */
  readonly data: Plain;
  /** Line of what stands at a path, for example "settings.gamma"; 1 is the first. */
  readonly lines: ReadonlyMap<string, number>;
}

/** Settings are three deep, cameras and robots a little more. */
const DEEPEST = 24;
const MOST_BRACKETS = 64;
/** Columns. */
const MOST_INDENT = 128;

/**
 * Read the entries of `file`, which may be those of `kinds`; `places` says where settings stand.
 *
 * Throws a UsageError that names the file and the line where it is no settings file, or has an entry that is not known or of another kind.
 */
export function readEntries(
  file: string,
  kinds: Readonly<Record<string, EntryKind>>,
  places: string,
): SettingsEntries {
  const { data, lines } = parseSettingsText(readWholeFile(file, LARGEST.settings).toString("utf8"), file);
  const at = (path: string) => `${file}:${lines.get(path)}`;
  for (const [name, value] of Object.entries(data)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) {
      const known = Object.keys(kinds);
      throw new UsageError(
        `${at(name)}: Unknown entry "${name}". ${didYouMean(name, known)}A settings file has: ${known.join(", ")}. ${places}`,
      );
    }
    if (!isOfKind(value, kind))
      throw new UsageError(`${at(name)}: "${name}" is ${shown(value)}, expected ${EXPECTED[kind]}.`);
  }
  const { armgym, ...entries } = data;
  if (armgym !== undefined && !isReadableVersion(armgym as string))
    throw new UsageError(
      `${at("armgym")}: it was written by armgym ${String(armgym)}, this is ${VERSION}. Run "npx armgym@${String(armgym)}", or write it again: ${showCommand(file)}`,
    );
  return { data: entries, lines };
}

/** Parse a text as plain data and the line of everything in it. */
function parseSettingsText(text: string, file: string): { data: Plain; lines: Map<string, number> } {
  const counter = new LineCounter();
  requireShallow(text, file);
  const document = parseDocument(text, {
    lineCounter: counter,
    schema: "core",
    // looked for below, in linear time
    uniqueKeys: false,
    // "silent" would keep a second document quiet
    logLevel: "error",
    prettyErrors: false,
  });
  const [mistake] = [...document.errors, ...document.warnings];
  if (mistake) {
    const { line } = counter.linePos(mistake.pos[0]);
    throw new UsageError(`${file}:${line}: ${mistake.message.split(/ at line |\n/)[0]}. ${MENDING}`);
  }
  const lines = new Map<string, number>();
  const { contents } = document;
  if (!isMap(contents)) {
    const kind = contents === null ? "nothing" : isSeq(contents) ? "a list" : "a text or a number";
    throw new UsageError(
      `${file} is no settings file: it holds ${kind}, expected settings by name. ${MENDING}`,
    );
  }
  const refuse = (node: ParsedNode, reason: string) =>
    new UsageError(`${file}:${counter.linePos(node.range[0]).line}: ${reason}`);
  const plainOf = (node: ParsedNode | null, path: string, depth: number): unknown => {
    if (node === null) return null;
    if (depth > DEEPEST) throw refuse(node, `what stands there is more than ${DEEPEST} deep. ${MENDING}`);
    if (isAlias(node))
      throw refuse(
        node,
        `*${node.source} stands for something else of the file, which is not taken. Write it out.`,
      );
    if (isMap(node)) return recordOf(node as YAMLMap.Parsed, path, depth);
    if (isSeq(node))
      return node.items.map((item, k) => plainOf(item as ParsedNode, `${path}.${k}`, depth + 1));
    const value: unknown = isScalar(node) ? node.value : undefined;
    if (value !== null && !["string", "number", "boolean"].includes(typeof value))
      throw refuse(node, "a number, a text, true, false or null is expected there.");
    return value;
  };
  const recordOf = (map: YAMLMap.Parsed, above: string, depth: number): Plain => {
    // it inherits nothing: in it "__proto__" is a name like any other, and an unknown setting
    const record = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of map.items) {
      if (!isScalar(key)) throw refuse(key, "a name is expected there, of letters. Put it in quotes.");
      const name = String(key.value);
      const path = above === "" ? name : `${above}.${name}`;
      if (name in record) throw refuse(key, `"${name}" stands there a second time. Leave one out.`);
      lines.set(path, counter.linePos(key.range[0]).line);
      record[name] = plainOf(value, path, depth + 1);
    }
    return record;
  };
  return { data: recordOf(contents as YAMLMap.Parsed, "", 0), lines };
}

/** Throw a UsageError before the parser, which calls itself at every level, meets brackets or indents that no settings need. */
function requireShallow(text: string, file: string): void {
  let depth = 0;
  for (const [k, line] of text.split("\n").entries()) {
    for (const letter of line) {
      if (letter === "[" || letter === "{") depth++;
      else if (letter === "]" || letter === "}") depth--;
      if (depth > MOST_BRACKETS) throw tooDeep(`${file}:${k + 1}`);
    }
    if (/^[\s?-]*/.exec(line)![0].length > MOST_INDENT) throw tooDeep(`${file}:${k + 1}`);
  }
}

function tooDeep(place: string): UsageError {
  return new UsageError(`${place}: what stands there is more than ${DEEPEST} deep. ${MENDING}`);
}

const MENDING = `Write one by: ${showCommand("FILE")}`;

const EXPECTED = {
  "a version": "the version of armgym that wrote it, in quotes",
  "a name": "a name",
  "a seed": "a whole number of at least 0, or a text",
  "a path": "a path",
  "settings by name": "settings by name",
} as const;

function isOfKind(value: unknown, kind: EntryKind): boolean {
  if (kind === "settings by name") return isPlain(value);
  if (kind === "a seed" && typeof value === "number") return Number.isSafeInteger(value) && value >= 0;
  return typeof value === "string" && value !== "";
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
