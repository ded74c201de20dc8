import { Field, ID, InputType, ObjectType } from "type-graphql";
import { AuditOutcomeEnum, RoleEnum } from "../api/enums.js";
import { FromRow } from "../api/from-row.js";
import { Node } from "../api/node.js";
import { DateTime } from "../api/scalars.js";
import type { AuditOutcome, Role } from "../db/enums.js";
import { toGlobalId } from "../ids.js";

@ObjectType({
  implements: Node,
  description: "One mutation that somebody sent: recorded with what it did, and never changed.",
})
export class AuditEvent extends Node {
  @FromRow((row: { id: string }) => toGlobalId("auditEvent", row.id))
  @Field(() => ID, { description: "Opaque, global, and never reused." })
  override id!: string;
  @Field(() => DateTime, { description: "When." }) at!: Date;
  @Field(() => String, { description: "The mutation's name, such as restoreSnapshot." }) action!: string;
  @Field(() => AuditOutcomeEnum, { description: "What came of it." }) outcome!: AuditOutcome;
  @Field(() => String, {
    nullable: true,
    description: "Why not: the names of the errors that were answered; null where it was granted.",
  })
  reason?: string | null;
  @Field(() => String, {
    description:
      "Who: an API key's id, `oidc|` and the subject of a token, or `operator`: whoever may run commands on the service's machine.",
  })
  keyId!: string;
  @Field(() => String, { description: "Name of the key, or of the token's bearer, at that time." })
  keyName!: string;
  @Field(() => RoleEnum, { description: "What they could do at that time." }) role!: Role;
  @Field(() => String, { nullable: true, description: "Network address of the other end of the connection." })
  address?: string | null;
  @Field(() => String, { nullable: true, description: "What the client called itself." })
  userAgent?: string | null;
  @Field(() => ID, {
    nullable: true,
    description:
      "What was acted upon; of a request that was refused what it named, whether or not there is such a thing.",
  })
  objectId?: string | null;
  @Field(() => ID, { nullable: true, description: "The operation that was started." })
  operationId?: string | null;
}

@InputType({ description: "Which events to list; all that is given must hold." })
export class AuditFilter {
  @Field(() => String, { nullable: true, description: "Only this mutation." }) action?: string | null;
  @Field(() => AuditOutcomeEnum, { nullable: true, description: "Only this outcome." })
  outcome?: AuditOutcome | null;
  @Field(() => ID, {
    nullable: true,
    description: "Only by this key (its id), or who else it was (as keyId has it).",
  })
  keyId?: string | null;
  @Field(() => ID, { nullable: true, description: "Only what was done to this, or started this operation." })
  objectId?: string | null;
  @Field(() => DateTime, { nullable: true, description: "Only from this instant on." }) since?: Date | null;
  @Field(() => DateTime, { nullable: true, description: "Only before this instant." }) until?: Date | null;
}
