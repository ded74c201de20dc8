import { majorVersions } from "../db/enums.js";
import type { Engine } from "./engine.js";

type Methods = { [K in keyof Engine as Engine[K] extends (...args: never[]) => unknown ? K : never]: true };

/** Every method of the contract; the compiler keeps the list complete. */
const methods = Object.keys({
  version: true,
  ready: true,
  create: true,
  drop: true,
  list: true,
  inspect: true,
  query: true,
  sizeBytes: true,
  capture: true,
  stage: true,
  check: true,
  holdWrites: true,
  close: true,
} satisfies Methods);

export class EngineRegistrationError extends Error {
  override readonly name = "EngineRegistrationError";
}

/**
 * The drivers of this service, by their names. A driver that lacks something would fail in the middle of somebody's
 * restore; so it is looked at once, here, and stops the start. Throws EngineRegistrationError.
 */
export function registerEngines(drivers: readonly Engine[]): (name: string) => Engine {
  const byName = new Map<string, Engine>();
  for (const driver of drivers) {
    const { name, traits } = driver as Partial<Engine>;
    const refuse = (what: string): never => {
      throw new EngineRegistrationError(`the engine driver ${JSON.stringify(name ?? null)} ${what}`);
    };
    if (typeof name !== "string" || !/^[a-z][a-z0-9-]*$/.test(name)) refuse("has no usable name");
    const lacking = methods.filter((method) => typeof driver[method as keyof Engine] !== "function");
    if (lacking.length > 0) refuse(`lacks ${lacking.join(", ")}`);
    if (
      !traits ||
      !["online", "stopped"].includes(traits.consistentPoint) ||
      typeof traits.increments !== "boolean"
    )
      refuse("does not say its traits");
    const versions = traits?.versions ?? [];
    if (versions.length === 0 || versions.some((version) => !majorVersions.includes(version)))
      refuse("serves no known version");
    if (byName.has(driver.name)) refuse("is there twice");
    byName.set(driver.name, driver);
  }
  return (name) => {
    const driver = byName.get(name);
    if (!driver)
      throw new EngineRegistrationError(
        `this service has no driver for the engine ${name}; it has ${[...byName.keys()].join(", ")}`,
      );
    return driver;
  };
}
