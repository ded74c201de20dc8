import type { DocumentNode } from "graphql";
import { weightOf } from "./kept-documents.js";

interface Share {
  weight: number;
  /** How many follow by each tree: of documents that are kept parsed, many share one. */
  readonly trees: Map<DocumentNode, number>;
}

/**
 * What the subscriptions of each project keep in memory for as long as they go on: the trees of their documents, each once
 * however many follow by it, and each client's variables.
 */
export class SubscribedWeight {
  private readonly shares = new Map<string, Share>();

  constructor(private readonly mostPerProject: number) {}

  /** A function that lets go of it, once; undefined where the project would keep more than it may. */
  enter(project: string, document: DocumentNode, variables: unknown): (() => void) | undefined {
    const share = this.shares.get(project) ?? { weight: 0, trees: new Map<DocumentNode, number>() };
    const own = JSON.stringify(variables ?? null).length;
    const added = own + (share.trees.has(document) ? 0 : weightOf(document));
    if (share.weight + added > this.mostPerProject) return undefined;
    share.weight += added;
    share.trees.set(document, (share.trees.get(document) ?? 0) + 1);
    this.shares.set(project, share);
    let entered = true;
    return () => {
      if (!entered) return;
      entered = false;
      this.leave(project, share, document, own);
    };
  }

  private leave(project: string, share: Share, document: DocumentNode, own: number): void {
    const followers = share.trees.get(document)! - 1;
    if (followers > 0) share.trees.set(document, followers);
    else share.trees.delete(document);
    share.weight -= own + (followers > 0 ? 0 : weightOf(document));
    if (share.trees.size === 0) this.shares.delete(project);
  }
}
