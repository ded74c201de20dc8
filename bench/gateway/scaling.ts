import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { toGlobalId } from "../../dist/ids.js";
import { bodiesOf, headersOf, type Arena, type Sample } from "./compare.ts";
import { questions, type Question } from "./questions.ts";
import { benchKey, keyOf } from "./seed.ts";

const tab = questions.find(({ name }) => name === "Q2")!;

/** Q2 asked of one process, and of two that share the connections, in turn. */
export async function measureTwoProcesses(
  arena: Arena,
  rounds: number,
  connections: number,
  port: number,
): Promise<{ one: Sample[]; two: Sample[] }> {
  const first = arena.running.find(({ contestant }) => contestant.name === "daguerre")!;
  const second = await arena.start("daguerre", port);
  const bodies = bodiesOf(first, tab, tab.asks(arena.scale, toGlobalId));
  const both = [first, second].map((one) => ({ one, bodies, connections: connections / 2 }));
  const samples = { one: [] as Sample[], two: [] as Sample[] };
  for (let round = -1; round < rounds; round++) {
    const one = await arena.measure([{ one: first, bodies, connections }], round < 0);
    const two = await arena.measure(both, round < 0);
    if (round < 0) continue;
    samples.one.push(one);
    samples.two.push(two);
  }
  await second.stop();
  return samples;
}

/** A question asked by one project, and by all of them in turn, each of its own instances with its own key. */
export async function measureManyProjects(
  arena: Arena,
  question: Question,
  rounds: number,
): Promise<{ one: Sample[]; many: Sample[] }> {
  const one = arena.running.find(({ contestant }) => contestant.name === "daguerre")!;
  const projects = Array.from({ length: arena.scale.projects }, (_, index) => index + 1);
  const asked = projects.map((project) =>
    bodiesOf(one, question, question.asks(arena.scale, toGlobalId, project)),
  );
  const ofFirst = { one, bodies: asked[0]! };
  // One request of each project, then the next of each.
  const ofAll = {
    one,
    bodies: ofFirst.bodies.flatMap((_, index) => asked.map((bodies) => bodies[index]!)),
    key: ofFirst.bodies.flatMap(() => projects.map(keyOf)),
  };
  const samples = { one: [] as Sample[], many: [] as Sample[] };
  for (let round = -1; round < rounds; round++) {
    const few = await arena.measure([ofFirst], round < 0);
    const many = await arena.measure([ofAll], round < 0);
    if (round < 0) continue;
    samples.one.push(few);
    samples.many.push(many);
  }
  return samples;
}

/** Milliseconds from the start of a process, its database being there, to its first answer to a query. */
export async function measureColdStarts(arena: Arena, times: number, port: number): Promise<number[]> {
  const taken: number[] = [];
  for (let time = 0; time < times; time++) {
    const startedAt = performance.now();
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL("../../dist/main.js", import.meta.url)), "up"],
      {
        env: { ...process.env, ...arena.env, PORT: String(port), NODE_ENV: "production" },
        stdio: "ignore",
      },
    );
    await firstAnswer(port, () => child.exitCode !== null);
    taken.push(performance.now() - startedAt);
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  return taken;
}

async function firstAnswer(port: number, hasEnded: () => boolean): Promise<void> {
  const request = {
    method: "POST",
    headers: headersOf(benchKey),
    body: '{"query":"{ viewer { project } }"}',
  };
  for (;;) {
    if (hasEnded()) throw new Error("the service ended before it answered");
    try {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, request);
      const { data } = (await response.json()) as { data?: unknown };
      if (response.status === 200 && data) return;
    } catch {
      // It does not listen yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
