// Lets Node run the sources as they stand: they name their imports as they are called once compiled.
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    const isOurs = specifier.startsWith(".") && !context.parentURL?.includes("/node_modules/");
    return next(isOurs ? specifier.replace(/\.js$/, ".ts") : specifier, context);
  },
});
