import { expect, it } from "vitest";
import { records, type Subject } from "./harness.js";

export function crashSection(subject: Subject): void {
  const { engine, other, harness, prepared, list } = subject;

  it("loses no answered write to kill -9, and serves again at the next call", async () => {
    const generation = await prepared();
    const { add } = harness().dialect;
    for (let id = 1; id <= 10; id++) await other().query(generation, add(records(1, id)));
    await subject.crash(generation);
    expect(await list(generation)).toHaveLength(10);
    await engine().query(generation, add(records(1, 11)));
    await subject.crash(generation);
    expect((await other().query(generation, harness().dialect.count)).values).toEqual([[11]]);
  });

  it("says that an outcome is unknown when a write's process dies, and that a capture's point is lost", async () => {
    const generation = await prepared(records(3));
    const { longWrite, incrementAll } = harness().dialect;
    const capture = await other().capture(generation);
    const hung = other().query(generation, longWrite);
    const lost = expect(hung).rejects.toMatchObject({ code: "UNAVAILABLE", outcomeUnknown: true });
    // Answered only after the write has begun: both go to the writers' queue, one after another.
    await engine().query(generation, harness().dialect.count);
    await subject.crash(generation);
    await lost;
    await expect(capture.finish()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await capture.release();
    await engine().query(generation, incrementAll);
    expect(await list(generation)).toContainEqual([3, 1]);
  });

  it("ends a hold with the engine's process: the holder learns it, and writes go on", async () => {
    const generation = await prepared(records(1));
    const hold = await engine().holdWrites(generation);
    await subject.crash(generation);
    expect((await other().query(generation, harness().dialect.incrementAll)).wrote).toBe(true);
    await expect(hold.retire()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect((await other().query(generation, harness().dialect.incrementAll)).wrote).toBe(true);
  });
}
