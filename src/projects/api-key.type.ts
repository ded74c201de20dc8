import { Field, ID, ObjectType } from "type-graphql";
import { RoleEnum } from "../api/enums.js";
import { FromRow } from "../api/from-row.js";
import { Node } from "../api/node.js";
import { DateTime } from "../api/scalars.js";
import type { Role } from "../db/enums.js";
import { toGlobalId } from "../ids.js";

@ObjectType({
  implements: Node,
  description: "What a client proves itself with; the secret is shown once, when it is made.",
})
export class ApiKey extends Node {
  @FromRow((row: { id: string }) => toGlobalId("apiKey", row.id))
  @Field(() => ID, { description: "Opaque, global, and never reused." })
  override id!: string;
  @Field(() => String, { description: "Its name." }) name!: string;
  @Field(() => RoleEnum, { description: "What it may do." }) role!: Role;
  @Field(() => String, { description: "Its first characters, to recognise it by." }) prefix!: string;
  @Field(() => DateTime, { description: "When it was made." }) createdAt!: Date;
  @Field(() => DateTime, { nullable: true, description: "When it ends by itself; null: never." })
  expiresAt?: Date | null;
  @Field(() => DateTime, {
    nullable: true,
    description: "When it was last used, to the minute or so; null: never.",
  })
  lastUsedAt?: Date | null;
  @Field(() => DateTime, { nullable: true, description: "When it was revoked; null: it was not." })
  revokedAt?: Date | null;
}
