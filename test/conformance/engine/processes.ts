import { expect, it, vi } from "vitest";
import type { Generation } from "../../../src/engines/engine.js";
import { copyOf } from "./captures.js";
import { records, type EngineProcesses, type Subject } from "./harness.js";

export function processSection(subject: Subject): void {
  const { engine, harness, prepared, list } = subject;
  const withProcesses =
    (test: (processes: EngineProcesses) => Promise<void>) =>
    async (context: { skip(note: string): void }) => {
      const { processes } = harness();
      if (processes) await test(processes);
      else context.skip("this driver has no processes of its own");
    };
  const gone = (processes: EngineProcesses, ...generations: Generation[]) =>
    vi.waitFor(async () => expect(await processes.of(generations)).toEqual([]), {
      timeout: 20_000,
      interval: 20,
    });

  it(
    "closes what is idle, and opens it again when it is asked",
    withProcesses(async (processes) => {
      const generation = await prepared(records(1));
      const copy = { ...generation, number: 2 };
      await copyOf(engine(), generation, copy);
      const quick = harness().engine({ idleAfterMs: 30 });
      await quick.query(copy, harness().dialect.incrementAll);
      await gone(processes, copy);
      expect((await quick.query(copy, harness().dialect.list)).values).toEqual([[1, 1]]);
      const hold = await quick.holdWrites(copy);
      const capture = quick.query(copy, harness().dialect.count);
      expect((await capture).values).toEqual([[1]]);
      expect(await processes.of([copy])).toHaveLength(1);
      await hold.resume();
      await gone(processes, copy);
      await quick.close();
    }),
  );

  it(
    "serves a hundred instances by a few processes",
    { timeout: 240_000 },
    withProcesses(async (processes) => {
      const maxProcesses = 6;
      const few = harness().engine({ maxProcesses });
      const source = await prepared(records(2));
      const { incrementAll, list: all } = harness().dialect;
      const capture = await engine().capture(source);
      await capture.release();
      const fleet: Generation[] = [];
      for (let count = 0; count < 100; count++) {
        const generation = subject.newGeneration();
        await copyOf(engine(), source, generation);
        fleet.push(generation);
      }
      await Promise.all(
        fleet.map(async (generation, index) => {
          await few.query(generation, incrementAll);
          if (index % 10 === 0) expect((await processes.of(fleet)).length).toBeLessThanOrEqual(maxProcesses);
        }),
      );
      for (const generation of fleet.slice(0, 10)) {
        expect((await few.query(generation, all)).values).toEqual([
          [1, 1],
          [2, 1],
        ]);
      }
      await few.close();
      expect(await processes.of(fleet)).toEqual([]);
      await Promise.all(fleet.map((generation) => engine().drop(generation)));
    }),
  );

  it(
    "leaves no process behind when the service is killed, and serves on elsewhere",
    withProcesses(async (processes) => {
      const generation = await prepared(records(1));
      const copy = { ...generation, number: 2 };
      await copyOf(engine(), generation, copy);
      const service = await processes.openElsewhere(copy);
      expect(await processes.of([copy])).toHaveLength(1);
      expect(await list(copy)).toEqual([[1, 0]]);
      process.kill(service, "SIGKILL");
      await gone(processes, copy);
      expect(await list(copy)).toEqual([[1, 0]]);
    }),
  );

  it(
    "says UNAVAILABLE where its processes cannot be started",
    withProcesses(async (processes) => {
      const generation = await prepared(records(1));
      const copy = { ...generation, number: 2 };
      await copyOf(engine(), generation, copy);
      const broken = processes.broken();
      const unavailable = { name: "EngineError", code: "UNAVAILABLE", outcomeUnknown: false };
      await expect(broken.query(copy, harness().dialect.incrementAll)).rejects.toMatchObject(unavailable);
      await expect(broken.capture(copy)).rejects.toMatchObject(unavailable);
      await expect(broken.holdWrites(copy)).rejects.toMatchObject(unavailable);
      await expect(broken.check(copy)).rejects.toMatchObject(unavailable);
      await expect(broken.ready()).rejects.toMatchObject(unavailable);
      await broken.close();
      expect(await list(copy)).toEqual([[1, 0]]);
    }),
  );
}
