// The public API as text: every export of the package's entries with its type, read from the declarations that tsc writes.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseSync } from "vite";
import { ENTRIES } from "./rooms.js";

/** The committed report. */
export const REPORT = "test/tooling/api-report.md";

/** A declaration of an export. */
export interface Declared {
  /** The file that declares it, below dist/. */
  readonly file: string;
  /** Its documentation, without the marks of a comment; "" where it has none. */
  readonly docs: string;
  /** TypeScript, without comments. */
  readonly code: string;
  readonly kind: "class" | "function" | "interface" | "type" | "value";
  /** Fields of an interface, a class or an object type without documentation of their own. */
  readonly undocumented: readonly string[];
}

/** Syntax trees have more than is looked at here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [name: string]: unknown;
}

interface Comment {
  readonly type: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

interface Parsed {
  readonly text: string;
  readonly body: readonly Node[];
  readonly comments: readonly Comment[];
}

const KINDS: Readonly<Record<string, Declared["kind"]>> = {
  ClassDeclaration: "class",
  FunctionDeclaration: "function",
  TSDeclareFunction: "function",
  TSInterfaceDeclaration: "interface",
  TSTypeAliasDeclaration: "type",
  VariableDeclaration: "value",
};

const parsed = new Map<string, Parsed>();

function parse(file: string): Parsed {
  const known = parsed.get(file);
  if (known) return known;
  const text = readFileSync(file, "utf8");
  const { program, comments } = parseSync(file, text);
  const result = { text, body: program.body as unknown as Node[], comments: comments as Comment[] };
  parsed.set(file, result);
  return result;
}

/** Return the entries that are built: "index", "nn" and, where there is one, "node". */
export function builtEntries(): readonly string[] {
  return ENTRIES.filter((entry) => existsSync(`dist/src/${entry}.d.ts`));
}

/** Return every export of an entry by its name. */
export function exportsOf(entry: string): ReadonlyMap<string, Declared> {
  const file = `dist/src/${entry}.d.ts`;
  const names = parse(file).body.flatMap((node) =>
    node.type === "ExportNamedDeclaration"
      ? (node.specifiers as Node[]).map((one) => nameOf(one.exported))
      : [],
  );
  const declared = names.sort().map((name) => [name, declarationOf(file, name)] as const);
  return new Map(declared);
}

function declarationOf(file: string, name: string): Declared {
  const { body } = parse(file);
  for (const node of body) {
    if (node.type !== "ExportNamedDeclaration") continue;
    const specifier = (node.specifiers as Node[]).find((one) => nameOf(one.exported) === name);
    if (!specifier) continue;
    const local = nameOf(specifier.local);
    const source = node.source as Node | null;
    if (!source) return declaredIn(file, local);
    return declarationOf(join(dirname(file), String(source.value).replace(/\.js$/, ".d.ts")), local);
  }
  return declaredIn(file, name);
}

function declaredIn(file: string, name: string): Declared {
  const { body, text, comments } = parse(file);
  const found = body.filter((node) => namesOf(inner(node)).includes(name));
  const [first] = found;
  if (!first) throw new Error(`${file} declares no ${name}`);
  const code = found.map((node) => withoutComments(text.slice(node.start, node.end), node.start, comments));
  return {
    file,
    docs: docsBefore(first.start, text, comments) ?? "",
    code: code.join("\n"),
    kind: KINDS[inner(first).type]!,
    undocumented: found.flatMap((node) => undocumentedFields(inner(node), text, comments)),
  };
}

function inner(node: Node): Node {
  return (node.type === "ExportNamedDeclaration" && (node.declaration as Node | null)) || node;
}

function namesOf(node: Node): string[] {
  if (node.type === "VariableDeclaration") return (node.declarations as Node[]).map(({ id }) => nameOf(id));
  return node.id ? [nameOf(node.id)] : [];
}

function nameOf(node: unknown): string {
  const { name, value } = node as { readonly name?: string; readonly value?: string };
  return name ?? value ?? "";
}

/** The documentation comment that ends right before `start`. */
function docsBefore(start: number, text: string, comments: readonly Comment[]): string | undefined {
  const comment = comments.findLast(({ end }) => end <= start);
  if (!comment?.value.startsWith("*") || text.slice(comment.end, start).trim() !== "") return undefined;
  return comment.value
    .slice(1)
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, ""))
    .join("\n")
    .trim();
}

function withoutComments(text: string, offset: number, comments: readonly Comment[]): string {
  let code = text;
  for (const { start, end } of comments.toReversed()) {
    if (start < offset || end > offset + text.length) continue;
    code = code.slice(0, start - offset) + code.slice(end - offset);
  }
  return code.replace(/\n\s*(?=\n)/g, "").replace(/^export (declare )?/, "");
}

/** Name the fields of an interface or a class that no comment stands before; what is nested in one is its comment's to tell. */
function undocumentedFields(node: Node, text: string, comments: readonly Comment[]): string[] {
  if (node.type !== "TSInterfaceDeclaration" && node.type !== "ClassDeclaration") return [];
  return (node.body as { readonly body: readonly Node[] }).body
    .filter(({ type }) => type === "TSPropertySignature" || type === "PropertyDefinition")
    .filter(({ accessibility }) => accessibility !== "private")
    .filter(({ start }) => docsBefore(start, text, comments) === undefined)
    .map(({ key }) => nameOf(key));
}

/** Write the report: by entry and name, each export as TypeScript. */
export function apiReport(): string {
  const sections = builtEntries().map((entry) => {
    const all = [...exportsOf(entry)].map(([name, { code }]) => `### ${name}\n\n\`\`\`ts\n${code}\n\`\`\`\n`);
    return `## ${entry === "index" ? "armgym" : `armgym/${entry}`}\n\n${all.join("\n")}`;
  });
  return `# Public API\n\nWritten by \`npm run api\`. A change here is a change of what users program against.\n\n${sections.join("\n")}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeFileSync(REPORT, apiReport());
