import type { Engine, Generation, GenerationId, Statement } from "../../../src/engines/engine.js";

/** What the suite knows of data: numbers by id. How a driver's engine says so is its dialect. */
export interface TestRecord {
  readonly id: number;
  readonly n: number;
}

export interface EngineDialect {
  /** Prepare an empty generation for records. */
  readonly prepare: readonly Statement[];
  /** Adds all of them, or none and CONSTRAINT where an id is there already. */
  readonly add: (records: readonly TestRecord[]) => Statement;
  /** The same, answering every record there is. */
  readonly addAndList: (records: readonly TestRecord[]) => Statement;
  readonly incrementAll: Statement;
  /** Every record as [id, n], ordered by id; a read. */
  readonly list: Statement;
  /** How many there are; a read. */
  readonly count: Statement;
  /** A read and a write that would run for a minute or more. */
  readonly longRead: Statement;
  readonly longWrite: Statement;
  readonly malformed: Statement;
  /** Writes that would break a constraint of what `prepare` made, each in another way; where the engine knows more than ids. */
  readonly breaking: readonly Statement[];
  /** Statements that are well formed and fail on a value that they meet. */
  readonly failing: readonly Statement[];
  /** What a tenant must not do: reach files, other databases, settings. */
  readonly forbidden: readonly Statement[];
  /** Reads that answer one value each. */
  readonly values: readonly {
    readonly name: string;
    readonly statement: Statement;
    readonly expected: unknown;
  }[];
}

export interface EngineHarness {
  readonly dialect: EngineDialect;
  /** Another driver object on the same data, as another process of the service would have. */
  engine(limits: EngineLimits): Engine;
  /** Kills whatever process serves the generation, as kill -9 does. */
  crash(generation: GenerationId): Promise<void>;
  clean(): Promise<void>;
  /** Where the driver has processes of its own. */
  readonly processes?: EngineProcesses;
  /** An engine on a disk with room for about 3 MB, or why this machine cannot have one. */
  cramped?(): Promise<CrampedEngine | string>;
}

export interface CrampedEngine {
  readonly engine: Engine;
  clean(): Promise<void>;
}

export interface EngineLimits {
  readonly maxResultRows?: number;
  readonly idleAfterMs?: number;
  readonly maxProcesses?: number;
}

export interface EngineProcesses {
  /** Those that serve any of the generations, by their ids. */
  of(generations: readonly GenerationId[]): Promise<readonly number[]>;
  /** Starts another process of the service that has the generation open; it answers its own id when it has. */
  openElsewhere(generation: Generation): Promise<number>;
  /** A driver whose processes cannot be started. */
  broken(): Engine;
}

/** What the sections of the suite share. Functions, since tests are declared before anything is made. */
export interface Subject {
  readonly harness: () => EngineHarness;
  readonly engine: () => Engine;
  readonly other: () => Engine;
  /** Of an instance of its own. */
  readonly newGeneration: (number?: number) => Generation;
  /** A generation that holds these records. */
  readonly prepared: (records?: readonly TestRecord[]) => Promise<Generation>;
  readonly list: (generation: Generation) => Promise<readonly (readonly unknown[])[]>;
  /** Kills what serves it, and returns when both drivers have noticed: a write before that has an unknown outcome. */
  readonly crash: (generation: Generation) => Promise<void>;
}

export const records = (count: number, from = 1): TestRecord[] =>
  Array.from({ length: count }, (_, index) => ({ id: from + index, n: 0 }));
