import { Readable } from "node:stream";
import type { Clock } from "../../../src/clock.js";
import type { MajorVersion } from "../../../src/db/enums.js";
import {
  EngineError,
  type Engine,
  type EngineTraits,
  type Generation,
  type GenerationId,
  type Layer,
} from "../../../src/engines/engine.js";
import { MemoryGeneration } from "./generation.js";
import { Records } from "./records.js";
import { commandOf } from "./statements.js";

/** What a hook learns of a step before it is done. `layer` and `part` come once for each that is read or written. */
export interface EngineStep {
  readonly step:
    | "create"
    | "drop"
    | "query"
    | "capture"
    | "readPart"
    | "finish"
    | "stage"
    | "stagePart"
    | "publish"
    | "check"
    | "holdWrites"
    | "resume"
    | "retire";
  readonly generation: GenerationId;
}

export interface MemoryEngineOptions {
  readonly clock: Clock;
  /** Where the data lies. Drivers that share it are like several processes on the same data. */
  readonly data?: MemoryEngineData;
  /** Called before each step; what it throws, the step throws; what it awaits, the step waits for. */
  readonly before?: (step: EngineStep) => void | Promise<void>;
  /** Called when a step is done and only its answer is missing, so that what it throws loses the answer alone. */
  readonly after?: (step: EngineStep) => void | Promise<void>;
  readonly version?: (version: MajorVersion) => string;
  readonly traits?: Partial<EngineTraits>;
  /** Into how many parts an image is cut. Default: 1. */
  readonly imageParts?: number;
  readonly maxResultRows?: number;
}

export class MemoryEngineData {
  readonly generations = new Map<string, MemoryGeneration>();
  private lineages = 0;
  newRecords(): Records {
    return new Records(++this.lineages);
  }
  /** Kills whatever serves the generation, as kill -9 does. */
  crash({ instanceId, number }: GenerationId): void {
    this.generations.get(`${instanceId}/${number}`)?.crash();
  }
}

const keyOf = ({ instanceId, number }: GenerationId) => `${instanceId}/${number}`;

/**
 * An engine without processes and disks, for tests that need thousands of instances or a passed-in clock: nothing
 * happens later than it must, and nothing depends on chance. Its language is in `statements.ts`. Passes
 * the conformance suite.
 */
