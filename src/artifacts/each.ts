import { Readable } from "node:stream";

/** Items at hand, in the shape of items that are still to come. */
export const each = <T>(items: Iterable<T>): AsyncIterable<T> => Readable.from(items) as AsyncIterable<T>;
