import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, it } from "vitest";
import type {
  Capture,
  CaptureOptions,
  Engine,
  Generation,
  Layer,
  LayerForm,
} from "../../../src/engines/engine.js";
import { records, type Subject } from "./harness.js";

interface StoredLayer {
  readonly form: LayerForm;
  readonly parts: readonly { readonly name: string; readonly bytes: Buffer }[];
}

/** Reads a capture as an artifact would keep it. */
export async function store(capture: Capture): Promise<StoredLayer> {
  const parts = [];
  for (const part of capture.parts) {
    const bytes = await buffer(part.open());
    if (part.sizeBytes !== undefined) expect(bytes.length).toBe(part.sizeBytes);
    parts.push({ name: part.name, bytes });
  }
  await capture.finish();
  await capture.release();
  return { form: capture.form, parts };
}

export async function* layersOf(...stored: StoredLayer[]): AsyncGenerator<Layer> {
  for (const { form, parts } of stored) yield { form, parts: partsOf(parts) };
}

async function* partsOf(parts: StoredLayer["parts"]) {
  // In pieces, and without a size, as a decrypting stream gives them.
  for (const { name, bytes } of parts) {
    const pieces = function* () {
      for (let from = 0; from < bytes.length; from += 65_000) yield bytes.subarray(from, from + 65_000);
    };
    yield { name, sizeBytes: undefined, open: () => Readable.from(pieces()) };
  }
}

/** Captures one generation into another. */
export async function copyOf(engine: Engine, from: Generation, to: Generation): Promise<void> {
  await engine.stage(to, layersOf(await store(await engine.capture(from))));
}

