/** Counts what each key, or each file that is downloaded, holds open in this process. */
export class OpenConnections {
  private readonly open = new Map<string, number>();

  constructor(private readonly mostPerKey: number) {}

  /** A function that gives the place back, once; undefined where the key has as many open as it may. */
  enter(key: string): (() => void) | undefined {
    const count = this.open.get(key) ?? 0;
    if (count >= this.mostPerKey) return undefined;
    this.open.set(key, count + 1);
    let entered = true;
    return () => {
      if (!entered) return;
      entered = false;
      const left = (this.open.get(key) ?? 1) - 1;
      if (left > 0) this.open.set(key, left);
      else this.open.delete(key);
    };
  }
}