export function createMemoryEngine(options: MemoryEngineOptions): Engine {
  const { clock, data = new MemoryEngineData(), maxResultRows = Infinity } = options;
  const traits: EngineTraits = {
    consistentPoint: "online",
    increments: false,
    versions: ["V4", "V5"],
    ...options.traits,
  };
  let closed = false;
  const holds = new Set<{ abandon(): void }>();

  function find(generation: GenerationId): MemoryGeneration {
    if (closed) throw new EngineError("UNAVAILABLE", "The engine is closed.");
    const found = data.generations.get(keyOf(generation));
    if (!found) throw new EngineError("NOT_FOUND", "No such generation.");
    return found;
  }

  async function during<T>(step: EngineStep["step"], generation: GenerationId, act: () => T | Promise<T>) {
    await options.before?.({ step, generation });
    if (closed) throw new EngineError("UNAVAILABLE", "The engine is closed.");
    const result = await act();
    await options.after?.({ step, generation });
    return result;
  }

  const throwIfAborted = (signal: AbortSignal | undefined) => {
    if (signal?.aborted) throw new EngineError("CANCELED", "Canceled.");
  };

  async function readLayers(g: Generation, layers: AsyncIterable<Layer>, signal?: AbortSignal) {
    const records = data.newRecords();
    let first = true;
    for await (const { form, parts } of layers) {
      if (first !== (form === "image"))
        throw new EngineError("CORRUPT", "An image comes first, and only there.");
      first = false;
      const chunks: Buffer[] = [];
      for await (const part of parts) {
        await options.before?.({ step: "stagePart", generation: g });
        throwIfAborted(signal);
        for await (const chunk of part.open()) chunks.push(chunk as Buffer);
      }
      throwIfAborted(signal);
      records.apply(form, Buffer.concat(chunks));
    }
    if (first) throw new EngineError("CORRUPT", "There is no image.");
    return records;
  }

  function cut(bytes: Buffer): Buffer[] {
    const size = Math.ceil(bytes.length / (options.imageParts ?? 1));
    const cuts: Buffer[] = [];
    for (let from = 0; from < bytes.length; from += size) cuts.push(bytes.subarray(from, from + size));
    return cuts;
  }

  return {
    name: "memory",
    traits,
    version: async (version) => options.version?.(version) ?? "1.0.0",
    async ready() {
      if (closed) throw new EngineError("UNAVAILABLE", "The engine is closed.");
    },
    create: (g, call) =>
      during("create", g, () => {
        throwIfAborted(call?.signal);
        if (!data.generations.has(keyOf(g)))
          data.generations.set(keyOf(g), new MemoryGeneration(data.newRecords(), clock.now()));
      }),
    drop: (g) =>
      during("drop", g, () => {
        data.generations.get(keyOf(g))?.crash();
        data.generations.delete(keyOf(g));
      }),
    async list() {
      return [...data.generations.keys()].map((key) => {
        const [instanceId = "", number] = key.split("/");
        return { instanceId, number: Number(number) };
      });
    },
    async inspect(g) {
      const found = data.generations.get(keyOf(g));
      return found && { sizeBytes: found.records.encode().bytes.length, changedAt: found.changedAt };
    },
    query: (g, statement, call) =>
      during("query", g, () => {
        throwIfAborted(call?.signal);
        const command = commandOf(statement);
        if (command.writes && statement.access === "READ")
          throw new EngineError("FORBIDDEN_STATEMENT", "The statement writes.");
        const generation = find(g);
        if (command.writes) generation.changedAt = clock.now();
        return generation.run(command, maxResultRows, call?.signal);
      }),
    sizeBytes: async (g) => find(g).records.encode().bytes.length,
    capture: (g, call) =>
      during("capture", g, () => {
        throwIfAborted(call?.signal);
        const generation = find(g);
        const { life, records } = generation;
        const { form, bytes } = records.encode(traits.increments ? call?.since : undefined);
        const pieces = cut(bytes);
        return {
          form,
          takenAt: clock.now(),
          pausedMs: 0,
          mark: traits.increments && call?.asBase ? records.mark : undefined,
          parts: pieces.map((piece, index) => ({
            name: `records.${index}`,
            // Like an engine that streams its copy, it knows the size of some parts only.
            sizeBytes: index % 2 === 0 ? piece.length : undefined,
            open: () => Readable.from(read(g, piece), { objectMode: false }),
          })),
          finish: () =>
            during("finish", g, () => {
              if (generation.life !== life || data.generations.get(keyOf(g)) !== generation)
                throw new EngineError("UNAVAILABLE", "The consistent point is lost.");
            }),
          release: async () => undefined,
        };
      }),
    stage: (g, layers, call) =>
      during("stage", g, async () => {
        throwIfAborted(call?.signal);
        const records = await readLayers(g, layers, call?.signal);
        await during("publish", g, () => {
          const there = data.generations.get(keyOf(g));
          if (there) there.replace(records, clock.now());
          else data.generations.set(keyOf(g), new MemoryGeneration(records, clock.now()));
        });
      }),
    check: (g) => during("check", g, () => void find(g)),
    holdWrites: (g) =>
      during("holdWrites", g, async () => {
        const hold = await find(g).hold();
        holds.add(hold);
        let done = false;
        const end = (step: "resume" | "retire") =>
          done
            ? Promise.resolve()
            : during(step, g, () => {
                hold[step]();
                done = true;
                holds.delete(hold);
              });
        return { resume: () => end("resume"), retire: () => end("retire") };
      }),
    async close() {
      closed = true;
      for (const hold of holds) hold.abandon();
      holds.clear();
    },
  };

  async function* read(generation: GenerationId, piece: Buffer) {
    await options.before?.({ step: "readPart", generation });
    yield piece;
  }
}
