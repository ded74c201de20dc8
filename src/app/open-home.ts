import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";

export class HomeError extends Error {
  override readonly name = "HomeError";
}

/** Makes the service's folder where there is none. Throws HomeError where nothing can be written to it. */
export async function openHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o755 });
    await access(home, constants.W_OK);
  } catch (error) {
    throw new HomeError(
      `cannot write to ${home} (${(error as NodeJS.ErrnoException).code}); set DAGUERRE_HOME to a folder of yours`,
    );
  }
}
