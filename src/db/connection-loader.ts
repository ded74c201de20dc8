import DataLoader from "dataloader";

export interface ConnectionKey<Args> {
  readonly parentId: string;
  readonly args: Args;
}

/** Reads the same arguments of many parents in one statement; other arguments are another statement. */
export function createConnectionLoader<Args, Value>(
  load: (parentIds: readonly string[], args: Args) => Promise<ReadonlyMap<string, Value>>,
): DataLoader<ConnectionKey<Args>, Value, string> {
  const nameOf = (key: ConnectionKey<Args>) => JSON.stringify(key.args);
  return new DataLoader(
    async (keys) => {
      const groups = [...Map.groupBy(keys, nameOf)];
      const loaded = new Map(
        await Promise.all(
          groups.map(async ([name, [first, ...others]]) => {
            const ids = [first!, ...others].map((key) => key.parentId);
            return [name, await load(ids, first!.args)] as const;
          }),
        ),
      );
      return keys.map((key) => {
        const value = loaded.get(nameOf(key))?.get(key.parentId);
        return value ?? new Error(`Nothing was loaded for ${key.parentId}.`);
      });
    },
    { cacheKeyFn: (key) => JSON.stringify([key.parentId, key.args]) },
  );
}

/** Loads rows one by one as far as callers see, and together as far as the database does. */
export function createRowLoader<Row>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>,
): DataLoader<string, Row | undefined> {
  return new DataLoader(async (keys) => {
    const loaded = await load(keys);
    return keys.map((key) => loaded.get(key));
  });
}

export const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [row.id, row]));

type Makers = Readonly<Record<string, (of: never) => unknown>>;
/** All that any of them needs. */
type Needed<Each extends Makers> = Each[keyof Each] extends (of: infer Of) => unknown ? Of : never;
type Made<Each extends Makers> = { readonly [Name in keyof Each]: ReturnType<Each[Name]> };

/** Makes the loaders of one request: each when it is first asked for, since most requests need one or two of many. */
export function lazyLoaders<Each extends Makers>(makers: Each): (of: Needed<Each>) => Made<Each> {
  class Loaders {
    readonly made: Record<string, unknown> = {};
    constructor(readonly of: Needed<Each>) {}
  }
  for (const [name, make] of Object.entries(makers))
    Object.defineProperty(Loaders.prototype, name, {
      get(this: Loaders) {
        return (this.made[name] ??= make(this.of as never));
      },
    });
  return (of) => new Loaders(of) as unknown as Made<Each>;
}
