import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { requestScheduledSnapshot, findEmbeddedUrl } from "./differential.js";
import { connectGateway, type Gateway, type OperationState, readOperation, start } from "./gateway.js";
import { findLeftovers, findRetried } from "./leftovers.js";
import { type ServiceProcess, startServiceProcess } from "./service-process.js";
import { Writer } from "./writer.js";

const key = "kill-test-key-0123456789";
/** FREE has no schedule of its own, which would keep its instances busy. */
const place = { tier: "FREE", version: "V5", cloudProvider: "AWS", region: "eu-west-1" };
/** What a killed process leaves goes with the next sweep, so that a round can see that it goes. */
const environmentOf = (home: string) => ({
  DAGUERRE_HOME: home,
  DAGUERRE_BOOTSTRAP_KEY: key,
  DAGUERRE_ORPHAN_GRACE_MINUTES: "0",
});
const ended = new Set(["SUCCEEDED", "FAILED", "CANCELED"]);

/** A service with instances in it that is killed, started again and looked at, round after round. */
export class KilledService {
  private constructor(
    private readonly home: string,
    private process: ServiceProcess,
    private gateway: Gateway,
  ) {}

  static async start(home: string): Promise<KilledService> {
    const process = await startServiceProcess(environmentOf(home));
    return new KilledService(home, process, connectGateway(process.url, key));
  }

  /** Waits for whatever is at work, in turn with the service's own snapshots, until the mutation is accepted. */
  private async begin(name: string, input: Record<string, unknown>) {
    for (;;) {
      const started = await start(this.gateway, name, input);
      if (started.operation) return { ...started, operation: started.operation };
      const [error] = started.errors;
      if (error?.__typename !== "InstanceBusyError") throw new Error(`${name}: ${error?.message}`);
      await delay(100);
    }
  }

  private async waitFor(id: string): Promise<OperationState> {
    for (;;) {
      const state = await readOperation(this.gateway, id);
      if (ended.has(state.status)) return state;
      await delay(200);
    }
  }

  private async done(name: string, input: Record<string, unknown>) {
    const started = await this.begin(name, input);
    const state = await this.waitFor(started.operation.id);
    if (state.status !== "SUCCEEDED") throw new Error(`${name} ended as ${JSON.stringify(state)}`);
    return started;
  }

  private async scheduled(instanceId: string): Promise<string> {
    for (;;) {
      const id = await requestScheduledSnapshot(await findEmbeddedUrl(this.home), instanceId);
      if (id !== undefined) return id;
      await delay(100);
    }
  }

  /** One instance with marks, a full snapshot of them, and the base for a differential. */
  private async populate(name: string, tier: string) {
    const made = await this.done("createInstance", { ...place, tier, name });
    const instanceId = made.instance?.id ?? "";
    const writer = new Writer(this.gateway, instanceId);
    await writer.prepare();
    await writer.write(60);
    if (tier !== "FREE") await this.waitFor(await this.scheduled(instanceId));
    const taken = await this.done("takeSnapshot", { instanceId, name: "base" });
    return { instanceId, writer, snapshotId: taken.snapshot?.id ?? "", base: await writer.read() };
  }

