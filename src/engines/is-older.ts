const collator = new Intl.Collator("en", { numeric: true });

/**
 * Whether a version comes before another: numbers by their size, so that 0.9 is older than 0.10, and 1.0.0-rc.1 than
 * 1.0.0. Of two that this cannot order neither is older.
 */
export function isOlder(version: string, than: string): boolean {
  const [release = "", trial] = split(version);
  const [otherRelease = "", otherTrial] = split(than);
  const order = collator.compare(release, otherRelease);
  if (order !== 0) return order < 0;
  if (trial === undefined || otherTrial === undefined) return trial !== undefined && otherTrial === undefined;
  return collator.compare(trial, otherTrial) < 0;
}

/** What comes after the first dash is a trial of what stands before it. */
function split(version: string): [release: string, trial?: string] {
  const dash = version.indexOf("-");
  return dash < 0 ? [version] : [version.slice(0, dash), version.slice(dash + 1)];
}
