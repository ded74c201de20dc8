import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { formatTable } from "../../src/cli/table.js";
import { readEnv } from "../../src/config/env.js";
import { printPolicy } from "../../src/snapshots/policy-file.js";
import { createTestDatabase } from "../support/database.js";
import { connectGateway, type Gateway, start } from "./gateway.js";
import { findLeftovers } from "./leftovers.js";
import { buildService, type ServiceProcess, startServiceProcess } from "./service-process.js";
import { Member } from "./trial/member.js";
import { shortenPolicy } from "./trial/trial-policy.js";

/** `npm run trial` lives for ten minutes; TRIAL_MINUTES says another time, TRIAL_SECONDS_PER_HOUR another speed. */
const env = readEnv();
const minutes = Number(env["TRIAL_MINUTES"] ?? 0);
const policy = shortenPolicy(Number(env["TRIAL_SECONDS_PER_HOUR"] ?? 6));
const key = randomBytes(16).toString("hex");

describe.skipIf(minutes === 0)("two processes over one Postgres, with a day of some minutes", () => {
  test(
    "list what the preview promises, all the while, also when one is killed and comes back",
    async () => {
      await buildService();
      const home = await mkdtemp(join(tmpdir(), "dag-trial-"));
      const database = await createTestDatabase();
      const file = join(home, "policy.json");
      await writeFile(file, printPolicy(policy));
      const launch = () =>
        startServiceProcess({
          ...{ DAGUERRE_HOME: home, DAGUERRE_BOOTSTRAP_KEY: key, DATABASE_URL: database.url },
          ...{ DAGUERRE_POLICY_FILE: file, DAGUERRE_ORPHAN_GRACE_MINUTES: "0" },
        });
      const processes: (ServiceProcess | undefined)[] = [await launch(), await launch()];
      const gateways = (): Gateway[] =>
        processes.flatMap((each) => (each ? connectGateway(each.url, key) : []));
      try {
        const members = await createFleet(gateways(), database.url);
        const from = Date.now();
        const share = () => (Date.now() - from) / (minutes * 60_000);
        const events = new TimeTable([
          ...[0.1, 0.35, 0.6, 0.85].map((at) => [at, () => takeAll(gateways(), members)] as const),
          [0.25, () => reportChange(gateways(), members)],
          [0.45, () => kill(processes)],
          [0.55, async () => void (processes[0] = await launch())],
        ]);
        for (let turn = 0; share() < 1; turn++) {
          await events.run(share());
          const answering = gateways();
          const member = members[turn % members.length];
          await member?.check(answering[turn % answering.length] as Gateway);
          await delay(250);
        }
        const leftovers = await settle(home, database.url);
        const purged = await countPurged(database.db.$client);
        print(members, purged);
        for (const { before } of members) if (before.length > 0) console.log(before);
        expect(members.flatMap((member) => member.faults)).toEqual([]);
        expect(leftovers).toEqual([]);
        expect(await findSlotsTwice(database.db.$client)).toEqual([]);
        for (const member of members) {
          expect(member.opened.size, member.row.tier).toBeGreaterThan(0);
          expect(member.closed.size + member.gone.size, member.row.tier).toBeGreaterThan(0);
        }
        expect(purged.late).toBe(0);
        expect(purged.gone).toBeGreaterThan(0);
        for (const each of processes) expect(await each?.stop()).toBe(0);
      } finally {
        for (const each of processes) await each?.stop();
        console.log(processes.map((each) => each?.output() ?? "").join("\n"));
        await database.drop();
        await rm(home, { recursive: true, force: true });
      }
    },
    minutes * 60_000 + 300_000,
  );
});

/** Things to do, each once, when their share of the time has passed. */
class TimeTable {
  constructor(private readonly entries: (readonly [at: number, act: () => Promise<unknown>])[]) {}
  async run(share: number): Promise<void> {
    for (const entry of this.entries.filter(([at]) => at <= share)) {
      this.entries.splice(this.entries.indexOf(entry), 1);
      await entry[1]();
    }
  }
}

