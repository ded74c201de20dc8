import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { connectionTypes, listKey, PageArgs, parsePage, toConnection } from "../api/connection.js";
import { requireRole, type Context } from "../api/context.js";
import { isUuid, parseIdOf, toGlobalId } from "../ids.js";
import { AuditEvent, AuditFilter } from "./audit.type.js";
import { type AuditEventRow, countAuditEvents, listAuditEvents } from "./audit.queries.js";

const AuditEventConnection = connectionTypes("AuditEvent", () => AuditEvent);

/** Keys have their row's id in the log; to the outside they are named as everywhere. Others have no row: tokens, and operators. */
const rowKeyId = (id: string) => parseIdOf("apiKey", id) ?? id;
const publicKeyId = (id: string) => (isUuid(id) ? toGlobalId("apiKey", id) : id);

@Resolver(() => AuditEvent)
export class AuditResolver {
  @Query(() => AuditEventConnection, {
    description:
      "What anybody of the project has done by mutations, was refused, or met a fault at; newest first. ADMIN.",
  })
  async auditLog(
    @Ctx() context: Context,
    @Args(() => PageArgs) args: PageArgs,
    @Arg("filter", () => AuditFilter, { nullable: true, description: "Which of them." })
    filter?: AuditFilter,
  ) {
    const viewer = requireRole(context, "ADMIN");
    const key = listKey("auditLog", viewer.projectId, filter);
    const wanted = { ...filter, keyId: filter?.keyId && rowKeyId(filter.keyId) };
    return toConnection(
      await listAuditEvents(context.db, viewer, parsePage(args, key), wanted),
      key,
      (row) => row.at,
      () => countAuditEvents(context.db, viewer, wanted),
    );
  }

  @FieldResolver(() => String)
  keyId(@Root() row: AuditEventRow) {
    return publicKeyId(row.keyId);
  }
}
