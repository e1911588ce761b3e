// A plain WebSocket for tests of what is sent, message by message.
import { onTestFinished } from "vitest";
import { type ClientOptions, WebSocket } from "ws";

/** A connection, and what has arrived. */
export class RawClient {
  readonly socket: WebSocket;
  /** Close code and reason, when it is closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  private readonly arrived: (string | Buffer)[] = [];
  private wake = () => {};
  private isClosed = false;

  constructor(url: string, options: ClientOptions = {}, protocols: string[] = []) {
    this.socket = new WebSocket(url, protocols, options);
    this.closed = new Promise((resolve) =>
      this.socket.on("close", (code, reason) => {
        this.isClosed = true;
        this.wake();
        resolve({ code, reason: reason.toString() });
      }),
    );
    this.socket.on("message", (data, isBinary) => {
      this.arrived.push(isBinary ? (data as Buffer) : data.toString());
      this.wake();
    });
    // what "close" says of a refused handshake is less
    this.socket.on("error", () => undefined);
    onTestFinished(() => this.socket.terminate());
  }

  /** Wait for the next message; throws where the connection is closed first. */
  async next(): Promise<string | Buffer> {
    for (;;) {
      const message = this.arrived.shift();
      if (message !== undefined) return message;
      if (this.isClosed) throw new Error("the connection was closed");
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Wait for the next message, which is JSON. */
  async nextJson<Value = Record<string, unknown>>(): Promise<Value> {
    return JSON.parse(String(await this.next())) as Value;
  }

  /** Send a value as JSON, or bytes and text as they are. */
  send(value: object | string): void {
    this.socket.send(
      typeof value === "string" || value instanceof Uint8Array ? value : JSON.stringify(value),
    );
  }
}

/** The status of a handshake that is refused, and the text with it. */
export function refusalOf(url: string, options: ClientOptions = {}): Promise<readonly [number, string]> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    socket.on("unexpected-response", (_, response) => {
      let text = "";
      response.on("data", (piece: Buffer) => (text += piece.toString()));
      response.on("end", () => resolve([response.statusCode!, text.trim()]));
    });
    socket.on("open", () => reject(new Error("it was not refused")));
    socket.on("error", reject);
  });
}
