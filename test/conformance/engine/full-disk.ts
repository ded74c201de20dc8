import { expect, it } from "vitest";
import type { Statement } from "../../../src/engines/engine.js";
import { layersOf, store } from "./captures.js";
import { records, type Subject } from "./harness.js";

export function fullDiskSection(subject: Subject): void {
  const { harness, newGeneration } = subject;

  it("says OUT_OF_SPACE on a full disk, loses nothing answered, and goes on when there is room", async (context) => {
    const cramped = (await harness().cramped?.()) ?? "this driver has no disk";
    if (typeof cramped === "string") return context.skip(cramped);
    const { engine } = cramped;
    try {
      const { dialect } = harness();
      const [one, two, three] = [newGeneration(), newGeneration(), newGeneration()] as const;
      await engine.create(one);
      for (const statement of dialect.prepare) await engine.query(one, statement);
      await engine.query(one, dialect.add(records(100)));
      const image = await store(await engine.capture(one));
      let count = 100;
      const full = { code: "OUT_OF_SPACE", outcomeUnknown: false };
      const add = (size: number): Statement => dialect.add(records(size, count + 1));
      const fill = async () => {
        for (let size = 5_000; count < 200_000; count += size) await engine.query(one, add(size));
      };
      await expect(fill()).rejects.toMatchObject(full);
      await expect(engine.query(one, add(5_000))).rejects.toMatchObject(full);
      expect((await engine.query(one, dialect.count)).values).toEqual([[count]]);
      const huge = {
        ...image,
        parts: image.parts.map((part) => ({ ...part, bytes: Buffer.alloc(8 * 2 ** 20) })),
      };
      await expect(engine.stage(two, layersOf(huge))).rejects.toMatchObject({ code: "OUT_OF_SPACE" });
      await expect(engine.query(two, dialect.count)).rejects.toMatchObject({ code: "NOT_FOUND" });
      expect(await engine.list()).toEqual([{ instanceId: one.instanceId, number: one.number }]);
      expect((await engine.query(one, dialect.count)).values).toEqual([[count]]);
      await engine.drop(one);
      await engine.stage(three, layersOf(image));
      await engine.query(three, dialect.incrementAll);
      expect((await engine.query(three, dialect.count)).values).toEqual([[100]]);
    } finally {
      await engine.close();
      await cramped.clean();
    }
  });
}
