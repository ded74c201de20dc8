import type { Artifacts } from "../artifacts/artifact.js";
import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import type { OperationKind } from "../db/enums.js";
import type { Engine } from "../engines/engine.js";
import type { EventBus } from "../events/event-bus.js";
import type { RetentionTable } from "../snapshots/retention.js";

/** What jobs need; the composition root fills it. */
export interface WorkContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly events: EventBus;
  readonly policy: RetentionTable;
  readonly artifacts: Artifacts;
  /** The driver of that name. */
  engine(name: string): Engine;
  /** How long a download link lives, in milliseconds. */
  readonly exportLifetimeMs: number;
  /** Told when this process has ended an operation and the end is committed. */
  readonly onEnded?: (kind: OperationKind, outcome: "SUCCEEDED" | "FAILED" | "CANCELED") => void;
}
