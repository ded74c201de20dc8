/**
 * Something that takes up room and that no row names: what a killed or stalled worker left, or what a database that
 * was put back to an earlier day has forgotten.
 */
export interface Orphan {
  readonly kind: "ARTIFACT" | "EXPORT" | "GENERATION" | "OTHER";
  /** Where it lies: a key of the store, or `engine/instance/number`. */
  readonly name: string;
  readonly sizeBytes: number;
  /** When it was last written. */
  readonly changedAt: Date;
  /**
   * FORGOTTEN: this database knows whose it was, and that nobody needs it any more. UNKNOWN: this database has never heard of
   * it. It may be another's, or younger than the backup from which this one was restored, so no sweep removes it.
   */
  readonly origin: "FORGOTTEN" | "UNKNOWN";
  /** Idempotent. */
  remove(): Promise<void>;
}

/** A place where orphans are looked for. */
export interface OrphanSource {
  readonly kinds: readonly Orphan["kind"][];
  find(): AsyncIterable<Orphan>;
}

/** When a sweep may remove it: half-open, so that it is still there a millisecond before. Null: never. */
export const removableFrom = ({ origin, changedAt }: Orphan, graceMs: number): Date | null =>
  origin === "UNKNOWN" ? null : new Date(changedAt.getTime() + graceMs);
