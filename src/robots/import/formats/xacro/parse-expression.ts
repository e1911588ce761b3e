// Python expressions as xacro files have them, as trees: what is not of the subset is refused by name.
import type { Value } from "./python-values.js";

/** An expression. */
export type Expression =
  | { readonly type: "value"; readonly value: Value }
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "list"; readonly items: readonly Expression[] }
  | {
      readonly type: "unary";
      readonly operator: "-" | "+" | "not";
      readonly operand: Expression;
    }
  | {
      /** Arithmetic, "and" and "or". */
      readonly type: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      /** a < b <= c holds where both comparisons do. */
      readonly type: "comparison";
      readonly first: Expression;
      readonly rest: readonly { readonly operator: string; readonly operand: Expression }[];
    }
  | {
      readonly type: "choice";
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | {
      readonly type: "call";
      readonly callee: Expression;
      readonly args: readonly Expression[];
      readonly named: ReadonlyMap<string, Expression>;
    }
  | { readonly type: "index"; readonly of: Expression; readonly index: Expression }
  | {
      readonly type: "slice";
      readonly of: Expression;
      readonly from?: Expression;
      readonly to?: Expression;
    }
  | { readonly type: "attribute"; readonly of: Expression; readonly name: string };

interface Token {
  readonly kind: "number" | "text" | "name" | "sign" | "end";
  readonly text: string;
}

const TOKEN =
  /\s*(?:((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([\p{L}_][\p{L}\p{N}_]*)|(\*\*|\/\/|[=!<>]=|[-+*/%<>()[\]{},:.=]))/uy;
const COMPARISONS = ["==", "!=", "<", "<=", ">", ">=", "in", "is"];
const RESERVED = new Set("and or not in is if else for lambda while def class import from".split(" "));
const CONSTANTS = new Map<string, Value>([
  ["True", true],
  ["False", false],
  ["None", null],
]);
/** How deep expressions may nest, and how long they may be. */
const MOST_DEPTH = 60;
const MOST_LENGTH = 4000;

/** Parse `text`; throws an Error that says what is not understood. */
export function parseExpression(text: string): Expression {
  if (text.length > MOST_LENGTH) throw new Error(`an expression of ${text.length} characters is too long`);
  return new ExpressionParser(tokensOf(text)).parse();
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(trimmed);
    if (!found) throw new Error(`"${trimmed.slice(at).trim()[0]}" is not understood`);
    const [, number, quoted, name, sign] = found;
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (quoted !== undefined) tokens.push({ kind: "text", text: unquoted(quoted) });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else tokens.push({ kind: "sign", text: sign! });
  }
  return [...tokens, { kind: "end", text: "the end" }];
}

function unquoted(text: string): string {
  const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", "\\": "\\", "'": "'", '"': '"' };
  return text.slice(1, -1).replaceAll(/\\(.)/gs, (whole, letter: string) => escapes[letter] ?? whole);
}

class ExpressionParser {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  parse(): Expression {
    const first = this.choice();
    // a tuple without parentheses
    const result = this.isNext(",") ? this.list(first, "the end") : first;
    if (this.next.kind !== "end") throw new Error(`"${this.next.text}" is not expected there`);
    return result;
  }

  private get next(): Token {
    return this.tokens[this.at]!;
  }

  /** Whether a sign or a word comes next. */
  private isNext(text: string): boolean {
    const { kind, text: got } = this.next;
    return (kind === "sign" || kind === "name" || kind === "end") && got === text;
  }

  private take(text: string): boolean {
    if (!this.isNext(text)) return false;
    this.at += 1;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw new Error(`expected "${text}", got "${this.next.text}"`);
  }

  private choice(): Expression {
    this.depth += 1;
    if (this.depth > MOST_DEPTH) throw new Error(`it nests more than ${MOST_DEPTH} deep`);
    const then = this.either();
    let result = then;
    if (this.take("if")) {
      const condition = this.either();
      this.expect("else");
      result = { type: "choice", condition, then, otherwise: this.choice() };
    }
    this.depth -= 1;
    return result;
  }

  private either(): Expression {
    return this.chain(["or"], () => this.chain(["and"], () => this.negation()));
  }

  /** Operators of one rank, from left to right. */
  private chain(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = operators.find((candidate) => this.isNext(candidate));
      if (operator === undefined) return left;
      this.at += 1;
      left = { type: "binary", operator, left, right: operand() };
    }
  }

  private negation(): Expression {
    let count = 0;
    while (this.take("not")) count += 1;
    let result = this.comparison();
    for (; count > 0; count--) result = { type: "unary", operator: "not", operand: result };
    return result;
  }

  private comparison(): Expression {
    const first = this.sum();
    const rest: { operator: string; operand: Expression }[] = [];
    for (;;) {
      const negated = this.isNext("not");
      if (negated) this.at += 1;
      const operator = COMPARISONS.find((candidate) => this.isNext(candidate));
      if (operator === undefined || (negated && operator !== "in")) break;
      this.at += 1;
      const isNot = operator === "is" && this.take("not");
      rest.push({ operator: negated || isNot ? `not ${operator}` : operator, operand: this.sum() });
    }
    return rest.length === 0 ? first : { type: "comparison", first, rest };
  }

  private sum(): Expression {
    return this.chain(["+", "-"], () => this.chain(["*", "/", "//", "%"], () => this.factor()));
  }

  private factor(): Expression {
    let sign: "+" | "-" = "+";
    let count = 0;
    for (; this.isNext("-") || this.isNext("+"); count++) {
      if (this.next.text === "-") sign = sign === "+" ? "-" : "+";
      this.at += 1;
    }
    let operand = this.postfix();
    if (this.take("**")) operand = { type: "binary", operator: "**", left: operand, right: this.factor() };
    return count > 0 ? { type: "unary", operator: sign, operand } : operand;
  }

  private postfix(): Expression {
    let result = this.atom();
    for (;;) {
      if (this.take("(")) result = this.call(result);
      else if (this.take("[")) result = this.index(result);
      else if (this.take(".")) result = { type: "attribute", of: result, name: this.name() };
      else return result;
    }
  }

  private call(callee: Expression): Expression {
    const args: Expression[] = [];
    const named = new Map<string, Expression>();
    while (!this.take(")")) {
      const follower = this.tokens[this.at + 1];
      if (this.next.kind === "name" && follower?.kind === "sign" && follower.text === "=") {
        const name = this.name();
        this.at += 1;
        named.set(name, this.choice());
      } else args.push(this.choice());
      if (!this.take(",") && !this.isNext(")")) this.expect(")");
    }
    return { type: "call", callee, args, named };
  }

  private index(of: Expression): Expression {
    const from = this.isNext(":") ? undefined : this.choice();
    if (!this.take(":")) {
      this.expect("]");
      return { type: "index", of, index: from! };
    }
    const to = this.isNext("]") ? undefined : this.choice();
    this.expect("]");
    return { type: "slice", of, ...(from ? { from } : {}), ...(to ? { to } : {}) };
  }

  private name(): string {
    const { kind, text } = this.next;
    if (kind !== "name" || RESERVED.has(text)) throw new Error(`expected a name, got "${text}"`);
    this.at += 1;
    return text;
  }

  private atom(): Expression {
    const { kind, text } = this.next;
    if (kind === "number") {
      this.at += 1;
      return { type: "value", value: /^\d+$/.test(text) ? BigInt(text) : Number(text) };
    }
    if (kind === "text") {
      let value = "";
      for (; this.next.kind === "text"; this.at++) value += this.next.text;
      return { type: "value", value };
    }
    if (this.take("[")) return this.list(undefined, "]");
    if (this.take("(")) {
      if (this.isNext(")")) return this.list(undefined, ")");
      const first = this.choice();
      if (this.isNext(",")) return this.list(first, ")");
      this.expect(")");
      return first;
    }
    if (kind !== "name" || RESERVED.has(text)) throw new Error(`"${text}" is not understood there`);
    this.at += 1;
    return CONSTANTS.has(text)
      ? { type: "value", value: CONSTANTS.get(text)! }
      : { type: "name", name: text };
  }

  /** The rest of a list whose first item may have been read, up to `end`. */
  private list(first: Expression | undefined, end: string): Expression {
    const items = first ? [first] : [];
    if (first && !this.isNext(end)) this.expect(",");
    while (!this.isNext(end)) {
      items.push(this.choice());
      if (!this.isNext(end)) this.expect(",");
    }
    if (end !== "the end") this.at += 1;
    return { type: "list", items };
  }
}
