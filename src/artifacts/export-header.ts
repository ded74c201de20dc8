import { z } from "zod";
import { majorVersions } from "../db/enums.js";
import { ArtifactError } from "./artifact.js";

export const exportFormatVersion = 1;

/** Anybody can write a file whose digests hold, so a header is a stranger's word: its names become paths and messages. */
const part = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/)
    .refine((name) => name !== "." && name !== ".."),
  sizeBytes: z.int().nonnegative(),
});
const header = z.object({
  format: z.literal(exportFormatVersion),
  subject: z.object({
    snapshotId: z.string(),
    instanceId: z.string(),
    instanceName: z.string(),
    version: z.enum(majorVersions),
    engine: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
    engineVersion: z.string(),
    takenAt: z.iso.datetime(),
  }),
  layers: z.array(z.object({ form: z.enum(["image", "increment"]), parts: z.array(part) })).min(1),
});

/** The JSON near an export's front: all that a reader needs besides the chunks. */
export type ExportHeader = z.infer<typeof header>;

export const damagedExport = (what: string, cause?: unknown) =>
  new ArtifactError("DAMAGED", `The export file is damaged: ${what}.`, { cause });

/** Throws ArtifactError: UNSUPPORTED where only a newer reader could tell, else DAMAGED. */
export function parseExportHeader(text: string): ExportHeader {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw damagedExport("its header is unreadable", cause);
  }
  const { data: format } = z.object({ format: z.int() }).safeParse(json);
  if (format && format.format > exportFormatVersion)
    throw new ArtifactError("UNSUPPORTED", "The export file is of a newer format.");
  const { data, error } = header.safeParse(json);
  if (data) return data;
  const place = error.issues[0]?.path.join(".") ?? "";
  throw damagedExport(
    `its header does not say ${place === "" ? "what it should" : `a good ${place}`}`,
    error,
  );
}
