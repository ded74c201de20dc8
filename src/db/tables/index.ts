export { apiKeys, projects } from "./projects.js";
export { instances } from "./instances.js";
export { holds, snapshots } from "./snapshots.js";
export { slots } from "./slots.js";
export { operations } from "./operations.js";
export { policies } from "./policies.js";
export { exports_ } from "./exports.js";
export { auditEvents } from "./audit-events.js";
export * from "./columns.js";
