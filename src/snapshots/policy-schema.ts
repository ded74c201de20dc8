import { z } from "zod";
import { majorVersions, snapshotKinds, tiers } from "../db/enums.js";

const wholeDays = z
  .number("must be a number of days")
  .int("must be a whole number of days")
  .min(1, "must be at least 1 day")
  .max(36_500, "must be at most 36500 days");

const windowSchema = z
  .strictObject({
    restorableDays: wholeDays,
    exportableDays: wholeDays.nullable(),
    firstFullOfDayOnly: z.boolean().default(false),
  })
  .superRefine(({ restorableDays, exportableDays }, context) => {
    if (exportableDays !== null && exportableDays > restorableDays)
      context.addIssue({
        code: "custom",
        path: ["exportableDays"],
        message: `is ${exportableDays}, more than restorableDays (${restorableDays})`,
      });
  });

const rowSchema = z
  .strictObject({
    tier: z.enum(tiers),
    version: z.enum(majorVersions),
    cadenceHours: z
      .literal([1, 2, 3, 4, 6, 8, 12, 24], "must be null, or a number of hours that divides the day")
      .nullable(),
    scheduledPerDay: z.partialRecord(z.enum(snapshotKinds), z.number().int().min(1)),
    windows: z.strictObject({
      SCHEDULED: z.partialRecord(z.enum(snapshotKinds), windowSchema),
      ON_DEMAND: z.strictObject({ FULL: windowSchema }),
    }),
    latestOnly: z.boolean().default(false),
  })
  .superRefine((row, context) => {
    const say = (message: string, ...path: string[]) => context.addIssue({ code: "custom", path, message });
    const { cadenceHours, scheduledPerDay, windows } = row;
    const slots = cadenceHours === null ? 0 : 24 / cadenceHours;
    const taken = Object.values(scheduledPerDay).reduce((sum, count) => sum + count, 0);
    if (taken !== slots) say(`adds up to ${taken}; cadenceHours makes it ${slots}`, "scheduledPerDay");
    const { FULL, SHORT_RETENTION, DIFFERENTIAL } = scheduledPerDay;
    if (SHORT_RETENTION && DIFFERENTIAL)
      say("has SHORT_RETENTION and DIFFERENTIAL; beside FULL there may be one", "scheduledPerDay");
    if ((SHORT_RETENTION || DIFFERENTIAL) && FULL !== 1)
      say("must be 1: beside other kinds there is one FULL a day", "scheduledPerDay", "FULL");
    for (const kind of snapshotKinds) {
      const window = windows.SCHEDULED[kind];
      const at = ["windows", "SCHEDULED", kind];
      if (scheduledPerDay[kind] && !window) say("is missing, and scheduledPerDay has some", ...at);
      if (window && !scheduledPerDay[kind]) say("is given, and scheduledPerDay has none", ...at);
      if (window?.firstFullOfDayOnly && kind !== "FULL") say("is for FULL only", ...at, "firstFullOfDayOnly");
    }
    if (windows.SCHEDULED.DIFFERENTIAL && windows.SCHEDULED.DIFFERENTIAL.exportableDays !== null)
      say(
        "must be null: a differential is never exported",
        "windows",
        "SCHEDULED",
        "DIFFERENTIAL",
        "exportableDays",
      );
    if (windows.ON_DEMAND.FULL.firstFullOfDayOnly)
      say("is for SCHEDULED only", "windows", "ON_DEMAND", "FULL", "firstFullOfDayOnly");
  });

/** The file's shape: the retention table as it stands in the code, and how fast it runs. */
export const policySchema = z.strictObject({
  version: z.string('must be a name for these numbers, such as "2026-trial"').trim().min(1).max(60),
  secondsPerHour: z.number().int().min(1).max(3600).default(3600),
  rows: z.array(rowSchema),
});