export function captureSection(subject: Subject): void {
  const { engine, other, harness, prepared, newGeneration, list } = subject;

  it("captures one instant while writers go on, with plain names", async () => {
    const generation = await prepared(records(2));
    const { incrementAll, add } = harness().dialect;
    const before = Array.from({ length: 20 }, () => other().query(generation, incrementAll));
    const capture = await engine().capture(generation);
    await engine().query(generation, add(records(1, 3)));
    await Promise.all(before);
    expect(capture.form).toBe("image");
    expect(new Set(capture.parts.map(({ name }) => name)).size).toBe(capture.parts.length);
    for (const { name } of capture.parts) expect(name).toMatch(/^[a-z0-9._-]+$/);
    const copy = { ...generation, number: 2 };
    await engine().stage(copy, layersOf(await store(capture)));
    await engine().check(copy);
    const [first, second, ...more] = await list(copy);
    expect(more).toEqual([]);
    expect(first?.[1]).toBe(second?.[1]);
    expect(await list(generation)).toHaveLength(3);
  });

  it("holds every write that was answered before `takenAt`, and none that began after", async () => {
    const generation = await prepared(records(1));
    const { incrementAll } = harness().dialect;
    const earliest = Date.now();
    const capture = await engine().capture(generation);
    const latest = Date.now();
    await engine().query(generation, incrementAll);
    const copy = { ...generation, number: 2 };
    await engine().stage(copy, layersOf(await store(capture)));
    expect(await list(copy)).toEqual([[1, 0]]);
    expect(capture.takenAt.getTime()).toBeGreaterThanOrEqual(earliest);
    expect(capture.takenAt.getTime()).toBeLessThanOrEqual(latest);
    expect(capture.pausedMs).toBeLessThanOrEqual(latest - earliest + 1);
  });

  it("builds on the capture it is told of, or answers an image", async () => {
    const generation = await prepared(records(3));
    const { incrementAll, add } = harness().dialect;
    const options: CaptureOptions = { asBase: true };
    const first = await engine().capture(generation, options);
    const layers = [await store(first)];
    let mark = first.mark;
    for (const step of [incrementAll, add(records(1, 4)), incrementAll]) {
      await engine().query(generation, step);
      // A copy that nothing will build on lies between, and must not disturb.
      await store(await other().capture(generation));
      const next = await other().capture(generation, { ...options, ...(mark && { since: mark }) });
      expect(Buffer.byteLength(next.mark ?? "")).toBeLessThanOrEqual(1024);
      mark = next.mark;
      const stored = await store(next);
      if (!engine().traits.increments) expect(stored.form).toBe("image");
      if (stored.form === "image") layers.length = 0;
      layers.push(stored);
    }
    const copy = { ...generation, number: 2 };
    await engine().stage(copy, layersOf(...layers));
    expect(await list(copy)).toEqual(await list(generation));
    const unknown = await engine().capture(copy, { ...options, ...(mark && { since: mark }) });
    expect((await store(unknown)).form).toBe("image");
  });

  it("replaces what stood there, and again", async () => {
    const one = await prepared(records(1));
    const two = await prepared(records(2));
    const image = await store(await engine().capture(two));
    await engine().stage(one, layersOf(image));
    await other().stage(one, layersOf(image));
    expect(await list(one)).toHaveLength(2);
    await engine().query(one, harness().dialect.incrementAll);
    expect(await list(two)).toContainEqual([1, 0]);
  });

  it("leaves what stood there when its layers fail or it is aborted, and passes their error on", async () => {
    const generation = await prepared(records(1));
    const [image] = [await store(await engine().capture(generation))];
    const failure = new Error("the store is gone");
    const broken = async function* (): AsyncGenerator<Layer> {
      yield* layersOf(image);
      throw failure;
    };
    await engine().query(generation, harness().dialect.incrementAll);
    await expect(engine().stage(generation, broken())).rejects.toBe(failure);
    const aborted = engine().stage(generation, layersOf(image), { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: "CANCELED" });
    expect(await list(generation)).toEqual([[1, 1]]);
    const fresh = newGeneration();
    await expect(engine().stage(fresh, broken())).rejects.toBe(failure);
    await expect(engine().query(fresh, harness().dialect.count)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await engine().drop(fresh);
    expect(await engine().list()).not.toContainEqual({ instanceId: fresh.instanceId, number: fresh.number });
  });

  it("says CORRUPT of what it never captured, before anybody is served from it", async () => {
    const generation = await prepared(records(1));
    const image = await store(await engine().capture(generation));
    const damaged = (change: (bytes: Buffer) => Buffer): StoredLayer => ({
      form: "image",
      parts: image.parts.map(({ name, bytes }) => ({ name, bytes: change(Buffer.from(bytes)) })),
    });
    const stageAndCheck = async (...layers: StoredLayer[]) => {
      const copy = newGeneration();
      try {
        await engine().stage(copy, layersOf(...layers));
        await engine().check(copy);
      } finally {
        await engine().drop(copy);
      }
    };
    const corrupt = { code: "CORRUPT" };
    await expect(stageAndCheck(damaged((bytes) => bytes.fill(0x2a)))).rejects.toMatchObject(corrupt);
    const half = damaged((bytes) => bytes.subarray(0, bytes.length / 2));
    await expect(stageAndCheck(half)).rejects.toMatchObject(corrupt);
    await expect(stageAndCheck(damaged(() => Buffer.alloc(0)))).rejects.toMatchObject(corrupt);
    await expect(stageAndCheck({ form: "image", parts: [] })).rejects.toMatchObject(corrupt);
    await expect(stageAndCheck()).rejects.toMatchObject(corrupt);
    await expect(stageAndCheck({ ...image, form: "increment" })).rejects.toMatchObject(corrupt);
    const strange = { form: "image", parts: [{ name: "stranger", bytes: Buffer.from("x") }] } as const;
    await expect(stageAndCheck(strange)).rejects.toMatchObject(corrupt);
    await stageAndCheck(image);
  });

  it("is released twice, unread or half read, and another can follow", async () => {
    const generation = await prepared(records(1));
    const unread = await engine().capture(generation);
    await unread.release();
    await unread.release();
    const half = await engine().capture(generation);
    half.parts[0]?.open().destroy();
    await half.release();
    const copy = { ...generation, number: 2 };
    await copyOf(other(), generation, copy);
    expect(await list(copy)).toEqual([[1, 0]]);
    const aborted = engine().capture(generation, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: "CANCELED" });
  });
}
