import { expect, it } from "vitest";
import { copyOf } from "./captures.js";
import { records, type Subject } from "./harness.js";

export function generationSection(subject: Subject): void {
  const { engine, other, prepared, newGeneration, list } = subject;
  const listed = async (instanceId: string) =>
    (await engine().list()).filter((generation) => generation.instanceId === instanceId);

  it("creates once, lists and drops, each as often as one likes", async () => {
    const generation = newGeneration();
    const { instanceId } = generation;
    await engine().create(generation);
    await engine().create(generation);
    await other().create(generation);
    expect(await listed(instanceId)).toEqual([{ instanceId, number: 1 }]);
    expect(await engine().sizeBytes(generation)).toBeGreaterThan(0);
    const made = await engine().inspect(generation);
    expect(made?.sizeBytes).toBeGreaterThan(0);
    expect(made?.changedAt.getTime()).toBeGreaterThan(0);
    await engine().check(generation);
    await engine().drop(generation);
    await other().drop(generation);
    expect(await listed(instanceId)).toEqual([]);
    expect(await engine().inspect(generation)).toBeUndefined();
  });

  it("tells when a generation was last written to", async () => {
    const generation = await prepared(records(1));
    const before = await engine().inspect(generation);
    await engine().query(generation, subject.harness().dialect.incrementAll);
    const after = await other().inspect(generation);
    expect(after!.changedAt.getTime()).toBeGreaterThanOrEqual(before!.changedAt.getTime());
  });

  it("keeps what is there when it is created again", async () => {
    const generation = await prepared(records(2));
    await other().create(generation);
    expect(await list(generation)).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it("says NOT_FOUND of a generation that is not there, except to drop it", async () => {
    const nowhere = newGeneration(9);
    const { dialect } = subject.harness();
    const missing = { code: "NOT_FOUND" };
    await expect(engine().query(nowhere, dialect.count)).rejects.toMatchObject(missing);
    await expect(engine().sizeBytes(nowhere)).rejects.toMatchObject(missing);
    await expect(engine().capture(nowhere)).rejects.toMatchObject(missing);
    await expect(engine().check(nowhere)).rejects.toMatchObject(missing);
    await expect(engine().holdWrites(nowhere)).rejects.toMatchObject(missing);
    await engine().drop(nowhere);
  });

  it("keeps generations of one instance apart", async () => {
    const one = await prepared(records(1));
    const two = { ...one, number: 2 };
    await copyOf(engine(), one, two);
    await engine().query(two, subject.harness().dialect.incrementAll);
    expect(await list(one)).toEqual([[1, 0]]);
    expect(await list(two)).toEqual([[1, 1]]);
    expect(await listed(one.instanceId)).toHaveLength(2);
    await engine().drop(one);
    expect(await list(two)).toEqual([[1, 1]]);
  });

  it("drops under a query, which fails without a wrong answer", async () => {
    const generation = await prepared();
    const { longRead, longWrite } = subject.harness().dialect;
    const lost = { code: expect.stringMatching(/^(UNAVAILABLE|NOT_FOUND)$/) as string };
    const read = expect(engine().query(generation, longRead)).rejects.toMatchObject(lost);
    const write = expect(other().query(generation, longWrite)).rejects.toMatchObject(lost);
    await engine().drop(generation);
    await Promise.all([read, write]);
    expect(await listed(generation.instanceId)).toEqual([]);
  });

  it("names itself, its traits and its versions", async () => {
    const { name, traits } = engine();
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(traits.versions.length).toBeGreaterThan(0);
    for (const version of traits.versions) expect(await engine().version(version)).toMatch(/^\d+\.\d+/);
  });

  it("is ready, before it has any generation too, and as often as it is asked", async () => {
    const fresh = subject.harness().engine({ maxResultRows: 10 });
    await Promise.all([fresh.ready(), fresh.ready()]);
    await fresh.ready();
    await fresh.close();
    await expect(fresh.ready()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("refuses everything once it is closed, and leaves the data to others", async () => {
    const generation = await prepared(records(1));
    const third = subject.harness().engine({ maxResultRows: 10 });
    const { count, list: all } = subject.harness().dialect;
    await third.query(generation, count);
    await third.close();
    await third.close();
    const closed = { code: "UNAVAILABLE" };
    await expect(third.query(generation, count)).rejects.toMatchObject(closed);
    await expect(third.create(generation)).rejects.toMatchObject(closed);
    await expect(third.capture(generation)).rejects.toMatchObject(closed);
    expect((await other().query(generation, all)).values).toEqual([[1, 0]]);
  });
}
