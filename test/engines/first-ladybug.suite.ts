import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine, GenerationId, Layer, Part } from "../../src/engines/engine.js";

export interface EngineHarness {
  /** Another driver object on the same data, as another process of the service would have. */
  engine(): Engine;
  /** Kills whatever process serves the generation, as kill -9 does. */
  crash(generation: GenerationId): Promise<void>;
  clean(): Promise<void>;
}

/** The contract of src/engines/engine.ts as a suite. */
export function engineConformance(name: string, makeHarness: () => Promise<EngineHarness>): void {
  describe(name, () => {
    const one = { instanceId: "7a1c7b7e-6a35-4a0c-8d5f-0c8f5b4f0a01", number: 1, version: "V5" } as const;
    const two = { ...one, number: 2 };
    let harness: EngineHarness;
    let engine: Engine;
    let other: Engine;
    beforeAll(async () => {
      harness = await makeHarness();
      engine = harness.engine();
      other = harness.engine();
    });
    afterAll(async () => {
      await other.close();
      await engine.close();
      await harness.clean();
    });
    async function* each<T>(...items: T[]): AsyncGenerator<T> {
      for (const item of items) yield await Promise.resolve(item);
    }

    it("creates, writes, reads, captures, stages, checks and drops", { timeout: 60_000 }, async () => {
      await engine.create(one);
      await engine.create(one);
      await engine.query(one, { text: "CREATE NODE TABLE P(id INT64 PRIMARY KEY, name STRING)" });
      const rows = [
        { id: 1, name: "a" },
        { id: 2, name: "b" },
      ];
      await engine.query(one, {
        text: "UNWIND $rows AS row CREATE (:P {id: row.id, name: row.name})",
        parameters: { rows },
      });
      const read = await other.query(one, { text: "MATCH (p:P) RETURN p ORDER BY p.id", access: "READ" });
      expect(read.values[0]?.[0]).toMatchObject({ labels: ["P"], properties: { id: 1, name: "a" } });
      await expect(engine.query(one, { text: "CREATE (:P {id: 1})" })).rejects.toMatchObject({
        code: "CONSTRAINT",
      });
      await expect(engine.query(one, { text: "MATCH oops" })).rejects.toMatchObject({ code: "SYNTAX" });
      const capture = await engine.capture(one);
      await engine.query(one, { text: "CREATE (:P {id: 3})" });
      const layer: Layer = { form: "image", parts: each<Part>(...capture.parts) };
      await engine.stage(two, each(layer));
      await capture.finish();
      await capture.release();
      await engine.check(two);
      const count = await engine.query(two, { text: "MATCH (p:P) RETURN count(*) AS n", access: "READ" });
      expect(count.values).toEqual([[2]]);
      const hold = await engine.holdWrites(one);
      const waiting = other.query(one, { text: "CREATE (:P {id: 4})" });
      const moved = expect(waiting).rejects.toMatchObject({ code: "MOVED" });
      await hold.retire();
      await moved;
      await engine.drop(one);
      expect(await engine.list()).toEqual([{ instanceId: one.instanceId, number: 2 }]);
    });

    it.each([
      "COPY P FROM 'x'",
      "MATCH (n) RETURN n; MATCH (m) RETURN m",
      "/* */ LOAD FROM 'x' RETURN *",
      "CALL threads=1",
      "CHECKPOINT",
      "ATTACH 'x' AS y",
    ])("refuses %s", async (text) => {
      await expect(engine.query(two, { text })).rejects.toMatchObject({ code: "FORBIDDEN_STATEMENT" });
    });

    it(
      "keeps counted writes in order, and a capture taken between them whole",
      { timeout: 60_000 },
      async () => {
        const g = { ...one, number: 5 };
        const copy = { ...one, number: 6 };
        await engine.create(g);
        await engine.query(g, { text: "CREATE NODE TABLE C(id INT64 PRIMARY KEY, n INT64)" });
        await engine.query(g, { text: "CREATE (:C {id: 1, n: 0}), (:C {id: 2, n: 0})" });
        const writes = Array.from({ length: 40 }, (_, i) =>
          (i % 2 ? engine : other).query(g, { text: "MATCH (c:C) SET c.n = c.n + 1" }),
        );
        const capture = await engine.capture(g);
        await engine.stage(copy, each<Layer>({ form: "image", parts: each<Part>(...capture.parts) }));
        await Promise.all(writes);
        await capture.finish();
        await capture.release();
        const text = "MATCH (c:C) RETURN min(c.n), max(c.n)";
        expect((await engine.query(g, { text, access: "READ" })).values).toEqual([[40, 40]]);
        const [low, high] = (await engine.query(copy, { text, access: "READ" })).values[0] ?? [];
        expect(low).toBe(high);
      },
    );

    it("resumes held writes, refuses writes that promised to read, and knows what does not exist", async () => {
      const hold = await engine.holdWrites(two);
      const waiting = other.query(two, { text: "CREATE (:P {id: 50})" });
      await hold.resume();
      expect((await waiting).wrote).toBe(true);
      const lie = engine.query(two, { text: "CREATE (:P {id: 51})", access: "READ" });
      await expect(lie).rejects.toMatchObject({ code: "FORBIDDEN_STATEMENT" });
      const nowhere = engine.query({ ...one, number: 99 }, { text: "RETURN 1" });
      await expect(nowhere).rejects.toMatchObject({ code: "NOT_FOUND" });
      await engine.drop({ ...one, number: 99 });
    });

    it("serves on when the driver object that owned the process closes", { timeout: 60_000 }, async () => {
      await engine.close();
      const answer = await other.query(two, { text: "MATCH (p:P) RETURN count(*)", access: "READ" });
      expect(answer.values).toEqual([[3]]);
    });

    it(
      "loses no answered write to kill -9, and says so when an outcome is unknown",
      { timeout: 60_000 },
      async () => {
        const g = { ...one, number: 7 };
        await other.create(g);
        await other.query(g, { text: "CREATE NODE TABLE C(id INT64 PRIMARY KEY)" });
        for (let id = 0; id < 20; id++)
          await other.query(g, { text: "CREATE (:C {id: $id})", parameters: { id } });
        const capture = await other.capture(g);
        const text = "UNWIND range(100, 300000) AS i CREATE (:C {id: i})";
        const lost = expect(other.query(g, { text })).rejects.toMatchObject({ outcomeUnknown: true });
        await harness.crash(g);
        await lost;
        await expect(capture.finish()).rejects.toMatchObject({ code: "UNAVAILABLE" });
        await capture.release();
        const read = { text: "MATCH (c:C) WHERE c.id < 100 RETURN count(*)", access: "READ" } as const;
        expect((await other.query(g, read)).values).toEqual([[20]]);
      },
    );
  });
}
