// Texts of xacro files: ${expressions} and $(commands) in them become what they stand for.
import { optionText, UsageError } from "../../../../math/usage-error.js";
import { evaluateExpression, type Lookup } from "./evaluate-expression.js";
import { str, type Value } from "./python-values.js";

/** What texts are evaluated with. */
export interface TextContext {
  readonly lookup: Lookup;
  /** Arguments, as given or by default. */
  readonly args: ReadonlyMap<string, string>;
  /** Folder of the file that the text stands in, as part of a name. */
  readonly folder: string;
}

const PIECE = /\$\{([^}]*)(\}|$)|\$\(([^)]*)(\)|$)|\$+|[^$]+/g;
const MOST_LENGTH = 20_000;
const MOST_PIECES = 1000;

/** Evaluate `text`: a single expression keeps its type, everything else is a text. Throws an Error that says what is wrong. */
export function evaluateText(text: string, context: TextContext): Value {
  if (!text.includes("$")) return text;
  const values: Value[] = [];
  for (const { 0: piece, 1: expression, 2: brace, 3: command, 4: parenthesis, index } of text.matchAll(
    PIECE,
  )) {
    if (values.length >= MOST_PIECES) throw new Error("the text is too long");
    if (brace === "" || parenthesis === "") throw new Error(`"${piece.slice(0, 40)}" is never closed`);
    if (expression !== undefined) values.push(expressionValue(expression, context));
    else if (command !== undefined) values.push(commandValue(str(evaluateText(command, context)), context));
    else if (/^\$\$/.test(piece) && /[{(]/.test(text[index + piece.length] ?? ""))
      values.push(piece.slice(1));
    else values.push(piece);
  }
  if (values.length === 1) return values[0]!;
  const joined = values.map(str).join("");
  if (joined.length > MOST_LENGTH) throw new Error("the text is too long");
  // a mesh by the path of its package
  return joined.replaceAll("file://package://", "package://");
}

function expressionValue(text: string, context: TextContext): Value {
  const source = str(evaluateText(text, context));
  try {
    return evaluateExpression(source, context.lookup);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new Error(`\${${source.trim()}}: ${(error as Error).message}`);
  }
}

function commandValue(text: string, context: TextContext): Value {
  const [command = "", name = "", ...rest] = text.trim().split(/\s+/);
  switch (command) {
    case "arg": {
      const value = context.args.get(name);
      if (value !== undefined) return value;
      throw new Error(`the argument "${name}" has no value: ${optionText("arg", `${name}:=VALUE`)}`);
    }
    case "find":
      return `package://${name}`;
    case "dirname":
    case "cwd":
      return context.folder === "" ? "." : context.folder;
    case "optenv":
      return rest.join(" ");
    case "eval":
      return str(evaluateExpression(text.trim().slice("eval".length), argumentLookup(context)));
    case "env":
      throw new Error(`$(env ${name}) depends on the machine; write its value there`);
    default:
      throw new Error(`$(${text}) is not known`);
  }
}

/** In $(eval ...) arguments are names, of the type that they look like. */
function argumentLookup({ args, lookup }: TextContext): Lookup {
  const argument = (name: string) => {
    const value = args.get(name);
    return value === undefined ? undefined : typed(value);
  };
  return (name) => {
    if (name !== "arg") return argument(name) ?? lookup(name);
    return {
      kind: "function",
      call: ([asked]) => {
        const value = argument(str(asked ?? ""));
        if (value === undefined) throw new Error(`the argument "${str(asked ?? "")}" has no value`);
        return value;
      },
    };
  };
}

/** Return the number or truth value that a text is, or the text: quotes around it are taken off. */
export function typed(text: string): Value {
  if (/^'.*'$/s.test(text) && text.length >= 2) return text.slice(1, -1);
  if (/^\s*[+-]?\d{1,300}\s*$/.test(text)) return BigInt(text.trim().replace(/^\+/, ""));
  if (/^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/.test(text)) return Number(text);
  if (/^(true|True)$/.test(text)) return true;
  return /^(false|False)$/.test(text) ? false : text;
}
