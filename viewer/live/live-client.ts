// The page's side of the worker: asks questions and waits for the answers.
import type { Answer, Question, Questions } from "./protocol.js";
import { startWorker } from "./start-worker.js";

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (reason: Error) => void;
}

/** Starts the worker at the first question, so that who only watches pays nothing for it. */
export class LiveClient {
  private worker: Promise<Worker> | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  /** Ask; rejects with what the worker says is wrong. */
  async ask<Name extends keyof Questions>(
    name: Name,
    ask: Questions[Name]["ask"],
  ): Promise<Questions[Name]["answer"]> {
    this.worker ??= this.open();
    return this.post(await this.worker, name, ask);
  }

  private post<Name extends keyof Questions>(
    worker: Worker,
    name: Name,
    ask: Questions[Name]["ask"],
  ): Promise<Questions[Name]["answer"]> {
    const id = ++this.asked;
    const question: Question = { id, name, ask };
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.postMessage(question);
    });
  }

  private async open(): Promise<Worker> {
    const { worker, engine } = await startWorker();
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
    if (engine) await this.post(worker, "engine", { binary: engine });
    return worker;
  }
}
