import type { DocumentNode } from "graphql";
import { LRUCache } from "lru-cache";

/** Of text. Longer documents are read anew whenever they come: no application asks for so much at a time. */
export const longestKept = 20_000;
/** Of texts and of the JSON of their trees, which take some four times as much in memory. */
const keptBytes = 16 * 1024 * 1024;

/**
 * Documents that have been parsed and found valid, the latest of them. A tree holds on to the whole text that it was read
 * from, comments and all, so that texts count.
 */
export class KeptDocuments {
  private readonly kept = new LRUCache<string, DocumentNode>({
    maxSize: keptBytes,
    sizeCalculation: weightOf,
  });

  get(key: string): DocumentNode | undefined {
    return this.kept.get(key);
  }

  set(key: string, document: DocumentNode): void {
    if (lengthOf(document) <= longestKept) this.kept.set(key, document);
  }

  delete(key: string): boolean {
    return this.kept.delete(key);
  }
}

const lengthOf = ({ loc }: DocumentNode): number => loc?.source.body.length ?? 0;

const weights = new WeakMap<DocumentNode, number>();

/** What it takes, of its text and of its tree as JSON. Reckoned once. */
export function weightOf(document: DocumentNode): number {
  const known = weights.get(document);
  if (known !== undefined) return known;
  const weight = lengthOf(document) + JSON.stringify(document).length;
  weights.set(document, weight);
  return weight;
}
