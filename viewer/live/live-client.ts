// The page's side of the worker: asks questions and waits for the answers.
import type { Answer, Question, Questions } from "./protocol.js";

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (reason: Error) => void;
}

/** Starts the worker at the first question, so that who only watches pays nothing for it. */
export class LiveClient {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  /** Ask; rejects with what the worker says is wrong. */
  ask<Name extends keyof Questions>(
    name: Name,
    ask: Questions[Name]["ask"],
  ): Promise<Questions[Name]["answer"]> {
    const id = ++this.asked;
    const question: Question = { id, name, ask };
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.open().postMessage(question);
    });
  }

  private open(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(new URL("./live.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if ("error" in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.answer as never);
    };
    worker.onerror = (event) => {
      const reason = new Error(`The simulation in this page has stopped: ${event.message}. Reload the page.`);
      for (const { reject } of this.waiting.values()) reject(reason);
      this.waiting.clear();
    };
    this.worker = worker;
    return worker;
  }
}
