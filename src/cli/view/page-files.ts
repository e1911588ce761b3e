// The built viewer: its page with the token that this server gives it, and the files beside it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../../math/usage-error.js";
import { packed, sendBytes, takesGzip } from "./responses.js";

/** Folder of the built viewer. */
export const VIEWER_FOLDER = fileURLToPath(new URL("../../../viewer/", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".wasm": "application/wasm",
};

/** Answers with a file of the page where `path` is one; returns whether it is. */
export type PageFiles = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) => Promise<boolean>;

/** Throw a UsageError where the viewer was not built. */
export function requireViewer(): void {
  if (existsSync(join(VIEWER_FOLDER, "index.html"))) return;
  throw new UsageError(`The viewer is not built: ${VIEWER_FOLDER} is missing. Run "npm run build".`);
}

/** Serve the files that are there now and no others, each packed once; the page is given `token` where there is one. */
export function pageFiles(token: string | undefined): PageFiles {
  const paths = new Map<string, string>(
    readdirSync(VIEWER_FOLDER, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "index.html")
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => [`/${relative(VIEWER_FOLDER, file).replaceAll(sep, "/")}`, file] as const),
  );
  const page = Buffer.from(withToken(readFileSync(join(VIEWER_FOLDER, "index.html"), "utf8"), token));
  const known = new Map<string, Promise<Buffer>>();
  return async (request, response, path) => {
    if (path === "/" || path === "/index.html") {
      sendBytes(response, page, { "content-type": "text/html; charset=utf-8" });
      return true;
    }
    const file = paths.get(path);
    if (file === undefined) return false;
    const isPacked = takesGzip(request);
    const headers = {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      // a build puts a fingerprint into each name
      "cache-control": "private, max-age=31536000, immutable",
      ...(isPacked ? { "content-encoding": "gzip" } : {}),
    };
    if (!isPacked) {
      sendBytes(response, await readFile(file), headers);
      return true;
    }
    const packing = known.get(path) ?? readFile(file).then(packed);
    known.set(path, packing);
    packing.catch(() => known.delete(path));
    sendBytes(response, await packing, headers);
    return true;
  };
}

function withToken(page: string, token: string | undefined): string {
  if (token === undefined) return page;
  return page.replace("<head>", `<head>\n    <meta name="armgym-token" content="${token}" />`);
}
