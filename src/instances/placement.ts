import type { CloudProvider, MajorVersion, Tier } from "../db/enums.js";

/** Of an instance's name, in characters. */
export const longestName = 100;

/** Where instances may live, and so their artifacts: configuration. */
export interface Location {
  readonly cloudProvider: CloudProvider;
  readonly region: string;
}

export const defaultLocations: readonly Location[] = [
  { cloudProvider: "AWS", region: "eu-west-1" },
  { cloudProvider: "AWS", region: "us-east-1" },
  { cloudProvider: "AZURE", region: "westeurope" },
  { cloudProvider: "GCP", region: "europe-west1" },
];

/** policy.md, "Retention table": BUSINESS_CRITICAL exists with V5 only. */
export function isOffered(tier: Tier, version: MajorVersion): boolean {
  return !(tier === "BUSINESS_CRITICAL" && version === "V4");
}