  /**
   * Begins an operation of every kind in an order of the round's own, kills the service at an instant of its own, starts
   * it again, waits until everything has ended, and answers all that is not as it should be.
   */
  async round(number: number, random: () => number): Promise<string[]> {
    const [restored, taken] = [
      await this.populate(`restored-${number}`, "FREE"),
      await this.populate(`taken-${number}`, "BUSINESS_CRITICAL"),
    ];
    const doomed = (await this.done("createInstance", { ...place, name: `doomed-${number}` })).instance?.id;
    const begun = new Map<string, string>();
    const made = new Map<string, string>();
    const requests: [string, () => Promise<string>][] = [
      [
        "restore",
        async () =>
          this.note("restoreSnapshot", { snapshotId: restored.snapshotId, confirmation: "RESTORE" }),
      ],
      ["full", async () => this.note("takeSnapshot", { instanceId: taken.instanceId })],
      ["differential", () => this.scheduled(taken.instanceId)],
      ["export", async () => this.note("exportSnapshot", { snapshotId: taken.snapshotId })],
      ["create", async () => this.note("createInstance", { ...place, name: `made-${number}` }, made)],
      [
        "copy",
        async () =>
          this.note(
            "createInstanceFromSnapshot",
            { snapshotId: taken.snapshotId, name: `copy-${number}` },
            made,
          ),
      ],
      [
        "delete",
        async () => this.note("deleteInstance", { instanceId: doomed, confirmation: `doomed-${number}` }),
      ],
    ];
    // Full and differential want the same instance: one of them waits for the other, or is never asked for.
    const order = requests.sort(() => random() - 0.5);
    for (const { writer } of [restored, taken]) writer.begin();
    const killAfterMs = Math.floor(random() * 2000);
    const asking = (async () => {
      for (const [name, request] of order) begun.set(name, await request());
    })().catch(() => undefined);
    await delay(killAfterMs);
    await this.process.kill();
    await asking;
    await this.restart([restored.writer, taken.writer]);

    const states = new Map<string, OperationState>();
    for (const [name, id] of begun) states.set(name, await this.waitFor(id));
    for (const { writer } of [restored, taken]) await writer.end();
    const faults: string[] = [];
    for (const [name, state] of states) {
      if (state.status === "CANCELED") faults.push(`${name} was canceled`);
      if (state.status === "FAILED" && state.failure === null) faults.push(`${name} failed without a code`);
      // A kill has codes of its own; this one is a fault of ours.
      if (state.failure?.code === "INTERNAL") faults.push(`${name} failed by a fault of ours`);
      if ((state.percent === 100) !== (state.status === "SUCCEEDED"))
        faults.push(`${name} is ${state.percent} %`);
    }
    const restore = states.get("restore");
    const present = await restored.writer.read();
    if (restore?.status === "SUCCEEDED") {
      const finishedAt = Date.parse(restore.finishedAt ?? "");
      faults.push(
        ...restored.writer.findMixed(present, restored.base, finishedAt).map((each) => `restore: ${each}`),
      );
    } else {
      const lost = restored.writer.findLost(present);
      if (lost.length > 0) faults.push(`no restore, yet acknowledged writes are gone: ${lost.join()}`);
    }
    const lost = taken.writer.findLost(await taken.writer.read());
    if (lost.length > 0) faults.push(`acknowledged writes are gone: ${lost.join()}`);
    const copyId = made.get("createInstanceFromSnapshot");
    if (copyId !== undefined && states.get("copy")?.status === "SUCCEEDED") {
      const copy = await new Writer(this.gateway, copyId).read();
      if (copy.size !== taken.base.size)
        faults.push(`the copy has ${copy.size} marks, not ${taken.base.size}`);
    }
    faults.push(...(await checkDownload(states.get("export"))));
    faults.push(...(await this.settle()));
    const again = await findRetried(await findEmbeddedUrl(this.home), [...begun.values()]);
    const told = [...states].map(
      ([name, { id, status, failure }]) =>
        `${name} ${failure?.code ?? status}${again.has(id) ? " (was interrupted)" : ""}`,
    );
    console.log(
      `  killed after ${killAfterMs} ms; ${order.length - begun.size} not asked; ${told.join(", ")}`,
    );
    return faults;
  }

  /** The service's own scheduled snapshots may be at work at any time; what stays is a leftover. */
  private async settle(): Promise<string[]> {
    for (let tries = 0; ; tries++) {
      const leftovers = await findLeftovers(this.home, await findEmbeddedUrl(this.home));
      if (leftovers.length === 0 || tries === 100) return leftovers;
      await delay(300);
    }
  }

  private async note(
    name: string,
    input: Record<string, unknown>,
    made?: Map<string, string>,
  ): Promise<string> {
    const { operation, instance } = await this.begin(name, input);
    if (instance) made?.set(name, instance.id);
    return operation.id;
  }

  private async restart(writers: readonly Writer[]): Promise<void> {
    this.process = await startServiceProcess(environmentOf(this.home));
    this.gateway = connectGateway(this.process.url, key);
    for (const writer of writers) writer.moveTo(this.gateway);
  }

  stop(): Promise<number | null> {
    return this.process.stop();
  }

  output(): string {
    return this.process.output();
  }
}

async function checkDownload(state: OperationState | undefined): Promise<string[]> {
  if (state?.status !== "SUCCEEDED") return [];
  if (!state.download) return ["a finished export has no download"];
  const response = await fetch(state.download.url);
  const digest = createHash("sha256")
    .update(Buffer.from(await response.arrayBuffer()))
    .digest("hex");
  return digest === state.download.sha256
    ? []
    : [`the export's file is not what was promised (${response.status})`];
}
