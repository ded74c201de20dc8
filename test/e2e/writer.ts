import type { Gateway } from "./gateway.js";

interface Acknowledged {
  readonly id: number;
  readonly askedAt: number;
}

/**
 * One client that writes marks into an instance one after another, and remembers which of them were acknowledged.
 * It goes on through refusals, lost connections and restarts of the service.
 */
export class Writer {
  readonly acknowledged: Acknowledged[] = [];
  private last = 0;
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private gateway: Gateway,
    readonly instanceId: string,
  ) {}

  /** The service has another address after a restart. */
  moveTo(gateway: Gateway): void {
    this.gateway = gateway;
  }

  async prepare(): Promise<void> {
    const made = await this.gateway.query(
      this.instanceId,
      "CREATE NODE TABLE Mark(id INT64 PRIMARY KEY, text STRING)",
    );
    if (made.status !== 202) throw new Error(`no table: ${made.status}`);
  }

  async write(count: number): Promise<void> {
    for (let done = 0; done < count && !this.stopped; done++) {
      const id = ++this.last;
      const askedAt = Date.now();
      const text = `mark ${id} `.repeat(20);
      const answer = await this.gateway
        .query(this.instanceId, "CREATE (:Mark {id: $id, text: $text})", { id, text })
        .catch(() => undefined);
      if (answer?.status === 202) this.acknowledged.push({ id, askedAt });
      // A service that is down refuses at once.
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }

  begin(): void {
    this.stopped = false;
    this.running = this.write(Infinity);
  }

  async end(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  async read(): Promise<Set<number>> {
    const { status, values } = await this.gateway.query(this.instanceId, "MATCH (m:Mark) RETURN m.id");
    if (status !== 202) throw new Error(`${this.instanceId} cannot be read: ${status}`);
    return new Set(values.map(([id]) => Number(id)));
  }

  /** Nothing acknowledged is lost; what was not acknowledged may be there or not. */
  findLost(present: ReadonlySet<number>): number[] {
    return this.acknowledged.filter(({ id }) => !present.has(id)).map(({ id }) => id);
  }

  /**
   * After a restore: all that the snapshot held (`base`), nothing that was acknowledged after it and before the
   * switch, everything that was acknowledged after the switch. Answers what contradicts that.
   */
  findMixed(present: ReadonlySet<number>, base: ReadonlySet<number>, finishedAt: number): string[] {
    const faults = [...base].filter((id) => !present.has(id)).map((id) => `${id} of the snapshot is missing`);
    const later = this.acknowledged.filter(({ id }) => !base.has(id));
    const first = later.findIndex(({ id }) => present.has(id));
    for (const [index, { id, askedAt }] of later.entries()) {
      if (present.has(id)) continue;
      if (first !== -1 && index > first) faults.push(`${id} is missing, though an earlier one was kept`);
      else if (askedAt > finishedAt) faults.push(`${id} is missing, though asked after the end`);
    }
    return faults;
  }
}
