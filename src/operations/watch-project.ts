import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Database } from "../db/client.js";
import { instances } from "../db/tables/index.js";
import { type EventBus, mayBeOf } from "../events/event-bus.js";
import { type News, Watch } from "../events/watch.js";
import type { Scope } from "../projects/viewer.js";

/** What changed, by row ids; whoever hears it reads the rest. */
export interface ProjectNotice {
  readonly subject: "INSTANCE" | "SNAPSHOT" | "OPERATION";
  readonly instanceId: string;
  /** The snapshot or the operation; of an instance its own id. */
  readonly id: string;
}

const subjects = { instance: "INSTANCE", snapshot: "SNAPSHOT", operation: "OPERATION" } as const;

/**
 * Every instance as it stands, then every change in the scope's project. A notice that does not say in which project it
 * happened has its instance looked up, once. After a lost connection every instance is told again: anything may have changed.
 */
export function watchProject(
  { db, events }: { readonly db: Database; readonly events: EventBus },
  scope: Scope,
): Watch<ProjectNotice> {
  const known = new Map<string, boolean>();
  const isOwn = async (instanceId: string): Promise<boolean> => {
    const answer = known.get(instanceId) ?? (await hasInstance(db, scope, instanceId));
    known.set(instanceId, answer);
    return answer;
  };
  const tell = (...notices: readonly ProjectNotice[]): News<ProjectNotice> => ({
    told: notices.map((value) => ({ value })),
  });
  const tellAll = async () => {
    const ids = await listInstanceIds(db, scope);
    return tell(...ids.map((id) => ({ subject: "INSTANCE" as const, instanceId: id, id })));
  };
  return new Watch({
    listen: (signal) => events.listen((event) => mayBeOf(scope.projectId, event), signal),
    standing: tellAll,
    async after(message) {
      if (message.topic === "RESYNC") return tellAll();
      if (message.topic === "apiKey") return tell();
      const instanceId = message.topic === "instance" ? message.id : message.instanceId;
      if (message.projectId === undefined && !(await isOwn(instanceId))) return tell();
      return tell({ subject: subjects[message.topic], instanceId, id: message.id });
    },
  });
}

async function hasInstance(db: Database, scope: Scope, id: string): Promise<boolean> {
  const own = and(eq(instances.projectId, scope.projectId), inArray(instances.id, [id]));
  return (await db.select({ id: instances.id }).from(instances).where(own)).length > 0;
}

async function listInstanceIds(db: Database, scope: Scope): Promise<string[]> {
  const live = and(eq(instances.projectId, scope.projectId), isNull(instances.deletedAt));
  return (await db.select({ id: instances.id }).from(instances).where(live)).map((row) => row.id);
}
