// <include> elements are replaced by what their files hold.
import { UsageError } from "../../../../math/usage-error.js";
import type { ReadFile } from "../../geometry/triangle-mesh.js";
import { decodeText } from "../decode-text.js";
import { parseXml, type XmlElement } from "../xml.js";
import { mistake, textOf } from "../xml-values.js";

/** Most files that a description is put together from: each costs a read. */
const MAX_FILES = 200;
/** Most elements of all files together. */
const MAX_ELEMENTS = 200_000;

/**
 * Return the document `root` with everything that it includes; `readFile` reads names relative to the folder of its file.
 *
 * As in MuJoCo a path is relative to the folder of the main file, or else of the file that includes; a file is included once only.
 * Throws a UsageError where a file is missing, comes twice or includes itself.
 */
export function withIncludes(root: XmlElement, readFile: ReadFile): XmlElement {
  return new Includer(readFile).expand(root, "");
}

class Includer {
  private readonly readFile: ReadFile;
  /** Line of the main file that brings in what is read, while it is not the main file itself. */
  private mainLine: number | undefined;
  private readonly included = new Map<string, XmlElement>();
  private numElements = 0;

  constructor(readFile: ReadFile) {
    this.readFile = readFile;
  }

  /** Return `element` without includes; `folder` is that of its file, relative to the main file's. */
  expand(element: XmlElement, folder: string): XmlElement {
    this.numElements += 1;
    if (this.numElements > MAX_ELEMENTS) {
      throw mistake(element, `more than ${MAX_ELEMENTS} elements: no robot description has so many`);
    }
    const children: XmlElement[] = [];
    for (const child of element.children) {
      if (child.name === "include") children.push(...this.include(child, folder));
      else children.push(this.expand(child, folder));
    }
    return { ...element, children, ...(this.mainLine === undefined ? {} : { mainLine: this.mainLine }) };
  }

  private include(element: XmlElement, folder: string): readonly XmlElement[] {
    const name = textOf(element, "file").replaceAll("\\", "/");
    const beside = plainPath(`${folder}/${name}`);
    const fromMain = plainPath(name);
    const content = this.readFile(fromMain);
    const path = content === undefined ? beside : fromMain;
    const earlier = this.included.get(path);
    if (earlier) {
      throw mistake(
        element,
        `${name} is included already, in ${earlier.file}:${earlier.line}; a file is included once`,
      );
    }
    if (this.included.size >= MAX_FILES) throw mistake(element, `more than ${MAX_FILES} files are included`);
    this.included.set(path, element);
    const bytes = content ?? (beside === fromMain ? undefined : this.readFile(beside));
    if (bytes === undefined) {
      throw new UsageError(
        `${element.file}:${element.line}: the included file ${name} is not found. Put it there, or take the <include> out.`,
      );
    }
    const outer = this.mainLine;
    this.mainLine ??= element.line;
    const { children } = this.expand(
      parseXml(decodeText(bytes, path), path),
      path.split("/").slice(0, -1).join("/"),
    );
    this.mainLine = outer;
    return children;
  }
}

/** A relative path without "." and with ".." only where it leads out. */
export function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return (path.startsWith("/") ? "/" : "") + parts.join("/");
}
