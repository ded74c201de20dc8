// The arrows of the house (ARCHITECTURE.md): main → app → api → features → technical rooms → db → config.
const folder = (...names) => `^src/(${names.join("|")})/`;
const forbid = (name, from, to, comment) => ({ name, severity: "error", comment, from, to });

/** Pure rules: they take `now` as an argument and import nothing that could read a clock or a database. */
const rules =
  "^src/(snapshots/(retention|retention-table|schedule|slot-decision|condition|eligibility|preview|preview-history|preview-holds)|instances/placement)\\.ts$";

module.exports = {
  forbidden: [
    forbid("no-cycles", {}, { circular: true }, "A cycle is two rooms that are really one."),
    forbid("main-is-the-top", { pathNot: "^src/main\\.ts$" }, { path: "^src/main\\.ts$" }),
    forbid(
      "app-is-below-main-only",
      { pathNot: "^src/(main\\.ts|app/|cli/)|^test/|^bench/" },
      { path: folder("app") },
    ),
    forbid("cli-is-below-main-only", { pathNot: "^src/(main\\.ts|cli/)|^test/" }, { path: folder("cli") }),
    forbid(
      "api-is-above-features",
      {
        path: folder(
          "audit",
          "projects",
          "instances",
          "snapshots",
          "operations",
          "webhooks",
          "jobs",
          "events",
          "engines",
          "artifacts",
          "db",
          "config",
          "telemetry",
        ),
        pathNot: "\\.(resolver|type|input|subscription|loader)\\.ts$",
      },
      { path: folder("api") },
      "Only a feature's GraphQL files may use the edge's vocabulary (scalars, connections, errors).",
    ),
    forbid(
      "the-fast-path-has-one-door",
      { pathNot: "^src/api/fast-path/|^test/" },
      { path: "^src/api/fast-path/", pathNot: "^src/api/fast-path/fast-path\\.ts$" },
    ),
    forbid(
      "operations-are-the-top-feature",
      { path: folder("projects", "instances", "snapshots") },
      { path: folder("operations") },
    ),
    forbid(
      "webhooks-are-above-operations",
      { path: folder("projects", "instances", "snapshots", "operations") },
      { path: folder("webhooks") },
      "They hear of what features do; no feature knows of them.",
    ),
    forbid(
      "snapshots-above-instances",
      { path: folder("projects", "instances") },
      { path: folder("snapshots") },
    ),
    forbid("instances-above-projects", { path: folder("projects") }, { path: folder("instances") }),
    forbid(
      "audit-below-all-features",
      { path: folder("audit") },
      { path: folder("projects", "instances", "snapshots", "operations", "jobs", "events", "engines") },
      "Every feature records what it does; so the log knows of none.",
    ),
    forbid(
      "technical-rooms-know-no-feature",
      { path: folder("jobs", "events", "engines", "artifacts", "db", "config", "telemetry") },
      { path: folder("api", "audit", "projects", "instances", "snapshots", "operations", "webhooks", "app") },
    ),
    forbid(
      "db-is-the-floor",
      { path: folder("db") },
      { path: folder("jobs", "events", "engines", "artifacts") },
    ),
    forbid("config-imports-nothing", { path: folder("config") }, { path: "^src/(?!config/)" }),
    forbid(
      "console-stands-alone",
      { path: folder("console") },
      { path: "^src/(?!console/)" },
      "The page speaks GraphQL, and knows no more of the service than any other client.",
    ),
    forbid(
      "console-is-served-by-app",
      { path: "^src/(?!app/|console/)" },
      { path: folder("console") },
      "No feature and no command knows of the page.",
    ),
    forbid("client-stands-alone", { path: folder("client") }, { path: "^src/(?!client/)" }),
    forbid("rules-are-pure", { path: rules }, { pathNot: `${rules}|^src/db/enums\\.ts$` }),
    forbid(
      "use-cases-know-no-graphql",
      { path: "^src/[a-z]+/(request-|[a-z-]+\\.(job|queries)\\.ts)" },
      { path: "type-graphql|/graphql/|\\.type\\.ts$|\\.input\\.ts$" },
    ),
    forbid("no-tests-in-the-product", { path: "^src/" }, { path: "^(test|bench)/" }),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
