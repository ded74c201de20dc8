import createInstance from "./examples/create-instance.graphql?raw";
import followProject from "./examples/follow-project.graphql?raw";
import instances from "./examples/instances.graphql?raw";
import progress from "./examples/progress.graphql?raw";
import restoreSnapshot from "./examples/restore-snapshot.graphql?raw";
import takeSnapshot from "./examples/take-snapshot.graphql?raw";

const tab = (query: string, variables?: object) => ({
  query: query.trim(),
  variables: variables ? JSON.stringify(variables, null, 2) : null,
  headers: null,
});

/** The tabs of a first visit, in the order in which a newcomer would use them. */
export const examples = [
  tab(instances),
  tab(createInstance, {
    input: {
      name: "first",
      tier: "PROFESSIONAL",
      version: "V5",
      cloudProvider: "AWS",
      region: "eu-west-1",
    },
  }),
  tab(followProject),
  tab(takeSnapshot, { input: { instanceId: "INSTANCE_ID", name: "before the change" } }),
  tab(progress, { operationId: "OPERATION_ID" }),
  tab(restoreSnapshot, { input: { snapshotId: "SNAPSHOT_ID", confirmation: "RESTORE" } }),
];