const any = (gateways: readonly Gateway[]): Gateway => gateways.at(-1) as Gateway;

async function createFleet(gateways: readonly Gateway[], url: string): Promise<Member[]> {
  const members: Member[] = [];
  for (const [index, row] of policy.rows.entries()) {
    const { tier, version } = row;
    const input = { tier, version, name: `${tier} ${version}`, cloudProvider: "AWS", region: "eu-west-1" };
    const gateway = gateways[index % gateways.length] as Gateway;
    const id = (await start(gateway, "createInstance", input)).instance?.id ?? "";
    const read = "query ($id: ID!) { instance(id: $id) { createdAt } }";
    const { instance } = await gateway.ask<{ instance: { createdAt: string } }>(read, { id });
    members.push(new Member(id, instance.createdAt, row, url));
  }
  return members;
}

/** What users do; an instance that is at work at the moment says so, and is left alone. */
async function takeAll(gateways: readonly Gateway[], members: readonly Member[]): Promise<void> {
  for (const { id } of members) await start(any(gateways), "takeSnapshot", { instanceId: id });
}

async function reportChange(gateways: readonly Gateway[], members: readonly Member[]): Promise<void> {
  const document = `mutation ($input: ReportSystemChangeInput!) {
    reportSystemChange(input: $input) { errors { ... on UserError { message } } } }`;
  for (const { id } of members) await any(gateways).ask(document, { input: { instanceId: id } });
}

async function kill(processes: (ServiceProcess | undefined)[]): Promise<void> {
  await processes[0]?.kill();
  processes[0] = undefined;
}

/** Scheduled snapshots go on; what stays through all looks is left over. */
async function settle(home: string, url: string): Promise<string[]> {
  let left = await findLeftovers(home, url);
  for (let looks = 0; left.length > 0 && looks < 300; looks++) {
    await delay(300);
    const now = new Set(await findLeftovers(home, url));
    left = left.filter((each) => now.has(each) && !each.startsWith("unfinished"));
  }
  return left;
}

type Client = Awaited<ReturnType<typeof createTestDatabase>>["db"]["$client"];

/** Artifacts that have gone, and those that should have: more than a sweep and a half ago. */
async function countPurged(client: Client): Promise<{ gone: number; late: number }> {
  const { rows } = await client.query<{ gone: number; late: number }>(
    `select count(*) filter (where artifact_removed_at is not null)::int as gone,
       count(*) filter (where artifact_state in ('PRESENT', 'PURGED') and artifact_removed_at is null
         and purge_check_at < now() - interval '100 seconds')::int as late from snapshots`,
  );
  return rows[0] ?? { gone: 0, late: 0 };
}

async function findSlotsTwice(client: Client): Promise<unknown[]> {
  const { rows } = await client.query<Record<string, unknown>>(
    `select instance_id, cause, slot_at from snapshots where slot_at is not null and cause <> 'ON_DEMAND'
     group by 1, 2, 3 having count(*) > 1`,
  );
  return rows;
}

function print(members: readonly Member[], purged: { gone: number; late: number }): void {
  const rows = members.map((member) => {
    const { tier, version } = member.row;
    const { checks, matched, opened, closed, gone, missed, faults } = member;
    return [
      `${tier} ${version}`,
      ...[checks, matched, opened.size, closed.size, gone.size, missed.size, faults.length].map(String),
    ];
  });
  const fields = [
    "instance",
    "checks",
    "rows as promised",
    "exportable",
    "closed",
    "left the list",
    "slots while busy",
    "faults",
  ];
  console.log(
    `${minutes} minutes, an hour of the policy in ${policy.rows[0]!.hourMs / 1000} s\n${formatTable(fields, rows)}`,
  );
  console.log(`artifacts gone: ${purged.gone}, overdue: ${purged.late}`);
}
