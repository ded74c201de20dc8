import type { SecretBox } from "../artifacts/secret-box.js";
import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import type { NewId } from "../ids.js";
import type { JobQueue } from "../jobs/job-queue.js";
import type { TargetRules } from "./target-address.js";

/** What the composition root gives to webhooks' use cases. */
export interface WebhookParts {
  readonly wrapper: SecretBox;
  readonly jobs: Pick<JobQueue, "revive">;
  readonly rules: TargetRules;
  /** Webhooks that a project may have. */
  readonly mostWebhooks: number;
}

export interface WebhookContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly randomBytes: (size: number) => Buffer;
  readonly webhooks: WebhookParts;
}
