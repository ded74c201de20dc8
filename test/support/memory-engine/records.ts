import { EngineError } from "../../../src/engines/engine.js";

/**
 * The data of one generation: numbers by id, and when each changed, so that an increment can hold what is new
 * since a mark. `lineage` names this history; a staged copy begins one of its own.
 */
export class Records {
  readonly numbers = new Map<number, number>();
  private readonly changes = new Map<number, number>();
  private changeCount = 0;

  constructor(private readonly lineage: number) {}

  set(id: number, n: number): void {
    this.numbers.set(id, n);
    this.changes.set(id, ++this.changeCount);
  }
  delete(id: number): void {
    if (this.numbers.delete(id)) this.changes.set(id, ++this.changeCount);
  }

  /** Back to what it was. */
  restore(before: ReadonlyMap<number, number>): void {
    for (const id of [...this.numbers.keys()]) if (!before.has(id)) this.delete(id);
    for (const [id, n] of before) if (this.numbers.get(id) !== n) this.set(id, n);
  }

  get mark(): string {
    return `${this.lineage}:${this.changeCount}`;
  }

  /** What is new since the mark, or everything where the mark is not of this history. */
  encode(since?: string): { form: "image" | "increment"; bytes: Buffer } {
    const [lineage, change] = (since ?? "").split(":").map(Number);
    const knows = lineage === this.lineage && change !== undefined && change <= this.changeCount;
    const ids = knows
      ? [...this.changes].filter(([, at]) => at > change).map(([id]) => id)
      : [...this.numbers.keys()];
    const lines = ids.map((id) => `${id} ${this.numbers.get(id) ?? "-"}\n`).join("");
    const form = knows ? "increment" : "image";
    return { form, bytes: Buffer.from(`${form} ${ids.length}\n${lines}`) };
  }

  /** Applies what `encode` made. Throws CORRUPT. */
  apply(form: string, bytes: Buffer): void {
    const corrupt = () => new EngineError("CORRUPT", "These are not the records that were captured.");
    const [head = "", ...lines] = bytes.toString("latin1").split("\n");
    if (lines.pop() !== "" || head !== `${form} ${lines.length}`) throw corrupt();
    for (const line of lines) {
      const [, id, n] = /^(-?\d+) (-?\d+|-)$/.exec(line) ?? [];
      if (id === undefined || n === undefined) throw corrupt();
      if (n === "-") this.delete(Number(id));
      else this.set(Number(id), Number(n));
    }
  }
}
