import * as modules from "node:module";
import { fileURLToPath } from "node:url";

const packagePath = "/node_modules/drizzle-orm/";

/**
 * Keeps what V8 makes of each module beside the modules themselves, where whoever may write there may write code anyhow;
 * where this process may not, every start compiles anew. And: Node looks into the package.json of each module's package to learn what kind of module it is, and drizzle-orm's, of 180 KB,
 * is parsed anew for each of its hundred files: a third of a start. Between themselves those files are ES modules all, which is
 * said here. An older Node, that cannot be told, starts more slowly.
 */
export function quickenModules(): void {
  modules.enableCompileCache(fileURLToPath(new URL("../.cache", import.meta.url)));
  // Node 22.12 does not have it yet.
  const { registerHooks } = modules as { registerHooks?: typeof modules.registerHooks };
  registerHooks?.({
    resolve(specifier, context, next) {
      const from = context.parentURL ?? "";
      const within = from.includes(packagePath) && from.endsWith(".js");
      if (!within || !specifier.startsWith(".") || !specifier.endsWith(".js"))
        return next(specifier, context);
      return { url: new URL(specifier, from).href, format: "module", shortCircuit: true };
    },
  });
}
