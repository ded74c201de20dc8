import pg from "pg";
import { parseIdOf } from "../../../src/ids.js";
import type { RetentionRow } from "../../../src/snapshots/retention.js";
import type { Gateway } from "../gateway.js";
import { compareTab, type Happened, type Listed, type Promised } from "./compare.js";

const document = `query ($id: ID!, $preview: PreviewInput!) {
  instance(id: $id) { snapshots(first: 100) { pageInfo { hasNextPage } nodes {
    id type kind cause status takenAt restorable exportable restorability { until reasons } exportability { until reasons }
  } } }
  retentionPreview(input: $preview) { snapshots {
    kind cause takenAt restorable exportable restorableUntil exportableUntil
  } }
}`;

/** One instance of the trial, and what has been seen of it. */
export class Member {
  checks = 0;
  matched = 0;
  readonly missed = new Set<number>();
  readonly faults: string[] = [];
  /** The history as it stood at the first fault, to find out how that came. */
  before: readonly Happened[] = [];
  /** Snapshots that were seen to become exportable, to stop being it, and to leave the list. */
  readonly opened = new Set<string>();
  readonly closed = new Set<string>();
  readonly gone = new Set<string>();
  private listed = new Set<string>();

  constructor(
    readonly id: string,
    readonly createdAt: string,
    readonly row: RetentionRow,
    private readonly databaseUrl: string,
  ) {}

  /** Compares tab and preview, as one process answers both in one request. */
  async check(gateway: Gateway): Promise<void> {
    const { tier, version } = this.row;
    const before = await this.readHistory();
    const instants = (cause: string) =>
      before
        .filter((each) => each.cause === cause && each.takenAt !== null)
        .map((each) => new Date((cause === "ON_DEMAND" ? each.takenAt : each.slotAt) ?? 0).toISOString());
    const at = Date.now();
    const preview = {
      ...{ tier, version, createdAt: this.createdAt, at: new Date(at).toISOString() },
      ...{ onDemandAt: instants("ON_DEMAND"), systemChangeAt: instants("SYSTEM_CHANGE") },
    };
    const answer = await gateway.ask<{
      instance: { snapshots: { pageInfo: { hasNextPage: boolean }; nodes: Listed[] } };
      retentionPreview: { snapshots: Promised[] };
    }>(document, { id: this.id, preview });
    if (answer.instance.snapshots.pageInfo.hasNextPage) throw new Error("a page is too short for this trial");
    const nodes = answer.instance.snapshots.nodes.filter(({ status }) => status === "COMPLETED");
    const history = await this.readHistory();
    // Only what both reads of the history know: between them something may have been taken.
    const known = new Set(before.filter((each) => each.takenAt !== null).map(({ id }) => id));
    const told = compareTab(
      ...([this.row, at] as const),
      nodes
        .flatMap((each) => ({ ...each, id: parseIdOf("snapshot", each.id) ?? "" }))
        .filter(({ id }) => known.has(id)),
      answer.retentionPreview.snapshots,
      history,
    );
    this.checks++;
    this.matched += told.matched;
    for (const slot of told.missed) this.missed.add(slot);
    for (const fault of told.faults)
      this.faults.push(`${tier} ${version} at ${new Date(at).toISOString()}: ${fault}`);
    this.see(nodes);
  }

  private see(nodes: readonly Listed[]): void {
    const listed = new Set(nodes.map(({ id }) => id));
    for (const id of this.listed) if (!listed.has(id)) this.gone.add(id);
    this.listed = listed;
    for (const { id, exportable } of nodes) {
      if (exportable) this.opened.add(id);
      else if (this.opened.has(id)) this.closed.add(id);
    }
  }

  /** Every snapshot with its operation, whatever became of it. */
  readHistory(): Promise<Happened[]> {
    return readHistory(this.databaseUrl, parseIdOf("instance", this.id) ?? "");
  }
}

async function readHistory(url: string, instanceId: string): Promise<Happened[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<
      Record<string, Date | null> & { id: string; cause: string; status: string }
    >(
      `select s.id, s.cause, s.kind, s.status, s.slot_at, s.taken_at, min(o.created_at) as busy_from,
         max(coalesce(o.finished_at, 'infinity')) as busy_to
       from snapshots s join operations o on o.snapshot_id = s.id
       where s.instance_id = $1 group by s.id order by s.created_at`,
      [instanceId],
    );
    const ms = (value: unknown) =>
      value instanceof Date ? value.getTime() : value === null ? null : Infinity;
    return rows.map((row) => ({
      ...{
        id: row.id,
        cause: row.cause,
        status: row.status,
        kind: row["kind"] as unknown as Happened["kind"],
      },
      ...{ slotAt: ms(row["slot_at"]), takenAt: row.status === "COMPLETED" ? ms(row["taken_at"]) : null },
      ...{ busyFrom: ms(row["busy_from"]) ?? 0, busyTo: ms(row["busy_to"]) ?? Infinity },
    }));
  } finally {
    await client.end();
  }
}
