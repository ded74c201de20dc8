/** One measurement. A file `bench/<name>.bench.ts` that exports one as its default is found by itself. */
export interface Bench {
  /** What it measures, as the heading of its section in docs/performance.md. */
  readonly title: string;
  /** Fills the folder with what takes long to make and is not measured; `run` finds it there. */
  prepare?(context: BenchContext): Promise<void>;
  run(context: BenchContext): Promise<Report>;
}

export interface BenchContext {
  /** A short form: fewer rounds over less data. Its figures are printed, and not written down. */
  readonly quick: boolean;
  /** A new folder on the disk that is measured, removed afterwards. */
  readonly directory: string;
  /** What goes on, for whoever waits. */
  readonly log: (line: string) => void;
}

/** One of those that are aimed at, for the table of all. */
export interface Figure {
  readonly what: string;
  readonly measured: number;
  /** That much at least, or at most. */
  readonly aim: { readonly atLeast: number } | { readonly atMost: number };
}

export interface Report {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** How it was measured, and what else is to be known; one paragraph each. */
  readonly notes: readonly string[];
  readonly figures?: readonly Figure[];
}

/** The product as it is built; its types come from the source. */
export const product = <T>(file: string): Promise<T> =>
  import(new URL(`../dist/${file}`, import.meta.url).href) as Promise<T>;
