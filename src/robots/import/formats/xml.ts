// XML as robot files write it: elements, attributes and text, each with its place, and nothing of the outside.
import { UsageError } from "../../../math/usage-error.js";

/** An element, as plain data. */
export interface XmlElement {
  /** With its prefix, which need not be declared: "link", "xacro:macro". */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly inside it, one piece after the other; empty where there is only white space. */
  readonly text: string;
  /** Names the file in errors. */
  readonly file: string;
  /** Line of `file` that it begins in. */
  readonly line: number;
  /** Line of the main file that brought it in; missing where it stands there itself. */
  readonly mainLine?: number;
}

/** How large a document may be. */
export interface XmlLimits {
  /** Default 10 MB: a robot takes some 100 kB, its meshes lie in files of their own. */
  readonly maxLength?: number;
  /** Default 200,000. */
  readonly maxElements?: number;
}

/** Largest text that is read by default, bytes or characters. */
export const MAX_XML_LENGTH = 10_000_000;
const MAX_ELEMENTS = 200_000;
const MAX_DEPTH = 200;
const PREDEFINED = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

const NAME = /[^\s/<>="'&!?]+/y;
const ATTRIBUTE = /\s*([^\s/<>="'&]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;
const CLOSING_END = /\s*>/y;

/**
 * Parse `text` and return its root element; `file` names it in errors.
 *
 * What a strict parser refuses and the world writes is read: blanks before the declaration, comments that hold "--", prefixes that
 * are not declared, a document type without entities. Entities of the file's own are refused, and so is whatever else is not
 * well-formed: a UsageError that names the line.
 */
export function parseXml(text: string, file: string, limits: XmlLimits = {}): XmlElement {
  return new XmlParser(text, file, limits).parse();
}

/** An element while it is read. */
interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
  readonly file: string;
  readonly line: number;
}

class XmlParser {
  private readonly text: string;
  private readonly file: string;
  private readonly maxElements: number;
  private at = 0;
  private numElements = 0;
  private line = 1;
  /** Where that line ends; -1 where the text does. */
  private newline: number;
  private readonly open: Open[] = [];
  private root: XmlElement | undefined;

  constructor(text: string, file: string, { maxLength = MAX_XML_LENGTH, maxElements }: XmlLimits) {
    if (text.length > maxLength) {
      throw new UsageError(`${file} is larger than ${maxLength / 1e6} MB: no robot description is.`);
    }
    this.text = text;
    this.newline = text.indexOf("\n");
    this.file = file;
    this.maxElements = maxElements ?? MAX_ELEMENTS;
  }

  parse(): XmlElement {
    const { text } = this;
    for (;;) {
      const next = text.indexOf("<", this.at);
      this.characters(next < 0 ? text.length : next);
      if (next < 0) break;
      this.at = next;
      if (text.startsWith("<!--", next)) this.skipTo("-->", "a comment");
      else if (text.startsWith("<![CDATA[", next)) this.cdata();
      else if (text.startsWith("<?", next)) this.skipTo("?>", "a processing instruction");
      else if (text.startsWith("<!", next)) this.documentType();
      else if (text.startsWith("</", next)) this.closingTag();
      else this.openingTag();
    }
    const unclosed = this.open.at(-1);
    if (unclosed) throw this.mistake(`<${unclosed.name}> is never closed`, unclosed.line);
    if (this.root) return this.root;
    throw this.mistake("missing root element");
  }

  /** Text up to `end`. */
  private characters(end: number): void {
    const piece = this.text.slice(this.at, end);
    if (/^\s*$/.test(piece)) return;
    this.addText(this.decoded(piece));
  }

  private addText(piece: string): void {
    const parent = this.open.at(-1);
    if (!parent) throw this.mistake(`text outside of the root element: "${piece.trim().slice(0, 40)}"`);
    parent.text += piece;
  }

  private cdata(): void {
    const start = this.at + "<![CDATA[".length;
    const end = this.text.indexOf("]]>", start);
    if (end < 0) throw this.mistake("a CDATA section is never closed");
    this.addText(this.text.slice(start, end));
    this.at = end + 3;
  }

  private skipTo(end: string, what: string): void {
    const found = this.text.indexOf(end, this.at + 2);
    if (found < 0) throw this.mistake(`${what} is never closed`);
    this.at = found + end.length;
  }

  /** A document type is skipped; one that declares entities is refused: they can be made to grow without end. */
  private documentType(): void {
    const { text } = this;
    if (!/^<!DOCTYPE\s/i.test(text.slice(this.at, this.at + 10)))
      throw this.mistake("<! begins nothing known");
    const close = text.indexOf(">", this.at);
    const subset = text.indexOf("[", this.at);
    const end = subset >= 0 && subset < close ? text.indexOf("]", subset) : close;
    const finish = text.indexOf(">", end);
    if (end < 0 || finish < 0) throw this.mistake("a document type is never closed");
    const entity = text.slice(this.at, finish).search(/<!ENTITY/i);
    if (entity >= 0) {
      this.at += entity;
      throw new UsageError(
        `${this.file}:${this.lineHere()}: <!ENTITY is refused: a robot description needs no entities of its own. ` +
          "Write their values in their places.",
      );
    }
    this.at = finish + 1;
  }

  private openingTag(): void {
    const line = this.lineHere();
    this.at += 1;
    const name = this.match(NAME)?.[0];
    if (name === undefined) throw this.mistake('a "<" begins no tag; write &lt; for the character');
    if (this.root && this.open.length === 0) throw this.mistake(`<${name}> is a second root element`);
    this.numElements += 1;
    if (this.numElements > this.maxElements) {
      throw new UsageError(
        `${this.file}:${line}: more than ${this.maxElements} elements: no robot description has so many.`,
      );
    }
    if (this.open.length >= MAX_DEPTH)
      throw this.mistake(`elements lie more than ${MAX_DEPTH} deep in each other`);
    const attributes = new Map<string, string>();
    for (let found = this.match(ATTRIBUTE); found; found = this.match(ATTRIBUTE)) {
      const [, key, double, single] = found;
      if (attributes.has(key!)) throw this.mistake(`<${name}> has the attribute ${key} twice`);
      attributes.set(key!, this.decoded((double ?? single)!));
    }
    const end = this.match(TAG_END);
    if (!end) {
      const rest = this.text.slice(this.at, this.at + 30).trim();
      throw this.mistake(`<${name}> is not a tag with attributes in quotes; it goes on with: ${rest}`);
    }
    const element: Open = { name, attributes, children: [], text: "", file: this.file, line };
    this.open.push(element);
    if (end[1]) this.close();
  }

  private closingTag(): void {
    this.at += 2;
    const name = this.match(NAME)?.[0] ?? "";
    const opened = this.open.at(-1);
    if (opened?.name !== name) {
      const expected = opened ? `</${opened.name}> of line ${opened.line}` : "none";
      throw this.mistake(`</${name}> closes nothing, expected ${expected}`);
    }
    if (!this.match(CLOSING_END)) throw this.mistake(`</${name} has no ">"`);
    this.close();
  }

  private close(): void {
    const element = this.open.pop()!;
    const parent = this.open.at(-1);
    if (parent) parent.children.push(element);
    else this.root = element;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text) ?? undefined;
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  private decoded(piece: string): string {
    if (!piece.includes("&")) return piece;
    return piece.replaceAll(/&([^;\s&]{0,40});?/g, (whole, name: string) => {
      const code = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(name);
      const point = code ? Number.parseInt(code[1] ?? code[2]!, code[1] ? 16 : 10) : 0;
      const character = code && point <= 0x10ffff ? String.fromCodePoint(point) : PREDEFINED.get(name);
      if (character !== undefined && whole.endsWith(";")) return character;
      throw this.mistake(`${whole} is no known entity; write &amp; for the character &`);
    });
  }

  /** Line of where the reader is; it only goes forward. */
  private lineHere(): number {
    for (; this.newline >= 0 && this.newline < this.at; this.line++)
      this.newline = this.text.indexOf("\n", this.newline + 1);
    return this.line;
  }

  private mistake(message: string, line = this.lineHere()): UsageError {
    return new UsageError(`${this.file}:${line}: not well-formed XML: ${message}.`);
  }
}
