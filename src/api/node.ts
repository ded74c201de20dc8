import { Field, ID, InterfaceType } from "type-graphql";

const operationTypes = {
  SNAPSHOT: "SnapshotOperation",
  RESTORE: "RestoreOperation",
  EXPORT: "ExportOperation",
  CREATE_INSTANCE: "CreateInstanceOperation",
  DELETE_INSTANCE: "DeleteInstanceOperation",
} as const;

/** Rows carry no type name: what a row must have tells which type it is. */
export function typeNameOf(row: object): string {
  if ("secretSha256" in row) return "ApiKey";
  if ("outcome" in row) return "AuditEvent";
  if ("wrappedSecret" in row) return "Webhook";
  if ("subjectId" in row) return "WebhookDelivery";
  if ("phase" in row) return operationTypes[(row as unknown as { kind: keyof typeof operationTypes }).kind];
  return "takenAt" in row ? "Snapshot" : "Instance";
}

@InterfaceType({ description: "Anything with a global id.", resolveType: typeNameOf })
export abstract class Node {
  @Field(() => ID, { description: "Opaque, global, and never reused." }) id!: string;
}
