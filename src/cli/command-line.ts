import { Command, Option } from "commander";
import { demoVariables } from "../config/demo.js";
import type { DemoOptions } from "./demo/demo-command.js";
import { describeFailure } from "./failure.js";
import type { CreateKeyOptions } from "./keys-command.js";
import type { OrphanOptions } from "./orphans-command.js";

/** Parses the arguments and runs one command. Every failure ends as one line and exit status 1. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  try {
    await commandLine().parseAsync(argv);
  } catch (error) {
    console.error(`daguerre: ${describeFailure(error)}`);
    process.exitCode = 1;
    // What a failed start left open must not keep a failed command alive.
    process.exit();
  }
}

// Each command is loaded when it is called: `config` and `open` need neither GraphQL nor Postgres.
function commandLine(): Command {
  const program = new Command("daguerre").description(
    "Snapshots for graph databases, behind a GraphQL gateway",
  );
  program
    .command("up", { isDefault: true })
    .description("start everything: database, first project and key, API and worker")
    .action(async () => (await import("./up-command.js")).runUp());
  program
    .command("config")
    .description("list the configuration: what is set, and to what")
    .action(async () => (await import("./config-command.js")).printConfig());
  program
    .command("policy")
    .description("print the retention table in force, as a file for DAGUERRE_POLICY_FILE")
    .action(async () => (await import("./policy-command.js")).printRetention());
  program
    .command("migrate")
    .description("bring the database that DATABASE_URL names up to date, then end")
    .action(async () => (await import("./migrate-command.js")).runMigrate());
  program
    .command("orphans")
    .description("list files that no row of the database names, and when they will go")
    .option("--remove", "remove now those whose grace is over")
    .option("--unknown", "with --remove: also those that this database has never heard of")
    .action(async (options: OrphanOptions) => (await import("./orphans-command.js")).runOrphans(options));
  program
    .command("replace-master-key")
    .description("where the master key is lost for good: take the one in its file, or a new one, from now on")
    .action(async () => (await import("./master-key-command.js")).replaceKey());
  const keys = program.command("keys").description("API keys, for operators of this machine");
  const project = ["-p, --project <project>", "its name or id, where there are several"] as const;
  keys
    .command("list")
    .description("all keys of a project")
    .option(...project)
    .action(async (options: { project?: string }) => (await import("./keys-command.js")).listKeys(options));
  keys
    .command("create")
    .description("make a key and print it")
    .requiredOption("-n, --name <name>", "what to call it")
    .option("-r, --role <role>", "VIEWER, MEMBER or ADMIN", "VIEWER")
    .option("-e, --expires <instant>", "when it ends by itself, such as 2027-01-31T12:00:00Z")
    .option(...project)
    .action(async (options: CreateKeyOptions) => (await import("./keys-command.js")).createKey(options));
  keys
    .command("revoke")
    .description("end a key at once")
    .argument("<id>", "its id, as 'keys list' shows it")
    .option(...project)
    .action(async (id: string, options: { project?: string }) =>
      (await import("./keys-command.js")).revokeKey(id, options),
    );
  program
    .command("open")
    .description("open an exported file offline")
    .argument("<file>", "a .backup or .dump file")
    .option("-q, --query <cypher>", "run one statement and print a table")
    .action(async (file: string, options: { query?: string }) =>
      (await import("./offline/open-command.js")).openFile(file, options),
    );
  program
    .command("demo")
    .description("the tour: real data, snapshots, restore, export, compared at every step")
    .addOption(new Option("--url <url>", "the GraphQL address of a running service").env(demoVariables.url))
    .addOption(new Option("--key <key>", "its API key").env(demoVariables.key))
    .option("--keep <file>", "leave the exported file there")
    .action(async (options: DemoOptions) => (await import("./demo/demo-command.js")).runDemo(options));
  return program;
}
