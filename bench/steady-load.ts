import { Agent, request } from "node:http";

const connections = 32;

export interface SteadyLoad {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What is asked, one after the other, again and again. */
  readonly bodies: readonly string[];
  readonly perSecond: number;
}

/**
 * Asks at a steady rate, however long answers take, until the signal comes; answers the milliseconds that each took.
 * Throws where an answer is not 200 or tells errors.
 */
export async function askSteadily(load: SteadyLoad, ended: AbortSignal): Promise<number[]> {
  // In turn, so that none is idle for so long that the server closes it.
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: "fifo" });
  const answers: Promise<number>[] = [];
  const began = performance.now();
  try {
    while (!ended.aborted) {
      const due = ((performance.now() - began) / 1000) * load.perSecond;
      while (answers.length < due) {
        const answer = ask(agent, load, load.bodies[answers.length % load.bodies.length]!);
        // Heard of below, when all have come.
        answer.catch(() => undefined);
        answers.push(answer);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return await Promise.all(answers);
  } finally {
    agent.destroy();
  }
}

function ask(agent: Agent, { url, headers }: SteadyLoad, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const call = request(url, { agent, method: "POST", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const took = performance.now() - began;
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200 && !text.includes('"errors"')) resolve(took);
        else reject(new Error(`${response.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    call.on("error", reject);
    call.end(body);
  });
}
