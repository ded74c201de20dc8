import type { InstanceRow } from "../instances/instances.queries.js";

type Place = Pick<InstanceRow, "cloudProvider" | "region" | "projectId" | "id">;
interface Attempt {
  /** The operation's id. */
  readonly id: string;
  readonly number: number;
}

/** Where an instance's objects lie: under its provider and region, never elsewhere (policy.md, "Actions"). */
const prefixOf = (instance: Place): string =>
  `${instance.cloudProvider.toLowerCase()}/${instance.region}/${instance.projectId}/${instance.id}/`;

/** Each attempt writes under a key of its own, so that a stalled worker and its replacement never meet. */
export const artifactKeyOf = (instance: Place, snapshotId: string, attempt: Attempt): string =>
  `${prefixOf(instance)}snapshots/${snapshotId}/${attempt.id}-${attempt.number}/`;

export const exportKeyOf = (instance: Place, attempt: Attempt): string =>
  `${prefixOf(instance)}exports/${attempt.id}-${attempt.number}`;

/** The artifact or export to which a stored object belongs; undefined for what was never written by an operation. */
export function parseObjectKey(
  key: string,
): { readonly key: string; readonly operationId: string } | undefined {
  const found = /^.*\/(?:snapshots\/[^/]+\/([0-9a-f-]{36})-\d+\/|exports\/([0-9a-f-]{36})-\d+$)/.exec(key);
  const operationId = found?.[1] ?? found?.[2];
  return found && operationId !== undefined ? { key: found[0], operationId } : undefined;
}
