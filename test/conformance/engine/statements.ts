import { describe, expect, it } from "vitest";
import { records, type Subject } from "./harness.js";

export function statementSection(subject: Subject, maxResultRows: number): void {
  const { engine, other, harness, prepared, list } = subject;

  it("answers fields and values, and whether it wrote", async () => {
    const generation = await prepared(records(2));
    const read = await other().query(generation, { ...harness().dialect.list, access: "READ" });
    expect(read).toEqual({
      fields: ["id", "n"],
      values: [
        [1, 0],
        [2, 0],
      ],
      wrote: false,
    });
    expect((await other().query(generation, harness().dialect.incrementAll)).wrote).toBe(true);
  });

  it("tells syntax, constraints and forbidden statements apart, and changes nothing by them", async () => {
    const generation = await prepared(records(2));
    const { dialect } = harness();
    const codeOf = (statement: Parameters<ReturnType<typeof engine>["query"]>[1]) =>
      engine()
        .query(generation, statement)
        .then(
          () => "none",
          (error: { code: string; outcomeUnknown: boolean }) =>
            error.code + (error.outcomeUnknown ? "?" : ""),
        );
    expect(await codeOf(dialect.malformed)).toBe("SYNTAX");
    expect(await codeOf(dialect.add(records(2, 2)))).toBe("CONSTRAINT");
    expect(await codeOf({ ...dialect.add(records(1)), parameters: {} })).toBe("PARAMETER");
    for (const statement of dialect.forbidden) expect(await codeOf(statement)).toBe("FORBIDDEN_STATEMENT");
    for (const statement of dialect.breaking)
      expect(await codeOf(statement), statement.text).toBe("CONSTRAINT");
    for (const statement of dialect.failing)
      expect(await codeOf(statement), statement.text).toBe("EVALUATION");
    expect(await codeOf({ ...dialect.incrementAll, access: "READ" })).toBe("FORBIDDEN_STATEMENT");
    expect(await list(generation)).toHaveLength(2);
    expect(await list(generation)).toContainEqual([2, 0]);
  });

  it("answers no more rows than allowed, and undoes a write that would", async () => {
    const generation = await prepared(records(maxResultRows));
    const { dialect } = harness();
    expect(await list(generation)).toHaveLength(maxResultRows);
    const tooMany = { code: "LIMIT", outcomeUnknown: false };
    const write = engine().query(generation, dialect.addAndList(records(1, 1000)));
    await expect(write).rejects.toMatchObject(tooMany);
    expect((await engine().query(generation, dialect.count)).values).toEqual([[maxResultRows]]);
    await engine().query(generation, dialect.add(records(1, 1000)));
    await expect(list(generation)).rejects.toMatchObject(tooMany);
  });

  it("runs writes one after another, from wherever they come, and loses none", async () => {
    const generation = await prepared(records(3));
    const writes = Array.from({ length: 40 }, (_, index) =>
      (index % 2 ? engine() : other()).query(generation, harness().dialect.incrementAll),
    );
    await Promise.all(writes);
    expect(await list(generation)).toEqual([
      [1, 40],
      [2, 40],
      [3, 40],
    ]);
  });

  it("reads beside a write that takes its time, and cancels a write that waits behind it", async () => {
    const generation = await prepared(records(1));
    const { dialect } = harness();
    const end = new AbortController();
    const long = engine().query(generation, dialect.longWrite, { signal: end.signal });
    const ended = expect(long).rejects.toMatchObject({ code: "CANCELED" });
    const giveUp = new AbortController();
    const waiting = other().query(generation, dialect.incrementAll, { signal: giveUp.signal });
    const gaveUp = expect(waiting).rejects.toMatchObject({ code: "CANCELED", outcomeUnknown: false });
    expect(await list(generation)).toEqual([[1, 0]]);
    giveUp.abort();
    await gaveUp;
    end.abort();
    await ended;
    await engine().query(generation, dialect.incrementAll);
    expect(await list(generation)).toContainEqual([1, 1]);
  });

  it("runs nothing for a signal that is aborted already", async () => {
    const generation = await prepared(records(1));
    const write = engine().query(generation, harness().dialect.incrementAll, { signal: AbortSignal.abort() });
    await expect(write).rejects.toMatchObject({ code: "CANCELED", outcomeUnknown: false });
    expect(await list(generation)).toEqual([[1, 0]]);
  });

  it("frees a read's place when it is canceled", async () => {
    const generation = await prepared(records(1));
    const { longRead } = harness().dialect;
    const reads = Array.from({ length: 12 }, () => {
      const end = new AbortController();
      const read = engine().query(generation, longRead, { signal: end.signal });
      return { end, read: expect(read).rejects.toMatchObject({ code: "CANCELED" }) };
    });
    for (const { end } of reads) end.abort();
    await Promise.all(reads.map(({ read }) => read));
    expect(await list(generation)).toEqual([[1, 0]]);
  });

  describe("values", () => {
    it("are what the contract says", async () => {
      const generation = await prepared();
      for (const { name, statement, expected } of harness().dialect.values) {
        const { values } = await engine().query(generation, statement);
        expect(values[0]?.[0], name).toEqual(expected);
      }
    });
  });
}
