import { Field, ID, InputType } from "type-graphql";
import { RoleEnum } from "../api/enums.js";
import { DateTime } from "../api/scalars.js";
import type { Role } from "../db/enums.js";

@InputType({ description: "A new key of the project." })
export class CreateApiKeyInput {
  @Field(() => String, { description: "A name of 1 to 100 characters." }) name!: string;
  @Field(() => RoleEnum, { description: "What it may do." }) role!: Role;
  @Field(() => DateTime, { nullable: true, description: "When it ends by itself; must lie ahead." })
  expiresAt?: Date | null;
}

@InputType({ description: "Which key to end." })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: "The key's id, not the key itself." }) keyId!: string;
}
