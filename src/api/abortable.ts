/**
 * An iterable whose `return` first aborts the signal its source was given. An async generator that waits
 * for its next event would otherwise leave `return` waiting with it, and the listener would stay for ever.
 */
export function abortable<Item>(
  open: (signal: AbortSignal) => AsyncIterable<Item>,
): AsyncIterableIterator<Item> {
  const controller = new AbortController();
  const items = open(controller.signal)[Symbol.asyncIterator]();
  const iterator: AsyncIterableIterator<Item> = {
    next: () => items.next(),
    async return() {
      controller.abort();
      await items.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
